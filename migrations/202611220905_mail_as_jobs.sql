-- A message of the system is delivered by a job; the queue of its own is gone.
insert into job_queue (organization_id, id, kind, payload, dedupe_key, max_attempts)
select '00000000-0000-7000-8000-000000000000', gen_random_uuid(), 'mail.deliver',
       jsonb_build_object('message', id), null, 8
  from mail_messages where status in ('queued', 'sending');

drop index mail_messages_due_idx;
alter table mail_messages drop column next_attempt_at;
update mail_messages set status = 'queued' where status = 'sending';
alter table mail_messages drop constraint mail_messages_status_check;
alter table mail_messages add constraint mail_messages_status_check
    check (status in ('queued', 'sent', 'failed', 'kept'));
