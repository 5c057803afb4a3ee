//! Changing password and address.

use super::{ANOTHER, PASSWORD, enter, is_in, letter, link, mailed, try_password, turn_on_two_factor};
use crate::support::{Browser, Reply, TestApp};

async fn change(browser: &mut Browser, what: &str, form: &str) -> Reply {
    browser.submit("/account/security", &format!("/account/security/{what}"), form).await
}

#[tokio::test]
async fn nothing_about_signing_in_changes_without_the_present_password() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    turn_on_two_factor(&app, &mut olga).await;
    let state = "select md5(string_agg(u::text, '')) from users u";
    let (before, letters) = (app.stored::<String>(state).await, mailed(&app).await.len());

    for wrong in [
        "",
        "wrong",
        "Correct+horse+battery+staple",
        "correct+horse+battery+staple+",
        "correct+horse+battery+stapl",
    ] {
        for (what, form) in [
            ("password", format!("current_password={wrong}&password={ANOTHER}")),
            ("email", format!("new_email=olga%40new.example&email_password={wrong}")),
            ("two-factor/codes", format!("two_factor_password={wrong}")),
            ("two-factor/delete", format!("two_factor_password={wrong}")),
        ] {
            let refused = change(&mut olga, what, &form).await;
            assert!(
                refused.status == 422 && refused.text().contains("That is not your"),
                "{what}: {}",
                refused.text()
            );
            sqlx::query("delete from throttles").execute(&app.owner).await.unwrap();
        }
    }
    assert_eq!((app.stored::<String>(state).await, mailed(&app).await.len()), (before, letters));
}

#[tokio::test]
async fn nothing_about_signing_in_changes_without_the_token_of_the_page() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let link = {
        change(&mut olga, "email", &format!("new_email=olga%40new.example&email_password={PASSWORD}")).await;
        link(&app, "olga@new.example").await
    };
    for (path, form) in [
        ("/account/security/password", format!("current_password={PASSWORD}&password={ANOTHER}")),
        ("/account/security/email", format!("new_email=olga%40x.example&email_password={PASSWORD}")),
        (link.as_str(), String::new()),
        ("/account/security/two-factor", format!("two_factor_password={PASSWORD}")),
        ("/account/security/two-factor/codes", format!("two_factor_password={PASSWORD}")),
        ("/account/security/two-factor/delete", format!("two_factor_password={PASSWORD}")),
        ("/sign-in", String::new()),
        ("/sign-in/code", String::new()),
        ("/sign-up", String::new()),
        ("/sign-up/x", String::new()),
        ("/forgot", String::new()),
        ("/reset/x", String::new()),
    ] {
        assert_eq!(olga.post(path, &form).await.status, 403, "{path}");
        assert_eq!(
            app.visitor().with_header("sec-fetch-site", "same-site").post(path, &form).await.status,
            403,
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_password_changes_and_the_person_is_told() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;

    change(&mut olga, "password", &format!("current_password={PASSWORD}&password={ANOTHER}")).await;

    let page = olga.get("/account/security").await;
    assert!(page.text().contains("Your password is changed. Every other device is signed out."));
    assert_eq!(try_password(&mut app.visitor(), "olga@acme.test", PASSWORD).await.status, 422);
    assert_eq!(try_password(&mut app.visitor(), "olga@acme.test", ANOTHER).await.status, 303);
    assert!(
        letter(&app, "olga@acme.test").await["text"].as_str().unwrap().contains("your password was changed")
    );
}

#[tokio::test]
async fn a_new_password_must_be_good_and_is_never_echoed() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;

    for poor in ["short", "olga.owner.2026", "olga@acme.test", "password1234"] {
        let again =
            change(&mut olga, "password", &format!("current_password={PASSWORD}&password={poor}")).await;
        assert!(
            again.status == 422 && again.body.contains("id=\"password-error\""),
            "{poor}: {}",
            again.text()
        );
        assert!(!again.body.contains(&format!("value=\"{poor}\"")) && !again.body.contains("battery"));
    }
    assert!(is_in(&olga).await);
}

