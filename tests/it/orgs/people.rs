//! The list of people, and changing who may enter.

use crate::support::TestApp;

const PEOPLE: &str = "/w/acme/people";
const MIA: &str = "00000000-0000-7000-8000-000000000012";
const OLGA: &str = "00000000-0000-7000-8000-000000000011";
const IAN: &str = "00000000-0000-7000-8000-000000000021";

#[tokio::test]
async fn the_list_shows_the_people_of_this_workspace_and_no_other() {
    let app = TestApp::new().await;
    let page = app.sign_in("olga@acme.test").await.get(PEOPLE).await;

    assert_eq!(page.status, 200);
    for name in ["Mia Marketer", "Vic Viewer", "Ivy Invited", "Lee Left"] {
        assert!(page.text().contains(name), "{name}: {}", page.text());
    }
    assert!(!page.body.contains("Initech") && !page.body.contains("Brightside"));
}

#[tokio::test]
async fn searching_and_filtering_narrow_the_list_and_the_address_says_how() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    let found = olga.get(&format!("{PEOPLE}?q=MIA@")).await.text();
    assert!(found.contains("Mia Marketer") && !found.contains("Vic Viewer"));
    let invited = olga.get(&format!("{PEOPLE}?status=pending")).await.text();
    assert!(invited.contains("Ivy Invited") && !invited.contains("Mia Marketer"));
    let none = olga.get(&format!("{PEOPLE}?q=50%25")).await.text();
    assert!(none.contains("Nobody matches"), "{none}");
}

#[tokio::test]
async fn a_sorted_list_turns_around_and_says_so() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    let page = olga.get(&format!("{PEOPLE}?sort=email&dir=desc")).await;
    let at = |name: &str| page.body.find(name).unwrap_or_else(|| panic!("{name}"));
    assert!(at("vic@acme.test") < at("olga@acme.test") && at("olga@acme.test") < at("dan@acme.test"));
    assert!(page.body.contains("aria-sort=\"descending\""));
}

#[tokio::test]
async fn a_long_list_comes_in_pages_that_neither_repeat_nor_skip_anybody() {
    let app = TestApp::new().await;
    sqlx::query(
        "with made as (
             insert into users (id, email, password_hash, created_at, updated_at)
             select gen_random_uuid(), 'p' || n || '@acme.test', 'x', now(), now() from generate_series(1, 120) n
             returning id, email),
         named as (
             insert into user_profiles (user_id, name, updated_at)
             select id, 'Person ' || split_part(email, '@', 1), now() from made)
         insert into organization_members (organization_id, user_id, role_id, status, created_at, updated_at)
         select r.organization_id, made.id, r.id, 'active', now(), now()
           from made, roles r where r.organization_id = '00000000-0000-7000-8000-00000000000a' and r.key = 'viewer'",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let mut olga = app.sign_in("olga@acme.test").await;

    let mut seen = std::collections::BTreeSet::new();
    let mut address = format!("{PEOPLE}?sort=email");
    for _ in 0..4 {
        let page = olga.get(&address).await;
        let names =
            page.body.split("Person p").skip(1).map(|rest| rest.split(['<', '"']).next().unwrap().to_owned());
        seen.extend(names);
        let Some((_, next)) = page.body.split_once("after=") else { break };
        address = format!("{PEOPLE}?sort=email&after={}", next.split(['"', '&']).next().unwrap());
    }
    assert_eq!(seen.len(), 120, "{seen:?}");
}

#[tokio::test]
async fn somebody_shut_out_is_out_with_their_next_request_and_undo_lets_them_in_again() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.get("/w/acme").await.status, 200);
    let mut olga = app.sign_in("olga@acme.test").await;

    let done = olga.hx_post("/w/acme/people/standing", &format!("to=inactive&person={MIA}")).await;
    assert_eq!((done.status.as_u16(), done.header("hx-trigger")), (200, "people-changed"));
    assert!(done.text().contains("1 person can no longer enter."), "{}", done.text());
    assert_eq!(mia.get("/w/acme").await.status, 404);

    let undo = done
        .body
        .split("/people/standing/undo?")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&");
    assert_eq!(olga.hx_post(&format!("/w/acme/people/standing/undo?{undo}"), "").await.status, 200);
    assert_eq!(mia.get("/w/acme").await.status, 200);
}

#[tokio::test]
async fn nobody_shuts_out_themselves_or_the_last_owner() {
    let app = TestApp::new().await;
    let mut ada = app.sign_in("ada@brightside.test").await;

    let done =
        ada.hx_post("/w/acme/people/standing", &format!("to=inactive&person={OLGA}&person={MIA}")).await;
    assert!(
        done.text().contains("1 person can no longer enter. You and the last owner keep your places."),
        "{}",
        done.text()
    );

    let mut olga = app.sign_in("olga@acme.test").await;
    olga.hx_post("/w/acme/people/standing", "to=inactive&scope=all").await;
    assert_eq!(olga.get("/w/acme").await.status, 200);
}

#[tokio::test]
async fn a_stranger_named_in_the_form_stays_untouched() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    let done = olga.hx_post("/w/acme/people/standing", &format!("to=inactive&person={IAN}")).await;
    assert!(done.text().contains("0 people"), "{}", done.text());
    assert_eq!(app.sign_in("ian@initech.test").await.get("/w/initech").await.status, 200);
}

#[tokio::test]
async fn who_may_look_may_not_change() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;

    assert_eq!(mia.get(PEOPLE).await.status, 200);
    let refused = mia.hx_post("/w/acme/people/standing", &format!("to=inactive&person={OLGA}")).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text().contains("members.edit"), "says which permission is missing: {}", refused.text());
}
