-- Who looks after the installation as a whole, and how they may come into an organization: for a while,
-- with a written reason, in sight of its people.

-- Platform roles are roles of the organization that is the installation; people hold them as its members.
insert into roles (organization_id, id, key, name, is_system, created_at) values
    ('00000000-0000-7000-8000-000000000000', '00000000-0000-7000-8000-000000000001', 'platform_admin',
     'Platform administrator', true, now()),
    ('00000000-0000-7000-8000-000000000000', '00000000-0000-7000-8000-000000000002', 'tech_support',
     'Technical support', true, now());
insert into role_permissions (organization_id, role_id, permission)
select '00000000-0000-7000-8000-000000000000', held.role, held.permission
  from (values
        ('00000000-0000-7000-8000-000000000001'::uuid, 'platform.view'),
        ('00000000-0000-7000-8000-000000000001', 'platform.manage_users'),
        ('00000000-0000-7000-8000-000000000001', 'platform.manage_organizations'),
        ('00000000-0000-7000-8000-000000000001', 'platform.manage_jobs'),
        ('00000000-0000-7000-8000-000000000001', 'platform.view_mail'),
        ('00000000-0000-7000-8000-000000000001', 'platform.support'),
        ('00000000-0000-7000-8000-000000000002', 'platform.view'),
        ('00000000-0000-7000-8000-000000000002', 'platform.support')
       ) held (role, permission);

-- Somebody of the platform's support in this organization: from when, until when, and why.
create table support_grants (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    -- The person; their name is kept after they are gone.
    user_id uuid references users (id) on delete set null,
    user_name text not null check (length(user_name) between 1 and 200),
    reason text not null check (length(reason) between 10 and 1000),
    is_read_only boolean not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    -- When it was ended before its time, and by whom.
    ended_at timestamptz,
    ended_by text not null default '' check (length(ended_by) <= 200),
    primary key (organization_id, id),
    check (ends_at - starts_at between interval '15 minutes' and interval '8 hours')
);
create index support_grants_recent_idx on support_grants (organization_id, starts_at desc, id);
-- Not led by the organization on purpose: it answers "where may this person go to help".
create index support_grants_user_id_idx on support_grants (user_id, ends_at);
select app.protect('support_grants');
revoke delete on support_grants from groundswell_app;

-- What a person may do for the installation; empty for almost everybody.
create function app.platform_permissions(person uuid) returns text[]
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $permissions$
    begin
        return coalesce((
            select array_agg(p.permission order by p.permission)
              from public.organization_members m
              join public.users u on u.id = m.user_id and u.disabled_at is null
              join public.role_permissions p on p.organization_id = m.organization_id and p.role_id = m.role_id
             where m.organization_id = '00000000-0000-7000-8000-000000000000' and m.user_id = person
               and m.status = 'active'), '{}');
    end $permissions$;
revoke execute on function app.platform_permissions(uuid) from public;
grant execute on function app.platform_permissions(uuid) to groundswell_app;

-- Which organizations a person may enter, as what, and why. Nothing else decides it.
--
-- As before, and: the installation is no workspace; and somebody who may give support enters, at this
-- moment, where a grant of theirs lasts. They then hold what an owner there may look at, or, if they asked
-- for more, do; but nothing that would let them stay (people, roles, how people sign in, clients) and no
-- secrets. Without a moment no grant counts.
drop function app.user_organizations(uuid, text);
create function app.user_organizations(person uuid, only_slug text default null, moment timestamptz default null)
    returns table (
        organization_id uuid, slug text, name text, kind text, agency_id uuid, hue smallint, time_zone text,
        requires_two_factor boolean, is_sample boolean, role_id uuid, role_key text, role_name text,
        permissions text[], via_agency uuid,
        support_grant uuid, support_until timestamptz, support_reason text, support_reads_only boolean
    )
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $access$
    #variable_conflict use_column
    begin
        return query
        with own as (
            select m.organization_id, m.role_id, m.assigned_by_agency
              from public.organization_members m
              join public.users u on u.id = m.user_id and u.disabled_at is null
             where m.user_id = person and m.status = 'active'
               and m.organization_id <> '00000000-0000-7000-8000-000000000000'
        ),
        through_agency as (
            select client.id as organization_id, client_role.id as role_id, own.organization_id as agency_id
              from own
              join public.roles r on r.organization_id = own.organization_id and r.id = own.role_id
              join public.role_permissions p
                on p.organization_id = r.organization_id and p.role_id = r.id and p.permission = 'clients.access_all'
              join public.organizations client on client.agency_id = own.organization_id
              join public.roles client_role
                on client_role.organization_id = client.id and client_role.key = r.client_role
             where not exists (
                 select 1 from public.organization_members m
                  where m.organization_id = client.id and m.user_id = person and m.status <> 'pending')
        ),
        reach as (
            select own.organization_id, own.role_id, null::uuid as agency_id
              from own
             where not own.assigned_by_agency
                or exists (select 1
                             from public.organizations client
                             join public.organization_members m
                               on m.organization_id = client.agency_id and m.user_id = person and m.status = 'active'
                            where client.id = own.organization_id)
            union all
            select t.organization_id, t.role_id, t.agency_id from through_agency t
        ),
        support as (
            select distinct on (g.organization_id) g.organization_id, g.id, g.ends_at, g.reason, g.is_read_only
              from public.support_grants g
             where g.user_id = person and g.ended_at is null and moment >= g.starts_at and moment < g.ends_at
               and 'platform.support' = any (app.platform_permissions(person))
               and g.organization_id not in (select reach.organization_id from reach)
             order by g.organization_id, g.ends_at desc
        )
        select o.id, o.slug, o.name, o.kind, o.agency_id, o.hue, o.time_zone, o.requires_two_factor, o.is_sample,
               r.id, r.key, r.name,
               coalesce((select array_agg(p.permission order by p.permission)
                           from public.role_permissions p
                          where p.organization_id = r.organization_id and p.role_id = r.id), '{}'),
               reach.agency_id, null::uuid, null::timestamptz, null::text, null::boolean
          from reach
          join public.organizations o on o.id = reach.organization_id
          join public.roles r on r.organization_id = reach.organization_id and r.id = reach.role_id
         where only_slug is null or o.slug = only_slug
        union all
        select o.id, o.slug, o.name, o.kind, o.agency_id, o.hue, o.time_zone, o.requires_two_factor, o.is_sample,
               s.id, 'support', 'Support',
               coalesce((select array_agg(distinct p.permission order by p.permission)
                           from public.roles owner
                           join public.role_permissions p
                             on p.organization_id = owner.organization_id and p.role_id = owner.id
                          where owner.organization_id = o.id and owner.key in ('company_owner', 'agency_owner')
                            and (p.permission like '%.view' or not s.is_read_only)
                            and p.permission not in ('members.edit', 'roles.edit', 'security.edit', 'secrets.edit',
                                                     'clients.edit', 'clients.access_all')), '{}'),
               null::uuid, s.id, s.ends_at, s.reason, s.is_read_only
          from support s
          join public.organizations o on o.id = s.organization_id
         where only_slug is null or o.slug = only_slug
         order by 3, 2;
    end $access$;
