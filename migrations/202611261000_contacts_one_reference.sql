-- What hangs on a row of an organization belongs to it through that row: the reference carries the tenant key.
-- A second one, to the organization itself, was checked for each of a hundred thousand rows and said nothing
-- more.
alter table contact_list_members drop constraint contact_list_members_organization_id_fkey;
alter table consents drop constraint consents_organization_id_fkey;
alter table import_changes drop constraint import_changes_organization_id_fkey;
alter table recipients drop constraint recipients_organization_id_fkey;
alter table link_clicks drop constraint link_clicks_organization_id_fkey;
