-- Mail of the system itself (confirmations, resets): the queue it leaves by, and the built-in mailbox.
--
-- Belongs to no organization. A message waits here until the configured server took it, or is kept
-- here for reading when there is no server.
create table mail_messages (
    id uuid primary key,
    -- What the message is, so that asking twice sends once.
    idempotency_key text not null constraint mail_messages_idempotency_key_key unique,
    kind text not null,
    recipient text collate "C" not null,
    subject text not null,
    -- The whole message (RFC 5322). Cut down to its headers once a server has taken it: the body
    -- holds links that sign in.
    source bytea not null,
    -- queued: waits for next_attempt_at. sending: somebody tries, until next_attempt_at at the latest.
    -- sent: a server took it. failed: nobody tries again by themselves. kept: there was no server.
    status text not null check (status in ('queued', 'sending', 'sent', 'failed', 'kept')),
    attempts integer not null default 0,
    last_error text not null default '',
    next_attempt_at timestamptz not null,
    created_at timestamptz not null,
    sent_at timestamptz,
    check ((status = 'sent') = (sent_at is not null))
);
create index mail_messages_due_idx on mail_messages (next_attempt_at) where status in ('queued', 'sending');
create index mail_messages_created_at_idx on mail_messages (created_at desc, id desc);
create index mail_messages_recipient_idx on mail_messages (recipient, created_at desc);
grant select, insert, update, delete on mail_messages to groundswell_app;
