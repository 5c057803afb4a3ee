//! SND-4 on the wire: what a message is when the server fails, at every step.

use std::sync::Arc;

use groundswell::channels::{
    replies::Reason,
    smtp::{Outcome, Prepared, Step, Unfit},
};

use super::{
    Act, MAIL, Moment, Profile, Script, address, connection, deliver, pool_of, prepare, server_at, sink,
    sink_that,
};
use groundswell::channels::smtp::Envelope;

fn say(text: &str) -> Act {
    Act::Say(text.to_owned())
}

#[tokio::test]
async fn a_refusal_says_whether_to_try_again_and_at_which_step_it_came() {
    for (at, answer, step) in [
        ("MAIL", "421 4.3.2 shutting down", Step::Mail),
        ("MAIL", "550 5.7.1 not you", Step::Mail),
        ("RCPT", "450 4.2.0 Greylisted", Step::Recipient),
        ("RCPT", "550 5.1.1 no such user", Step::Recipient),
        ("DATA", "452 4.3.1 no space", Step::Data),
        ("DATA", "554 5.3.0 no", Step::Data),
        (".", "451 4.3.0 not now", Step::Message),
        (".", "552 5.2.2 mailbox full", Step::Message),
    ] {
        let sink = sink_that(at, say(answer)).await;
        let outcome = deliver(&pool_of(server_at(sink.address.port())), MAIL).await;
        let (refusal, is_permanent) = match outcome {
            Outcome::Transient(refusal) => (refusal, false),
            Outcome::Permanent(refusal) => (refusal, true),
            other => panic!("{at} {answer}: {other:?}"),
        };
        assert_eq!((refusal.step, is_permanent), (step, answer.starts_with('5')), "{answer}");
        assert_eq!(refusal.code.to_string(), answer[..3]);
        assert!(answer.ends_with(&refusal.text) && refusal.enhanced.is_some(), "{refusal:?}");
        assert_eq!(sink.tally().taken, 0);
    }
}

#[tokio::test]
async fn a_connection_lost_before_the_dot_leaves_nothing_unknown() {
    for at in ["MAIL", "RCPT", "DATA"] {
        for act in [Act::Close, Act::Stall, say("what?")] {
            let sink = sink_that(at, act).await;
            let outcome = deliver(&pool_of(server_at(sink.address.port())), MAIL).await;
            assert!(matches!(outcome, Outcome::NotTried(_)), "{at}: {outcome:?}");
            assert_eq!(sink.tally().messages, 0);
        }
    }
}

#[tokio::test]
async fn a_connection_lost_after_the_dot_leaves_the_message_unknown() {
    for act in [Act::Close, Act::Stall, say("what?"), say("354 again")] {
        let sink = sink_that(".", act.clone()).await;
        let outcome = deliver(&pool_of(server_at(sink.address.port())), MAIL).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{act:?}: {outcome:?}");
        assert_eq!(sink.tally().messages, 1);
    }
}

#[tokio::test]
async fn a_message_that_is_prepared_and_never_released_was_never_sent() {
    let sink = sink(Profile::default()).await;
    let pool = pool_of(server_at(sink.address.port()));
    let Prepared::Ready(ready) = prepare(&pool, MAIL).await else { panic!("not ready") };
    assert_eq!(sink.tally().messages, 0);
    drop(ready);
    assert!(matches!(deliver(&pool, MAIL).await, Outcome::Accepted(_)));
    assert_eq!((sink.tally().messages, sink.tally().connections), (1, 2));
}

#[tokio::test]
async fn a_server_that_leaves_between_the_steps_gets_no_dot() {
    let (leave, left) = (Arc::new(tokio::sync::Notify::new()), Arc::new(tokio::sync::Notify::new()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (leaving, gone) = (leave.clone(), left.clone());
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"220 x\r\n").await.unwrap();
        let mut came = vec![0; 4096];
        for answer in ["250 x\r\n", "250 x\r\n", "250 x\r\n", "354 x\r\n"] {
            assert!(stream.read(&mut came).await.unwrap() > 0);
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        leaving.notified().await;
        assert!(stream.read(&mut came).await.unwrap() > 0);
        drop(stream);
        gone.notify_one();
    });
    let Prepared::Ready(ready) = prepare(&pool_of(server_at(port)), MAIL).await else { panic!("not ready") };
    leave.notify_one();
    left.notified().await;
    // Until the runtime has heard of it too.
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
    let outcome = ready.release().await;
    assert!(matches!(outcome, Outcome::NotTried(_)), "{outcome:?}");
}

