//! Every domain's routes, put together. The only module that knows all the others.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, Method, StatusCode},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::CsrfLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    trace::TraceLayer,
};

use crate::{
    accounts, admin, campaigns,
    contacts::{
        self,
        beside::Cards,
        companies::CompanyCards,
        merging::Carriers,
        segments::Behaviours,
        uses::{Finders, ListFinders},
    },
    deals, designs, dev as dev_pages,
    events::{self, Listeners, timeline::Tellers},
    home,
    jobs::{self, Kinds, schedule::Schedule},
    mail,
    notices::{self, Kinds as Notices},
    orgs::{self, palette::seekers::Seekers},
    personal::{Holdings, Retentions},
    privacy, senders, tasks,
    web::{
        self, App, Routes, csrf, headers, health,
        metrics::{self, Gauges},
    },
};

/// A request that takes longer is answered with 503.
const TIMEOUT: Duration = Duration::from_secs(20);
/// A request that brings a whole file may take longer, a quarter of an hour.
const SLOW: Duration = Duration::from_secs(15 * 60);
/// Bytes of a request's body, where a route does not say otherwise.
const BODY_LIMIT: usize = 1024 * 1024;

/// Every door behind the session: pages for people.
fn pages(dev: bool) -> Routes {
    let workspace = orgs::routes()
        .merge(contacts::routes())
        .merge(designs::routes())
        .merge(senders::routes::routes())
        .merge(campaigns::routes())
        .merge(deals::routes())
        .merge(tasks::routes())
        .merge(privacy::routes())
        .merge(admin::workspace_routes())
        .merge(home::routes::routes());
    let short = orgs::workspaces::short_routes(&workspace);
    let pages = accounts::routes::routes()
        .merge(orgs::founding::routes::routes())
        .merge(orgs::workspaces::routes())
        .merge(orgs::roles::routes::account_routes())
        .merge(orgs::invitations::answering::routes())
        .merge(notices::routes::routes())
        .merge(tasks::account_routes())
        .merge(admin::routes())
        .merge(short)
        .nest("/w/{org}", workspace);
    if dev { pages.merge(mail::mailbox::routes()).merge(dev_pages::routes::routes()) } else { pages }
}

/// Every door there is. `dev` includes those that are open in development only.
pub fn routes(dev: bool) -> Routes {
    pages(dev).merge(of_readers()).merge(health::routes())
}

/// Every door behind a link in a mail: without a session, for who reads it has none.
fn of_readers() -> Routes {
    campaigns::visitor_routes().merge(campaigns::open_routes())
}

/// Every kind of job that this program can do.
pub fn kinds(dev: bool) -> Kinds {
    let kinds = Kinds::default()
        .with::<accounts::expiry::Sweep>()
        .with::<admin::support::expiry::EndSupport>()
        .with::<mail::delivery::DeliverMail>()
        .with::<mail::delivery::ForgetMail>()
        .with::<jobs::worker::ForgetJobs>()
        .with::<events::listener::Tell>()
        .with::<events::months::KeepMonths>()
        .with::<contacts::imports::work::CheckImport>()
        .with::<contacts::imports::work::RunImport>()
        .with::<contacts::imports::undo::UndoImport>()
        .with::<contacts::changes::work::RunChange>()
        .with::<contacts::changes::work::UndoChange>()
        .with::<contacts::changes::work::ForgetChange>()
        .with::<contacts::exports::work::RunExport>()
        .with::<contacts::exports::work::ForgetExport>()
        .with::<contacts::segments::refresh::Refresh>()
        .with::<contacts::scoring::refresh::Rescore>()
        .with::<contacts::duplicates::look::FindDuplicates>()
        .with::<contacts::duplicates::look::LookEverywhere>()
        .with::<contacts::fields::retype::RetypeField>()
        .with::<tasks::remind::Remind>()
        .with::<privacy::erasing::work::EraseContact>()
        .with::<privacy::rules::work::ForgetOld>()
        .with::<campaigns::sending::Begin>()
        .with::<campaigns::sending::Go>()
        .with::<campaigns::sending::Resume>()
        .with::<campaigns::trial::SendTrial>()
        .with::<campaigns::mailbox::reactions::React>()
        .knowing(Listeners::new(vec![
            events::activity::LISTENER,
            contacts::scoring::hear::LISTENER,
            contacts::segments::hear::LISTENER,
        ]))
        .knowing(BEHAVIOURS)
        .knowing(holdings())
        .knowing(retentions());
    if dev { kinds.with::<jobs::trial::Trial>() } else { kinds }
}

