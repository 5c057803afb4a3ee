-- What an organization entrusts us with to use on its behalf: keys and passwords of other services.
--
-- A value is sealed with the organization's data key, and the data key with a master key that is not in
-- the database: a copy of these tables opens nothing. Another master key means sealing the data keys anew.
create table organization_keys (
    organization_id uuid not null references organizations (id),
    version integer not null check (version > 0),
    -- Version (1), name of the master key (8), nonce (24), key (32), tag (16).
    wrapped_key bytea not null check (length(wrapped_key) = 81),
    -- The name of the master key that opens it.
    key_id bytea not null generated always as (substring(wrapped_key from 2 for 8)) stored,
    created_at timestamptz not null,
    -- Since when nothing new is sealed with it.
    retired_at timestamptz,
    primary key (organization_id, version)
);
select app.protect('organization_keys');

create table secrets (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    -- What it is for: integration, or a kind of its own that a part of the product looks for.
    kind text not null check (length(kind) between 1 and 40),
    label text not null check (length(label) between 1 and 120),
    ciphertext bytea not null check (length(ciphertext) between 41 and 16384),
    data_key_version integer not null,
    -- The last four characters, of a value long enough to spare them.
    last4 text check (length(last4) = 4),
    created_by uuid references users (id) on delete set null,
    created_at timestamptz not null,
    -- When the value was last replaced.
    updated_at timestamptz not null,
    last_used_at timestamptz,
    last_failed_at timestamptz,
    last_error text not null default '' check (length(last_error) <= 300),
    primary key (organization_id, id),
    constraint secrets_label_key unique (organization_id, kind, label),
    foreign key (organization_id, data_key_version) references organization_keys (organization_id, version)
);
create index secrets_data_key_idx on secrets (organization_id, data_key_version);
-- Not led by the organization on purpose: removing a person clears them from what they did.
create index secrets_created_by_idx on secrets (created_by);
select app.protect('secrets');

-- The names of the master keys that data keys are sealed with, and how many each: the program refuses to
-- start without one of them, before it has entered any organization.
create function app.master_keys_in_use() returns table (key_id bytea, sealed bigint)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $keys$ select k.key_id, count(*) from public.organization_keys k group by k.key_id $keys$;
revoke execute on function app.master_keys_in_use() from public;
grant execute on function app.master_keys_in_use() to groundswell_app;

-- Whose data keys are not sealed with this master key, a batch at a time: ids alone. Each is then entered.
create function app.sealed_with_another_key(current_key bytea, after uuid, at_most integer) returns setof uuid
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $others$
        select distinct k.organization_id from public.organization_keys k
         where k.key_id <> current_key and k.organization_id > after
         order by k.organization_id limit at_most
    $others$;
revoke execute on function app.sealed_with_another_key(bytea, uuid, integer) from public;
grant execute on function app.sealed_with_another_key(bytea, uuid, integer) to groundswell_app;

-- Whoever decides how people sign in may keep secrets too.
insert into role_permissions (organization_id, role_id, permission)
    select organization_id, role_id, 'secrets.edit' from role_permissions where permission = 'security.edit'
    on conflict do nothing;
