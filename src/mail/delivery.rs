//! A message on its way to the configured server: one job each.
//!
//! The server is spoken to outside of any transaction. A process that dies between the server's yes and
//! the word of it here leaves the message to be sent again with the same Message-ID: twice is possible,
//! lost is not.

use std::time::Duration;

use lettre::Address;
use serde::{Deserialize, Serialize};

use super::{
    MailId,
    message::headers_of,
    queries::{self, Waiting},
    transport::{Outcome, Transport},
};
use crate::{
    jobs::{AtWork, Failure, Job},
    web::App,
};

pub use super::queries::Backlog;

/// Hands one message to the mail server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeliverMail {
    pub message: MailId,
}

impl Job for DeliverMail {
    const KIND: &'static str = "mail.deliver";
    /// About a day: after that nobody waits for a confirmation any more.
    const ATTEMPTS: i32 = 8;
    const TIME_LIMIT: Duration = Duration::from_secs(120);

    fn pause(attempts: i32) -> Duration {
        let minutes = match attempts {
            ..=1 => 1,
            2 => 5,
            3 => 30,
            4 => 120,
            _ => 360,
        };
        Duration::from_secs(minutes * 60)
    }

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let Some(waiting) = queries::waiting(&mut *app.db.connection().await?, self.message).await? else {
            return Ok(());
        };
        let outcome = attempt(&app, &waiting).await;
        match &outcome {
            Outcome::Unreachable(_) => app.warnings.set("mail", "the mail server does not answer"),
            _ => app.warnings.clear("mail"),
        }
        settle(&app, self.message, &waiting, outcome, at_work.attempt).await
    }
}

async fn attempt(app: &App, waiting: &Waiting) -> Outcome {
    let Some(url) = &app.config.smtp_url else {
        return Outcome::Unreachable("no mail server is configured any more".to_owned());
    };
    let transport = match Transport::new(url) {
        Ok(transport) => transport,
        Err(error) => return Outcome::Unreachable(error.to_string()),
    };
    match waiting.recipient.parse::<Address>() {
        Ok(to) => transport.deliver(&app.config.mail_from.email, &to, &waiting.source).await,
        Err(error) => Outcome::Refused(error.to_string()),
    }
}

async fn settle(
    app: &App,
    id: MailId,
    waiting: &Waiting,
    outcome: Outcome,
    attempt: i32,
) -> Result<(), Failure> {
    let mut conn = app.db.connection().await?;
    match outcome {
        Outcome::Taken => {
            tracing::info!(mail.id = %id, mail.kind = waiting.kind, "Sent the message {id}");
            queries::mark_sent(&mut conn, id, headers_of(&waiting.source), app.clock.now()).await?;
            Ok(())
        }
        Outcome::Refused(why) => {
            queries::mark_not_sent(&mut conn, id, &why, true).await?;
            Err(Failure::Never(why))
        }
        Outcome::Later(why) | Outcome::Unreachable(why) => {
            queries::mark_not_sent(&mut conn, id, &why, attempt >= DeliverMail::ATTEMPTS).await?;
            Err(Failure::Again(anyhow::anyhow!(why)))
        }
    }
}

/// Forgets messages that were settled a month ago.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ForgetMail;

impl Job for ForgetMail {
    const KIND: &'static str = "mail.forget";

    async fn run(self, app: App, _: AtWork) -> Result<(), Failure> {
        let before = app.clock.now() - chrono::TimeDelta::days(30);
        queries::delete_settled(&mut *app.db.connection().await?, before).await?;
        Ok(())
    }
}

/// What waits and what failed.
pub async fn backlog(app: &App) -> sqlx::Result<Backlog> {
    queries::backlog(&mut *app.db.connection().await?).await
}
