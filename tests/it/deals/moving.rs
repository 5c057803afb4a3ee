//! From stage to stage: once each, never over somebody else's move, and with all that hangs on it.

use super::{DEALS, LOST, OFFERED, ROCKETS, TALKING, WON, ZOE, is, make, stand};
use crate::support::{Browser, TestApp};

async fn shift(browser: &mut Browser, from: &str, to: &str) {
    let reply = browser.post(&format!("{ROCKETS}/move"), &format!("from={from}&to={to}")).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
}

#[tokio::test]
async fn a_deal_that_is_dropped_elsewhere_is_there_and_the_board_comes_back_with_its_sums() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let reply = mia.hx_post(&format!("{ROCKETS}/move"), &format!("from={TALKING}&to={OFFERED}&view=?")).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body.trim_start().starts_with("<div id=\"board\""), "{}", reply.body);
    for shown in ["“Twelve rockets” is in Offered now.", "EUR 7,200 weighted"] {
        assert!(reply.text().contains(shown), "{shown}: {}", reply.text());
    }
    assert_eq!(stand(&app).await, is("Offered", false, ""));
    let page = mia.get(ROCKETS).await.text();
    assert!(page.contains("Talking → Offered") && page.contains("Mia"), "{page}");
    // Once more, as by a second click: nothing more happens.
    mia.hx_post(&format!("{ROCKETS}/move"), &format!("from={TALKING}&to={OFFERED}&view=?")).await;
    assert_eq!(
        app.stored::<i64>("select count(*) from deal_stage_history where deal_id::text like '%17a1'").await,
        2
    );
}

#[tokio::test]
async fn a_deal_that_somebody_moved_meanwhile_stays_where_they_put_it() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut mia, mut olga) = (app.sign_in("mia@acme.test").await, app.sign_in("olga@acme.test").await);
    shift(&mut olga, TALKING, OFFERED).await;
    let reply = mia.hx_post(&format!("{ROCKETS}/move"), &format!("from={TALKING}&to={WON}&view=?")).await;
    assert_eq!(reply.status, 409);
    assert!(
        reply.text().contains("Somebody moved “Twelve rockets” to Offered meanwhile"),
        "{}",
        reply.text()
    );
    assert!(reply.body.contains("id=\"board\""), "the board as it is now: {}", reply.body);
    // The same without a script, and by a form of losing that was open for long.
    shift(&mut mia, TALKING, WON).await;
    assert!(mia.get(ROCKETS).await.text().contains("Somebody moved “Twelve rockets” to Offered meanwhile"));
    mia.post(&format!("{ROCKETS}/lose"), &format!("from={TALKING}&reason=Price")).await;
    assert_eq!(stand(&app).await, is("Offered", false, ""));
}

#[tokio::test]
async fn two_who_move_one_deal_at_once_do_not_both_win() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut mia, mut olga) = (app.sign_in("mia@acme.test").await, app.sign_in("olga@acme.test").await);
    let path = format!("{ROCKETS}/move");
    let (offer, win) =
        (format!("from={TALKING}&to={OFFERED}&view=?"), format!("from={TALKING}&to={WON}&view=?"));
    let (one, other) = tokio::join!(mia.hx_post(&path, &offer), olga.hx_post(&path, &win));
    let mut both = [one.status.as_u16(), other.status.as_u16()];
    both.sort_unstable();
    assert_eq!(both, [200, 409]);
    assert_eq!(
        app.stored::<i64>("select count(*) from deal_stage_history where deal_id::text like '%17a1'").await,
        2
    );
}

