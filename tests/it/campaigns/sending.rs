//! SND-4 to SND-6: everybody gets it once, whatever servers say, and nobody who does not want it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use chrono::TimeDelta;
use groundswell::commands::bench::sink::{Act, Moment, Profile, Sink};

use super::town::{DRAFT, adds_up, app, audience, begin, count, pause, resume, run, sink, standing, status};
use crate::support::TestApp;

/// Whom a sink has taken mail for, and how often.
fn taken(sink: &Sink) -> BTreeMap<String, usize> {
    let mut taken = BTreeMap::new();
    for received in sink.received().into_iter().filter(|received| received.taken) {
        for to in received.to {
            *taken.entry(to.to_lowercase()).or_default() += 1;
        }
    }
    taken
}

fn keeping() -> Profile {
    Profile { keep: true, ..Profile::default() }
}

#[tokio::test]
async fn everybody_gets_it_once_and_whoever_does_not_is_there_with_a_reason() {
    let app = app().await;
    let sink = sink(keeping()).await;
    audience(&app, 300, Some((sink.address.port(), 5))).await;
    run(
        &app,
        "insert into suppressions (organization_id, address_hash, address, reason, created_at)
         select organization_id, app.address_hash(organization_id, email), email, 'complaint', now()
           from contacts where email in ('p1@many.test', 'p2@many.test');
         insert into consents (organization_id, contact_id, id, topic_id, state, paused_until, source, recorded_at)
         select c.organization_id, c.id, gen_random_uuid(), k.topic::uuid, k.state, k.until, 'staff', now()
           from (values ('p3@many.test', null, 'withdrawn', null),
                        ('p4@many.test', '00000000-0000-7000-8000-000000000aa1', 'withdrawn', null),
                        ('p5@many.test', null, 'paused', now() + interval '1 year'),
                        ('p6@many.test', null, 'paused', '2026-11-20 09:00+00'),
                        ('p7@many.test', null, 'granted', null)) k (email, topic, state, until)
           join contacts c on c.email = k.email;
         update contacts set email = null where email = 'p8@many.test';
         update contacts set archived_at = now() where email = 'p9@many.test';
         insert into contact_list_members (organization_id, list_id, contact_id, source, joined_at)
         select organization_id, '00000000-0000-7000-8000-0000000009a1', id, 'a test', now()
           from contacts where email = 'p10@many.test';",
    )
    .await;

    begin(&app).await;
    app.work().await;

    let taken = taken(&sink);
    assert_eq!(status(&app).await, "sent");
    assert!(taken.values().all(|times| *times == 1), "{taken:?}");
    // Zoe and 300, without the suppressed two, the two who took it back, one who paused, one without an
    // address; who is archived is not in any audience.
    assert_eq!(taken.len(), 1 + 300 - 2 - 2 - 1 - 1 - 1);
    for kept in ["p6@many.test", "p7@many.test", "p10@many.test", "zoe@acme-customer.test"] {
        assert!(taken.keys().any(|to| to.contains(kept)), "{kept}");
    }
    let skipped: Vec<String> = sqlx::query_scalar(
        "select skipped || ' ' || count(*) from recipients
          where broadcast_id = '00000000-0000-7000-8000-0000000011a1' and skipped <> '' group by skipped order by 1",
    )
    .fetch_all(&app.owner)
    .await
    .unwrap();
    assert_eq!(skipped, ["no_address 1", "opted_out 2", "paused 1", "suppressed 2"]);
    adds_up(&app).await;
    assert_eq!(standing(&app, "sent").await, taken.len() as i64);
}

