-- Who looked after a workspace so far also sees and steers its jobs.
insert into role_permissions (organization_id, role_id, permission)
select p.organization_id, p.role_id, added.permission
  from role_permissions p
 cross join (values ('jobs.view'), ('jobs.edit')) as added (permission)
 where p.permission = 'workspace.edit'
    on conflict do nothing;
