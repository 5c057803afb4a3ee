-- Tasks: what somebody has to do, by when, about whom.
create table tasks (
    organization_id uuid not null references organizations (id),
    -- Version 7: in the order in which they were made.
    id uuid not null,
    title text not null check (length(title) between 1 and 200),
    notes text not null default '' check (length(notes) <= 5000),
    kind text not null check (kind in ('to_do', 'call', 'email', 'meeting')),
    priority text not null check (priority in ('low', 'normal', 'high')),
    -- By the clocks of the workspace's time zone.
    due_on date,
    due_time time,
    -- When whoever has it is reminded; none without a day.
    remind_at timestamptz,
    reminded_at timestamptz,
    -- A member; who has left stays named here until somebody takes over.
    assignee_id uuid,
    contact_id uuid,
    deal_id uuid,
    repeats text not null check (repeats in ('never', 'daily', 'weekly', 'monthly')),
    -- The day of the month on which the first of them was due: a short month does not move the rest.
    repeat_day smallint check (repeat_day between 1 and 31),
    -- The task that was done for this one to be made: each has one next at most.
    follows uuid,
    done_at timestamptz,
    done_by uuid,
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    primary key (organization_id, id),
    constraint tasks_follows_key unique (organization_id, follows),
    foreign key (organization_id, follows) references tasks (organization_id, id),
    -- Undoing an import takes people away again; what there is to do stays.
    foreign key (organization_id, contact_id) references contacts (organization_id, id) on delete set null (contact_id),
    foreign key (organization_id, deal_id) references deals (organization_id, id),
    check (due_time is null or due_on is not null),
    check (repeats = 'never' or (due_on is not null and repeat_day is not null)),
    check ((due_on is null) = (remind_at is null))
);
create index tasks_open_idx on tasks (organization_id, assignee_id, due_on) where done_at is null and deleted_at is null;
create index tasks_done_idx on tasks (organization_id, done_at desc) where done_at is not null and deleted_at is null;
create index tasks_contact_idx on tasks (organization_id, contact_id) where contact_id is not null;
create index tasks_deal_idx on tasks (organization_id, deal_id) where deal_id is not null;
-- Not led by the organization on purpose: it answers "in which organizations is somebody to be reminded".
create index tasks_remind_idx on tasks (remind_at)
    where reminded_at is null and done_at is null and deleted_at is null and assignee_id is not null;
select app.protect('tasks');

-- Where somebody is to be reminded of a task by this moment: ids of organizations, each of which is then entered.
create function app.organizations_to_remind(moment timestamptz) returns setof uuid
    language plpgsql stable security definer
    set search_path = pg_catalog, pg_temp
    as $remind$
    begin
        return query
        select distinct t.organization_id
          from public.tasks t
         where t.remind_at <= moment and t.reminded_at is null and t.done_at is null and t.deleted_at is null
           and t.assignee_id is not null;
    end $remind$;
revoke execute on function app.organizations_to_remind(timestamptz) from public;
grant execute on function app.organizations_to_remind(timestamptz) to groundswell_app;

-- What the roles of organizations that are there already may do of what is new.
insert into role_permissions (organization_id, role_id, permission)
select r.organization_id, r.id, new.permission
  from roles r
  join (values ('tasks.view', '{company_owner,agency_owner,agency_member,organization_admin,manager,marketer,sales,developer,call_center,approver,viewer}'::text[]),
               ('tasks.edit', '{company_owner,agency_owner,agency_member,organization_admin,manager,marketer,sales,call_center}')) new (permission, keys)
    on r.key = any (new.keys)
 where r.is_system and r.organization_id <> '00000000-0000-7000-8000-000000000000'
    on conflict do nothing;
