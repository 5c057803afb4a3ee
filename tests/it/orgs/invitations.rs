//! Asking people in: by mail, to one address, once, for a week.

use groundswell::crypto::Token;

use crate::{
    accounts::link,
    support::{Browser, Reply, TestApp},
};

const INVITE: &str = "/w/acme/people/invite";
const OPEN: &str = "/w/acme/people/invitations";
const OWNER: &str = "00000000-0000-7000-8000-0000000aa001";
const MARKETER: &str = "00000000-0000-7000-8000-0000000aa002";
const VIEWER: &str = "00000000-0000-7000-8000-0000000aa003";
const PASSWORD: &str = "orchid-lantern-tugboat";

/// Olga invites `email` as this role; gives the link's path.
async fn invited(app: &TestApp, email: &str, role: &str) -> String {
    let mut olga = app.sign_in("olga@acme.test").await;
    let sent = olga.post(INVITE, &format!("emails={email}&role={role}")).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    link(app, email).await
}

/// Sends the form behind the link, whether its page shows one or not.
async fn accept(app: &TestApp, browser: &mut Browser, link: &str, form: &str) -> Reply {
    let token = app.form_token(browser);
    browser.post(link, &format!("{form}&_csrf={token}")).await
}

#[tokio::test]
async fn several_are_invited_at_once_and_each_gets_a_mail_of_their_own() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    let sent = olga.post(INVITE, &format!("emails=nan%40new.test%0AJo%40new.test&role={VIEWER}")).await;

    assert_eq!(sent.header("location"), OPEN);
    let list = olga.get(OPEN).await.text();
    for said in ["Invited 2 people", "nan@new.test", "jo@new.test", "Viewer", "Olga Owner"] {
        assert!(list.contains(said), "{said}: {list}");
    }
    assert_ne!(link(&app, "nan@new.test").await, link(&app, "jo@new.test").await);
    let subject: String = app.stored("select subject from mail_messages limit 1").await;
    assert_eq!(subject, "Olga Owner invites you to Acme");
    let letter = crate::accounts::letter(&app, "nan@new.test").await;
    assert!(letter["text"].as_str().unwrap().contains("Acme Rockets"), "the name of the brand: {letter}");
}

#[tokio::test]
async fn a_form_with_mistakes_comes_back_as_typed() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    for (form, told) in [
        (format!("emails=nan%40new.test+nobody&role={VIEWER}"), "Not an e-mail address: nobody."),
        (format!("emails=mia%40acme.test&role={VIEWER}"), "In this workspace already: mia@acme.test"),
        ("emails=nan%40new.test&role=00000000-0000-7000-8000-0000000ab002".to_owned(), "Choose a role."),
    ] {
        let again = olga.post(INVITE, &form).await;
        assert_eq!(again.status, 422, "{form}");
        assert!(again.text().contains(told), "{told}: {}", again.text());
        assert!(again.body.contains("</textarea>") && again.text().contains(".test"), "{}", again.body);
    }
    let mails: i64 = app.stored("select count(*) from mail_messages").await;
    assert_eq!(mails, 0);
}

#[tokio::test]
async fn somebody_new_chooses_name_and_password_behind_the_link_and_is_in() {
    let app = TestApp::new().await.leaves_jobs();
    let link = invited(&app, "nan@new.test", MARKETER).await;
    let mut nan = app.visitor();

    let page = nan.get(&link).await;
    assert!(page.text().contains("Olga Owner asks you to work here as Marketer"), "{}", page.text());
    let weak = accept(&app, &mut nan, &link, "name=Nan+New&password=short").await;
    assert_eq!((weak.status.as_u16(), weak.field("name")), (422, "Nan New".to_owned()));
    let done = accept(&app, &mut nan, &link, &format!("name=Nan+New&password={PASSWORD}")).await;

    assert_eq!((done.status.as_u16(), done.header("location")), (303, "/w/acme"), "{}", done.text());
    assert!(nan.get("/w/acme").await.text().contains("Welcome to Acme"));
    assert_eq!(nan.get("/w/acme/people").await.status, 200);
    assert_eq!(nan.get("/w/acme/settings").await.status, 403);
    let joined: String = app
        .stored("select actor_name || ' ' || address from audit_log where action = 'members.joined'")
        .await;
    assert_eq!(joined, "Nan New 203.0.113.9");
}

