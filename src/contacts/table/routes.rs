//! `/w/{org}/contacts`: the list, and what is done to several people at once.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;
use uuid::Uuid;

use super::{ListQuery, counted, queries, views};
use crate::{
    contacts::{
        EditContacts, ViewContacts, lists,
        record::{self, Standing},
    },
    orgs::{frame::frame, saved_views},
    tenancy::Scope,
    web::{App, Form, OrNotFound, Result, Routes, Toast, View, Wants, flash, toast::ToastPart},
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
    let list = views::List::new(&scope.member, page, (count, is_empty), lists, query);
    if wants == Wants::Part {
        return Ok(View(views::Rows { list }).into_response());
    }
    let tabs = saved_views::tabs(&mut tx, &scope.member, SCREEN, &list.query.view()).await?;
    let shell = frame(&app, &scope, "contacts").await?;
    Ok(View(views::Index { shell, list, tabs }).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SeveralForm {
    /// `archive`, `restore`, or `list` with the id of a list.
    what: String,
    list: String,
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
    let whom = if form.scope == "all" { queries::matching(&mut tx, &query).await? } else { form.contact };
    let now = app.clock.now();
    let said = match form.what.as_str() {
        "archive" => record::set_standing(&mut tx, &whom, Standing::Archived, now).await?,
        "restore" => record::set_standing(&mut tx, &whom, Standing::Here, now).await?,
        "list" => {
            let list = form.list.parse().ok().or_404()?;
            lists::add(&mut tx, list, &whom, &scope.member.user.name, now).await?.or_404()?
        }
        _ => "Choose what to do with them.".to_owned(),
    };
    let org = tx.org();
    tx.commit().await?;
    counted::forget(&app, org);
    if wants == Wants::Page {
        flash::say(&scope.session, &said).await?;
        return Ok(Redirect::to(&scope.member.link(&format!("/contacts?{}", query.view()))).into_response());
    }
    Ok(([("hx-trigger", "contacts-changed")], View(ToastPart { toast: Toast::ok(&said) })).into_response())
}

fn view_of(address: &str) -> ListQuery {
    Query::try_from_uri(&format!("/?{address}").parse().unwrap_or_default())
        .map_or_else(|_| ListQuery::default(), |Query(query)| query)
}
