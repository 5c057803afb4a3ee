-- People whom an organization talks to: who they are, what they agreed to, and how they came.

-- Search for any part of a name needs three letters at a time, organization first.
create schema extensions;
grant usage on schema extensions to groundswell_app, groundswell_worker, groundswell_backup;
create extension if not exists pg_trgm schema extensions;
create extension if not exists btree_gin schema extensions;

create table contacts (
    organization_id uuid not null references organizations (id),
    -- Version 7: in the order in which people were added.
    id uuid not null,
    -- The address they are written to, in lower case; a person may have none.
    email text collate "C" check (length(email) between 3 and 254),
    phone text not null default '' check (length(phone) <= 40),
    first_name text not null default '' check (length(first_name) <= 200),
    last_name text not null default '' check (length(last_name) <= 200),
    company text not null default '' check (length(company) <= 200),
    job_title text not null default '' check (length(job_title) <= 200),
    website text not null default '' check (length(website) <= 500),
    street text not null default '' check (length(street) <= 300),
    city text not null default '' check (length(city) <= 200),
    region text not null default '' check (length(region) <= 200),
    postal_code text not null default '' check (length(postal_code) <= 40),
    country text not null default '' check (length(country) <= 100),
    language text not null default '' check (length(language) <= 35),
    -- The organization's own number for them.
    customer_code text not null default '' check (length(customer_code) <= 100),
    -- Where they came from: typed in, an import, a form.
    source text not null default '' check (length(source) <= 200),
    lifecycle_stage text not null default 'lead' check (lifecycle_stage in
        ('subscriber', 'lead', 'mql', 'sql', 'opportunity', 'customer', 'evangelist', 'inactive')),
    -- Values of the organization's own fields, by their key.
    custom jsonb not null default '{}' check (jsonb_typeof(custom) = 'object'),
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    -- What a list is sorted by, and what a search looks through: in lower case in every language, also in
    -- a database whose own locale knows English letters only.
    sort_name text collate "C" not null generated always as (lower(coalesce(
        nullif(btrim(first_name || ' ' || last_name), ''), nullif(company, ''), email, phone)
        collate "und-x-icu")) stored,
    search text not null generated always as (lower(
        (first_name || ' ' || last_name || ' ' || coalesce(email, '') || ' ' || company || ' ' || phone)
        collate "und-x-icu")) stored,
    primary key (organization_id, id)
);
create unique index contacts_email_key on contacts (organization_id, email) where email is not null;
create index contacts_name_idx on contacts (organization_id, sort_name, id);
create index contacts_search_idx on contacts using gin (organization_id extensions.uuid_ops, search extensions.gin_trgm_ops);
select app.protect('contacts');

-- The same rows for search: operators that look for a part of a word may not use an index behind row
-- security, and read every row instead. It shows the organization that was entered, and is named in one
-- module only, which uses no expression that can fail on another organization's row.
create view contacts_q as
    select * from contacts
     where organization_id = nullif(current_setting('app.current_organization_id', true), '')::uuid;
grant select on contacts_q to groundswell_app;

-- The organization's own fields.
create table contact_fields (
    organization_id uuid not null references organizations (id),
    key text not null check (key ~ '^[a-z][a-z0-9_]{0,59}$'),
    label text not null check (length(label) between 1 and 100),
    position integer not null,
    created_at timestamptz not null,
    primary key (organization_id, key)
);
select app.protect('contact_fields');

create table contact_lists (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    name text not null check (length(name) between 1 and 120),
    description text not null default '' check (length(description) <= 1000),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (organization_id, id)
);
create unique index contact_lists_name_key on contact_lists (organization_id, lower(name)) where archived_at is null;
select app.protect('contact_lists');

