-- Campaigns: what is said to whom and when, how it leaves, and what became of it.

-- Where the organization is: mail that advertises must say so (16 CFR 316.5).
alter table brand_profiles add column postal_address text not null default '' check (length(postal_address) <= 500);

-- The organization's own mail server. Without a row its mail leaves by the installation's, and without
-- that it stays in the built-in mailbox.
create table mail_servers (
    organization_id uuid primary key references organizations (id),
    host text not null check (length(host) between 1 and 253),
    port integer not null check (port between 1 and 65535),
    encryption text not null check (encryption in ('none', 'starttls', 'tls')),
    username text not null default '' check (length(username) <= 320),
    -- The password, when there is one.
    secret_id uuid,
    connections integer not null default 8 check (connections between 1 and 50),
    -- Messages a second at the most; none for as many as it takes.
    per_second integer check (per_second between 1 and 10000),
    checked_at timestamptz,
    -- What went wrong at the last check or the last send; empty when nothing did.
    last_error text not null default '' check (length(last_error) <= 1000),
    updated_at timestamptz not null,
    foreign key (organization_id, secret_id) references secrets (organization_id, id)
);
create index mail_servers_secret_idx on mail_servers (organization_id, secret_id);
select app.protect('mail_servers');

-- Domains that the organization's mail is signed for, each with two keys.
create table sending_domains (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    -- In its ASCII form, in lower case.
    domain text collate "C" not null check (length(domain) between 3 and 253),
    rsa_selector text not null check (length(rsa_selector) between 1 and 63),
    ed25519_selector text not null check (length(ed25519_selector) between 1 and 63),
    rsa_secret_id uuid not null,
    ed25519_secret_id uuid not null,
    -- Base64, as it is published.
    rsa_public text not null check (length(rsa_public) <= 1000),
    ed25519_public text not null check (length(ed25519_public) <= 200),
    created_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, rsa_secret_id) references secrets (organization_id, id),
    foreign key (organization_id, ed25519_secret_id) references secrets (organization_id, id)
);
create unique index sending_domains_domain_key on sending_domains (organization_id, domain);
create index sending_domains_rsa_secret_idx on sending_domains (organization_id, rsa_secret_id);
create index sending_domains_ed25519_secret_idx on sending_domains (organization_id, ed25519_secret_id);
select app.protect('sending_domains');

-- Who a campaign is from.
create table sender_identities (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    name text not null check (length(name) between 1 and 120),
    email text collate "C" not null check (length(email) between 3 and 254),
    -- Empty: answers go to the address above.
    reply_to text not null default '' check (length(reply_to) <= 254),
    created_at timestamptz not null,
    archived_at timestamptz,
    primary key (organization_id, id)
);
create unique index sender_identities_email_key on sender_identities (organization_id, email, lower(name))
    where archived_at is null;
select app.protect('sender_identities');

-- What is on its way: one row for each message to one person. The key says what it is of, whom it is for
-- and which step it is, and never repeats: whoever asks for the same message twice has asked once.
--
-- scheduled -> claimed -> handing_over -> sent, failed or unknown. A row becomes handing_over right before
-- the server is given the end of the message, in a transaction of its own: whatever dies after that leaves
-- an unknown, which nobody sends again by themselves.
create table channel_outbox (
    organization_id uuid not null references organizations (id),
    -- A broadcast, and a contact.
    source_id uuid not null,
    subject_id uuid not null,
    step smallint not null default 0,
    channel text not null check (channel in ('email', 'sms')),
    -- Under which it would be suppressed.
    address_hash bytea not null check (length(address_hash) = 32),
    status text not null default 'scheduled' check (status in
        ('scheduled', 'claimed', 'handing_over', 'sent', 'failed', 'unknown', 'cancelled', 'suppressed')),
    attempts smallint not null default 0,
    -- Not before this.
    due_at timestamptz not null,
    -- Which run has it.
    holder uuid,
    -- When its end was given to the server, and when the server answered.
    handed_at timestamptz,
    settled_at timestamptz,
    -- The server's last words, and what they mean.
    code smallint,
    reason text not null default '' check (length(reason) <= 40),
    detail text not null default '' check (length(detail) <= 500),
    primary key (organization_id, source_id, subject_id, step),
    check ((status in ('claimed', 'handing_over')) <= (holder is not null))
) with (fillfactor = 60);
select app.protect('channel_outbox');

