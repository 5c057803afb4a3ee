//! `/w/{org}/contacts`: the list, and what is done to several people at once.

use std::{collections::HashMap, time::Duration};

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{ListQuery, Row, columns::Column, counted, queries, views};
use crate::{
    contacts::{
        EditContacts, ViewContacts, duplicates, fields, lists,
        record::{self, Standing},
        segments::{Behaviours, filter::Filter},
        tags::{
            self, Worn,
            steps::{self, StepId},
            wearing::By,
        },
    },
    orgs::{frame::frame, saved_views},
    tenancy::{Member, OrgTx, Scope},
    web::{
        App, Error, Form, OrNotFound, Result, Routes, Toast, View, Wants, flash,
        page::Page,
        toast::ToastPart,
        turns::{self, Turn},
    },
};

/// The list, as saved views know it.
pub const SCREEN: &str = "contacts";
/// How long somebody waits for a turn at a filter.
const PATIENCE: Duration = Duration::from_secs(5);

pub fn routes() -> Routes {
    Routes::workspace().get("/contacts", index).post("/contacts/several", several)
}

async fn index(
    scope: Scope<ViewContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    wants: Wants,
    Query(mut query): Query<ListQuery>,
) -> Result<Response> {
    let _turn = turn(&app, &scope.member, &query).await?;
    let mut tx = scope.enter().await?;
    let filter = query.understand(&mut tx, behaviours, app.clock.now()).await?;
    if query.is_pressed && wants == Wants::Page {
        let panel = if query.is_arranged { "&panel=columns" } else { "" };
        let view = scope.member.link(&format!("/contacts?{}{panel}", query.view()));
        return Ok(Redirect::to(&view).into_response());
    }
    let list = list(&app, &scope.member, &mut tx, (query, filter)).await?;
    let tabs = saved_views::tabs(&mut tx, &scope.member, SCREEN, &list.query.view()).await?;
    if wants == Wants::Part {
        let address = list.at(&list.query.view());
        return Ok(([("hx-replace-url", address)], View(views::People { list, tabs })).into_response());
    }
    let duplicates = duplicates::count(&mut tx).await?;
    drop(tx);
    let shell = frame(&app, &scope, "contacts").await?;
    Ok(View(views::Index { shell, list, tabs, duplicates }).into_response())
}

/// A filter may read everybody: a few do so at once.
async fn turn(app: &App, member: &Member, query: &ListQuery) -> Result<Option<Turn>> {
    if query.rule.rules.is_empty() {
        return Ok(None);
    }
    let turn = turns::take(app, member.org().0, PATIENCE).await;
    Ok(Some(turn.ok_or(Error::TooMany(turns::AGAIN))?))
}

async fn list(
    app: &App,
    member: &Member,
    tx: &mut OrgTx,
    (query, filter): (ListQuery, Option<Filter>),
) -> Result<views::List> {
    let page = queries::page(tx, &query).await?;
    let count = counted::count(app, tx, &query).await?;
    let is_empty = count == 0 && queries::is_empty(tx).await?;
    let known = views::Known {
        lists: lists::choices(tx).await?,
        tags: tags::choices(tx).await?,
        worn: worn(tx, &page).await?,
        columns: Column::all(&fields::in_use(tx).await?),
        filter,
    };
    Ok(views::List::new(member, page, (count, is_empty), known, query))
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
    Extension(behaviours): Extension<Behaviours>,
    wants: Wants,
    Form(form): Form<SeveralForm>,
) -> Result<Response> {
    let query = ListQuery::of(&form.view);
    let mut tx = scope.enter().await?;
    let (said, undo) = change(&mut tx, &scope, (&form, behaviours), app.clock.now()).await?;
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
    (form, behaviours): (&SeveralForm, Behaviours),
    now: DateTime<Utc>,
) -> Result<(String, Option<StepId>)> {
    let whom = if form.scope == "all" {
        let mut query = ListQuery::of(&form.view);
        if query.understand(tx, behaviours, now).await?.is_some_and(|filter| filter.is_incomplete) {
            let said = "Complete the filter first, or take the empty line away. Nothing was changed.";
            return Ok((said.to_owned(), None));
        }
        queries::matching(tx, &query).await?
    } else {
        form.contact.clone()
    };
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
