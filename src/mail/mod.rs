//! The system's own mail: confirmations, resets, invitations. Not what campaigns send.
//!
//! Owns `mail_messages`. A message is written in the transaction of whatever it tells about: both
//! happen or neither. A job hands it to the configured server; without one it is kept, and in
//! development the built-in mailbox shows it. Always true: the same key is sent once, however often
//! it is asked for; what was typed by a person cannot add a header; a message that a server has taken
//! keeps its headers only, for its body holds links that sign in.
//!
//! - [`message`]: what is said to whom, and its form on the wire
//! - [`transport`]: the mail server
//! - [`delivery`]: the job of each message
//! - [`mailbox`]: the pages that show it in development

pub mod delivery;
pub mod mailbox;
pub mod message;
mod queries;
pub mod transport;

use sqlx::PgConnection;

pub use message::{MailId, Message};
pub use queries::{forget_under, kept_under};

use crate::{
    jobs,
    web::{App, Error},
};
use delivery::DeliverMail;

/// Puts a message in the queue, within the caller's transaction. A key that was used before does nothing.
pub async fn send(
    conn: &mut PgConnection,
    app: &App,
    message: Message,
    idempotency_key: &str,
) -> Result<(), Error> {
    let id = MailId::new();
    let now = app.clock.now();
    let source = message.compose(id, &app.config, now).map_err(|error| Error::Other(error.into()))?;
    let status = if app.config.smtp_url.is_some() { "queued" } else { "kept" };
    let is_new = queries::insert(conn, (id, idempotency_key), &message, &source, status, now).await?;
    if is_new && status == "queued" {
        order(conn, id).await?;
    }
    Ok(())
}

/// Orders the delivery of a message that waits.
async fn order(conn: &mut PgConnection, id: MailId) -> sqlx::Result<()> {
    jobs::enqueue_for_installation(conn, &DeliverMail { message: id }, None).await
}
