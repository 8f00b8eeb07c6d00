#!/bin/sh
# Copies what is new in the folders of photos and papers to BACKUP_DIR/files:
#   BACKUP_DIR=/srv/backup backup_files.sh media=/srv/tuanpei/media papers=/srv/tuanpei/papers
# Their files have names of their own for ever, so nothing is written over and
# nothing is removed; a restore to any moment finds every file of that moment.
set -eu
for pair in "$@"; do
    copy=$BACKUP_DIR/files/${pair%%=*}
    mkdir -p "$copy"
    cp -a --update "${pair#*=}/." "$copy/"
done
