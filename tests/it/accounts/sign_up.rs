//! Signing up.

use chrono::TimeDelta;

use super::{ANOTHER, enter, is_in, letter, link, mailed, try_password};
use crate::support::{Browser, Reply, TestApp};

const NORA: &str = "name=Nora+North&email=Nora%40Northwind.example&workspace=Northwind";

async fn ask(browser: &mut Browser, form: &str) -> Reply {
    browser.submit("/sign-up", "/sign-up", form).await
}

#[tokio::test]
async fn the_link_in_the_mail_leads_to_a_password_and_to_a_workspace_of_ones_own() {
    let app = TestApp::new().await.leaves_jobs();
    let mut nora = app.visitor();
    assert!(ask(&mut nora, NORA).await.text().contains("Check your mail"));
    let link = link(&app, "nora@northwind.example").await;
    let page = nora.get(&link).await;
    assert!(
        page.text().contains("For nora@northwind.example , and the workspace Northwind"),
        "{}",
        page.text()
    );

    let led = nora.submit(&link, &link, &format!("password={ANOTHER}")).await;

    assert_eq!((led.status.as_u16(), led.header("location")), (303, "/w/northwind"));
    let home = nora.get("/w/northwind").await;
    assert!(home.text().contains("Northwind") && home.text().contains("Welcome. This is your workspace."));
    assert!(nora.get("/account").await.body.contains("value=\"Nora North\""));
}

#[tokio::test]
async fn there_is_no_account_before_the_link_was_opened_and_its_page_alone_changes_nothing() {
    let app = TestApp::new().await;
    ask(&mut app.visitor(), NORA).await;
    let link = link(&app, "nora@northwind.example").await;

    for _ in 0..3 {
        assert_eq!(app.visitor().get(&link).await.status, 200, "mail scanners open links");
    }

    assert_eq!(app.stored::<i64>("select count(*) from users where email like 'nora%'").await, 0);
    assert_eq!(app.stored::<i64>("select count(*) from organizations where name = 'Northwind'").await, 0);
}

#[tokio::test]
async fn the_link_is_good_once_and_for_a_day() {
    let app = TestApp::new().await.leaves_jobs();
    let mut nora = app.visitor();
    ask(&mut nora, NORA).await;
    let first = link(&app, "nora@northwind.example").await;
    app.app.clock.advance(TimeDelta::hours(24));
    assert_eq!(nora.get(&first).await.status, 410);
    ask(&mut nora, NORA).await;
    let second = link(&app, "nora@northwind.example").await;
    let token = nora.get(&second).await.field("_csrf");
    let form = format!("password={ANOTHER}&_csrf={token}");

    assert_eq!(nora.clone().post(&first, &form).await.status, 410);
    assert_eq!(nora.clone().post(&second, &form).await.status, 303);
    assert_eq!(nora.clone().post(&second, &form).await.status, 410);
    assert_eq!(nora.get(&second).await.status, 410);
    assert_eq!(nora.get("/sign-up/made-up").await.status, 410);
    assert_eq!(app.stored::<i64>("select count(*) from organizations where name = 'Northwind'").await, 1);
}

#[tokio::test]
async fn of_many_who_use_the_link_at_once_one_gets_in() {
    let app = TestApp::new().await.leaves_jobs();
    let mut nora = app.visitor();
    ask(&mut nora, NORA).await;
    let link = link(&app, "nora@northwind.example").await;
    let form = format!("password={ANOTHER}&_csrf={}", nora.get(&link).await.field("_csrf"));

    let mut browsers = vec![nora; 8];
    let replies =
        futures_util::future::join_all(browsers.iter_mut().map(|nora| nora.post(&link, &form))).await;

    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410, 410, 410, 410, 410, 410, 410]);
}

#[tokio::test]
async fn the_answer_does_not_tell_whether_the_address_has_an_account() {
    let app = TestApp::new().await;
    let mut answers = Vec::new();
    for email in ["olga@acme.test", "nora@northwind.example"] {
        let sent = ask(&mut app.visitor(), &format!("name=N&workspace=W&email={email}")).await;
        let mut headers = sent.headers.clone();
        headers.remove("x-request-id");
        headers.remove("content-length");
        answers.push((sent.status, headers, sent.body.replace(email, "address")));
    }

    assert_eq!(answers[0], answers[1]);
    assert_eq!(mailed(&app).await, ["olga@acme.test already_signed_up", "nora@northwind.example sign_up"]);
    assert_eq!(letter(&app, "olga@acme.test").await["links"][0], "https://app.groundswell.test/sign-in");
}

