//! A slice of sending: some seconds of one broadcast, then it is another's turn.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use tokio::{
    sync::{Mutex, mpsc},
    task::JoinSet,
};
use uuid::Uuid;

use super::{
    begin,
    pace::Pace,
    plan::{Plan, Reader},
    postman::{self, Back, Round},
    queries,
};
use crate::{
    campaigns::{Broadcast, BroadcastId, Status, broadcast, mailbox},
    channels::smtp::Pool,
    jobs::{AtWork, Failure},
    outbox::{self, Ledger, Run},
    senders::{self, Rates, Way},
    tenancy::JobScope,
    web::App,
};

/// How long one broadcast is gone on with at a turn.
const SLICE: Duration = Duration::from_secs(20);
/// How often it is shown how far it is: counting a hundred thousand rows takes a tenth of a second.
const SHOWN: Duration = Duration::from_secs(5);
/// Rows that are claimed at once.
const CLAIM: i64 = 500;
/// Claimed rows that wait for a connection.
const BAG: usize = 250;
/// How many put messages into the built-in mailbox at a time.
const KEEPERS: usize = 4;

pub(super) async fn run(app: App, scope: JobScope, at_work: AtWork, id: BroadcastId) -> Result<(), Failure> {
    let Some((plan, run)) = prepare(&app, &scope, &at_work, id).await? else { return Ok(()) };
    let scope = Arc::new(scope);
    let mut tasks = JoinSet::new();
    let (bag, readers) = mpsc::channel(BAG);
    let (nobody, mut gone) = mpsc::unbounded_channel();
    let (kept, keeping) = mpsc::channel(BAG);
    let mailbox = mailbox::keep(scope.clone(), (id, plan.broadcast.number), app.clock.clone(), keeping);
    tasks.spawn(async move { mailbox.await.map(|()| Back::Done) });
    let (way, rates) = match &plan.route.way {
        Way::Server { server, limits, rates } => (Some(Pool::new(server.clone(), *limits)), *rates),
        Way::Mailbox => (None, Rates::default()),
    };
    let hands = match &plan.route.way {
        Way::Server { limits, .. } => limits.connections,
        Way::Mailbox => KEEPERS,
    };
    let (ledger, writing) = Ledger::open(scope.clone(), run, app.clock.clone(), hands);
    tasks.spawn(async move { writing.await.map(|()| Back::Done) });
    let round = Round {
        plan: plan.clone(),
        readers: Arc::new(Mutex::new(readers)),
        ledger,
        pace: Arc::new(Pace::new(rates)),
        clock: app.clock.clone(),
        nobody,
        kept,
    };
    for _ in 0..hands {
        let round = round.clone();
        match way.clone() {
            Some(pool) => tasks.spawn(async move { Ok(postman::deliver(round, pool).await) }),
            None => tasks.spawn(async move { Ok(postman::keep(round).await) }),
        };
    }
    drop(round);
    let claimed = claim(&app, &scope, &at_work, (run, &plan.broadcast), bag).await;
    let mut trouble = None;
    while let Some(back) = tasks.join_next().await {
        match back.map_err(anyhow::Error::from)?? {
            Back::NoServer(words) => trouble = Some(words),
            Back::Done | Back::Stopped => {}
        }
    }
    if let Some(pool) = way {
        pool.close().await;
    }
    let mut nobody = Vec::new();
    while let Ok(one) = gone.try_recv() {
        nobody.push(one);
    }
    claimed?;
    finish(&app, (&scope, &at_work), (run, id), &nobody, trouble).await
}

