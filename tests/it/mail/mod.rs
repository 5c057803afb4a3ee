//! The system's own mail: written, delivered, shown.

mod delivery;
mod mailbox;
mod sink;

use groundswell::{email_address::EmailAddress, mail, web::App};

/// A message as accounts write them.
pub(crate) fn message(to: &str, subject: &str) -> mail::Message {
    mail::Message {
        kind: "reset",
        to: EmailAddress::parse(to).expect("an address"),
        subject: subject.to_owned(),
        text: format!("Grüße! Open https://app.groundswell.test/reset/abc?x=1.\n\n{}", "long line ".repeat(40)),
        html: "<!DOCTYPE html><html><head></head><body><p>Grüße!</p><a href=\"https://x.test/\">Reset</a></body></html>".into(),
    }
}

pub(crate) async fn send(app: &App, message: mail::Message, key: &str) {
    let mut tx = app.db.begin().await.expect("a transaction");
    mail::send(&mut tx, app, message, key).await.expect("the message is queued");
    tx.commit().await.expect("committed");
}