#[tokio::test]
async fn what_is_put_off_is_tried_again_and_what_is_refused_or_may_have_arrived_is_not() {
    let app = app().await;
    let script = |moment: Moment<'_>| match moment {
        Moment::Command(line) if line.starts_with("RCPT") => {
            let is = |begins: &str| line.contains(&format!("<{begins}"));
            match () {
                () if is("p1@") => Act::Say("550 5.1.1 No such user here".to_owned()),
                () if is("p2@") => Act::Say("450 4.2.0 Greylisted, come again".to_owned()),
                () if is("p3@") => Act::Say("452 4.2.2 Mailbox full".to_owned()),
                () if is("p4@") => Act::SayAndClose("421 4.7.0 Too many connections".to_owned()),
                () if is("p5@") => Act::Close,
                () => Act::Usual,
            }
        }
        // The tenth message is taken, and its answer is lost on the way.
        Moment::Dot(10) => Act::Close,
        Moment::Dot(11) => Act::Say("554 5.7.1 Looks like spam".to_owned()),
        _ => Act::Usual,
    };
    let sink = sink(Profile { script: Some(Arc::new(script)), ..keeping() }).await;
    audience(&app, 40, Some((sink.address.port(), 1))).await;
    // A domain that says “not so fast” is left alone for a while; the others are not.
    run(&app, "update contacts set email = 'p4@slow.test' where email = 'p4@many.test'").await;

    begin(&app).await;
    app.work().await;
    let after_one = sink.tally().messages;
    assert_eq!(status(&app).await, "sending");
    assert_eq!((standing(&app, "failed").await, standing(&app, "unknown").await), (2, 1));
    assert!(standing(&app, "scheduled").await >= 4);

    for _ in 0..14 {
        app.app.clock.advance(TimeDelta::hours(3));
        app.skip_pauses().await;
        app.work().await;
    }
    assert_eq!(status(&app).await, "sent");
    let ends: Vec<String> = sqlx::query_scalar(
        "select split_part(r.address, '@', 1) || ' ' || o.status || ' ' || o.reason || ' ' || o.attempts
           from channel_outbox o
           join recipients r on r.broadcast_id = o.source_id and r.contact_id = o.subject_id
          where o.source_id = '00000000-0000-7000-8000-0000000011a1' and r.address similar to 'p[1-5]@%' order by 1",
    )
    .fetch_all(&app.owner)
    .await
    .unwrap();
    assert_eq!(ends[0], "p1 failed mailbox_unknown 1", "{ends:?}");
    assert_eq!(ends[1], "p2 failed greylisted 10");
    assert_eq!(ends[2], "p3 failed mailbox_full 10");
    assert!(ends[3].starts_with("p4 failed throttled"), "{ends:?}");
    assert_eq!(ends[4], "p5 failed connection 10");
    assert_eq!(standing(&app, "unknown").await, 1, "nobody sends it again by themselves");
    assert!(sink.tally().messages - after_one <= 1, "the others were not sent again");
    assert_eq!(sink.tally().doubled, 0);
    assert_eq!(
        count(
            &app,
            "select count(*) from suppressions where address = 'p1@many.test' and reason = 'hard_bounce'"
        )
        .await,
        1
    );
    assert_eq!(count(&app, "select count(*) from suppressions where address = 'p3@many.test'").await, 0);
    adds_up(&app).await;
}

/// Works in the background until it is told to stop.
async fn while_working(app: &TestApp, meanwhile: impl Future<Output = ()>) {
    tokio::pin!(meanwhile);
    loop {
        tokio::select! {
            () = &mut meanwhile => return,
            _ = async { app.work().await; tokio::task::yield_now().await } => {}
        }
    }
}

#[tokio::test]
async fn a_pause_holds_all_but_what_is_in_the_air_and_resuming_sends_the_rest_once() {
    let app = app().await;
    let sink = sink(Profile { latency: Duration::from_millis(2), ..keeping() }).await;
    audience(&app, 1_500, Some((sink.address.port(), 4))).await;
    begin(&app).await;

    let mut pauses = 0;
    while_working(&app, async {
        let mut last = 0;
        while status(&app).await != "sent" {
            if sink.tally().taken < last + 60 {
                tokio::task::yield_now().await;
                continue;
            }
            pause(&app).await;
            let at_pause = sink.tally().taken;
            while count(&app, "select count(*) from job_queue where status = 'running'").await > 0 {
                tokio::task::yield_now().await;
            }
            let after = sink.tally().taken;
            assert!(after - at_pause <= 8, "{} were sent after the pause", after - at_pause);
            assert_eq!(standing(&app, "claimed").await + standing(&app, "handing_over").await, 0);
            last = after;
            pauses += 1;
            resume(&app).await;
        }
    })
    .await;

    assert!(pauses >= 10, "only {pauses} pauses");
    assert_eq!(status(&app).await, "sent");
    assert_eq!((sink.tally().taken, sink.tally().doubled), (1_501, 0));
    adds_up(&app).await;
}

#[tokio::test]
async fn whoever_is_suppressed_or_opts_out_while_it_is_sent_gets_nothing_from_then_on() {
    let app = app().await;
    let sink = sink(Profile { latency: Duration::from_millis(3), ..keeping() }).await;
    audience(&app, 800, Some((sink.address.port(), 4))).await;
    begin(&app).await;

    while_working(&app, async {
        while sink.tally().taken < 50 {
            tokio::task::yield_now().await;
        }
        // Every second of those who wait.
        run(
            &app,
            &format!(
                "with waiting as (
                     select c.id, c.organization_id, c.email, row_number() over (order by c.id) as n
                       from channel_outbox o join contacts c on c.id = o.subject_id
                      where o.source_id = '{DRAFT}' and o.status = 'scheduled'
                 ), suppressed as (
                     insert into suppressions (organization_id, address_hash, address, reason, created_at)
                     select organization_id, app.address_hash(organization_id, email), email, 'manual', now()
                       from waiting where n % 4 = 0
                 )
                 insert into consents (organization_id, contact_id, id, state, source, recorded_at)
                 select organization_id, id, gen_random_uuid(), 'withdrawn', 'one_click', now()
                   from waiting where n % 4 = 2"
            ),
        )
        .await;
        while status(&app).await != "sent" {
            tokio::task::yield_now().await;
        }
    })
    .await;

    let unwanted: Vec<String> = sqlx::query_scalar(
        "select address from recipients r where broadcast_id = '00000000-0000-7000-8000-0000000011a1'
            and (exists (select from suppressions s where s.address = r.address)
                 or exists (select from consents k where k.contact_id = r.contact_id and k.state = 'withdrawn'))",
    )
    .fetch_all(&app.owner)
    .await
    .unwrap();
    assert!(unwanted.len() >= 50, "{}", unwanted.len());
    let got: BTreeSet<String> = taken(&sink).into_keys().collect();
    for address in &unwanted {
        assert!(!got.iter().any(|to| to.contains(&format!("<{address}>"))), "{address} was written to");
    }
    assert_eq!(standing(&app, "suppressed").await, unwanted.len() as i64);
    assert_eq!(standing(&app, "sent").await, sink.tally().taken as i64);
    adds_up(&app).await;
}

