#!/usr/bin/env bash
# sansio.sh ARCHIVE…: no undefined symbol of a socket, poll, thread, timer, clock, random source or Qt.
set -uo pipefail
names='socket|connect|accept4?|bind|listen|send|sendto|sendmsg|recv|recvfrom|recvmsg|shutdown|getsockopt|setsockopt'
names+='|poll|ppoll|select|pselect|epoll_[a-z0-9_]+|eventfd|timerfd_[a-z]+|timer_[a-z]+|setitimer|alarm'
names+='|pthread_create|thrd_create|nanosleep|usleep|sleep|clock_[a-z]+|gettimeofday|time|ftime'
names+='|rand|srand|rand_r|random|srandom|drand48|getrandom|getentropy|arc4random[a-z_]*'
mangled='_ZNSt6chrono.*(system|steady|high_resolution)_clock3nowEv|_ZNSt6thread|_ZNSt13random_device|_ZN?K?[0-9]*Q[A-Z]|_ZNK?[0-9]+Q[A-Z]'
failed=0
for archive in "$@"; do
    symbols=$(nm -u --format=posix "$archive") || exit 70
    [ -n "$symbols" ] || { echo "$archive: nm found nothing to judge"; exit 70; }
    bad=$(awk '{print $1}' <<<"$symbols" | sed 's/@.*//' | grep -E "^(($names)|($mangled).*)$" | sort -u)
    if [ -n "$bad" ]; then
        echo "$archive uses:"
        c++filt <<<"$bad" | sed 's/^/  /'
        failed=1
    fi
done
exit $failed
