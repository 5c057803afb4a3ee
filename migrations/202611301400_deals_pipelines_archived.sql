-- Pipelines that are out of use: nothing is in them, and they can come back.
alter table pipelines
    add column archived_at timestamptz,
    add column archived_by uuid,
    add constraint pipelines_archived_check check (archived_by is null or archived_at is not null);

-- A deal can come from a stage of another pipeline: when its own is archived, and back.
alter table deal_stage_history add column from_pipeline_id uuid;
update deal_stage_history set from_pipeline_id = pipeline_id where from_stage_id is not null;
alter table deal_stage_history drop constraint deal_stage_history_organization_id_pipeline_id_from_stage__fkey;
alter table deal_stage_history
    add constraint deal_stage_history_from_fkey
        foreign key (organization_id, from_pipeline_id, from_stage_id) references pipeline_stages (organization_id, pipeline_id, id);
drop index deal_stage_history_from_idx;
create index deal_stage_history_from_idx on deal_stage_history (organization_id, from_pipeline_id, from_stage_id, moved_at);
