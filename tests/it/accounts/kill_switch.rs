//! Whatever changes how somebody signs in ends every session they have, at once.

use groundswell::accounts::session_store;

use super::{
    ANOTHER, PASSWORD, code, enter, is_in, link, session_hash, stored_sessions, try_password,
    turn_on_two_factor,
};
use crate::support::{Browser, TestApp};

/// Does `change` in one browser while Olga is signed in with another, has a page open there, half a sign-in
/// going on and an unused reset link; then none of these is good for anything.
async fn ends_everything(app: &TestApp, olga: &mut Browser, change: impl AsyncFnOnce(&mut Browser)) {
    let elsewhere = app.sign_in("olga@acme.test").await;
    let open_page = elsewhere.cookie("__Host-gw").unwrap().parse().unwrap();
    let mut forgetful = app.visitor().at_address("198.51.100.1");
    forgetful.submit("/forgot", "/forgot", "email=olga%40acme.test").await;
    let reset = link(app, "olga@acme.test").await;
    let lives = async || session_store::is_alive(&app.app.db, &open_page, app.app.clock.now()).await.unwrap();
    assert!(is_in(&elsewhere).await && lives().await && forgetful.get(&reset).await.status == 200);
    let hash = session_hash(app, &elsewhere);

    change(olga).await;

    assert!(!lives().await, "a page that stays open is told to leave");
    assert!(!is_in(&elsewhere).await, "the next request is a stranger's");
    assert_eq!(stored_sessions(app, &hash).await, 0);
    assert_eq!(forgetful.get(&reset).await.status, 410, "a link that was sent is worthless");
}

#[tokio::test]
async fn a_change_of_password_ends_everything() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    ends_everything(&app, &mut olga, async |olga| {
        let form = format!("current_password={PASSWORD}&password={ANOTHER}");
        assert_eq!(olga.submit("/account/security", "/account/security/password", &form).await.status, 303);
    })
    .await;
    assert!(is_in(&olga).await, "the browser that changed it stays in");
}

#[tokio::test]
async fn a_reset_ends_everything() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    ends_everything(&app, &mut olga, async |olga| {
        let link = link(&app, "olga@acme.test").await;
        assert_eq!(olga.submit(&link, &link, &format!("password={ANOTHER}")).await.status, 303);
    })
    .await;
    assert!(!is_in(&olga).await, "signing in with the new password is a step of its own");
}

#[tokio::test]
async fn turning_the_second_factor_on_and_off_ends_everything() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    ends_everything(&app, &mut olga, async |olga| {
        turn_on_two_factor(&app, olga).await;
    })
    .await;
    assert!(is_in(&olga).await);

    app.app.clock.advance(chrono::TimeDelta::hours(1));
    ends_everything(&app, &mut olga, async |olga| {
        let form = format!("two_factor_password={PASSWORD}");
        olga.submit("/account/security", "/account/security/two-factor/delete", &form).await;
    })
    .await;
    assert!(is_in(&olga).await);
}

#[tokio::test]
async fn a_change_of_address_ends_everything() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let form = format!("new_email=olga%40new.example&email_password={PASSWORD}");
    olga.submit("/account/security", "/account/security/email", &form).await;
    ends_everything(&app, &mut olga, async |olga| {
        let link = link(&app, "olga@new.example").await;
        assert_eq!(olga.submit(&link, &link, "").await.status, 303);
    })
    .await;
    assert!(is_in(&olga).await);
}

#[tokio::test]
async fn somebody_disabled_or_removed_is_out_with_their_next_request() {
    for end in
        ["update users set disabled_at = now()", "delete from organization_members", "delete from users"]
    {
        let app = TestApp::new().await;
        let olga = enter(&app, "olga@acme.test").await;
        let id = olga.cookie("__Host-gw").unwrap().parse().unwrap();
        let is_removed = end.starts_with("delete from organization_members");
        if end == "delete from users" {
            sqlx::raw_sql("delete from saved_views; delete from organization_members")
                .execute(&app.owner)
                .await
                .unwrap();
        }

        sqlx::query(end).execute(&app.owner).await.unwrap();

        assert_eq!(is_in(&olga).await, is_removed, "{end}");
        assert_eq!(olga.clone().get("/w/acme").await.status, if is_removed { 404 } else { 303 }, "{end}");
        let lives = session_store::is_alive(&app.app.db, &id, app.app.clock.now()).await.unwrap();
        assert_eq!(lives, is_removed, "{end}");
    }
}

#[tokio::test]
async fn signing_out_everywhere_else_ends_all_but_this_one() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let (phone, tablet) = (app.sign_in("olga@acme.test").await, app.sign_in("olga@acme.test").await);
    let ian = app.sign_in("ian@initech.test").await;

    olga.post("/account/sessions/others/delete", "").await;

    assert!(olga.get("/account/sessions").await.text().contains("2 other devices are signed out."));
    assert!(is_in(&olga).await && !is_in(&phone).await && !is_in(&tablet).await && is_in(&ian).await);
}

#[tokio::test]
async fn half_a_sign_in_does_not_outlive_a_change_of_password() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let factor = turn_on_two_factor(&app, &mut olga).await;
    let mut thief = app.visitor();
    try_password(&mut thief, "olga@acme.test", PASSWORD).await;
    let token = thief.get("/sign-in/code").await.field("_csrf");
    let form = format!("current_password={PASSWORD}&password={ANOTHER}");
    olga.submit("/account/security", "/account/security/password", &form).await;

    let code = code(&app, &factor.secret, 1);
    let reply = thief.post("/sign-in/code", &format!("code={code}&_csrf={token}")).await;

    assert_eq!(reply.header("location"), "/sign-in");
    assert!(!is_in(&thief).await);
}
