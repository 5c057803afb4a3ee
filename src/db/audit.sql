-- Every way in which the catalogue would let one organization reach another: rule, object, sentence.
--
-- Looks at the schemas public and app. A tenant table is one with an organization_id, and
-- organizations itself, whose key is its id. Exceptions are taken away afterwards (audit.rs).
with
-- The roles that requests and jobs run as.
runtime as (
    select oid, rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication
      from pg_roles where rolname in ('groundswell_app', 'groundswell_worker')
),
owner as (
    select oid, rolbypassrls from pg_roles where rolname = 'groundswell_owner'
),
space as (
    select oid, nspname, nspowner from pg_namespace where nspname in ('public', 'app')
),
relation as (
    select c.oid, c.relname, c.relkind, c.relowner, c.relispartition, c.relrowsecurity, c.relforcerowsecurity,
           c.reloptions, c.relacl, format('%s.%s', s.nspname, c.relname) as name
      from pg_class c join space s on s.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
),
-- Tenant tables, with the column that says whose a row is.
tenant as (
    select r.*, a.attnum as key, a.attname as key_name, a.attnotnull and a.atttypid = 'uuid'::regtype as key_holds
      from relation r
      join pg_attribute a on a.attrelid = r.oid and not a.attisdropped
       and a.attname = case r.name when 'public.organizations' then 'id' else 'organization_id' end
     where r.relkind in ('r', 'p')
),
policy as (
    select t.oid as table_oid, t.name || '.' || p.polname as name, t.key_name,
           p.polpermissive and p.polcmd = '*'
               and p.polroles = array[(select oid from pg_roles where rolname = 'groundswell_app')] as applies,
           coalesce(pg_get_expr(p.polqual, p.polrelid), '') as sees,
           coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') as writes
      from tenant t join pg_policy p on p.polrelid = t.oid
),
-- The columns of each index in order, 0 for an expression; columns carried along are left out.
index_of as (
    select i.indrelid as table_oid, i.indexrelid, i.indisunique or i.indisexclusion as excludes,
           coalesce(pg_get_expr(i.indpred, i.indrelid) ~ '^\(\w+ IS NOT NULL\)$', true) as finds_every_child,
           (i.indkey::int2[])[0:i.indnkeyatts - 1] as columns,
           format('%s.%s', s.nspname, c.relname) as name
      from pg_index i join pg_class c on c.oid = i.indexrelid join space s on s.oid = c.relnamespace
),
foreign_key as (
    select k.conrelid, k.confrelid, k.conkey, k.confkey, r.name || '.' || k.conname as name
      from pg_constraint k join relation r on r.oid = k.conrelid
     where k.contype = 'f'
),
routine as (
    select p.oid, p.proowner, p.prosecdef, p.proconfig, format('%s.%s', s.nspname, p.proname) as name
      from pg_proc p join space s on s.oid = p.pronamespace
     where not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
)

select 'R1' as rule, t.name as object,
       format('row security is not %s on the tenant table %s',
              case when t.relrowsecurity then 'forced on the owner' else 'enabled' end, t.name) as sentence
  from tenant t
 where not t.relrowsecurity or (not t.relforcerowsecurity and (select rolbypassrls from owner))
union all
select 'R2', t.name, format('the tenant table %s has no policy', t.name)
  from tenant t
 where not t.relispartition and not exists (select 1 from pg_policy p where p.polrelid = t.oid)
union all
select 'R3', p.name, format('the policy %s does not ask which organization was entered', p.name)
  from policy p
 where (p.sees || p.writes) !~ 'app\.current_organization_id'
union all
select 'R4', r.name, format('the table %s belongs to no organization and is not on the list of those that may', r.name)
  from relation r
 where r.relkind in ('r', 'p') and not exists (select 1 from tenant t where t.oid = r.oid)
union all
select 'R5', r.name, format('the view %s reads as its owner, past row security: set security_invoker', r.name)
  from relation r
 where r.relkind = 'v' and not coalesce(r.reloptions::text ~* 'security_invoker=(true|on|1)', false)
union all
select 'R6', r.name, format('%s may read %s, which row security cannot guard', u.rolname, r.name)
  from relation r cross join runtime u
 where r.relkind in ('m', 'f') and has_any_column_privilege(u.oid, r.oid, 'select')
