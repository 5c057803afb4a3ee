//! Trying a campaign before it leaves: seeing it as somebody, and sending it to oneself.
//!
//! Nothing of it is counted, and its links for stopping lead to a page that says so. A trial is never sent to
//! an address that is suppressed.

mod canvas;
mod preview;
mod queries;
mod sending;
mod test_mail;
mod views;

pub use sending::SendTrial;

use serde_json::Value;
use uuid::Uuid;

use super::{
    Broadcast, BroadcastId, freeze,
    letter::{Letter, Links, Written},
};
use crate::{
    contacts::{ContactId, record},
    designs::{self, merge::Problem, people, samples},
    tenancy::OrgTx,
    web::{self, App, Routes},
};

pub(super) fn routes() -> Routes {
    Routes::workspace().merge(preview::routes()).merge(test_mail::routes())
}

/// A trial that was ordered.
#[derive(Clone, Debug)]
pub struct Sent {
    pub address: String,
    /// How its job stands.
    pub status: String,
    pub last_error: String,
}

/// The last trials of a broadcast, the newest first.
async fn sent(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<Vec<Sent>> {
    queries::sent(tx, id).await
}

/// What a campaign is to somebody, or what is wrong with it.
type Tried = Result<Written, Vec<Problem>>;

/// The mail as this person would get it: a contact's id, or the key of a sample.
async fn write(app: &App, tx: &mut OrgTx, broadcast: &Broadcast, person: &str) -> web::Result<Tried> {
    let fields = people::fields(tx).await?;
    let templates = match (broadcast.version, broadcast.design) {
        (Some(version), _) => queries::version(tx, version).await?,
        (None, Some(design)) => {
            designs::compile(tx, design, &fields).await?.map(|frozen| (frozen.html, frozen.text))
        }
        (None, None) => None,
    };
    let Some((html, text)) = templates else {
        return Ok(Err(vec![Problem::error("There is no content yet: choose a design first.", "")]));
    };
    let organization = freeze::organization(tx).await?;
    let said = (broadcast.subject.as_str(), broadcast.preview_text.as_str());
    let letter = match Letter::new(said, (&html, &text), &organization, &fields) {
        Ok(letter) => letter,
        Err(problems) => return Ok(Err(problems)),
    };
    let contact = values(tx, person).await?;
    let written = letter.write(contact, Links::Trial { base_url: &app.config.base_url });
    Ok(written.map_err(|error| vec![Problem::error(error.to_string(), "")]))
}

/// Whether this is a contact here, or no contact at all but a sample.
async fn is_somebody(tx: &mut OrgTx, person: &str) -> sqlx::Result<bool> {
    match person.parse::<Uuid>() {
        Ok(id) => Ok(record::find(tx, ContactId(id)).await?.is_some()),
        Err(_) => Ok(true),
    }
}

/// What merge fields hold for a person; for the first sample where there is no such person.
async fn values(tx: &mut OrgTx, person: &str) -> sqlx::Result<Value> {
    if let Ok(id) = person.parse::<Uuid>()
        && let Some(contact) = record::find(tx, ContactId(id)).await?
    {
        return Ok(people::values(&contact));
    }
    Ok(samples::contact(person))
}
