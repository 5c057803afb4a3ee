//! What reaches an open page of a workspace by itself: one stream a tab.
//!
//! The stream asks every few seconds whether the person may still be here. When a session was ended, a
//! membership taken away or a role lowered, the page is told to load anew, and the stream closes. How many notices
//! are unread it says at first and whenever that changes: a page that listens again after a while is right at once.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::header,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, stream};
use tokio::time::{self, Instant};
use tower_sessions::session::Id;

use super::ViewWorkspace;
use crate::{
    accounts::{UserId, session_store},
    notices::bell::{self, Waiting},
    tenancy::{Access, Scope, accessible_organizations},
    web::{App, Result, Routes, shell::unread_words},
};

/// How long somebody shut out may still look at an open page.
const CHECK_EVERY: Duration = Duration::from_secs(4);
/// A comment this often keeps proxies from closing the stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub fn routes() -> Routes {
    Routes::workspace().get("/live", index)
}

async fn index(scope: Scope<ViewWorkspace>, State(app): State<App>) -> Result<Response> {
    let bell = bell::wait(&app, scope.member.user.id);
    let watch = Watch {
        session: scope.session.id(),
        user: scope.member.user.id,
        slug: scope.member.access.slug.clone(),
        permissions: scope.member.access.permissions.clone(),
        app,
    };
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE).text("here");
    let stream = Sse::new(events(watch, bell)).keep_alive(keep_alive);
    Ok(([(header::CACHE_CONTROL, "no-store")], stream).into_response())
}

struct Watch {
    app: App,
    session: Option<Id>,
    user: UserId,
    slug: String,
    /// What the page was made with: one that shows more than its reader may see by now must go.
    permissions: Vec<String>,
}

impl Watch {
    /// Whether they may enter the workspace, and do all there that they could when the page was made.
    fn is_in(&self, all: &[Access]) -> bool {
        let here = all.iter().find(|access| access.slug == self.slug);
        here.is_some_and(|here| self.permissions.iter().all(|held| here.permissions.contains(held)))
    }

    /// Whether session and access both hold. A database that is away for a moment shuts nobody out.
    async fn may_stay(&self) -> bool {
        let Some(session) = self.session else { return false };
        let now = self.app.clock.now();
        let lives = session_store::is_alive(&self.app.db, &session, now).await.unwrap_or(true);
        let may_enter =
            accessible_organizations(&self.app.db, self.user, now).await.map_or(true, |all| self.is_in(&all));
        lives && may_enter
    }
}

fn events(watch: Watch, bell: Waiting) -> impl Stream<Item = Result<Event, Infallible>> {
    let checks = time::interval_at(Instant::now() + CHECK_EVERY, CHECK_EVERY);
    stream::unfold(Some((watch, bell, checks)), |open| async {
        let (watch, mut bell, mut checks) = open?;
        loop {
            tokio::select! {
                _ = checks.tick() => {}
                unread = bell.unread() => {
                    let told = Event::default().event("unread").data(unread_words(unread));
                    return Some((Ok(told), Some((watch, bell, checks))));
                }
            }
            if watch.app.is_stopping() {
                return None;
            }
            if !watch.may_stay().await {
                return Some((Ok(Event::default().event("signed-out").data("now")), None));
            }
        }
    })
}
