//! TEN-8: a job works for the organization that its row names, and for no other.

use groundswell::{app, events::listener::Tell, jobs::trial::Trial};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::{order, standing};
use crate::support::{
    TestApp,
    cluster::{Role, endpoint},
    rows,
    tenant::{ACME, INITECH},
};

/// Ids of an organization that never was.
const NOBODY: &str = "00000000-0000-7000-8000-0000000000ff";
/// What the queue itself may change.
const QUEUE: &[&str] = &["job_queue"];

/// A job of this kind in the row of `org`, as somebody with the whole database in hand would write it.
async fn plant(app: &TestApp, org: &str, kind: &str, payload: &str) -> groundswell::jobs::JobId {
    let id = uuid::Uuid::now_v7();
    let sql = format!(
        "set session_replication_role = replica;
         insert into job_queue (organization_id, id, kind, payload, max_attempts)
         values ('{org}', '{id}', '{kind}', '{payload}', 5)"
    );
    let mut conn = PgConnection::connect_with(&endpoint(&app.database, Role::Super).0).await.unwrap();
    conn.execute(AssertSqlSafe(sql)).await.unwrap();
    conn.close().await.unwrap();
    groundswell::jobs::JobId(id)
}

#[tokio::test]
async fn a_job_of_any_kind_that_names_another_organization_is_set_aside_and_does_nothing() {
    let app = TestApp::new().await;
    let everything = rows::everything(&app.owner, QUEUE).await;
    let mut tried = 0;
    for kind in app::kinds(true).names() {
        for (org, other) in [(ACME.org, INITECH.org), (ACME.org, NOBODY), (INITECH.org, ACME.org)] {
            for payload in [
                format!(r#"{{"organization_id": "{other}"}}"#),
                format!(r#"{{"message": "{org}", "org": "{other}"}}"#),
                format!(r#"{{"rows": [{{"organization": "{other}"}}]}}"#),
                r#"{"organization_id": null}"#.to_owned(),
            ] {
                let id = plant(&app, org, &kind, &payload).await;
                assert_eq!(app.work().await, 1);
                let (status, attempts, error) = standing(&app, id).await;
                assert_eq!((status.as_str(), attempts), ("failed", 1), "{kind} {payload}");
                assert_eq!(error, "the job names another organization than the one it belongs to", "{kind}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 84, "only {tried} tried");
    assert_eq!(rows::changed(&everything, &rows::everything(&app.owner, QUEUE).await), [""; 0]);
}

#[tokio::test]
async fn a_job_that_names_its_own_organization_is_done() {
    let app = TestApp::new().await;
    let payload = format!(r#"{{"organization_id": "{}"}}"#, ACME.org);
    let id = plant(&app, ACME.org, "events.tell", &payload).await;
    app.work().await;
    assert_ne!(standing(&app, id).await.0, "failed");
    app.skip_pauses().await;
    app.work().await;
}

#[tokio::test]
async fn no_job_of_an_organization_that_is_not_there_can_be_ordered_and_none_outlives_it() {
    let app = TestApp::new().await.leaves_jobs();
    order(&app, &Trial::Succeed).await;
    for role in [Role::App, Role::Worker, Role::Owner] {
        let mut conn = PgConnection::connect_with(&endpoint(&app.database, role).0).await.unwrap();
        let enter = format!("set app.current_organization_id = '{NOBODY}'");
        conn.execute(AssertSqlSafe(enter)).await.unwrap();
        let insert = format!(
            "insert into job_queue (organization_id, id, kind, payload, max_attempts)
             values ('{NOBODY}', gen_random_uuid(), 'jobs.trial', '\"succeed\"', 5)"
        );
        let refused = conn.execute(AssertSqlSafe(insert)).await.expect_err("nobody's job").to_string();
        assert!(refused.contains("job_queue_organization_id_fkey"), "{role:?}: {refused}");
    }
    let delete = format!("delete from organizations where id = '{}'", ACME.org);
    assert!(sqlx::query(AssertSqlSafe(delete)).execute(&app.owner).await.is_err(), "jobs were left behind");
}

#[tokio::test]
async fn a_job_whose_organization_is_gone_after_all_is_set_aside_and_does_nothing() {
    let app = TestApp::new().await;
    let everything = rows::everything(&app.owner, QUEUE).await;
    let tell = serde_json::to_string(&Tell {}).unwrap();
    let id = plant(&app, NOBODY, "events.tell", &tell).await;

    app.work().await;

    let (status, attempts, error) = standing(&app, id).await;
    assert_eq!((status.as_str(), attempts), ("failed", 1), "{error}");
    assert_eq!(error, "the organization that the job belongs to is not there any more");
    assert_eq!(rows::changed(&everything, &rows::everything(&app.owner, QUEUE).await), [""; 0]);
}
