-- An organization that is about to be deleted. Locked, so that nothing can be added to it meanwhile: a row
-- of it needs the organization to be there.
select o.id, o.slug, o.name, o.kind, o.created_at,
       array(select client.slug from organizations client where client.agency_id = o.id order by client.slug) as clients,
       (select count(*) from organization_members m where m.organization_id = o.id) as people,
       (select count(*) from organization_members m
         where m.organization_id = o.id
           and not exists (select 1 from organization_members other
                            where other.user_id = m.user_id and other.organization_id <> o.id)) as only_here
  from organizations o
 where o.slug = $1
   for update of o
