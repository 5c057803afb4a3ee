//! JOB-6: the background work of everybody, in every state that the database can hold.

use groundswell::{
    app,
    jobs::{list::STATUSES, schedule},
};

use super::PAT;
use crate::support::{TestApp, tenant::INITECH};

/// The statuses that the database lets a job have, from the rule that guards them.
pub(crate) async fn reachable(app: &TestApp) -> Vec<String> {
    let rule: String = app
        .stored(
            "select pg_get_constraintdef(oid) from pg_constraint
              where conrelid = 'job_queue'::regclass and contype = 'c'
                and pg_get_constraintdef(oid) like '%waiting%cancelled%'",
        )
        .await;
    rule.split('\'').skip(1).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn every_state_that_a_job_can_have_is_shown_counted_and_filtered_by() {
    let app = TestApp::new().await.idle().await.leaves_jobs();
    let statuses = reachable(&app).await;
    assert_eq!(statuses.len(), 5);
    for status in &statuses {
        sqlx::query(
            "insert into job_queue (organization_id, id, kind, payload, max_attempts, status, holder, leased_until, last_error)
             values ($1::uuid, gen_random_uuid(), 'kind.' || $2, '{}', 5, $2,
                     case $2 when 'running' then gen_random_uuid() end,
                     case $2 when 'running' then now() + interval '1 hour' end, 'why-' || $2)",
        )
        .bind(INITECH.org)
        .bind(status)
        .execute(&app.owner)
        .await
        .unwrap();
    }
    let mut pat = app.sign_in(PAT).await;

    let all = pat.get("/admin/jobs").await.text();
    for status in &statuses {
        let (_, word) = STATUSES.iter().find(|(key, _)| key == status).expect("each has its word");
        assert!(all.contains(&format!("Kind {status} {word} Initech")), "{status}: {all}");
        let one = pat.get(&format!("/admin/jobs?status={status}")).await;
        assert!(one.text().contains(&format!("why-{status}")), "{status}: {}", one.text());
        assert_eq!(one.body.matches("<li class=\"job\"").count(), 1, "{status}");
    }
}

#[tokio::test]
async fn jobs_are_filtered_by_kind_and_by_workspace() {
    let app = TestApp::new().await;
    let mut pat = app.sign_in(PAT).await;

    let of_initech = pat.get(&format!("/admin/jobs?organization={}&kind=jobs.trial", INITECH.org)).await;
    assert!(of_initech.text().contains("Jobs trial Done Initech"), "{}", of_initech.text());
    assert!(!of_initech.text().contains("Acme"));
    assert!(pat.get("/admin/jobs?kind=no.such").await.text().contains("Nothing stands like this"));
}

#[tokio::test]
async fn a_failed_job_of_anybody_is_tried_again_and_one_that_waits_is_called_off() {
    let app = TestApp::new().await;
    sqlx::query("update job_queue set status = 'failed'").execute(&app.owner).await.unwrap();
    let mut pat = app.sign_in(PAT).await;
    let job = format!("/admin/jobs/{}/{}", INITECH.org, INITECH.job);
    let status = async || -> String {
        app.stored("select status from job_queue where id = '00000000-0000-7000-8000-0000000005b1'").await
    };

    assert_eq!(pat.post(&format!("{job}/retry"), "").await.status, 303);
    assert_eq!(status().await, "waiting");
    assert_eq!(pat.post(&format!("{job}/cancel"), "").await.status, 303);
    assert_eq!(status().await, "cancelled");
    assert_eq!(pat.post(&format!("{job}/cancel"), "").await.status, 404, "it is called off already");
    let told: String = app
        .stored(
            "select string_agg(action || ' ' || (after ->> 'organization'), ', ' order by seq) from audit_log
              where organization_id = '00000000-0000-7000-8000-000000000000'",
        )
        .await;
    assert_eq!(told, format!("jobs.retried {0}, jobs.called_off {0}", INITECH.org));
}

#[tokio::test]
async fn a_schedule_is_run_now_when_somebody_asks() {
    let app = TestApp::new().await.idle().await;
    schedule::keep(&app.app, &app::schedules()).await.unwrap();
    let mut pat = app.sign_in(PAT).await;
    let due = "select count(*) from job_schedules where next_run_at <= now()";
    assert_eq!(app.stored::<i64>(due).await, 0);

    assert_eq!(pat.post("/admin/jobs/schedules/accounts.sweep/run", "").await.status, 303);

    assert_eq!(app.stored::<i64>(due).await, 1);
    assert_eq!(pat.post("/admin/jobs/schedules/no.such/run", "").await.status, 404);
}
