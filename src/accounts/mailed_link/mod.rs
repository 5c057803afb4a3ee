//! Links sent by mail, which prove that somebody reads it: single use, short-lived, kept as a hash.

pub(super) mod queries;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::UserId;
use crate::{crypto::Token, email_address::EmailAddress, web::Result};

/// What a link is for. One made for one thing opens no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    SignUp,
    Reset,
    ChangeEmail,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::Reset => "reset",
            Self::ChangeEmail => "change_email",
        }
    }

    /// How long the link is good.
    pub fn lasts(self) -> TimeDelta {
        match self {
            Self::SignUp | Self::ChangeEmail => TimeDelta::hours(24),
            Self::Reset => TimeDelta::minutes(30),
        }
    }
}

/// A link to be sent.
pub(super) struct NewLink<'a> {
    pub kind: Kind,
    /// None before there is an account.
    pub user: Option<UserId>,
    pub email: &'a EmailAddress,
    pub name: &'a str,
    pub workspace_name: &'a str,
    /// `direct` or `agency`: what signing up makes.
    pub workspace_kind: &'a str,
}

/// What a link that is still good stands for.
#[derive(Clone, Debug)]
pub struct Link {
    pub user_id: Option<UserId>,
    pub email: String,
    pub name: String,
    pub workspace_name: String,
    pub workspace_kind: String,
}

/// Stores a link and gives its token, which is nowhere else.
pub(super) async fn make(conn: &mut PgConnection, new: &NewLink<'_>, now: DateTime<Utc>) -> Result<Token> {
    let token = Token::random().map_err(|error| anyhow::anyhow!(error))?;
    queries::insert(conn, new, &token.hash(), now).await?;
    Ok(token)
}
