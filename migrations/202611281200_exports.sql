-- Views of the contacts as files, made in the background and kept for a while.
create table exports (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    status text not null default 'running' check (status in ('running', 'done', 'failed', 'cancelled', 'expired')),
    -- The view's address: search, list, tag and filter.
    view text not null check (length(view) <= 20000),
    -- How many it held when it was ordered, and how many are written.
    people bigint not null,
    done bigint not null default 0,
    size_bytes bigint not null default 0,
    -- Where to go on after a stop: the last one that is written, and the number of the last piece.
    after_contact uuid,
    pieces integer not null default 0,
    last_error text not null default '' check (length(last_error) <= 2000),
    created_by uuid,
    created_at timestamptz not null,
    finished_at timestamptz,
    -- From then on the file is gone.
    expires_at timestamptz,
    primary key (organization_id, id)
);
select app.protect('exports');

create table export_pieces (
    organization_id uuid not null references organizations (id),
    export_id uuid not null,
    piece integer not null,
    bytes bytea not null,
    primary key (organization_id, export_id, piece),
    foreign key (organization_id, export_id) references exports (organization_id, id)
);
alter table export_pieces alter column bytes set storage external;
select app.protect('export_pieces');

insert into role_permissions (organization_id, role_id, permission)
select r.organization_id, r.id, 'contacts.export'
  from roles r
 where r.is_system and r.key in ('company_owner', 'organization_admin', 'agency_owner', 'manager', 'marketer')
   and r.organization_id <> '00000000-0000-7000-8000-000000000000'
    on conflict do nothing;
