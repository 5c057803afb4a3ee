//! What the templates in `templates/orgs/invitations/` are given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Invitation, State, queries::Letter};
use crate::{
    accounts::User,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "orgs/invitations/new.html")]
pub(super) struct New {
    pub shell: Shell,
    pub org: String,
    pub emails: String,
    pub role: String,
    /// The roles that this person may give: id, name.
    pub roles: Vec<(String, String)>,
    pub errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "orgs/invitations/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub org: String,
    pub invitations: Vec<Invitation>,
    pub now: DateTime<Utc>,
    pub me: User,
}

impl Index {
    pub(super) fn is_expired(&self, invitation: &Invitation) -> bool {
        invitation.expires_at <= self.now
    }

    pub(super) fn when(&self, at: &DateTime<Utc>) -> String {
        self.me.date_and_time(*at)
    }
}

/// The page behind the link, for whoever may accept by it.
#[derive(Template)]
#[template(path = "orgs/invitations/answer.html")]
pub(super) struct Answer {
    pub shell: Shell,
    pub action: String,
    pub letter: Letter,
    pub who: Who,
    pub typed_name: String,
    pub errors: FieldErrors,
}

/// Who has opened the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Signed in with the address that was invited.
    Invited,
    /// Signed in with another one.
    SomebodyElse { email: String },
    /// Nobody signed in; the address has an account.
    HasAccount,
    /// Nobody signed in; the address has none yet.
    Newcomer,
}

/// The page behind a link that is over.
#[derive(Template)]
#[template(path = "orgs/invitations/over.html")]
pub(super) struct Over {
    pub shell: Shell,
    pub workspace: String,
    pub invited_by: String,
    pub state: State,
}

impl Over {
    pub(super) fn told(&self) -> &'static str {
        match self.state {
            State::Accepted => "It was accepted already. Sign in, and you are there.",
            State::Withdrawn => "It was withdrawn.",
            State::Replaced => "A newer one was sent. Look for the latest mail, and open the link in that.",
            State::Expired | State::Open => "It is more than 7 days old.",
        }
    }

    /// Whether somebody has to invite them once more.
    pub(super) fn needs_another(&self) -> bool {
        matches!(self.state, State::Withdrawn | State::Expired)
    }
}
