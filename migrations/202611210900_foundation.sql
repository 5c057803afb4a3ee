-- The one way a tenant table is made.
--
-- Migrations run as groundswell_owner; the application signs in as groundswell_app, which owns
-- nothing. One shape of policy everywhere: no subquery, no function of ours, no OR (a cluster
-- refuses the first, and the planner knows the tenant's real size with this form). A setting made
-- with SET LOCAL reads as '' once its transaction has ended, hence nullif; unset means no rows.
create schema app;
grant usage on schema app to groundswell_app, groundswell_worker;

-- Turns a table with an organization_id column into a tenant table. Every tenant table calls this.
-- Row security is forced on its owner too where the owner may pass it (BYPASSRLS) for a dump; where
-- the owner may not, forcing it would make every dump fail, and nobody but migrations is the owner.
create function app.protect(target regclass, key_column text default 'organization_id') returns void
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $protect$
    begin
        execute format('alter table %s enable row level security', target);
        if (select rolbypassrls from pg_roles where rolname = current_user) then
            execute format('alter table %s force row level security', target);
        end if;
        execute format(
            $policy$create policy tenant on %s to groundswell_app
                using (%2$I = nullif(current_setting('app.current_organization_id', true), '')::uuid)
                with check (%2$I = nullif(current_setting('app.current_organization_id', true), '')::uuid)$policy$,
            target, key_column);
        execute format('grant select, insert, update, delete on %s to groundswell_app', target);
    end $protect$;
revoke execute on function app.protect(regclass, text) from public;

-- The newest migration applied, for the readiness check: the application cannot read sqlx's own table.
create function app.schema_version() returns bigint
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $version$ select max(version) from public._sqlx_migrations where success $version$;
revoke execute on function app.schema_version() from public;
grant execute on function app.schema_version() to groundswell_app;
