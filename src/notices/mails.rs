//! A notice as a mail, in both forms.

use askama::Template;

use super::queries::Hearer;
use crate::{
    email_address::EmailAddress,
    mail::Message,
    web::{App, Result},
};

#[derive(Template)]
#[template(path = "notices/mail/notice.html")]
struct Html<'a> {
    hearer: &'a Hearer,
    title: &'a str,
    link: &'a str,
    settings: &'a str,
}

#[derive(Template)]
#[template(path = "notices/mail/notice.txt")]
struct Text<'a> {
    hearer: &'a Hearer,
    title: &'a str,
    link: &'a str,
    settings: &'a str,
}

pub(super) fn notice(
    app: &App,
    to: &EmailAddress,
    hearer: &Hearer,
    (title, path): (&str, &str),
) -> Result<Message> {
    let link = app.config.link(&format!("/w/{}{path}", hearer.slug));
    let settings = app.config.link("/account/notifications");
    Ok(Message {
        kind: "notice",
        to: to.clone(),
        subject: format!("{}: {title}", hearer.workspace),
        text: Text { hearer, title, link: &link, settings: &settings }.render()?,
        html: Html { hearer, title, link: &link, settings: &settings }.render()?,
    })
}
