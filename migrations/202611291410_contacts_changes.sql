-- What is done to many people at once: followed while it is under way, stopped, and taken back within a day.

create table contact_changes (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    kind text not null check (kind in
        ('tag', 'untag', 'list', 'unlist', 'owner', 'stage', 'lead_status', 'archive', 'restore')),
    -- What they get: the id of a tag, a list or a member, or a word; empty for nobody. And what it was called then.
    target text not null default '' check (length(target) <= 100),
    target_name text not null default '' check (length(target_name) <= 200),
    status text not null default 'asked' check (status in
        ('asked', 'running', 'done', 'failed', 'stopped', 'undoing', 'undo_failed', 'undone')),
    -- How many it is about, how many were reached, and of those, how many are other than they were.
    people bigint not null,
    done bigint not null default 0,
    changed bigint not null default 0,
    -- How many got back what they had, and how many keep what they have by now.
    returned bigint not null default 0,
    kept bigint not null default 0,
    -- Where the work goes on: the next thousand, and, on the way back, the last one who was reached.
    piece integer not null default 0,
    after_contact uuid,
    last_error text not null default '' check (length(last_error) <= 2000),
    created_by uuid,
    created_at timestamptz not null,
    -- When it came to an end or was stopped: it can be taken back for a day from then on.
    finished_at timestamptz,
    undone_at timestamptz,
    primary key (organization_id, id)
);
select app.protect('contact_changes');

-- Whom it is about, settled when it is ordered, a thousand in a row: of a million that takes a moment. For a day.
create table contact_change_pieces (
    organization_id uuid not null,
    change_id uuid not null,
    piece integer not null,
    whom uuid[] not null,
    primary key (organization_id, change_id, piece),
    foreign key (organization_id, change_id) references contact_changes (organization_id, id)
);
select app.protect('contact_change_pieces');

-- What each whom it changed had before. For a day; without a reference to the person, for whoever is gone has nothing
-- to get back.
create table contact_change_people (
    organization_id uuid not null,
    change_id uuid not null,
    contact_id uuid not null,
    was jsonb not null check (jsonb_typeof(was) = 'object'),
    changed_at timestamptz not null,
    primary key (organization_id, change_id, contact_id),
    foreign key (organization_id, change_id) references contact_changes (organization_id, id)
);
select app.protect('contact_change_people');

-- What was done with tags can be taken back as before, from here.
insert into contact_changes (organization_id, id, kind, target, target_name, status, people, done, changed,
                             created_at, finished_at)
select s.organization_id, s.id, case when s.was_added then 'tag' else 'untag' end, s.tag_id::text, t.name, 'done',
       count(*), count(*), count(*), min(s.done_at), min(s.done_at)
  from tag_steps s join tags t on t.organization_id = s.organization_id and t.id = s.tag_id
 group by s.organization_id, s.id, s.was_added, s.tag_id, t.name;
insert into contact_change_people (organization_id, change_id, contact_id, was, changed_at)
select organization_id, id, contact_id,
       jsonb_build_object('source', source, 'added_by', added_by, 'added_at', added_at), added_at
  from tag_steps;

-- As before, and with what can be taken back of those who go.
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
                   and not exists (select 1 from public.contact_notes n
                                    where n.organization_id = org and n.contact_id = c.id)
                 order by i.contact_id
                 limit at_most) c;
        if gone is null then return 0; end if;
        delete from public.contact_list_members where organization_id = org and contact_id = any (gone);
        delete from public.contact_change_people where organization_id = org and contact_id = any (gone);
        delete from public.contact_tags where organization_id = org and contact_id = any (gone);
        delete from public.consents where organization_id = org and contact_id = any (gone);
        delete from public.contacts where organization_id = org and id = any (gone);
        update public.import_changes set undone_at = now()
         where organization_id = org and import_id = import and contact_id = any (gone);
        return cardinality(gone);
    end $remove$;

drop table tag_steps;
