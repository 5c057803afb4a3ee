//! Mail on its way to a server that takes it, refuses it, or is away.

use groundswell::mail::delivery;
use mail_parser::MessageParser;

use super::{message, send, sink::Sink};
use crate::support::TestApp;

async fn work(app: &TestApp) {
    app.work().await;
}

async fn with_server(sink: &Sink) -> TestApp {
    TestApp::with(&["--smtp-url", &sink.url(), "--mail-from", "Grøn & Co <hello@groundswell.test>"])
        .await
        .idle()
        .await
}

#[tokio::test]
async fn a_message_reaches_the_server_as_it_was_written() {
    let sink = Sink::start().await;
    let app = with_server(&sink).await;

    send(&app.app, message("olga@acme.test", "Réset your password"), "reset-1").await;
    work(&app).await;

    let received = sink.received();
    let [received] = received.as_slice() else { panic!("one message, not {received:?}") };
    assert_eq!(
        (received.from.as_str(), received.to.as_slice()),
        ("hello@groundswell.test", &["olga@acme.test".to_owned()][..])
    );
    let read = MessageParser::default().parse(&received.data).expect("a message");
    assert_eq!(read.subject(), Some("Réset your password"));
    assert!(
        read.body_text(0)
            .expect("a text")
            .starts_with("Grüße! Open https://app.groundswell.test/reset/abc?x=1.")
    );
    assert!(read.body_html(0).expect("HTML").contains("<p>Grüße!</p>"));
    assert_eq!(read.from().and_then(|from| from.first()).and_then(|from| from.name()), Some("Grøn & Co"));
    assert!(read.message_id().expect("a Message-ID").ends_with("@app.groundswell.test"));
    assert_eq!(read.date().map(mail_parser::DateTime::to_timestamp), Some(1_795_251_600));
    assert!(received.data.contains("\r\nAuto-Submitted: auto-generated\r\n"), "{}", received.data);
    assert!(received.data.lines().all(|line| line.len() <= 998 && line.is_ascii()));
}

#[tokio::test]
async fn what_was_sent_keeps_its_headers_and_forgets_its_body() {
    let sink = Sink::start().await;
    let app = with_server(&sink).await;

    send(&app.app, message("olga@acme.test", "Reset"), "reset-1").await;
    work(&app).await;

    assert_eq!(app.stored::<String>("select status from mail_messages").await, "sent");
    let source =
        String::from_utf8(app.stored::<Vec<u8>>("select source from mail_messages").await).expect("text");
    assert!(source.contains("Subject: Reset\r\n"), "{source}");
    assert!(source.ends_with("\r\n\r\n") && !source.contains("https://"), "{source}");
}

#[tokio::test]
async fn the_same_key_is_sent_once_and_a_rolled_back_message_never() {
    let sink = Sink::start().await;
    let app = with_server(&sink).await;

    send(&app.app, message("olga@acme.test", "Reset"), "reset-1").await;
    send(&app.app, message("olga@acme.test", "Reset"), "reset-1").await;
    let mut tx = app.app.db.begin().await.expect("a transaction");
    groundswell::mail::send(&mut tx, &app.app, message("mia@acme.test", "Reset"), "reset-2")
        .await
        .expect("queued");
    tx.rollback().await.expect("rolled back");
    work(&app).await;
    work(&app).await;

    assert_eq!(sink.received().len(), 1);
}

#[tokio::test]
async fn nothing_typed_by_a_person_becomes_a_header() {
    let sink = Sink::start().await;
    let app = with_server(&sink).await;

    for (n, subject) in [
        "Hi\r\nBcc: victim@x.test",
        "Hi\nX-Evil: 1",
        "Hi\r\n\r\n<b>body</b>",
        "Hi\u{2028}Bcc: victim@x.test",
        "=?utf-8?q?=0d=0aBcc:_victim@x.test?=",
    ]
    .into_iter()
    .enumerate()
    {
        send(&app.app, message("olga@acme.test", subject), &format!("key-{n}")).await;
    }
    work(&app).await;

    for received in sink.received() {
        let read = MessageParser::default().parse(&received.data).expect("a message");
        assert!(read.bcc().is_none() && !received.data.contains("\nX-Evil"), "{}", received.data);
        assert_eq!(received.to, ["olga@acme.test"]);
        assert!(read.body_text(0).expect("a text").starts_with("Grüße!"), "{}", received.data);
    }
    assert_eq!(sink.received().len(), 5);
}

