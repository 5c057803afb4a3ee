//! Trying the organization's mail server: a connection, encryption, sign-in, and what came of it in words.

use std::time::Duration;

use secrecy::ExposeSecret;

use super::{queries, route};
use crate::{
    audit::Entry,
    channels::smtp::{Credentials, Limits, OpenError, Pool, Server, Timeouts},
    secrets::{self, SecretId},
    tenancy::Scope,
    web::{App, OrNotFound, Result},
};

/// Shorter than a request may take.
const PATIENCE: Duration = Duration::from_secs(12);
/// Characters of what was found that are kept.
const LONGEST: usize = 500;

/// What was found: nothing wrong, or what is.
pub(super) type Found = Result<(), String>;

/// Opens a connection as sending would. No transaction is open meanwhile.
pub(super) async fn try_it(app: &App, scope: &Scope<super::EditSenders>) -> Result<Found> {
    let mut tx = scope.enter().await?;
    let kept = queries::server(&mut tx).await?.or_404()?;
    let way = route::way(app, &mut tx).await?;
    tx.commit().await?;
    let route::Way::Server { server, .. } = way else { return Ok(Err("There is no server.".to_owned())) };
    let credentials = server.credentials.clone();
    let opened = open(server).await;
    let found: Found = opened.as_ref().map(|_| ()).map_err(|error| in_words(error, credentials.as_ref()));
    let mut tx = scope.enter().await?;
    if let (Err(OpenError::SignIn(_)), Some(secret), Err(words)) = (&opened, kept.secret_id, &found) {
        secrets::report_failure(&mut tx, &app.keys, SecretId(secret), words, app.clock.now()).await?;
    }
    super::note_server(app, &mut tx, found.as_ref().err().map_or("", String::as_str)).await?;
    let tried = Entry::new("mail_server.tried").on("mail_server", "", &kept.host);
    let told = found.as_ref().err().map_or("It works.", String::as_str);
    tx.record(tried.after(serde_json::json!({ "found": told })), app.clock.now()).await?;
    tx.commit().await?;
    Ok(found)
}

async fn open(mut server: Server) -> Result<(), OpenError> {
    let step = PATIENCE / 3;
    server.timeouts = Timeouts { connect: step, greeting: step, command: step, ..Timeouts::default() };
    let host = server.host.clone();
    let pool = Pool::new(server, Limits { connections: 1, ..Limits::default() });
    match tokio::time::timeout(PATIENCE, pool.get()).await {
        Ok(opened) => opened.map(|_| ()),
        Err(_) => Err(OpenError::Unreachable { host, error: String::new() }),
    }
}

/// Why it cannot be reached is one thing to a tenant, whose name may lead into networks that are not theirs.
///
/// A server may repeat what it was told: the password is taken out of its words.
fn in_words(error: &OpenError, credentials: Option<&Credentials>) -> String {
    let words = match error {
        OpenError::Unreachable { host, .. } => format!(
            "{host} could not be reached. Check its name and port, and that servers of the internet may connect to it."
        ),
        other => other.to_string(),
    };
    let words = match credentials.map(|known| known.password.expose_secret()) {
        Some(password) if !password.is_empty() => words.replace(password, "…"),
        _ => words,
    };
    words.replace(char::is_control, " ").chars().take(LONGEST).collect()
}
