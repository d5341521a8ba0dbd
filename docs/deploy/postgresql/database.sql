-- As a superuser, after roles.sql, and again for each empty database that a backup is put back into.
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
ALTER ROLE hub_runner IN DATABASE hub SET jit = 'off';
ALTER ROLE hub_runner IN DATABASE hub SET max_parallel_workers_per_gather = 0;
ALTER ROLE hub_runner IN DATABASE hub SET statement_timeout = '15s';
ALTER ROLE hub_runner IN DATABASE hub SET lock_timeout = '10s';
ALTER ROLE hub_runner IN DATABASE hub SET idle_in_transaction_session_timeout = '20s';
