-- What happened, as facts that never change: one log for every organization, a table of its own for each
-- month, so that a year's facts are forgotten by dropping tables.
--
-- `tx` is the number of the transaction that wrote the row. Listeners read in its order, and only up to
-- the oldest transaction still open: a row that is committed late is never passed over.
create table events (
    organization_id uuid not null references organizations (id),
    occurred_at timestamptz not null,
    id uuid not null,
    tx bigint not null default (pg_current_xact_id()::text)::bigint,
    -- `noun.past_tense`, such as `member.joined`.
    kind text not null check (length(kind) between 1 and 100),
    payload jsonb not null,
    -- Done by a machine that only looks like a person: kept, but no reason to act.
    is_bot boolean not null default false,
    primary key (organization_id, occurred_at, id)
) partition by range (occurred_at);
create index events_tx_idx on events (organization_id, tx, id);
create index events_kind_idx on events (organization_id, kind, occurred_at desc);
select app.protect('events');
revoke update, delete on events from groundswell_app;

-- How far each listener has come in each organization.
create table event_positions (
    organization_id uuid not null references organizations (id),
    listener text not null check (length(listener) <= 100),
    tx bigint not null default 0,
    event_id uuid not null default '00000000-0000-0000-0000-000000000000',
    handled bigint not null default 0,
    updated_at timestamptz not null,
    primary key (organization_id, listener)
);
select app.protect('event_positions');

-- How much of what happened on which day.
create table activity_daily (
    organization_id uuid not null references organizations (id),
    day date not null,
    kind text not null check (length(kind) <= 100),
    count bigint not null,
    primary key (organization_id, day, kind)
);
select app.protect('activity_daily');

-- Makes the months of a log that are missing: the one before this, this, and so many ahead. A month is
-- reached through its log alone: it has row security without a policy, and nobody is granted anything.
create function app.ensure_months(log regclass, ahead integer default 3) returns integer
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC'
    as $months$
    declare
        start timestamptz := date_trunc('month', now());
        name text;
        made integer := 0;
    begin
        if log <> 'public.events'::regclass then
            raise exception 'not a log: %', log;
        end if;
        for month in -1..ahead loop
            name := 'events_' || to_char(start + month * interval '1 month', 'YYYYMM');
            if to_regclass('public.' || name) is null then
                execute format('create table public.%I partition of public.events for values from (%L) to (%L)',
                    name, start + month * interval '1 month', start + (month + 1) * interval '1 month');
                execute format('alter table public.%I enable row level security', name);
                if (select rolbypassrls from pg_roles where rolname = current_user) then
                    execute format('alter table public.%I force row level security', name);
                end if;
                made := made + 1;
            end if;
        end loop;
        return made;
    end $months$;
revoke execute on function app.ensure_months(regclass, integer) from public;
grant execute on function app.ensure_months(regclass, integer) to groundswell_app;

-- Drops the months of the log that ended longer ago than this; never less than a year.
create function app.retire_months(keep_months integer) returns integer
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC'
    as $retire$
    declare
        month text;
        gone integer := 0;
    begin
        for month in
            select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
             where i.inhparent = 'public.events'::regclass
               and to_date(right(c.relname, 6), 'YYYYMM')
                   < date_trunc('month', now()) - greatest(keep_months, 12) * interval '1 month'
        loop
            execute format('drop table public.%I', month);
            gone := gone + 1;
        end loop;
        return gone;
    end $retire$;
revoke execute on function app.retire_months(integer) from public;
grant execute on function app.retire_months(integer) to groundswell_app;
select app.ensure_months('events');
