//! Small handlers that make the components page work.

use std::{convert::Infallible, time::Duration};

use askama::Template;
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{
        IntoResponse, Redirect, Response,
        sse::{Event, Sse},
    },
};
use axum_extra::extract::Query as UrlQuery;
use futures_util::{StreamExt, stream};
use serde::Deserialize;

use super::{
    list::{List, Query, matching},
    sample::Sample,
    views::{self, Index, Overlay, SampleForm},
};
use crate::web::{
    Error, FieldErrors, Form, Result, Routes, Toast, View, Wants, csrf::FormToken, error::Missing,
    toast::ToastPart,
};

const HERE: &str = "/dev/components";

pub fn routes() -> Routes {
    Routes::development()
        .get(HERE, index)
        .post("/dev/components/form", check)
        .post("/dev/components/bulk", bulk)
        .post("/dev/components/undo", undo)
        .post("/dev/components/views", save_view)
        .post("/dev/components/saved", saved)
        .post("/dev/components/toast/{kind}", toast)
        .get("/dev/components/overlay/{kind}", overlay)
        .get("/dev/components/error/{status}", error)
        .get("/dev/components/progress", progress)
}

async fn index(token: FormToken, UrlQuery(query): UrlQuery<Query>) -> Response {
    let list = List::of(Sample, query);
    let page = Index {
        shell: views::shell(&token),
        list,
        form: SampleForm::default(),
        errors: FieldErrors::default(),
    };
    View(page).into_response()
}

async fn check(token: FormToken, wants: Wants, Form(form): Form<SampleForm>) -> Response {
    let errors = form.check();
    if !errors.is_empty() {
        let (status, shell) = (StatusCode::UNPROCESSABLE_ENTITY, views::shell(&token));
        return match wants {
            Wants::Part => (status, View(views::FormPart { form, errors })).into_response(),
            Wants::Page => {
                let list = List::of(Sample, Query::default());
                (status, View(Index { shell, list, form, errors })).into_response()
            }
        };
    }
    say(wants, &Toast::ok("Everything in the form will do."), None)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Bulk {
    id: Vec<u32>,
    scope: String,
    query: String,
    action: String,
}

async fn bulk(wants: Wants, Form(bulk): Form<Bulk>) -> Response {
    let ids = if bulk.scope == "all" {
        let address = format!("/?{}", bulk.query).parse().unwrap_or_default();
        let query = UrlQuery::<Query>::try_from_uri(&address).map(|found| found.0).unwrap_or_default();
        matching(Sample, &query).iter().map(|row| row.id).collect()
    } else {
        bulk.id
    };
    if bulk.action != "delete" {
        return say(wants, &Toast::ok(&format!("Tagged {} sample people.", ids.len())), None);
    }
    Sample.remove(&ids);
    let deleted = format!("Deleted {} sample people.", ids.len());
    say(wants, &Toast::with_undo(&deleted, "/dev/components/undo".to_owned()), Some("rows-changed"))
}

async fn undo(wants: Wants) -> Response {
    Sample.bring_back();
    say(wants, &Toast::ok("Brought them back."), Some("rows-changed"))
}

/// A toast for htmx, with the event that lists listen for; the page itself for others.
fn say(wants: Wants, toast: &Toast, event: Option<&'static str>) -> Response {
    if wants == Wants::Page {
        return Redirect::to(HERE).into_response();
    }
    let part = View(ToastPart { toast: toast.clone() });
    match event {
        Some(event) => ([("hx-trigger", event)], part).into_response(),
        None => part.into_response(),
    }
}

#[derive(Debug, Deserialize)]
struct NewView {
    name: String,
    #[serde(default)]
    query: String,
}

async fn save_view(Form(view): Form<NewView>) -> Redirect {
    Sample.save_view(&view.name, &view.query);
    let query: String = view.query.chars().filter(char::is_ascii_graphic).collect();
    Redirect::to(&format!("{HERE}?{query}"))
}

/// Closes the dialog that it was sent from.
async fn saved(wants: Wants) -> Response {
    say(wants, &Toast::ok("Saved."), Some("dialog-close"))
}

async fn toast(wants: Wants, Path(kind): Path<String>) -> Response {
    let shown = match kind.as_str() {
        "undo" => Toast::with_undo("Moved 3 sample people to the trash.", "/dev/components/undo".to_owned()),
        "error" => ToastPart::error("The file is larger than 8 MB. Choose a smaller one.").toast,
        _ => Toast::ok("Saved."),
    };
    say(wants, &shown, None)
}

async fn overlay(token: FormToken, wants: Wants, Path(kind): Path<String>) -> Result<Response> {
    let kind = ["dialog", "drawer"].into_iter().find(|known| *known == kind).ok_or(Error::NotFound)?;
    let shell = views::shell(&token);
    Ok(match wants {
        Wants::Part => View(views::OverlayPart { kind }).into_response(),
        Wants::Page => View(Overlay { shell, kind }).into_response(),
    })
}

/// Every error there is, as its page or its toast.
async fn error(Path(status): Path<u16>) -> Error {
    match status {
        403 => Error::Forbidden(Box::new(Missing {
            permission: "members.edit",
            sentence: "Let people in and shut them out",
            grantors: vec!["Olga Sample".to_owned()],
            viewing_as: None,
        })),
        410 => Error::Gone,
        422 => Error::Unreadable(StatusCode::UNPROCESSABLE_ENTITY),
        429 => Error::TooMany(60),
        503 => Error::Database(sqlx::Error::PoolTimedOut),
        500 => Error::Other(anyhow::anyhow!("asked for on the components page")),
        _ => Error::NotFound,
    }
}

/// A bar that fills in six seconds: parts that the page puts where they belong.
async fn progress() -> impl IntoResponse {
    let steps = stream::iter(0..=20_u32).then(|step| async move {
        if step > 0 {
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        let html = views::Progress::at(step * 5).render().unwrap_or_default();
        Ok::<_, Infallible>(Event::default().data(html.replace('\n', " ")))
    });
    ([(header::CACHE_CONTROL, "no-store")], Sse::new(steps))
}
