-- With psql 15 or later, as a superuser, once; the two passwords stand in its environment:
--   HUB_OWNER_PASSWORD=… HUB_RUNNER_PASSWORD=… psql -v ON_ERROR_STOP=1 -f roles.sql
-- Three roles: who owns the tables and changes them at an upgrade; who runs the hub; and what the hub works as, which
-- owns nothing, may not change a log, and sees the rows of one bank alone where one bank acts (row-level security).
\getenv owner_password HUB_OWNER_PASSWORD
\getenv runner_password HUB_RUNNER_PASSWORD
CREATE ROLE hub_application NOLOGIN NOSUPERUSER NOBYPASSRLS;
CREATE ROLE hub_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOBYPASSRLS IN ROLE hub_application;
CREATE ROLE hub_runner LOGIN PASSWORD :'runner_password' NOSUPERUSER NOBYPASSRLS IN ROLE hub_application;

CREATE DATABASE hub OWNER hub_owner ENCODING 'UTF8' TEMPLATE template0 LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE hub FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE hub TO hub_runner;

\connect hub
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO hub_owner;
GRANT USAGE ON SCHEMA public TO hub_application;

-- What the hub says when it connects, for where a pooler (pgbouncer) leaves it out.
ALTER ROLE hub_runner IN DATABASE hub SET role = 'hub_application';
ALTER ROLE hub_runner IN DATABASE hub SET hub.bank = '*';
ALTER ROLE hub_runner IN DATABASE hub SET statement_timeout = '15s';
ALTER ROLE hub_runner IN DATABASE hub SET lock_timeout = '10s';
ALTER ROLE hub_runner IN DATABASE hub SET idle_in_transaction_session_timeout = '60s';
