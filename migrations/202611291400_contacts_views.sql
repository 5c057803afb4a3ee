-- A list sorted by what people compare, and files with its columns.

alter table exports add column has_view_columns boolean not null default false;

-- One for each order of the list, word for word as its statement sorts: a page is then the next fifty rows of an
-- index, wherever it stands and whichever way it reads, and not a sort of everybody. Who is archived is looked at
-- rarely and sorted then. Changing somebody writes these anew; the points of one person change a few times a day.
create index contacts_company_sort_idx on contacts (organization_id,
    (case when company = '' then '1' else '0' || lower(company collate "und-x-icu") end collate "C"), id)
    where archived_at is null;
create index contacts_stage_sort_idx on contacts (organization_id,
    array_position('{subscriber,lead,mql,sql,opportunity,customer,evangelist,inactive}'::text[], lifecycle_stage), id)
    where archived_at is null;
create index contacts_lead_status_sort_idx on contacts (organization_id,
    array_position('{new,contacted,qualified,nurturing,converted,lost}'::text[], lead_status), id)
    where archived_at is null;
create index contacts_lead_score_sort_idx on contacts (organization_id, lead_score, id) where archived_at is null;
create index contacts_engagement_sort_idx on contacts (organization_id, engagement_score, id) where archived_at is null;
create index contacts_changed_sort_idx on contacts (organization_id, updated_at, id) where archived_at is null;
