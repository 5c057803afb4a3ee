//! Deleting an organization with everything it owns. Which tables those are the catalogue says, so that one
//! added tomorrow is not forgotten. As the owner of the database, past row security.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

/// An organization that somebody wants to delete.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Doomed {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub kind: String,
    pub created_at: DateTime<Utc>,
    /// The slugs of its clients, where it is an agency.
    pub clients: Vec<String>,
    pub people: i64,
    /// Those of them who belong to no other organization.
    pub only_here: i64,
}

/// The organization at this slug, locked until the transaction ends.
pub async fn find(conn: &mut PgConnection, slug: &str) -> sqlx::Result<Option<Doomed>> {
    sqlx::query_as(include_str!("doomed.sql")).bind(slug).fetch_optional(conn).await
}

/// A table that organizations own rows of.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Owned {
    /// With its schema, quoted by the database.
    pub name: String,
    /// The column that says whose a row is.
    key: String,
    /// The tables whose rows hold on to its rows.
    after: Vec<String>,
}

/// Every such table, in an order in which they can be emptied. `None` when they hold on to each other in a circle.
pub async fn tables(conn: &mut PgConnection) -> sqlx::Result<Option<Vec<Owned>>> {
    let all: Vec<Owned> = sqlx::query_as(include_str!("owned_tables.sql")).fetch_all(conn).await?;
    Ok(in_order(all))
}

fn in_order(mut left: Vec<Owned>) -> Option<Vec<Owned>> {
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let names: Vec<String> = left.iter().map(|table| table.name.clone()).collect();
        let (free, held): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|table| !table.after.iter().any(|name| names.contains(name)));
        if free.is_empty() {
            return None;
        }
        ordered.extend(free);
        left = held;
    }
    Some(ordered)
}

/// How many rows of `table` the organization owns.
pub async fn count(conn: &mut PgConnection, table: &Owned, org: Uuid) -> sqlx::Result<i64> {
    let Owned { name, key, .. } = table;
    sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {name} where {key} = $1")))
        .bind(org)
        .fetch_one(conn)
        .await
}

/// Deletes every row of `table` that the organization owns, and says how many there were.
pub async fn empty(conn: &mut PgConnection, table: &Owned, org: Uuid) -> sqlx::Result<u64> {
    let Owned { name, key, .. } = table;
    let done = sqlx::query(AssertSqlSafe(format!("delete from {name} where {key} = $1"))).bind(org);
    Ok(done.execute(conn).await?.rows_affected())
}

/// Takes the organization out of what browsers remember of it: a role as which somebody looked at it.
pub async fn forget_in_sessions(conn: &mut PgConnection, org: Uuid) -> sqlx::Result<()> {
    sqlx::query(
        "update web_sessions set data = data - 'viewing_as' where data -> 'viewing_as' ->> 'org' = $1::text",
    )
    .bind(org)
    .execute(conn)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Owned, in_order};

    fn table(name: &str, after: &[&str]) -> Owned {
        let after = after.iter().map(ToString::to_string).collect();
        Owned { name: name.to_owned(), key: "organization_id".to_owned(), after }
    }

    #[test]
    fn what_holds_on_to_others_comes_first_and_a_circle_is_told() {
        let all = vec![table("a", &["b", "c"]), table("b", &["c"]), table("c", &[]), table("d", &[])];
        let ordered = in_order(all).expect("an order");
        let names: Vec<&str> = ordered.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["c", "d", "b", "a"]);
        assert_eq!(in_order(vec![table("a", &["b"]), table("b", &["a"]), table("c", &[])]), None);
    }
}
