//! No organization waits behind another's thousand jobs.

use groundswell::jobs::{Order, trial::Trial};

use super::order_for;
use crate::support::{
    TestApp,
    tenant::{ACME, INITECH},
};

#[tokio::test]
async fn one_job_of_a_small_organization_is_done_before_the_second_of_a_large_one() {
    let app = TestApp::new().await.idle().await;
    for _ in 0..20 {
        order_for(&app, INITECH.org, &Trial::Succeed, Order::default()).await;
    }
    let small = order_for(&app, ACME.org, &Trial::Succeed, Order::default()).await.unwrap();

    app.work().await;

    let before = "select count(*) from job_queue q
                   where finished_at < (select finished_at from job_queue where id = $1)";
    let before: i64 = sqlx::query_scalar(before).bind(small.0).fetch_one(&app.owner).await.unwrap();
    assert!(before <= 1, "{before} jobs of the large one came first");
}
