//! Taking a merge back: what was overwritten and not changed since comes back, what went along returns, and what was
//! refused meanwhile is refused by both.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Carriers, Kept, MergeId, carrier::Way, queries};
use crate::{
    audit::Entry,
    contacts::{
        Contact, ContactId,
        consent::together::{self, Line},
        contact::FIELDS,
        happened::{ContactUnmerged, ContactsTouched},
        identities::step,
        record::find,
    },
    events,
    tenancy::OrgTx,
};

/// Why a merge is not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Somebody did so already.
    Undone,
    /// Who stayed became part of somebody else: that is to be taken back first.
    Merged(ContactId),
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Parted {
    pub winner: Contact,
    pub loser: Contact,
    /// What was changed since and stays as it is, as people call it.
    pub stays: Vec<String>,
}

/// Takes it back; nothing where there is no such merge.
pub async fn unmerge(
    tx: &mut OrgTx,
    carriers: &Carriers,
    (winner, id): (ContactId, MergeId),
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<Option<Result<Parted, Refused>>> {
    let Some(kept) = queries::held(tx, (winner, id)).await? else { return Ok(None) };
    queries::lock_both(tx, [kept.winner, kept.loser]).await?;
    if kept.is_undone {
        return Ok(Some(Err(Refused::Undone)));
    }
    if let Some(whole) = super::whole(tx, winner).await? {
        return Ok(Some(Err(Refused::Merged(whole))));
    }
    let way = Way { from: kept.loser, into: kept.winner }.back();
    queries::use_none(tx, winner).await?;
    carriers.give_back(tx, way, &kept.carried).await?;
    let stays = restore(tx, &kept, now).await?;
    let parts: Vec<Uuid> = kept
        .carried
        .get("contacts")
        .and_then(|parts| serde_json::from_value(parts.clone()).ok())
        .unwrap_or_default();
    let email = kept.loser_before.get("email").and_then(Value::as_str);
    queries::come_back(tx, (kept.loser, &parts), email, now).await?;
    step::follow(tx, &[kept.winner.0, kept.loser.0], now).await?;
    speak(tx, &kept, (by, now)).await?;
    queries::undone(tx, id, (by, now)).await?;
    let (Some(winner), Some(loser)) = (find(tx, kept.winner).await?, find(tx, kept.loser).await?) else {
        return Ok(None);
    };
    let parted = Parted { winner, loser, stays };
    tell(tx, &parted, id, (by, now)).await?;
    Ok(Some(Ok(parted)))
}

/// Gives who stayed back what they held before, but for what was changed since. Gives what that is called.
async fn restore(tx: &mut OrgTx, kept: &Kept, now: DateTime<Utc>) -> sqlx::Result<Vec<String>> {
    let current = queries::values(tx, kept.winner).await?;
    let (mut values, mut stays) = back(&current, &kept.winner_before, &kept.winner_after);
    let email = values.get("email").and_then(Value::as_str).map(str::to_owned);
    if let Some(email) = email
        && queries::holds(tx, &email, [kept.winner, kept.loser]).await?
    {
        values.insert("email".to_owned(), current.get("email").cloned().unwrap_or_default());
        stays.push("E-mail".to_owned());
    }
    queries::put(tx, kept.winner, &values.into(), now).await?;
    Ok(stays)
}

/// What is held now with what was held before, wherever the merge changed it and nobody did since; and what somebody
/// did change since.
fn back(now: &Value, before: &Value, after: &Value) -> (Map<String, Value>, Vec<String>) {
    let object = |of: &Value| of.as_object().cloned().unwrap_or_default();
    let (mut values, mut stays) = (object(now), Vec::new());
    let (before, after) = (object(before), object(after));
    for (key, was) in before.iter().filter(|(key, was)| after.get(*key) != Some(*was)) {
        if key == "custom" {
            let (custom, changed) = back_custom(&values, was, after.get(key));
            values.insert(key.clone(), custom);
            stays.extend(changed);
        } else if values.get(key) == after.get(key) {
            values.insert(key.clone(), was.clone());
        } else if key != "company_id" {
            let label = FIELDS.iter().find(|field| field.key == key).map(|field| field.label.to_owned());
            stays.push(label.unwrap_or_else(|| key.trim_end_matches("_id").replace('_', " ")));
        }
    }
    (values, stays)
}

fn back_custom(values: &Map<String, Value>, was: &Value, after: Option<&Value>) -> (Value, Vec<String>) {
    let object = |of: Option<&Value>| of.and_then(Value::as_object).cloned().unwrap_or_default();
    let (mut now, was, after) = (object(values.get("custom")), object(Some(was)), object(after));
    let mut stays = Vec::new();
    let keys: std::collections::BTreeSet<&String> = was.keys().chain(after.keys()).collect();
    for key in keys.into_iter().filter(|key| was.get(*key) != after.get(*key)) {
        if now.get(key) != after.get(key) {
            stays.push(key.replace('_', " "));
            continue;
        }
        match was.get(key) {
            Some(value) => now.insert(key.clone(), value.clone()),
            None => now.remove(key),
        };
    }
    (now.into(), stays)
}

/// Each says again what it said before, and both what was refused while they were one.
async fn speak(tx: &mut OrgTx, kept: &Kept, (by, now): (Uuid, DateTime<Utc>)) -> sqlx::Result<()> {
    let written: Vec<Uuid> =
        kept.said.get("written").and_then(|ids| serde_json::from_value(ids.clone()).ok()).unwrap_or_default();
    let last: Option<Uuid> =
        kept.said.get("last").and_then(|id| serde_json::from_value(id.clone()).ok()).flatten();
    let ledger = together::ledger(tx, kept.winner).await?;
    let (before, since): (Vec<Line>, Vec<Line>) = ledger
        .iter()
        .filter(|line| !written.contains(&line.id))
        .cloned()
        .partition(|line| Some(line.id) <= last);
    let words = together::again(&ledger, &before, &since, now);
    together::say(tx, kept.winner, &words, ("unmerge", by, now)).await?;
    let refused: Vec<Line> = since.into_iter().filter(Line::is_refusal).collect();
    let own = together::ledger(tx, kept.loser).await?;
    let words = together::both(&own, &refused, now);
    together::say(tx, kept.loser, &words, ("unmerge", by, now)).await?;
    Ok(())
}

async fn tell(
    tx: &mut OrgTx,
    parted: &Parted,
    id: MergeId,
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<()> {
    let Parted { winner, loser, stays } = parted;
    for (contact, other) in [(winner, loser), (loser, winner)] {
        let event = ContactUnmerged {
            contact: contact.id.0,
            merge: id.0,
            other: other.id.0,
            name: other.name(),
            by: Some(by),
        };
        events::record(tx, &event).await?;
    }
    if let Some(touched) = ContactsTouched::new("*", &[winner.id.0, loser.id.0]) {
        events::record(tx, &touched).await?;
    }
    let entry = Entry::new("contacts.unmerged").on("contact", winner.id, &winner.name());
    let after = json!({ "other": loser.id, "other_name": loser.name(), "changed_since": stays });
    tx.record(entry.after(after), now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_since_stays_and_the_rest_comes_back() {
        let before = json!({ "city": "Ulm", "phone": "", "first_name": "Ann", "custom": { "shoe": "38" } });
        let after = json!({ "city": "Bern", "phone": "1", "first_name": "Ann", "custom": { "hat": "L" } });
        let now = json!({ "city": "Basel", "phone": "1", "first_name": "Anna", "custom": { "hat": "L", "own": "x" } });
        let (values, stays) = back(&now, &before, &after);
        let custom = json!({ "shoe": "38", "own": "x" });
        assert_eq!(
            Value::from(values),
            json!({ "city": "Basel", "phone": "", "first_name": "Anna", "custom": custom })
        );
        assert_eq!(stays, ["City"]);
    }
}