create table campaigns (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    name text not null check (length(name) between 1 and 120),
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    archived_at timestamptz,
    primary key (organization_id, id)
);
create index campaigns_updated_idx on campaigns (organization_id, updated_at desc, id);
select app.protect('campaigns');

-- One execution of a campaign on one channel.
create table broadcasts (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    campaign_id uuid not null,
    -- What tokens in mail call it: short, never used again, the installation's own.
    number bigint generated always as identity,
    channel text not null default 'email' check (channel in ('email')),
    -- queued: held back for a moment, so that it can be undone.
    status text not null default 'draft' check (status in
        ('draft', 'scheduled', 'queued', 'sending', 'paused', 'sent', 'cancelled', 'failed')),
    sender_id uuid,
    subject text not null default '' check (length(subject) <= 500),
    preview_text text not null default '' check (length(preview_text) <= 500),
    design_id uuid,
    -- What the design was when it started.
    version_id uuid,
    topic_id uuid,
    -- Everybody, or those in the lists that are included.
    to_everybody boolean not null default false,
    track_opens boolean not null default true,
    track_clicks boolean not null default true,
    -- When it begins: a time chosen, or the end of the moment for undoing.
    begins_at timestamptz,
    -- Goes up with every change of the draft.
    rev bigint not null default 1,
    -- Whom it was for when it started, and how many of them were left out.
    people bigint not null default 0,
    skipped bigint not null default 0,
    started_at timestamptz,
    frozen_at timestamptz,
    finished_at timestamptz,
    -- Why it is paused or failed, where no person said so.
    trouble text not null default '' check (length(trouble) <= 1000),
    started_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, campaign_id) references campaigns (organization_id, id),
    foreign key (organization_id, sender_id) references sender_identities (organization_id, id),
    foreign key (organization_id, design_id) references designs (organization_id, id),
    foreign key (organization_id, version_id) references design_versions (organization_id, id),
    foreign key (organization_id, topic_id) references subscription_topics (organization_id, id),
    check ((status in ('scheduled', 'queued')) <= (begins_at is not null))
);
create index broadcasts_campaign_idx on broadcasts (organization_id, campaign_id);
create index broadcasts_sender_idx on broadcasts (organization_id, sender_id);
create index broadcasts_design_idx on broadcasts (organization_id, design_id);
create index broadcasts_version_idx on broadcasts (organization_id, version_id);
create index broadcasts_topic_idx on broadcasts (organization_id, topic_id);
-- A token in a mail names a broadcast by its number alone.
create unique index broadcasts_number_key on broadcasts (number);
select app.protect('broadcasts');

-- Whose broadcast a number is: tokens are short, and a visitor belongs to no organization.
create function app.broadcast_of(wanted bigint) returns table (organization_id uuid, broadcast_id uuid)
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $of$ select b.organization_id, b.id from public.broadcasts b where b.number = wanted $of$;
revoke execute on function app.broadcast_of(bigint) from public;
grant execute on function app.broadcast_of(bigint) to groundswell_app;

-- Lists whose people a broadcast is for, or is not for.
create table campaign_audiences (
    organization_id uuid not null references organizations (id),
    broadcast_id uuid not null,
    list_id uuid not null,
    mode text not null check (mode in ('include', 'exclude')),
    primary key (organization_id, broadcast_id, list_id),
    foreign key (organization_id, broadcast_id) references broadcasts (organization_id, id),
    foreign key (organization_id, list_id) references contact_lists (organization_id, id)
);
create index campaign_audiences_list_idx on campaign_audiences (organization_id, list_id);
select app.protect('campaign_audiences');

