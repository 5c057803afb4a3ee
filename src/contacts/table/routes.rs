//! `/w/{org}/contacts`: the list, and what is done to several people at once.

use std::collections::HashMap;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{ListQuery, Row, counted, queries, views};
use crate::{
    contacts::{
        EditContacts, ViewContacts, lists,
        record::{self, Standing},
        tags::{
            self, Worn,
            steps::{self, StepId},
            wearing::By,
        },
    },
    orgs::{frame::frame, saved_views},
    tenancy::{OrgTx, Scope},
    web::{App, Form, OrNotFound, Result, Routes, Toast, View, Wants, flash, page::Page, toast::ToastPart},
};

/// The list, as saved views know it.
pub const SCREEN: &str = "contacts";

pub fn routes() -> Routes {
    Routes::workspace().get("/contacts", index).post("/contacts/several", several)
}

async fn index(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    wants: Wants,
    Query(query): Query<ListQuery>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let page = queries::page(&mut tx, &query).await?;
    let count = counted::count(&app, &mut tx, &query).await?;
    let is_empty = count == 0 && queries::is_empty(&mut tx).await?;
    let lists = lists::choices(&mut tx).await?;
    let known =
        views::Known { lists, tags: tags::choices(&mut tx).await?, worn: worn(&mut tx, &page).await? };
    let list = views::List::new(&scope.member, page, (count, is_empty), known, query);
    if wants == Wants::Part {
        return Ok(View(views::Rows { list }).into_response());
    }
    let tabs = saved_views::tabs(&mut tx, &scope.member, SCREEN, &list.query.view()).await?;
    let shell = frame(&app, &scope, "contacts").await?;
    Ok(View(views::Index { shell, list, tabs }).into_response())
}

/// The tags of those on a page.
async fn worn(tx: &mut OrgTx, page: &Page<Row>) -> sqlx::Result<HashMap<Uuid, Vec<Worn>>> {
    let ids: Vec<Uuid> = page.rows.iter().map(|row| row.id).collect();
    tags::of_several(tx, &ids).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SeveralForm {
    /// `archive`, `restore`, `list` with the id of a list, `tag` or `untag` with what a tag is called.
    what: String,
    list: String,
    tag: String,
    contact: Vec<Uuid>,
    /// `all` means everybody in the view, not only the rows that were ticked.
    scope: String,
    /// The view's address, for `all` and to come back to.
    view: String,
}

async fn several(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    wants: Wants,
    Form(form): Form<SeveralForm>,
) -> Result<Response> {
    let query = view_of(&form.view);
    let mut tx = scope.enter().await?;
    let (said, undo) = change(&mut tx, &scope, &form, app.clock.now()).await?;
    let org = tx.org();
    tx.commit().await?;
    counted::forget(&app, org);
    let undo = undo.map(|step| scope.member.link(&format!("/contacts/tags/steps/{step}/undo")));
    if wants == Wants::Page {
        match undo {
            Some(undo) => flash::say_with_undo(&scope.session, &said, undo).await?,
            None => flash::say(&scope.session, &said).await?,
        }
        return Ok(Redirect::to(&scope.member.link(&format!("/contacts?{}", query.view()))).into_response());
    }
    let toast = Toast { undo, ..Toast::ok(&said) };
    Ok(([("hx-trigger", "contacts-changed")], View(ToastPart { toast })).into_response())
}

/// Does it to all of them: what was done in words, and the step by which it can be undone.
async fn change(
    tx: &mut OrgTx,
    scope: &Scope<EditContacts>,
    form: &SeveralForm,
    now: DateTime<Utc>,
) -> Result<(String, Option<StepId>)> {
    let query = view_of(&form.view);
    let whom = if form.scope == "all" { queries::matching(tx, &query).await? } else { form.contact.clone() };
    let said = match form.what.as_str() {
        "archive" => record::set_standing(tx, &whom, Standing::Archived, now).await?,
        "restore" => record::set_standing(tx, &whom, Standing::Here, now).await?,
        "list" => {
            let list = form.list.parse().ok().or_404()?;
            lists::add(tx, list, &whom, &scope.member.user.name, now).await?.or_404()?
        }
        "tag" | "untag" => return tag(tx, scope, (form, &whom), now).await,
        _ => "Choose what to do with them.".to_owned(),
    };
    Ok((said, None))
}

async fn tag(
    tx: &mut OrgTx,
    scope: &Scope<EditContacts>,
    (form, whom): (&SeveralForm, &[Uuid]),
    now: DateTime<Utc>,
) -> Result<(String, Option<StepId>)> {
    if whom.is_empty() {
        return Ok(("Tick the people first whom it is about.".to_owned(), None));
    }
    if form.what == "untag" {
        let Some(tag) = tags::called(tx, &form.tag).await? else {
            return Ok(("There is no tag with that name. Nothing was changed.".to_owned(), None));
        };
        let (said, step) = steps::take_off(tx, tag, whom, now).await?.or_404()?;
        return Ok((said, Some(step)));
    }
    let tag = match tags::called_or_made(tx, &form.tag, now).await? {
        Ok(tag) => tag,
        Err(told) => return Ok((told, None)),
    };
    let user = &scope.member.user;
    let by = By { source: &user.name, person: Some(user.id.0) };
    let (said, step) = steps::put_on(tx, tag, whom, by, now).await?.or_404()?;
    Ok((said, Some(step)))
}

pub(super) fn view_of(address: &str) -> ListQuery {
    Query::try_from_uri(&format!("/?{address}").parse().unwrap_or_default())
        .map_or_else(|_| ListQuery::default(), |Query(query)| query)
}
