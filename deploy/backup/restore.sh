#!/bin/sh
# Brings the database of a moment back, on a server of its own, and checks the books:
#   WAL_ARCHIVE=/srv/backup/wal PORT=5433 RESTORED_URL=postgres://…:5433/tuanpei \
#   restore.sh /srv/backup/base-20261122T180000Z /srv/restored '2026-11-22 22:58:00+08:00'
# Without a moment everything in the archive is played. The old data directory is
# not touched; this one archives nothing until you say so. Run as root, or as the
# user who will own the data; AS_SERVER says how root becomes that user.
set -eu
base=$1 data=$2 moment=${3:-}
port=${PORT:-5433}
if [ "$(id -u)" = 0 ]; then as=${AS_SERVER:-runuser -u postgres --}; else as=; fi
bin=${PG_BIN:+$PG_BIN/}

$as mkdir -m 700 "$data"
# Opened here, unpacked there: the owner of the data need not be able to read backups.
$as tar -xzf - -C "$data" < "$base/base.tar.gz"
# Every file is what the server sent; the log comes from the archive.
$as tee "$data/backup_manifest" < "$base/backup_manifest" > /dev/null
$as "${bin}pg_verifybackup" --no-parse-wal --quiet "$data"
{
    echo "restore_command = 'cp \"$WAL_ARCHIVE/%f\" \"%p\"'"
    echo "recovery_target_action = 'promote'"
    [ -z "$moment" ] || echo "recovery_target_time = '$moment'"
    echo "archive_mode = off"
} | $as tee -a "$data/postgresql.auto.conf" > /dev/null
$as touch "$data/recovery.signal"

$as "${bin}pg_ctl" --pgdata="$data" --log="$data/restore.log" --wait --timeout=3600 \
    --options="-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=" start
until [ "$("${bin}psql" -XAtc 'SELECT pg_is_in_recovery()' "$RESTORED_URL")" = f ]; do sleep 0.2; done

cd "$(dirname "$0")/../.."
DATABASE_URL=$RESTORED_URL ${PYTHON:-.venv/bin/python} manage.py check_books
