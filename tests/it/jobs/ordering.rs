//! JOB-1: a job is there if and only if what ordered it is.

use groundswell::{
    jobs::{self, Order, trial::Trial},
    tenancy::JobScope,
};
use uuid::Uuid;

use super::order_for;
use crate::support::{
    TestApp,
    tenant::{ACME, INITECH},
};

/// Orders from many sides at once; a third commits, a third rolls back, a third is cut off in the middle.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_rolled_back_or_cut_off_orders_nothing_and_what_is_committed_orders_all() {
    const ORDERS: usize = 600;
    let app = TestApp::new().await.idle().await;
    let org: Uuid = ACME.org.parse().unwrap();
    let db = app.app.db.clone();
    let run = |lot: usize| {
        let db = db.clone();
        async move {
            for n in (lot..ORDERS).step_by(4) {
                let mut tx = JobScope::new(db.clone(), org.into(), "a test").enter().await.unwrap();
                jobs::enqueue(tx.conn(), org, &Trial::Wait(n as u64), Order::default()).await.unwrap();
                match n % 3 {
                    0 => tx.commit().await.unwrap(),
                    1 => drop(tx),
                    _ => {
                        // As when the process dies: the connection is gone without a word.
                        sqlx::query("select pg_terminate_backend(pg_backend_pid())")
                            .execute(tx.conn())
                            .await
                            .unwrap_err();
                    }
                }
            }
        }
    };
    tokio::join!(
        async { tokio::spawn(run(0)).await.unwrap() },
        async { tokio::spawn(run(1)).await.unwrap() },
        async { tokio::spawn(run(2)).await.unwrap() },
        async { tokio::spawn(run(3)).await.unwrap() },
    );

    let wrong = "select count(*) from job_queue where (payload ->> 'wait')::bigint % 3 <> 0";
    assert_eq!(app.stored::<i64>("select count(distinct payload) from job_queue").await, ORDERS as i64 / 3);
    assert_eq!(app.stored::<i64>(wrong).await, 0);
    sqlx::query("delete from job_queue").execute(&app.owner).await.unwrap();
}

#[tokio::test]
async fn the_same_key_orders_one_job_at_a_time_in_each_organization() {
    let app = TestApp::new().await.idle().await;
    let keyed = Order { key: Some("import-7"), ..Order::default() };

    assert!(order_for(&app, ACME.org, &Trial::Succeed, keyed).await.is_some());
    assert!(order_for(&app, ACME.org, &Trial::Fail, keyed).await.is_none(), "one waits");
    assert!(order_for(&app, INITECH.org, &Trial::Succeed, keyed).await.is_some(), "another's key is another");
    assert_eq!(app.work().await, 2);
    assert!(order_for(&app, ACME.org, &Trial::Succeed, keyed).await.is_some(), "the first is over");
    app.work().await;
}

#[tokio::test]
async fn nobody_orders_a_job_in_anothers_name() {
    let app = TestApp::new().await.idle().await;
    let scope = JobScope::new(app.app.db.clone(), ACME.org.parse::<Uuid>().unwrap().into(), "a test");
    let mut tx = scope.enter().await.unwrap();

    let theirs =
        jobs::enqueue(tx.conn(), INITECH.org.parse().unwrap(), &Trial::Succeed, Order::default()).await;

    assert!(theirs.unwrap_err().to_string().contains("row-level security"));
}
