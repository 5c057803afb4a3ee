//! What is kept of a person: named, handed out, erased; and what is kept for how long.

mod catalogue;
mod copy;
mod erasing;
mod planted;
mod rules;

use crate::support::{Browser, TestApp, tenant::ACME};

/// Where what is kept of Zoe stands.
fn privacy() -> String {
    format!("/w/acme/contacts/{}/privacy", ACME.contact)
}

/// Somebody of Acme who may, with the application.
async fn olga() -> (TestApp, Browser) {
    let app = TestApp::new().await.leaves_jobs();
    let olga = app.sign_in("olga@acme.test").await;
    (app, olga)
}

async fn run(app: &TestApp, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&app.owner).await.expect("the statement runs");
}
