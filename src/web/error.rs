//! Everything that can go wrong in a request, and what the visitor is told about it.
//!
//! `IntoResponse` cannot see the request, so an error rides in the response's extensions and one
//! middleware, [`render_errors`], turns it into a page or, for htmx, a toast.

use std::{convert::Infallible, sync::Arc};

use askama::Template;
use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use super::{View, Wants, toast::ToastPart};
use crate::db::trouble::{self, is_no_text, is_passing, is_too_slow};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a member lacks, and who could give it to them.
#[derive(Clone, Debug)]
pub struct Missing {
    pub permission: &'static str,
    pub sentence: &'static str,
    /// Names of people in the workspace.
    pub grantors: Vec<String>,
    /// The role as which they only look.
    pub viewing_as: Option<String>,
}

impl Missing {
    fn told(&self) -> String {
        let Self { permission, sentence, .. } = self;
        if let Some(role) = &self.viewing_as {
            return format!("“{role}” does not see this: it needs “{sentence}” ({permission}).");
        }
        let who = match self.grantors.as_slice() {
            [] => "An owner of the workspace".to_owned(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} or {last}", first.join(", ")),
        };
        format!(
            "Your role in this workspace does not allow that: it needs “{sentence}” ({permission}). {who} can give it to you."
        )
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("nobody is signed in")]
    SignedOut,
    /// The member may know the thing exists, but lacks this permission.
    #[error("needs the permission {}", .0.permission)]
    Forbidden(Box<Missing>),
    /// Somebody looks at a workspace as this role, and tried to change something.
    #[error("only looking as {0}")]
    OnlyLooking(String),
    /// The workspace asks its members for a second factor, and this person has none.
    #[error("the workspace requires two-factor sign-in")]
    NeedsTwoFactor,
    /// Sent from another site, or from a form that is no longer good.
    #[error("the form token does not fit")]
    StaleForm,
    /// Also the answer for another organization's rows: 403 would confirm that they exist.
    #[error("no such thing here")]
    NotFound,
    /// A link that was good once: used, or too old.
    #[error("a link that is no longer good")]
    Gone,
    #[error("too many attempts; {0} seconds to wait")]
    TooMany(i64),
    #[error("the request could not be read: {0}")]
    Unreadable(StatusCode),
    /// The session or its person could not be loaded; the layers that do so say no more than that.
    #[error("the session could not be loaded")]
    NoSession,
    /// This process has not yet found its database fit to be served from.
    #[error("the process is starting")]
    Starting,
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("a template failed: {0}")]
    Template(#[from] askama::Error),
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::OnlyLooking(_) | Self::StaleForm | Self::NeedsTwoFactor => {
                StatusCode::FORBIDDEN
            }
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Gone => StatusCode::GONE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unreadable(status) => *status,
            Self::NoSession | Self::Starting => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(error) if is_no_text(error) => StatusCode::BAD_REQUEST,
            Self::Database(error) if is_passing(error) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_) | Self::Template(_) | Self::Other(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn is_only_looking(&self) -> bool {
        match self {
            Self::OnlyLooking(_) => true,
            Self::Forbidden(missing) => missing.viewing_as.is_some(),
            _ => false,
        }
    }

    /// The page's headline.
    fn title(&self) -> &'static str {
        match self.status() {
            StatusCode::UNAUTHORIZED => "Please sign in",
            StatusCode::FORBIDDEN => "That is not allowed",
            StatusCode::NOT_FOUND => "Nothing is here",
            StatusCode::GONE => "This link is no longer good",
            StatusCode::TOO_MANY_REQUESTS => "A little slower, please",
            StatusCode::SERVICE_UNAVAILABLE => "Back in a moment",
            status if status.is_server_error() => "Something went wrong",
            _ => "That did not work",
        }
    }

    /// What the visitor reads. Never the cause: that is for the log.
    fn told(&self) -> String {
        match self {
            Self::SignedOut => "Please sign in.".into(),
            Self::Forbidden(missing) => missing.told(),
            Self::OnlyLooking(role) => format!(
                "You are looking at this workspace as “{role}”, and nothing can be changed meanwhile. End the \
                 view first."
            ),
            Self::NeedsTwoFactor => "This workspace asks everybody for two-factor sign-in.".into(),
            Self::StaleForm => {
                "This form was open too long. Go back, reload the page and send it again.".into()
            }
            Self::NotFound => {
                "We could not find that. It may have been removed, or the address is mistyped.".into()
            }
            Self::Gone => "This link has been used or is too old. Ask for a new one.".into(),
            Self::TooMany(seconds) => format!("Too many attempts. Please try again {}.", in_words(*seconds)),
            Self::Unreadable(StatusCode::PAYLOAD_TOO_LARGE) => "That is too large to send.".into(),
            Self::Unreadable(_) => "We could not read what was sent. Reload the page and try again.".into(),
            Self::Starting => "The service is starting. Please try again in a moment.".into(),
            Self::Database(error) if is_no_text(error) => {
                "There is a sign in it that no text can hold. Take it out and try again. Nothing was changed.".into()
            }
            Self::Database(error) if is_too_slow(error) => {
                "That takes longer than a page may. Ask for less at once, or save it as a segment: those are worked \
                 out in the background. Nothing was changed."
                    .into()
            }
            _ if self.status() == StatusCode::SERVICE_UNAVAILABLE => {
                "The service is catching its breath. Nothing was changed; please try again in a moment."
                    .into()
            }
            _ => "Something went wrong on our side. Nothing was changed; please try again.".into(),
        }
    }
}

