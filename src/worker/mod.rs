//! What is done beside requests: delivering mail, sweeping out what has expired.
//!
//! Owns `worker_tasks`. A task has a name and a pace. Several processes may run the same tasks: one at
//! a time holds a task, by a lease that it renews, and another takes over when it falls silent. What a
//! task does must also be right when two do it at once; the lease only saves work. Always true: a task
//! that fails is tried again, its failure is logged when it begins and when it ends, and the row of
//! each task says when it last did its work, so that silence can be seen.
//!
//! - [`task`]: a name, a pace, and what to do
//! - [`lease`]: whose turn it is, and what was done (all SQL)
//! - [`running`]: the loop of one task
//! - [`gauges`]: what those who watch over the installation see of the tasks

pub mod gauges;
mod lease;
mod running;
pub mod task;

use tokio::task::JoinSet;

pub use lease::{Report, reports};
pub use task::Task;

use crate::web::App;

/// Runs every task at its pace until `stop` returns. What was begun is finished.
pub async fn run(app: App, tasks: Vec<Task>, stop: impl Future<Output = ()> + Send + 'static) {
    let (stopped, stopping) = tokio::sync::watch::channel(false);
    let mut running = JoinSet::new();
    for task in tasks {
        running.spawn(running::run(app.clone(), task, stopping.clone()));
    }
    stop.await;
    let _ = stopped.send(true);
    while running.join_next().await.is_some() {}
}

/// Does the work of every task once, now. For tests, which do not wait.
pub async fn run_once(app: &App, tasks: &[Task]) -> anyhow::Result<u64> {
    let mut items = 0;
    for task in tasks {
        items += task.work(app).await?;
    }
    Ok(items)
}
