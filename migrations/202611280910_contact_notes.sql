-- What people of the workspace want to remember about a contact, and whom of their own they call on in it.

create table contact_notes (
    organization_id uuid not null,
    -- Version 7: in the order in which they were written.
    id uuid not null,
    contact_id uuid not null,
    body text not null check (length(body) between 1 and 5000),
    author_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, contact_id) references contacts (organization_id, id)
);
create index contact_notes_contact_idx on contact_notes (organization_id, contact_id, id);
select app.protect('contact_notes');

create table contact_note_mentions (
    organization_id uuid not null,
    note_id uuid not null,
    user_id uuid not null,
    mentioned_at timestamptz not null,
    primary key (organization_id, note_id, user_id),
    foreign key (organization_id, note_id) references contact_notes (organization_id, id) on delete cascade,
    foreign key (organization_id, user_id) references organization_members (organization_id, user_id) on delete cascade
);
create index contact_note_mentions_user_idx on contact_note_mentions (organization_id, user_id);
select app.protect('contact_note_mentions');

-- As before, and whoever has a note stays: somebody knows them.
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
        delete from public.tag_steps where organization_id = org and contact_id = any (gone);
        delete from public.contact_tags where organization_id = org and contact_id = any (gone);
        delete from public.consents where organization_id = org and contact_id = any (gone);
        delete from public.contacts where organization_id = org and id = any (gone);
        update public.import_changes set undone_at = now()
         where organization_id = org and import_id = import and contact_id = any (gone);
        return cardinality(gone);
    end $remove$;
