//! Working out whom a rule holds, as a whole.

use std::time::Duration;

use anyhow::anyhow;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ScoreRuleId, known, queries, settling};
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
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let mut tx = scope.enter_patiently(PATIENCE).await?;
        let catalogue = known(&mut tx, &at_work, app.clock.now()).await?;
        now(&mut tx, ScoreRuleId(self.rule), &catalogue).await?;
        at_work.still_ours(tx.conn()).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Works a rule out for everybody at this moment, within the caller's transaction.
pub async fn now(tx: &mut OrgTx, id: ScoreRuleId, catalogue: &Catalogue) -> sqlx::Result<()> {
    let Some(rule) = queries::held(tx, id).await? else { return Ok(()) };
    settling::settle_all(tx, &rule, catalogue).await?;
    let is_timed = check::mentions(&rule.rule()).iter().any(|what| what == "time");
    if is_timed && rule.removed_at.is_none() {
        enqueue(tx, id, (&format!("hourly:{id}"), HOURLY)).await?;
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