revoke execute on function app.user_organizations(uuid, text, timestamptz) from public;
grant execute on function app.user_organizations(uuid, text, timestamptz) to groundswell_app;

-- Organizations as those who look after the installation see them: what they are and how many there are
-- of what, and nothing that is in them. One, or a page of those whose name or address matches.
create function app.platform_organizations(
        person uuid, only_org uuid, pattern text, past_name text, past_id uuid, backwards boolean, at_most integer)
    returns table (
        id uuid, slug text, name text, kind text, agency_name text, people bigint, invited bigint, clients bigint,
        requires_two_factor boolean, is_sample boolean, created_at timestamptz, last_change_at timestamptz,
        sort_value text
    )
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $organizations$
    #variable_conflict use_column
    begin
        if not 'platform.view' = any (app.platform_permissions(person)) then
            return;
        end if;
        return query
        with chosen as (
            select o.*, lower(o.name) collate "C" as sort_value
              from public.organizations o
             where o.id <> '00000000-0000-7000-8000-000000000000'
               and (only_org is null or o.id = only_org)
               and (o.name ilike pattern or o.slug ilike pattern)
        ),
        page as (
            select c.* from chosen c
             where past_name is null
                or case when backwards then (c.sort_value, c.id) < (past_name, past_id)
                        else (c.sort_value, c.id) > (past_name, past_id) end
             order by case when not backwards then c.sort_value end, case when not backwards then c.id end,
                      case when backwards then c.sort_value end desc, case when backwards then c.id end desc
             limit at_most
        )
        select p.id, p.slug, p.name, p.kind, agency.name,
               (select count(*) from public.organization_members m
                 where m.organization_id = p.id and m.status = 'active'),
               (select count(*) from public.invitations i
                 where i.organization_id = p.id and i.accepted_at is null and i.withdrawn_at is null
                   and i.replaced_at is null),
               (select count(*) from public.organizations client where client.agency_id = p.id),
               p.requires_two_factor, p.is_sample, p.created_at,
               (select l.occurred_at from public.audit_log l
                 where l.organization_id = p.id order by l.seq desc limit 1),
               p.sort_value
          from page p
          left join public.organizations agency on agency.id = p.agency_id
         order by case when not backwards then p.sort_value end, case when not backwards then p.id end,
                  case when backwards then p.sort_value end desc, case when backwards then p.id end desc;
    end $organizations$;
revoke execute on function app.platform_organizations(uuid, uuid, text, text, uuid, boolean, integer) from public;
grant execute on function app.platform_organizations(uuid, uuid, text, text, uuid, boolean, integer) to groundswell_app;

-- Where somebody is a member, for those who look after the installation.
create function app.platform_memberships(person uuid, whose uuid)
    returns table (organization_id uuid, name text, kind text, role_name text, status text, since timestamptz)
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $memberships$
    #variable_conflict use_column
    begin
        if not 'platform.view' = any (app.platform_permissions(person)) then
            return;
        end if;
        return query
        select o.id, o.name, o.kind, r.name, m.status, m.created_at
          from public.organization_members m
          join public.organizations o on o.id = m.organization_id
          join public.roles r on r.organization_id = m.organization_id and r.id = m.role_id
         where m.user_id = whose
         order by o.name, o.id;
    end $memberships$;
revoke execute on function app.platform_memberships(uuid, uuid) from public;
grant execute on function app.platform_memberships(uuid, uuid) to groundswell_app;

-- Grants whose time is over and of which nobody has written down the end: whose they are, nothing else.
create function app.support_to_end(moment timestamptz) returns table (organization_id uuid, id uuid)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $over$
    select g.organization_id, g.id from public.support_grants g
     where g.ended_at is null and g.ends_at <= moment order by g.ends_at limit 100
    $over$;
revoke execute on function app.support_to_end(timestamptz) from public;
grant execute on function app.support_to_end(timestamptz) to groundswell_app;
