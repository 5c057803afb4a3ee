//! Limits on guessing: by the address that guesses, and by the account that is guessed at.

use chrono::TimeDelta;

use super::{PASSWORD, enter, is_in, mailed, try_password, turn_on_two_factor};
use crate::support::{Browser, TestApp};

/// A sign-in form filled in with this, sent from this address. Whether it was looked at, or refused unread.
struct Guesser {
    visitor: Browser,
    token: String,
}

impl Guesser {
    async fn new(app: &TestApp) -> Self {
        let mut visitor = app.visitor();
        let token = visitor.get("/sign-in").await.field("_csrf");
        Self { visitor, token }
    }

    async fn guess(&self, from: &str, email: &str) -> bool {
        let form = format!("email={email}&password=wrong&_csrf={}", self.token);
        let reply = self.visitor.clone().at_address(from).post("/sign-in", &form).await;
        match reply.status.as_u16() {
            422 => true,
            429 => {
                let seconds: i64 = reply.header("retry-after").parse().expect("seconds");
                assert!(
                    (1..=1800).contains(&seconds) && reply.text().contains("Too many attempts"),
                    "{seconds}"
                );
                false
            }
            other => panic!("{other}: {}", reply.text()),
        }
    }
}

/// The most that fall into any stretch of this length.
fn most_within(times: &[i64], seconds: i64) -> usize {
    times
        .iter()
        .map(|start| times.iter().filter(|time| (*start..=*start + seconds).contains(time)).count())
        .max()
        .unwrap_or(0)
}

#[tokio::test]
async fn one_address_guesses_ten_times_in_any_minute_at_most() {
    let app = TestApp::new().await;
    let guesser = Guesser::new(&app).await;
    let mut times = Vec::new();
    for second in 0..300 {
        if guesser.guess("198.51.100.7", "olga@acme.test").await {
            times.push(second);
        }
        app.app.clock.advance(TimeDelta::seconds(1));
    }
    assert!(most_within(&times, 60) <= 10 && times.len() >= 20, "{times:?}");
}

#[tokio::test]
async fn five_thousand_addresses_guess_at_one_account_a_hundred_times_a_day_and_its_owner_still_gets_in() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    olga.post("/sign-out", "").await;
    let guesser = Guesser::new(&app).await;
    let mut times = Vec::new();
    for n in 0..5000_i64 {
        if guesser.guess(&format!("127.{}.{}.9", n / 250, n % 250), "olga@acme.test").await {
            times.push(n * 20);
        }
        app.app.clock.advance(TimeDelta::seconds(20));
        if n == 2500 {
            assert_eq!(try_password(&mut app.visitor(), "olga@acme.test", PASSWORD).await.status, 429);
            assert_eq!(try_password(&mut olga.clone(), "olga@acme.test", PASSWORD).await.status, 303);
        }
    }
    assert!(most_within(&times, 86_400) <= 100 && times.len() >= 50, "{}", times.len());
}

#[tokio::test]
async fn one_address_guesses_at_five_thousand_accounts_as_rarely_as_at_one() {
    let app = TestApp::new().await;
    let guesser = Guesser::new(&app).await;
    let mut looked_at = 0;
    for n in 0..5000 {
        looked_at += usize::from(guesser.guess("198.51.100.7", &format!("person{n}@acme.test")).await);
    }
    assert_eq!(looked_at, 5);
}

#[tokio::test]
async fn a_forged_forwarded_header_changes_nothing() {
    let app = TestApp::new().await;
    let guesser = Guesser::new(&app).await;
    let mut looked_at = 0;
    for n in 0..100 {
        let forged = format!("203.0.113.{n}");
        let visitor =
            guesser.visitor.clone().with_header("x-forwarded-for", &forged).with_header("x-real-ip", &forged);
        let guesser = Guesser {
            visitor: visitor.with_header("forwarded", &format!("for={forged}")),
            token: guesser.token.clone(),
        };
        looked_at += usize::from(guesser.guess("198.51.100.7", "olga@acme.test").await);
    }
    assert_eq!(looked_at, 5);
    assert!(guesser.guess("198.51.100.8", "olga@acme.test").await, "another address is another's");
}

#[tokio::test]
async fn of_a_crowd_that_guesses_at_once_no_more_get_through() {
    let app = TestApp::new().await;
    let guesser = Guesser::new(&app).await;

    let guesses = (0..60).map(|_| guesser.guess("198.51.100.7", "olga@acme.test"));
    let looked_at = futures_util::future::join_all(guesses).await;

    assert_eq!(looked_at.into_iter().filter(|looked_at| *looked_at).count(), 5);
}