/// What is done again and again, and when.
pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule::of::<accounts::expiry::Sweep>("*/10 * * * *"),
        Schedule::of::<admin::support::expiry::EndSupport>("*/5 * * * *"),
        Schedule::of::<mail::delivery::ForgetMail>("20 * * * *"),
        Schedule::of::<jobs::worker::ForgetJobs>("40 * * * *"),
        Schedule::of::<events::months::KeepMonths>("10 3 * * *"),
        Schedule::of::<tasks::remind::Remind>("* * * * *"),
        Schedule::of::<contacts::duplicates::look::LookEverywhere>("30 3 * * *"),
        Schedule::of::<privacy::rules::work::ForgetOld>("50 3 * * *"),
    ]
}

/// What people do that a segment may ask for.
pub const BEHAVIOURS: Behaviours = Behaviours(&[campaigns::segments::BEHAVIOURS]);

/// Who goes to lists and segments.
fn list_finders() -> ListFinders {
    ListFinders(Finders::new(vec![contacts::segments::LIST_FINDER, campaigns::segments::FINDER]))
}

/// Who has words for what happens to contacts.
pub fn tellers() -> Tellers {
    Tellers::new(vec![
        contacts::record::TELLER,
        contacts::standing::TELLER,
        contacts::companies::TELLER,
        contacts::notes::TELLER,
        contacts::consent::TELLER,
        contacts::merging::TELLER,
        contacts::tags::TELLER,
        campaigns::telling::TELLER,
        deals::TELLER,
        tasks::TELLER,
    ])
}

/// Who names fields of contacts, and so is in the way of deleting one.
pub fn finders() -> Finders {
    Finders::new(vec![
        designs::people::FINDER,
        campaigns::telling::FINDER,
        contacts::fields::FINDER,
        contacts::segments::FIELD_FINDER,
    ])
}

/// What goes along when two records of one person become one.
pub fn carriers() -> Carriers {
    let mut all = vec![deals::CARRIER, tasks::CARRIER];
    all.extend(contacts::merging::carriers());
    Carriers::new(all)
}

/// What domains show beside a contact's page.
pub fn cards() -> Cards {
    Cards::new(vec![contacts::scoring::CARD, deals::CARD, tasks::CARD])
}

/// What the palette finds by words, in the order in which it is shown.
pub fn seekers() -> Seekers {
    Seekers::new(vec![contacts::found::SEEKER, contacts::companies::SEEKER, deals::SEEKER])
}

/// Everything that people are told of.
pub fn notices() -> Notices {
    Notices::new(vec![tasks::GIVEN, tasks::remind::DUE, deals::GIVEN, contacts::notes::MENTIONED])
}

/// What domains show beside a company's page.
pub fn company_cards() -> CompanyCards {
    CompanyCards(Cards::new(vec![deals::COMPANY_CARD]))
}

/// Every table that holds something about people, in the order in which an erasure goes through them: texts that name
/// somebody before what says how they are named, the contact after whatever hangs on it, the audit log last.
pub fn holdings() -> Holdings {
    Holdings::new(&[
        tasks::personal::HELD,
        deals::personal::HELD,
        campaigns::personal::HELD,
        notices::personal::HELD,
        events::personal::HELD,
        contacts::personal::FILES,
        contacts::personal::HELD,
        privacy::below::HELD,
    ])
}

