-- A second file of the same shape comes with what was decided about the first.
alter table imports
    -- A hash of the names of its columns; none where they have none.
    add column shape bytea check (length(shape) = 32),
    -- The import whose decisions it came with.
    add column remembered_id uuid,
    add foreign key (organization_id, remembered_id) references imports (organization_id, id);
create index imports_shape_idx on imports (organization_id, shape, finished_at desc) where status = 'done';
create index imports_remembered_idx on imports (organization_id, remembered_id) where remembered_id is not null;
