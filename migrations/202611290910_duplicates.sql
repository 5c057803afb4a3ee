-- Pairs of contacts that may be one person, found again and again, and how the last look for them went.

create table duplicate_candidates (
    organization_id uuid not null references organizations (id),
    -- The one who was added first, and the other.
    low_id uuid not null,
    high_id uuid not null check (low_id < high_id),
    -- How likely it is, out of a hundred.
    score smallint not null check (score between 1 and 100),
    -- Why: [{"why", "value"}]
    reasons jsonb not null check (jsonb_typeof(reasons) = 'array'),
    found_at timestamptz not null,
    -- By the last look that found them: who is not found any more is forgotten, unless somebody said something.
    seen_at timestamptz not null,
    -- Somebody said that they are two.
    dismissed_at timestamptz,
    dismissed_by uuid,
    primary key (organization_id, low_id, high_id),
    foreign key (organization_id, low_id) references contacts (organization_id, id) on delete cascade,
    foreign key (organization_id, high_id) references contacts (organization_id, id) on delete cascade
);
create index duplicate_candidates_high_idx on duplicate_candidates (organization_id, high_id);
create index duplicate_candidates_open_idx on duplicate_candidates (organization_id, score desc, low_id, high_id)
    where dismissed_at is null;
select app.protect('duplicate_candidates');

create table duplicate_looks (
    organization_id uuid not null references organizations (id),
    status text not null check (status in ('waiting', 'done', 'failed')),
    -- What so many share that it says nothing: [{"why", "value", "people"}]
    crowds jsonb not null default '[]' check (jsonb_typeof(crowds) = 'array'),
    last_error text not null default '' check (length(last_error) <= 2000),
    ordered_at timestamptz not null,
    finished_at timestamptz,
    primary key (organization_id)
);
select app.protect('duplicate_looks');

-- Where contacts were added or changed since the last look: ids of organizations, each of which is then entered.
create function app.organizations_to_compare() returns setof uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $compare$
    begin
        return query
        select o.id from public.organizations o
          left join public.duplicate_looks l on l.organization_id = o.id
         where exists (select from public.contacts c
                        where c.organization_id = o.id and c.updated_at > coalesce(l.finished_at, '-infinity'));
    end $compare$;
revoke execute on function app.organizations_to_compare() from public;
grant execute on function app.organizations_to_compare() to groundswell_app;
