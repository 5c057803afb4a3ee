//! A connection that was inside an organization comes back clean, whatever became of the request (TEN-5).
//!
//! Two connections for thirty-two clients of two organizations, so that each connection changes hands at
//! every request; some requests are dropped half-way, some panic, some run out of time.

use std::{
    convert::Infallible,
    panic,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Path,
    http::{Method, Request, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use futures_util::stream;
use groundswell::{
    accounts, app,
    clock::Clock,
    crypto::Keys,
    db::Db,
    orgs::ViewMembers,
    tenancy::{OrgTx, Scope},
    web::{self, App},
};
use http_body_util::BodyExt;
use sqlx::{PgPool, postgres::PgPoolOptions};
use tokio::sync::Notify;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

use crate::support::{
    TestApp,
    app::{config, start_of_test},
    cluster::{self, Role},
};

const REQUESTS: u64 = 10_000;
const CLIENTS: u64 = 32;

#[derive(Debug, Default)]
struct Counts {
    checkouts: AtomicU64,
    dirty: AtomicU64,
    good: AtomicU64,
    wrong: AtomicU64,
    dropped: AtomicU64,
    panicked: AtomicU64,
    timed_out: AtomicU64,
}

fn add(count: &AtomicU64) {
    count.fetch_add(1, Ordering::SeqCst);
}

/// A pool of two that looks at each connection before it hands it out.
fn watched_pool(database: &str, counts: &Arc<Counts>) -> PgPool {
    let counts = Arc::clone(counts);
    let look = "select coalesce(current_setting('app.current_organization_id', true), '') = ''
                   and pg_current_xact_id_if_assigned() is null
                   and current_setting('transaction_read_only') = 'off'";
    PgPoolOptions::new()
        .max_connections(2)
        .acquire_timeout(Duration::from_secs(60))
        .test_before_acquire(false)
        .before_acquire(move |conn, _| {
            let counts = Arc::clone(&counts);
            Box::pin(async move {
                let is_clean: bool = sqlx::query_scalar(look).fetch_one(conn).await?;
                add(&counts.checkouts);
                if !is_clean {
                    add(&counts.dirty);
                }
                Ok(true)
            })
        })
        .connect_lazy_with(cluster::endpoint(database, Role::App).0)
}

async fn names(tx: &mut OrgTx) -> sqlx::Result<String> {
    let names = sqlx::query_scalar::<_, String>("select name from saved_views order by name");
    Ok(names.fetch_all(tx.conn()).await?.join(","))
}

/// Enters, reads, and then does what the path says, while it is still inside.
async fn probe(
    scope: Scope<ViewMembers>,
    Path((_, then)): Path<(String, String)>,
    body: Body,
) -> web::Result<Response> {
    let mut tx = if then == "write" { scope.enter_to_write().await? } else { scope.enter().await? };
    let seen = names(&mut tx).await?;
    match then.as_str() {
        // Past the hook: ten thousand requests need not write two hundred reports.
        "panic" => panic::resume_unwind(Box::new("a handler gave up")),
        "drop" => drop(body.collect().await),
        "time-out" => {
            sqlx::query("set local statement_timeout = '2ms'").execute(tx.conn()).await?;
            sqlx::query("select pg_sleep(1)").execute(tx.conn()).await?;
        }
        "write" => {
            sqlx::query("update saved_views set query = query").execute(tx.conn()).await?;
            tx.commit().await?;
        }
        _ => {}
    }
    Ok(seen.into_response())
}

fn probes(app: &App) -> Router {
    let session = accounts::session::layer(app);
    let routes = Router::new().route("/w/{org}/probe/{then}", post(probe));
    routes.layer(session).layer(CatchPanicLayer::new()).with_state(app.clone())
}

/// A body that says so when it is asked for more, and then never comes.
fn half_a_body(asked: &Arc<Notify>) -> Body {
    let asked = Arc::clone(asked);
    Body::from_stream(stream::unfold(0, move |n| {
        let asked = Arc::clone(&asked);
        async move {
            if n > 0 {
                asked.notify_one();
                std::future::pending::<()>().await;
            }
            Some((Ok::<_, Infallible>(Bytes::from_static(b"half of what was")), n + 1))
        }
    }))
}

/// One member of one organization, and what they may and must not see.
#[derive(Clone)]
struct Client {
    org: &'static str,
    cookie: String,
    sees: &'static str,
    stranger: &'static str,
}

async fn request(router: &Router, client: &Client, n: u64, counts: &Counts) {
    let then = match n % 50 {
        0..5 => "drop",
        5 => "panic",
        6 => "time-out",
        7..12 => "write",
        12..14 => "page",
        _ => "look",
    };
    let (method, path) = match then {
        "page" => (Method::GET, format!("/w/{}/people", client.org)),
        then => (Method::POST, format!("/w/{}/probe/{then}", client.org)),
    };
    let asked = Arc::new(Notify::new());
    let body = if then == "drop" { half_a_body(&asked) } else { Body::empty() };
    let request =
        Request::builder().method(method).uri(path).header("cookie", &client.cookie).body(body).unwrap();
    let mut answer = pin!(router.clone().oneshot(request));
    let response = tokio::select! {
        response = &mut answer => response.unwrap(),
        () = asked.notified() => return add(&counts.dropped),
    };
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let body = String::from_utf8_lossy(&body);
    let is_right = match then {
        "panic" => status == StatusCode::INTERNAL_SERVER_ERROR,
        "time-out" => status == StatusCode::SERVICE_UNAVAILABLE,
        "page" => status == StatusCode::OK && body.contains(client.sees),
        _ => status == StatusCode::OK && *body == *client.sees,
    };
    let count = match then {
        _ if !is_right || body.contains(client.stranger) => &counts.wrong,
        "panic" => &counts.panicked,
        "time-out" => &counts.timed_out,
        _ => &counts.good,
    };
    add(count);
}

/// A member's session, made by the test's own application.
async fn client(test: &TestApp, email: &str, org: &'static str, sees: [&'static str; 2]) -> Client {
    let name = test.app.config.cookie_name("gw");
    let browser = test.sign_in(email).await;
    let cookie = format!("{name}={}", browser.cookie(&name).unwrap());
    Client { org, cookie, sees: sees[0], stranger: sees[1] }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_requests_leave_no_connection_inside_an_organization() {
    let test = TestApp::new().await;
    let names = ["Active people", "Everybody at Initech"];
    let clients = [
        client(&test, "mia@acme.test", "acme", names).await,
        client(&test, "ian@initech.test", "initech", [names[1], names[0]]).await,
    ];
    let counts = Arc::new(Counts::default());
    let db = Db::new(watched_pool(&test.database, &counts));
    let keys = Keys::parse(&"5e".repeat(32)).unwrap();
    let app = App::new(db, test.app.queue.clone(), Clock::set_to(start_of_test()), config(&[]), keys);
    let router = Router::new().merge(probes(&app)).fallback_service(app::router(app.clone()));

    let mut running = tokio::task::JoinSet::new();
    for number in 0..CLIENTS {
        let (router, counts, clients) = (router.clone(), Arc::clone(&counts), clients.clone());
        running.spawn(async move {
            for n in (number..REQUESTS).step_by(CLIENTS as usize) {
                // Neighbours in time belong to different organizations.
                request(&router, &clients[(n % 2) as usize], n / 2, &counts).await;
            }
        });
    }
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }

    let count = |count: &AtomicU64| count.load(Ordering::SeqCst);
    assert_eq!((count(&counts.wrong), count(&counts.dirty)), (0, 0), "{counts:?}");
    assert_eq!(count(&counts.dropped), REQUESTS / 10, "{counts:?}");
    assert_eq!(
        (count(&counts.panicked), count(&counts.timed_out)),
        (REQUESTS / 50, REQUESTS / 50),
        "{counts:?}"
    );
    assert_eq!(count(&counts.good), REQUESTS - REQUESTS / 10 - 2 * (REQUESTS / 50), "{counts:?}");
    assert!(count(&counts.checkouts) > REQUESTS, "{counts:?}");
}
