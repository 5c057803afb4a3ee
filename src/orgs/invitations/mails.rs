//! The mail that asks somebody in, in both forms.

use askama::Template;

use crate::{
    crypto::Token,
    email_address::EmailAddress,
    mail::Message,
    orgs::brand::Look,
    web::{App, Result},
};

/// Who asks whom into what, under which name they are known.
pub(super) struct Letter<'a> {
    pub inviter: &'a str,
    pub workspace: &'a str,
    pub brand: &'a Look,
}

#[derive(Template)]
#[template(path = "orgs/invitations/mail/invitation.html")]
struct Html<'a> {
    brand: &'a str,
    look: &'a Look,
    body: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "orgs/invitations/mail/invitation.txt")]
struct Text<'a> {
    brand: &'a str,
    body: &'a str,
    link: &'a str,
}

/// A name as we repeat it to somebody who did not ask: anybody can type anything as the name of a
/// workspace, and must not have us mail it.
fn plain<'a>(name: &'a str, otherwise: &'a str) -> &'a str {
    let is_name = name.chars().count() <= 80
        && !name.contains(|c: char| c.is_control() || "@<>\\".contains(c))
        && !["www.", "//"].iter().any(|part| name.to_lowercase().contains(part));
    if is_name && !name.trim().is_empty() { name } else { otherwise }
}

pub(super) fn invitation(
    app: &App,
    to: &EmailAddress,
    letter: &Letter<'_>,
    token: &Token,
) -> Result<Message> {
    let inviter = plain(letter.inviter, "Somebody");
    let workspace = plain(letter.workspace, "a workspace");
    let brand = plain(&letter.brand.name, "Groundswell");
    let body = format!(
        "{inviter} asks you to work in “{workspace}”. The link is good for 7 days, works once, and only for {to}."
    );
    let link = app.config.link(&format!("/invitations/{}", token.as_str()));
    Ok(Message {
        kind: "invitation",
        to: to.clone(),
        subject: format!("{inviter} invites you to {workspace}"),
        text: Text { brand, body: &body, link: &link }.render()?,
        html: Html { brand, look: letter.brand, body: &body, link: &link }.render()?,
    })
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_is_no_name_is_not_mailed() {
        assert_eq!(plain("Björn & Søn A/S", "x"), "Björn & Søn A/S");
        assert_eq!(plain("Björn & Søn", "x"), "Björn & Søn");
        for spam in ["Win at https://evil.example", "see WWW.evil.example", "", "a\nb", "me@evil.example"] {
            assert_eq!(plain(spam, "x"), "x", "{spam}");
        }
    }
}