#[tokio::test]
async fn losing_asks_why_winning_notes_when_and_opening_again_forgets_both() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    // A drop on the column of the lost leads to the question, and nothing has happened yet.
    let dropped = mia.hx_post(&format!("{ROCKETS}/move"), &format!("from={TALKING}&to={LOST}&view=?")).await;
    assert!(
        dropped.header("hx-redirect").starts_with(&format!("{ROCKETS}/lose?from=")),
        "{:?}",
        dropped.headers
    );
    let without_script =
        mia.post(&format!("{ROCKETS}/move"), &format!("from={TALKING}&to={LOST}&view=?")).await;
    assert!(without_script.header("location").starts_with(&format!("{ROCKETS}/lose?from=")));
    assert!(
        mia.get(without_script.header("location")).await.text().contains("Why was “Twelve rockets” lost?")
    );
    let silent = mia.post(&format!("{ROCKETS}/lose"), "reason=+").await;
    assert_eq!(silent.status, 422);
    assert!(silent.text().contains("Say why it was lost"), "{}", silent.text());
    assert_eq!(stand(&app).await, is("Talking", false, ""));

    let lost = mia.post(&format!("{ROCKETS}/lose"), "reason=Too+loud&view=?").await;
    assert_eq!(lost.header("location"), format!("{DEALS}?"));
    assert_eq!(stand(&app).await, is("Lost", true, "Too loud"));
    assert!(mia.get(ROCKETS).await.text().contains("Too loud"));

    shift(&mut mia, LOST, OFFERED).await;
    assert_eq!(stand(&app).await, is("Offered", false, ""));
    shift(&mut mia, OFFERED, WON).await;
    assert_eq!(stand(&app).await, is("Won", true, ""));
    let told: String = app
        .stored("select string_agg(kind, ' ' order by id) from events where payload->>'deal' like '%17a1'")
        .await;
    assert_eq!(told, "deal.lost deal.stage_changed deal.won");
}

#[tokio::test]
async fn what_happens_to_a_deal_stands_on_the_timeline_of_each_of_its_contacts() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    mia.post("/w/acme/contacts", "email=ann@customer.test&first_name=Ann").await;
    let ann: String = app.stored("select id::text from contacts where email = 'ann@customer.test'").await;
    mia.post(&format!("{ROCKETS}/people"), &format!("contact={ann}")).await;
    shift(&mut mia, TALKING, OFFERED).await;
    mia.post(&format!("{ROCKETS}/lose"), "reason=Too+loud").await;
    make(&mut mia, &format!("name=Moon&currency=EUR&stage={TALKING}&contact={ann}")).await;
    for (who, lines) in [(ZOE.to_owned(), 2), (format!("/w/acme/contacts/{ann}"), 3)] {
        let page = mia.get(&who).await.text();
        let said = [
            "Deal “Twelve rockets” moved from Talking to Offered",
            "Deal “Twelve rockets” lost: Too loud",
            "Deal “Moon” made, in Talking",
        ];
        assert_eq!(said.iter().filter(|words| page.contains(**words)).count(), lines, "{page}");
    }
}

#[tokio::test]
async fn a_stage_of_another_pipeline_an_archived_deal_and_who_only_looks_move_nothing() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut olga, mut mia) = (app.sign_in("olga@acme.test").await, app.sign_in("mia@acme.test").await);
    olga.post("/w/acme/settings/pipelines", "name=Resale").await;
    let other: String = app.stored("select id::text from pipeline_stages where name = 'Proposal'").await;
    shift(&mut mia, TALKING, &other).await;
    assert!(mia.get(ROCKETS).await.text().contains("That stage is gone"));
    mia.post(&format!("{ROCKETS}/archive"), "").await;
    shift(&mut mia, TALKING, OFFERED).await;
    assert!(mia.get(ROCKETS).await.text().contains("is archived, so it stays where it was"));
    assert_eq!(stand(&app).await, is("Talking", false, ""));

    let may = "delete from role_permissions where permission = 'deals.edit'";
    sqlx::query(may).execute(&app.owner).await.unwrap();
    assert_eq!(mia.post(&format!("{ROCKETS}/move"), "").await.status, 403);
    let board = mia.get(DEALS).await;
    assert!(board.status == 200 && !board.body.contains("data-deal") && !board.body.contains("New deal"));
}