#[tokio::test]
async fn the_address_changes_when_the_link_sent_there_is_confirmed() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    change(&mut olga, "email", &format!("new_email=Olga%40New.example&email_password={PASSWORD}")).await;
    assert!(olga.get("/account/security").await.text().contains("We sent a link to olga@new.example."));
    assert_eq!(mailed(&app).await, ["olga@new.example change_email", "olga@acme.test address_changing"]);
    let link = link(&app, "olga@new.example").await;
    assert!(olga.get(&link).await.text().contains("Use this address from now on?"));
    assert_eq!(try_password(&mut app.visitor(), "olga@new.example", PASSWORD).await.status, 422, "not yet");

    olga.submit(&link, &link, "").await;

    assert!(olga.get("/account/security").await.text().contains("You sign in with olga@new.example"));
    assert_eq!(olga.get(&link).await.status, 410);
    assert_eq!(try_password(&mut app.visitor(), "olga@acme.test", PASSWORD).await.status, 422);
    assert_eq!(try_password(&mut app.visitor(), "olga@new.example", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn an_address_that_somebody_has_is_not_given_away_nor_told_of() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;

    let reply =
        change(&mut olga, "email", &format!("new_email=ian%40initech.test&email_password={PASSWORD}")).await;

    assert_eq!(reply.status, 303);
    assert!(olga.get("/account/security").await.text().contains("We sent a link to ian@initech.test."));
    assert_eq!(mailed(&app).await, ["olga@acme.test address_changing"]);
}

#[tokio::test]
async fn of_two_who_want_the_same_address_the_first_gets_it() {
    let app = TestApp::new().await;
    let (mut olga, mut ian) = (enter(&app, "olga@acme.test").await, enter(&app, "ian@initech.test").await);
    change(&mut olga, "email", &format!("new_email=best%40new.example&email_password={PASSWORD}")).await;
    let olgas = link(&app, "best@new.example").await;
    change(&mut ian, "email", &format!("new_email=best%40new.example&email_password={PASSWORD}")).await;
    let ians = link(&app, "best@new.example").await;

    assert_eq!(olga.get(&ians).await.status, 410, "a link is its owner's");
    assert_eq!(ian.submit(&ians, &ians, "").await.status, 303);
    assert_eq!(olga.submit(&olgas, &olgas, "").await.status, 410);
    assert_eq!(app.stored::<i64>("select count(*) from users where email = 'best@new.example'").await, 1);
}

#[tokio::test]
async fn whoever_proves_an_address_while_another_takes_it_is_told_so() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    change(&mut olga, "email", &format!("new_email=best%40new.example&email_password={PASSWORD}")).await;
    let link = link(&app, "best@new.example").await;
    let mut taking = groundswell::db::Db::new(app.owner.clone()).begin().await.unwrap();
    let take = "update users set email = 'best@new.example' where email = 'ian@initech.test'";
    sqlx::query(take).execute(&mut *taking).await.unwrap();

    let proving = tokio::spawn(async move { olga.submit(&link, &link, "").await });
    let waits = "select exists (select 1 from pg_stat_activity
                                 where datname = current_database() and wait_event_type = 'Lock')";
    while !app.stored::<bool>(waits).await {
        tokio::task::yield_now().await;
    }
    taking.commit().await.unwrap();

    assert_eq!(proving.await.unwrap().status, 410);
}

#[tokio::test]
async fn an_address_form_with_mistakes_comes_back_as_typed() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;

    for typed in ["rubbish", "", "olga%40acme.test"] {
        let again = change(&mut olga, "email", &format!("new_email={typed}&email_password={PASSWORD}")).await;
        assert!(
            again.status == 422
                && again.text().contains("Type an e-mail address that is not the one you have.")
        );
        assert_eq!(again.field("new_email"), typed.replace("%40", "@"));
    }
}
