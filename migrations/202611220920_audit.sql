-- Who changed what in an organization: a log that only grows, each row chained to the one before it.
--
-- The row's hash covers the hash before it and everything in the row (src/audit/queries.rs), so that a row changed, taken out, put in or moved by anybody,
-- the database's own superuser included, is found by `groundswell audit verify`.
create table audit_log (
    organization_id uuid not null references organizations (id),
    -- 1, 2, 3 … within the organization, without a gap.
    seq bigint not null check (seq > 0),
    occurred_at timestamptz not null,
    actor_kind text not null check (actor_kind in ('user', 'support', 'machine', 'visitor')),
    -- The person, kept after they are gone; hence no foreign key.
    actor_id uuid,
    actor_name text not null check (length(actor_name) <= 200),
    -- What was done, as `domain.past_tense`, such as `members.invited`.
    action text not null check (length(action) <= 100),
    -- A denied attempt is kept too.
    outcome text not null check (outcome in ('done', 'denied')),
    subject_kind text not null default '' check (length(subject_kind) <= 60),
    subject_id text not null default '' check (length(subject_id) <= 100),
    subject_name text not null default '' check (length(subject_name) <= 300),
    -- What it was and what it became; secrets are masked before they get here.
    before jsonb,
    after jsonb,
    reason text not null default '' check (length(reason) <= 1000),
    address text not null default '' check (length(address) <= 100),
    request_id text not null default '' check (length(request_id) <= 100),
    previous_hash bytea not null,
    hash bytea not null,
    primary key (organization_id, seq)
);
create index audit_log_actor_idx on audit_log (organization_id, actor_id, seq desc);
create index audit_log_subject_idx on audit_log (organization_id, subject_kind, subject_id, seq desc);
select app.protect('audit_log');
revoke update, delete on audit_log from groundswell_app;

-- The end of each chain. Locked while a row is added, which keeps the numbers without a gap.
create table audit_heads (
    organization_id uuid primary key references organizations (id),
    seq bigint not null,
    hash bytea not null
);
select app.protect('audit_heads');
revoke delete on audit_heads from groundswell_app;
insert into audit_heads (organization_id, seq, hash) select id, 0, ''::bytea from organizations;
