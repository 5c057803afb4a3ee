//! Every deal of a pipeline into another one, and back: when a pipeline is archived, and brought back.
//!
//! What is open goes to one chosen open stage. What is over stays over: it goes to the won or the lost stage of the
//! other pipeline with the day on which it closed and its reason, and nobody hears that it was won or lost again.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::queries;
use crate::{
    deals::{
        DealId,
        deal::Moment,
        happened::{DealStageChanged, Step, facts},
        pipelines::{Kind, Pipeline, PipelineId, Stage},
    },
    events,
    tenancy::OrgTx,
};

/// A deal that came from a stage of one pipeline into a stage of another one.
#[derive(Clone, Debug)]
pub(super) struct Passed {
    pub deal: Uuid,
    pub kind: Kind,
    pub from: Uuid,
    pub from_name: String,
    pub to: Uuid,
    pub to_name: String,
}

/// Every deal of a pipeline, archived ones too, goes to another one. Gives how many.
pub(in crate::deals) async fn leave(
    tx: &mut OrgTx,
    from: &Pipeline,
    (to, stage): (&Pipeline, &Stage),
    by: Uuid,
    at: Moment,
) -> sqlx::Result<usize> {
    let all = queries::leave(tx, from.id, stage, at.at).await?;
    remember(tx, ((from.id, &from.name), (to.id, &to.name)), &all, (by, at)).await?;
    Ok(all.len())
}

/// Those that left it at that moment and that nobody moved since come back into the stages that they were in.
pub(in crate::deals) async fn come_back(
    tx: &mut OrgTx,
    (pipeline, name): (PipelineId, &str),
    left_at: DateTime<Utc>,
    by: Uuid,
    at: Moment,
) -> sqlx::Result<usize> {
    let mut came = 0;
    // They all went to one pipeline; where that is gone by now, they went on from there and stay.
    for (from, from_name) in queries::where_they_went(tx, pipeline, left_at).await? {
        let all = queries::come_back(tx, (pipeline, from), left_at, at.at).await?;
        remember(tx, ((from, &from_name), (pipeline, name)), &all, (by, at)).await?;
        came += all.len();
    }
    Ok(came)
}

async fn remember(
    tx: &mut OrgTx,
    ((from, from_name), (to, to_name)): ((PipelineId, &str), (PipelineId, &str)),
    all: &[Passed],
    (by, at): (Uuid, Moment),
) -> sqlx::Result<()> {
    queries::remember_all(tx, (from, to), all, (by, at.at)).await?;
    let open: Vec<&Passed> = all.iter().filter(|one| one.kind == Kind::Open).collect();
    let ids: Vec<Uuid> = open.iter().map(|one| one.deal).collect();
    let contacts: HashMap<Uuid, Vec<Uuid>> =
        queries::with_contacts(tx, &ids).await?.into_iter().map(|(deal, all)| (deal.0, all)).collect();
    let mut told = Vec::new();
    for one in open {
        let (left, came) = (format!("{from_name}: {}", one.from_name), format!("{to_name}: {}", one.to_name));
        let step = Step {
            deal: DealId(one.deal),
            pipeline: to,
            from: Some((one.from, &left)),
            to: (one.to, &came),
            reason: "",
            ago: at.ago,
        };
        let of = contacts.get(&one.deal).map_or(&[][..], Vec::as_slice);
        told.extend(facts::<DealStageChanged>(&step, of)?);
    }
    events::record_all(tx, &told).await
}
