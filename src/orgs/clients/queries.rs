//! All SQL of clients.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Client,
    access::{AgencyPerson, OwnRow},
};
use crate::{
    accounts::UserId,
    tenancy::OrgTx,
    web::page::{Cursor, Going, PAGE},
};

/// Where in the list of clients a page begins, and whose names it holds.
pub(super) struct Wanted<'a> {
    pub pattern: &'a str,
    pub cursor: Option<&'a Cursor>,
    pub going: Going,
}

/// The clients of this agency that the person may enter, by name.
pub(super) async fn page(tx: &mut OrgTx, user: UserId, wanted: &Wanted<'_>) -> sqlx::Result<Vec<Client>> {
    let org = tx.org();
    sqlx::query_as!(
        Client,
        r#"with clients as (
               select c.*, lower(c.name) collate "C" as sort_value
                 from app.agency_clients($2, $1) c
                where c.name ilike $3
           )
           select organization_id as "organization_id!", slug as "slug!", name as "name!", hue as "hue!",
                  role_name as "role_name!", via_agency is not null as "is_through_agency!", people as "people!",
                  invited as "invited!", last_change_at, sort_value as "sort_value!"
             from clients
            where $4::text is null
               or case when $6 then (sort_value, organization_id) > ($4, $5)
                       else (sort_value, organization_id) < ($4, $5) end
            order by case when $6 then sort_value end, case when $6 then organization_id end,
                     case when not $6 then sort_value end desc, case when not $6 then organization_id end desc
            limit $7"#,
        org,
        user as UserId,
        wanted.pattern,
        wanted.cursor.map(|cursor| cursor.value.as_str()),
        wanted.cursor.map(|cursor| cursor.id).unwrap_or_default(),
        wanted.going == Going::Forward,
        i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn count(tx: &mut OrgTx, user: UserId, pattern: &str) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from app.agency_clients($2, $1) c where c.name ilike $3"#,
        org,
        user as UserId,
        pattern,
    )
    .fetch_one(tx.conn())
    .await
}

/// Every row of membership in the client, of people who are not disabled.
pub(super) async fn own_rows(tx: &mut OrgTx) -> sqlx::Result<Vec<OwnRow>> {
    let org = tx.org();
    sqlx::query_as!(
        OwnRow,
        "select m.user_id, p.name, u.email, m.status, m.role_id, r.name as role_name, m.assigned_by_agency
           from organization_members m
           join roles r on r.organization_id = m.organization_id and r.id = m.role_id
           join users u on u.id = m.user_id and u.disabled_at is null
           join user_profiles p on p.user_id = m.user_id
          where m.organization_id = $1
          order by lower(p.name), m.user_id",
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// The active people of the agency, with what they are in clients, if in every one.
pub(super) async fn agency_people(tx: &mut OrgTx) -> sqlx::Result<Vec<AgencyPerson>> {
    let org = tx.org();
    sqlx::query_as!(
        AgencyPerson,
        r#"select m.user_id, p.name, u.email, r.name as role_name,
                  case when exists (select 1 from role_permissions g
                                     where g.organization_id = $1 and g.role_id = m.role_id
                                       and g.permission = 'clients.access_all')
                       then r.client_role end as client_role
             from organization_members m
             join roles r on r.organization_id = m.organization_id and r.id = m.role_id
             join users u on u.id = m.user_id and u.disabled_at is null
             join user_profiles p on p.user_id = m.user_id
            where m.organization_id = $1 and m.status = 'active'
            order by lower(p.name), m.user_id"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// A row by which the agency places somebody in the client, or shuts them out of it.
pub(super) struct Placing<'a> {
    pub user: Uuid,
    pub role: Uuid,
    pub status: &'a str,
    pub by: UserId,
}

/// Writes the row. `false` when the person is an active member of the client already.
pub(super) async fn place(tx: &mut OrgTx, placing: &Placing<'_>, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into organization_members
             (organization_id, user_id, role_id, status, invited_by, assigned_by_agency, created_at, updated_at)
         values ($1, $2, $3, $4, $5, true, $6, $6)
         on conflict (organization_id, user_id) do update
            set status = excluded.status, role_id = excluded.role_id, invited_by = excluded.invited_by,
                assigned_by_agency = true, updated_at = excluded.updated_at
          where organization_members.organization_id = $1 and organization_members.status <> 'active'",
        org,
        placing.user,
        placing.role,
        placing.status,
        placing.by as UserId,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
