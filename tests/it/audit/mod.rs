//! The audit log: that it is written, that nobody changes it, and that whoever does is found out.

pub(crate) mod chain;
mod completeness;

use groundswell::{
    audit::{Actor, Entry},
    tenancy::{FoundingScope, OrgTx},
};
use serde_json::json;
use uuid::Uuid;

use crate::support::TestApp;

/// An organization of its own with a log of so many rows; gives its id.
pub(crate) async fn logged(app: &TestApp, rows: usize) -> Uuid {
    let scope = FoundingScope::new(app.app.db.clone(), Actor::machine("a test"));
    let mut tx = scope.enter().await.unwrap();
    let sql = "insert into organizations (id, slug, name, kind, created_at, updated_at)
               values ($1, $2, 'Logged', 'direct', now(), now())";
    let slug = format!("logged-{}", scope.org.0.simple());
    sqlx::query(sql).bind(scope.org.0).bind(slug).execute(tx.conn()).await.unwrap();
    for n in 0..rows {
        write(app, &mut tx, n).await;
    }
    tx.commit().await.unwrap();
    scope.org.0
}

async fn write(app: &TestApp, tx: &mut OrgTx, n: usize) {
    let entry =
        Entry::new("members.invited").on("user", Uuid::now_v7(), &format!("Person “{n}” \u{1f} ,\"x\""));
    tx.record(entry.before(json!({ "n": n })).after(json!({ "n": n + 1 })), app.app.clock.now())
        .await
        .unwrap();
}
