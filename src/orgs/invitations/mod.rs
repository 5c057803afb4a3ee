//! Asking people in: by mail, to one address each, once, for a week.
//!
//! Always true: an invitation gives nothing before it is accepted; only whoever signs in with its address
//! can accept it; its token is kept as a hash; one that was used, withdrawn, replaced or is too old opens
//! nothing, and its link says which; at most one to an address is open in an organization.
//!
//! - [`sending`]: the pages of whoever asks
//! - [`answering`]: the page behind the mailed link

pub mod answering;
mod mails;
mod queries;
pub mod sending;
mod views;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{
    EditMembers, brand,
    roles::{self, Giver, Role},
};
use crate::{
    accounts::{UserId, throttle},
    audit::Entry,
    crypto::{Token, token::TokenHash},
    email_address::EmailAddress,
    mail,
    tenancy::{OrgTx, Scope},
    web::{App, Error, FieldErrors, Result},
};

/// How long a link is good.
const LASTS: TimeDelta = TimeDelta::days(7);
/// Addresses in one form.
const MOST: usize = 50;

/// An invitation as the list of open ones shows it.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: Uuid,
    pub email: String,
    pub role_id: Uuid,
    pub role_name: String,
    pub invited_by: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Open,
    Accepted,
    Withdrawn,
    Replaced,
    Expired,
}

/// The role to invite as: a row of the organization's own, or the key that every client has.
#[derive(Clone, Debug)]
pub enum As<'a> {
    Id(&'a str),
    Key(&'a str),
}

impl As<'_> {
    fn is(&self, role: &Role) -> bool {
        match self {
            Self::Id(id) => role.id.to_string() == *id,
            Self::Key(key) => role.key == *key,
        }
    }
}

/// The addresses in what was typed, or what is wrong with it.
pub fn addresses(typed: &str) -> Result<Vec<EmailAddress>, FieldErrors> {
    let words =
        typed.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|word| !word.is_empty());
    let (mut found, mut wrong) = (BTreeSet::new(), Vec::new());
    for word in words {
        match EmailAddress::parse(word.trim_matches(['<', '>'])) {
            Some(email) => {
                found.insert(email);
            }
            None => wrong.push(word.chars().take(60).collect::<String>()),
        }
    }
    let told = match (wrong.as_slice(), found.len()) {
        ([], 0) => "Type at least one e-mail address.".to_owned(),
        ([], 1..=MOST) => return Ok(found.into_iter().collect()),
        ([], _) => format!("Please invite up to {MOST} people at once."),
        (wrong, _) => format!("Not an e-mail address: {}.", wrong.join(", ")),
    };
    Err(FieldErrors::on("emails", &told))
}

/// Charges for so many mails; somebody who was written to often of late is not written to again.
async fn charge(app: &App, org: Uuid, emails: &[EmailAddress]) -> Result<()> {
    let now = app.clock.now();
    for email in emails {
        throttle::charge(&app.db, throttle::INVITATIONS_OF, &org.to_string(), now).await?;
        throttle::charge(&app.db, throttle::INVITATIONS_TO, &format!("{org} {email}"), now).await?;
        throttle::charge(&app.db, throttle::INVITATIONS_TO_ALL, email.as_str(), now).await?;
    }
    Ok(())
}

/// Invites these addresses, all or none. An invitation of theirs that is open already is replaced.
pub async fn invite(
    app: &App,
    scope: &Scope<EditMembers>,
    emails: &[EmailAddress],
    role: As<'_>,
) -> Result<Result<(), FieldErrors>> {
    let mut tx = scope.enter().await?;
    let all = roles::all(&mut tx).await?;
    let role = match all.iter().find(|one| role.is(one)) {
        Some(role) if Giver::new(&scope.member, &all).may_give(role) => role,
        Some(role) => {
            let told = format!("“{}” may do more than you, so you cannot give it to anybody.", role.name);
            return Ok(Err(FieldErrors::on("role", &told)));
        }
        None => return Ok(Err(FieldErrors::on("role", "Choose a role."))),
    };
    let here = queries::already_here(&mut tx, emails).await?;
    if !here.is_empty() {
        let told = format!(
            "In this workspace already: {}. Somebody shut out is let in again from the list of people.",
            here.join(", ")
        );
        return Ok(Err(FieldErrors::on("emails", &told)));
    }
    charge(app, scope.member.org().0, emails).await?;
    for email in emails {
        send(app, scope, &mut tx, (email, role.id, &role.name)).await?;
    }
    tx.commit().await?;
    Ok(Ok(()))
}

/// Writes the invitation and its mail, in place of one that is open.
async fn send(
    app: &App,
    scope: &Scope<EditMembers>,
    tx: &mut OrgTx,
    (email, role, role_name): (&EmailAddress, Uuid, &str),
) -> Result<()> {
    let now = app.clock.now();
    let token = Token::random().map_err(|error| Error::Other(anyhow::anyhow!(error)))?;
    let replaced = queries::replace(tx, email.as_str(), now).await?;
    let new = queries::NewInvitation {
        email: email.as_str(),
        role,
        hash: &token.hash(),
        invited_by: scope.member.user.id,
    };
    let id = queries::insert(tx, &new, now).await?;
    let letter = mails::Letter {
        inviter: &scope.member.user.name,
        workspace: &scope.member.access.name,
        brand: &brand::look(app, tx, &scope.member.access).await?,
    };
    let message = mails::invitation(app, email, &letter, &token)?;
    mail::send(tx.conn(), app, message, &data_encoding::HEXLOWER.encode(&token.hash())).await?;
    let action = if replaced { "invitations.resent" } else { "members.invited" };
    let state = json!({ "email": email.as_str(), "role": role_name, "expires_at": now + LASTS });
    tx.record(Entry::new(action).on("invitation", id, email.as_str()).after(state), now).await?;
    Ok(())
}

/// Keeps an invitation of `email` as the role with this key, without a mail; whoever holds the token that
/// `hash` is of may answer it.
pub async fn keep(
    tx: &mut OrgTx,
    (email, role): (&str, &str),
    (hash, invited_by): (&TokenHash, UserId),
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    let all = roles::all(tx).await?;
    let Some(role) = all.iter().find(|one| one.key == role) else { return Ok(None) };
    let new = queries::NewInvitation { email, role: role.id, hash, invited_by };
    queries::insert(tx, &new, now).await.map(Some)
}

/// Withdraws what is open to the addresses of these people: who is shut out does not come back by an
/// older letter.
pub async fn withdraw_of(tx: &mut OrgTx, people: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<()> {
    queries::withdraw_of(tx, people, now).await
}

#[cfg(test)]
mod tests {
    use super::{EmailAddress, addresses};

    #[test]
    fn addresses_come_one_a_line_or_with_commas_and_each_once() {
        let found = addresses("Ann@a.test, bo@b.test;\n<ann@a.test>\tcy@c.test").unwrap();
        let found: Vec<&str> = found.iter().map(EmailAddress::as_str).collect();
        assert_eq!(found, ["ann@a.test", "bo@b.test", "cy@c.test"]);
    }

    #[test]
    fn what_is_no_address_is_named_and_too_many_are_refused() {
        let told = |typed: &str| addresses(typed).unwrap_err().of("emails").to_owned();
        assert_eq!(told("ann@a.test, bo"), "Not an e-mail address: bo.");
        assert_eq!(told("  \n"), "Type at least one e-mail address.");
        let many: Vec<String> = (0..51).map(|n| format!("p{n}@a.test")).collect();
        assert_eq!(told(&many.join(" ")), "Please invite up to 50 people at once.");
    }
}
