-- People who sign in, and what proves that they are who they say.
--
-- These tables belong to no organization: a person may be in many. There is no account before its
-- address is proven, so nobody can prepare one for somebody else's address.
create table users (
    id uuid primary key,
    email text collate "C" not null constraint users_email_key unique,
    password_hash text not null,
    -- Grows whenever every session of the person must end; it is part of what a session proves.
    auth_epoch integer not null default 0,
    totp_secret bytea,
    totp_enabled_at timestamptz,
    -- The time step of the last code taken: no code is taken twice (RFC 6238 §5.2).
    totp_last_step bigint,
    disabled_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check (email = lower(email) and length(email) <= 254)
);

create table user_profiles (
    user_id uuid primary key references users (id) on delete cascade,
    name text not null check (length(name) between 1 and 200),
    title text not null default '' check (length(title) <= 200),
    phone text not null default '' check (length(phone) <= 40),
    time_zone text not null default 'UTC',
    language text not null default 'en-US' check (language in ('en-US', 'en-GB')),
    theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
    density text not null default 'comfortable' check (density in ('comfortable', 'compact')),
    shortcuts_on boolean not null default true,
    updated_at timestamptz not null
);

create table user_avatars (
    user_id uuid primary key references users (id) on delete cascade,
    image bytea not null check (length(image) <= 524288),
    -- Part of the picture's address, so that a browser may keep it for ever.
    version text not null,
    updated_at timestamptz not null
);

create table recovery_codes (
    user_id uuid not null references users (id) on delete cascade,
    code_hash bytea not null,
    used_at timestamptz,
    primary key (user_id, code_hash)
);

-- Sessions of the browser. Only a hash of the id is kept: a copy of this table opens nothing.
create table web_sessions (
    id_hash bytea primary key,
    user_id uuid references users (id) on delete cascade,
    data jsonb not null,
    device text not null default '',
    address text not null default '',
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
);
create index web_sessions_user_id_idx on web_sessions (user_id, seen_at desc);
create index web_sessions_expires_at_idx on web_sessions (expires_at);

-- Links sent by mail: sign-up, password reset, change of address. Single use, of which a hash is kept.
create table mailed_links (
    token_hash bytea primary key,
    kind text not null check (kind in ('sign_up', 'reset', 'change_email')),
    user_id uuid references users (id) on delete cascade,
    email text collate "C" not null,
    name text not null default '',
    workspace_name text not null default '',
    -- The epoch at the time of sending: a link outlives no change of password.
    auth_epoch integer,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    check ((kind = 'sign_up') = (user_id is null))
);
create index mailed_links_user_id_idx on mailed_links (user_id);
create index mailed_links_expires_at_idx on mailed_links (expires_at);

-- Limits on guessing that hold across processes: one row a bucket, the generic cell rate algorithm.
create table throttles (
    bucket text primary key,
    -- When the bucket is empty again (the theoretical arrival time).
    empty_at timestamptz not null
);
create index throttles_empty_at_idx on throttles (empty_at);

grant select, insert, update, delete
    on users, user_profiles, user_avatars, recovery_codes, web_sessions, mailed_links, throttles to groundswell_app;
