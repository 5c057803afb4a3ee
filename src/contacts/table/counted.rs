//! How many people a view holds, where they are many: counted once in a while, not for every page of it.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{ListQuery, Sort, queries};
use crate::{tenancy::OrgTx, web::App};

/// Fewer than this are counted each time: a count of a thousand rows is soon made, and somebody sees that it
/// is off by one.
const MANY: i64 = 1_000;
/// How long a count of more is believed.
const BELIEVED: TimeDelta = TimeDelta::seconds(15);
/// Views that are remembered at once.
const REMEMBERED: usize = 1_000;

/// What decides who is in a view: the organization, its address without the order, and whether people without an
/// e-mail address are left out.
type Held = (Uuid, String, bool);

#[derive(Default)]
struct Counts(RwLock<HashMap<Held, (i64, DateTime<Utc>)>>);

/// How many people the view holds, as [`queries::count`] counts them.
pub(super) async fn count(app: &App, tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<i64> {
    let counts = app.memory.of::<Counts>();
    let (org, by_email) = (tx.org(), query.sort() == Sort::Email);
    let held: Held = (org, query.unsorted(), by_email);
    let now = app.clock.now();
    let known = counts.0.read().unwrap_or_else(PoisonError::into_inner).get(&held).copied();
    if let Some((count, _)) = known.filter(|(_, at)| now - *at < BELIEVED) {
        return Ok(count);
    }
    let count = queries::count(tx, query).await?;
    let mut all = counts.0.write().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= REMEMBERED {
        all.clear();
    }
    match count {
        MANY.. => all.insert(held, (count, now)),
        _ => all.remove(&held),
    };
    Ok(count)
}

/// Counts anew from here on, for somebody has changed who is there.
pub(in crate::contacts) fn forget(app: &App, org: Uuid) {
    let counts = app.memory.of::<Counts>();
    counts.0.write().unwrap_or_else(PoisonError::into_inner).retain(|held, _| held.0 != org);
}
