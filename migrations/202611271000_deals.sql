-- Deals: what may be sold to whom, for how much, and how far it is.

create table pipelines (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    name text not null check (length(name) between 1 and 120),
    position integer not null,
    created_at timestamptz not null,
    primary key (organization_id, id)
);
create unique index pipelines_name_key on pipelines (organization_id, lower(name));
select app.protect('pipelines');

-- The stages of a pipeline. The open ones come first, in their order; one won and one lost stand at the end.
create table pipeline_stages (
    organization_id uuid not null,
    pipeline_id uuid not null,
    id uuid not null,
    name text not null check (length(name) between 1 and 120),
    kind text not null check (kind in ('open', 'won', 'lost')),
    -- In per cent: how much of a deal's value counts in this stage.
    probability smallint not null check (probability between 0 and 100),
    -- Days after which a deal has been here for too long; none for never.
    rot_days integer check (rot_days between 1 and 3650),
    position integer not null,
    created_at timestamptz not null,
    -- A stage that is gone stays for the history of what went through it.
    removed_at timestamptz,
    primary key (organization_id, pipeline_id, id),
    foreign key (organization_id, pipeline_id) references pipelines (organization_id, id),
    check (kind <> 'won' or probability = 100),
    check (kind <> 'lost' or probability = 0),
    check (kind = 'open' or (rot_days is null and removed_at is null))
);
create unique index pipeline_stages_name_key on pipeline_stages (organization_id, pipeline_id, lower(name)) where removed_at is null;
create unique index pipeline_stages_end_key on pipeline_stages (organization_id, pipeline_id, kind) where kind <> 'open';
select app.protect('pipeline_stages');

create table deals (
    organization_id uuid not null,
    -- Version 7: in the order in which they were made.
    id uuid not null,
    name text not null check (length(name) between 1 and 200),
    pipeline_id uuid not null,
    stage_id uuid not null,
    -- In the smallest unit of the currency: cents, yen.
    value_minor bigint not null default 0 check (value_minor between 0 and 100000000000000),
    currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
    -- In per cent, where it is not what the stage says.
    probability smallint check (probability between 0 and 100),
    expected_close_on date,
    actual_close_at timestamptz,
    lost_reason text not null default '' check (length(lost_reason) <= 1000),
    source text not null default '' check (length(source) <= 200),
    -- A member; who has left stays named here until somebody takes over.
    owner_id uuid,
    stage_since timestamptz not null,
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    -- What a table is sorted by: names in lower case of every language, amounts by currency.
    sort_name text collate "C" not null generated always as (lower(name collate "und-x-icu")) stored,
    sort_value text collate "C" not null generated always as (currency || lpad(value_minor::text, 15, '0')) stored,
    primary key (organization_id, id),
    foreign key (organization_id, pipeline_id, stage_id) references pipeline_stages (organization_id, pipeline_id, id)
);
create index deals_stage_idx on deals (organization_id, pipeline_id, stage_id, stage_since desc, id desc);
create index deals_name_idx on deals (organization_id, sort_name, id);
create index deals_value_idx on deals (organization_id, sort_value, id);
create index deals_age_idx on deals (organization_id, stage_since, id);
select app.protect('deals');

create table deal_contacts (
    organization_id uuid not null,
    deal_id uuid not null,
    contact_id uuid not null,
    is_primary boolean not null default false,
    added_at timestamptz not null,
    primary key (organization_id, deal_id, contact_id),
    foreign key (organization_id, deal_id) references deals (organization_id, id),
    foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create unique index deal_contacts_primary_key on deal_contacts (organization_id, deal_id) where is_primary;
create index deal_contacts_contact_idx on deal_contacts (organization_id, contact_id);
select app.protect('deal_contacts');

-- Which stage a deal came from and went to, and when: a ledger, nobody changes a line.
create table deal_stage_history (
    organization_id uuid not null,
    deal_id uuid not null,
    id uuid not null,
    pipeline_id uuid not null,
    -- None for where it was made.
    from_stage_id uuid,
    to_stage_id uuid not null,
    reason text not null default '' check (length(reason) <= 1000),
    moved_by uuid,
    moved_at timestamptz not null,
    primary key (organization_id, deal_id, id),
    foreign key (organization_id, deal_id) references deals (organization_id, id),
    foreign key (organization_id, pipeline_id, from_stage_id) references pipeline_stages (organization_id, pipeline_id, id),
    foreign key (organization_id, pipeline_id, to_stage_id) references pipeline_stages (organization_id, pipeline_id, id)
);
create index deal_stage_history_from_idx on deal_stage_history (organization_id, pipeline_id, from_stage_id);
create index deal_stage_history_to_idx on deal_stage_history (organization_id, pipeline_id, to_stage_id);
select app.protect('deal_stage_history');
revoke update, delete on deal_stage_history from groundswell_app;

create table deal_notes (
    organization_id uuid not null,
    id uuid not null,
    deal_id uuid not null,
    body text not null check (length(body) between 1 and 5000),
    author_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, deal_id) references deals (organization_id, id)
);
create index deal_notes_deal_idx on deal_notes (organization_id, deal_id, id);
select app.protect('deal_notes');

-- What the roles of organizations that are there already may do of what is new.
insert into role_permissions (organization_id, role_id, permission)
select r.organization_id, r.id, new.permission
  from roles r
  join (values ('deals.view', '{company_owner,agency_owner,agency_member,organization_admin,manager,marketer,sales,developer,call_center,approver,viewer}'::text[]),
               ('deals.edit', '{company_owner,agency_owner,agency_member,organization_admin,manager,marketer,sales,call_center}'),
               ('pipelines.manage', '{company_owner,agency_owner,organization_admin,manager}')) new (permission, keys)
    on r.key = any (new.keys)
 where r.is_system and r.organization_id <> '00000000-0000-7000-8000-000000000000'
    on conflict do nothing;