#[tokio::test]
async fn whoever_types_their_password_right_is_never_slowed() {
    let app = TestApp::new().await;
    for _ in 0..60 {
        enter(&app, "olga@acme.test").await;
    }
}

#[tokio::test]
async fn a_device_of_ones_own_is_nobody_elses_key_and_has_limits_too() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let mark = olga.cookie("__Host-gw-device").expect("a mark").to_owned();
    olga.post("/sign-out", "").await;
    let guesser = Guesser::new(&app).await;
    for n in 0..60 {
        guesser.guess(&format!("198.51.100.{n}"), "ian@initech.test").await;
    }

    let mut stranger = guesser.visitor.clone();
    stranger.set_cookie("__Host-gw-device", &mark);
    assert_eq!(
        try_password(&mut stranger, "ian@initech.test", PASSWORD).await.status,
        429,
        "a mark is one person's"
    );
    let marked = Guesser { visitor: stranger, token: guesser.token };
    let mut looked_at = 0;
    for n in 0..200 {
        looked_at += usize::from(marked.guess(&format!("192.0.2.{n}"), "olga@acme.test").await);
    }
    assert_eq!(looked_at, 50, "a stolen mark guesses no more than strangers do");
    assert_eq!(try_password(&mut app.visitor(), "olga@acme.test", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_person_gets_three_reset_mails_an_hour_and_nobody_is_told_of_the_fourth() {
    let app = TestApp::new().await;
    for n in 0..360 {
        let mut browser = app.visitor().at_address(&format!("10.{}.{}.1", n / 100, n % 100));
        let reply = browser.submit("/forgot", "/forgot", "email=olga%40acme.test").await;
        assert!(reply.status == 200 && reply.text().contains("is on its way"));
        app.app.clock.advance(TimeDelta::seconds(10));
    }
    assert!((2..=3).contains(&mailed(&app).await.len()), "{:?}", mailed(&app).await);
}

#[tokio::test]
async fn one_address_asks_for_ten_mails_an_hour_at_most() {
    for (path, form) in [("/forgot", "email="), ("/sign-up", "name=N&workspace=W&email=")] {
        let app = TestApp::new().await;
        let (mut visitor, mut times) = (app.visitor(), Vec::new());
        for n in 0..240 {
            let reply = visitor.submit(path, path, &format!("{form}person{n}%40acme.test")).await;
            match reply.status.as_u16() {
                200 => times.push(n * 30),
                429 => assert!(!reply.header("retry-after").is_empty()),
                other => panic!("{other}"),
            }
            app.app.clock.advance(TimeDelta::seconds(30));
        }
        assert!(most_within(&times, 3600) <= 10 && times.len() >= 10, "{path}: {times:?}");
    }
}

#[tokio::test]
async fn codes_are_guessed_five_times_in_five_minutes_at_most_from_wherever() {
    let app = TestApp::new().await;
    let factor = turn_on_two_factor(&app, &mut enter(&app, "olga@acme.test").await).await;
    let mut times = Vec::new();
    for second in (0..900).step_by(10) {
        let mut thief = app.visitor().at_address(&format!("10.0.{}.{}", second / 250, second % 250));
        try_password(&mut thief, "olga@acme.test", PASSWORD).await;
        let guess = if second % 20 == 0 { "000000".to_owned() } else { "aaaa-aaaa-aaaa-aaaa".to_owned() };
        match thief.submit("/sign-in/code", "/sign-in/code", &format!("code={guess}")).await.status.as_u16() {
            422 => times.push(second),
            429 => {}
            other => panic!("{other}"),
        }
        assert!(!is_in(&thief).await);
        app.app.clock.advance(TimeDelta::seconds(10));
    }
    assert!(most_within(&times, 300) <= 5 && times.len() >= 5, "{times:?}");
    assert_eq!(factor.recovery.len(), 10);
}

#[tokio::test]
async fn guesses_at_the_password_from_within_are_limited_too() {
    let app = TestApp::new().await;
    let mut thief = app.sign_in("olga@acme.test").await;
    let mut looked_at = 0;
    for n in 0..200 {
        thief = thief.at_address(&format!("198.51.100.{n}"));
        let reply = thief
            .submit("/account/security", "/account/security/password", "current_password=wrong&password=x")
            .await;
        looked_at += usize::from(reply.status == 422);
    }
    assert_eq!(looked_at, 50);
}
