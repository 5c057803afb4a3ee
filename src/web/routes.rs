//! A router that remembers what it serves, so that a test can knock on every door.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{get, post},
};
use serde::Serialize;

use super::App;

/// A method and a path that is served.
#[derive(Clone, Debug, Serialize)]
pub struct Door {
    #[serde(serialize_with = "as_text")]
    pub method: Method,
    pub path: String,
    pub access: Access,
    /// Whether a request may take long: a file comes in over a slow line.
    #[serde(skip)]
    pub is_slow: bool,
}

/// Who is let through a door before any permission is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever is signed in.
    Account,
    /// Members of the organization in the path.
    Workspace,
    /// Those who look after the installation.
    Platform,
    /// Anybody, on an installation that runs for development.
    Development,
}

#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    doors: Vec<Door>,
    access: Option<Access>,
}

impl Routes {
    /// Routes for anybody.
    pub fn public() -> Self {
        Self::of(Access::Public)
    }

    /// Routes for whoever is signed in. Their handlers take a `CurrentUser`.
    pub fn account() -> Self {
        Self::of(Access::Account)
    }

    /// Routes under `/w/{org}`. Their handlers take a `Scope`.
    pub fn workspace() -> Self {
        Self::of(Access::Workspace)
    }

    /// Routes under `/admin`. Their handlers take a `PlatformScope`.
    pub fn platform() -> Self {
        Self::of(Access::Platform)
    }

    /// Routes that are there in development only.
    pub fn development() -> Self {
        Self::of(Access::Development)
    }

    fn of(access: Access) -> Self {
        Self { access: Some(access), ..Self::default() }
    }

    pub fn get<H: Handler<T, App>, T: 'static>(mut self, path: &str, handler: H) -> Self {
        self.remember(Method::GET, path);
        self.router = self.router.route(path, get(handler));
        self
    }

    pub fn post<H: Handler<T, App>, T: 'static>(mut self, path: &str, handler: H) -> Self {
        self.remember(Method::POST, path);
        self.router = self.router.route(path, post(handler));
        self
    }

    /// A POST whose body may be as large as `limit` says.
    pub fn post_up_to<H: Handler<T, App>, T: 'static>(
        mut self,
        path: &str,
        handler: H,
        limit: axum::extract::DefaultBodyLimit,
    ) -> Self {
        self.remember(Method::POST, path);
        self.router = self.router.route(path, post(handler).layer(limit));
        self
    }

    /// A POST with a whole file in it, which may take as long as a slow line needs.
    pub fn post_file<H: Handler<T, App>, T: 'static>(
        self,
        path: &str,
        handler: H,
        limit: axum::extract::DefaultBodyLimit,
    ) -> Self {
        let mut routes = self.post_up_to(path, handler, limit);
        if let Some(door) = routes.doors.last_mut() {
            door.is_slow = true;
        }
        routes
    }

    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.doors.extend(other.doors);
        self
    }

    pub fn nest(mut self, prefix: &str, other: Self) -> Self {
        self.router = self.router.nest(prefix, other.router);
        let inside = other.doors.into_iter();
        self.doors.extend(inside.map(|door| {
            // axum serves the inner "/" at the prefix itself.
            let path = format!("{prefix}{}", if door.path == "/" { "" } else { &door.path });
            Door { path, ..door }
        }));
        self
    }

    /// Every method and path served, in order of declaration.
    pub fn doors(&self) -> &[Door] {
        &self.doors
    }

    pub fn into_router(self) -> Router<App> {
        self.router
    }

    fn remember(&mut self, method: Method, path: &str) {
        let access = self.access.unwrap_or(Access::Public);
        self.doors.push(Door { method, path: path.to_owned(), access, is_slow: false });
    }
}

fn as_text<S: serde::Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(method.as_str())
}
