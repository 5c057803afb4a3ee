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

use super::{ListQuery, Row, columns::Column, counted, neighbours, queries, views};
use crate::{
    contacts::{
        EditContacts, ViewContacts,
        changes::{
            self, ChangeId, Kind,
            ordering::{self, Ordered, Whom},
        },
        duplicates, fields, lists,
        segments::{Behaviours, filter::Filter},
        standing::{self, Fact},
        tags::{self, Worn},
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
        by_hand: lists::by_hand(tx).await?,
        members: standing::members(tx).await?,
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
    /// What is done, as [`Kind`] calls it.
    what: String,
    /// The id of a list.
    list: String,
    /// What a tag is called.
    tag: String,
    /// The id of a member; empty for nobody.
    owner: String,
    stage: String,
    lead_status: String,
    contact: Vec<Uuid>,
    /// `all` means everybody in the view, not only the rows that were ticked.
    scope: String,
    /// The view's address, for `all` and to come back to.
    view: String,
}

impl SeveralForm {
    /// What they get, as it was typed or chosen.
    fn target(&self, kind: Kind) -> &str {
        match kind {
            Kind::Tag | Kind::Untag => &self.tag,
            Kind::List | Kind::Unlist => &self.list,
            Kind::Stand(Fact::Owner) => &self.owner,
            Kind::Stand(Fact::Stage) => &self.stage,
            Kind::Stand(Fact::LeadStatus) => &self.lead_status,
            Kind::Archive | Kind::Restore => "",
        }
    }
}

/// What is said after a change to several: what was done, or why not; where its undo is; or where it is asked first.
enum Answer {
    Refused(String),
    Done(String, ChangeId),
    Asked(ChangeId),
}

async fn several(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    wants: Wants,
    Form(form): Form<SeveralForm>,
) -> Result<Response> {
    let view = ListQuery::of(&form.view).view();
    let mut tx = scope.enter().await?;
    let answer = change(&mut tx, &scope, (&form, behaviours), app.clock.now()).await?;
    match answer {
        Answer::Refused(_) => drop(tx),
        Answer::Done(..) | Answer::Asked(_) => tx.commit().await?,
    }
    counted::forget(&app, scope.member.access.org.0);
    say(&scope, wants, (answer, &view)).await
}

async fn say(scope: &Scope<EditContacts>, wants: Wants, (answer, view): (Answer, &str)) -> Result<Response> {
    let (said, undo) = match answer {
        Answer::Refused(said) => (said, None),
        Answer::Done(said, id) => (said, Some(scope.member.link(&format!("/contacts/changes/{id}/undo")))),
        Answer::Asked(id) => {
            let from = neighbours::from(view);
            let page = scope.member.link(&format!("/contacts/changes/{id}?{from}"));
            return Ok(match wants {
                Wants::Page => Redirect::to(&page).into_response(),
                Wants::Part => [("hx-redirect", page)].into_response(),
            });
        }
    };
    if wants == Wants::Page {
        match undo {
            Some(undo) => flash::say_with_undo(&scope.session, &said, undo).await?,
            None => flash::say(&scope.session, &said).await?,
        }
        return Ok(Redirect::to(&scope.member.link(&format!("/contacts?{view}"))).into_response());
    }
    let toast = Toast { undo, ..Toast::ok(&said) };
    Ok(([("hx-trigger", "contacts-changed")], View(ToastPart { toast })).into_response())
}

/// Does it to them, or has it asked first.
async fn change(
    tx: &mut OrgTx,
    scope: &Scope<EditContacts>,
    (form, behaviours): (&SeveralForm, Behaviours),
    now: DateTime<Utc>,
) -> Result<Answer> {
    let refused = |said: &str| Ok(Answer::Refused(said.to_owned()));
    let Some(kind) = Kind::called(&form.what) else { return refused("Choose what to do with them.") };
    let mut query = ListQuery::of(&form.view);
    let filter = query.understand(tx, behaviours, now).await?;
    if form.scope == "all" && filter.is_some_and(|filter| filter.is_incomplete) {
        return refused("Complete the filter first, or take the empty line away. Nothing was changed.");
    }
    let whom = if form.scope == "all" { Whom::All(&query) } else { Whom::These(&form.contact) };
    if matches!(whom, Whom::These([])) {
        return refused("Tick the people first whom it is about.");
    }
    let target = match ordering::target(tx, (kind, form.target(kind)), now).await? {
        Ok(target) => target.or_404()?,
        Err(told) => return Ok(Answer::Refused(told)),
    };
    match ordering::order(tx, scope.member.user.id.0, (kind, &target), whom, now).await? {
        Ordered::Nobody => refused("There is nobody whom it is about. Nothing was changed."),
        Ordered::Asked(id) => Ok(Answer::Asked(id)),
        Ordered::Done(id) => Ok(Answer::Done(changes::said(tx, id).await?.unwrap_or_default(), id)),
    }
}
