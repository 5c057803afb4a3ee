//! Working out who is in a segment, as a whole.

use std::time::{Duration, Instant};

use anyhow::anyhow;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Standing, catalogue::Catalogue, check, held::MANY, matching, queries, rule::Group, test::Meaning,
};
use crate::{
    contacts::{
        happened::{SegmentEntered, SegmentLeft},
        lists::ListId,
    },
    events::{self, Fact},
    jobs::{self, AtWork, Failure, Job, Order},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// How often a rule that speaks of time is looked at.
const HOURLY: Duration = Duration::from_secs(3600);
/// How long a statement about everybody may take.
const PATIENCE: Duration = Duration::from_secs(20 * 60);
/// Comings and goings that are told at once.
const TOLD: usize = 1_000;

/// Works out a segment as a whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Refresh {
    pub segment: Uuid,
}

impl Job for Refresh {
    const KIND: &'static str = "segments.refresh";
    const TIME_LIMIT: Duration = Duration::from_secs(1800);
    /// What changes while it is worked out is seen by the next one.
    const KEY_WAITS_ONLY: bool = true;

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let behaviours = at_work.known().unwrap_or_default();
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let mut tx = scope.enter_patiently(PATIENCE).await?;
        let catalogue = Catalogue::load(&mut tx, behaviours, app.clock.now()).await?;
        now(&mut tx, ListId(self.segment), &catalogue).await?;
        at_work.still_ours(tx.conn()).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Works out who is in a segment, and in those that it is made of: at once, or in the background where there are very
/// many people. Told which of it happened, or why it cannot.
pub(super) async fn freshen_or_order(
    tx: &mut OrgTx,
    id: ListId,
    catalogue: &Catalogue,
) -> sqlx::Result<Result<&'static str, String>> {
    if matching::about_how_many(tx).await? <= MANY {
        let done = freshen(tx, &[id.0], catalogue).await?;
        return Ok(done.map(|()| "Worked out anew who is in it."));
    }
    order(tx, id).await.map_err(|error| sqlx::Error::Encode(anyhow!("{error}").into()))?;
    Ok(Ok("Who is in it is being worked out in the background."))
}

/// The same for one that was just made or changed.
pub(super) async fn now_or_order(tx: &mut OrgTx, id: ListId, catalogue: &Catalogue) -> sqlx::Result<()> {
    if matching::about_how_many(tx).await? <= MANY {
        now(tx, id, catalogue).await?;
        return Ok(());
    }
    order(tx, id).await.map_err(|error| sqlx::Error::Encode(anyhow!("{error}").into()))
}

/// Orders that a segment is worked out soon.
pub(super) async fn order(tx: &mut OrgTx, id: ListId) -> Result<(), Failure> {
    let (org, key) = (tx.org(), id.to_string());
    let order = Order { key: Some(&key), ..Order::default() };
    jobs::enqueue(tx.conn(), org, &Refresh { segment: id.0 }, order).await?;
    Ok(())
}

async fn order_hourly(tx: &mut OrgTx, id: ListId) -> sqlx::Result<()> {
    let (org, key) = (tx.org(), format!("hourly:{id}"));
    let order = Order { key: Some(&key), after: HOURLY, ..Order::default() };
    let done = jobs::enqueue(tx.conn(), org, &Refresh { segment: id.0 }, order).await;
    done.map_err(|error| sqlx::Error::Encode(anyhow!("{error}").into()))?;
    Ok(())
}

/// Works out who is in a segment, within the caller's transaction. One that is gone, or whose rule speaks of what
/// is gone, stays as it is; why is written down and given.
pub async fn now(tx: &mut OrgTx, id: ListId, catalogue: &Catalogue) -> sqlx::Result<Option<String>> {
    let begun = Instant::now();
    let Some(standing) = queries::held(tx, id).await? else { return Ok(None) };
    let meaning = match meaning(&standing, catalogue) {
        Ok(meaning) => meaning,
        Err(why) => {
            queries::not_refreshed(tx, id, &why).await?;
            return Ok(Some(why));
        }
    };
    let moved = matching::settle(tx, id, &meaning, (None, catalogue.now)).await?;
    if standing.refreshed_at.is_some() {
        tell(tx, id, &moved).await?;
    }
    let took = i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX);
    queries::refreshed(tx, id, (took, catalogue.now)).await?;
    let rule: Group = serde_json::from_value(standing.rule).unwrap_or_default();
    if check::mentions(&rule).iter().any(|what| what == "time") {
        order_hourly(tx, id).await?;
    }
    Ok(None)
}

/// What its rule means, or why it means nothing.
pub(super) fn meaning(standing: &Standing, catalogue: &Catalogue) -> Result<Meaning, String> {
    let rule: Group = serde_json::from_value(standing.rule.clone())
        .map_err(|_| "Its rule cannot be read. Make it anew.".to_owned())?;
    let checked = check::check(&rule, catalogue);
    match checked.errors.first() {
        None => Ok(checked.meaning),
        Some((_, told)) => Err(format!("A line of its rule does not hold any more: {told}")),
    }
}

/// Tells the log who came and who went.
pub(super) async fn tell(tx: &mut OrgTx, segment: ListId, moved: &matching::Moved) -> sqlx::Result<()> {
    let came =
        moved.came.iter().map(|contact| Fact::of(&SegmentEntered { contact: *contact, segment: segment.0 }));
    let gone =
        moved.gone.iter().map(|contact| Fact::of(&SegmentLeft { contact: *contact, segment: segment.0 }));
    let facts: Vec<Fact> = came.chain(gone).collect::<sqlx::Result<_>>()?;
    for facts in facts.chunks(TOLD) {
        events::record_all(tx, facts).await?;
    }
    Ok(())
}

/// Sees to it that these lists hold whom they should at this moment, those first that others are made of. Lists
/// that are no segments are left alone. Told with its name which one cannot be worked out.
pub async fn freshen(
    tx: &mut OrgTx,
    lists: &[Uuid],
    catalogue: &Catalogue,
) -> sqlx::Result<Result<(), String>> {
    let all = queries::all(tx).await?;
    let mut order = Vec::new();
    let mut waiting: Vec<(Uuid, bool)> = lists.iter().rev().map(|list| (*list, false)).collect();
    while let Some((list, is_ready)) = waiting.pop() {
        let Some(segment) = all.iter().find(|segment| segment.id.0 == list) else { continue };
        if order.contains(&segment.id) {
            continue;
        }
        if is_ready {
            order.push(segment.id);
            continue;
        }
        waiting.push((list, true));
        let mentions = check::mentions(&segment.rule());
        let parts = mentions.iter().filter_map(|what| what.strip_prefix("list:")?.parse().ok());
        waiting.extend(parts.map(|part| (part, false)));
    }
    for id in order {
        if let Some(why) = now(tx, id, catalogue).await? {
            let name = all.iter().find(|segment| segment.id == id).map_or("", |segment| &segment.name);
            return Ok(Err(format!("The segment “{name}”: {why}")));
        }
    }
    Ok(Ok(()))
}