#[tokio::test]
async fn somebody_with_an_account_signs_in_and_accepts_with_a_button() {
    let app = TestApp::new().await.leaves_jobs();
    let link = invited(&app, "ian@initech.test", VIEWER).await;

    let page = app.visitor().get(&link).await;
    assert!(page.text().contains("Sign in to accept") && !page.body.contains("name=\"password\""));
    let refused = accept(&app, &mut app.visitor(), &link, &format!("name=Ian&password={PASSWORD}")).await;
    assert!(refused.text().contains("Sign in to accept"), "{}", refused.text());
    let mut ian = app.sign_in("ian@initech.test").await;
    assert_eq!(ian.get("/w/acme").await.status, 404, "an invitation gives nothing");
    assert_eq!(accept(&app, &mut ian, &link, "").await.header("location"), "/w/acme");
    for at in ["/w/acme", "/w/initech"] {
        assert_eq!(ian.get(at).await.status, 200, "{at}");
    }
}

#[tokio::test]
async fn an_invitation_is_for_its_address_and_nobody_else() {
    let app = TestApp::new().await;
    let link = invited(&app, "nan@new.test", VIEWER).await;
    let mut ian = app.sign_in("ian@initech.test").await;

    for reply in [ian.get(&link).await, accept(&app, &mut ian, &link, "").await] {
        assert_eq!(reply.status, 403);
        assert!(reply.text().contains("You are signed in as ian@initech.test"), "{}", reply.text());
    }
    assert_eq!(ian.get("/w/acme").await.status, 404);
}

#[tokio::test]
async fn a_link_that_is_over_says_why_and_opens_nothing() {
    let app = TestApp::new().await.leaves_jobs();
    let mut olga = app.sign_in("olga@acme.test").await;
    let withdrawn = invited(&app, "will@new.test", VIEWER).await;
    let id: uuid::Uuid = app.stored("select id from invitations where email = 'will@new.test'").await;
    assert_eq!(olga.post(&format!("{OPEN}/{id}/withdraw"), "").await.status, 303);
    let replaced = invited(&app, "rob@new.test", VIEWER).await;
    let newer = invited(&app, "rob@new.test", VIEWER).await;
    let used = invited(&app, "una@new.test", VIEWER).await;
    accept(&app, &mut app.visitor(), &used, &format!("name=Una&password={PASSWORD}")).await;
    let expired = invited(&app, "ed@new.test", VIEWER).await;

    let mut visitor = app.visitor();
    assert_eq!(visitor.get(&newer).await.status, 200);
    app.app.clock.advance(chrono::TimeDelta::days(7));
    for (link, told) in [
        (withdrawn, "It was withdrawn. Ask Olga Owner for another one."),
        (replaced, "A newer one was sent."),
        (used, "It was accepted already."),
        (expired, "It is more than 7 days old. Ask Olga Owner for another one."),
        ("/invitations/nonsense".to_owned(), "This link has been used or is too old."),
    ] {
        let reply = visitor.get(&link).await;
        assert_eq!(reply.status, 410, "{told}");
        assert!(reply.text().contains(told), "{told}: {}", reply.text());
        let forced = accept(&app, &mut visitor, &link, &format!("name=X&password={PASSWORD}")).await;
        assert_eq!(forced.status, 410, "{told}");
    }
    let made: i64 = app.stored("select count(*) from users where email like '%@new.test'").await;
    assert_eq!(made, 1);
}

#[tokio::test]
async fn of_many_who_use_a_link_at_once_one_gets_in() {
    let app = TestApp::new().await.leaves_jobs();
    let link = invited(&app, "nan@new.test", VIEWER).await;
    let answers = (0..4).map(|n| {
        let (mut browser, link) = (app.visitor().at_address(&format!("198.51.100.{n}")), link.clone());
        let app = &app;
        async move { accept(app, &mut browser, &link, &format!("name=Nan&password={PASSWORD}")).await }
    });
    let answers = futures_util::future::join_all(answers).await;

    let entered = answers.iter().filter(|reply| reply.header("location") == "/w/acme").count();
    assert_eq!(entered, 1);
}

