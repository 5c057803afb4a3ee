//! Signing up: an address first, a password once it is proven.
//!
//! There is no account, and no password, before the link in the mail was opened. So nobody can prepare
//! an account for somebody else's address, and the answer never tells whether an address is known.

mod queries;
pub mod routes;
mod views;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use validator::Validate;

pub use queries::create;

use super::{
    User, mailed_link,
    mailed_link::{Kind, Link},
    password,
};
use crate::{
    crypto::Token,
    email_address::EmailAddress,
    web::{App, Error, FieldErrors, Result, View, csrf::FormToken},
};

/// The first form, as typed.
#[derive(Clone, Debug, Default, Deserialize, Validate)]
#[serde(default)]
pub struct SignUpForm {
    #[validate(length(min = 1, max = 200, message = "Please tell us your name, in up to 200 characters."))]
    pub name: String,
    pub email: String,
    #[validate(length(min = 1, max = 120, message = "Give your workspace a name of up to 120 characters."))]
    pub workspace: String,
    /// `direct` or `agency`.
    pub kind: String,
    #[serde(rename = "_csrf")]
    pub csrf: String,
}

impl SignUpForm {
    /// What the workspace is to be; whoever does not say has a business of their own.
    pub fn kind(&self) -> &'static str {
        if self.kind == "agency" { "agency" } else { "direct" }
    }

    /// The form with its spaces cut and its address read, or what is wrong with it.
    pub fn check(&self) -> std::result::Result<(Self, EmailAddress), FieldErrors> {
        let trimmed = Self {
            name: self.name.trim().to_owned(),
            workspace: self.workspace.trim().to_owned(),
            ..self.clone()
        };
        let mut errors = trimmed.validate().err().map(FieldErrors::from).unwrap_or_default();
        for (field, typed) in [("name", &trimmed.name), ("workspace", &trimmed.workspace)] {
            if typed.contains(char::is_control) {
                errors.add(field, "Please use letters, digits and signs only.");
            }
        }
        let email = EmailAddress::parse(&self.email);
        if email.is_none() {
            errors.add("email", "That does not look like an e-mail address.");
        }
        match email {
            Some(email) if errors.is_empty() => Ok((trimmed, email)),
            _ => Err(errors),
        }
    }
}

/// The second form, behind the link.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AcceptForm {
    pub password: String,
    #[serde(rename = "_csrf")]
    pub csrf: String,
}

impl AcceptForm {
    /// The password when it will do for the person the link was sent to.
    pub fn check(&self, pending: &Link) -> std::result::Result<String, FieldErrors> {
        match password::complaint(&self.password, &[&pending.email, &pending.name, &pending.workspace_name]) {
            Some(complaint) => Err(FieldErrors::on("password", &complaint)),
            None => Ok(self.password.clone()),
        }
    }
}

/// What the link stands for; one that was used or is too old is gone.
pub async fn pending(app: &App, token: &Token) -> Result<Link> {
    mailed_link::queries::find(&app.db, Kind::SignUp, token, app.clock.now()).await?.ok_or(Error::Gone)
}

/// The page on which the password is chosen.
pub fn choose_password(pending: &Link, link: &Token, token: &FormToken, errors: FieldErrors) -> Response {
    View(views::ChoosePassword::new(pending, link, token, errors)).into_response()
}

/// Makes a person whose address somebody else's mail has proven. `None` when it has an account.
pub async fn join(
    conn: &mut PgConnection,
    email: &EmailAddress,
    name: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<User>> {
    match queries::create(conn, email, name, password_hash, now).await? {
        Some(id) => Ok(Some(super::queries::user_in(conn, id).await?)),
        None => Ok(None),
    }
}

/// Whether this address has an account: for whoever has proven that it is theirs, and nobody else.
pub async fn has_account(app: &App, email: &str) -> Result<bool> {
    let Some(email) = EmailAddress::parse(email) else { return Ok(false) };
    Ok(queries::has_account(&app.db, &email).await?)
}

/// Somebody who has just become a user, and the name of the workspace they want.
pub struct Accepted {
    pub user: User,
    pub workspace_name: String,
    /// `direct` or `agency`.
    pub workspace_kind: String,
}

/// Makes the person the link was sent to. `None` when the link was used meanwhile, or the address got an
/// account on another way.
pub async fn accept(
    conn: &mut PgConnection,
    token: &Token,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<Accepted>> {
    let Some(link) = mailed_link::queries::consume(conn, Kind::SignUp, token, now).await? else {
        return Ok(None);
    };
    let email = EmailAddress::parse(&link.email).ok_or(Error::Gone)?;
    let Some(id) = queries::create(conn, &email, &link.name, password_hash, now).await? else {
        return Ok(None);
    };
    let user = super::queries::user_in(conn, id).await?;
    Ok(Some(Accepted { user, workspace_name: link.workspace_name, workspace_kind: link.workspace_kind }))
}
