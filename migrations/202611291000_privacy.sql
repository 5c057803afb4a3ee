-- Erasing people, with a report of what went and what stays, and what is kept for so long and no longer.

insert into role_permissions (organization_id, role_id, permission)
select r.organization_id, r.id, 'contacts.privacy'
  from roles r
 where r.is_system and r.key in ('company_owner', 'organization_admin', 'agency_owner')
   and r.organization_id <> '00000000-0000-7000-8000-000000000000'
    on conflict do nothing;

-- Somebody who was erased, or is to be. It names nobody: an id that leads nowhere any more, and hashes.
create table erasures (
    organization_id uuid not null references organizations (id),
    -- Version 7: in the order in which they were asked for.
    id uuid not null,
    contact_id uuid not null,
    -- Other records that had become part of theirs, which go with them.
    part_ids uuid[] not null default '{}',
    -- Under which their addresses stay suppressed: the organization's own hashes.
    address_hashes bytea[] not null default '{}',
    status text not null default 'waiting' check (status in ('waiting', 'running', 'done', 'failed')),
    -- Why: somebody asked for it, a rule of retention did, or a backup brought them back.
    cause text not null default 'request' check (cause in ('request', 'retention', 'backup')),
    requested_by uuid,
    requested_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    -- What it did, table by table: how many rows, and what became of them.
    report jsonb not null default '[]' check (jsonb_typeof(report) = 'array'),
    attempts integer not null default 0,
    last_error text not null default '' check (length(last_error) <= 2000),
    -- When it is tried again by itself.
    next_try_at timestamptz,
    primary key (organization_id, id)
);
create unique index erasures_open_key on erasures (organization_id, contact_id) where status <> 'done';
create index erasures_contact_idx on erasures (organization_id, contact_id);
select app.protect('erasures');
revoke delete on erasures from groundswell_app;

-- What is kept for so long and no longer. Without a row: for ever.
create table retention_rules (
    organization_id uuid not null references organizations (id),
    kind text not null check (length(kind) between 1 and 40),
    -- What is older goes; none while the rule is off.
    days integer check (days between 1 and 36500),
    last_run_at timestamptz,
    -- How many went then, and how many since the rule is there.
    last_count bigint not null default 0,
    total bigint not null default 0,
    last_error text not null default '' check (length(last_error) <= 1000),
    updated_at timestamptz not null,
    primary key (organization_id, kind)
);
select app.protect('retention_rules');

-- Where something is kept for so long and no longer: ids of organizations, each of which is then entered.
create function app.organizations_that_forget() returns setof uuid
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $forget$ select distinct r.organization_id from public.retention_rules r where r.days is not null $forget$;
revoke execute on function app.organizations_that_forget() from public;
grant execute on function app.organizations_that_forget() to groundswell_app;

-- What follows are the only ways in which an erasure touches logs and ledgers that are closed to the application.
-- Each works in the organization that was entered, and for somebody alone whose erasure is under way there.

create function app.is_being_erased(org uuid, contact uuid) returns boolean
    language sql stable
    set search_path = pg_catalog, pg_temp
    as $being$
    select exists (select 1 from public.erasures e
                    where e.organization_id = org and e.status = 'running'
                      and (e.contact_id = contact or contact = any (e.part_ids)))
    $being$;
revoke execute on function app.is_being_erased(uuid, uuid) from public;

-- Everything they agreed to and took back.
create function app.erase_consents(contact uuid) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $consents$
    declare
        org uuid := nullif(current_setting('app.current_organization_id', true), '')::uuid;
        gone bigint;
    begin
        if not app.is_being_erased(org, contact) then
            raise exception 'nobody is being erased';
        end if;
        delete from public.consents where organization_id = org and contact_id = contact;
        get diagnostics gone = row_count;
        return gone;
    end $consents$;
revoke execute on function app.erase_consents(uuid) from public;
grant execute on function app.erase_consents(uuid) to groundswell_app;

-- An event's payload without what people wrote: ids, numbers and our own words stay, so that whoever counts or
-- listens later still can.
create function app.bare_fact(kind text, payload jsonb) returns jsonb
    language sql immutable
    set search_path = pg_catalog, pg_temp
    as $bare$
    select coalesce(jsonb_object_agg(f.key, case jsonb_typeof(f.value)
               when 'array' then '[]'::jsonb
               when 'object' then '{}'::jsonb
               when 'string' then case
                   when f.value #>> '{}' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then f.value
                   when f.key in ('fact', 'cause', 'source', 'kind', 'bounce', 'machine', 'proxy', 'state', 'channel')
                       and f.value #>> '{}' ~ '^[a-z_]{0,20}$' then f.value
                   when f.key = 'reason' and kind = 'email.bounced' then f.value
                   else '""'::jsonb end
               else f.value end), '{}'::jsonb)
      from jsonb_each(payload) f
    $bare$;
revoke execute on function app.bare_fact(text, jsonb) from public;

