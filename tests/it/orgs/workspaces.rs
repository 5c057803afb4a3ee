//! Which workspace a request is about: the one in its address, and nothing else.

use crate::support::TestApp;

#[tokio::test]
async fn two_tabs_in_two_workspaces_are_both_right() {
    let app = TestApp::new().await;
    let mut ada = app.sign_in("ada@brightside.test").await;

    ada.get("/w/acme").await;
    ada.get("/w/brightside").await;
    let saved = ada.post("/w/acme/settings", "name=Acme+renamed&hue=1&time_zone=UTC").await;

    assert_eq!(saved.header("location"), "/w/acme/settings");
    assert!(ada.get("/w/acme").await.text().contains("Acme renamed"));
    assert!(!ada.get("/w/brightside/settings").await.field("name").contains("renamed"));
}

#[tokio::test]
async fn a_short_address_leads_to_the_workspace_last_entered() {
    let app = TestApp::new().await;
    let mut ada = app.sign_in("ada@brightside.test").await;

    ada.get("/w/acme").await;
    assert_eq!(ada.get("/people?sort=email").await.header("location"), "/w/acme/people?sort=email");
    ada.get("/w/brightside").await;
    assert_eq!(ada.get("/people").await.header("location"), "/w/brightside/people");
    assert_eq!(ada.get("/").await.header("location"), "/w/brightside");
}

#[tokio::test]
async fn a_part_fetched_in_a_background_tab_does_not_change_the_active_workspace() {
    let app = TestApp::new().await;
    let mut ada = app.sign_in("ada@brightside.test").await;

    ada.get("/w/brightside").await;
    ada.hx_get("/w/acme/people").await;
    assert_eq!(ada.get("/").await.header("location"), "/w/brightside");
}

#[tokio::test]
async fn the_switcher_lists_what_may_be_entered_and_stays_on_the_screen() {
    let app = TestApp::new().await;
    let page = app.sign_in("ada@brightside.test").await.get("/workspaces?at=/people").await;

    assert!(page.body.contains("/w/acme/people") && page.body.contains("/w/brightside/people"));
    assert!(!page.body.contains("initech"));
    let abe = app.sign_in("abe@brightside.test").await.get("/workspaces").await;
    assert!(abe.body.contains("/w/brightside") && !abe.body.contains("/w/acme"));
}

#[tokio::test]
async fn whoever_may_not_enter_cannot_tell_a_workspace_from_none() {
    let app = TestApp::new().await;
    for who in ["ian@initech.test", "abe@brightside.test", "ivy@acme.test", "lee@acme.test"] {
        let mut browser = app.sign_in(who).await;
        let there = browser.get("/w/acme").await;
        let nowhere = browser.get("/w/no-such-place").await;
        assert_eq!((there.status.as_u16(), nowhere.status.as_u16()), (404, 404), "{who}");
    }
    let dan = app.sign_in("dan@acme.test").await.get("/w/acme").await;
    assert_eq!(dan.status, 303, "a disabled person is signed out");
}

#[tokio::test]
async fn the_palette_finds_pages_people_and_other_workspaces_that_one_may_open() {
    let app = TestApp::new().await;
    let mut ada = app.sign_in("ada@brightside.test").await;
    assert!(ada.hx_get("/w/acme/palette?q=mia").await.text().contains("Mia Marketer"));
    assert!(ada.hx_get("/w/acme/palette?q=bright").await.body.contains("/w/brightside"));

    let mut vic = app.sign_in("vic@acme.test").await;
    assert!(!vic.hx_get("/w/acme/palette?q=mia").await.text().contains("Mia Marketer"));
    assert!(!vic.hx_get("/w/acme/palette?q=settings").await.body.contains("/w/acme/settings"));
}

#[tokio::test]
async fn switching_takes_first_letters_and_enter_and_nothing_typed_means_where_one_was_last() {
    let app = TestApp::new().await.leaves_jobs();
    let mut ada = app.sign_in("ada@brightside.test").await;
    for name in ["Beta", "Acne"] {
        ada.post("/w/brightside/clients", &format!("name={name}&time_zone=UTC")).await;
    }
    for at in ["/w/beta", "/w/acne", "/w/brightside"] {
        ada.get(at).await;
    }
    let page = ada.get("/w/brightside/people").await.body;
    assert!(
        page.contains("/workspaces?at=/people&amp;from=brightside") && page.contains("data-hotkey=\"w\"")
    );

    let go = "/workspaces?go=first&at=/people&from=brightside";
    assert_eq!(ada.get(&format!("{go}&q=be")).await.header("location"), "/w/beta/people");
    assert_eq!(
        ada.get(&format!("{go}&q=ac")).await.header("location"),
        "/w/acne/people",
        "the later one first"
    );
    assert_eq!(ada.get(&format!("{go}&q=")).await.header("location"), "/w/acne/people");
    let clients = "/workspaces?go=first&at=/clients&from=brightside&q=be";
    assert_eq!(ada.get(clients).await.header("location"), "/w/beta", "a client has no such screen");
    assert_eq!(ada.get(&format!("{go}&q=nowhere")).await.status, 200);
    let list = ada.get("/workspaces?at=&from=brightside").await.body;
    let at = |slug: &str| list.find(&format!("href=\"/w/{slug}\"")).unwrap();
    let order = [at("acne"), at("beta"), at("acme"), at("brightside")];
    assert!(order.is_sorted(), "recent first, this one last: {order:?}");
}
