-- A process that takes jobs holds an advisory lock for as long as it lives. Its number stands with each job
-- in its hands, so that others see within seconds, and not when the lease ends, that it is gone.
alter table job_queue add column pulse bigint;
