//! What is asked about organizations from outside: `app.platform_organizations` answers its holders only.

use uuid::Uuid;

use super::Organization;
use crate::{
    accounts::UserId,
    admin::list::ListQuery,
    web::{
        App,
        page::{Cursor, Going, PAGE, Page},
    },
};

/// One page of the organizations that `query` describes.
pub(super) async fn page(app: &App, asking: UserId, query: &ListQuery) -> sqlx::Result<Page<Organization>> {
    let (cursor, going) = (query.cursor(), query.going());
    let rows = sqlx::query_as!(
        Organization,
        r#"select id as "id!", slug as "slug!", name as "name!", kind as "kind!", agency_name,
                  people as "people!", invited as "invited!", clients as "clients!",
                  requires_two_factor as "requires_two_factor!", is_sample as "is_sample!",
                  created_at as "created_at!", last_change_at, sort_value as "sort_value!"
             from app.platform_organizations($1, null, $2, $3, $4, $5, $6)"#,
        asking as UserId,
        query.pattern(),
        cursor.as_ref().map(|cursor| cursor.value.as_str()),
        cursor.as_ref().map(|cursor| cursor.id).unwrap_or_default(),
        going == Going::Back,
        i32::try_from(PAGE + 1).unwrap_or(i32::MAX),
    )
    .fetch_all(&mut *app.db.connection().await?)
    .await?;
    let at = |one: &Organization| Cursor { value: one.sort_value.clone(), id: one.id };
    Ok(Page::cut(rows, going, cursor.is_none(), at))
}

pub(super) async fn find(app: &App, asking: UserId, id: Uuid) -> sqlx::Result<Option<Organization>> {
    sqlx::query_as!(
        Organization,
        r#"select id as "id!", slug as "slug!", name as "name!", kind as "kind!", agency_name,
                  people as "people!", invited as "invited!", clients as "clients!",
                  requires_two_factor as "requires_two_factor!", is_sample as "is_sample!",
                  created_at as "created_at!", last_change_at, sort_value as "sort_value!"
             from app.platform_organizations($1, $2, '%', null, null, false, 1)"#,
        asking as UserId,
        id,
    )
    .fetch_optional(&mut *app.db.connection().await?)
    .await
}
