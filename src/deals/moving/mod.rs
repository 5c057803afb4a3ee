//! From one stage to another: by dragging, by a menu, by winning and losing. The one place where a deal's stage
//! changes, with its history, its events and its line in the log.

pub(super) mod leaving;
mod queries;
pub mod routes;
mod views;

use serde_json::json;
use uuid::Uuid;

use super::{
    Deal, DealId,
    deal::{self, Moment},
    happened::{self, DealLost, DealStageChanged, DealWon, Step, facts},
    pipelines::{self, Kind, Stage, StageId},
};
use crate::{audit::Entry, events, tenancy::OrgTx};

/// What somebody wants: the deal from the stage in which they saw it into another one.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    pub deal: DealId,
    pub seen: StageId,
    pub to: StageId,
    /// Why it is lost; asked for there alone.
    pub reason: &'a str,
}

/// Why a deal stays where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody moved it meanwhile; where to.
    Elsewhere(String),
    /// There is no such stage any more, or it is of another pipeline.
    NoStage,
    Archived,
    /// It is lost for a reason, which nobody has given.
    NoReason,
}

impl Refusal {
    pub fn words(&self, name: &str) -> String {
        match self {
            Self::Elsewhere(stage) => {
                format!(
                    "Somebody moved “{name}” to {stage} meanwhile, so it stays there. Look again before you move it."
                )
            }
            Self::NoStage => {
                format!("That stage is gone, so “{name}” stays where it was. Reload to see the stages.")
            }
            Self::Archived => format!("“{name}” is archived, so it stays where it was. Bring it back first."),
            Self::NoReason => format!("Say why “{name}” was lost: the reason is kept with it."),
        }
    }
}

/// Moves a deal, or says why not. Gives the deal as it was and the stage that it is in. `None` without a deal.
pub async fn fulfil(
    tx: &mut OrgTx,
    wish: &Wish<'_>,
    by: Option<Uuid>,
    at: Moment,
) -> sqlx::Result<Option<(Deal, Result<Stage, Refusal>)>> {
    // The stage first: who archives its pipeline holds that before any deal, and then neither waits for the other.
    let to = pipelines::held(tx, wish.to).await?;
    let Some(found) = deal::locked(tx, wish.deal).await? else { return Ok(None) };
    let to = to.filter(|stage| stage.pipeline_id == found.pipeline_id);
    let outcome = match to {
        _ if found.archived_at.is_some() => Err(Refusal::Archived),
        None if found.stage_id != wish.seen => Err(Refusal::Elsewhere(found.stage.clone())),
        None => Err(Refusal::NoStage),
        // Pressed twice, or somebody else had the same thought.
        Some(to) if to.id == found.stage_id => Ok(to),
        Some(_) if found.stage_id != wish.seen => Err(Refusal::Elsewhere(found.stage.clone())),
        Some(to) if to.kind == Kind::Lost && wish.reason.is_empty() => Err(Refusal::NoReason),
        Some(to) => {
            step(tx, &found, (&to, wish.reason), by, at).await?;
            Ok(to)
        }
    };
    Ok(Some((found, outcome)))
}

async fn step(
    tx: &mut OrgTx,
    found: &Deal,
    (to, reason): (&Stage, &str),
    by: Option<Uuid>,
    at: Moment,
) -> sqlx::Result<()> {
    let reason = if to.kind == Kind::Lost { reason } else { "" };
    queries::step(tx, found.id, (to, reason), at.at).await?;
    queries::remember(tx, &[found.id.0], (Some(found.stage_id), to, reason), (by, at.at)).await?;
    let from = Some((found.stage_id.0, found.stage.as_str()));
    let (deal, pipeline) = (found.id, found.pipeline_id);
    let step = Step { deal, pipeline, from, to: (to.id.0, &to.name), reason, ago: at.ago };
    let contacts = deal::contacts(tx, found.id).await?;
    let action = match to.kind {
        Kind::Open => "deals.moved",
        Kind::Won => "deals.won",
        Kind::Lost => "deals.lost",
    };
    match to.kind {
        Kind::Open => happened::record::<DealStageChanged>(tx, &step, &contacts).await?,
        Kind::Won => happened::record::<DealWon>(tx, &step, &contacts).await?,
        Kind::Lost => happened::record::<DealLost>(tx, &step, &contacts).await?,
    }
    let entry = Entry::new(action).on("deal", found.id, &found.name);
    let entry = entry.before(json!({ "stage": found.stage })).after(json!({ "stage": to.name }));
    tx.record(if reason.is_empty() { entry } else { entry.because(reason) }, at.at).await
}

/// The first line of a deal's history.
pub(super) async fn begin(
    tx: &mut OrgTx,
    deal: DealId,
    stage: &Stage,
    (by, at): (Option<Uuid>, Moment),
) -> sqlx::Result<()> {
    queries::remember(tx, &[deal.0], (None, stage, ""), (by, at.at)).await
}

/// Every deal of a stage that is taken away goes to another open one. Gives how many.
pub(super) async fn everybody(
    tx: &mut OrgTx,
    (from, to): (&Stage, &Stage),
    by: Uuid,
    at: Moment,
) -> sqlx::Result<usize> {
    let all = queries::everybody(tx, from, to, at.at).await?;
    queries::remember(tx, &all, (Some(from.id), to, ""), (Some(by), at.at)).await?;
    let mut told = Vec::new();
    for (deal, contacts) in queries::with_contacts(tx, &all).await? {
        let step = Step {
            deal,
            pipeline: to.pipeline_id,
            from: Some((from.id.0, &from.name)),
            to: (to.id.0, &to.name),
            reason: "",
            ago: at.ago,
        };
        told.extend(facts::<DealStageChanged>(&step, &contacts)?);
    }
    events::record_all(tx, &told).await?;
    Ok(all.len())
}
