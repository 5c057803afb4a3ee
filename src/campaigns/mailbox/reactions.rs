//! What the addresses of the built-in mailbox do once they have a mail: what people and machines would.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Persona, queries};
use crate::{
    campaigns::{
        bounces,
        tokens::Addressee,
        tracking::{self, Agent, Hit, What},
        visitors,
    },
    channels::{
        bounces::{Bounce, Kind},
        replies::Reason,
    },
    jobs::{AtWork, Failure, Job},
    tenancy::JobScope,
    web::App,
};

/// How long somebody takes to react.
pub(super) const MOMENT: Duration = Duration::from_secs(5);
/// Links that a machine follows.
const FOLLOWED: u16 = 50;

/// Somebody of the built-in mailbox reacts to a mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct React {
    /// The broadcast's number.
    pub number: i64,
    pub contact: Uuid,
    pub address: String,
}

impl Job for React {
    const KIND: &'static str = "campaigns.react";

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let to = Addressee { broadcast: self.number, contact: self.contact };
        let Some(persona) = Persona::named(&self.address) else { return Ok(()) };
        match persona {
            Persona::BounceHard => come_back(&app, to, Kind::Hard, Reason::MailboxUnknown).await?,
            Persona::BounceSoft => come_back(&app, to, Kind::Soft, Reason::MailboxFull).await?,
            Persona::Complain => come_back(&app, to, Kind::Complaint, Reason::Other).await?,
            Persona::Unsubscribe => {
                visitors::unsubscribe(&app, to).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
            }
            Persona::Reader => look(&app, to, What::Opened, Agent::Person).await,
            Persona::Clicker => {
                look(&app, to, What::Opened, Agent::Person).await;
                look(&app, to, What::Clicked(0), Agent::Person).await;
            }
            Persona::Scanner => {
                let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
                let links = queries::links(&mut scope.enter().await?, self.number).await?;
                let machine = Agent::Machine("the scanner of the built-in mailbox");
                look(&app, to, What::Opened, machine).await;
                for position in 0..u16::try_from(links).unwrap_or(FOLLOWED).min(FOLLOWED) {
                    look(&app, to, What::Clicked(position), machine).await;
                }
            }
            Persona::Reject | Persona::Defer | Persona::Lost => {}
        }
        tracking::flush(&app).await;
        Ok(())
    }
}

async fn look(app: &App, to: Addressee, what: What, by: Agent) {
    tracking::record(app, Hit { to, what, by, at: app.clock.now() }).await;
}

async fn come_back(app: &App, to: Addressee, kind: Kind, reason: Reason) -> Result<(), Failure> {
    let diagnostic = "The built-in mailbox behaves like this for this address.".to_owned();
    let bounce =
        Bounce { kind, reason, status: None, diagnostic, recipient: None, message_id: None, token: None };
    bounces::came_back(app, to, &bounce).await?;
    Ok(())
}
