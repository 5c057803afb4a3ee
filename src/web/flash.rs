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
    /// Where the Undo button posts to, when there is something to undo.
    #[serde(default)]
    pub undo: Option<String>,
}

/// Says `text` on the next page that this session shows.
pub async fn say(session: &Session, text: &str) -> Result<(), Error> {
    keep(session, "ok", text, None).await
}

/// The same, with a button that takes it back by posting to `undo`.
pub async fn say_with_undo(session: &Session, text: &str, undo: String) -> Result<(), Error> {
    keep(session, "ok", text, Some(undo)).await
}

/// Says what went wrong on the next page that this session shows.
pub async fn say_error(session: &Session, text: &str) -> Result<(), Error> {
    keep(session, "error", text, None).await
}

async fn keep(session: &Session, kind: &str, text: &str, undo: Option<String>) -> Result<(), Error> {
    let flash = Flash { kind: kind.into(), text: text.into(), undo };
    session.insert(KEY, flash).await.map_err(|error| Error::Other(anyhow::anyhow!(error)))
}

/// What there is to say, once.
pub async fn take(session: &Session) -> Option<Flash> {
    let flash = session.get(KEY).await.ok().flatten();
    // To the session, removing is a change even when nothing was there: every page would be a write.
    if flash.is_some() {
        session.remove::<Flash>(KEY).await.ok();
    }
    flash
}
