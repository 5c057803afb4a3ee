-- Dropping a month of the log holds up nobody: it takes the lock at once or not at all, and one month at a time, so that
-- who waits behind it comes in between. Says 1 for a month that is gone, 0 where there is none to drop, and -1 where
-- somebody was reading the log: then it is to be tried again.
create or replace function app.retire_months(keep_months integer) returns integer
    language plpgsql security definer
    set search_path = pg_catalog, pg_temp
    set timezone = 'UTC'
    set lock_timeout = '200ms'
    as $retire$
    declare
        month text;
    begin
        select c.relname into month
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = 'public.events'::regclass
           and to_date(right(c.relname, 6), 'YYYYMM')
               < date_trunc('month', now()) - greatest(keep_months, 12) * interval '1 month'
         order by c.relname
         limit 1;
        if month is null then
            return 0;
        end if;
        begin
            execute format('drop table public.%I', month);
        exception
            when lock_not_available then return -1;
        end;
        return 1;
    end $retire$;
