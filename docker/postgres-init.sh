#!/bin/sh
# Runs once, when the database folder is empty: the portal's own role, which is no superuser, and its database.
set -eu
psql --no-psqlrc --quiet -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    -v password="$PORTAL_PASSWORD" <<'SQL'
CREATE ROLE thuispeil_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE thuispeil OWNER thuispeil_app;
REVOKE ALL ON DATABASE thuispeil FROM PUBLIC;
SQL
