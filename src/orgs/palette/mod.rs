//! Jumping by keyboard: pages, whatever the domains find, members and other workspaces that match what was typed.
//!
//! The same address is a page for whoever has no JavaScript.
//!
//! - [`seekers`]: what other domains find

mod queries;
pub mod seekers;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use serde::Deserialize;

use seekers::Seekers;

use super::{ViewMembers, ViewWorkspace, frame};
use crate::{
    tenancy::{Scope, accessible_organizations},
    web::{App, Result, Routes, Shell, View, Wants, sought::Sought},
};

pub fn routes() -> Routes {
    Routes::workspace().get("/palette", index)
}

/// One thing to jump to.
#[derive(Clone, Debug)]
pub struct Jump {
    pub label: String,
    pub detail: String,
    pub href: String,
    pub icon: &'static str,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub label: &'static str,
    pub jumps: Vec<Jump>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(default)]
struct PaletteQuery {
    q: String,
}

/// Matches shown in a group.
const MOST: u8 = 7;

async fn index(
    scope: Scope<ViewWorkspace>,
    State(app): State<App>,
    Extension(seekers): Extension<Seekers>,
    wants: Wants,
    Query(PaletteQuery { q }): Query<PaletteQuery>,
) -> Result<Response> {
    let shell = frame::frame(&app, &scope, "").await?;
    let sought = Sought::new(&q);
    let mut groups = vec![pages(&shell, sought.whole())];
    if !sought.is_empty() {
        let mut tx = scope.enter().await?;
        groups.extend(seekers.find(&mut tx, &scope.member, &sought).await?);
        if scope.member.may::<ViewMembers>() {
            let found = queries::people(&mut tx, sought.whole(), MOST).await?;
            groups.push(Group { label: "Members", jumps: people(&scope, found) });
        }
    }
    groups.push(workspaces(&app, &scope, sought.whole()).await?);
    groups.retain(|group| !group.jumps.is_empty());
    Ok(match wants {
        Wants::Part => View(Results { groups, q }).into_response(),
        Wants::Page => View(Page { shell, groups, q }).into_response(),
    })
}

/// The pages in the shell's own navigation: what the member may not open is not in there.
fn pages(shell: &Shell, sought: &str) -> Group {
    let jumps = shell
        .destinations()
        .filter(|(label, _, _)| label.to_lowercase().contains(sought))
        .map(|(label, href, icon)| Jump { label, detail: String::new(), href, icon })
        .take(MOST.into())
        .collect();
    Group { label: "Go to", jumps }
}

fn people(scope: &Scope<ViewWorkspace>, found: Vec<queries::Found>) -> Vec<Jump> {
    found
        .into_iter()
        .map(|person| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            let query = query.append_pair("q", &person.email).finish();
            Jump {
                href: scope.member.link(&format!("/people?{query}")),
                label: person.name,
                detail: person.email,
                icon: "user",
            }
        })
        .collect()
}

async fn workspaces(app: &App, scope: &Scope<ViewWorkspace>, sought: &str) -> Result<Group> {
    let organizations = accessible_organizations(&app.db, scope.member.user.id, app.clock.now()).await?;
    let others = organizations.into_iter().filter(|access| access.org != scope.member.org());
    let jumps = others
        .filter(|access| access.name.to_lowercase().contains(sought))
        .map(|access| Jump {
            href: format!("/w/{}", access.slug),
            label: access.name,
            detail: access.role_name,
            icon: "switch-horizontal",
        })
        .take(MOST.into())
        .collect();
    Ok(Group { label: "Switch workspace", jumps })
}

#[derive(Template)]
#[template(path = "orgs/palette.html")]
struct Page {
    shell: Shell,
    groups: Vec<Group>,
    q: String,
}

#[derive(Template)]
#[template(path = "orgs/palette.html", block = "results")]
struct Results {
    groups: Vec<Group>,
    q: String,
}
