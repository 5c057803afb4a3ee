//! Lists: people put together by hand or by an import. Being in one says nothing about consent.

mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{contact::ContactId, happened::ContactsTouched};
use crate::{audit::Entry, events, numbers, tenancy::OrgTx};

crate::id!(
    /// People put together under a name.
    ListId
);

/// A list with how many are in it.
#[derive(Clone, Debug)]
pub struct List {
    pub id: ListId,
    pub name: String,
    pub description: String,
    pub people: i64,
    pub created_at: DateTime<Utc>,
}

/// Every list and segment by name, for choosing one: id and name.
pub async fn choices(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let named = queries::named(tx, true).await?;
    Ok(named.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

/// Every list into which people can be put by name: id and name.
pub async fn by_hand(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let named = queries::named(tx, false).await?;
    Ok(named.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

/// The lists that somebody is in: id and name.
pub async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<(Uuid, String)>> {
    queries::of_contact(tx, contact).await
}

/// Makes a list; `None` when another has its name.
pub async fn make(
    tx: &mut OrgTx,
    (name, about): (&str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Option<ListId>> {
    let id = ListId::new();
    if !queries::insert(tx, id, (name, about), now).await? {
        return Ok(None);
    }
    tx.record(Entry::new("lists.added").on("list", id, name), now).await?;
    Ok(Some(id))
}

/// The name of a list into which people are put by hand.
pub async fn name(tx: &mut OrgTx, list: ListId) -> sqlx::Result<Option<String>> {
    queries::name(tx, list).await
}

/// Puts people into a list, of which nobody is told yet. Gives who came.
pub async fn put_in(
    tx: &mut OrgTx,
    list: ListId,
    whom: &[Uuid],
    source: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    queries::add(tx, list, whom, source, now).await
}

/// Takes people out of a list, of which nobody is told yet. Gives who was in it.
pub async fn take_out(tx: &mut OrgTx, list: ListId, whom: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    queries::take_out(tx, list, whom).await
}

/// Puts people into a list, and says how many came; `None` when there is no such list.
pub async fn add(
    tx: &mut OrgTx,
    list: ListId,
    whom: &[Uuid],
    source: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    let Some(name) = queries::name(tx, list).await? else { return Ok(None) };
    let came = queries::add(tx, list, whom, source, now).await?.len();
    if let Some(touched) = ContactsTouched::new(&format!("list:{list}"), whom) {
        events::record(tx, &touched).await?;
    }
    let filled = Entry::new("lists.filled").on("list", list, &name);
    tx.record(filled.after(serde_json::json!({ "came": came })), now).await?;
    let people = numbers::people(came as i64);
    let others = if whom.len() > came { " The others were in it." } else { "" };
    Ok(Some(format!("Added {people} to “{name}”.{others}")))
}
