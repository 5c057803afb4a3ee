//! Adding, changing, ordering and removing stages, and what their form accepts.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Kind, Pipeline, PipelineId, Stage, StageId, all, queries};
use crate::{
    audit::Entry,
    contacts::contact::tidy,
    deals::{deal::Moment, moving},
    numbers,
    tenancy::OrgTx,
    web::FieldErrors,
};

/// A stage as it is typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StageForm {
    pub name: String,
    pub probability: String,
    /// Empty for never.
    pub rot_days: String,
}

impl StageForm {
    /// The stage with what was typed; what its kind decides stays.
    fn check(&self, stage: &Stage, others: &Pipeline) -> Result<Stage, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = tidy(&self.name);
        if name.is_empty() || name.chars().count() > 120 {
            errors.add("name", "Give the stage a name of up to 120 characters.");
        }
        let same = |one: &&Stage| one.id != stage.id && one.name.to_lowercase() == name.to_lowercase();
        if others.stages.iter().any(|one| same(&one)) {
            errors.add("name", "Another stage of this pipeline has that name.");
        }
        let mut checked = Stage { name, ..stage.clone() };
        if stage.kind == Kind::Open {
            match self.probability.trim().trim_end_matches('%').trim().parse() {
                Ok(per_cent @ 0..=100) => checked.probability = per_cent,
                _ => errors.add("probability", "Type a whole number from 0 to 100."),
            }
            match (self.rot_days.trim(), self.rot_days.trim().parse()) {
                ("", _) => checked.rot_days = None,
                (_, Ok(days @ 1..=3650)) => checked.rot_days = Some(days),
                _ => errors.add("rot_days", "Type a number of days from 1 to 3650, or nothing for never."),
            }
        }
        errors.into_result().map(|()| checked)
    }
}

pub(super) fn shown(stage: &Stage) -> Value {
    json!({ "name": stage.name, "probability": stage.probability, "rot_days": stage.rot_days })
}

/// The pipeline, whose stages nobody else changes meanwhile.
async fn locked(tx: &mut OrgTx, id: PipelineId) -> sqlx::Result<Option<Pipeline>> {
    if !queries::lock(tx, id).await? {
        return Ok(None);
    }
    Ok(all(tx).await?.into_iter().find(|one| one.id == id))
}

/// Adds a stage behind the open ones, or changes one. `None` where there is no such pipeline or stage.
pub(super) async fn put(
    tx: &mut OrgTx,
    (pipeline, id): (PipelineId, Option<StageId>),
    form: &StageForm,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Result<Stage, FieldErrors>>> {
    let Some(pipeline) = locked(tx, pipeline).await? else { return Ok(None) };
    let before = match id {
        Some(id) => pipeline.stage(id).cloned(),
        None => Some(Stage {
            id: StageId::new(),
            pipeline_id: pipeline.id,
            name: String::new(),
            kind: Kind::Open,
            probability: 0,
            rot_days: None,
        }),
    };
    let Some(before) = before else { return Ok(None) };
    let after = match form.check(&before, &pipeline) {
        Ok(after) => after,
        Err(errors) => return Ok(Some(Err(errors))),
    };
    queries::put_stage(tx, &after, now).await?;
    let entry = match id {
        Some(_) => Entry::new("pipelines.stage_changed").before(shown(&before)),
        None => Entry::new("pipelines.stage_added"),
    };
    tx.record(entry.on("stage", after.id, &after.name).after(shown(&after)), now).await?;
    Ok(Some(Ok(after)))
}

/// Moves an open stage one place up or down. Won and lost stay at the end.
pub(super) async fn shift(
    tx: &mut OrgTx,
    (pipeline, id): (PipelineId, StageId),
    is_up: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Stage>> {
    let Some(pipeline) = locked(tx, pipeline).await? else { return Ok(None) };
    let Some(stage) = pipeline.stage(id).filter(|stage| stage.kind == Kind::Open) else { return Ok(None) };
    let before: Vec<StageId> = pipeline.of_kind(Kind::Open).map(|stage| stage.id).collect();
    let mut after = before.clone();
    let at = before.iter().position(|one| *one == id).unwrap_or_default();
    let to = if is_up { at.saturating_sub(1) } else { (at + 1).min(after.len().saturating_sub(1)) };
    after.swap(at, to);
    let ids: Vec<uuid::Uuid> = after.iter().map(|id| id.0).collect();
    queries::order(tx, pipeline.id, &ids).await?;
    let names = |ids: &[StageId]| -> Value {
        let name = |id: &StageId| pipeline.stage(*id).map(|stage| stage.name.clone());
        json!({ "stages": ids.iter().filter_map(name).collect::<Vec<_>>() })
    };
    let entry = Entry::new("pipelines.ordered").on("pipeline", pipeline.id, &pipeline.name);
    tx.record(entry.before(names(&before)).after(names(&after)), now).await?;
    Ok(Some(stage.clone()))
}

/// Takes an open stage away; its deals go to another one. Gives what is said about it.
pub(super) async fn remove(
    tx: &mut OrgTx,
    (pipeline, id, to): (PipelineId, StageId, Option<StageId>),
    by: uuid::Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Result<String, &'static str>>> {
    let Some(pipeline) = locked(tx, pipeline).await? else { return Ok(None) };
    let Some(stage) = pipeline.stage(id) else { return Ok(None) };
    if stage.kind != Kind::Open {
        return Ok(Some(Err("Every pipeline ends with one won and one lost stage. Rename it instead.")));
    }
    if pipeline.of_kind(Kind::Open).count() < 2 {
        return Ok(Some(Err("A pipeline needs at least one open stage. Add another one first.")));
    }
    let to = to.and_then(|to| pipeline.of_kind(Kind::Open).find(|one| one.id == to && one.id != id));
    queries::remove(tx, stage, now).await?;
    let holds = queries::held_deals(tx).await?.into_iter().find(|(held, _)| *held == id);
    let moved = match (holds, to) {
        (None, _) => 0,
        (Some(_), None) => {
            return Ok(Some(Err("Deals are in that stage. Choose the open stage that they go to.")));
        }
        (Some(_), Some(to)) => moving::everybody(tx, (stage, to), by, Moment::from(now)).await?,
    };
    let entry = Entry::new("pipelines.stage_removed").on("stage", stage.id, &stage.name).before(shown(stage));
    let went = json!({ "deals": moved, "to": to.map(|to| to.name.clone()) });
    tx.record(entry.after(went), now).await?;
    Ok(Some(Ok(match (moved, to) {
        (0, _) | (_, None) => format!("Removed the stage “{}”.", stage.name),
        (1, Some(to)) => format!("Removed the stage “{}”. Its deal is in “{}” now.", stage.name, to.name),
        (n, Some(to)) => {
            let n = numbers::grouped(n as i64);
            format!("Removed the stage “{}”. Its {n} deals are in “{}” now.", stage.name, to.name)
        }
    })))
}
