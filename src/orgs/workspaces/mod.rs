//! Choosing a workspace, and the addresses that leave it out.
//!
//! `/workspaces` lists every organization that a person may enter; given `at`, its links lead to the
//! same screen in the other workspace. A short address such as `/people` leads to that screen of the
//! workspace last entered.

use askama::Template;
use axum::{
    extract::{OriginalUri, State},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use crate::{
    accounts::{CurrentUser, frame, session::ACTIVE_ORG},
    tenancy::{Access, accessible_organizations, recent},
    web::{App, Error, Result, Routes, Shell, View, Wants, csrf::FormToken, routes::Access as DoorAccess},
};

pub fn routes() -> Routes {
    Routes::account().get("/", start).get("/workspaces", index)
}

/// The short form of every page of a workspace whose address needs nothing else.
pub fn short_routes(workspace: &Routes) -> Routes {
    let pages = workspace.doors().iter().filter(|door| {
        door.method == axum::http::Method::GET && door.access == DoorAccess::Workspace && is_page(&door.path)
    });
    pages.fold(Routes::account(), |routes, door| routes.get(&door.path, short))
}

/// A page of its own, at an address without further parameters; not a stream or a list that a page asks for.
fn is_page(path: &str) -> bool {
    !path.is_empty() && path != "/" && !path.contains('{') && !["/live", "/palette"].contains(&path)
}

async fn short(
    CurrentUser { user, session }: CurrentUser,
    State(app): State<App>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    let path = uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
    let organizations = accessible_organizations(&app.db, user.id, app.clock.now()).await?;
    Ok(match active(&session, &organizations).await? {
        Some(access) => Redirect::to(&format!("/w/{}{path}", access.slug)).into_response(),
        None => Redirect::to("/workspaces").into_response(),
    })
}

async fn start(CurrentUser { user, session }: CurrentUser, State(app): State<App>) -> Result<Response> {
    let organizations = accessible_organizations(&app.db, user.id, app.clock.now()).await?;
    Ok(match active(&session, &organizations).await? {
        Some(access) => Redirect::to(&format!("/w/{}", access.slug)).into_response(),
        None => Redirect::to("/workspaces").into_response(),
    })
}

/// The workspace last entered, while it may be entered still; else the only one there is.
async fn active<'a>(
    session: &tower_sessions::Session,
    organizations: &'a [Access],
) -> Result<Option<&'a Access>> {
    let slug: Option<String> = session.get(ACTIVE_ORG).await.map_err(anyhow::Error::from)?;
    let last = organizations.iter().find(|access| slug.as_deref() == Some(&access.slug));
    Ok(last.or(match organizations {
        [only] => Some(only),
        _ => None,
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SwitchQuery {
    /// The screen to stay on: the path behind `/w/{org}`.
    at: String,
    q: String,
    /// The slug of the workspace that one comes from.
    from: String,
    /// Whether to go to the first match at once: what Enter does in the search.
    go: String,
}

async fn index(
    current: CurrentUser,
    State(app): State<App>,
    token: FormToken,
    wants: Wants,
    Query(query): Query<SwitchQuery>,
) -> Result<Response, Error> {
    let at = screen(&query.at);
    let sought = query.q.trim().to_lowercase();
    let mut workspaces = accessible_organizations(&app.db, current.user.id, app.clock.now()).await?;
    let all = workspaces.len();
    workspaces.retain(|access| access.name.to_lowercase().contains(&sought));
    sort(&mut workspaces, &recent(&current.session).await?, &sought, &query.from);
    if let Some(first) = workspaces.first().filter(|_| !query.go.is_empty()) {
        return Ok(Redirect::to(&lands(first, &at)).into_response());
    }
    let list = List { workspaces, at, from: query.from, q: query.q, all };
    if wants == Wants::Part {
        return Ok(View(list).into_response());
    }
    let shell = frame(&app, &current, &token, "workspaces").await?;
    let List { workspaces, at, from, q, all } = list;
    Ok(View(Index { shell, workspaces, at, from, q, all }).into_response())
}

/// Where switching leads: the same screen, or the home page where the workspace has no such screen.
fn lands(access: &Access, at: &str) -> String {
    let has_none = at == "/clients" && access.kind != "agency";
    format!("/w/{}{}", access.slug, if has_none { "" } else { at })
}

/// What one most likely means comes first: names that begin so, then what was entered last. Where one is
/// already comes last.
fn sort(workspaces: &mut [Access], recent: &[String], sought: &str, from: &str) {
    let place = |slug: &str| recent.iter().position(|known| known == slug).unwrap_or(usize::MAX);
    workspaces.sort_by_cached_key(|access| {
        let name = access.name.to_lowercase();
        (access.slug == from, !name.starts_with(sought), place(&access.slug), name)
    });
}

/// A path behind `/w/{org}`, or nothing. Ids in it belong to the workspace that is left, so only the
/// screen's own name is kept.
fn screen(at: &str) -> String {
    let name = at.trim_start_matches('/').split('/').next().unwrap_or_default();
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    if is_name { format!("/{name}") } else { String::new() }
}

#[derive(Template)]
#[template(path = "orgs/workspaces.html")]
struct Index {
    shell: Shell,
    workspaces: Vec<Access>,
    at: String,
    from: String,
    q: String,
    all: usize,
}

#[derive(Template)]
#[template(path = "orgs/workspaces.html", block = "list")]
struct List {
    workspaces: Vec<Access>,
    at: String,
    from: String,
    q: String,
    all: usize,
}

impl List {
    fn lands(&self, access: &Access) -> String {
        lands(access, &self.at)
    }
}

impl Index {
    fn lands(&self, access: &Access) -> String {
        lands(access, &self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::screen;

    #[test]
    fn switching_keeps_the_screen_and_nothing_that_belongs_to_the_old_workspace() {
        assert_eq!(screen("/people"), "/people");
        assert_eq!(screen("/people/0190f3c4-0000-7000-8000-000000000001"), "/people");
        assert_eq!(screen("//evil.example"), "");
        assert_eq!(screen("/\\evil"), "");
        assert_eq!(screen(""), "");
    }
}
