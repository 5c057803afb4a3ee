//! Pipelines out of use, and back.
//!
//! Always true: the first pipeline, which the board opens with, is in use, so there always is one; no deal is in a
//! pipeline that is archived. Bringing one back within a day brings those of its deals with it that nobody moved since.

mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{Kind, Pipeline, PipelineId, Stage, StageId, all};
use crate::{
    audit::Entry,
    deals::{deal::Moment, moving::leaving, table::DealQuery},
    numbers,
    tenancy::OrgTx,
};

pub(in crate::deals) use routes::{gone, is_away};
pub(super) use views::Line;

/// How long its deals come back with it.
const KEPT: TimeDelta = TimeDelta::days(1);

/// A pipeline that is archived.
#[derive(Clone, Debug)]
pub(in crate::deals) struct Away {
    pub id: PipelineId,
    pub name: String,
    pub archived_at: DateTime<Utc>,
    /// Who archived it, by name.
    pub by: Option<String>,
}

impl Away {
    /// Until when its deals come back with it; none once that is over.
    fn until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(self.archived_at + KEPT).filter(|until| now <= *until)
    }
}

/// Where some of the deals are that were in it.
#[derive(Clone, Debug)]
pub(super) struct There {
    pub pipeline_id: PipelineId,
    pub pipeline: String,
    pub stage_id: StageId,
    pub stage: String,
    pub deals: i64,
}

/// The archived pipelines, the last one first.
pub(super) async fn away(tx: &mut OrgTx) -> sqlx::Result<Vec<Away>> {
    queries::away(tx).await
}

/// The archived pipeline that an address names, itself or one of its stages.
pub(in crate::deals) async fn meant(tx: &mut OrgTx, query: &DealQuery) -> sqlx::Result<Option<Away>> {
    let (pipeline, stage) = (query.pipeline.parse::<Uuid>().ok(), query.stage.parse::<Uuid>().ok());
    if pipeline.is_none() && stage.is_none() {
        return Ok(None);
    }
    queries::meant(tx, pipeline, stage).await
}

/// What is told of a name that another pipeline has.
pub(super) async fn taken(tx: &mut OrgTx, name: &str) -> sqlx::Result<&'static str> {
    let is_away = away(tx).await?.iter().any(|one| one.name.to_lowercase() == name.to_lowercase());
    Ok(if is_away {
        "An archived pipeline has that name. Bring that one back, or choose another name."
    } else {
        "Another pipeline has that name."
    })
}

/// Why a pipeline cannot go, whatever becomes of its deals.
fn stays(all: &[Pipeline], id: PipelineId) -> Option<&'static str> {
    match all {
        [only] if only.id == id => {
            Some("This is the only pipeline, and deals need one. Add another one first.")
        }
        [first, ..] if first.id == id => {
            Some("The board opens with this pipeline. Make another one the first, then archive this one.")
        }
        _ => None,
    }
}

/// The open stage of another pipeline that deals of this one can go to.
fn elsewhere(all: &[Pipeline], id: PipelineId, to: Option<StageId>) -> Option<(&Pipeline, &Stage)> {
    let others = all.iter().filter(|one| one.id != id);
    let mut stages = others.flat_map(|one| one.of_kind(Kind::Open).map(move |stage| (one, stage)));
    stages.find(|(_, stage)| Some(stage.id) == to)
}

/// Puts a pipeline out of use; its deals go to another one. Gives what is said about it, `None` without a pipeline.
pub(super) async fn archive(
    tx: &mut OrgTx,
    (id, to): (PipelineId, Option<StageId>),
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Result<String, &'static str>>> {
    queries::lock_all(tx).await?;
    let all = all(tx).await?;
    let Some(pipeline) = all.iter().find(|one| one.id == id) else { return Ok(None) };
    if let Some(told) = stays(&all, id) {
        return Ok(Some(Err(told)));
    }
    queries::put_away(tx, id, by, now).await?;
    let to = elsewhere(&all, id, to);
    let moved = match (queries::holds(tx, id).await?, to) {
        (false, _) => 0,
        (true, None) => {
            return Ok(Some(Err("It holds deals. Choose the stage of another pipeline that they go to.")));
        }
        (true, Some(to)) => leaving::leave(tx, pipeline, to, by, Moment::from(now)).await?,
    };
    let there = to.map(|(other, stage)| format!("{}: {}", other.name, stage.name)).unwrap_or_default();
    let entry = Entry::new("pipelines.archived").on("pipeline", id, &pipeline.name);
    let entry = entry.before(json!({ "status": "in use" }));
    tx.record(entry.after(json!({ "status": "archived", "deals": moved, "to": there })), now).await?;
    let other = to.map(|(other, _)| other.name.as_str()).unwrap_or_default();
    Ok(Some(Ok(match moved {
        0 => format!("Archived the pipeline “{}”.", pipeline.name),
        1 => format!("Archived the pipeline “{}”. Its deal is in “{other}” now.", pipeline.name),
        n => format!(
            "Archived the pipeline “{}”. Its {} deals are in “{other}” now.",
            pipeline.name,
            numbers::grouped(n as i64)
        ),
    })))
}

/// Brings a pipeline back, and within a day its deals. Gives what is said about it; `None` where none is archived.
pub(super) async fn restore(
    tx: &mut OrgTx,
    id: PipelineId,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    queries::lock_all(tx).await?;
    let Some(away) = away(tx).await?.into_iter().find(|one| one.id == id) else { return Ok(None) };
    let left = match away.until(now) {
        Some(_) => queries::that_left(tx, &away).await?,
        None => 0,
    };
    let came = match left {
        0 => 0,
        _ => leaving::come_back(tx, (id, &away.name), away.archived_at, by, Moment::from(now)).await?,
    };
    queries::bring_back(tx, id).await?;
    let entry = Entry::new("pipelines.restored").on("pipeline", id, &away.name);
    let entry = entry.before(json!({ "status": "archived" }));
    tx.record(entry.after(json!({ "status": "in use", "deals": came })), now).await?;
    Ok(Some(back(&away.name, i64::try_from(came).unwrap_or_default(), left)))
}

/// What is said of a pipeline that is back: how many deals of those that had left.
fn back(name: &str, came: i64, left: i64) -> String {
    let with = match came {
        0 => format!("Brought back the pipeline “{name}”."),
        1 => format!("Brought back the pipeline “{name}” with its deal."),
        n => format!("Brought back the pipeline “{name}” with {} deals.", numbers::grouped(n)),
    };
    match left - came {
        ..=0 => with,
        1 => format!("{with} One that somebody moved since stays where it is."),
        n => format!("{with} {n} that somebody moved since stay where they are."),
    }
}

/// Makes a pipeline the one that the board opens with. Gives its name.
pub(super) async fn make_first(
    tx: &mut OrgTx,
    id: PipelineId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    queries::lock_all(tx).await?;
    let all = all(tx).await?;
    let Some(pipeline) = all.iter().find(|one| one.id == id) else { return Ok(None) };
    queries::make_first(tx, id).await?;
    let before = all.first().map(|one| one.name.clone());
    let entry = Entry::new("pipelines.made_first").on("pipeline", id, &pipeline.name);
    tx.record(entry.before(json!({ "first": before })).after(json!({ "first": pipeline.name })), now).await?;
    Ok(Some(pipeline.name.clone()))
}
