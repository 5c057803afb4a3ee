//! What happens to deals, for whoever listens, and for the timeline of each of their contacts.
//!
//! Each stands once for every contact of the deal, and once without one where it has none.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{DealId, pipelines::PipelineId};
use crate::{
    events::{self, Event, Fact},
    tenancy::OrgTx,
};

/// Declares an event of a deal: they all say the same.
macro_rules! of_deal {
    ($(#[$meta:meta])* $name:ident, $kind:literal) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
        pub struct $name {
            pub deal: Uuid,
            #[serde(default)]
            pub contact: Option<Uuid>,
            pub pipeline: Uuid,
            /// The stage it came from and the one it is in, by id and by name as it was then.
            pub from: Option<Uuid>,
            pub from_name: String,
            pub to: Uuid,
            pub to_name: String,
            /// Why it was lost; empty otherwise.
            #[serde(default)]
            pub reason: String,
        }

        impl Event for $name {
            const KIND: &'static str = $kind;

            fn contact(&self) -> Option<Uuid> {
                self.contact
            }
        }

        impl Of for $name {
            fn of(step: &Step<'_>, contact: Option<Uuid>) -> Self {
                Self {
                    deal: step.deal.0,
                    contact,
                    pipeline: step.pipeline.0,
                    from: step.from.map(|(id, _)| id),
                    from_name: step.from.map_or_else(String::new, |(_, name)| name.to_owned()),
                    to: step.to.0,
                    to_name: step.to.1.to_owned(),
                    reason: step.reason.to_owned(),
                }
            }
        }
    };
}

of_deal!(
    /// A deal was made, in a stage.
    DealCreated,
    "deal.created"
);
of_deal!(
    /// A deal came into another open stage; also one that was over and is open again.
    DealStageChanged,
    "deal.stage_changed"
);
of_deal!(
    /// A deal was won.
    DealWon,
    "deal.won"
);
of_deal!(
    /// A deal was lost.
    DealLost,
    "deal.lost"
);

/// A deal on its way from one stage to another, each by id and name.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    pub deal: DealId,
    pub pipeline: PipelineId,
    pub from: Option<(Uuid, &'a str)>,
    pub to: (Uuid, &'a str),
    pub reason: &'a str,
    pub ago: TimeDelta,
}

/// An event of a deal.
pub(super) trait Of: Event {
    fn of(step: &Step<'_>, contact: Option<Uuid>) -> Self;
}

/// Facts for each of these contacts.
pub(super) fn facts<E: Of>(step: &Step<'_>, contacts: &[Uuid]) -> sqlx::Result<Vec<Fact>> {
    let fact = |contact: Option<Uuid>| Ok(Fact::of(&E::of(step, contact))?.ago(step.ago));
    if contacts.is_empty() {
        return Ok(vec![fact(None)?]);
    }
    contacts.iter().map(|contact| fact(Some(*contact))).collect()
}

/// Writes it down for each of these contacts.
pub(super) async fn record<E: Of>(tx: &mut OrgTx, step: &Step<'_>, contacts: &[Uuid]) -> sqlx::Result<()> {
    events::record_all(tx, &facts::<E>(step, contacts)?).await
}
