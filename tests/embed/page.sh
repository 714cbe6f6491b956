#!/usr/bin/env bash
# page.sh ROOT: the code that docs/embed-in-qttest.md shows is the code that a test runs. The page names the file before
# the block, as in <!-- tests/consumer/door.txtpb -->; the block is that file, or lines of it in one piece.
cd "$1" || exit 70
perl -0777 -e '
    my $page = <>;
    my $blocks = 0;
    while ($page =~ /<!-- (\S+) -->\n```\w*\n(.*?)```/sg) {
        my ($name, $block) = ($1, $2);
        open(my $file, "<", $name) or die "the page names $name, and there is none\n";
        my $text = do { local $/; <$file> };
        index($text, $block) >= 0 or die "not what $name says:\n$block";
        ++$blocks;
    }
    $blocks >= 3 or die "the page shows no code that a test runs\n";
    print "$blocks blocks are what the consumer runs\n";
' docs/embed-in-qttest.md
