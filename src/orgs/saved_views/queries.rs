//! All SQL of saved views.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{accounts::UserId, tenancy::OrgTx};

#[derive(Serialize)]
pub(super) struct SavedView {
    pub id: Uuid,
    #[serde(skip)]
    pub screen: String,
    pub name: String,
    pub query: String,
    #[serde(skip)]
    pub user_id: UserId,
    pub is_shared: bool,
}

/// The views of one list that this person sees: their own and the shared ones.
pub(super) async fn visible(tx: &mut OrgTx, user: UserId, screen: &str) -> sqlx::Result<Vec<SavedView>> {
    let org = tx.org();
    sqlx::query_as!(
        SavedView,
        r#"select id, screen, name, query, user_id as "user_id: UserId", is_shared
             from saved_views
            where organization_id = $1 and screen = $2 and (user_id = $3 or is_shared)
            order by created_at, id
            limit 30"#,
        org,
        screen,
        user as UserId,
    )
    .fetch_all(tx.conn())
    .await
}

#[derive(Serialize)]
pub(super) struct NewView<'a> {
    pub screen: &'a str,
    pub name: &'a str,
    pub query: &'a str,
    pub is_shared: bool,
}

/// The view of this name that the person has, as it is kept.
pub(super) async fn named(
    tx: &mut OrgTx,
    user: UserId,
    screen: &str,
    name: &str,
) -> sqlx::Result<Option<SavedView>> {
    let org = tx.org();
    sqlx::query_as!(
        SavedView,
        r#"select id, screen, name, query, user_id as "user_id: UserId", is_shared
             from saved_views
            where organization_id = $1 and screen = $2 and user_id = $3 and name = $4"#,
        org,
        screen,
        user as UserId,
        name,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Saves a view; one of the same name by the same person is replaced. Gives its id.
pub(super) async fn save(
    tx: &mut OrgTx,
    user: UserId,
    view: &NewView<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let org = tx.org();
    sqlx::query_scalar!(
        "insert into saved_views (organization_id, id, screen, name, query, user_id, is_shared, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (organization_id, screen, user_id, name)
         do update set query = excluded.query, is_shared = excluded.is_shared
         returning id",
        org,
        Uuid::now_v7(),
        view.screen,
        view.name,
        view.query,
        user as UserId,
        view.is_shared,
        now,
    )
    .fetch_one(tx.conn())
    .await
}

/// Removes a view of this person's own, and gives what it was.
pub(super) async fn delete(tx: &mut OrgTx, user: UserId, id: Uuid) -> sqlx::Result<Option<SavedView>> {
    let org = tx.org();
    sqlx::query_as!(
        SavedView,
        r#"delete from saved_views where organization_id = $1 and id = $2 and user_id = $3
           returning id, screen, name, query, user_id as "user_id: UserId", is_shared"#,
        org,
        id,
        user as UserId,
    )
    .fetch_optional(tx.conn())
    .await
}
