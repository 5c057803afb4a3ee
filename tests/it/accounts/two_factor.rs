//! The second factor: codes of an authenticator, and recovery codes.

use chrono::TimeDelta;

use super::{Factor, PASSWORD, code, enter, is_in, letter, recovery_codes, try_password, turn_on_two_factor};
use crate::support::{Browser, Reply, TestApp};

/// Olga with a second factor, signed out again.
async fn with_factor(app: &TestApp) -> Factor {
    let mut olga = enter(app, "olga@acme.test").await;
    let factor = turn_on_two_factor(app, &mut olga).await;
    app.app.clock.advance(TimeDelta::seconds(90));
    factor
}

async fn half_way(app: &TestApp) -> Browser {
    let mut olga = app.visitor();
    let form = format!("email=olga%40acme.test&password={PASSWORD}&next=%2Fw%2Facme%2Fpeople");
    assert_eq!(olga.submit("/sign-in", "/sign-in", &form).await.header("location"), "/sign-in/code");
    olga
}

async fn answer(browser: &mut Browser, code: &str) -> Reply {
    browser.submit("/sign-in/code", "/sign-in/code", &format!("code={code}")).await
}

#[tokio::test]
async fn a_password_alone_is_half_of_it_and_the_code_the_other() {
    let app = TestApp::new().await;
    let factor = with_factor(&app).await;
    let mut olga = half_way(&app).await;
    assert!(!is_in(&olga).await);

    let wrong = answer(&mut olga, "000000").await;
    assert!(wrong.status == 422 && wrong.text().contains("That code does not fit."));
    let spaced = code(&app, &factor.secret, 0);
    let reply = answer(&mut olga, &format!("{}+{}", &spaced[..3], &spaced[3..])).await;

    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/w/acme/people"));
    assert!(is_in(&olga).await);
}

#[tokio::test]
async fn a_code_is_taken_from_half_a_minute_early_to_half_a_minute_late_and_never_twice() {
    let app = TestApp::new().await;
    let factor = with_factor(&app).await;
    for (steps, status) in [
        (-2, 422),
        (-1, 303),
        (-1, 422),
        (0, 303),
        (0, 422),
        (-1, 422),
        (2, 422),
        (1, 303),
        (1, 422),
        (0, 422),
    ] {
        let reply = answer(&mut half_way(&app).await, &code(&app, &factor.secret, steps)).await;
        assert_eq!(reply.status, status, "{steps}");
        sqlx::query("delete from throttles").execute(&app.owner).await.unwrap();
    }
}

#[tokio::test]
async fn of_two_who_send_the_same_code_at_once_one_gets_in() {
    let app = TestApp::new().await;
    let factor = with_factor(&app).await;
    let (mut desk, mut thief) = (half_way(&app).await, half_way(&app).await);
    let code = code(&app, &factor.secret, 0);

    let (one, other) = tokio::join!(answer(&mut desk, &code), answer(&mut thief, &code));

    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
}

#[tokio::test]
async fn a_recovery_code_lets_in_once_however_it_is_typed() {
    let app = TestApp::new().await;
    let factor = with_factor(&app).await;
    let typed = factor.recovery[3].replace('-', "+").to_uppercase();

    assert_eq!(answer(&mut half_way(&app).await, &typed).await.status, 303);
    assert_eq!(answer(&mut half_way(&app).await, &typed).await.status, 422);
    let mut olga = half_way(&app).await;
    assert_eq!(answer(&mut olga, &factor.recovery[4]).await.status, 303);
    assert!(olga.get("/account/security").await.text().contains("8 recovery codes are left"));
}

#[tokio::test]
async fn the_code_may_take_five_minutes() {
    let app = TestApp::new().await;
    let factor = with_factor(&app).await;
    let mut olga = half_way(&app).await;
    app.app.clock.advance(TimeDelta::minutes(5));
    assert_eq!(olga.get("/sign-in/code").await.status, 200);
    let token = olga.get("/sign-in/code").await.field("_csrf");
    app.app.clock.advance(TimeDelta::seconds(1));

    let form = format!("code={}&_csrf={token}", code(&app, &factor.secret, 0));
    assert_eq!(olga.post("/sign-in/code", &form).await.header("location"), "/sign-in");
    assert!(!is_in(&olga).await);
    assert_eq!(app.visitor().get("/sign-in/code").await.header("location"), "/sign-in");
}

