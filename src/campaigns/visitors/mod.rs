//! The pages behind a mail's own links: seeing it in a browser, choosing what one hears about, stopping.
//!
//! Whoever holds the link is let in by it, without a session, a cookie or a script. Looking changes nothing,
//! however often and whoever looks; what changes something is a form, or the one click of a mail program
//! (RFC 8058), which says no more than the address that it sends to. What somebody said goes into the ledger of
//! consents, whose last word counts: choosing again undoes it.
//!
//! - [`choice`]: what somebody hears about, and what a change of it says
//! - [`routes`]: `/p/{token}` and `/u/{token}`
//! - [`page`]: the mail at `/v/{token}`

pub mod choice;
pub mod page;
mod queries;
pub mod routes;
pub(super) mod views;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    tokens::{self, Addressee, Link},
    tracking::links,
};
use crate::{
    contacts::consent::TopicId,
    events::Event,
    tenancy::{Mode, OrgId, OrgTx, Visit, VisitorScope},
    web::{App, Result},
};

/// What a trial's links hold in place of a token.
pub const TRIAL: &str = "trial";

/// Reading what one was sent, and what one has chosen.
struct Read;

impl Visit for Read {
    const MODE: Mode = Mode::Read;
}

/// Choosing what one hears about.
struct Choose;

impl Visit for Choose {
    const MODE: Mode = Mode::Write;
}

/// Somebody who came by the link of a mail.
pub(super) struct Guest {
    to: Addressee,
    org: OrgId,
    broadcast: Uuid,
}

impl Guest {
    /// Whoever holds this token; nobody for one that is not ours.
    async fn with(app: &App, token: &str, link: Link) -> Result<Option<Self>> {
        let Some((to, _)) = tokens::read(&app.keys, token, link) else { return Ok(None) };
        Self::of(app, to).await
    }

    async fn of(app: &App, to: Addressee) -> Result<Option<Self>> {
        let known = links::known(app, to.broadcast).await?;
        Ok(known.map(|known| Self { to, org: known.org, broadcast: known.broadcast }))
    }

    async fn enter<V: Visit>(&self, app: &App) -> sqlx::Result<OrgTx> {
        VisitorScope::<V>::new(app.db.clone(), self.org).enter().await
    }
}

/// Stops the mail of this broadcast's topic for whom it was sent to, as their one click would.
pub async fn unsubscribe(app: &App, to: Addressee) -> Result<()> {
    let Some(guest) = Guest::of(app, to).await? else { return Ok(()) };
    let mut tx = guest.enter::<Choose>(app).await?;
    routes::stop(app, &mut tx, &guest, "").await?;
    Ok(tx.commit().await?)
}

/// Somebody asked for no more mail, about a topic or at all.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct EmailUnsubscribed {
    pub contact: Uuid,
    pub broadcast: Uuid,
    /// None for everything.
    pub topic: Option<TopicId>,
    /// `one_click` or `preferences`.
    pub how: String,
}

impl Event for EmailUnsubscribed {
    const KIND: &'static str = "email.unsubscribed";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}
