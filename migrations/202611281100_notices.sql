-- Notices: what somebody should know, such as that a deal is theirs now.
create table notices (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    -- Whom it tells.
    user_id uuid not null references users (id) on delete cascade,
    kind text not null,
    title text not null check (length(title) between 1 and 600),
    -- The page that it is about, behind the address of the workspace.
    path text not null check (length(path) <= 500),
    created_at timestamptz not null,
    read_at timestamptz,
    primary key (organization_id, id)
);
-- Not led by the organization on purpose: a person reads what all of theirs have to say.
create index notices_user_id_idx on notices (user_id, created_at desc, id desc);
create index notices_unread_idx on notices (user_id) where read_at is null;
select app.protect('notices');

-- How a person wants to be told of what: here, by mail too, or not at all. Without a row: here.
create table notice_settings (
    user_id uuid not null references users (id) on delete cascade,
    kind text not null,
    choice text not null check (choice in ('app', 'mail', 'off')),
    updated_at timestamptz not null,
    primary key (user_id, kind)
);
grant select, insert, update, delete on notice_settings to groundswell_app;

-- Whose notices a person may read: of the organizations that they may enter, and that do not ask for a second
-- factor which they lack. Nothing but app.user_organizations decides the first.
create function app.notifying_organizations(person uuid)
    returns table (organization_id uuid, slug text, name text, hue smallint)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $notifying$
    #variable_conflict use_column
    begin
        return query
        select o.organization_id, o.slug, o.name, o.hue
          from app.user_organizations(person) o
          join public.users u on u.id = person
         where not o.requires_two_factor or u.totp_enabled_at is not null;
    end $notifying$;
revoke execute on function app.notifying_organizations(uuid) from public;

-- How many notices a person has not read, a hundred at most. Every page asks, in the statement that loads the
-- person; who has none is answered from the index alone.
create function app.unread_notices(person uuid) returns integer
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $unread$
    begin
        if not exists (select 1 from public.notices n where n.user_id = person and n.read_at is null) then
            return 0;
        end if;
        return (select count(*)
                  from (select 1
                          from public.notices n
                          join app.notifying_organizations(person) o on o.organization_id = n.organization_id
                         where n.user_id = person and n.read_at is null
                         limit 100) unread);
    end $unread$;
revoke execute on function app.unread_notices(uuid) from public;
grant execute on function app.unread_notices(uuid) to groundswell_app;

-- The notices of a person, over all their organizations, the last one first: one of them, or those before one.
create function app.user_notices(person uuid, only_id uuid, before_id uuid, at_most integer)
    returns table (
        id uuid, kind text, title text, path text, created_at timestamptz, read_at timestamptz,
        slug text, workspace text, hue smallint
    )
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $notices$
    #variable_conflict use_column
    begin
        return query
        select n.id, n.kind, n.title, n.path, n.created_at, n.read_at, o.slug, o.name, o.hue
          from public.notices n
          join app.notifying_organizations(person) o on o.organization_id = n.organization_id
         where n.user_id = person
           and (only_id is null or n.id = only_id)
           and (before_id is null
                or (n.created_at, n.id) < (select b.created_at, b.id
                                             from public.notices b where b.user_id = person and b.id = before_id))
         order by n.created_at desc, n.id desc
         limit at_most;
    end $notices$;
revoke execute on function app.user_notices(uuid, uuid, uuid, integer) from public;
grant execute on function app.user_notices(uuid, uuid, uuid, integer) to groundswell_app;

-- Marks one of them as read, or all of them, and says how many were not.
create function app.mark_notices_read(person uuid, only_id uuid, moment timestamptz) returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    as $read$
    declare
        marked bigint;
    begin
        update public.notices n
           set read_at = moment
         where n.user_id = person and n.read_at is null and (only_id is null or n.id = only_id)
           and n.organization_id in (select o.organization_id from app.notifying_organizations(person) o);
        get diagnostics marked = row_count;
        return marked;
    end $read$;
revoke execute on function app.mark_notices_read(uuid, uuid, timestamptz) from public;
grant execute on function app.mark_notices_read(uuid, uuid, timestamptz) to groundswell_app;
