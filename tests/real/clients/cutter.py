#!/usr/bin/env python3
"""cutter.py PORT TYPE: a link to the broker on PORT that is cut once, at the first packet of TYPE that the broker sends
(the packet is lost); from then on it only passes on. Prints its own port."""
import socket
import sys
import threading

TYPES = {"PUBREC": 5, "PUBREL": 6, "PUBCOMP": 7, "PUBACK": 4}
broker, wanted = int(sys.argv[1]), TYPES[sys.argv[2]]
lock = threading.Lock()
done = False


def length_of(data):
    """Whole length of the first packet, or 0 as long as that is not known."""
    value = 0
    for i, byte in enumerate(data[1:5]):
        value |= (byte & 127) << 7 * i
        if byte < 128:
            return 2 + i + value
    return 0


def close(*sockets):
    for one in sockets:
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def to_client(source, target):
    global done
    data = b""
    while chunk := source.recv(65536):
        data += chunk
        while (size := length_of(data)) and len(data) >= size:
            with lock:
                cut = not done and data[0] >> 4 == wanted
                done = done or cut
            if cut:
                return
            target.sendall(data[:size])
            data = data[size:]


def to_broker(source, target):
    while chunk := source.recv(65536):
        target.sendall(chunk)


def carry(way, source, target):
    try:
        way(source, target)
    except OSError:
        pass
    close(source, target)


with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        server = socket.create_connection(("127.0.0.1", broker))
        for way in ((to_client, server, client), (to_broker, client, server)):
            threading.Thread(target=carry, args=way, daemon=True).start()
