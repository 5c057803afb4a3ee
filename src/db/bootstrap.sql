-- What must stand before the first migration: the four roles, and who may do what with the database.
--
-- Run by a role that may create roles, at every start of the embedded server and once by
-- `groundswell migrate` elsewhere. Every statement may be run again. Passwords are set by the caller.
do $roles$
declare
    wanted text;
    may_bypass boolean := (select rolsuper or rolbypassrls from pg_roles where rolname = current_user);
begin
    foreach wanted in array array['groundswell_owner', 'groundswell_app', 'groundswell_worker', 'groundswell_backup']
    loop
        if not exists (select 1 from pg_roles where rolname = wanted) then
            begin
                execute format('create role %I nologin', wanted);
            exception
                -- Roles belong to the whole cluster: another process may make it this moment.
                when duplicate_object or unique_violation then null;
            end;
        end if;
    end loop;

    -- The owner passes row security, so that a dump holds every row; the app never does.
    if may_bypass then
        alter role groundswell_owner bypassrls;
        alter role groundswell_backup login bypassrls;
    end if;
    alter role groundswell_app login nocreatedb nocreaterole;
    alter role groundswell_worker login nocreatedb nocreaterole;

    -- The one who runs this must be able to become the owner, to migrate.
    if not pg_has_role(current_user, 'groundswell_owner', 'member') then
        execute format('grant groundswell_owner to %I', current_user);
    end if;
end $roles$;

alter role groundswell_app set statement_timeout = '15s';
alter role groundswell_app set lock_timeout = '3s';
alter role groundswell_app set idle_in_transaction_session_timeout = '30s';
alter role groundswell_worker set statement_timeout = '60s';
alter role groundswell_worker set lock_timeout = '3s';
alter role groundswell_worker set idle_in_transaction_session_timeout = '60s';

revoke create on schema public from public;
do $grants$
begin
    execute format('grant create, connect, temporary on database %I to groundswell_owner', current_database());
    execute format('grant connect, temporary on database %I to groundswell_app, groundswell_worker, groundswell_backup', current_database());
end $grants$;
grant usage, create on schema public to groundswell_owner;
grant usage on schema public to groundswell_app, groundswell_worker, groundswell_backup;
grant pg_read_all_data to groundswell_backup;
