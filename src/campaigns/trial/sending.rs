//! The job that sends one trial to one address.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::write;
use crate::{
    campaigns::{BroadcastId, broadcast, letter::Written, mailbox},
    channels::{
        address::Address,
        message::{Email, Mailbox},
        smtp::{Envelope, Limits, Outcome, Pool, Prepared, Server},
    },
    contacts::consent,
    jobs::{AtWork, Failure, Job, JobId},
    senders::{Route, Way, route},
    tenancy::JobScope,
    web::App,
};

/// Sends a broadcast as it is now, to be looked at.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendTrial {
    pub broadcast: Uuid,
    pub to: String,
    /// As whom it is written: a contact's id, or the key of a sample.
    pub person: String,
}

impl Job for SendTrial {
    const KIND: &'static str = "campaigns.trial";
    const ATTEMPTS: i32 = 3;
    const TIME_LIMIT: Duration = Duration::from_secs(600);

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let id = BroadcastId(self.broadcast);
        let Some(to) = Address::parse(&self.to) else {
            return Err(Failure::Never("That is no address that can be written to.".to_owned()));
        };
        let mut tx = scope.enter().await?;
        let Some(found) = broadcast::find(&mut tx, id).await? else { return Ok(()) };
        if consent::suppressed(&mut tx, &self.to).await?.is_some() {
            return Err(Failure::Never("Nothing is sent to this address any more.".to_owned()));
        }
        let Some(sender) = found.sender else {
            return Err(Failure::Never("The campaign has no sender any more.".to_owned()));
        };
        let route = route::of(&app, &mut tx, sender).await.map_err(|error| anyhow::anyhow!("{error}"))?;
        let Some(route) = route else {
            return Err(Failure::Never("The campaign has no sender any more.".to_owned()));
        };
        let written = write(&app, &mut tx, &found, &self.person).await;
        let mut written = written.map_err(|error| anyhow::anyhow!("{error}"))?.map_err(|problems| {
            Failure::Never(problems.into_iter().next().map(|one| one.what).unwrap_or_default())
        })?;
        written.subject = format!("[Test] {}", written.subject);
        let source = compose(&app, at_work.id, &route, &to, &written)?;
        tx.commit().await?;
        match &route.way {
            Way::Server { server, .. } => hand_over(server.clone(), (&route.from, &to), &source).await,
            Way::Mailbox => {
                let trial = mailbox::Kept { contact: Uuid::nil(), to, subject: written.subject, source };
                let mut tx = scope.enter().await?;
                mailbox::keep_trial(&mut tx, id, trial, app.clock.now()).await?;
                tx.commit().await?;
                Ok(())
            }
        }
    }
}

/// The mail as it leaves, signed. A second attempt has the name of the first.
fn compose(app: &App, id: JobId, route: &Route, to: &Address, written: &Written) -> Result<Vec<u8>, Failure> {
    let message_id = format!("t{}@{}", id.0.simple(), route.from.domain());
    let email = Email {
        message_id: &message_id,
        date: app.clock.now(),
        from: Mailbox { name: Some(&route.name), address: &route.from },
        to: Mailbox { name: None, address: to },
        reply_to: route.reply_to.as_ref().map(|address| Mailbox { name: None, address }),
        subject: &written.subject,
        text: &written.text,
        html: &written.html,
        list: None,
        feedback_id: None,
        extra: &[],
    };
    let mut message = Vec::new();
    email.write(&mut message).map_err(|error| Failure::Never(error.to_string()))?;
    let mut whole = Vec::with_capacity(message.len() + 2048);
    for signer in &route.signers {
        signer.sign(&message, &mut whole).map_err(anyhow::Error::from)?;
    }
    whole.extend_from_slice(&message);
    Ok(whole)
}

/// What the server says decides: a trial that may have arrived is not sent twice.
async fn hand_over(server: Server, (from, to): (&Address, &Address), source: &[u8]) -> Result<(), Failure> {
    let pool = Pool::new(server, Limits { connections: 1, ..Limits::default() });
    let connection = pool.get().await.map_err(|error| anyhow::anyhow!("{error}"))?;
    let outcome = match connection.prepare(&Envelope { from: Some(from), to }, source).await {
        Prepared::Settled(outcome) => outcome,
        Prepared::Ready(ready) => ready.release().await,
    };
    pool.close().await;
    match outcome {
        Outcome::Accepted(_) => Ok(()),
        Outcome::Transient(refusal) => Err(anyhow::anyhow!("The server said: {}", refusal.text).into()),
        Outcome::Permanent(refusal) => Err(Failure::Never(format!("The server said: {}", refusal.text))),
        Outcome::Unknown(words) => Err(Failure::Never(format!("It may have arrived: {words}"))),
        Outcome::NotTried(words) => Err(anyhow::anyhow!("It was not sent: {words}").into()),
        Outcome::Unfit(unfit) => Err(Failure::Never(unfit.to_string())),
    }
}
