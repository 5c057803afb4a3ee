//! Saved views: a list's address under a name.

use crate::support::TestApp;

const SAVE: &str = "/w/acme/views";

#[tokio::test]
async fn a_saved_view_is_a_tab_that_leads_to_its_address() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;

    let saved = mia.post(SAVE, "screen=people&name=By+mail&query=sort%3Demail").await;
    assert_eq!(saved.header("location"), "/w/acme/people?sort=email");
    let page = mia.get("/w/acme/people?sort=email").await;
    assert!(page.body.contains("/w/acme/people?sort=email") && page.text().contains("By mail"));
    assert!(page.text().contains("Saved the view “By mail”."));
}

#[tokio::test]
async fn a_view_of_ones_own_is_ones_own_until_it_is_shared() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let mut olga = app.sign_in("olga@acme.test").await;

    mia.post(SAVE, "screen=people&name=Mine+alone&query=sort%3Demail").await;
    assert!(!olga.get("/w/acme/people").await.text().contains("Mine alone"));
    mia.post(SAVE, "screen=people&name=Mine+alone&query=sort%3Demail&is_shared=on").await;
    assert!(olga.get("/w/acme/people").await.text().contains("Mine alone"));
}

#[tokio::test]
async fn only_its_maker_removes_a_view_and_another_workspaces_is_not_there() {
    let app = TestApp::new().await;
    let acme = "/w/acme/views/00000000-0000-7000-8000-0000000002a1/delete";
    let initech = "/w/acme/views/00000000-0000-7000-8000-0000000002b1/delete";

    assert_eq!(app.sign_in("mia@acme.test").await.post(acme, "").await.status, 404);
    let mut olga = app.sign_in("olga@acme.test").await;
    assert_eq!(olga.post(initech, "").await.status, 404);
    assert_eq!(olga.post(acme, "").await.status, 303);
    assert_eq!(app.stored::<i64>("select count(*) from saved_views").await, 1);
}

#[tokio::test]
async fn a_view_without_a_name_or_of_no_list_is_refused() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;

    mia.post(SAVE, "screen=people&name=&query=sort%3Demail").await;
    assert!(mia.get("/w/acme/people").await.text().contains("Give the view a name"));
    assert_eq!(mia.post(SAVE, "screen=..%2Fevil&name=x&query=").await.status, 404);
}
