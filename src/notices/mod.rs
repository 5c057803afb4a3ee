//! Notices: what somebody should know, and how they want to be told: here, by mail too, or not at all.
//!
//! Owns `notices` and `notice_settings`. Always true: a notice belongs to the organization in which something
//! happened and to the one person whom it tells; it is written in the transaction of what it tells of, and so is
//! its mail; nobody is told of a workspace that they may not enter, and what one who left was told is shown no
//! more. A person reads the notices of all their workspaces together: the database decides which those are, by
//! the functions of its migration, and counts the unread ones in the statement that loads the person.
//!
//! Open pages follow: see [`bell`].
//!
//! Others call [`tell`], and declare a [`Kind`] for what they tell of.

pub mod bell;
mod mails;
pub mod personal;
mod queries;
pub mod routes;
mod settings;
mod views;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    accounts::UserId,
    email_address::EmailAddress,
    mail,
    tenancy::OrgTx,
    web::{App, Result},
};

crate::id!(
    /// One notice.
    NoticeId
);

/// Something that people are told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// As stored: `deals.given`.
    pub key: &'static str,
    /// When it is told, for the settings: `Somebody makes you the owner of a deal`.
    pub words: &'static str,
}

/// Every kind there is. Cheap to clone.
#[derive(Clone)]
pub struct Kinds(Arc<Vec<Kind>>);

impl Kinds {
    pub fn new(all: Vec<Kind>) -> Self {
        Self(Arc::new(all))
    }

    pub fn all(&self) -> &[Kind] {
        &self.0
    }
}

/// What is said to one person.
#[derive(Clone, Debug)]
pub struct Said {
    pub to: UserId,
    pub title: String,
    /// The page that it is about, behind the address of the workspace: `/deals/…`.
    pub path: String,
}

/// A notice, as its reader sees it.
#[derive(Clone, Debug)]
pub struct Notice {
    pub id: NoticeId,
    pub title: String,
    pub path: String,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
    pub slug: String,
    pub workspace: String,
    pub hue: i16,
}

/// Longer titles are cut.
const LONGEST: usize = 500;

/// Tells somebody, as they want to be told, within the caller's transaction. Who may not enter the workspace, or
/// wants to hear nothing of this kind, is not told.
pub async fn tell(tx: &mut OrgTx, app: &App, kind: Kind, said: &Said) -> Result<()> {
    let Some(hearer) = queries::hearer(tx, kind.key, said.to).await? else { return Ok(()) };
    if hearer.choice == "off" {
        return Ok(());
    }
    let id = NoticeId::new();
    let title: String = said.title.chars().take(LONGEST).collect();
    queries::insert(tx, (id, kind.key), (said.to, &title, &said.path), app.clock.now()).await?;
    let address = EmailAddress::parse(&hearer.email).filter(|_| hearer.choice == "mail" && !hearer.is_locked);
    if let Some(to) = address {
        let message = mails::notice(app, &to, &hearer, (&title, &said.path))?;
        mail::send(tx.conn(), app, message, &format!("notice:{id}")).await?;
    }
    Ok(())
}
