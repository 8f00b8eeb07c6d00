#!/bin/sh
# Brings the database to this version while the version before still runs on it.
# PGOPTIONS='-c lock_timeout=5s' lets it give up rather than stand in the way; run it again.
# DATABASE_URL is the owner's; APP_ROLE, if set, gets the rights of the application.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
"$python" manage.py migrate --no-input
"$python" manage.py ensure_schedules
"$python" manage.py sync_roles
for what in agreement levels scripts rules; do
    "$python" manage.py "write_default_$what"
done
[ -z "${APP_ROLE:-}" ] || "$python" manage.py grant_app_rights --role "$APP_ROLE"