-- Whom a broadcast was for when it started, as they were then. No reference to the contact: this ledger
-- stays, and a million checks would cost more than all the rest.
create table recipients (
    organization_id uuid not null references organizations (id),
    broadcast_id uuid not null,
    contact_id uuid not null,
    address text collate "C" not null check (length(address) <= 254),
    -- The values of merge fields.
    merge jsonb not null default '{}' check (jsonb_typeof(merge) = 'object'),
    -- Why nothing is sent to them; empty where something is.
    skipped text not null default '' check (skipped in ('', 'no_address', 'suppressed', 'opted_out', 'paused')),
    -- By people; what machines do is kept in the log of events only.
    opens integer not null default 0,
    clicks integer not null default 0,
    first_opened_at timestamptz,
    first_clicked_at timestamptz,
    unsubscribed_at timestamptz,
    complained_at timestamptz,
    -- It came back: for ever, or this once.
    bounced_at timestamptz,
    bounce text not null default '' check (bounce in ('', 'hard', 'soft')),
    bounce_reason text not null default '' check (length(bounce_reason) <= 40),
    bounce_detail text not null default '' check (length(bounce_detail) <= 500),
    primary key (organization_id, broadcast_id, contact_id),
    foreign key (organization_id, broadcast_id) references broadcasts (organization_id, id)
) with (fillfactor = 80);
create index recipients_contact_idx on recipients (organization_id, contact_id);
select app.protect('recipients');

-- Where the links of a broadcast lead, with their merge fields, and who followed them.
create table tracked_links (
    organization_id uuid not null references organizations (id),
    broadcast_id uuid not null,
    position smallint not null check (position >= 0),
    target text not null check (length(target) <= 4000),
    clicks bigint not null default 0,
    primary key (organization_id, broadcast_id, position),
    foreign key (organization_id, broadcast_id) references broadcasts (organization_id, id)
);
select app.protect('tracked_links');

-- Who followed which link, once each.
create table link_clicks (
    organization_id uuid not null references organizations (id),
    broadcast_id uuid not null,
    position smallint not null,
    contact_id uuid not null,
    first_clicked_at timestamptz not null,
    clicks integer not null default 1,
    primary key (organization_id, broadcast_id, position, contact_id),
    foreign key (organization_id, broadcast_id, position)
        references tracked_links (organization_id, broadcast_id, position)
);
select app.protect('link_clicks');

-- Mail that was kept because there is no server: what would have left.
create table kept_mail (
    organization_id uuid not null references organizations (id),
    id uuid not null,
    broadcast_id uuid,
    recipient text collate "C" not null check (length(recipient) <= 254),
    subject text not null check (length(subject) <= 1000),
    source bytea not null check (length(source) <= 2097152),
    kept_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, broadcast_id) references broadcasts (organization_id, id)
);
create index kept_mail_broadcast_idx on kept_mail (organization_id, broadcast_id);
select app.protect('kept_mail');

-- What the roles of organizations that are there already may do of what is new.
insert into role_permissions (organization_id, role_id, permission)
select r.organization_id, r.id, new.permission
  from roles r
  join (values ('campaigns.view', '{company_owner,agency_owner,agency_member,organization_admin,manager,marketer,sales,developer,call_center,approver,viewer}'::text[]),
               ('campaigns.edit', '{company_owner,agency_owner,agency_member,organization_admin,manager,marketer}'),
               ('campaigns.send', '{company_owner,agency_owner,agency_member,organization_admin,manager,marketer}'),
               ('senders.edit', '{company_owner,agency_owner,organization_admin,manager}')) new (permission, keys)
    on r.key = any (new.keys)
 where r.is_system and r.organization_id <> '00000000-0000-7000-8000-000000000000'
    on conflict do nothing;
