//! A new deal: from the board, from somebody's page, or by the program.

mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{
    DealId,
    deal::Moment,
    happened::{self, DealCreated, Step},
    moving,
    pipelines::{self, StageId},
};
use crate::{audit::Entry, contacts::ContactId, money::Money, tenancy::OrgTx};

/// A deal about to be made. Its owner and contacts are known to be of the organization.
#[derive(Clone, Debug)]
pub struct NewDeal {
    pub name: String,
    /// An open one.
    pub stage: StageId,
    pub value: Money,
    pub expected_close_on: Option<NaiveDate>,
    pub owner: Option<Uuid>,
    pub source: String,
    /// The first is the primary one.
    pub contacts: Vec<ContactId>,
}

/// Makes a deal; `None` where its stage is gone.
pub async fn make(
    tx: &mut OrgTx,
    new: &NewDeal,
    by: Option<Uuid>,
    at: impl Into<Moment>,
) -> sqlx::Result<Option<DealId>> {
    let at: Moment = at.into();
    let Some(stage) = pipelines::held(tx, new.stage).await?.filter(|stage| !stage.is_end()) else {
        return Ok(None);
    };
    let id = DealId::new();
    queries::insert(tx, (id, &stage), new, (by, at.at)).await?;
    let contacts: Vec<Uuid> = new.contacts.iter().map(|contact| contact.0).collect();
    queries::insert_contacts(tx, id, &contacts, at.at).await?;
    moving::begin(tx, id, &stage, (by, at)).await?;
    let (pipeline, to) = (stage.pipeline_id, (stage.id.0, stage.name.as_str()));
    let step = Step { deal: id, pipeline, from: None, to, reason: "", ago: at.ago };
    happened::record::<DealCreated>(tx, &step, &contacts).await?;
    let entry = Entry::new("deals.added").on("deal", id, &new.name);
    let kept = json!({ "name": new.name, "stage": stage.name, "value": new.value.words() });
    tx.record(entry.after(kept), at.at).await?;
    Ok(Some(id))
}

/// The currency of the last deal that was made.
async fn usual_currency(tx: &mut OrgTx) -> sqlx::Result<String> {
    Ok(queries::last_currency(tx).await?.unwrap_or_else(|| "USD".to_owned()))
}

/// A day as a field sends it, nothing for none; an error in words for anything else.
pub(super) fn day(typed: &str) -> Result<Option<NaiveDate>, String> {
    let earliest = DateTime::<Utc>::UNIX_EPOCH.date_naive();
    match typed.trim() {
        "" => Ok(None),
        typed => match typed.parse::<NaiveDate>() {
            Ok(day) if day > earliest && day.format("%Y").to_string().len() == 4 => Ok(Some(day)),
            _ => Err("Choose a day, such as 2026-12-31.".to_owned()),
        },
    }
}