#[tokio::test]
async fn without_a_server_mail_stays_in_the_built_in_mailbox_whose_addresses_behave() {
    let app = app().await;
    audience(&app, 20, None).await;
    run(
        &app,
        "update contacts set email = 'reject@many.test' where email = 'p1@many.test';
         update contacts set email = 'defer+me@many.test' where email = 'p2@many.test';
         update contacts set email = 'lost@many.test' where email = 'p3@many.test';",
    )
    .await;
    begin(&app).await;
    app.work().await;
    assert_eq!(standing(&app, "scheduled").await, 1);
    for _ in 0..3 {
        app.app.clock.advance(TimeDelta::minutes(10));
        app.skip_pauses().await;
        app.work().await;
    }
    assert_eq!(status(&app).await, "sent");
    assert_eq!((standing(&app, "failed").await, standing(&app, "unknown").await), (1, 1));
    let kept = format!("select count(*) from kept_mail where broadcast_id = '{DRAFT}'");
    assert_eq!(count(&app, &kept).await, 21 - 2);
}

#[tokio::test]
async fn the_addresses_of_the_built_in_mailbox_do_what_people_and_servers_do() {
    let app = app().await;
    audience(&app, 12, None).await;
    let personas = ["bounce-hard", "bounce-soft", "complain", "unsubscribe", "reader", "clicker", "scanner"];
    for (n, persona) in personas.iter().enumerate() {
        let sql = format!("update contacts set email = '{persona}@many.test' where email = 'p{n}@many.test'");
        run(&app, &sql).await;
    }
    // A link to follow.
    run(
        &app,
        r#"update design_blocks set props = '{"html": "<p><a href=\"https://shop.test/\">Look</a></p>"}'
            where id = '00000000-0000-7000-8000-000000000ea2'"#,
    )
    .await;
    begin(&app).await;
    for _ in 0..3 {
        app.work().await;
        app.app.clock.advance(TimeDelta::minutes(10));
        app.skip_pauses().await;
    }

    let facts: Vec<String> = sqlx::query_scalar(
        "select split_part(address, '@', 1) || ': ' || concat_ws(' ', nullif(bounce, ''),
                case when complained_at is not null then 'complained' end,
                case when unsubscribed_at is not null then 'unsubscribed' end,
                case when opens > 0 then 'opened' end, case when clicks > 0 then 'clicked' end)
           from recipients where broadcast_id = '00000000-0000-7000-8000-0000000011a1' and address !~ '^(p[0-9]|zoe)'
          order by 1",
    )
    .fetch_all(&app.owner)
    .await
    .unwrap();
    assert_eq!(
        facts,
        [
            "bounce-hard: hard",
            "bounce-soft: soft",
            "clicker: opened clicked",
            "complain: complained",
            "reader: opened",
            "scanner: ",
            "unsubscribe: unsubscribed",
        ]
    );
    let machine = "select count(*) from events where kind in ('email.opened', 'email.clicked') and is_bot";
    assert!(count(&app, machine).await >= 2, "what machines do is kept");
    let suppressed =
        "select count(*) from suppressions where address in ('bounce-hard@many.test', 'complain@many.test')";
    assert_eq!(count(&app, suppressed).await, 2);
}

#[tokio::test]
async fn what_comes_an_hour_late_is_held_until_somebody_says_so() {
    let app = app().await;
    audience(&app, 5, None).await;
    begin(&app).await;
    app.app.clock.advance(TimeDelta::minutes(61));
    app.work().await;
    assert_eq!(status(&app).await, "paused");
    assert_eq!(
        count(&app, &format!("select count(*) from recipients where broadcast_id = '{DRAFT}'")).await,
        0
    );

    resume(&app).await;
    app.work().await;
    assert_eq!((status(&app).await, standing(&app, "sent").await), ("sent".to_owned(), 6));
}
