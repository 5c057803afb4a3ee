//! JOB-6: the jobs of a workspace, in every state that the database can hold, as its people see and
//! steer them.

use groundswell::jobs::list::STATUSES;
use sqlx::AssertSqlSafe;

use crate::{
    admin::jobs::reachable,
    support::{Browser, Reply, TestApp, tenant::ACME},
};

const JOBS: &str = "/w/acme/settings/jobs";

/// A job of Acme's that stands like this: never tried, or tried twice with an error; called off or not.
struct Stands {
    status: String,
    was_tried: bool,
    is_called_off: bool,
    id: uuid::Uuid,
}

impl Stands {
    /// The kind under which it is in the list, so that each is found by its own name.
    fn kind(&self) -> String {
        format!("state.{}_{}_{}", self.status, self.was_tried, self.is_called_off)
    }

    /// Whether work on it may begin: then the page says when.
    fn waits(&self) -> bool {
        self.status == "waiting"
    }
}

/// Every state: each status that the table takes, tried or not, called off while it runs or not.
async fn every_state(app: &TestApp) -> Vec<Stands> {
    let mut all = Vec::new();
    for status in reachable(app).await {
        for was_tried in [false, true] {
            for is_called_off in [false, true] {
                // Only what runs is called off and goes on for a while.
                if is_called_off && status != "running" {
                    continue;
                }
                let stands =
                    Stands { status: status.clone(), was_tried, is_called_off, id: uuid::Uuid::now_v7() };
                plant(app, &stands).await;
                all.push(stands);
            }
        }
    }
    all
}

async fn plant(app: &TestApp, stands: &Stands) {
    let sql = format!(
        "insert into job_queue (organization_id, id, kind, payload, max_attempts, status, run_at, attempts, last_error,
                                holder, leased_until, started_at, cancel_wanted_at, finished_at)
         values ('{org}', '{id}', '{kind}', '{{}}', 5, '{status}', '2026-11-22 13:37+00', {attempts}, '{error}',
                 case when {running} then gen_random_uuid() end, case when {running} then now() + interval '1 hour' end,
                 case when {running} then timestamptz '2026-11-21 08:15+00' end, case when {off} then now() end,
                 case when {over} then timestamptz '2026-11-21 08:45+00' end)",
        org = ACME.org,
        id = stands.id,
        kind = stands.kind(),
        status = stands.status,
        attempts = if stands.was_tried { 2 } else { 0 },
        error = if stands.was_tried { format!("why {}", stands.kind()) } else { String::new() },
        running = stands.status == "running",
        off = stands.is_called_off,
        over = !["waiting", "running"].contains(&stands.status.as_str()),
    );
    sqlx::query(AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
}

/// The row of this job on the page.
fn row(page: &Reply, stands: &Stands) -> Reply {
    let from = page.body.split_once(&format!("id=\"job-{}\"", stands.id));
    let (_, rest) = from.unwrap_or_else(|| panic!("{} is not shown:\n{}", stands.kind(), page.text()));
    let body = rest.split("</li>").next().unwrap_or_default();
    Reply {
        status: page.status,
        headers: page.headers.clone(),
        body: format!("<li{body}"),
        bytes: page.bytes.clone(),
    }
}

fn is_shown(row: &Reply, stands: &Stands) {
    let (text, kind) = (row.text(), stands.kind());
    let (_, word) = STATUSES.iter().find(|(key, _)| *key == stands.status).expect("each has its word");
    assert!(text.contains(word), "{kind}: no “{word}” in {text}");
    let attempts = if stands.was_tried { "2 of 5 attempts" } else { "0 of 5 attempts" };
    assert!(text.contains(attempts), "{kind}: {text}");
    assert_eq!(text.contains(&format!("why {kind}")), stands.was_tried, "{kind}: its last error in {text}");
    let moment = match stands.status.as_str() {
        "waiting" if stands.was_tried => "Next attempt",
        "waiting" => "Due",
        "running" if stands.is_called_off => "Is being called off",
        "running" => "Since",
        _ => "8:45 AM",
    };
    assert!(text.contains(moment), "{kind}: no “{moment}” in {text}");
    assert_eq!(text.contains("1:37 PM"), stands.waits(), "{kind}: when it is next tried in {text}");
}

/// A button is there exactly when it works.
async fn steers(app: &TestApp, browser: &mut Browser, row: &Reply, stands: &Stands) {
    for (what, words, becomes) in [
        ("retry", "Try now", "waiting"),
        ("cancel", "Call off", if stands.waits() { "cancelled" } else { "running" }),
    ] {
        let path = format!("{JOBS}/{}/{what}", stands.id);
        let has_button = row.body.contains(&format!("action=\"{path}\"")) && row.text().contains(words);
        let meant = match (what, stands.status.as_str()) {
            ("retry", status) => ["waiting", "failed", "cancelled"].contains(&status),
            (_, status) => ["waiting", "running"].contains(&status) && !stands.is_called_off,
        };
        assert_eq!(has_button, meant, "{}: the button to {what}", stands.kind());
        if !has_button {
            continue;
        }
        assert_eq!(browser.post(&path, "").await.status, 303, "{}: {what}", stands.kind());
        let is = format!("select status from job_queue where id = '{}'", stands.id);
        let is: String = sqlx::query_scalar(AssertSqlSafe(is)).fetch_one(&app.owner).await.unwrap();
        assert_eq!(is, becomes, "{}: {what}", stands.kind());
        sqlx::query("delete from job_queue where id = $1").bind(stands.id).execute(&app.owner).await.unwrap();
        plant(app, stands).await;
    }
}

#[tokio::test]
async fn every_state_is_shown_with_attempts_error_and_next_time_and_can_be_steered() {
    let app = TestApp::new().await.leaves_jobs();
    let all = every_state(&app).await;
    assert!(all.len() >= 12, "{} states", all.len());
    let mut olga = app.sign_in("olga@acme.test").await;
    let page = olga.get(JOBS).await;
    for stands in &all {
        let row = row(&page, stands);
        is_shown(&row, stands);
        steers(&app, &mut olga, &row, stands).await;
    }
    // Who may look and not steer sees the same without buttons.
    sqlx::raw_sql("delete from role_permissions where permission = 'jobs.edit'")
        .execute(&app.owner)
        .await
        .unwrap();
    let page = olga.get(JOBS).await;
    for stands in &all {
        let row = row(&page, stands);
        is_shown(&row, stands);
        assert!(!row.body.contains("<button"), "{}", stands.kind());
        let tried = olga.post(&format!("{JOBS}/{}/retry", stands.id), "").await;
        assert_eq!(tried.status, 403, "{}", stands.kind());
    }
}