-- What happened to them stays as counts.
create function app.blank_events(contact uuid) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $events$
    declare
        org uuid := nullif(current_setting('app.current_organization_id', true), '')::uuid;
        blanked bigint;
    begin
        if not app.is_being_erased(org, contact) then
            raise exception 'nobody is being erased';
        end if;
        update public.events e set payload = app.bare_fact(e.kind, e.payload)
         where e.organization_id = org and e.contact_id = contact;
        get diagnostics blanked = row_count;
        return blanked;
    end $events$;
revoke execute on function app.blank_events(uuid) from public;
grant execute on function app.blank_events(uuid) to groundswell_app;

-- Why deals of theirs were lost, where it names them.
create function app.blank_deal_history(contact uuid, pattern text) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $history$
    declare
        org uuid := nullif(current_setting('app.current_organization_id', true), '')::uuid;
        blanked bigint;
    begin
        if not app.is_being_erased(org, contact) then
            raise exception 'nobody is being erased';
        end if;
        update public.deal_stage_history h
           set reason = left(regexp_replace(h.reason, pattern, '[erased]', 'g'), 1000)
          from public.deal_contacts c
         where c.organization_id = org and c.contact_id = contact
           and h.organization_id = org and h.deal_id = c.deal_id and h.reason ~ pattern;
        get diagnostics blanked = row_count;
        return blanked;
    end $history$;
revoke execute on function app.blank_deal_history(uuid, text) from public;
grant execute on function app.blank_deal_history(uuid, text) to groundswell_app;

-- Takes them out of the audit log. Who did what to which id, and when, stays; so do the hashes of the chain. Gives
-- the rows that changed, each with the hash that it would have now: the erasure writes these into the log as an entry
-- of its own, and the chain is whole as long as a row has either the hash that it was written with or that one.
create function app.blank_audit(contact uuid, pattern text) returns table (row_seq bigint, row_hash text)
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $audit$
    declare
        org uuid := nullif(current_setting('app.current_organization_id', true), '')::uuid;
    begin
        if not app.is_being_erased(org, contact) then
            raise exception 'nobody is being erased';
        end if;
        return query
        with about as (
            select l.seq, l.subject_kind = 'contact' and l.subject_id = contact::text as is_whole
              from public.audit_log l
             where l.organization_id = org and l.action <> 'contacts.erased'
               and (l.subject_kind = 'contact' and l.subject_id = contact::text
                    or concat_ws(' ', l.subject_name, l.before, l.after, l.reason) ~ pattern)
        ),
        blank as (
            update public.audit_log l
               set subject_name = case when a.is_whole then '' else left(regexp_replace(l.subject_name, pattern, '[erased]', 'g'), 300) end,
                   before = case when not a.is_whole then regexp_replace(l.before::text, pattern, '[erased]', 'g')::jsonb end,
                   after = case when not a.is_whole then regexp_replace(l.after::text, pattern, '[erased]', 'g')::jsonb end,
                   reason = case when a.is_whole then '' else left(regexp_replace(l.reason, pattern, '[erased]', 'g'), 1000) end,
                   address = case when l.actor_kind = 'visitor' then '' else l.address end
              from about a
             where l.organization_id = org and l.seq = a.seq
            returning l.*
        )
        select b.seq, encode(sha256(b.previous_hash || convert_to(jsonb_build_array(
                   b.organization_id, b.seq, (extract(epoch from b.occurred_at) * 1000000)::bigint, b.actor_kind,
                   b.actor_id, b.actor_name, b.action, b.outcome, b.subject_kind, b.subject_id, b.subject_name,
                   b.before, b.after, b.reason, b.address, b.request_id)::text, 'UTF8')), 'hex')
          from blank b order by b.seq;
    end $audit$;
revoke execute on function app.blank_audit(uuid, text) from public;
grant execute on function app.blank_audit(uuid, text) to groundswell_app;

-- Forgets what happened in this organization before a moment, so many at the most; never what is younger than a month.
create function app.forget_events(until timestamptz, at_most integer) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $forget$
    declare
        org uuid := nullif(current_setting('app.current_organization_id', true), '')::uuid;
        gone bigint;
    begin
        if org is null or not exists (select 1 from public.retention_rules r
                                       where r.organization_id = org and r.kind = 'events' and r.days is not null)
            or until > now() - interval '30 days' then
            raise exception 'nothing is to be forgotten';
        end if;
        delete from public.events e
         using (select o.occurred_at, o.id from public.events o
                 where o.organization_id = org and o.occurred_at < until order by o.occurred_at limit at_most) old
         where e.organization_id = org and e.occurred_at = old.occurred_at and e.id = old.id;
        get diagnostics gone = row_count;
        return gone;
    end $forget$;
revoke execute on function app.forget_events(timestamptz, integer) from public;
grant execute on function app.forget_events(timestamptz, integer) to groundswell_app;
