//! One person of a workspace: their role, removing them, and who may decide it.

use crate::support::TestApp;

const PEOPLE: &str = "/w/acme/people";
const OLGA: &str = "00000000-0000-7000-8000-000000000011";
const MIA: &str = "00000000-0000-7000-8000-000000000012";
const VIC: &str = "00000000-0000-7000-8000-000000000013";
const IAN: &str = "00000000-0000-7000-8000-000000000021";
const OWNER: &str = "00000000-0000-7000-8000-0000000aa001";
const VIEWER: &str = "00000000-0000-7000-8000-0000000aa003";

#[tokio::test]
async fn a_role_that_was_lowered_counts_from_the_next_click() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.get(PEOPLE).await.status, 200);
    let mut olga = app.sign_in("olga@acme.test").await;

    let saved = olga.post(&format!("{PEOPLE}/{MIA}/role"), &format!("role={VIEWER}")).await;

    assert_eq!(saved.status, 303);
    assert!(olga.get(&format!("{PEOPLE}/{MIA}")).await.text().contains("Mia Marketer is Viewer now."));
    assert_eq!(mia.get(PEOPLE).await.status, 403);
}

#[tokio::test]
async fn who_was_removed_is_gone_with_their_next_click_and_stays_somebody_elsewhere() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let mut olga = app.sign_in("olga@acme.test").await;

    olga.post(&format!("{PEOPLE}/{MIA}/remove"), "").await;

    assert_eq!(mia.get("/w/acme").await.status, 404);
    assert_eq!(mia.get("/account").await.status, 200);
    assert!(!olga.get(PEOPLE).await.body.contains("mia@acme.test"));
}

#[tokio::test]
async fn the_last_owner_stays_one_and_nobody_decides_about_themselves() {
    let app = TestApp::new().await;
    let mut ada = app.sign_in("ada@brightside.test").await;

    let lowered = ada.post(&format!("{PEOPLE}/{OLGA}/role"), &format!("role={VIEWER}")).await;
    assert_eq!(lowered.status, 422);
    assert!(lowered.text().contains("This is the last owner."), "{}", lowered.text());
    ada.post(&format!("{PEOPLE}/{OLGA}/remove"), "").await;
    let mut olga = app.sign_in("olga@acme.test").await;
    assert_eq!(olga.get("/w/acme/settings").await.status, 200);

    ada.post(&format!("{PEOPLE}/{MIA}/role"), &format!("role={OWNER}")).await;
    let own = olga.post(&format!("{PEOPLE}/{OLGA}/role"), &format!("role={VIEWER}")).await;
    assert_eq!(own.status, 422);
    assert!(own.text().contains("Somebody else has to change your role"), "{}", own.text());
    assert_eq!(ada.post(&format!("{PEOPLE}/{OLGA}/role"), &format!("role={VIEWER}")).await.status, 303);
}

#[tokio::test]
async fn nobody_decides_over_somebody_who_may_do_more() {
    let app = TestApp::new().await;
    // Marketers may let people in and out; Olga and a second owner may do more.
    sqlx::raw_sql(
        "insert into role_permissions values ('00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-0000000aa002', 'members.edit');
         update organization_members set role_id = '00000000-0000-7000-8000-0000000aa001' where user_id = '00000000-0000-7000-8000-000000000013'",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;

    for who in [OLGA, VIC] {
        let refused = mia.post(&format!("{PEOPLE}/{who}/role"), &format!("role={VIEWER}")).await;
        assert!(refused.text().contains("This person may do more than you"), "{}", refused.text());
        mia.post(&format!("{PEOPLE}/{who}/remove"), "").await;
    }
    let both = format!("to=inactive&person={OLGA}&person={VIC}");
    let shut = mia.hx_post(&format!("{PEOPLE}/standing"), &both).await.text();
    assert!(shut.contains("0 people can no longer enter. "), "{shut}");
    for email in ["olga@acme.test", "vic@acme.test"] {
        assert_eq!(app.sign_in(email).await.get("/w/acme/settings").await.status, 200, "{email}");
    }
    let raised = mia.post(&format!("{PEOPLE}/{IAN}/role"), &format!("role={VIEWER}")).await;
    assert_eq!(raised.status, 404, "nobody of this workspace");
}

#[tokio::test]
async fn nobody_makes_an_owner_who_is_none() {
    let app = TestApp::new().await;
    // Marketers hold every permission that owners hold, and are no owners.
    sqlx::raw_sql(
        "insert into role_permissions select organization_id, '00000000-0000-7000-8000-0000000aa002', permission
           from role_permissions where role_id = '00000000-0000-7000-8000-0000000aa001' on conflict do nothing",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;

    let refused = mia.post(&format!("{PEOPLE}/{VIC}/role"), &format!("role={OWNER}")).await;

    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("may do more than you"), "{}", refused.text());
}
