-- A file may know people by something else than their address.
alter table imports add column known_by text not null default 'email'
    check (known_by in ('email', 'customer_code', 'external_id', 'phone'));

-- Nothing keeps two people from having one number; a file that knows them by it has to find them all.
create index contacts_customer_code_idx on contacts (organization_id, customer_code collate "C")
    where customer_code <> '';
