-- Organizations, who belongs to them and as what.
--
-- The organization is the tenant: every tenant row carries its id. An agency is an organization with
-- clients; agency_id has no foreign key because a cluster distributed by organization refuses one.
create table organizations (
    id uuid primary key,
    slug text collate "C" not null constraint organizations_slug_key unique
        check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) between 2 and 60),
    name text not null check (length(name) between 1 and 120),
    kind text not null check (kind in ('direct', 'agency', 'client', 'internal')),
    agency_id uuid,
    -- One of twelve colours: the band on every page of this workspace.
    hue smallint not null default 0 check (hue between 0 and 11),
    time_zone text not null default 'UTC',
    requires_two_factor boolean not null default false,
    is_sample boolean not null default false,
    onboarding_hidden_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((kind = 'client') = (agency_id is not null))
);
create index organizations_agency_id_idx on organizations (agency_id) where agency_id is not null;
select app.protect('organizations', 'id');

-- What a member may do is what the role holds. Every organization has its own copy of the system roles.
create table roles (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    key text not null,
    name text not null check (length(name) between 1 and 80),
    is_system boolean not null default false,
    -- The key of the role that a holder of clients.access_all has in each client.
    client_role text,
    created_at timestamptz not null,
    primary key (organization_id, id),
    constraint roles_organization_id_key_key unique (organization_id, key)
);
select app.protect('roles');

create table role_permissions (
    organization_id uuid not null,
    role_id uuid not null,
    permission text not null,
    primary key (organization_id, role_id, permission),
    foreign key (organization_id, role_id) references roles (organization_id, id) on delete cascade
);
select app.protect('role_permissions');

create table organization_members (
    organization_id uuid not null references organizations (id),
    user_id uuid not null references users (id) on delete cascade,
    role_id uuid not null,
    status text not null check (status in ('pending', 'active', 'inactive')),
    invited_by uuid references users (id) on delete set null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, user_id),
    foreign key (organization_id, role_id) references roles (organization_id, id)
);
create index organization_members_role_idx on organization_members (organization_id, role_id);
-- Not led by the organization on purpose: it answers "which organizations is this person in".
create index organization_members_user_id_idx on organization_members (user_id);
create index organization_members_invited_by_idx on organization_members (invited_by);
select app.protect('organization_members');

create table invitations (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    email text collate "C" not null,
    role_id uuid not null,
    token_hash bytea not null,
    invited_by uuid references users (id) on delete set null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    primary key (organization_id, id),
    constraint invitations_organization_id_email_key unique (organization_id, email),
    foreign key (organization_id, role_id) references roles (organization_id, id)
);
create index invitations_role_idx on invitations (organization_id, role_id);
create index invitations_invited_by_idx on invitations (invited_by);
select app.protect('invitations');

-- A list as somebody wants to see it again: the query part of its address, under a name.
create table saved_views (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    screen text not null,
    name text not null check (length(name) between 1 and 60),
    query text not null check (length(query) <= 2000),
    user_id uuid not null references users (id) on delete cascade,
    is_shared boolean not null default false,
    created_at timestamptz not null,
    primary key (organization_id, id),
    constraint saved_views_name_key unique (organization_id, screen, user_id, name)
);
create index saved_views_user_id_idx on saved_views (user_id);
select app.protect('saved_views');

-- Which organizations a person may enter, as what, and why. Nothing else decides it.
--
-- A row of their own comes first; beyond that, a member of an agency whose role holds
-- clients.access_all has that role's client_role in every client of the agency.
--
-- plpgsql keeps the plan between calls; a function in sql is planned at every one, which took ten times
-- as long as running it, on every page.
create function app.user_organizations(person uuid, only_slug text default null)
    returns table (
        organization_id uuid, slug text, name text, kind text, hue smallint, time_zone text,
        requires_two_factor boolean, is_sample boolean, role_name text, permissions text[], via_agency uuid
    )
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $access$
    #variable_conflict use_column
    begin
        return query
        with own as (
            select m.organization_id, m.role_id
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
                  where m.organization_id = client.id and m.user_id = person)
        ),
        reach as (
            select own.organization_id, own.role_id, null::uuid as agency_id from own
            union all
            select t.organization_id, t.role_id, t.agency_id from through_agency t
        )
        select o.id, o.slug, o.name, o.kind, o.hue, o.time_zone, o.requires_two_factor, o.is_sample, r.name,
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
