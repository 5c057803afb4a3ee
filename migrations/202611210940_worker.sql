-- What is done beside requests, and when it was last done: one row for each task.
--
-- Belongs to no organization. One process at a time holds a task, until held_until at the latest.
create table worker_tasks (
    name text primary key,
    holder uuid not null,
    held_until timestamptz not null,
    last_started_at timestamptz,
    last_finished_at timestamptz,
    -- Empty when the last run went well.
    last_error text not null default '',
    runs bigint not null default 0,
    items bigint not null default 0,
    next_run_at timestamptz not null
);
grant select, insert, update, delete on worker_tasks to groundswell_app;
