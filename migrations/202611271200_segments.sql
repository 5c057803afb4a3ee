-- Segments: lists whose members are whoever a rule says, kept up to date by the worker.

alter table contact_lists
    add column kind text not null default 'static' check (kind in ('static', 'dynamic')),
    -- A tree of groups and lines; what it means is known to the program.
    add column rule jsonb check (rule is null or jsonb_typeof(rule) = 'object'),
    -- When its members were last worked out as a whole, and how long that took.
    add column refreshed_at timestamptz,
    add column refresh_ms integer not null default 0,
    -- Why it could not be, in words; empty when it could.
    add column refresh_error text not null default '' check (length(refresh_error) <= 1000),
    add check ((kind = 'dynamic') = (rule is not null));

-- What a rule mentions (`field:city`, `list:…`, `event:email.opened`), so that a change reaches the segments
-- that it may concern and no others.
create table segment_mentions (
    organization_id uuid not null references organizations (id),
    list_id uuid not null,
    what text not null check (length(what) between 1 and 120),
    primary key (organization_id, list_id, what),
    foreign key (organization_id, list_id) references contact_lists (organization_id, id)
);
create index segment_mentions_what_idx on segment_mentions (organization_id, what);
select app.protect('segment_mentions');
