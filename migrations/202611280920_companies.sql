-- The companies that contacts work for.

create table companies (
    organization_id uuid not null references organizations (id),
    -- Version 7: in the order in which they were added.
    id uuid not null,
    name text not null check (length(name) between 1 and 200),
    -- What addresses of its people end with, in lower case; empty where it has none of its own.
    domain text collate "C" not null default '' check (length(domain) <= 253),
    industry text not null default '' check (length(industry) <= 100),
    -- How many people work there.
    size text not null default '' check (size in ('', '1-10', '11-50', '51-200', '201-1000', '1001+')),
    phone text not null default '' check (length(phone) <= 40),
    website text not null default '' check (length(website) <= 500),
    street text not null default '' check (length(street) <= 300),
    city text not null default '' check (length(city) <= 200),
    region text not null default '' check (length(region) <= 200),
    postal_code text not null default '' check (length(postal_code) <= 40),
    country text not null default '' check (length(country) <= 100),
    -- A member; whoever leaves the workspace owns nothing in it any more.
    owner_id uuid,
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- What a list is sorted by and searched in: in lower case of every language.
    sort_name text collate "C" not null generated always as (lower(name collate "und-x-icu")) stored,
    primary key (organization_id, id),
    foreign key (organization_id, owner_id) references organization_members (organization_id, user_id)
        on delete set null (owner_id)
);
create unique index companies_domain_key on companies (organization_id, domain) where domain <> '';
create index companies_name_idx on companies (organization_id, sort_name, id);
create index companies_owner_idx on companies (organization_id, owner_id) where owner_id is not null;
select app.protect('companies');

-- What a contact's company is called stays in contacts.company, for files and mail.
alter table contacts
    add column company_id uuid,
    add foreign key (organization_id, company_id) references companies (organization_id, id)
        on delete set null (company_id);
create index contacts_company_idx on contacts (organization_id, company_id) where company_id is not null;

create or replace view contacts_q as
    select * from contacts
     where organization_id = nullif(current_setting('app.current_organization_id', true), '')::uuid;