/// Everything that can be kept for so long and no longer.
pub fn retentions() -> Retentions {
    Retentions::new(vec![
        privacy::rules::ARCHIVED,
        notices::personal::READ,
        campaigns::personal::KEPT,
        events::personal::OLD,
    ])
}

/// Everything that is looked at when somebody asks for metrics.
pub fn gauges() -> Gauges {
    Gauges::default().with("jobs", jobs::worker::readings)
}

/// What the metrics address serves.
pub fn metrics_router(app: &App) -> Router {
    metrics::router(app.clone(), gauges())
}

/// Pages wait until the database was found fit to be served from; the probes answer meanwhile.
async fn starting(State(app): State<App>, request: Request, next: Next) -> Result<Response, web::Error> {
    if app.is_starting() { Err(web::Error::Starting) } else { Ok(next.run(request).await) }
}

/// A probe that asks whether this process is ready is also told how the queue is.
async fn with_queue(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.uri().path() == "/readyz" && !app.is_starting() {
        jobs::worker::note_lag(&app).await;
    }
    next.run(request).await
}

pub fn router(app: App) -> Router {
    let request_id = HeaderName::from_static("x-request-id");
    let pages = pages(app.config.dev)
        .into_router()
        .layer(from_fn_with_state(app.clone(), csrf::form_token))
        .layer(accounts::session::layer(&app))
        .layer(CsrfLayer::new())
        .layer(Extension(tellers()))
        .layer(Extension(BEHAVIOURS))
        .layer(Extension(list_finders()))
        .layer(Extension(finders()))
        .layer(Extension(cards()))
        .layer(Extension(seekers()))
        .layer(Extension(carriers()))
        .layer(Extension(notices()))
        .layer(Extension(company_cards()))
        .layer(Extension(holdings()))
        .layer(Extension(retentions()))
        .layer(from_fn_with_state(app.clone(), starting));
    let of_readers = campaigns::visitor_routes()
        .into_router()
        .layer(CsrfLayer::new())
        .merge(campaigns::open_routes().into_router())
        .layer(from_fn_with_state(app.clone(), starting));
    let outside = Router::new()
        .merge(of_readers)
        .merge(health::routes().into_router().layer(from_fn_with_state(app.clone(), with_queue)))
        .route("/assets/{build}/{*path}", axum::routing::get(web::assets::serve));

    let around = ServiceBuilder::new()
        .layer(from_fn_with_state(app.clone(), metrics::requests::count))
        .layer(SetRequestIdLayer::new(request_id.clone(), MakeRequestUuid))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_failure(()))
        .layer(PropagateRequestIdLayer::new(request_id))
        .layer(from_fn_with_state(app.clone(), headers::secure))
        .layer(CompressionLayer::new())
        .layer(from_fn(web::render_errors))
        .layer(from_fn_with_state(slow_doors(), within_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    outside.merge(pages).fallback(nothing_here).layer(around).with_state(app)
}

/// The doors through which whole files come.
fn slow_doors() -> Arc<Vec<String>> {
    let routes = pages(true);
    Arc::new(routes.doors().iter().filter(|door| door.is_slow).map(|door| door.path.clone()).collect())
}

/// Answers 503 when a request takes longer than its door has patience for.
async fn within_time(State(slow): State<Arc<Vec<String>>>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    let is_slow =
        request.method() == Method::POST && path.is_some_and(|path| slow.iter().any(|door| door == path));
    let patience = if is_slow { SLOW } else { TIMEOUT };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn nothing_here() -> web::Error {
    web::Error::NotFound
}

fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let said =
        cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    web::Error::Other(anyhow::anyhow!("a handler panicked: {}", said.unwrap_or("without a word")))
        .into_response()
}

fn span<B>(request: &Request<B>) -> tracing::Span {
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", request.id = %id, method = %request.method(), path = %request.uri().path())
}
