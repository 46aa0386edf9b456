#!/bin/sh
# Runs once, when the database volume is empty: roles, rights and the database.
set -eu
OWNER_PASSWORD=$(cat /run/secrets/owner_password)
WEB_PASSWORD=$(cat /run/secrets/web_password)
WORKER_PASSWORD=$(cat /run/secrets/worker_password)
export OWNER_PASSWORD WEB_PASSWORD WORKER_PASSWORD
psql -X -q -U "${POSTGRES_USER:-postgres}" -d postgres -f /ediary/roles.sql
