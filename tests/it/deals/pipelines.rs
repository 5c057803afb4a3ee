//! The settings: which stages there are, and what becomes of deals whose stage goes.

use super::{LOST, OFFERED, ROCKETS, TALKING, WON, is, stand};
use crate::support::TestApp;

const PIPELINES: &str = "/w/acme/settings/pipelines";
const SALES: &str = "/w/acme/settings/pipelines/00000000-0000-7000-8000-0000000015a1";

#[tokio::test]
async fn a_stage_that_holds_deals_goes_only_when_they_have_somewhere_to_go() {
    let app = TestApp::new().await.leaves_jobs();
    let mut olga = app.sign_in("olga@acme.test").await;
    let remove = format!("{SALES}/stages/{TALKING}/remove");
    for nowhere in
        ["", "to=", &format!("to={TALKING}"), &format!("to={WON}"), "to=00000000-0000-7000-8000-0000000016b2"]
    {
        let refused = olga.post(&remove, nowhere).await;
        assert_eq!(refused.status, 422, "{nowhere}");
        assert!(refused.text().contains("Choose the open stage that they go to"), "{}", refused.text());
    }
    assert_eq!(stand(&app).await, is("Talking", false, ""));

    assert_eq!(olga.post(&remove, &format!("to={OFFERED}")).await.status, 303);
    assert!(olga.get(PIPELINES).await.text().contains("Its deal is in “Offered” now."));
    assert_eq!(stand(&app).await, is("Offered", false, ""));
    let page = olga.get(ROCKETS).await.text();
    assert!(page.contains("Talking → Offered"), "what is gone is still in the history: {page}");
    let told: i64 = app.stored("select count(*) from events where kind = 'deal.stage_changed'").await;
    assert_eq!(told, 1);

    let last = olga.post(&format!("{SALES}/stages/{OFFERED}/remove"), "").await;
    assert!(last.text().contains("at least one open stage"), "{}", last.text());
    for end in [WON, LOST] {
        let refused = olga.post(&format!("{SALES}/stages/{end}/remove"), &format!("to={OFFERED}")).await;
        assert!(refused.text().contains("ends with one won and one lost stage"), "{}", refused.text());
    }
}

#[tokio::test]
async fn stages_are_added_changed_and_put_in_order() {
    let app = TestApp::new().await.leaves_jobs();
    let mut olga = app.sign_in("olga@acme.test").await;
    let stages = format!("{SALES}/stages");
    assert_eq!(olga.post(&stages, "name=Demo&probability=40+%25&rot_days=").await.status, 303);
    assert_eq!(olga.post(&format!("{stages}/{OFFERED}/move"), "way=up").await.status, 303);
    assert_eq!(
        olga.post(&format!("{stages}/{OFFERED}"), "name=Offer+out&probability=65&rot_days=7").await.status,
        303
    );
    // What is won is won: a name is all that can be changed.
    assert_eq!(olga.post(&format!("{stages}/{WON}"), "name=Sold&probability=5&rot_days=3").await.status, 303);
    let kept: String = app
        .stored(
            "select string_agg(concat_ws(' ', name, probability, rot_days), ', ' order by kind <> 'open', position)
               from pipeline_stages where organization_id::text like '%a'",
        )
        .await;
    assert_eq!(kept, "Offer out 65 7, Talking 20 30, Demo 40, Sold 100, Lost 0");
    for (wrong, told) in [
        ("name=&probability=1", "Give the stage a name"),
        ("name=sold&probability=1", "Another stage of this pipeline has that name"),
        ("name=X&probability=101", "from 0 to 100"),
        ("name=X&probability=1&rot_days=0", "from 1 to 3650"),
    ] {
        let refused = olga.post(&stages, wrong).await;
        assert_eq!(refused.status, 422, "{wrong}");
        assert!(refused.text().contains(told), "{told}: {}", refused.text());
    }
}

#[tokio::test]
async fn a_pipeline_is_added_with_its_stages_and_renamed_and_who_may_not_is_refused() {
    let app = TestApp::new().await.leaves_jobs();
    let mut olga = app.sign_in("olga@acme.test").await;
    assert_eq!(olga.post(PIPELINES, "name=Resale").await.status, 303);
    assert_eq!(olga.post(PIPELINES, "name=RESALE").await.status, 422);
    assert_eq!(olga.post(SALES, "name=resale").await.status, 422);
    assert_eq!(olga.post(SALES, "name=Rockets").await.status, 303);
    let page = olga.get(PIPELINES).await.text();
    assert!(page.contains("Rockets") && page.contains("Resale") && page.contains("Negotiation"), "{page}");
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.get(PIPELINES).await.status, 403);
    assert_eq!(mia.post(PIPELINES, "name=Mine").await.status, 403);
}
