-- Two records of one person become one. The other stays as a row that leads there: what was sent to it, said by it
-- and happened to it is never rewritten.

alter table contacts
    -- Who they are part of now, never somebody who is part of another. What they were written to at is theirs.
    add column merged_into uuid,
    add foreign key (organization_id, merged_into) references contacts (organization_id, id),
    add constraint contacts_merged_check
        check (merged_into is null or (merged_into <> id and archived_at is not null and email is null));
create index contacts_merged_idx on contacts (organization_id, merged_into) where merged_into is not null;

create or replace view contacts_q as
    select * from contacts
     where organization_id = nullif(current_setting('app.current_organization_id', true), '')::uuid;

-- Addresses that somebody is known by beside the one they are written to at: a file may have these.
create index contact_identities_other_email_idx on contact_identities (organization_id, value_norm)
    where kind = 'email' and not is_primary;

create table contact_merges (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    -- Who stayed, and who became part of them.
    winner_id uuid not null,
    loser_id uuid not null,
    -- What each held before, by column, and what the one who stayed held then.
    winner_before jsonb not null check (jsonb_typeof(winner_before) = 'object'),
    loser_before jsonb not null check (jsonb_typeof(loser_before) = 'object'),
    winner_after jsonb not null check (jsonb_typeof(winner_after) = 'object'),
    -- Which rows of which table went along, and those that both had.
    carried jsonb not null check (jsonb_typeof(carried) = 'object'),
    -- Lines that it wrote into the ledger of consents, and the last one before.
    said jsonb not null check (jsonb_typeof(said) = 'object'),
    merged_by uuid,
    merged_at timestamptz not null,
    undone_by uuid,
    undone_at timestamptz,
    primary key (organization_id, id),
    foreign key (organization_id, winner_id) references contacts (organization_id, id),
    foreign key (organization_id, loser_id) references contacts (organization_id, id)
);
create index contact_merges_winner_idx on contact_merges (organization_id, winner_id, merged_at desc);
create index contact_merges_loser_idx on contact_merges (organization_id, loser_id);
select app.protect('contact_merges');