#[tokio::test]
async fn a_token_is_kept_as_a_hash_only_and_guessing_has_a_limit() {
    let app = TestApp::new().await;
    let link = invited(&app, "nan@new.test", VIEWER).await;
    let token = link.trim_start_matches("/invitations/");

    let hash: Vec<u8> = app.stored("select token_hash from invitations where email = 'nan@new.test'").await;
    assert_eq!(hash, Token::from_visitor(token).hash());
    let mut visitor = app.visitor();
    let csrf = app.form_token(&mut visitor);
    let mut answers = Vec::new();
    for n in 0..12 {
        let reply = visitor.post(&format!("/invitations/guess-{n}"), &format!("_csrf={csrf}")).await;
        answers.push(reply.status.as_u16());
    }
    assert_eq!((answers[0], answers[11]), (410, 429), "{answers:?}");
}

#[tokio::test]
async fn who_prepared_an_account_for_somebody_else_s_address_gains_nothing() {
    let app = TestApp::new().await.leaves_jobs();
    let mut attacker = app.visitor();
    attacker
        .submit("/sign-up", "/sign-up", "name=Eve&email=nan%40new.test&workspace=Trap&workspace_kind=direct")
        .await;
    let prepared = link(&app, "nan@new.test").await;
    let link = invited(&app, "nan@new.test", VIEWER).await;

    let done = accept(&app, &mut app.visitor(), &link, &format!("name=Nan&password={PASSWORD}")).await;
    assert_eq!(done.header("location"), "/w/acme");
    let mut late = app.visitor();
    let used = late.submit(&prepared, &prepared, "password=the-attackers-own-choice").await;
    assert_eq!(used.status, 410, "the address has its account");
    let form = "email=nan%40new.test&password=the-attackers-own-choice";
    assert_eq!(app.visitor().submit("/sign-in", "/sign-in", form).await.status, 422);
}

#[tokio::test]
async fn nobody_invites_as_more_than_they_are() {
    let app = TestApp::new().await;
    sqlx::raw_sql("insert into role_permissions values ('00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-0000000aa002', 'members.edit')")
        .execute(&app.owner)
        .await
        .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;

    let refused = mia.post(INVITE, &format!("emails=me2%40new.test&role={OWNER}")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("may do more than you"), "{}", refused.text());
    assert!(!mia.get(INVITE).await.body.contains(OWNER));
    assert_eq!(mia.post(INVITE, &format!("emails=me2%40new.test&role={VIEWER}")).await.status, 303);
}

#[tokio::test]
async fn who_is_shut_out_does_not_come_back_by_an_older_letter() {
    let app = TestApp::new().await.leaves_jobs();
    let link = invited(&app, "nan@new.test", VIEWER).await;
    let mut nan = app.visitor();
    accept(&app, &mut nan, &link, &format!("name=Nan&password={PASSWORD}")).await;
    let id: uuid::Uuid = app.stored("select id from users where email = 'nan@new.test'").await;
    let mut olga = app.sign_in("olga@acme.test").await;
    olga.post(&format!("/w/acme/people/{id}/remove"), "").await;
    assert_eq!(nan.get("/w/acme").await.status, 404);
    let second = invited(&app, "nan@new.test", VIEWER).await;

    sqlx::query("insert into organization_members (organization_id, user_id, role_id, status, created_at, updated_at) values ('00000000-0000-7000-8000-00000000000a', $1, '00000000-0000-7000-8000-0000000aa003', 'active', now(), now())")
        .bind(id)
        .execute(&app.owner)
        .await
        .unwrap();
    olga.post("/w/acme/people/standing", &format!("to=inactive&person={id}")).await;

    assert_eq!(nan.get(&second).await.status, 410);
    assert_eq!(nan.get("/w/acme").await.status, 404);
}
