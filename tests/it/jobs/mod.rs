//! The machine room: jobs that are ordered, done, tried again, set aside.

mod attempts;
mod fairness;
mod ordering;
mod owners;
mod recovery;
mod schedules;

use groundswell::jobs::{self, Job, JobId, Order, trial::Trial};
use uuid::Uuid;

use crate::support::{TestApp, tenant::ACME};

/// Orders a job of Acme's.
pub(crate) async fn order(app: &TestApp, job: &impl Job) -> JobId {
    order_for(app, ACME.org, job, Order::default()).await.expect("a new job")
}

/// Orders a job of an organization's.
pub(crate) async fn order_for(app: &TestApp, org: &str, job: &impl Job, order: Order<'_>) -> Option<JobId> {
    let org: Uuid = org.parse().unwrap();
    let scope = groundswell::tenancy::JobScope::new(app.app.db.clone(), org.into(), "a test");
    let mut tx = scope.enter().await.unwrap();
    let id = jobs::enqueue(tx.conn(), org, job, order).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// Status, attempts and last error of a job.
pub(crate) async fn standing(app: &TestApp, id: JobId) -> (String, i32, String) {
    sqlx::query_as("select status, attempts, last_error from job_queue where id = $1")
        .bind(id.0)
        .fetch_one(&app.owner)
        .await
        .expect("the job")
}

#[tokio::test]
async fn a_job_is_done_once_and_kept_to_be_seen() {
    let app = TestApp::new().await.idle().await;
    let id = order(&app, &Trial::Succeed).await;

    assert_eq!((app.work().await, app.work().await), (1, 0));
    assert_eq!(standing(&app, id).await, ("done".to_owned(), 1, String::new()));
}
