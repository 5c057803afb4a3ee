-- Search for companies, deals and telephone numbers by index, as for contacts: row security forbids these indexes to
-- operators that look for a part of a word, so that views show the organization that was entered.

create index companies_search_idx on companies
    using gin (organization_id extensions.uuid_ops, sort_name extensions.gin_trgm_ops, domain extensions.gin_trgm_ops);
create view companies_q as
    select * from companies
     where organization_id = nullif(current_setting('app.current_organization_id', true), '')::uuid;
grant select on companies_q to groundswell_app;

create index deals_search_idx on deals
    using gin (organization_id extensions.uuid_ops, sort_name extensions.gin_trgm_ops);
create view deals_q as
    select * from deals
     where organization_id = nullif(current_setting('app.current_organization_id', true), '')::uuid;
grant select on deals_q to groundswell_app;

-- A number is known by how it ends: without its country, or by its last digits.
create index contact_identities_number_idx on contact_identities
    (organization_id, (reverse(value_norm) collate "C")) where kind = 'phone';
create view contact_identities_q as
    select * from contact_identities
     where organization_id = nullif(current_setting('app.current_organization_id', true), '')::uuid;
grant select on contact_identities_q to groundswell_app;
