//! The page of one person, as whoever asks for it is to see it.

use axum::{
    Extension,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::{find, views};
use crate::{
    contacts::{
        ContactId, addresses, beside::Cards, companies::assigning, consent, duplicates, fields, identities,
        lists, merging, notes, segments::Behaviours, standing, table::neighbours, tags,
    },
    events::timeline::{self, Tellers, Theme},
    orgs::frame::frame,
    tenancy::{Permission, Scope},
    web::{App, OrNotFound, Result, View},
};

/// Lines of the timeline that are shown at once.
const LINES: usize = 30;

/// What other domains say and show on the page.
pub type Around = (Extension<Tellers>, Extension<Cards>, Extension<Behaviours>);

/// The query part of the page's address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ShowQuery {
    /// Only what happened before: for what is older.
    pub before: Option<DateTime<Utc>>,
    /// Only what is of this theme.
    pub show: String,
    /// The query part of the address of the list that one came from.
    pub from: Option<String>,
}

/// What was asked for, and what was typed and is wrong, in which part of the page.
#[derive(Clone, Debug, Default)]
pub struct Trouble {
    pub query: ShowQuery,
    /// What the part is called; empty when nothing is wrong.
    pub open: String,
    pub told: String,
    pub typed: String,
    /// What was chosen beside it.
    pub chosen: String,
    /// Who has what was typed: id and name.
    pub holder: Option<(uuid::Uuid, String)>,
}

impl Trouble {
    pub fn at(open: &str, told: &str) -> Self {
        Self { open: open.to_owned(), told: told.to_owned(), ..Self::default() }
    }

    /// What is wrong in a part of the page; empty when nothing is.
    pub fn of(&self, part: &str) -> &str {
        if self.open == part { &self.told } else { "" }
    }
}

impl From<ShowQuery> for Trouble {
    fn from(query: ShowQuery) -> Self {
        Self { query, ..Self::default() }
    }
}

/// The page, with what was wrong where something was.
pub async fn page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    (Extension(tellers), Extension(cards), Extension(behaviours)): Around,
    id: ContactId,
    trouble: Trouble,
) -> Result<Response> {
    let status = if trouble.told.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut tx = scope.enter().await?;
    let Some(contact) = find(&mut tx, id).await? else {
        // Links to who became part of somebody go on leading somewhere.
        let whole = merging::whole(&mut tx, id).await?.or_404()?;
        return Ok(Redirect::to(&scope.member.link(&format!("/contacts/{whole}"))).into_response());
    };
    let parts = merging::parts(&mut tx, id).await?;
    let asked = (trouble.query.before, i64::try_from(LINES).unwrap_or(0) + 1);
    let mut timeline =
        timeline::of_contact(&mut tx, &tellers, &parts, asked, Theme::called(&trouble.query.show)).await?;
    let has_older = timeline.len() > LINES;
    timeline.truncate(LINES);
    let neighbours = match &trouble.query.from {
        Some(view) => Some(neighbours(&mut tx, (view, id.0), behaviours, app.clock.now()).await?),
        None => None,
    };
    let known = views::Known {
        own: fields::in_use(&mut tx).await?,
        lists: lists::of_contact(&mut tx, id).await?,
        tags: tags::of_contact(&mut tx, id).await?,
        offered: tags::names(&mut tx).await?,
        standing: consent::standing(&mut tx, &contact, app.clock.now()).await?,
        said_before: consent::said_by(&mut tx, &parts).await?,
        merges: merging::of_contact(&mut tx, id).await?,
        alike: duplicates::of_contact(&mut tx, id).await?,
        members: standing::members(&mut tx).await?,
        notes: notes::of_contact(&mut tx, id).await?,
        identities: identities::of_contact(&mut tx, id).await?,
        addresses: addresses::of_contact(&mut tx, id).await?,
        works: assigning::works(&mut tx, &contact).await?,
        beside: cards.of(|permission| scope.member.holds(permission)),
        contact,
        timeline,
        has_older,
        neighbours,
        trouble,
    };
    drop(tx);
    let shell = frame(app, scope, "contacts").await?;
    Ok((status, View(views::Show::new(shell, &scope.member, known))).into_response())
}
