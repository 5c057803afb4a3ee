//! A sentence for the next page, kept in the session until it has been shown once.

use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::Error;

const KEY: &str = "flash";

#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Flash {
    /// `ok`, `info` or `error`.
    pub kind: String,
    pub text: String,
}

/// Says `text` on the next page that this session shows.
pub async fn say(session: &Session, text: &str) -> Result<(), Error> {
    keep(session, "ok", text).await
}

/// Says what went wrong on the next page that this session shows.
pub async fn say_error(session: &Session, text: &str) -> Result<(), Error> {
    keep(session, "error", text).await
}

async fn keep(session: &Session, kind: &str, text: &str) -> Result<(), Error> {
    let flash = Flash { kind: kind.into(), text: text.into() };
    session.insert(KEY, flash).await.map_err(|error| Error::Other(anyhow::anyhow!(error)))
}

/// What there is to say, once.
pub async fn take(session: &Session) -> Option<Flash> {
    // Removing marks the session as changed even when there is nothing, and every page would write.
    session.get::<Flash>(KEY).await.ok().flatten()?;
    session.remove(KEY).await.ok().flatten()
}
