//! The log of what happened, and who hears of it.

mod hearing;
mod months;

use groundswell::{
    events::{self, Event, Listener, Listeners, listener::Tell},
    jobs::{Kinds, worker},
    tenancy::JobScope,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::support::TestApp;

/// Something that happened, for these tests.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(crate) struct BellRang {
    pub times: u32,
}

impl Event for BellRang {
    const KIND: &'static str = "bell.rang";
}

pub(crate) async fn ring(app: &TestApp, org: &str, times: u32) {
    let org: Uuid = org.parse().unwrap();
    let mut tx = JobScope::new(app.app.db.clone(), org.into(), "a test").enter().await.unwrap();
    events::record(&mut tx, &BellRang { times }).await.unwrap();
    tx.commit().await.unwrap();
}

/// Tells these listeners all there is to be told.
pub(crate) async fn tell(app: &TestApp, listeners: Vec<Listener>) {
    let kinds = Kinds::default().with::<Tell>().knowing(Listeners::new(listeners));
    worker::run_due(&app.app, &kinds).await.unwrap();
}

/// Tells this listener until there is nothing left to tell: other tests' transactions may hold it up.
pub(crate) async fn tell_all(app: &TestApp, listener: Listener) {
    let waiting = "select exists (select 1 from job_queue where kind = 'events.tell' and status = 'waiting')";
    while app.stored::<bool>(waiting).await {
        app.skip_pauses().await;
        tell(app, vec![listener]).await;
    }
}