create table contact_list_members (
    organization_id uuid not null references organizations (id),
    list_id uuid not null,
    contact_id uuid not null,
    -- What put them there: a person, an import.
    source text not null check (length(source) <= 200),
    joined_at timestamptz not null,
    primary key (organization_id, list_id, contact_id),
    foreign key (organization_id, list_id) references contact_lists (organization_id, id),
    foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create index contact_list_members_contact_idx on contact_list_members (organization_id, contact_id);
select app.protect('contact_list_members');

-- What people can agree to, and take back, one by one.
create table subscription_topics (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    name text not null check (length(name) between 1 and 120),
    description text not null default '' check (length(description) <= 500),
    position integer not null,
    created_at timestamptz not null,
    archived_at timestamptz,
    primary key (organization_id, id)
);
create unique index subscription_topics_name_key on subscription_topics (organization_id, lower(name)) where archived_at is null;
select app.protect('subscription_topics');

-- Who agreed to what, and took it back: a ledger, whose newest line counts. Nobody changes a line.
create table consents (
    organization_id uuid not null references organizations (id),
    contact_id uuid not null,
    -- Version 7: the order in which they were said.
    id uuid not null,
    channel text not null default 'email' check (channel in ('email', 'sms', 'whatsapp', 'post', 'phone')),
    -- None stands for everything on this channel.
    topic_id uuid,
    state text not null check (state in ('granted', 'withdrawn', 'paused')),
    -- When a pause ends.
    paused_until timestamptz check ((state = 'paused') = (paused_until is not null)),
    -- How it was said: `import`, `staff`, `preferences`, `one_click`.
    source text not null check (length(source) <= 100),
    -- The words that they agreed to, or what was declared for them.
    wording text not null default '' check (length(wording) <= 2000),
    address text not null default '' check (length(address) <= 100),
    recorded_by uuid,
    recorded_at timestamptz not null,
    primary key (organization_id, contact_id, id),
    foreign key (organization_id, contact_id) references contacts (organization_id, id),
    foreign key (organization_id, topic_id) references subscription_topics (organization_id, id)
);
create index consents_topic_idx on consents (organization_id, topic_id) where topic_id is not null;
select app.protect('consents');
revoke update, delete on consents from groundswell_app;

-- Addresses that are not written to, whatever anybody agreed to. Known by a hash, which stays when the
-- person is erased.
create table suppressions (
    organization_id uuid not null references organizations (id),
    channel text not null default 'email' check (channel in ('email', 'sms')),
    address_hash bytea not null check (length(address_hash) = 32),
    -- Empty once the person was erased.
    address text not null check (length(address) <= 254),
    reason text not null check (reason in ('hard_bounce', 'soft_bounces', 'complaint', 'unsubscribed', 'manual', 'erased')),
    detail text not null default '' check (length(detail) <= 1000),
    created_at timestamptz not null,
    primary key (organization_id, channel, address_hash)
);
select app.protect('suppressions');

-- The hash under which an address is suppressed: the organization's own, so that none tells of another's.
create function app.address_hash(org uuid, address text) returns bytea
    language sql immutable parallel safe
    set search_path = pg_catalog, pg_temp
    as $hash$ select sha256(convert_to(org::text || ':' || lower(address), 'UTF8')) $hash$;
revoke execute on function app.address_hash(uuid, text) from public;
grant execute on function app.address_hash(uuid, text) to groundswell_app;

-- A file of people, from its upload to what became of each line.
create table imports (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    status text not null default 'uploading' check (status in
        ('uploading', 'matching', 'checking', 'ready', 'running', 'done', 'failed', 'cancelled', 'undoing', 'undone')),
    file_name text not null check (length(file_name) <= 255),
    size_bytes bigint not null default 0,
    encoding text not null default '' check (length(encoding) <= 40),
    delimiter text not null default '' check (length(delimiter) <= 1),
    has_header boolean not null default true,
    -- The first lines as they were read: an array of arrays of text.
    sample jsonb not null default '[]',
    -- For each column the field it goes to, empty for none.
    mapping jsonb not null default '[]',
    mode text not null default 'fill' check (mode in ('add', 'fill', 'overwrite')),
    list_id uuid,
    -- What was declared about the consent of those in the file.
    consent_state text not null default '' check (consent_state in ('', 'granted', 'unknown')),
    consent_wording text not null default '' check (length(consent_wording) <= 2000),
    -- What the last look at the file counted, and what the import has done so far.
    checked jsonb,
    done jsonb,
    undone jsonb,
    -- Bytes of the file that are done with, and lines: where to go on after a stop.
    offset_bytes bigint not null default 0,
    lines_done bigint not null default 0,
    last_error text not null default '' check (length(last_error) <= 2000),
    created_by uuid,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, list_id) references contact_lists (organization_id, id)
);
create index imports_list_idx on imports (organization_id, list_id) where list_id is not null;
select app.protect('imports');

