//! The board: columns, what is in them, and what it is worth.

use chrono::TimeDelta;

use super::{DEALS, OFFERED, TALKING, make};
use crate::support::TestApp;

/// What stands in a column of the board.
fn column(body: &str, stage: &str) -> String {
    let column = body.split("<section class=\"board__column\"").find(|part| part.contains(stage)).unwrap();
    column.split("</section>").next().unwrap().to_owned()
}

#[tokio::test]
async fn each_stage_shows_how_many_deals_it_has_and_what_they_are_worth_in_each_currency() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    make(&mut mia, &format!("name=Moon&value=1.500,50&currency=EUR&stage={TALKING}")).await;
    make(&mut mia, &format!("name=Mars&value=80&currency=JPY&stage={TALKING}")).await;
    let own = make(&mut mia, &format!("name=Venus&value=100&currency=EUR&stage={OFFERED}")).await;
    mia.post(&format!("{own}/facts/probability"), "probability=10").await;

    let body = mia.get(DEALS).await.body;

    // 20 % of 12,000 and of 1,500.50; 20 % of 80; of its own 10 % where the stage says 60 %.
    let talking = column(&body, &format!("data-stage=\"{TALKING}\""));
    for shown in ["EUR 13,500.50", "EUR 2,700.10 weighted", "JPY 80", "JPY 16 weighted", ">3<"] {
        assert!(talking.contains(shown), "{shown}: {talking}");
    }
    let offered = column(&body, &format!("data-stage=\"{OFFERED}\""));
    for shown in ["EUR 100", "EUR 10 weighted", "Venus", ">1<"] {
        assert!(offered.contains(shown), "{shown}: {offered}");
    }
    let theirs = mia.get(&format!("{DEALS}?owner=00000000-0000-7000-8000-000000000011")).await.text();
    assert!(theirs.contains("Twelve rockets") && !theirs.contains("Venus"), "{theirs}");
}

#[tokio::test]
async fn a_full_column_shows_those_that_came_last_and_leads_to_the_others() {
    let app = TestApp::new().await;
    sqlx::query(
        "insert into deals (organization_id, id, name, pipeline_id, stage_id, value_minor, currency, stage_since, created_at, updated_at)
         select organization_id, gen_random_uuid(), 'Deal ' || n, pipeline_id, stage_id, 100, 'EUR',
                stage_since + make_interval(mins => n), created_at, updated_at
           from deals cross join generate_series(1, 120) n where id::text like '%17a1'",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    let board = mia.get(DEALS).await;
    let talking = column(&board.body, &format!("data-stage=\"{TALKING}\""));
    assert_eq!(talking.matches("data-deal").count(), 50);
    assert!(talking.contains(">Deal 120<") && !talking.contains(">Deal 70<"), "the last on top");
    assert!(talking.contains("71 more in the table") && talking.contains("EUR 12,120"), "{talking}");
    let rest = talking.split("href=\"").find(|link| link.contains("view=table")).unwrap();
    let rest = rest.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    assert!(mia.get(&rest).await.text().contains("121 deals"), "{rest}");
}

#[tokio::test]
async fn a_deal_that_lies_in_its_stage_for_longer_than_it_should_is_marked() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    make(&mut mia, &format!("name=Venus&currency=EUR&stage={OFFERED}")).await;
    assert!(!mia.get(DEALS).await.text().contains("In this stage for"));
    app.app.clock.advance(TimeDelta::days(31));
    let mut mia = app.sign_in("mia@acme.test").await;
    let body = mia.get(DEALS).await.body;
    assert!(
        column(&body, &format!("data-stage=\"{TALKING}\"")).contains("In this stage for 32 days"),
        "{body}"
    );
    // Nobody said how long one may stay there.
    assert!(!column(&body, &format!("data-stage=\"{OFFERED}\"")).contains("In this stage for"));
}

#[tokio::test]
async fn who_looks_first_finds_a_pipeline_and_two_at_once_make_one() {
    let app = TestApp::new().await;
    let (mut ada, mut abe) =
        (app.sign_in("ada@brightside.test").await, app.sign_in("ada@brightside.test").await);
    let (first, second) = tokio::join!(ada.get("/w/brightside/deals"), abe.get("/w/brightside/deals"));
    for reply in [first, second] {
        for stage in ["Prospecting", "Qualification", "Proposal", "Negotiation", "Closed won", "Closed lost"]
        {
            assert!(reply.text().contains(stage), "{stage}: {}", reply.text());
        }
    }
    let made = "select count(*) from pipelines p join organizations o on o.id = p.organization_id where o.slug = 'brightside'";
    assert_eq!(app.stored::<i64>(made).await, 1);
    let stages = "select count(*) from pipeline_stages p join organizations o on o.id = p.organization_id where o.slug = 'brightside'";
    assert_eq!(app.stored::<i64>(stages).await, 6);
}
