//! FLT-1: PostgreSQL is stopped in the middle of work, twice, and started again.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use groundswell::{
    clock::Clock,
    crypto::Keys,
    db::{
        Db,
        connect::{APP_ROLE, Endpoint},
        migrate,
    },
    postgres::{self, Options, Server},
    web::App,
};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::{Connection, Executor, PgConnection, PgPool};

use super::{
    client,
    running::{Running, eventually, folder, listener},
};
use crate::support::{TestApp, app::config, left::Left};

/// A server that may be broken, because no other test uses it.
pub(super) fn start(root: &Path) -> Server {
    let options = Options { root: root.to_owned(), bin_dir: None, server_user: None, durable: true };
    postgres::start(&options).expect("PostgreSQL starts")
}

/// Cuts everything off, as a crash does.
fn crash(server: &Server) {
    let pid = server.pid().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).expect("it runs");
    kill_process(pid, Signal::QUIT).expect("it takes signals");
    server.stop();
}

pub(super) fn endpoint(server: &Server, role: &str, database: &str) -> Endpoint {
    Endpoint::socket(server.socket_dir(), server.port(), role, server.password(), database)
}

/// The town in a server of its own, and its owner's session.
pub(super) async fn town(server: &Server) -> (PgPool, String) {
    let superuser = server.superuser().to_owned();
    let mut conn =
        PgConnection::connect_with(&endpoint(server, &superuser, "postgres").0).await.expect("it answers");
    conn.execute("create database town").await.expect("a database");
    let owner = endpoint(server, &superuser, "town");
    migrate::migrate(&owner, Some(server.password())).await.expect("the migrations apply");
    let owner = owner.pool(1);
    owner.execute(include_str!("../fixtures/town.sql")).await.expect("the town is built");
    let db = Db::new(endpoint(server, APP_ROLE, "town").pool(1));
    let keys = Keys::parse(&"5e".repeat(32)).expect("64 digits");
    // The process under test goes by the real time, so its sessions must too.
    let app = App::new(db.clone(), db, Clock::system(), config(&[]), keys);
    let here = TestApp {
        router: groundswell::app::router(app.clone()),
        app,
        owner: owner.clone(),
        database: "town".into(),
        left: Left::default(),
    };
    let olga = here.sign_in("olga@acme.test").await;
    let cookie = format!("gw={}", olga.cookie("__Host-gw").expect("a session"));
    here.app.db.pool().close().await;
    (owner, cookie)
}

#[derive(Default)]
struct Written {
    acknowledged: Mutex<Vec<String>>,
    slowest: Mutex<Duration>,
    enough: AtomicBool,
}

impl Written {
    fn acknowledge(&self, view: String) {
        self.acknowledged.lock().expect("unpoisoned").push(view);
    }

    fn count(&self) -> usize {
        self.acknowledged.lock().expect("unpoisoned").len()
    }

    fn took(&self, time: Duration) {
        let mut slowest = self.slowest.lock().expect("unpoisoned");
        *slowest = (*slowest).max(time);
    }
}

/// Saves one view after the other, and remembers which of them the server said it has.
async fn write(name: String, address: SocketAddr, cookie: String, written: Arc<Written>) {
    let mut pace = tokio::time::interval(Duration::from_millis(10));
    for n in 0.. {
        pace.tick().await;
        if written.enough.load(Ordering::SeqCst) {
            return;
        }
        let view = format!("{name}-{n}");
        let start = Instant::now();
        let answer = client::post(
            address,
            "/w/acme/views",
            &cookie,
            &format!("screen=people&name={view}&query=q%3D{n}"),
        )
        .await;
        written.took(start.elapsed());
        match answer.map(|answer| answer.status) {
            Ok(303) => written.acknowledge(view),
            Ok(503) => {}
            other => panic!("neither done nor put off: {other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_database_crashes_twice_nothing_acknowledged_is_lost_and_the_process_stays() {
    let folder = folder("outage");
    let mut server = start(&folder.join("postgres"));
    let (owner, cookie) = town(&server).await;
    owner.close().await;
    let url = format!(
        "postgres://{APP_ROLE}:{}@localhost/town?host={}&port={}",
        server.password(),
        server.socket_dir().display(),
        server.port()
    );
    let socket = listener();
    let mut process = Running::serve(&socket, &folder, &[], &[("DATABASE_URL", &url)]);
    process.until_ready().await;
    let written = Arc::new(Written::default());
    let writers: Vec<_> = (0..4)
        .map(|n| tokio::spawn(write(format!("w{n}"), process.address, cookie.clone(), Arc::clone(&written))))
        .collect();

    for round in 1..=2 {
        let enough = eventually(Duration::from_secs(30), async || written.count() >= round * 40).await;
        assert!(enough.is_some(), "nobody writes:\n{}", process.said());
        crash(&server);
        let noticed = eventually(Duration::from_secs(10), async || !process.is_ready().await).await;
        assert!(
            noticed.is_some_and(|after| after <= Duration::from_secs(2)),
            "round {round}: noticed after {noticed:?}"
        );
        let live = client::get(process.address, "/livez", "").await.expect("an answer");
        assert_eq!(live.status, 200);
        server = start(&folder.join("postgres"));
        let back = eventually(Duration::from_secs(30), async || process.is_ready().await).await;
        assert!(
            back.is_some_and(|after| after <= Duration::from_secs(5)),
            "round {round}: ready after {back:?}"
        );
    }

    let before = written.count();
    let goes_on = eventually(Duration::from_secs(10), async || written.count() > before + 40).await;
    assert!(goes_on.is_some(), "nobody writes any more:\n{}", process.said());
    written.enough.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.expect("every answer was one of the two");
    }
    assert!(process.has_ended().is_none(), "{}", process.said());
    assert!(*written.slowest.lock().expect("unpoisoned") < Duration::from_secs(12));
    let owner = endpoint(&server, server.superuser(), "town").pool(1);
    let stored: Vec<String> =
        sqlx::query_scalar("select name from saved_views").fetch_all(&owner).await.expect("the views");
    let lost: Vec<_> = written
        .acknowledged
        .lock()
        .expect("unpoisoned")
        .iter()
        .filter(|view| !stored.contains(view))
        .cloned()
        .collect();
    assert_eq!(lost, Vec::<String>::new());
    drop(process);
    server.stop();
}