-- The file itself, in pieces, so that whichever process does the work can read it.
create table import_pieces (
    organization_id uuid not null references organizations (id),
    import_id uuid not null,
    offset_bytes bigint not null,
    bytes bytea not null check (length(bytes) <= 1048576),
    primary key (organization_id, import_id, offset_bytes),
    foreign key (organization_id, import_id) references imports (organization_id, id)
);
alter table import_pieces alter column bytes set storage external;
select app.protect('import_pieces');

-- Lines that were refused, as they were, and why.
create table import_refusals (
    organization_id uuid not null references organizations (id),
    import_id uuid not null,
    line bigint not null,
    reason text not null check (length(reason) <= 300),
    cells jsonb not null,
    primary key (organization_id, import_id, line),
    foreign key (organization_id, import_id) references imports (organization_id, id)
);
select app.protect('import_refusals');

-- What an import changed, so that it can be undone: nothing for somebody whom it added.
create table import_changes (
    organization_id uuid not null references organizations (id),
    import_id uuid not null,
    contact_id uuid not null,
    -- What the fields that changed held before.
    was jsonb,
    -- As the contact was left: one that was touched since is not undone.
    changed_at timestamptz not null,
    undone_at timestamptz,
    primary key (organization_id, import_id, contact_id),
    foreign key (organization_id, import_id) references imports (organization_id, id)
);
select app.protect('import_changes');

-- Removes up to so many people whom an import of the entered organization added and nobody touched since,
-- with what the import itself wrote about them. Gives how many. The ledger of consents is closed to the
-- application; this is the one way in which lines of it go, together with the person.
create function app.remove_imported(import uuid, at_most integer) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $remove$
    declare
        org uuid := nullif(current_setting('app.current_organization_id', true), '')::uuid;
        gone uuid[];
    begin
        select array_agg(c.id) into gone
          from (select i.contact_id as id from public.import_changes i
                  join public.contacts c on c.organization_id = i.organization_id and c.id = i.contact_id
                 where i.organization_id = org and i.import_id = import and i.was is null and i.undone_at is null
                   and c.updated_at = i.changed_at
                   and not exists (select 1 from public.consents k
                                    where k.organization_id = org and k.contact_id = c.id and k.source <> 'import')
                 order by i.contact_id
                 limit at_most) c;
        if gone is null then return 0; end if;
        delete from public.contact_list_members where organization_id = org and contact_id = any (gone);
        delete from public.consents where organization_id = org and contact_id = any (gone);
        delete from public.contacts where organization_id = org and id = any (gone);
        update public.import_changes set undone_at = now()
         where organization_id = org and import_id = import and contact_id = any (gone);
        return cardinality(gone);
    end $remove$;
revoke execute on function app.remove_imported(uuid, integer) from public;
grant execute on function app.remove_imported(uuid, integer) to groundswell_app;

insert into role_permissions (organization_id, role_id, permission)
select r.organization_id, r.id, new.permission
  from roles r
  join (values ('company_owner'), ('organization_admin'), ('agency_owner'), ('manager'), ('marketer'), ('sales'),
               ('developer'), ('call_center'), ('approver'), ('viewer'), ('agency_member')) known (key) on known.key = r.key
  join (values ('contacts.view'), ('contacts.edit')) new (permission)
    on new.permission = 'contacts.view' or r.key not in ('approver', 'viewer', 'developer')
 where r.is_system and r.organization_id <> '00000000-0000-7000-8000-000000000000'
    on conflict do nothing;

-- Whom an event is about, for the timeline of a person.
alter table events add column contact_id uuid;
create index events_contact_idx on events (organization_id, contact_id, occurred_at desc, id desc)
    where contact_id is not null;
