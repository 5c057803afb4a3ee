//! The workspace's own fields and its people, in the editor.

use super::editing::{DESIGN, TEXT, canvas};
use crate::support::TestApp;

const ZOE: &str = "00000000-0000-7000-8000-0000000008a1";
const ZOE_ELSEWHERE: &str = "00000000-0000-7000-8000-0000000008b1";

#[tokio::test]
async fn a_design_names_the_workspaces_own_fields_and_is_seen_as_one_of_its_people() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let html = "html=%3Cp%3ESize+%5B%7B%7B+contact.shoe+%7C+default(%22none%22)+%7D%7D%5D%3C%2Fp%3E&rev=9";
    let saved = mia.hx_post(&format!("{DESIGN}/blocks/{TEXT}"), html).await;
    assert_eq!(saved.status, 200, "{}", saved.text());

    let page = mia.get(&format!("{DESIGN}?panel=checks")).await;
    assert!(page.body.contains("Shoe size") && !page.text().contains("contact.shoe is"), "{}", page.text());
    assert!(page.body.contains(&format!("<option value=\"{ZOE}\"")), "{}", page.body);
    let chosen = mia.get(&format!("{DESIGN}?as={ZOE}")).await.body;
    assert!(chosen.contains(&format!("<option value=\"{ZOE}\" selected")), "{chosen}");
    assert_eq!(chosen.matches(ZOE).count() - chosen.matches(&format!("as={ZOE}")).count(), 1, "offered once");

    assert!(canvas(&mut mia, &format!("as={ZOE}")).await.contains("Size [38]"));
    assert!(canvas(&mut mia, "as=usual").await.contains("Size [none]"));
    let stranger = canvas(&mut mia, &format!("as={ZOE_ELSEWHERE}")).await;
    assert!(stranger.contains("Size [none]"), "another workspace's people are nobody: {stranger}");
}

#[tokio::test]
async fn who_may_not_see_contacts_sees_designs_as_samples_only() {
    let app = TestApp::new().await;
    super::editing::let_viewers_look(&app).await;
    let mut vic = app.sign_in("vic@acme.test").await;
    let page = vic.get(DESIGN).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("As: Dana Whitfield") && !page.body.contains(ZOE), "{}", page.body);
    let saved = "update design_blocks set props = props || '{\"html\": \"<p>Size [{{ contact.shoe | default(\\\"none\\\") }}]</p>\"}'
                  where id = '00000000-0000-7000-8000-000000000ea2'";
    sqlx::query(saved).execute(&app.owner).await.unwrap();
    assert!(canvas(&mut vic, &format!("as={ZOE}")).await.contains("Size [none]"));
}
