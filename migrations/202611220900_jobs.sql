-- Work that is done beside requests: enqueued in the transaction that asks for it, taken by a lease,
-- tried again when it fails, kept to be seen when it is over.
--
-- All times are the database's own: the clocks of the processes that work may differ.

-- The organization that owns what belongs to the installation as a whole.
insert into organizations (id, slug, name, kind, created_at, updated_at)
    values ('00000000-0000-7000-8000-000000000000', 'installation', 'This installation', 'internal', now(), now());

create table job_queue (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    -- As `domain.verb`, such as `mail.deliver`.
    kind text not null check (length(kind) between 1 and 100),
    payload jsonb not null,
    -- While a job with this key waits or runs, asking for another does nothing.
    dedupe_key text check (length(dedupe_key) <= 200),
    status text not null default 'waiting' check (status in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    run_at timestamptz not null default now(),
    attempts integer not null default 0,
    max_attempts integer not null check (max_attempts between 1 and 100),
    -- Which process has it, and until when; `attempts` tells one claim from the next.
    holder uuid,
    leased_until timestamptz,
    -- How many processes fell silent with it.
    deaths integer not null default 0,
    cancel_wanted_at timestamptz,
    items_done bigint not null default 0,
    items_total bigint,
    last_error text not null default '' check (length(last_error) <= 2000),
    -- Who asked for it; kept after they are gone.
    requested_by uuid,
    created_at timestamptz not null default now(),
    started_at timestamptz,
    finished_at timestamptz,
    primary key (organization_id, id),
    check ((status = 'running') = (holder is not null and leased_until is not null))
);
create unique index job_queue_dedupe_idx on job_queue (organization_id, kind, dedupe_key)
    where dedupe_key is not null and status in ('waiting', 'running');
create index job_queue_waiting_idx on job_queue (organization_id, run_at, id) where status = 'waiting';
create index job_queue_running_idx on job_queue (organization_id, leased_until) where status = 'running';
create index job_queue_recent_idx on job_queue (organization_id, id desc);
-- The worker forgets by age, whosever job it is.
create index job_queue_finished_idx on job_queue (finished_at) where finished_at is not null;
select app.protect('job_queue');
revoke delete on job_queue from groundswell_app;
-- The one role that sees the work of every organization; it sees nothing else of theirs.
create policy system on job_queue to groundswell_worker using (true) with check (true);
grant select, insert, update, delete on job_queue to groundswell_worker;

-- Asks for work of the installation, from within any transaction: a mail to somebody who just signed up
-- is no organization's job. Gives nothing back.
create function app.enqueue_for_installation(job_id uuid, job_kind text, job_payload jsonb, job_key text, tries integer)
    returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $enqueue$
    insert into public.job_queue (organization_id, id, kind, payload, dedupe_key, max_attempts)
    values ('00000000-0000-7000-8000-000000000000', job_id, job_kind, job_payload, job_key, tries)
    on conflict do nothing;
    select pg_notify('groundswell_jobs', '')
    $enqueue$;
revoke execute on function app.enqueue_for_installation(uuid, text, jsonb, text, integer) from public;
grant execute on function app.enqueue_for_installation(uuid, text, jsonb, text, integer) to groundswell_app;

-- What is to be done again and again, and when next. Belongs to the installation.
create table job_schedules (
    name text primary key check (length(name) <= 100),
    -- Minute, hour, day of month, month, day of week, in this zone.
    pattern text not null,
    time_zone text not null,
    max_attempts integer not null,
    next_run_at timestamptz not null,
    last_run_at timestamptz
);
grant select, insert, update, delete on job_schedules to groundswell_worker;

drop table worker_tasks;
