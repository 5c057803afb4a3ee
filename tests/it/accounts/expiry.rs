//! When sessions end by themselves.

use chrono::TimeDelta;
use groundswell::accounts::{
    expiry,
    session_store::{ABSOLUTE, IDLE},
};

use super::{enter, is_in};
use crate::support::TestApp;

const MINUTE: TimeDelta = TimeDelta::minutes(1);

#[tokio::test]
async fn a_session_ends_two_weeks_after_it_was_last_used() {
    let app = TestApp::new().await;
    let olga = enter(&app, "olga@acme.test").await;
    for used_after in [MINUTE * 4, TimeDelta::days(3), MINUTE, TimeDelta::seconds(50), IDLE - MINUTE * 2] {
        app.app.clock.advance(used_after);
        assert!(is_in(&olga).await, "{used_after}");
    }
    app.app.clock.advance(IDLE - MINUTE);
    let early = app.sign_in("mia@acme.test").await;
    assert!(is_in(&olga).await);

    app.app.clock.advance(IDLE + MINUTE);
    assert!(!is_in(&olga).await && !is_in(&early).await);
}

#[tokio::test]
async fn a_session_ends_after_ninety_days_however_busy() {
    let app = TestApp::new().await;
    let olga = enter(&app, "olga@acme.test").await;
    let began = app.app.clock.now();
    while app.app.clock.now() + TimeDelta::days(10) < began + ABSOLUTE {
        app.app.clock.advance(TimeDelta::days(10));
        assert!(is_in(&olga).await);
    }

    app.app.clock.advance(began + ABSOLUTE - app.app.clock.now() - MINUTE);
    assert!(is_in(&olga).await);
    app.app.clock.advance(MINUTE * 2);
    assert!(!is_in(&olga).await);
}

#[tokio::test]
async fn a_clock_set_back_neither_ends_a_session_nor_brings_one_back() {
    let app = TestApp::new().await;
    let (used, unused) = (enter(&app, "olga@acme.test").await, enter(&app, "mia@acme.test").await);
    app.app.clock.advance(TimeDelta::days(10));
    assert!(is_in(&used).await);
    app.app.clock.advance(TimeDelta::days(-1));
    assert!(is_in(&used).await);

    app.app.clock.advance(TimeDelta::days(5) + MINUTE);
    assert!(is_in(&used).await && !is_in(&unused).await);
    app.app.clock.advance(TimeDelta::days(-1));
    assert!(is_in(&used).await && !is_in(&unused).await, "what was over stays over");
    app.app.clock.advance(TimeDelta::days(-14));
    assert!(!is_in(&unused).await);
}

#[tokio::test]
async fn what_has_expired_is_swept_out_and_nothing_else() {
    let app = TestApp::new().await;
    enter(&app, "olga@acme.test").await;
    let mut visitor = app.visitor();
    visitor.submit("/forgot", "/forgot", "email=olga%40acme.test").await;
    app.app.clock.advance(TimeDelta::days(8));
    let mia = enter(&app, "mia@acme.test").await;
    visitor.submit("/forgot", "/forgot", "email=mia%40acme.test").await;
    app.app.clock.advance(TimeDelta::days(7));

    expiry::sweep(&app.app).await.expect("swept");

    assert!(is_in(&mia).await);
    let left = "select (select count(*) from web_sessions) + 10 * (select count(*) from mailed_links) + 100 * (select count(*) from throttles)";
    assert_eq!(app.stored::<i64>(left).await, 11);
}
