-- By what people are known, and where post reaches them.

create table contact_identities (
    organization_id uuid not null,
    -- Version 7: in the order in which they became known.
    id uuid not null,
    contact_id uuid not null,
    kind text not null check (kind in ('email', 'phone', 'whatsapp', 'telegram', 'external_id', 'customer_code')),
    -- As people read it, and as it is compared: what differs there is another.
    value text not null check (length(value) between 1 and 254),
    value_norm text collate "C" not null check (length(value_norm) between 1 and 254),
    -- The one of its kind that is used; of addresses, numbers and customer numbers the contact itself names it too.
    is_primary boolean not null default false,
    created_at timestamptz not null,
    primary key (organization_id, id),
    constraint contact_identities_value_key unique (organization_id, kind, value_norm),
    foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create unique index contact_identities_primary_key on contact_identities (organization_id, contact_id, kind) where is_primary;
create index contact_identities_contact_idx on contact_identities (organization_id, contact_id);
select app.protect('contact_identities');

-- What is known already. Numbers are compared by the program alone, which knows countries: those that name theirs
-- are kept here, the others when their contact is next changed.
insert into contact_identities (organization_id, id, contact_id, kind, value, value_norm, is_primary, created_at)
select organization_id, gen_random_uuid(), id, 'email', email, email, true, created_at from contacts where email is not null
    on conflict do nothing;
insert into contact_identities (organization_id, id, contact_id, kind, value, value_norm, is_primary, created_at)
select organization_id, gen_random_uuid(), id, 'customer_code', customer_code, customer_code, true, created_at
  from contacts where customer_code <> '' order by created_at, id
    on conflict do nothing;
insert into contact_identities (organization_id, id, contact_id, kind, value, value_norm, is_primary, created_at)
select c.organization_id, gen_random_uuid(), c.id, 'phone', n.number, n.number, true, c.created_at
  from contacts c cross join lateral (select '+' || regexp_replace(c.phone, '[^0-9]', '', 'g') as number) n
 where c.phone ~ '^\+[0-9 ().-]+$' and length(n.number) between 8 and 16 order by c.created_at, c.id
    on conflict do nothing;

create table postal_addresses (
    organization_id uuid not null,
    id uuid not null,
    contact_id uuid not null,
    kind text not null check (kind in ('home', 'work', 'billing', 'shipping')),
    -- Street and whatever else stands above the city, a line each.
    lines text not null check (length(lines) between 1 and 500),
    city text not null default '' check (length(city) <= 200),
    region text not null default '' check (length(region) <= 200),
    postcode text not null default '' check (length(postcode) <= 40),
    country text not null default '' check (length(country) <= 100),
    is_primary boolean not null default false,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (organization_id, id),
    foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete cascade
);
create unique index postal_addresses_primary_key on postal_addresses (organization_id, contact_id) where is_primary;
create index postal_addresses_contact_idx on postal_addresses (organization_id, contact_id);
select app.protect('postal_addresses');