union all
select 'R7', f.name, format('%s may call %s, which runs with its owner''s power', u.rolname, f.name)
  from routine f cross join runtime u
 where f.prosecdef and has_function_privilege(u.oid, f.oid, 'execute')
union all
select 'R8', k.name, format('the foreign key %s can point into another organization: it does not carry the tenant key', k.name)
  from foreign_key k
  join tenant t on t.oid = k.conrelid
  join tenant f on f.oid = k.confrelid
 where not exists (select 1 from unnest(k.conkey, k.confkey) pair (mine, theirs)
                    where pair.mine = t.key and pair.theirs = f.key)
union all
select 'R9', i.name, format('the unique index %s tells one organization what another has', i.name)
  from index_of i join tenant t on t.oid = i.table_oid
 where i.excludes and t.key <> all (i.columns)
union all
select 'R10', u.rolname::text, format('the role %s has more power than it needs: %s', u.rolname, power.words)
  from runtime u
 cross join lateral (values
       (u.rolsuper, 'it is a superuser'),
       (u.rolbypassrls, 'it may bypass row security'),
       (u.rolcreaterole, 'it may make roles'),
       (u.rolcreatedb, 'it may make databases'),
       (u.rolreplication, 'it may replicate'),
       (exists (select 1 from relation r where r.relowner = u.oid), 'it owns tables'),
       (exists (select 1 from pg_auth_members m where m.member = u.oid), 'it is a member of another role'),
       (exists (select 1 from space s where has_schema_privilege(u.oid, s.oid, 'create')), 'it may create tables')
  ) power (has, words)
 where power.has
union all
select 'R11', r.name, format('%s may go to the partition %s past its table''s policy', u.rolname, r.name)
  from relation r cross join runtime u
 where r.relispartition and has_table_privilege(u.oid, r.oid, 'select, insert, update, delete')
union all
select 'R12', thing.name, format('%s is owned by %s, not by groundswell_owner', thing.name, thing.owner::regrole)
  from (select r.name, r.relowner as owner from relation r
        union all
        select f.name, f.proowner from routine f
        union all
        select 'the schema ' || s.nspname, s.nspowner from space s where s.nspname = 'app') thing
 where thing.owner is distinct from (select oid from owner)
union all
select 'R13', p.name, format('the policy %s has not the one shape that app.protect gives', p.name)
  from policy p
 cross join lateral (values (format(
       '(%I = (NULLIF(current_setting(''app.current_organization_id''::text, true), ''''::text))::uuid)', p.key_name))) wanted (text)
 where not (p.applies and p.sees = wanted.text and p.writes = wanted.text)
   and (p.sees || p.writes) ~ 'app\.current_organization_id'
union all
select 'R14', f.name, format('the function %s runs with its owner''s power and a search path of the caller''s choice', f.name)
  from routine f
 where f.prosecdef and not coalesce('search_path=pg_catalog, pg_temp' = any (f.proconfig), false)
union all
select 'R15', k.name, format('the foreign key %s has no index that begins with its columns', k.name)
  from foreign_key k
 where not exists (select 1 from index_of i
                    where i.table_oid = k.conrelid and i.finds_every_child
                      and k.conkey <@ i.columns[:cardinality(k.conkey)])
union all
select 'R16', r.name, format('%s may truncate %s, or make triggers or references on it: row security stops none of these', u.rolname, r.name)
  from relation r cross join runtime u
 where r.relkind in ('r', 'p', 'v', 'm', 'f') and has_table_privilege(u.oid, r.oid, 'truncate, references, trigger')
union all
select 'R17', i.name, format('the index %s on a tenant table does not begin with the tenant key', i.name)
  from index_of i join tenant t on t.oid = i.table_oid
 where i.columns[1] <> t.key
union all
select 'R18', t.name, format('a row of %s may belong to nobody: %s must be a uuid and not null', t.name, t.key_name)
  from tenant t
 where not t.key_holds
union all
select 'R19', r.name, format('everybody who can reach the database may use %s: it is granted to PUBLIC', r.name)
  from relation r
 where exists (select 1 from aclexplode(r.relacl) grants where grants.grantee = 0)
order by 1, 2, 3
