-- The organization's own fields get kinds, groups and choices; people get tags.

alter table contact_fields
    -- What addresses and segments name it by; mail goes on naming it by its key.
    add column id uuid,
    -- What a value is, and so how it is kept in contacts.custom: see src/contacts/fields/kind.rs.
    add column kind text not null default 'text' check (kind in
        ('text', 'number', 'money', 'date', 'time', 'boolean', 'choice', 'choices', 'url', 'email', 'phone', 'user')),
    -- What can be chosen, in order: [{"key", "label", "is_gone"}]. Of money, its currency.
    add column options jsonb not null default '[]' check (jsonb_typeof(options) = 'array' and pg_column_size(options) <= 65536),
    add column group_name text not null default '' check (length(group_name) <= 60),
    add column is_required boolean not null default false,
    add column help text not null default '' check (length(help) <= 300),
    -- Put away: nobody is asked for it, and what it holds stays.
    add column archived_at timestamptz,
    add column updated_at timestamptz;
update contact_fields set id = gen_random_uuid(), updated_at = created_at;
alter table contact_fields alter column id set not null, alter column updated_at set not null;
create unique index contact_fields_id_key on contact_fields (organization_id, id);

create table tags (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    name text not null check (length(name) between 1 and 60),
    -- What tags of one kind stand together under; may be empty.
    category text not null default '' check (length(category) <= 60),
    -- One of the twelve colours that workspaces have too.
    hue smallint not null default 0 check (hue between 0 and 11),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (organization_id, id)
);
-- In lower case in every language, also where the database's own locale knows English letters only.
create unique index tags_name_key on tags (organization_id, lower(name collate "und-x-icu")) where archived_at is null;
select app.protect('tags');

create table contact_tags (
    organization_id uuid not null,
    tag_id uuid not null,
    contact_id uuid not null,
    -- Who or what put it there, in words: a name, an import.
    source text not null check (length(source) <= 200),
    added_by uuid,
    added_at timestamptz not null,
    primary key (organization_id, tag_id, contact_id),
    foreign key (organization_id, tag_id) references tags (organization_id, id),
    foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create index contact_tags_contact_idx on contact_tags (organization_id, contact_id);
select app.protect('contact_tags');

-- What was done to many at once, so that it can be undone within a day: who got a tag, or who lost it and how
-- they had come by it.
create table tag_steps (
    organization_id uuid not null,
    id uuid not null,
    tag_id uuid not null,
    contact_id uuid not null,
    was_added boolean not null,
    source text not null check (length(source) <= 200),
    added_by uuid,
    added_at timestamptz not null,
    done_at timestamptz not null,
    primary key (organization_id, id, contact_id),
    foreign key (organization_id, tag_id) references tags (organization_id, id),
    foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create index tag_steps_tag_idx on tag_steps (organization_id, tag_id);
create index tag_steps_contact_idx on tag_steps (organization_id, contact_id);
select app.protect('tag_steps');

-- The tag that everybody in a file gets.
alter table imports add column tag_id uuid;
alter table imports add foreign key (organization_id, tag_id) references tags (organization_id, id);
create index imports_tag_idx on imports (organization_id, tag_id) where tag_id is not null;

-- As before, and with the tags of those who go.
create or replace function app.remove_imported(import uuid, at_most integer) returns bigint
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
                   and not exists (select 1 from public.deal_contacts d
                                    where d.organization_id = org and d.contact_id = c.id)
                 order by i.contact_id
                 limit at_most) c;
        if gone is null then return 0; end if;
        delete from public.contact_list_members where organization_id = org and contact_id = any (gone);
        delete from public.tag_steps where organization_id = org and contact_id = any (gone);
        delete from public.contact_tags where organization_id = org and contact_id = any (gone);
        delete from public.consents where organization_id = org and contact_id = any (gone);
        delete from public.contacts where organization_id = org and id = any (gone);
        update public.import_changes set undone_at = now()
         where organization_id = org and import_id = import and contact_id = any (gone);
        return cardinality(gone);
    end $remove$;
