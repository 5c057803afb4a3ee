//! What the templates of `templates/campaigns/visitors/` are given.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::choice::{Choices, Standing};
use crate::{orgs::brand::Look, web::View};

/// Everything that a reader may choose.
#[derive(Template)]
#[template(path = "campaigns/visitors/preferences.html")]
pub(super) struct Preferences {
    pub brand: Look,
    /// Where the forms go.
    pub action: String,
    pub address: String,
    pub choices: Choices,
    /// What has just changed; empty on a first look.
    pub told: String,
    /// The end of a pause, in words.
    pub until: String,
}

impl Preferences {
    fn is_stopped(&self) -> bool {
        self.choices.standing == Standing::Stopped
    }

    fn is_paused(&self) -> bool {
        matches!(self.choices.standing, Standing::PausedUntil(_))
    }
}

/// The button that stops mail, and what is said once it was pressed.
#[derive(Template)]
#[template(path = "campaigns/visitors/unsubscribe.html")]
pub(super) struct Unsubscribe {
    pub brand: Look,
    pub action: String,
    /// What the mail was about; empty for everything.
    pub topic: String,
    pub is_done: bool,
    /// Where one chooses; empty for whom we do not know.
    pub preferences: String,
}

/// A page that says one thing.
#[derive(Template)]
#[template(path = "campaigns/visitors/notice.html")]
struct Notice {
    brand: Look,
    title: &'static str,
    text: &'static str,
}

/// What somebody sees whom we do not know: no name, and a colour of nobody's.
pub(super) fn nobodys() -> Look {
    Look { name: String::new(), colour: "#5b6472".to_owned() }
}

/// For a link that leads nowhere, or not any more. It offers no other address to go to.
pub(in crate::campaigns) fn nothing_here() -> Response {
    let notice = Notice {
        brand: nobodys(),
        title: "This link does not work",
        text: "It may have been cut off on its way, or what it led to is gone. Open it again from the e-mail, or ask \
               whoever wrote to you.",
    };
    (StatusCode::NOT_FOUND, View(notice)).into_response()
}

/// For the links of a mail that was sent to try it.
pub(super) fn trial() -> Response {
    let notice = Notice {
        brand: nobodys(),
        title: "This was a trial",
        text: "The e-mail was sent to try how it looks. In the one that people get, this link is their own: it lets \
               them see the e-mail, choose what they hear about, or stop it.",
    };
    View(notice).into_response()
}
