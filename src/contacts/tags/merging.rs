//! Two tags that mean one thing: everybody who has the one gets the other, which stays.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Tag, TagId, queries};
use crate::{audit::Entry, contacts::happened::ContactsTouched, events, numbers, tenancy::OrgTx};

/// What merging would come to.
#[derive(Clone, Debug)]
pub struct Merge {
    pub from: Tag,
    pub into: Tag,
    /// How many have both now.
    pub both: i64,
}

impl Merge {
    /// How many have it afterwards.
    pub fn together(&self) -> i64 {
        self.from.people + self.into.people - self.both
    }
}

/// What merging the one into the other would come to; `None` where one of them is not there, or both are one.
pub async fn look(tx: &mut OrgTx, from: TagId, into: TagId) -> sqlx::Result<Option<Merge>> {
    if from == into {
        return Ok(None);
    }
    let tags = queries::all(tx).await?;
    let find = |id: TagId| tags.iter().find(|tag| tag.id == id && tag.archived_at.is_none()).cloned();
    let (Some(from), Some(into)) = (find(from), find(into)) else { return Ok(None) };
    let both = queries::both(tx, from.id, into.id).await?;
    Ok(Some(Merge { from, into, both }))
}

/// Merges them: who has both keeps how they came by it first. The one that is left empty is put away.
pub async fn merge(tx: &mut OrgTx, merge: &Merge, now: DateTime<Utc>) -> sqlx::Result<String> {
    let Merge { from, into, .. } = merge;
    queries::move_all(tx, from.id, into.id).await?;
    queries::set_archived(tx, from.id, Some(now), now).await?;
    events::record(tx, &ContactsTouched::everybody(&format!("tag:{}", into.id))).await?;
    let merged = Entry::new("tags.merged").on("tag", from.id, &from.name);
    let before = json!({ "name": from.name, "people": from.people });
    let after = json!({ "into": into.name, "into_id": into.id, "people": merge.together() });
    tx.record(merged.before(before).after(after), now).await?;
    let people = numbers::people(merge.together());
    Ok(format!("“{}” is part of “{}” now: {people} have it.", from.name, into.name)
        .replace("1 person have", "1 person has"))
}
