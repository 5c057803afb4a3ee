-- Roles that people edit, invitations that end, clients of an agency, and how an organization looks.
--
-- Names of roles are told apart by people, so no two are alike in one organization.
create unique index roles_name_key on roles (organization_id, lower(name));

-- Placed here by the agency: holds only while the person is in the agency, and ends with that.
alter table organization_members add column assigned_by_agency boolean not null default false;

-- What became of an invitation stays known, so that its link can say it.
alter table invitations
    add column withdrawn_at timestamptz,
    add column replaced_at timestamptz,
    drop constraint invitations_organization_id_email_key,
    add check (length(email) <= 254);
create unique index invitations_open_key on invitations (organization_id, email)
    where accepted_at is null and withdrawn_at is null and replaced_at is null;
create index invitations_email_idx on invitations (organization_id, email);
-- Not led by the organization on purpose: a link does not say whose it is.
create index invitations_token_hash_idx on invitations (token_hash);

-- What signing up makes: a business of its own, or an agency.
alter table mailed_links
    add column workspace_kind text not null default 'direct' check (workspace_kind in ('direct', 'agency'));

-- How an organization looks to those it writes to. A client without one looks like its agency.
create table brand_profiles (
    organization_id uuid primary key references organizations (id),
    name text not null check (length(name) <= 120),
    primary_colour text not null check (primary_colour ~ '^#[0-9a-f]{6}$'),
    accent_colour text not null check (accent_colour ~ '^#[0-9a-f]{6}$'),
    reply_to text not null default '' check (length(reply_to) <= 254),
    logo bytea check (length(logo) <= 524288),
    -- Part of the picture's address, so that a browser may keep it for ever; empty without one.
    logo_version text not null default '' check (length(logo_version) <= 40),
    updated_at timestamptz not null
);
select app.protect('brand_profiles');

-- What the roles of organizations that are there already may do of what is new.
insert into role_permissions (organization_id, role_id, permission)
select r.organization_id, r.id, new.permission
  from roles r
  join (values
        ('company_owner', 'roles.view'), ('company_owner', 'roles.edit'), ('company_owner', 'audit.view'),
        ('company_owner', 'brand.edit'),
        ('organization_admin', 'roles.view'), ('organization_admin', 'roles.edit'),
        ('organization_admin', 'audit.view'), ('organization_admin', 'brand.edit'),
        ('manager', 'roles.view'),
        ('agency_owner', 'roles.view'), ('agency_owner', 'roles.edit'), ('agency_owner', 'audit.view'),
        ('agency_owner', 'brand.edit'), ('agency_owner', 'clients.view'), ('agency_owner', 'clients.edit'),
        ('agency_member', 'clients.view')
       ) new (key, permission) on new.key = r.key and r.is_system
on conflict do nothing;

-- Which organizations a person may enter, as what, and why. Nothing else decides it.
--
-- A row of their own comes first, where it was not given by an agency that the person has left; beyond
-- that, a member of an agency whose role holds clients.access_all has that role's client_role in every
-- client of the agency, except in those where a row of their own shuts them out.
drop function app.user_organizations(uuid, text);
create function app.user_organizations(person uuid, only_slug text default null)
    returns table (
        organization_id uuid, slug text, name text, kind text, agency_id uuid, hue smallint, time_zone text,
        requires_two_factor boolean, is_sample boolean, role_id uuid, role_key text, role_name text,
        permissions text[], via_agency uuid
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
        )
        select o.id, o.slug, o.name, o.kind, o.agency_id, o.hue, o.time_zone, o.requires_two_factor, o.is_sample,
               r.id, r.key, r.name,
               coalesce((select array_agg(p.permission order by p.permission)
                           from public.role_permissions p
                          where p.organization_id = r.organization_id and p.role_id = r.id), '{}'),
               reach.agency_id
          from reach
          join public.organizations o on o.id = reach.organization_id
          join public.roles r on r.organization_id = reach.organization_id and r.id = reach.role_id
         where only_slug is null or o.slug = only_slug
         order by o.name, o.slug;
    end $access$;
revoke execute on function app.user_organizations(uuid, text) from public;
grant execute on function app.user_organizations(uuid, text) to groundswell_app;

-- The clients of an agency that a person may enter, with what the agency's console says of each.
create function app.agency_clients(person uuid, agency uuid)
    returns table (
        organization_id uuid, slug text, name text, hue smallint, role_name text, via_agency uuid,
        people bigint, invited bigint, last_change_at timestamptz
    )
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $clients$
    #variable_conflict use_column
    begin
        return query
        select o.organization_id, o.slug, o.name, o.hue, o.role_name, o.via_agency,
               (select count(*) from public.organization_members m
                 where m.organization_id = o.organization_id and m.status = 'active'),
               (select count(*) from public.invitations i
                 where i.organization_id = o.organization_id and i.accepted_at is null
                   and i.withdrawn_at is null and i.replaced_at is null),
               (select l.occurred_at from public.audit_log l
                 where l.organization_id = o.organization_id order by l.seq desc limit 1)
          from app.user_organizations(person) o
         where o.agency_id = agency;
    end $clients$;
revoke execute on function app.agency_clients(uuid, uuid) from public;
grant execute on function app.agency_clients(uuid, uuid) to groundswell_app;

-- Whose invitation a link is: the one thing that its holder cannot know.
create function app.invitation_organization(hash bytea) returns uuid
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $invitation$
    select i.organization_id from public.invitations i where i.token_hash = hash limit 1
    $invitation$;
revoke execute on function app.invitation_organization(bytea) from public;
grant execute on function app.invitation_organization(bytea) to groundswell_app;
