//! The table: every deal, in every order, page by page.

use super::{DEALS, OFFERED, make};
use crate::support::TestApp;

#[tokio::test]
async fn pages_follow_each_other_without_gaps_whatever_the_order() {
    let app = TestApp::new().await;
    sqlx::query(
        "insert into deals (organization_id, id, name, pipeline_id, stage_id, value_minor, currency, expected_close_on,
                            stage_since, created_at, updated_at)
         select organization_id, gen_random_uuid(), 'Same', pipeline_id, stage_id, 100 * (n % 3),
                case n % 2 when 0 then 'EUR' else 'USD' end, case when n % 5 > 0 then date '2026-12-01' + n % 7 end,
                stage_since + make_interval(secs => 0.000001 * (n % 11)), created_at, updated_at
           from deals cross join generate_series(1, 120) n where id::text like '%17a1'",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    for sort in ["", "name", "value", "close", "age"] {
        for dir in ["", "asc", "desc"] {
            let mut seen = Vec::new();
            let mut address = format!("{DEALS}?view=table&sort={sort}&dir={dir}");
            loop {
                let body = mia.get(&address).await.body;
                seen.extend(body.split("id=\"deal-").skip(1).map(|rest| rest[..36].to_owned()));
                let Some(next) = body.split("rel=\"next\" href=\"").nth(1) else { break };
                address = next.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
            }
            let mut once = seen.clone();
            once.sort();
            once.dedup();
            assert_eq!((seen.len(), once.len()), (121, 121), "{sort} {dir}");
        }
    }
}

#[tokio::test]
async fn it_is_searched_filtered_and_sorted_by_its_address() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    make(&mut mia, &format!("name=50%25+of+Żółć&value=5&currency=EUR&close=2026-12-01&stage={OFFERED}"))
        .await;
    make(&mut mia, "name=Another&value=20000&currency=EUR&close=2026-12-02&owner=").await;
    // What is said once about the last one has been read.
    mia.get(DEALS).await;
    for (query, found) in [
        ("q=żółć", "50% of Żółć"),
        ("q=50%25", "50% of Żółć"),
        (&format!("stage={OFFERED}"), "50% of Żółć"),
        ("owner=00000000-0000-7000-8000-000000000011", "Twelve rockets"),
    ] {
        let page = mia.get(&format!("{DEALS}?view=table&{query}")).await.text();
        let shown =
            ["50% of Żółć", "Another", "Twelve rockets"].into_iter().filter(|name| page.contains(name));
        assert_eq!(shown.collect::<Vec<_>>(), [found], "{query}: {page}");
    }
    assert!(mia.get(&format!("{DEALS}?view=table&q=5_%25")).await.text().contains("Nothing matches"));
    for (sort, order) in [
        ("name", ["50%", "Another", "Twelve"]),
        ("value", ["Another", "Twelve", "50%"]),
        ("close", ["50%", "Another", "Twelve"]),
    ] {
        let page = mia.get(&format!("{DEALS}?view=table&sort={sort}")).await.body;
        let at: Vec<usize> = order.iter().map(|name| page.find(&format!(">{name}")).unwrap()).collect();
        assert!(at.is_sorted(), "{sort}: {at:?}");
    }
    let age = mia.get(&format!("{DEALS}?view=table&sort=age")).await.body;
    assert!(age.find(">Twelve") < age.find(">Another"), "the longest in its stage first");
}