fn in_words(seconds: i64) -> String {
    match seconds {
        ..=1 => "in a second".into(),
        2..=90 => format!("in {seconds} seconds"),
        91..=5400 => format!("in {} minutes", (seconds + 59) / 60),
        _ => format!("in {} hours", (seconds + 3599) / 3600),
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// A request's own id, as shown on error pages and in the logs.
#[derive(Clone, Debug, Default)]
pub struct RequestId(pub String);

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let id = parts.headers.get("x-request-id").and_then(|id| id.to_str().ok());
        Ok(Self(id.unwrap_or_default().to_owned()))
    }
}

/// Turns an [`Error`] left on a response into a page, or into a toast for htmx.
///
/// A middleware, because only it sees both the request and the error. Also clothes the bare answers of
/// the layers below it (unknown path, wrong method, time-out, too large).
pub async fn render_errors(request: Request, next: Next) -> Response {
    let id =
        request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let (parts, body) = request.into_parts();
    let wants = if is_boosted_form(&parts) { Wants::Part } else { Wants::of(&parts) };
    let response = next.run(Request::from_parts(parts, body)).await;

    let error = match response.extensions().get::<Arc<Error>>() {
        Some(error) => Arc::clone(error),
        None => match bare(&response) {
            Some(error) => Arc::new(error),
            None => return response,
        },
    };
    if let Error::Database(cause) = &*error {
        trouble::note(cause);
    }
    if error.status().is_server_error() {
        tracing::error!(request.id = %id, error = %error, "Request {id} failed: {error}");
    }
    let mut told = clothe(&error, wants, id, &path);
    // What was already decided about cookies stays decided.
    for cookie in response.headers().get_all(header::SET_COOKIE) {
        told.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    told
}

/// A form that htmx sends in place of the browser: when it is refused, its page stays as it was filled in.
fn is_boosted_form(parts: &Parts) -> bool {
    !parts.method.is_safe() && parts.headers.get("hx-request").is_some_and(|said| said == "true")
}

/// The error that a response without a body of ours stands for.
fn bare(response: &Response) -> Option<Error> {
    let status = response.status();
    let has_body = response.headers().contains_key(header::CONTENT_TYPE)
        && response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind != "text/plain; charset=utf-8");
    match status {
        _ if has_body => None,
        StatusCode::NOT_FOUND => Some(Error::NotFound),
        StatusCode::FORBIDDEN => Some(Error::StaleForm),
        // A handler's own failures carry their error. What is left is the session layer, whose store failed.
        StatusCode::INTERNAL_SERVER_ERROR => Some(Error::NoSession),
        status if status.is_client_error() || status.is_server_error() => Some(Error::Unreadable(status)),
        _ => None,
    }
}

fn clothe(error: &Error, wants: Wants, request_id: String, path: &str) -> Response {
    let status = error.status();
    let mut response = match (error, wants) {
        (Error::SignedOut, Wants::Page) => {
            return Redirect::to(&format!("/sign-in?next={}", encode(path))).into_response();
        }
        (Error::SignedOut, Wants::Part) => (status, [("hx-redirect", "/sign-in")]).into_response(),
        (Error::NeedsTwoFactor, Wants::Page) => {
            return Redirect::to("/account/security?required=two-factor").into_response();
        }
        (Error::NeedsTwoFactor, Wants::Part) => {
            (status, [("hx-redirect", "/account/security?required=two-factor")]).into_response()
        }
        (error, Wants::Page) => {
            let page = ErrorPage {
                title: error.title(),
                told: error.told(),
                is_only_looking: error.is_only_looking(),
                request_id,
            };
            (status, View(page)).into_response()
        }
        (error, Wants::Part) => {
            let told = ToastPart::error(&format!("{} (ref {request_id})", error.told()));
            // The page stays, and so does its address.
            (status, [("hx-push-url", "false")], View(told)).into_response()
        }
    };
    if let Error::TooMany(seconds) = error {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(5));
    }
    response
}

fn encode(path: &str) -> String {
    form_urlencoded::byte_serialize(path.as_bytes()).collect()
}

#[derive(Template)]
#[template(path = "web/error.html")]
struct ErrorPage {
    title: &'static str,
    told: String,
    /// Whether there is a view as another role to be ended.
    is_only_looking: bool,
    request_id: String,
}

/// `.or_404()?` on a lookup that may find nothing.
pub trait OrNotFound<T> {
    fn or_404(self) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_404(self) -> Result<T> {
        self.ok_or(Error::NotFound)
    }
}