/// Reads what is to be sent, and takes over what others left. Nothing when there is nothing to do.
async fn prepare(
    app: &App,
    scope: &JobScope,
    at_work: &AtWork,
    id: BroadcastId,
) -> Result<Option<(Arc<Plan>, Run)>, Failure> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    queries::lock(&mut tx, id).await?;
    let Some(found) = broadcast::find(&mut tx, id).await? else { return Ok(None) };
    if found.status != Status::Sending {
        return Ok(None);
    }
    if found.frozen_at.is_none() {
        // It was held back before it began, and somebody has resumed it.
        begin::start(&mut tx, &found, app, at_work).await?;
        tx.commit().await?;
        return Err(Failure::NotYet(Duration::ZERO));
    }
    let run = Run { source: id.0, holder: Uuid::now_v7(), topic: found.topic };
    let plan = match Plan::load(app, &mut tx, found).await? {
        Ok(plan) => plan,
        Err(why) => {
            queries::hold(&mut tx, id, &why, now).await?;
            tx.commit().await?;
            return Ok(None);
        }
    };
    at_work.still_ours(tx.conn()).await?;
    outbox::take_back(&mut tx, run, now).await?;
    tx.commit().await?;
    Ok(Some((Arc::new(plan), run)))
}

/// Fills the bag until its slice is over, there is nothing more, or nobody takes from it.
async fn claim(
    app: &App,
    scope: &JobScope,
    at_work: &AtWork,
    (run, broadcast): (Run, &Broadcast),
    bag: mpsc::Sender<Reader>,
) -> Result<(), Failure> {
    let begun = Instant::now();
    show(scope, at_work, broadcast).await?;
    let mut shown = Instant::now();
    let mut last = Uuid::nil();
    while begun.elapsed() < SLICE && !app.is_stopping() {
        let mut tx = scope.enter_often().await?;
        if !queries::is_sending(&mut tx, broadcast.id).await? {
            return Ok(());
        }
        let claimed = outbox::claim(&mut tx, run, last, (CLAIM, app.clock.now())).await?;
        let readers = queries::readers(&mut tx, broadcast.id, &claimed).await?;
        tx.commit().await?;
        let Some(end) = readers.last().map(|reader| reader.contact) else { return Ok(()) };
        last = end;
        for reader in readers {
            if bag.send(reader).await.is_err() {
                return Ok(());
            }
        }
        if shown.elapsed() > SHOWN {
            shown = Instant::now();
            show(scope, at_work, broadcast).await?;
        }
    }
    Ok(())
}

async fn show(scope: &JobScope, at_work: &AtWork, broadcast: &Broadcast) -> Result<(), Failure> {
    let mut tx = scope.enter().await?;
    let over = queries::over(&mut tx, broadcast.id).await?;
    tx.commit().await?;
    at_work.progress(over, Some(broadcast.people - broadcast.skipped)).await
}

/// Comes to the end, or says when to go on. Nothing of it when another has taken over, who has found all that
/// was left.
async fn finish(
    app: &App,
    (scope, at_work): (&JobScope, &AtWork),
    (run, id): (Run, BroadcastId),
    nobody: &[(Uuid, String)],
    trouble: Option<String>,
) -> Result<(), Failure> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    at_work.still_ours(tx.conn()).await?;
    queries::nobody_there(&mut tx, id, nobody, now).await?;
    senders::note_server(app, &mut tx, trouble.as_deref().unwrap_or("")).await?;
    queries::note_trouble(&mut tx, id, trouble.as_deref().unwrap_or(""), now).await?;
    // What was claimed and not begun when somebody paused it.
    outbox::take_back(&mut tx, run, now).await?;
    let due = outbox::next_due(&mut tx, id.0).await?;
    let is_sending = queries::is_sending(&mut tx, id).await?;
    if is_sending && due.is_none() {
        queries::finish(&mut tx, id, now).await?;
    }
    tx.commit().await?;
    match (trouble, due.filter(|_| is_sending)) {
        (Some(words), Some(_)) => Err(Failure::After(Duration::from_secs(15), words)),
        (None, Some(due)) => {
            let wait = (due - now).clamp(TimeDelta::zero(), TimeDelta::minutes(5));
            Err(Failure::NotYet(wait.to_std().unwrap_or_default()))
        }
        (_, None) => Ok(()),
    }
}
