//! `/w/{org}/campaigns/{campaign}/preview`: the mail as anybody would get it.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use uuid::Uuid;

use super::{canvas, queries, sent, views, write};
use crate::{
    campaigns::{Broadcast, CampaignId, EditCampaigns, ViewCampaigns, broadcast, mailbox},
    contacts::{ContactId, ViewContacts, found, record},
    designs::samples::SAMPLES,
    orgs::frame::frame,
    senders,
    tenancy::{OrgTx, Scope},
    web::{App, OrNotFound, Result, Routes, View},
};

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .get("/campaigns/{campaign}/preview", show)
        .get("/campaigns/{campaign}/canvas", show_canvas)
}

/// As whom it is seen, and how.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PreviewQuery {
    /// A contact's id, or the key of a sample.
    #[serde(rename = "as")]
    pub person: String,
    pub view: String,
    pub q: String,
}

/// Somebody to see it as.
pub(super) struct Person {
    pub key: String,
    pub name: String,
    pub email: String,
}

pub(super) const VIEWS: &[(&str, &str)] = &[("desktop", "Desktop"), ("mobile", "Mobile"), ("text", "Text")];

impl PreviewQuery {
    /// Only what exists; contacts only for those who may see them.
    fn checked(self, may_see_people: bool) -> Self {
        let is_view = VIEWS.iter().any(|(key, _)| *key == self.view);
        let is_person = may_see_people && self.person.parse::<Uuid>().is_ok()
            || SAMPLES.iter().any(|sample| sample.key == self.person);
        Self {
            person: if is_person { self.person } else { String::new() },
            view: if is_view { self.view } else { "desktop".to_owned() },
            q: self.q,
        }
    }
}

async fn show(
    scope: Scope<ViewCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
    Query(query): Query<PreviewQuery>,
) -> Result<Response> {
    let may_see_people = scope.member.may::<ViewContacts>();
    let query = query.checked(may_see_people);
    let mut tx = scope.enter().await?;
    let found = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    let person = match person(&mut tx, &query.person).await? {
        Some(person) => person,
        None => first(&mut tx, &found, may_see_people).await?,
    };
    let (before, after) = match person.key.parse::<Uuid>() {
        Ok(id) => {
            (queries::previous(&mut tx, &found, id).await?, queries::next(&mut tx, &found, Some(id)).await?)
        }
        Err(_) if may_see_people => (None, queries::next(&mut tx, &found, None).await?),
        Err(_) => (None, None),
    };
    let people = match query.q.trim() {
        words if may_see_people && !words.is_empty() => found::search(&mut tx, words).await?,
        _ => Vec::new(),
    };
    let tried = write(&app, &mut tx, &found, &person.key).await?;
    let from = senders::choices(&mut tx).await?;
    let trials = views::Trials {
        typed: scope.member.user.email.clone(),
        sent: sent(&mut tx, found.id).await?,
        has_mail: mailbox::may_read(&scope.member) && mailbox::holds(&mut tx, found.id).await?,
    };
    drop(tx);
    let page = views::Preview {
        shell: frame(&app, &scope, "campaigns").await?,
        path: scope.member.link(&format!("/campaigns/{id}")),
        from: from.into_iter().find(|(id, _)| found.sender.is_some_and(|sender| sender.to_string() == *id)),
        trials,
        may_edit: scope.member.may::<EditCampaigns>() && scope.member.viewing_as.is_none(),
        broadcast: found,
        may_see_people,
        person,
        before,
        after,
        people,
        tried,
        query,
    };
    Ok(View(page).into_response())
}

/// The first of the audience, or the first sample.
async fn first(tx: &mut OrgTx, found: &Broadcast, may_see_people: bool) -> Result<Person> {
    if may_see_people
        && let Some(id) = queries::next(tx, found, None).await?
        && let Some(person) = person(tx, &id.to_string()).await?
    {
        return Ok(person);
    }
    let sample = person(tx, "usual").await?;
    Ok(sample.unwrap_or(Person { key: String::new(), name: String::new(), email: String::new() }))
}

async fn person(tx: &mut OrgTx, key: &str) -> Result<Option<Person>> {
    if let Ok(id) = key.parse::<Uuid>() {
        let contact = record::find(tx, ContactId(id)).await?;
        return Ok(contact.map(|contact| Person {
            key: key.to_owned(),
            name: contact.name(),
            email: contact.email.unwrap_or_default(),
        }));
    }
    let sample = SAMPLES.iter().find(|sample| sample.key == key);
    Ok(sample.map(|sample| Person {
        key: sample.key.to_owned(),
        name: sample.name.to_owned(),
        email: "made up".to_owned(),
    }))
}

async fn show_canvas(
    scope: Scope<ViewCampaigns>,
    State(app): State<App>,
    Path((_, id)): Path<(String, CampaignId)>,
    Query(query): Query<PreviewQuery>,
) -> Result<Response> {
    let query = query.checked(scope.member.may::<ViewContacts>());
    let mut tx = scope.enter().await?;
    let found = broadcast::of_campaign(&mut tx, id).await?.or_404()?;
    let tried = write(&app, &mut tx, &found, &query.person).await?;
    Ok(canvas::draw(&tried, query.view == "text"))
}
