-- Who looks after those of a file whom nobody looks after yet.
alter table imports
    add column owner_id uuid,
    add foreign key (organization_id, owner_id) references organization_members (organization_id, user_id)
        on delete set null (owner_id);
create index imports_owner_idx on imports (organization_id, owner_id) where owner_id is not null;
