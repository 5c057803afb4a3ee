//! What a person says about themselves, and how they want their screen.

use super::enter;
use crate::support::TestApp;

#[tokio::test]
async fn the_profile_that_was_saved_stands_on_the_next_page() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let form =
        "name=+Olga+O%27Neil+&title=Chief&phone=%2B1+303+555-0100&time_zone=America%2FDenver&language=en-GB";

    assert_eq!(olga.post("/account", form).await.header("location"), "/account");

    let page = olga.get("/account").await;
    assert!(page.text().contains("Saved your profile.") && page.body.contains("lang=\"en-GB\""));
    assert_eq!((page.field("name").as_str(), page.field("title").as_str()), ("Olga O&#39;Neil", "Chief"));
    assert_eq!(page.field("phone"), "+1 303 555-0100");
    assert!(page.body.contains("<option value=\"America/Denver\" selected>America/Denver</option>"));
    let sessions = olga.get("/account/sessions").await;
    assert!(sessions.text().contains("since 21 Nov 2026, 02:00"), "{}", sessions.text());
}

#[tokio::test]
async fn a_profile_with_mistakes_comes_back_as_typed_with_each_named() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let long = "t".repeat(201);

    let again = olga
        .post("/account", &format!("name=&title={long}&phone=call+me&time_zone=Mars%2FOlympus&language=tlh"))
        .await;

    assert_eq!(again.status, 422);
    for told in [
        "5 things need a second look",
        "Please tell us your name",
        "under 200",
        "A phone number has digits",
        "Choose a time zone",
        "Choose a language",
    ] {
        assert!(again.text().contains(told), "{told}: {}", again.text());
    }
    assert_eq!((again.field("title"), again.field("phone").as_str()), (long, "call me"));
    assert_eq!(
        olga.post("/account", "name=O%00lga&title=a%0Db&time_zone=UTC&language=en-US").await.status,
        422
    );
    assert_eq!(olga.get("/account").await.field("name"), "Olga Owner", "nothing was saved");
}

#[tokio::test]
async fn preferences_change_every_page() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    assert!(
        olga.get("/w/acme").await.body.contains("data-theme=\"\" data-density=\"\" data-shortcuts=\"on\"")
    );

    olga.post("/account/preferences", "theme=dark&density=compact").await;

    assert!(
        olga.get("/w/acme")
            .await
            .body
            .contains("data-theme=\"dark\" data-density=\"compact\" data-shortcuts=\"off\"")
    );
    let again = olga.post("/account/preferences", "theme=neon&density=").await;
    assert_eq!((again.status.as_u16(), again.body.matches("Choose one of these.").count()), (422, 2));
}

#[tokio::test]
async fn nobody_changes_anothers_profile() {
    let app = TestApp::new().await;
    let before: String = app
        .stored("select md5(string_agg(p::text, '')) from user_profiles p where user_id::text not like '%11'")
        .await;
    let mut olga = enter(&app, "olga@acme.test").await;

    olga.post("/account", "name=X&time_zone=UTC&language=en-US&user_id=00000000-0000-7000-8000-000000000021&id=00000000-0000-7000-8000-000000000021").await;

    let after: String = app
        .stored("select md5(string_agg(p::text, '')) from user_profiles p where user_id::text not like '%11'")
        .await;
    assert_eq!((olga.get("/account").await.field("name").as_str(), after), ("X", before));
}
