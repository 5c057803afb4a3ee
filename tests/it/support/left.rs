//! What a test left behind in the queue: work that was ordered and that nobody did is a test that ended
//! too early, or a job that nobody will ever take.

use std::thread;

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

/// Looked at when the application under test goes, unless the test says that it leaves jobs.
#[derive(Default)]
pub struct Left {
    queue: Option<PgConnectOptions>,
}

impl Left {
    /// Nothing may be left in the queue of the database behind this.
    pub fn nothing_in(queue: PgConnectOptions) -> Self {
        Self { queue: Some(queue) }
    }

    /// Jobs are left, and that is part of the test.
    pub fn jobs_are_meant(&mut self) {
        self.queue = None;
    }
}

impl Drop for Left {
    fn drop(&mut self) {
        let Some(queue) = self.queue.take() else { return };
        // A test that is failing already says why by itself.
        if thread::panicking() {
            return;
        }
        let left = thread::spawn(move || look(&queue)).join().expect("the queue is looked at");
        assert!(
            left.is_empty(),
            "The test ended with jobs still in the queue: {}. Do them with work(), or say leaves_jobs().",
            left.join(", ")
        );
    }
}

/// The kinds that wait or run, with how many of each. Those that a schedule orders again are not left.
///
/// On a thread of its own: the one that drops is inside a runtime, which must not be entered twice.
fn look(queue: &PgConnectOptions) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut conn = PgConnection::connect_with(queue).await.expect("the database of the test answers");
        let left = sqlx::query_scalar(
            "select count(*) || ' × ' || kind || ' (' || status || ')' from job_queue
              where status in ('waiting', 'running') and dedupe_key is distinct from 'scheduled'
              group by kind, status order by kind, status",
        );
        let left = left.fetch_all(&mut conn).await.expect("the queue answers");
        conn.close().await.expect("closing");
        left
    })
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use groundswell::jobs::trial::Trial;

    use crate::{jobs::order, support::TestApp};

    fn words(panic: &(dyn std::any::Any + Send)) -> &str {
        panic.downcast_ref::<String>().map_or("", String::as_str)
    }

    #[tokio::test]
    async fn a_test_that_leaves_a_job_fails_and_is_told_which() {
        let app = TestApp::new().await;
        order(&app, &Trial::Succeed).await;
        let said = catch_unwind(AssertUnwindSafe(|| drop(app))).expect_err("the drop complains");
        let said = words(&*said);
        assert!(said.contains("jobs still in the queue: 1 × jobs.trial (waiting)."), "{said}");
    }

    #[tokio::test]
    async fn jobs_that_are_meant_done_or_ordered_by_a_schedule_are_not_left() {
        let app = TestApp::new().await.leaves_jobs();
        order(&app, &Trial::Succeed).await;
        drop(app);

        let app = TestApp::new().await;
        order(&app, &Trial::Succeed).await;
        app.work().await;
        order(&app, &Trial::Succeed).await;
        let sql = "update job_queue set dedupe_key = 'scheduled' where status = 'waiting'";
        sqlx::query(sql).execute(&app.owner).await.unwrap();
    }

    #[tokio::test]
    async fn a_test_that_fails_anyway_is_not_complained_about_as_well() {
        let app = TestApp::new().await;
        order(&app, &Trial::Succeed).await;
        let said = catch_unwind(AssertUnwindSafe(move || {
            let _app = app;
            panic!("what went wrong first");
        }));
        let said = said.expect_err("it fails");
        assert_eq!(said.downcast_ref::<&str>().copied(), Some("what went wrong first"));
    }
}
