//! All SQL of saved views.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{accounts::UserId, tenancy::OrgTx};

pub(super) struct SavedView {
    pub id: Uuid,
    pub name: String,
    pub query: String,
    pub user_id: UserId,
    pub is_shared: bool,
}

/// The views of one list that this person sees: their own and the shared ones.
pub(super) async fn visible(tx: &mut OrgTx, user: UserId, screen: &str) -> sqlx::Result<Vec<SavedView>> {
    let org = tx.org();
    sqlx::query_as!(
        SavedView,
        r#"select id, name, query, user_id as "user_id: UserId", is_shared
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

pub(super) struct NewView<'a> {
    pub screen: &'a str,
    pub name: &'a str,
    pub query: &'a str,
    pub is_shared: bool,
}

/// Saves a view; one of the same name by the same person is replaced.
pub(super) async fn save(
    tx: &mut OrgTx,
    user: UserId,
    view: &NewView<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into saved_views (organization_id, id, screen, name, query, user_id, is_shared, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (organization_id, screen, user_id, name)
         do update set query = excluded.query, is_shared = excluded.is_shared",
        org,
        Uuid::now_v7(),
        view.screen,
        view.name,
        view.query,
        user as UserId,
        view.is_shared,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes a view of this person's own. `false` when there is none.
pub(super) async fn delete(tx: &mut OrgTx, user: UserId, id: Uuid) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "delete from saved_views where organization_id = $1 and id = $2 and user_id = $3",
        org,
        id,
        user as UserId,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
