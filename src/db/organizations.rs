//! Every organization there is: for commands that look after the whole installation, as the owner of the
//! database. For the application's own role, which is inside of none, the list is empty.

use sqlx::PgConnection;
use uuid::Uuid;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Organization {
    pub id: Uuid,
    pub slug: String,
}

/// By slug. In a file of its own, as all that reads across organizations.
pub async fn all(conn: &mut PgConnection) -> sqlx::Result<Vec<Organization>> {
    sqlx::query_as(include_str!("every_tenant.sql")).fetch_all(conn).await
}
