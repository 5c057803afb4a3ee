-- E-mail designs: a working draft as blocks, every step of it for undo and redo, and what was frozen to be sent.
create table designs (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    kind text not null default 'email' check (kind in ('email')),
    name text not null check (length(name) between 1 and 120),
    -- Whether it is there to begin other designs with.
    is_template boolean not null default false,
    settings jsonb not null default '{}' check (pg_column_size(settings) <= 8192),
    -- Goes up with every change of the draft.
    rev bigint not null default 1,
    -- How many of its steps are done; those behind it were undone.
    cursor integer not null default 0 check (cursor >= 0),
    changed_by text not null default '' check (length(changed_by) <= 200),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (organization_id, id)
);
select app.protect('designs');
create index designs_updated_idx on designs (organization_id, updated_at desc, id);

-- The draft. Only columns hold other blocks.
create table design_blocks (
    organization_id uuid not null,
    id uuid not null,
    design_id uuid not null,
    parent_id uuid,
    -- Which of the parent's columns.
    column_no smallint not null default 0 check (column_no between 0 and 2),
    position integer not null check (position >= 0),
    kind text not null check (length(kind) between 1 and 40),
    props jsonb not null default '{}' check (pg_column_size(props) <= 65536),
    -- The design's rev at which its properties changed last: somebody who began before that is told.
    rev bigint not null default 1,
    primary key (organization_id, id),
    foreign key (organization_id, design_id) references designs (organization_id, id) on delete cascade
);
select app.protect('design_blocks');
create index design_blocks_design_idx on design_blocks (organization_id, design_id);

-- What was done to a draft, one after the other: the rows and settings before and after.
create table design_steps (
    organization_id uuid not null,
    design_id uuid not null,
    seq integer not null check (seq > 0),
    -- In words, such as “Move a button”.
    summary text not null check (length(summary) <= 200),
    -- The block whose typing goes on in this step; null for anything else.
    block_id uuid,
    change jsonb not null,
    made_by text not null default '' check (length(made_by) <= 200),
    made_at timestamptz not null,
    primary key (organization_id, design_id, seq),
    foreign key (organization_id, design_id) references designs (organization_id, id) on delete cascade
);
select app.protect('design_steps');

-- A design as it was when something was made of it: never changed.
create table design_versions (
    organization_id uuid not null,
    id uuid not null,
    design_id uuid not null,
    blocks jsonb not null,
    html text not null check (length(html) <= 1048576),
    plain_text text not null check (length(plain_text) <= 262144),
    -- Of both templates: the same design is frozen once.
    sha256 bytea not null check (length(sha256) = 32),
    size_bytes integer not null check (size_bytes >= 0),
    created_by text not null default '' check (length(created_by) <= 200),
    created_at timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, design_id, sha256),
    foreign key (organization_id, design_id) references designs (organization_id, id)
);
select app.protect('design_versions');

-- What the roles of organizations that are there already may do of what is new.
insert into role_permissions (organization_id, role_id, permission)
select r.organization_id, r.id, 'designs.view' from roles r
 where r.is_system
   and r.key in ('company_owner', 'agency_owner', 'agency_member', 'organization_admin', 'manager', 'marketer', 'sales',
                 'developer', 'call_center', 'approver', 'viewer')
on conflict do nothing;
insert into role_permissions (organization_id, role_id, permission)
select r.organization_id, r.id, 'designs.edit' from roles r
 where r.is_system
   and r.key in ('company_owner', 'agency_owner', 'agency_member', 'organization_admin', 'manager', 'marketer')
on conflict do nothing;
