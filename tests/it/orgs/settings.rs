//! The settings of a workspace.

use axum::http::Method;

use crate::support::TestApp;

#[tokio::test]
async fn the_name_and_colour_that_were_saved_stand_on_the_next_page() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    let saved = olga.post("/w/acme/settings", "name=Acme+%26+Sons&hue=7&time_zone=America%2FDenver").await;
    assert_eq!((saved.status.as_u16(), saved.header("location")), (303, "/w/acme/settings"));
    let page = olga.get("/w/acme/settings").await;
    assert!(page.text().contains("Saved the settings") && page.body.contains("hue-7"));
    assert_eq!(page.field("name"), "Acme &#38; Sons");
}

#[tokio::test]
async fn a_form_with_mistakes_comes_back_as_typed_with_every_mistake_named() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    let again = olga.post("/w/acme/settings", "name=&hue=99&time_zone=Mars%2FOlympus").await;
    assert_eq!(again.status, 422);
    for told in ["Give the workspace a name", "Choose one of the colours", "Choose a time zone"] {
        assert!(again.text().contains(told), "{told}");
    }
    assert!(olga.get("/w/acme").await.text().contains("Acme"), "nothing was saved");
}

#[tokio::test]
async fn a_form_that_htmx_sends_and_that_is_refused_stays_as_it_was_filled_in() {
    let app = TestApp::new().await;
    let mut vic = app.sign_in("vic@acme.test").await;
    let boosted = [("hx-request", "true"), ("hx-request-type", "full")];
    let refused = vic.send(Method::POST, "/w/acme/settings", "name=Mine", &boosted).await;
    assert_eq!((refused.status.as_u16(), refused.header("hx-push-url")), (403, "false"));
    assert!(
        refused.body.starts_with("<hx-partial") && refused.body.contains("workspace.edit"),
        "{}",
        refused.body
    );
}

#[tokio::test]
async fn whoever_lacks_a_second_factor_is_led_to_turn_it_on_when_the_workspace_asks_for_it() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let refused = olga.post("/w/acme/settings/security", "requires_two_factor=on").await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("for yourself first"), "{}", refused.text());

    sqlx::query("update users set totp_enabled_at = now() where email = 'olga@acme.test'")
        .execute(&app.owner)
        .await
        .unwrap();
    assert_eq!(olga.post("/w/acme/settings/security", "requires_two_factor=on").await.status, 303);
    let led = app.sign_in("mia@acme.test").await.get("/w/acme").await;
    assert_eq!((led.status.as_u16(), led.header("location")), (303, "/account/security?required=two-factor"));
    assert_eq!(olga.get("/w/acme").await.status, 200);
}

#[tokio::test]
async fn the_checklist_can_be_put_away_and_brought_back() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    assert!(olga.get("/w/acme").await.text().contains("Turn on two-factor sign-in"));

    olga.post("/w/acme/checklist/hide", "").await;
    assert!(!olga.get("/w/acme").await.text().contains("Turn on two-factor sign-in"));
    olga.post("/w/acme/checklist/show", "").await;
    assert!(olga.get("/w/acme").await.text().contains("Turn on two-factor sign-in"));
}