#[tokio::test]
async fn turning_it_on_takes_a_code_and_the_password_and_shows_the_same_secret_again() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let page = olga.get("/account/security/two-factor").await;
    assert!(page.body.contains("<svg") && !page.body.contains("<?xml"), "a picture to scan");
    let (secret, token) = (page.field("secret"), page.field("_csrf"));
    let right = code(&app, &secret, 0);

    for (code, password, told) in [
        ("000000", PASSWORD, "That code does not fit"),
        (right.as_str(), "wrong", "That is not your password"),
    ] {
        let form = format!("secret={secret}&code={code}&two_factor_password={password}&_csrf={token}");
        let again = olga.post("/account/security/two-factor", &form).await;
        assert!(again.status == 422 && again.text().contains(told), "{}", again.text());
        assert_eq!(again.field("secret"), secret);
    }
    for secret in ["", "AAAA", "nonsense!", "%00"] {
        let form = format!("secret={secret}&code={right}&two_factor_password={PASSWORD}&_csrf={token}");
        assert_eq!(olga.post("/account/security/two-factor", &form).await.status, 403, "{secret}");
    }
    assert_eq!(try_password(&mut app.visitor(), "olga@acme.test", PASSWORD).await.header("location"), "/");
}

#[tokio::test]
async fn the_secret_is_sealed_and_recovery_codes_are_kept_as_hashes() {
    let app = TestApp::new().await;
    let factor = with_factor(&app).await;
    let secret = data_encoding::BASE32_NOPAD.decode(factor.secret.as_bytes()).unwrap();

    let sealed: Vec<u8> = app.stored("select totp_secret from users where totp_secret is not null").await;
    assert!(!sealed.windows(secret.len()).any(|window| window == secret));
    let kept: String = app.stored("select string_agg(recovery_codes::text, ' ') from recovery_codes").await;
    assert!(
        factor.recovery.iter().all(|code| !kept.contains(code) && !kept.contains(&code.replace('-', "")))
    );
    assert_eq!(factor.recovery.len(), 10);

    sqlx::query("update users set totp_enabled_at = now(), totp_secret = $1 where email = 'mia@acme.test'")
        .bind(&sealed)
        .execute(&app.owner)
        .await
        .unwrap();
    let mut mia = app.visitor();
    try_password(&mut mia, "mia@acme.test", PASSWORD).await;
    let stolen = answer(&mut mia, &code(&app, &factor.secret, 0)).await;
    assert!(stolen.status.is_server_error() && !is_in(&mia).await, "a secret opens for its owner alone");
}

#[tokio::test]
async fn new_recovery_codes_replace_the_old_and_turning_it_off_ends_them() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let factor = turn_on_two_factor(&app, &mut olga).await;
    let security = "/account/security";
    let renew = format!("two_factor_password={PASSWORD}");

    let page = olga.submit(security, "/account/security/two-factor/codes", &renew).await;
    let fresh = recovery_codes(&page);
    assert!(fresh.len() == 10 && fresh.iter().all(|code| !factor.recovery.contains(code)));
    assert_eq!(answer(&mut half_way(&app).await, &factor.recovery[0]).await.status, 422);
    assert_eq!(answer(&mut half_way(&app).await, &fresh[0]).await.status, 303);

    olga.submit(security, "/account/security/two-factor/delete", &renew).await;
    assert_eq!(app.stored::<i64>("select count(*) from recovery_codes").await, 0);
    assert_eq!(try_password(&mut app.visitor(), "olga@acme.test", PASSWORD).await.header("location"), "/");
    assert!(letter(&app, "olga@acme.test").await["text"].as_str().unwrap().contains("was turned off"));
    let without = olga.submit(security, "/account/security/two-factor/codes", &renew).await;
    assert_eq!(
        (without.header("location"), app.stored::<i64>("select count(*) from recovery_codes").await),
        (security, 0)
    );
}
