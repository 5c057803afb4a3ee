//! Telling whoever has a task that it is due: once, in the transaction that says so of the task.

use serde::{Deserialize, Serialize};

use super::queries;
use crate::{
    accounts::UserId,
    jobs::{AtWork, Failure, Job},
    notices::{self, Said},
    tenancy::{JobScope, OrgId},
    web::App,
};

pub const DUE: notices::Kind = notices::Kind { key: "tasks.due", words: "A task of yours is due" };

/// Looks for tasks whose time has come, again and again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Remind;

/// Tasks in one transaction.
const AT_ONCE: i64 = 100;

impl Job for Remind {
    const KIND: &'static str = "tasks.remind";

    async fn run(self, app: App, _: AtWork) -> Result<(), Failure> {
        for org in queries::organizations_to_remind(&app.db, app.clock.now()).await? {
            while remind(&app, OrgId(org)).await? {}
        }
        Ok(())
    }
}

/// Reminds of the tasks of one organization that are due. `true` where there may be more.
async fn remind(app: &App, org: OrgId) -> Result<bool, Failure> {
    let mut tx = JobScope::new(app.db.clone(), org, Remind::KIND).enter().await?;
    let due = queries::take_due(&mut tx, app.clock.now(), AT_ONCE).await?;
    for task in &due {
        let (title, path) = (format!("Due: “{}”", task.title), format!("/tasks/{}", task.id));
        let said = Said { to: UserId(task.assignee), title, path };
        notices::tell(&mut tx, app, DUE, &said).await.map_err(anyhow::Error::from)?;
    }
    tx.commit().await?;
    Ok(i64::try_from(due.len()) == Ok(AT_ONCE))
}
