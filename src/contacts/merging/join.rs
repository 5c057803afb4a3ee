//! Making two records one: in one transaction, with all that goes along.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Kept, MergeId,
    carrier::Way,
    fields::{self, Side},
    queries,
};
use crate::{
    audit::Entry,
    contacts::{
        Contact, ContactId,
        consent::{
            self, reason_words,
            together::{self, Line},
        },
        happened::{ContactMerged, ContactsTouched},
        identities::step,
        merging::Carriers,
        record::find,
    },
    events,
    tenancy::OrgTx,
};

/// What somebody decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    pub stays: Side,
    /// Of which field which side counts.
    pub chosen: BTreeMap<String, Side>,
    /// As both were when it was decided.
    pub seen: String,
}

/// Why two records are not made one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// One of them became part of somebody else meanwhile.
    Merged(ContactId),
    Archived(String),
    /// One of them was changed since it was looked at.
    Changed,
}

/// Both as they are now, in a word.
pub fn seen(one: &Contact, other: &Contact) -> String {
    format!("{}-{}", one.updated_at.timestamp_micros(), other.updated_at.timestamp_micros())
}

/// Both records, or why they cannot be looked at together; nothing where one of them is not there.
pub async fn both(
    tx: &mut OrgTx,
    (one, other): (ContactId, ContactId),
) -> sqlx::Result<Option<Result<(Contact, Contact), Refused>>> {
    if one == other {
        return Ok(None);
    }
    let mut found = Vec::with_capacity(2);
    for id in [one, other] {
        match find(tx, id).await? {
            Some(contact) => found.push(contact),
            None => return Ok(super::whole(tx, id).await?.map(|whole| Err(Refused::Merged(whole)))),
        }
    }
    let (Some(other), Some(one)) = (found.pop(), found.pop()) else { return Ok(None) };
    if let Some(away) = [&one, &other].into_iter().find(|contact| contact.archived_at.is_some()) {
        return Ok(Some(Err(Refused::Archived(away.name()))));
    }
    Ok(Some(Ok((one, other))))
}

/// Makes them one. Gives who stays, whom they are merged with, and under which id that is kept.
pub async fn merge(
    tx: &mut OrgTx,
    carriers: &Carriers,
    ids: (ContactId, ContactId),
    wish: &Wish,
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<Option<Result<(Contact, Contact, MergeId), Refused>>> {
    queries::lock_both(tx, [ids.0, ids.1]).await?;
    let (one, other) = match both(tx, ids).await? {
        None => return Ok(None),
        Some(Err(refused)) => return Ok(Some(Err(refused))),
        Some(Ok(pair)) => pair,
    };
    if seen(&one, &other) != wish.seen {
        return Ok(Some(Err(Refused::Changed)));
    }
    let values = (queries::values(tx, one.id).await?, queries::values(tx, other.id).await?);
    let after = Value::from(fields::joined(wish.stays, (&values.0, &values.1), &wish.chosen));
    let (winner, loser) = (wish.stays.of((&one, &other)), wish.stays.of((&other, &one)));
    let (winner_before, loser_before) = match wish.stays {
        Side::One => (values.0, values.1),
        Side::Other => (values.1, values.0),
    };
    let said = agree(tx, (winner, loser), (by, now)).await?;
    let way = Way { from: loser.id, into: winner.id };
    let parts = queries::become_part(tx, (loser.id, winner.id), now).await?;
    let mut carried = carriers.carry(tx, way).await?;
    carried.insert("contacts".to_owned(), json!(parts));
    queries::use_none(tx, winner.id).await?;
    queries::put(tx, winner.id, &after, now).await?;
    step::follow(tx, &[winner.id.0], now).await?;
    let kept = Kept {
        winner: winner.id,
        loser: loser.id,
        winner_before,
        loser_before,
        winner_after: queries::values(tx, winner.id).await?,
        carried: carried.into(),
        said,
        is_undone: false,
    };
    let id = MergeId::new();
    queries::insert(tx, id, &kept, (by, now)).await?;
    tell(tx, (winner, loser, id), &kept, (by, now)).await?;
    Ok(Some(Ok((winner.clone(), loser.clone(), id))))
}

/// Sees to it that the ledger of who stays says what both said. A refusal that an address stands for is one of whose
/// address it is: whoever complained at one is not written to at the other.
async fn agree(
    tx: &mut OrgTx,
    (winner, loser): (&Contact, &Contact),
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<Value> {
    let stays = together::ledger(tx, winner.id).await?;
    let mut goes = together::ledger(tx, loser.id).await?;
    for email in [&winner.email, &loser.email].into_iter().flatten() {
        let reason = consent::suppressed(tx, email).await?.unwrap_or_default();
        if ["complaint", "unsubscribed", "manual", "erased"].contains(&reason.as_str()) {
            goes.push(Line {
                id: Uuid::nil(),
                channel: "email".to_owned(),
                topic: None,
                state: "withdrawn".to_owned(),
                paused_until: None,
                wording: format!("Nothing is sent to an address of theirs: {}.", reason_words(&reason)),
            });
        }
    }
    let words = together::both(&stays, &goes, now);
    let written = together::say(tx, winner.id, &words, ("merge", by, now)).await?;
    Ok(json!({ "last": stays.last().map(|line| line.id), "written": written }))
}

async fn tell(
    tx: &mut OrgTx,
    (winner, loser, id): (&Contact, &Contact, MergeId),
    kept: &Kept,
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<()> {
    let merged = ContactMerged {
        contact: winner.id.0,
        merge: id.0,
        other: loser.id.0,
        name: loser.name(),
        by: Some(by),
    };
    events::record(tx, &merged).await?;
    if let Some(touched) = ContactsTouched::new("*", &[winner.id.0, loser.id.0]) {
        events::record(tx, &touched).await?;
    }
    let entry = Entry::new("contacts.merged").on("contact", winner.id, &winner.name());
    let before = json!({ "stayed": kept.winner_before, "other": loser.id, "other_name": loser.name(), "other_held": kept.loser_before });
    tx.record(entry.before(before).after(&kept.winner_after), now).await
}
