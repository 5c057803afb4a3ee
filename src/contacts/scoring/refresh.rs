//! Working out whom a rule holds, as a whole.

use std::time::Duration;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ScoreRule, ScoreRuleId, known, queries, settling};
use crate::{
    contacts::segments::{catalogue::Catalogue, check},
    jobs::{self, AtWork, Failure, Job, Order},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// How often a rule that speaks of time is looked at.
const HOURLY: Duration = Duration::from_secs(3600);
/// How long a statement about everybody may take.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// Works a rule out for everybody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rescore {
    pub rule: Uuid,
}

impl Job for Rescore {
    const KIND: &'static str = "scores.rescore";
    const TIME_LIMIT: Duration = Duration::from_secs(1800);
    /// What changes while it is worked out is seen by the next one.
    const KEY_WAITS_ONLY: bool = true;

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let (scope, id) =
            (JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND), ScoreRuleId(self.rule));
        let mut tx = scope.enter_patiently(PATIENCE).await?;
        let catalogue = known(&mut tx, &at_work, app.clock.now()).await?;
        let Some(rule) = queries::find(&mut tx, id).await? else { return Ok(()) };
        let moving = settling::moving(&mut tx, &rule, &catalogue).await?;
        tx.commit().await?;
        for some in moving.iter().flat_map(|moving| moving.chunks(settling::AT_ONCE)) {
            // Of their own each: who changes one of these people waits for these only.
            let mut tx = scope.enter_patiently(PATIENCE).await?;
            let Some(rule) = queries::held(&mut tx, id).await? else { return Ok(()) };
            settling::settle(&mut tx, &rule, Some(some), &catalogue).await?.ok();
            at_work.still_ours(tx.conn()).await?;
            tx.commit().await?;
        }
        let mut tx = scope.enter().await?;
        finish(&mut tx, &rule, (moving.err().as_deref().unwrap_or(""), catalogue.now)).await?;
        at_work.still_ours(tx.conn()).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Works a rule out for everybody at this moment, within the caller's transaction.
pub async fn now(tx: &mut OrgTx, id: ScoreRuleId, catalogue: &Catalogue) -> sqlx::Result<()> {
    let Some(rule) = queries::held(tx, id).await? else { return Ok(()) };
    let done = settling::settle(tx, &rule, None, catalogue).await?;
    finish(tx, &rule, (done.err().as_deref().unwrap_or(""), catalogue.now)).await
}

/// Writes down how it went; a rule that speaks of time is worked out again in an hour.
async fn finish(tx: &mut OrgTx, rule: &ScoreRule, (why, now): (&str, DateTime<Utc>)) -> sqlx::Result<()> {
    queries::refreshed(tx, rule.id, (now, why)).await?;
    let is_timed = check::mentions(&rule.rule()).iter().any(|what| what == "time");
    if is_timed && rule.removed_at.is_none() {
        enqueue(tx, rule.id, (&format!("hourly:{}", rule.id), HOURLY)).await?;
    }
    Ok(())
}

/// Orders that a rule is worked out soon.
pub(super) async fn order(tx: &mut OrgTx, id: ScoreRuleId) -> sqlx::Result<()> {
    enqueue(tx, id, (&id.to_string(), Duration::ZERO)).await
}

async fn enqueue(tx: &mut OrgTx, id: ScoreRuleId, (key, after): (&str, Duration)) -> sqlx::Result<()> {
    let (org, order) = (tx.org(), Order { key: Some(key), after, ..Order::default() });
    let done = jobs::enqueue(tx.conn(), org, &Rescore { rule: id.0 }, order).await;
    done.map_err(|error| sqlx::Error::Encode(anyhow!("{error}").into()))?;
    Ok(())
}