#[tokio::test]
async fn a_recipient_that_is_refused_takes_nothing_from_the_next() {
    for offers in [vec!["PIPELINING".to_owned()], vec!["SIZE 1000000".to_owned()]] {
        let script: Script = Arc::new(|moment: Moment<'_>| match moment {
            Moment::Command(line) if line.contains("gone@") => say("550 5.1.1 User unknown"),
            _ => Act::Usual,
        });
        let sink = sink(Profile { script: Some(script), offers, ..Profile::default() }).await;
        let pool = pool_of(server_at(sink.address.port()));
        let (from, gone, olga) =
            (address("b@acme.test"), address("gone@corp.test"), address("olga@corp.test"));
        for to in [&gone, &olga, &gone, &gone, &olga] {
            let prepared = connection(&pool).await.prepare(&Envelope { from: Some(&from), to }, MAIL).await;
            match prepared {
                Prepared::Ready(ready) => {
                    assert_eq!(to, &olga);
                    assert!(matches!(ready.release().await, Outcome::Accepted(_)));
                }
                Prepared::Settled(Outcome::Permanent(refusal)) => {
                    assert_eq!((to, refusal.reason), (&gone, Reason::MailboxUnknown));
                }
                Prepared::Settled(other) => panic!("{other:?}"),
            }
        }
        assert_eq!((sink.tally().taken, sink.tally().connections), (2, 1));
        assert!(sink.received().iter().all(|came| came.to == ["RCPT TO:<olga@corp.test>"]));
    }
}

#[tokio::test]
async fn a_server_that_wants_a_body_for_nobody_gets_none() {
    // It answers DATA with 354 although it refused the recipient, as RFC 2920 allows.
    let script: Script = Arc::new(|moment: Moment<'_>| match moment {
        Moment::Command(line) if line.starts_with("RCPT") => say("550 5.1.1 User unknown"),
        Moment::Command("DATA") => say("354 go on"),
        _ => Act::Usual,
    });
    let sink = sink(Profile { script: Some(script), ..Profile::default() }).await;
    let pool = pool_of(server_at(sink.address.port()));
    for _ in 0..2 {
        let outcome = deliver(&pool, MAIL).await;
        assert!(
            matches!(&outcome, Outcome::Permanent(refusal) if refusal.step == Step::Recipient),
            "{outcome:?}"
        );
    }
    assert_eq!((sink.tally().messages, sink.tally().connections), (0, 2));
}

#[tokio::test]
async fn what_a_server_cannot_take_is_not_tried_on_it() {
    let sink = sink(Profile { offers: vec!["SIZE 100".to_owned()], ..Profile::default() }).await;
    let pool = pool_of(server_at(sink.address.port()));
    let large = [MAIL, &b"x\r\n".repeat(100)].concat();
    let limit = Outcome::Unfit(Unfit::TooLarge { size: large.len(), limit: 100 });
    assert_eq!(deliver(&pool, &large).await, limit);
    let (from, foreign) = (address("b@acme.test"), address("дом@corp.test"));
    let envelope = Envelope { from: Some(&from), to: &foreign };
    let Prepared::Settled(outcome) = connection(&pool).await.prepare(&envelope, MAIL).await else { panic!() };
    assert_eq!(outcome, Outcome::Unfit(Unfit::NeedsSmtpUtf8));
    let outcome = deliver(&pool, "Subject: x\r\n\r\nü\r\n".as_bytes()).await;
    assert_eq!(outcome, Outcome::Unfit(Unfit::Needs8Bit));
    assert!(matches!(deliver(&pool, MAIL).await, Outcome::Accepted(_)));
    assert_eq!(sink.received()[0].from, format!("MAIL FROM:<b+1@acme.test> SIZE={}", MAIL.len()));
}

#[tokio::test]
async fn a_foreign_address_is_said_as_it_is_where_the_server_can() {
    let sink = sink(Profile::default()).await;
    let pool = pool_of(server_at(sink.address.port()));
    let (from, foreign) = (address("b@acme.test"), address("дом@пример.рф"));
    let envelope = Envelope { from: Some(&from), to: &foreign };
    let Prepared::Ready(ready) = connection(&pool).await.prepare(&envelope, MAIL).await else { panic!() };
    assert!(matches!(ready.release().await, Outcome::Accepted(_)));
    let came = sink.received().remove(0);
    assert_eq!(came.from, "MAIL FROM:<b@acme.test> SMTPUTF8");
    assert_eq!(came.to, ["RCPT TO:<дом@xn--e1afmkfd.xn--p1ai>"]);
}
