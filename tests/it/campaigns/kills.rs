//! SND-1: the process that sends is killed again and again, and nothing is lost or doubled.

use std::process::{Child, Command, Stdio};

use groundswell::commands::bench::sink::Profile;

use super::town::{adds_up, app, audience, begin, run, sink, standing, status};
use crate::support::{TestApp, cluster};

/// Recipients, kills and connections. The full run of reliability.md has 100,000 and 50: set
/// `GROUNDSWELL_SND1=100000,50,4` while building for it.
const USUAL: (usize, usize, u32) = (10_000, 20, 4);

/// As wanted at build time, or as usual.
fn size() -> (usize, usize, u32) {
    let wanted: Vec<usize> = option_env!("GROUNDSWELL_SND1")
        .unwrap_or("")
        .split(',')
        .filter_map(|number| number.parse().ok())
        .collect();
    match wanted.as_slice() {
        [people, kills, connections] => (*people, *kills, u32::try_from(*connections).unwrap()),
        _ => USUAL,
    }
}

/// The real program, sending what this test's database holds.
fn worker(app: &TestApp) -> Child {
    let cluster = cluster::cluster();
    let url = format!(
        "postgres://groundswell_app:{}@localhost:{}/{}?host={}",
        cluster.password,
        cluster.port,
        app.database,
        cluster.socket_dir.display()
    );
    Command::new(env!("CARGO_BIN_EXE_groundswell"))
        .args(["work", "--dev"])
        .env("DATABASE_URL", url)
        .env("GROUNDSWELL_SECRET_KEY", "5e".repeat(32))
        .env("GROUNDSWELL_ALLOWED_PRIVATE_HOSTS", "127.0.0.1")
        .env("GROUNDSWELL_LOG", "off")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_however_often_the_process_is_killed() {
    let (people, kills, connections) = size();
    let app = app().await;
    let sink = sink(Profile::default()).await;
    audience(&app, people, Some((sink.address.port(), connections))).await;
    begin(&app).await;
    // The workers live by the clock on the wall.
    run(&app, "update broadcasts set begins_at = now() where status = 'queued'").await;

    let all = people as u64 + 1;
    let mut worst = 0;
    for kill in 1..=kills {
        let mut process = worker(&app);
        // Somewhere after the last kill, never at the same place of the work.
        let until = sink.tally().messages.max(all * (kill as u64 - 1) / (kills as u64 + 1))
            + 1
            + (kill as u64 * 37) % 97;
        while sink.tally().messages < until.min(all - 1) {
            tokio::task::yield_now().await;
            assert!(process.try_wait().unwrap().is_none(), "the process ended by itself");
        }
        // Not at the moment at which a message arrives, but at any.
        run(&app, &format!("select pg_sleep({})", 0.0017 * ((kill * 37) % 23) as f64)).await;
        process.kill().unwrap();
        process.wait().unwrap();
        // As it is a minute later.
        run(&app, "update job_queue set leased_until = now(), run_at = now() where status in ('running', 'waiting')").await;
        worst = worst.max(standing(&app, "handing_over").await);
    }
    let mut process = worker(&app);
    while status(&app).await != "sent" {
        run(&app, "update job_queue set run_at = now() where status = 'waiting'").await;
        assert!(process.try_wait().unwrap().is_none(), "the process ended by itself");
    }
    process.kill().unwrap();
    process.wait().unwrap();

    let (sent, unknown) = (standing(&app, "sent").await, standing(&app, "unknown").await);
    let tally = sink.tally();
    println!(
        "SND-1: {people} people, {kills} kills, {connections} connections: {} taken, {} doubled, {unknown} unknown \
         ({:.2} a kill), {} of them had not arrived",
        tally.taken,
        tally.doubled,
        unknown as f64 / kills as f64,
        all - tally.taken,
    );
    assert_eq!(tally.doubled, 0, "sent twice");
    assert_eq!(sent + unknown, all as i64, "lost");
    assert!(
        tally.taken >= sent as u64 && tally.taken + unknown as u64 >= all,
        "said to be sent, and was not"
    );
    assert!(worst <= i64::from(connections), "{worst} were in the air at a kill");
    // As many as may be in the air, and no more; the goal of three a kill is a matter of how busy the machine is.
    assert!(unknown <= i64::from(connections) * kills as i64, "{unknown} unknown after {kills} kills");
    adds_up(&app).await;
}

/// Outcomes are committed without waiting for the disk: PostgreSQL may forget the last of them when it falls.
#[tokio::test]
async fn an_outcome_that_the_database_forgets_is_unknown_and_never_sent_again() {
    let app = app().await;
    let sink = sink(Profile::default()).await;
    audience(&app, 3, Some((sink.address.port(), 2))).await;
    run(
        &app,
        "create function forget() returns trigger language plpgsql as
             $$ begin new.status = 'handing_over'; new.settled_at = null; return new; end $$;
         create trigger forgets before update on channel_outbox for each row
             when (new.status = 'sent') execute function forget();",
    )
    .await;
    begin(&app).await;

    app.work().await;

    assert_eq!(status(&app).await, "sent");
    assert_eq!((standing(&app, "handing_over").await, standing(&app, "unknown").await), (0, 4));
    assert_eq!((sink.tally().taken, sink.tally().doubled), (4, 0));
    adds_up(&app).await;
}
