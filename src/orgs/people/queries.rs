//! All SQL of the list of people.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Person, Standing, list::ListQuery};
use crate::{
    orgs::system_roles::OWNERS,
    tenancy::OrgTx,
    web::page::{Cursor, Going, PAGE, Page},
};

/// One page of the people that `query` describes.
pub(super) async fn page(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<Page<Person>> {
    let org = tx.org();
    let cursor = query.cursor();
    let going = query.going();
    let rows = sqlx::query_as!(
        Person,
        r#"with people as (
               -- Whom the search and the filter leave, with what the list is sorted by.
               select m.user_id, p.name, u.email, r.key as role_key, r.name as role_name, m.status,
                      m.created_at as joined_at,
                      case $2
                          when 'email' then u.email
                          when 'role' then lower(r.name)
                          when 'joined' then to_char(m.created_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')
                          else lower(p.name)
                      end collate "C" as sort_value
                 from organization_members m
                 join roles r on r.organization_id = m.organization_id and r.id = m.role_id
                 join users u on u.id = m.user_id
                 join user_profiles p on p.user_id = m.user_id
                where m.organization_id = $1
                  and (p.name ilike $3 or u.email ilike $3)
                  and ($4 = '' or m.status = $4)
           )
           select user_id, name, email, role_key, role_name, status, joined_at, sort_value as "sort_value!"
             from people
            where $5::text is null
               or case when $7 then (sort_value, user_id) > ($5, $6) else (sort_value, user_id) < ($5, $6) end
            order by case when $7 then sort_value end, case when $7 then user_id end,
                     case when not $7 then sort_value end desc, case when not $7 then user_id end desc
            limit $8"#,
        org,
        query.sort(),
        query.pattern(),
        query.status(),
        cursor.as_ref().map(|cursor| cursor.value.as_str()),
        cursor.as_ref().map(|cursor| cursor.id).unwrap_or_default(),
        // Reading upwards: an ascending list forwards, or a descending one backwards.
        query.is_descending() == (going == Going::Back),
        i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
    )
    .fetch_all(tx.conn())
    .await?;
    let at = |person: &Person| Cursor { value: person.sort_value.clone(), id: person.user_id };
    Ok(Page::cut(rows, going, cursor.is_none(), at))
}

/// How many people the view holds, its place left aside.
pub(super) async fn count(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!"
             from organization_members m
             join users u on u.id = m.user_id
             join user_profiles p on p.user_id = m.user_id
            where m.organization_id = $1
              and (p.name ilike $2 or u.email ilike $2)
              and ($3 = '' or m.status = $3)"#,
        org,
        query.pattern(),
        query.status(),
    )
    .fetch_one(tx.conn())
    .await
}

/// Everybody in the view, for a change to all that match.
pub(super) async fn matching(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select m.user_id
           from organization_members m
           join users u on u.id = m.user_id
           join user_profiles p on p.user_id = m.user_id
          where m.organization_id = $1
            and (p.name ilike $2 or u.email ilike $2)
            and ($3 = '' or m.status = $3)",
        org,
        query.pattern(),
        query.status(),
    )
    .fetch_all(tx.conn())
    .await
}

/// Who the active owners are, for a page that shows it.
pub(super) async fn owner_ids(tx: &mut OrgTx) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    let keys: Vec<String> = OWNERS.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        "select m.user_id
           from organization_members m
           join roles r on r.organization_id = m.organization_id and r.id = m.role_id
          where m.organization_id = $1 and m.status = 'active' and r.key = any($2)",
        org,
        &keys,
    )
    .fetch_all(tx.conn())
    .await
}

/// The active owners, locked until the transaction ends: two people cannot shut each other out at once.
pub(super) async fn active_owners(tx: &mut OrgTx) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    let keys: Vec<String> = OWNERS.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        "select m.user_id
           from organization_members m
           join roles r on r.organization_id = m.organization_id and r.id = m.role_id
          where m.organization_id = $1 and m.status = 'active' and r.key = any($2)
          order by m.user_id
            for update of m",
        org,
        &keys,
    )
    .fetch_all(tx.conn())
    .await
}

/// Somebody whose standing was changed.
pub(super) struct Named {
    pub user_id: Uuid,
    pub name: String,
}

/// Sets the standing of these people, and gives those whose standing it changed. Nobody who was invited
/// and has not answered is touched.
pub(super) async fn set_standing(
    tx: &mut OrgTx,
    people: &[Uuid],
    to: Standing,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Named>> {
    let org = tx.org();
    sqlx::query_as!(
        Named,
        "update organization_members m
            set status = $3, updated_at = $4
           from user_profiles p
          where m.organization_id = $1 and m.user_id = any($2) and m.status = $5 and p.user_id = m.user_id
         returning m.user_id, p.name",
        org,
        people,
        to.as_str(),
        now,
        to.opposite().as_str(),
    )
    .fetch_all(tx.conn())
    .await
}

/// Those of these people whose role is none of `roles`.
pub(super) async fn with_other_roles(
    tx: &mut OrgTx,
    people: &[Uuid],
    roles: &[Uuid],
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select user_id from organization_members
          where organization_id = $1 and user_id = any($2) and role_id <> all($3)",
        org,
        people,
        roles,
    )
    .fetch_all(tx.conn())
    .await
}

/// Somebody in the organization, for the page about them.
pub(super) struct Member {
    pub user_id: Uuid,
    pub name: String,
    pub email: String,
    pub role_id: Uuid,
    pub status: String,
    pub invited_by: String,
    pub joined_at: DateTime<Utc>,
    pub has_two_factor: bool,
    pub assigned_by_agency: bool,
}

pub(super) async fn member(tx: &mut OrgTx, user: Uuid) -> sqlx::Result<Option<Member>> {
    let org = tx.org();
    sqlx::query_as!(
        Member,
        r#"select m.user_id, p.name, u.email, m.role_id, m.status, coalesce(by.name, '') as "invited_by!",
                  m.created_at as joined_at, u.totp_enabled_at is not null as "has_two_factor!",
                  m.assigned_by_agency
             from organization_members m
             join users u on u.id = m.user_id
             join user_profiles p on p.user_id = m.user_id
             left join user_profiles by on by.user_id = m.invited_by
            where m.organization_id = $1 and m.user_id = $2"#,
        org,
        user,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn set_role(tx: &mut OrgTx, user: Uuid, role: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update organization_members set updated_at = $4, role_id = $3
          where organization_id = $1 and user_id = $2",
        org,
        user,
        role,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn remove(tx: &mut OrgTx, user: Uuid) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!("delete from organization_members where organization_id = $1 and user_id = $2", org, user)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Whether the person can enter the organization by a membership of its own.
pub(super) async fn is_active(tx: &mut OrgTx, user: Uuid) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select exists (select 1 from organization_members
                           where organization_id = $1 and user_id = $2 and status = 'active') as "is!""#,
        org,
        user,
    )
    .fetch_one(tx.conn())
    .await
}
