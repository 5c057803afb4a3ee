//! Notices: told once, to whom they are meant for, how they want it; read over all workspaces.

mod live;

use crate::support::{Browser, TestApp, tenant::ACME};

const ROCKETS: &str = "/w/acme/deals/00000000-0000-7000-8000-0000000017a1";
const MIA: &str = "00000000-0000-7000-8000-000000000012";
const ALL: &str = "/notifications";
const SETTINGS: &str = "/account/notifications";

/// How many notices the bell of a page says are unread.
pub(crate) async fn bell(browser: &mut Browser, path: &str) -> String {
    let page = browser.get(path).await;
    let marker = "<main id=\"main\"";
    let main = page.body.split(marker).nth(1).unwrap_or_else(|| panic!("no page at {path}: {}", page.body));
    main.split("data-unread=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Every kind of notice in the same way, as the form sends it.
fn all_as(choice: &str) -> String {
    let kinds = groundswell::app::notices();
    kinds.all().iter().map(|kind| format!("{}={choice}&", kind.key)).collect()
}

/// Olga gives the rockets to Mia and takes them back.
async fn give(olga: &mut Browser) {
    for owner in [MIA, ACME.people[0]] {
        let given = olga.post(&format!("{ROCKETS}/facts/owner"), &format!("owner={owner}")).await;
        assert_eq!(given.status, 303, "{}", given.text());
    }
}

#[tokio::test]
async fn who_is_made_the_owner_of_a_deal_reads_it_at_the_bell_and_goes_there() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut olga, mut mia) = (app.sign_in("olga@acme.test").await, app.sign_in("mia@acme.test").await);
    assert!(mia.get(ALL).await.text().contains("Nothing yet"));
    assert_eq!(bell(&mut olga, "/w/acme").await, "1", "what the town told her");

    give(&mut olga).await;

    assert_eq!(bell(&mut olga, "/w/acme").await, "1", "nobody tells themselves");
    assert_eq!((bell(&mut mia, "/w/acme").await, bell(&mut mia, "/account").await), ("1".into(), "1".into()));
    let list = mia.get(ALL).await;
    let told = "Olga Owner made you the owner of the deal “Twelve rockets” Acme";
    assert!(list.text().contains(told) && list.text().contains("New"), "{}", list.text());
    let open = list.body.split("action=\"").find(|part| part.contains("/open\"")).unwrap();
    let opened = mia.post(open.split('"').next().unwrap(), "").await;
    assert_eq!(opened.header("location"), ROCKETS);
    assert_eq!(bell(&mut mia, "/w/acme").await, "0");

    give(&mut olga).await;
    give(&mut olga).await;
    assert_eq!(bell(&mut mia, ALL).await, "2");
    assert_eq!(mia.post("/notifications/read", "").await.header("location"), ALL);
    let list = mia.get(ALL).await.text();
    assert!(list.contains("Marked everything as read") && !list.contains("New"), "{list}");
}

#[tokio::test]
async fn somebody_is_told_by_mail_too_or_not_at_all_as_they_choose() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut olga, mut mia) = (app.sign_in("olga@acme.test").await, app.sign_in("mia@acme.test").await);
    let wrong = mia.post(SETTINGS, "deals.given=loudly").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Choose one of these"), "{}", wrong.text());

    assert_eq!(mia.post(SETTINGS, &all_as("mail")).await.status, 303);
    assert!(mia.get(SETTINGS).await.body.contains("value=\"mail\" checked"));
    give(&mut olga).await;
    let mails = "select string_agg(recipient || ' ' || subject, '; ') from mail_messages";
    let told = "mia@acme.test Acme: Olga Owner made you the owner of the deal “Twelve rockets”";
    assert_eq!(app.stored::<String>(mails).await, told);
    let letter = crate::accounts::letter(&app, "mia@acme.test").await["text"].as_str().unwrap().to_owned();
    assert!(letter.contains(&format!("https://app.groundswell.test{ROCKETS}")), "{letter}");

    mia.post(SETTINGS, &all_as("off")).await;
    give(&mut olga).await;
    assert_eq!(app.stored::<String>(mails).await, told);
    assert_eq!(bell(&mut mia, ALL).await, "1", "only what came before");
}

#[tokio::test]
async fn what_somebody_was_told_goes_with_the_workspace_that_they_leave() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut olga, mut mia) = (app.sign_in("olga@acme.test").await, app.sign_in("mia@acme.test").await);
    give(&mut olga).await;
    let asks = "update organizations set requires_two_factor = not requires_two_factor where slug = 'acme'";
    sqlx::query(asks).execute(&app.owner).await.unwrap();
    assert_eq!(bell(&mut mia, ALL).await, "0", "she must prove herself anew before she reads on");
    sqlx::query(asks).execute(&app.owner).await.unwrap();
    assert_eq!(bell(&mut mia, ALL).await, "1");

    olga.post("/w/acme/people/standing", &format!("to=inactive&person={MIA}")).await;

    assert_eq!(bell(&mut mia, ALL).await, "0");
    assert!(mia.get(ALL).await.text().contains("Nothing yet"));
    mia.post("/notifications/read", "").await;
    let unread = "select count(*) from notices where read_at is null and user_id::text like '%12'";
    assert_eq!(app.stored::<i64>(unread).await, 1, "what is out of sight is left alone");
}

#[tokio::test]
async fn nobody_reads_or_opens_what_somebody_else_was_told() {
    let app = TestApp::new().await.leaves_jobs();
    let theirs = format!("{ALL}/{}", ACME.notice);
    for who in ["ian@initech.test", "mia@acme.test", "ada@brightside.test"] {
        let mut who = app.sign_in(who).await;
        for door in ["open", "read"] {
            assert_eq!(who.post(&format!("{theirs}/{door}"), "").await.status, 404);
        }
        who.post("/notifications/read", "").await;
        assert!(!who.get(&format!("{ALL}?before={}", ACME.notice)).await.text().contains("rockets"));
    }
    assert_eq!(bell(&mut app.sign_in("olga@acme.test").await, ALL).await, "1");
}
