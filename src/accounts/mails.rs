//! The mails of this domain, in both forms.

use askama::Template;

use crate::{
    crypto::Token,
    email_address::EmailAddress,
    mail::Message,
    web::{App, Result},
};

/// What a mail to a person says: who it is for, why, one link, and what to do if they did not ask.
#[derive(Template)]
#[template(path = "accounts/mail/letter.html")]
struct Html<'a>(&'a Letter<'a>);

#[derive(Template)]
#[template(path = "accounts/mail/letter.txt")]
struct Text<'a>(&'a Letter<'a>);

struct Letter<'a> {
    greeting: String,
    body: &'a str,
    button: &'a str,
    link: String,
    otherwise: &'a str,
}

fn message(kind: &'static str, to: &EmailAddress, subject: &str, letter: &Letter<'_>) -> Result<Message> {
    Ok(Message {
        kind,
        to: to.clone(),
        subject: subject.to_owned(),
        text: Text(letter).render()?,
        html: Html(letter).render()?,
    })
}

/// Greets by the first name. What is no name is left out: anybody can type anything, with anybody's
/// address beside it, and must not have us mail it.
fn hello(name: &str) -> String {
    let is_name = |first: &&str| {
        first.chars().count() <= 30 && first.chars().all(|c| c.is_alphabetic() || "-'’".contains(c))
    };
    match name.split_whitespace().next().filter(is_name) {
        Some(first) => format!("Hello {first},"),
        None => "Hello,".to_owned(),
    }
}

/// The link that finishes signing up.
pub(super) fn sign_up(app: &App, to: &EmailAddress, name: &str, token: &Token) -> Result<Message> {
    let letter = Letter {
        greeting: hello(name),
        body: "one step is left: choose a password, and your workspace is ready. The link is good for 24 hours.",
        button: "Choose a password",
        link: app.config.link(&format!("/sign-up/{}", token.as_str())),
        otherwise: "If you did not sign up, leave this mail alone: without the link there is no account.",
    };
    message("sign_up", to, "Finish signing up", &letter)
}

/// For somebody who signs up and has an account already.
pub(super) fn already_signed_up(app: &App, to: &EmailAddress) -> Result<Message> {
    let letter = Letter {
        greeting: "Hello,".to_owned(),
        body: "somebody, most likely you, tried to sign up with this address. You have an account already: sign in \
               with it, or ask for a new password on the same page.",
        button: "Sign in",
        link: app.config.link("/sign-in"),
        otherwise: "If it was not you, there is nothing to do: nobody got in.",
    };
    message("already_signed_up", to, "You have an account already", &letter)
}

/// The link that sets a new password.
pub(super) fn reset(app: &App, to: &EmailAddress, name: &str, token: &Token) -> Result<Message> {
    let letter = Letter {
        greeting: hello(name),
        body: "here is the link to choose a new password. It is good for 30 minutes and works once. You will be \
               signed out everywhere else.",
        button: "Choose a new password",
        link: app.config.link(&format!("/reset/{}", token.as_str())),
        otherwise: "If you did not ask for it, leave this mail alone: your password stays as it is.",
    };
    message("reset", to, "Choose a new password", &letter)
}

/// The link that proves a new address.
pub(super) fn new_address(app: &App, to: &EmailAddress, name: &str, token: &Token) -> Result<Message> {
    let letter = Letter {
        greeting: hello(name),
        body: "you asked to sign in with this address from now on. The link is good for 24 hours.",
        button: "Use this address",
        link: app.config.link(&format!("/account/email/{}", token.as_str())),
        otherwise: "If you did not ask for it, leave this mail alone: nothing changes.",
    };
    message("change_email", to, "Use this address from now on", &letter)
}

/// Tells the old address that somebody wants another one.
pub(super) fn address_changing(app: &App, to: &EmailAddress, name: &str) -> Result<Message> {
    let letter = Letter {
        greeting: hello(name),
        body: "somebody who knows your password asked to sign in to your account with another address. It changes \
               when the link sent there is opened.",
        button: "See your account's security",
        link: app.config.link("/account/security"),
        otherwise: "If it was not you, change your password now: that also makes the link worthless.",
    };
    message("address_changing", to, "Your address is about to change", &letter)
}

/// Tells a person that how they sign in was changed.
pub(super) fn changed(app: &App, to: &EmailAddress, name: &str, what: &str) -> Result<Message> {
    let letter = Letter {
        greeting: hello(name),
        body: what,
        button: "See your account's security",
        link: app.config.link("/account/security"),
        otherwise: "If it was not you, ask for a new password on the sign-in page and tell whoever runs this installation.",
    };
    message("security_changed", to, "How you sign in was changed", &letter)
}
