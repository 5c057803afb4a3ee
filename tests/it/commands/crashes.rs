//! FLT-8: the process that serves is killed in the middle of forms, ten times over.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use groundswell::{clock::Clock, crypto::Keys, web::App};
use rustix::process::Signal;

use super::{
    client,
    running::{Running, eventually, folder, listener, url},
};
use crate::support::{TestApp, app::config, left::Left};

const KILLS: usize = 10;
const WRITERS: usize = 4;
/// Forms that are taken between one kill and the next.
const BETWEEN: usize = 12;

/// Views without the line that tells of them, or a line without its view.
const HALVES: &str =
    "select coalesce(v.name, l.subject_name)
       from (select name from saved_views where name like 'k%') v
       full join (select distinct subject_name from audit_log where action = 'views.saved' and outcome = 'done') l
         on l.subject_name = v.name
      where v.name is null or l.subject_name is null";

#[derive(Default)]
struct Progress {
    taken: AtomicUsize,
    errors: AtomicUsize,
    enough: AtomicBool,
}

/// Olga's session by the real time, by which the process under test goes.
async fn cookie(app: &TestApp) -> String {
    let keys = Keys::parse(&"5e".repeat(32)).expect("64 digits");
    let real = App::new(app.app.db.clone(), app.app.queue.clone(), Clock::system(), config(&[]), keys);
    let here = TestApp {
        router: groundswell::app::router(real.clone()),
        app: real,
        owner: app.owner.clone(),
        database: app.database.clone(),
        left: Left::default(),
    };
    let olga = here.sign_in("olga@acme.test").await;
    format!("gw={}", olga.cookie("__Host-gw").expect("a session"))
}

/// Saves one view after the other; one that is not known to be saved is sent again, as a person would.
async fn write(name: String, address: SocketAddr, cookie: String, progress: Arc<Progress>) -> Vec<String> {
    let mut taken = Vec::new();
    while !progress.enough.load(Ordering::SeqCst) {
        let view = format!("{name}-{}", taken.len());
        let form = format!("screen=people&name={view}&query=q%3D{name}");
        match client::post(address, "/w/acme/views", &cookie, &form).await.map(|answer| answer.status) {
            Ok(303) => {
                progress.taken.fetch_add(1, Ordering::SeqCst);
                taken.push(view);
            }
            // Cut off, or not served yet: the sender sees that something went wrong.
            Ok(503) | Err(_) => {
                progress.errors.fetch_add(1, Ordering::SeqCst);
            }
            Ok(other) => panic!("neither taken nor an error: {other}"),
        }
    }
    taken
}

async fn names(app: &TestApp, sql: &'static str) -> BTreeSet<String> {
    sqlx::query_scalar(sql).fetch_all(&app.owner).await.expect("names").into_iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_cut_off_by_a_kill_is_stored_wholly_or_its_sender_sees_an_error() {
    let app = TestApp::new().await.leaves_jobs();
    let (database, cookie, folder, socket) =
        (url(&app.database), cookie(&app).await, folder("crashes"), listener());
    let serve = || Running::serve(&socket, &folder, &[], &[("DATABASE_URL", &database)]);
    let mut process = serve();
    process.until_ready().await;
    let progress = Arc::new(Progress::default());
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| tokio::spawn(write(format!("k{n}"), process.address, cookie.clone(), Arc::clone(&progress))))
        .collect();
    for kill in 1..=KILLS {
        let enough = async || progress.taken.load(Ordering::SeqCst) >= kill * BETWEEN;
        assert!(eventually(Duration::from_secs(60), enough).await.is_some(), "{}", process.said());
        process.signal(Signal::KILL);
        process.ends_within(Duration::from_secs(5)).await;
        // Before anybody can send again what was cut off.
        assert_eq!(names(&app, HALVES).await, BTreeSet::new(), "half of a form after kill {kill}");
        process = serve();
    }
    let last = async || progress.taken.load(Ordering::SeqCst) >= (KILLS + 1) * BETWEEN;
    assert!(eventually(Duration::from_secs(60), last).await.is_some(), "{}", process.said());
    progress.enough.store(true, Ordering::SeqCst);
    let mut taken = BTreeSet::new();
    for writer in writers {
        taken.extend(writer.await.expect("a writer"));
    }

    let errors = progress.errors.load(Ordering::SeqCst);
    println!("{} forms taken, {KILLS} kills, {errors} seen as errors and sent again", taken.len());
    assert!(errors >= KILLS / 2, "only {errors} were cut off");
    let stored = names(&app, "select name from saved_views where name like 'k%'").await;
    assert!(taken.is_subset(&stored), "lost: {:?}", taken.difference(&stored));
    assert_eq!(names(&app, HALVES).await, BTreeSet::new(), "half of a form");
    let once: bool = app.stored("select count(*) = count(distinct name) from saved_views").await;
    assert!(once, "sent again is stored once");
}