#[tokio::test]
async fn a_server_that_is_busy_is_asked_again_later_and_then_less_often() {
    let sink = Sink::start().await;
    let app = with_server(&sink).await;
    sink.answers("451 4.3.0 try later");

    send(&app.app, message("olga@acme.test", "Reset"), "reset-1").await;
    work(&app).await;
    work(&app).await;
    assert_eq!(app.stored::<i32>("select attempts from mail_messages").await, 1);
    assert!(app.stored::<String>("select last_error from mail_messages").await.contains("451"));

    let pause = "select extract(epoch from run_at - started_at)::bigint / 60 from job_queue";
    assert_eq!(app.stored::<i64>(pause).await, 1);
    app.skip_pauses().await;
    work(&app).await;
    assert_eq!(app.stored::<i32>("select attempts from mail_messages").await, 2);
    assert_eq!(app.stored::<i64>(pause).await, 5);
    sink.answers("250 ok");
    app.skip_pauses().await;
    work(&app).await;

    assert_eq!(sink.received().len(), 1);
    assert_eq!(app.stored::<String>("select status from mail_messages").await, "sent");
}

#[tokio::test]
async fn a_server_that_refuses_is_not_asked_again() {
    let sink = Sink::start().await;
    let app = with_server(&sink).await;
    sink.answers("550 5.1.1 no\tsuch mailbox");

    send(&app.app, message("olga@acme.test", "Reset"), "reset-1").await;
    work(&app).await;
    app.skip_pauses().await;
    work(&app).await;

    assert_eq!(app.stored::<String>("select status from mail_messages").await, "failed");
    assert_eq!(app.stored::<i32>("select attempts from mail_messages").await, 1);
}

#[tokio::test]
async fn a_server_that_is_away_is_a_warning_until_it_is_back_and_a_day_later_nobody_waits() {
    let app = TestApp::with(&["--smtp-url", "smtp://127.0.0.1:9"]).await.idle().await;
    for n in 0..3 {
        send(&app.app, message("olga@acme.test", "Reset"), &format!("reset-{n}")).await;
    }

    work(&app).await;

    assert_eq!(app.app.warnings.all(), ["the mail server does not answer"]);
    assert_eq!(
        app.stored::<i64>("select count(*) from mail_messages where status = 'queued' and attempts = 1")
            .await,
        3
    );
    for _ in 1..8 {
        app.skip_pauses().await;
        work(&app).await;
    }
    assert_eq!(app.stored::<i64>("select count(*) from mail_messages where status = 'failed'").await, 3);
    let ready = app.visitor().get("/readyz").await;
    assert_eq!(ready.status, 200, "{}", ready.body);
    assert!(ready.body.contains("the mail server does not answer"), "{}", ready.body);
}

#[tokio::test]
async fn a_message_whose_sender_died_is_sent_by_the_next_when_the_lease_ends() {
    let sink = Sink::start().await;
    let app = with_server(&sink).await;
    send(&app.app, message("olga@acme.test", "Reset"), "reset-1").await;
    let died = "update job_queue set status = 'running', attempts = 1, holder = gen_random_uuid(),
                leased_until = now() + interval '1 min'";
    sqlx::query(died).execute(&app.owner).await.expect("claimed");

    work(&app).await;
    assert_eq!(sink.received().len(), 0);
    let silent = "update job_queue set leased_until = now()";
    sqlx::query(silent).execute(&app.owner).await.expect("the lease ends");
    work(&app).await;

    assert_eq!(sink.received().len(), 1);
    assert_eq!(delivery::backlog(&app.app).await.expect("a backlog").waiting, 0);
}
