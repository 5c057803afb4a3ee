-- Every table that organizations own rows of, with the column that says whose a row is, and the tables that
-- hold on to its rows: those are emptied before it.
with owned as (
    select c.oid, format('%I.%I', n.nspname, c.relname) as name,
           case when c.oid = 'public.organizations'::regclass then 'id' else 'organization_id' end as key
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = 'public'
       and (c.oid = 'public.organizations'::regclass
            or exists (select 1 from pg_attribute a
                        where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped))
)
select o.name, o.key,
       array(select distinct child.name
               from pg_constraint f
               join owned child on child.oid = f.conrelid
              where f.contype = 'f' and f.confrelid = o.oid and f.conrelid <> o.oid) as after
  from owned o
 order by o.name
