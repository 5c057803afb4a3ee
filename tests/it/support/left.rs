//! What a test left behind in the queue: work that was ordered and that nobody did is a test that ended
//! too early, or a job that nobody will ever take.

use std::thread;

use sqlx::{Connection, PgConnection};

use super::cluster::{self, Role};

/// Looked at when the application under test goes, unless the test says that it leaves jobs. The database goes too.
#[derive(Default)]
pub struct Left {
    database: Option<String>,
    jobs_are_meant: bool,
}

impl Left {
    /// Nothing may be left in the queue of this database.
    pub fn nothing_in(database: &str) -> Self {
        Self { database: Some(database.to_owned()), jobs_are_meant: false }
    }

    /// Jobs are left, and that is part of the test.
    pub fn jobs_are_meant(&mut self) {
        self.jobs_are_meant = true;
    }
}

impl Drop for Left {
    fn drop(&mut self) {
        let Some(database) = self.database.take() else { return };
        // A test that is failing already says why by itself.
        let looks = !self.jobs_are_meant && !thread::panicking();
        let left = thread::spawn(move || close(&database, looks)).join().expect("the town is left");
        assert!(
            left.is_empty(),
            "The test ended with jobs still in the queue: {}. Do them with work(), or say leaves_jobs().",
            left.join(", ")
        );
    }
}

/// On a thread of its own: the one that drops is inside a runtime, which must not be entered twice.
fn close(database: &str, looks: bool) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let left = if looks { look(database).await } else { Vec::new() };
        cluster::drop_database(database).await;
        left
    })
}

/// The kinds that wait or run, with how many of each. Those that a schedule orders again are not left.
async fn look(database: &str) -> Vec<String> {
    let queue = cluster::endpoint(database, Role::Owner).0;
    let mut conn = PgConnection::connect_with(&queue).await.expect("the database of the test answers");
    let left = sqlx::query_scalar(
        "select count(*) || ' × ' || kind || ' (' || status || ')' from job_queue
          where status in ('waiting', 'running') and dedupe_key is distinct from 'scheduled'
          group by kind, status order by kind, status",
    );
    let left = left.fetch_all(&mut conn).await.expect("the queue answers");
    conn.close().await.expect("closing");
    left
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
