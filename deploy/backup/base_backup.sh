#!/bin/sh
# Copies the whole database server while it runs, to BACKUP_DIR/base-<moment>:
#   BACKUP_DIR=/srv/backup KEEP=7 base_backup.sh 'host=127.0.0.1 user=tuanpei_backup'
# The role has REPLICATION and nothing else; its password lies in ~/.pgpass.
# PG_BIN names the folder of the programs where they are not on the PATH.
set -eu
server=$1
name=base-$(date -u +%Y%m%dT%H%M%SZ)
half=$BACKUP_DIR/.$name.half
trap 'rm -rf "$half"' EXIT

# The log since the start of the copy is in the archive (archive_wal.sh).
"${PG_BIN:+$PG_BIN/}pg_basebackup" --dbname="$server" --pgdata="$half" \
    --format=tar --gzip --wal-method=none --checkpoint=fast --no-password
mv "$half" "$BACKUP_DIR/$name"
# The age of this file is the age of the last backup (metric, setting BACKUP_STAMP).
touch "$BACKUP_DIR/last"
echo "$BACKUP_DIR/$name"

ls -d "$BACKUP_DIR"/base-* | sort -r | tail -n "+$((${KEEP:-7} + 1))" | while read -r old; do
    rm -rf "$old"
done
