-- Whose a contact is, and how far the conversation with them has come.

alter table contacts
    -- A member; whoever leaves the workspace owns nobody in it any more.
    add column owner_id uuid,
    add column lead_status text not null default 'new' check (lead_status in
        ('new', 'contacted', 'qualified', 'nurturing', 'converted', 'lost')),
    add foreign key (organization_id, owner_id) references organization_members (organization_id, user_id)
        on delete set null (owner_id);
create index contacts_owner_idx on contacts (organization_id, owner_id) where owner_id is not null;

-- A view shows the columns that there were when it was made.
create or replace view contacts_q as
    select * from contacts
     where organization_id = nullif(current_setting('app.current_organization_id', true), '')::uuid;
