-- The four roles and the database. Run by psql as a superuser; safe to repeat.
-- The passwords come from the environment: OWNER_PASSWORD, WEB_PASSWORD, WORKER_PASSWORD.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv web_password WEB_PASSWORD
\getenv worker_password WORKER_PASSWORD

SELECT format('CREATE ROLE %I NOLOGIN', name)
FROM unnest(ARRAY['ediary_owner', 'ediary_audit', 'ediary_web', 'ediary_worker']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE ediary_owner LOGIN CREATEDB PASSWORD :'owner_password';
ALTER ROLE ediary_web LOGIN PASSWORD :'web_password';
ALTER ROLE ediary_worker LOGIN PASSWORD :'worker_password';
ALTER ROLE ediary_audit NOLOGIN;
-- Nobody logs in as the audit role; migrations hand the history over to it.
GRANT ediary_audit TO ediary_owner;

-- Every new database takes this from the template, so that the audit role may own a table there.
\connect template1
GRANT USAGE, CREATE ON SCHEMA public TO ediary_audit;
\connect postgres

SELECT 'CREATE DATABASE ediary OWNER ediary_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ediary') \gexec
\connect ediary
GRANT USAGE, CREATE ON SCHEMA public TO ediary_audit;
REVOKE TEMPORARY ON DATABASE ediary FROM PUBLIC;
