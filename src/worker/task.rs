//! A name, a pace, and what to do.

use std::{pin::Pin, sync::Arc, time::Duration};

use crate::web::App;

type Work = Pin<Box<dyn Future<Output = anyhow::Result<u64>> + Send>>;

/// Something done again and again. Says how many things it dealt with.
#[derive(Clone)]
pub struct Task {
    pub name: &'static str,
    pub every: Duration,
    work: Arc<dyn Fn(App) -> Work + Send + Sync>,
}

impl Task {
    pub fn new<F, W, E>(name: &'static str, every: Duration, work: F) -> Self
    where
        F: Fn(App) -> W + Send + Sync + 'static,
        W: Future<Output = Result<u64, E>> + Send + 'static,
        E: Into<anyhow::Error>,
    {
        let work = move |app: App| -> Work {
            let done = work(app);
            Box::pin(async move { done.await.map_err(Into::into) })
        };
        Self { name, every, work: Arc::new(work) }
    }

    pub(super) async fn work(&self, app: &App) -> anyhow::Result<u64> {
        (self.work)(app.clone()).await
    }
}
