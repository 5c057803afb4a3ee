-- Points for people: rules that say who has how many, who has them now, and every point that came and went.

alter table contacts
    add column lead_score smallint not null default 0 check (lead_score between 0 and 100),
    add column engagement_score smallint not null default 0 check (engagement_score between 0 and 100);

-- A view shows the columns that there were when it was made.
create or replace view contacts_q as
    select * from contacts
     where organization_id = nullif(current_setting('app.current_organization_id', true), '')::uuid;

-- Never changed: another rule takes its place, so that what the ledger names stays what it was.
create table score_rules (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    score text not null check (score in ('lead', 'engagement')),
    points smallint not null check (points between -100 and 100 and points <> 0),
    -- A tree of groups and lines, as segments have.
    rule jsonb not null check (jsonb_typeof(rule) = 'object'),
    created_at timestamptz not null,
    removed_at timestamptz,
    -- When it was last worked out for everybody, and why it could not be, in words.
    refreshed_at timestamptz,
    refresh_error text not null default '' check (length(refresh_error) <= 1000),
    primary key (organization_id, id)
);
select app.protect('score_rules');

-- Whom a rule holds now.
create table score_holdings (
    organization_id uuid not null references organizations (id),
    rule_id uuid not null,
    contact_id uuid not null,
    primary key (organization_id, rule_id, contact_id),
    foreign key (organization_id, rule_id) references score_rules (organization_id, id),
    foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create index score_holdings_contact_idx on score_holdings (organization_id, contact_id);
select app.protect('score_holdings');

-- The ledger: what was given and taken, by which rule. It only grows, until the person is deleted.
create table score_entries (
    organization_id uuid not null references organizations (id),
    contact_id uuid not null,
    id uuid not null,
    rule_id uuid not null,
    -- Below zero for what was taken, or for a rule that takes.
    points smallint not null check (points <> 0),
    occurred_at timestamptz not null,
    primary key (organization_id, contact_id, id),
    foreign key (organization_id, rule_id) references score_rules (organization_id, id),
    foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create index score_entries_rule_idx on score_entries (organization_id, rule_id);
select app.protect('score_entries');
revoke update, delete on score_entries from groundswell_app;
