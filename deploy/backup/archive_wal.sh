#!/bin/sh
# Keeps one finished piece of the write-ahead log; PostgreSQL calls it:
#   archive_command = '/srv/tuanpei/deploy/backup/archive_wal.sh %p %f /srv/backup/wal'
# A piece that is there already is never written over; the same bytes again are fine.
set -eu
piece=$1 name=$2 archive=$3

if [ -e "$archive/$name" ]; then
    cmp -s "$piece" "$archive/$name"
    exit
fi
cp "$piece" "$archive/.$name.half"
sync "$archive/.$name.half"
mv "$archive/.$name.half" "$archive/$name"
sync "$archive"
