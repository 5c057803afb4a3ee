//! What is asked about people. Where they are members is told by `app.platform_memberships` alone.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Person, Place};
use crate::{
    accounts::UserId,
    admin::list::ListQuery,
    web::{
        App,
        page::{Cursor, Going, PAGE, Page},
    },
};

/// One page of the people that `query` describes, by address.
pub(super) async fn page(app: &App, query: &ListQuery, now: DateTime<Utc>) -> sqlx::Result<Page<Person>> {
    let (cursor, going) = (query.cursor(), query.going());
    let rows = sqlx::query_as!(
        Person,
        r#"select u.id, p.name, u.email, u.totp_enabled_at is not null as "has_two_factor!", u.disabled_at,
                  u.created_at,
                  (select count(*) from web_sessions s where s.user_id = u.id and s.expires_at > $6) as "sessions!"
             from users u
             join user_profiles p on p.user_id = u.id
            where (u.email ilike $1 or p.name ilike $1)
              and ($2::text is null
                   or case when $4 then (u.email, u.id) < ($2, $3) else (u.email, u.id) > ($2, $3) end)
            order by case when not $4 then u.email end, case when $4 then u.email end desc
            limit $5"#,
        query.pattern(),
        cursor.as_ref().map(|cursor| cursor.value.as_str()),
        cursor.as_ref().map(|cursor| cursor.id).unwrap_or_default(),
        going == Going::Back,
        i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
        now,
    )
    .fetch_all(&mut *app.db.connection().await?)
    .await?;
    let at = |person: &Person| Cursor { value: person.email.clone(), id: person.id };
    Ok(Page::cut(rows, going, cursor.is_none(), at))
}

pub(super) async fn find(app: &App, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<Option<Person>> {
    sqlx::query_as!(
        Person,
        r#"select u.id, p.name, u.email, u.totp_enabled_at is not null as "has_two_factor!", u.disabled_at,
                  u.created_at,
                  (select count(*) from web_sessions s where s.user_id = u.id and s.expires_at > $2) as "sessions!"
             from users u
             join user_profiles p on p.user_id = u.id
            where u.id = $1"#,
        id,
        now,
    )
    .fetch_optional(&mut *app.db.connection().await?)
    .await
}

pub(super) async fn places(app: &App, asking: UserId, whose: Uuid) -> sqlx::Result<Vec<Place>> {
    sqlx::query_as!(
        Place,
        r#"select organization_id as "organization_id!", name as "name!", kind as "kind!",
                  role_name as "role_name!", status as "status!", since as "since!"
             from app.platform_memberships($1, $2)"#,
        asking as UserId,
        whose,
    )
    .fetch_all(&mut *app.db.connection().await?)
    .await
}
