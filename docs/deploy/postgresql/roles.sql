-- With psql 15 or later, as a superuser, once; the two passwords stand in its environment:
--   HUB_OWNER_PASSWORD=… HUB_RUNNER_PASSWORD=… psql -v ON_ERROR_STOP=1 -f roles.sql -f database.sql
-- Three roles: who owns the tables and changes them at an upgrade; who runs the hub; and what the hub works as, which
-- owns nothing, may not change a log, and sees the rows of one bank alone where one bank acts (row-level security).
\getenv owner_password HUB_OWNER_PASSWORD
\getenv runner_password HUB_RUNNER_PASSWORD
CREATE ROLE hub_application NOLOGIN NOSUPERUSER NOBYPASSRLS;
CREATE ROLE hub_owner LOGIN PASSWORD :'owner_password' NOSUPERUSER NOBYPASSRLS IN ROLE hub_application;
CREATE ROLE hub_runner LOGIN PASSWORD :'runner_password' NOSUPERUSER NOBYPASSRLS IN ROLE hub_application;
