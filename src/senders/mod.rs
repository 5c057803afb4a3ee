//! Who an organization's campaigns are from, which domains vouch for them, and which server takes them.
//!
//! Owns `sender_identities`, `sending_domains` and `mail_servers`. Always true: a private key and a password
//! are secrets of the organization, and no page shows them again; a campaign of a domain whose keys we hold
//! is signed with both of them; a password is sent to the server it was typed for and to no other.
//!
//! - [`route`]: all that a campaign needs to know about its way out
//! - [`installation`]: the server that whoever runs this installation has named
//! - [`routes`]: the page of the settings; `identities`, `domains`, `own_server`, `trying`: its parts

mod domains;
mod identities;
pub mod installation;
mod own_server;
mod permissions;
mod queries;
pub mod route;
pub mod routes;
mod trying;
mod views;

pub use permissions::EditSenders;
pub use route::{Rates, Route, Way};

use chrono::{DateTime, Utc};

use crate::{
    accounts::UserId,
    channels::address::Address,
    tenancy::OrgTx,
    web::{App, Result},
};

crate::id!(
    /// A name and an address that campaigns are from.
    SenderId
);

crate::id!(
    /// A domain that mail is signed for.
    DomainId
);

/// Whom a campaign can be from, for a list to choose from: id and words.
pub async fn choices(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let all = queries::senders(tx).await?;
    Ok(all.into_iter().map(|one| (one.id.to_string(), format!("{} <{}>", one.name, one.email))).collect())
}

/// Adds a name and an address that campaigns can be from; `None` where they will not do or are there already.
pub async fn add(
    tx: &mut OrgTx,
    name: &str,
    email: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<SenderId>> {
    let typed =
        identities::SenderForm { name: name.to_owned(), email: email.to_owned(), ..Default::default() };
    let Ok(checked) = typed.check() else { return Ok(None) };
    Ok(identities::add(tx, &checked, now).await?.ok())
}

/// How mail leaves, as one sentence for people.
pub async fn way_in_words(app: &App, tx: &mut OrgTx) -> sqlx::Result<String> {
    Ok(match (queries::server(tx).await?, &app.config.smtp_url) {
        (Some(server), _) => format!("By your server {}", server.host),
        (None, Some(_)) => "By this installation's server".to_owned(),
        (None, None) => "There is no mail server: mail stays in the built-in mailbox".to_owned(),
    })
}

/// Whether what this sender sends is signed for its domain.
pub async fn is_signed(tx: &mut OrgTx, sender: SenderId) -> sqlx::Result<bool> {
    let Some(sender) = queries::sender(tx, sender).await? else { return Ok(false) };
    let Some(from) = Address::parse(&sender.email) else { return Ok(false) };
    Ok(queries::keys_of(tx, from.domain()).await?.is_some())
}

/// Makes keys for a domain and keeps them: what is sent from it is signed from now on. `false` when it has
/// keys already.
pub async fn sign_for(app: &App, tx: &mut OrgTx, domain: &str, by: UserId) -> Result<bool> {
    let keys = domains::make(domain).await?;
    domains::add(app, tx, (domain, by), &keys).await
}

/// Remembers how the organization's own server fared, for whoever looks after it: no words where nothing was
/// wrong. Does nothing where it has none.
pub async fn note_server(app: &App, tx: &mut OrgTx, trouble: &str) -> sqlx::Result<()> {
    let trouble: String = trouble.replace(char::is_control, " ").chars().take(500).collect();
    queries::note_server(tx, &trouble, app.clock.now()).await
}
