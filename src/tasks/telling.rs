//! What was done, in words, for the timeline of a contact.

use serde_json::Value;
use uuid::Uuid;

use super::{
    ViewTasks,
    happened::{TaskDone, TaskReopened},
    queries,
};
use crate::{
    events::{
        Event, Recorded,
        timeline::{Teller, Told},
    },
    tenancy::{OrgTx, Permission},
};

pub const TELLER: Teller = Teller {
    kinds: &[TaskDone::KIND, TaskReopened::KIND],
    tell: |tx, happened| Box::pin(tell(tx, happened)),
};

async fn tell(tx: &mut OrgTx, happened: &[Recorded]) -> sqlx::Result<Vec<Told>> {
    let all: Vec<Uuid> = happened.iter().filter_map(task).collect();
    let titles = queries::named(tx, &all).await?;
    let told = |one: &Recorded| {
        let id = task(one);
        let title = id.and_then(|id| titles.get(&id));
        let title = title.map_or_else(|| "A task".to_owned(), |title| format!("Task “{title}”"));
        let what = if one.kind == TaskDone::KIND { "done" } else { "open again" };
        let path = id.map_or_else(String::new, |id| format!("/tasks/{id}"));
        Told { words: format!("{title} {what}"), path, needs: ViewTasks::KEY }
    };
    Ok(happened.iter().map(told).collect())
}

/// Every event of a task says which.
fn task(happened: &Recorded) -> Option<Uuid> {
    happened.payload.get("task").and_then(Value::as_str)?.parse().ok()
}
