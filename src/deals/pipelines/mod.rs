//! Pipelines: the stages that deals go through, one after the other. An organization has one from the first
//! time that somebody looks at its deals, and as many more as it wants. What is archived is none of these: see
//! [`archiving`].

pub(super) mod archiving;
mod queries;
pub mod routes;
mod stages;
mod views;

use chrono::{DateTime, Utc};

use crate::{
    tenancy::{OrgTx, Permission, Scope},
    web::{App, Result},
};

crate::id!(
    /// Stages that deals go through.
    PipelineId
);
crate::id!(
    /// How far a deal can be.
    StageId
);

/// What it means to be in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Kind {
    Open,
    Won,
    Lost,
}

impl Kind {
    pub fn tone(self) -> &'static str {
        match self {
            Self::Open => "info",
            Self::Won => "ok",
            Self::Lost => "bad",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub id: StageId,
    pub pipeline_id: PipelineId,
    pub name: String,
    pub kind: Kind,
    /// In per cent.
    pub probability: i16,
    /// Days after which a deal has been here for too long.
    pub rot_days: Option<i32>,
}

impl Stage {
    /// Whether a deal in it is over.
    pub fn is_end(&self) -> bool {
        self.kind != Kind::Open
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    pub id: PipelineId,
    pub name: String,
    /// In their order: the open ones, won, lost.
    pub stages: Vec<Stage>,
}

impl Pipeline {
    pub fn stage(&self, id: StageId) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Stage> {
        self.stages.iter().filter(move |stage| stage.kind == kind)
    }
}

/// A stage as a new pipeline has it.
pub(super) struct Default {
    pub name: &'static str,
    pub kind: Kind,
    pub probability: i16,
    pub rot_days: Option<i32>,
}

const fn stage(name: &'static str, kind: Kind, probability: i16, rot_days: Option<i32>) -> Default {
    Default { name, kind, probability, rot_days }
}

/// The stages that a new pipeline begins with.
pub(super) const DEFAULTS: &[Default] = &[
    stage("Prospecting", Kind::Open, 10, Some(30)),
    stage("Qualification", Kind::Open, 25, Some(30)),
    stage("Proposal", Kind::Open, 50, Some(21)),
    stage("Negotiation", Kind::Open, 75, Some(14)),
    stage("Closed won", Kind::Won, 100, None),
    stage("Closed lost", Kind::Lost, 0, None),
];

/// What the first pipeline is called.
const FIRST: &str = "Sales";

/// Every pipeline in use, the first one first.
pub async fn all(tx: &mut OrgTx) -> sqlx::Result<Vec<Pipeline>> {
    // In this order: of a pipeline that is there, its stages are there when they are asked for next.
    let pipelines = queries::pipelines(tx).await?;
    let stages = queries::stages(tx).await?;
    let of = |id: PipelineId| stages.iter().filter(|stage| stage.pipeline_id == id).cloned().collect();
    Ok(pipelines.into_iter().map(|(id, name)| Pipeline { id, name, stages: of(id) }).collect())
}

/// Every pipeline in use. Where there is none yet the first is made: once, also when two people look at once. Who
/// only looks at a workspace where nobody has been finds none.
pub(super) async fn at_hand<P: Permission>(app: &App, scope: &Scope<P>) -> Result<Vec<Pipeline>> {
    let found = all(&mut scope.enter().await?).await?;
    let only_looks = scope.member.viewing_as.is_some() || scope.member.access.only_looks();
    if !found.is_empty() || only_looks {
        return Ok(found);
    }
    let mut tx = scope.enter_to_write().await?;
    make(&mut tx, FIRST, app.clock.now()).await?;
    let found = all(&mut tx).await?;
    tx.commit().await?;
    Ok(found)
}

/// The first pipeline, made where there is none.
pub async fn first(tx: &mut OrgTx, now: DateTime<Utc>) -> sqlx::Result<Option<Pipeline>> {
    if all(tx).await?.is_empty() {
        make(tx, FIRST, now).await?;
    }
    Ok(all(tx).await?.into_iter().next())
}

/// Makes a pipeline with the stages that each begins with; `None` when another has the name.
pub(super) async fn make(tx: &mut OrgTx, name: &str, now: DateTime<Utc>) -> sqlx::Result<Option<PipelineId>> {
    let id = PipelineId::new();
    // Of two at once the second waits here for the first, and then finds the name taken.
    if !queries::insert(tx, id, name, now).await? {
        return Ok(None);
    }
    queries::insert_defaults(tx, id, now).await?;
    Ok(Some(id))
}

/// A stage that deals can be in, which nobody removes, and whose pipeline nobody archives, until the transaction ends.
pub(super) async fn held(tx: &mut OrgTx, id: StageId) -> sqlx::Result<Option<Stage>> {
    queries::held(tx, id).await
}