#[tokio::test]
async fn whoever_signs_up_with_anothers_address_prepares_nothing_for_them() {
    let app = TestApp::new().await.leaves_jobs();
    let mut attacker = app.visitor();
    ask(&mut attacker, NORA).await;
    assert_eq!(try_password(&mut attacker, "nora@northwind.example", ANOTHER).await.status, 422);
    let planted = link(&app, "nora@northwind.example").await;

    let mut nora = app.visitor();
    ask(&mut nora, &NORA.replace("workspace=Northwind", "workspace=Mine")).await;
    let mine = link(&app, "nora@northwind.example").await;
    assert_eq!(nora.submit(&mine, &mine, "password=nine+dry+boots+by+the+door").await.status, 303);

    // The attacker's link, had it been seen, makes nobody and lets nobody in.
    let token = attacker.get("/sign-in").await.field("_csrf");
    assert_eq!(attacker.post(&planted, &format!("password={ANOTHER}&_csrf={token}")).await.status, 410);
    assert_eq!(try_password(&mut attacker, "nora@northwind.example", ANOTHER).await.status, 422);
    assert!(!is_in(&attacker).await && is_in(&nora).await);
}

#[tokio::test]
async fn a_form_with_mistakes_comes_back_as_typed() {
    let app = TestApp::new().await;

    let again = ask(&mut app.visitor(), "name=&email=nora%40&workspace=%3CNorth%3E").await;
    assert_eq!(again.status, 422);
    for told in [
        "2 things need a second look",
        "Please tell us your name",
        "That does not look like an e-mail address",
    ] {
        assert!(again.text().contains(told), "{told}: {}", again.text());
    }
    assert_eq!(
        (again.field("email").as_str(), again.field("workspace").as_str()),
        ("nora@", "&#60;North&#62;")
    );
    let unstorable = ask(&mut app.visitor(), "name=No%00ra&email=n%40n.example&workspace=%1B%5B2J").await;
    assert!(unstorable.status == 422 && unstorable.body.matches("letters, digits and signs").count() >= 2);
    assert!(mailed(&app).await.is_empty());
}

#[tokio::test]
async fn a_poor_password_is_refused_with_a_reason_and_the_link_stays_good() {
    let app = TestApp::new().await.leaves_jobs();
    let mut nora = app.visitor();
    ask(&mut nora, NORA).await;
    let link = link(&app, "nora@northwind.example").await;

    for (poor, told) in [
        ("short", "at least 10 characters"),
        ("northwind1", "what others know of you"),
        ("nora.north", "what others know of you"),
    ] {
        let again = nora.submit(&link, &link, &format!("password={poor}")).await;
        assert!(again.status == 422 && again.text().contains(told), "{poor}: {}", again.text());
        assert!(!again.body.contains(&format!("value=\"{poor}\"")));
    }
    assert_eq!(nora.submit(&link, &link, &format!("password={ANOTHER}")).await.status, 303);
}

#[tokio::test]
async fn nobody_can_have_us_mail_what_they_like_to_others() {
    let app = TestApp::new().await;

    ask(
        &mut app.visitor(),
        "name=https%3A%2F%2Fevil.example%2Fprize&email=nora%40northwind.example&workspace=evil.example",
    )
    .await;

    let letter = letter(&app, "nora@northwind.example").await.to_string();
    assert!(letter.contains("Hello,") && !letter.contains("evil"), "{letter}");
}

#[tokio::test]
async fn where_sign_up_is_closed_its_page_says_so() {
    let app = TestApp::with(&["--sign-up", "closed"]).await;
    let mut nora = app.visitor();
    let token = nora.get("/sign-in").await.field("_csrf");

    let page = nora.get("/sign-up").await;
    assert!(page.status == 404 && page.text().contains("Sign-up is closed"));
    assert_eq!(nora.post("/sign-up", &format!("{NORA}&_csrf={token}")).await.status, 404);
    assert!(!nora.get("/sign-in").await.body.contains("/sign-up"));
    assert!(mailed(&app).await.is_empty());
    enter(&app, "olga@acme.test").await;
}
