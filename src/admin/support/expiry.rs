//! Writing down that a grant ended by itself. It lets nobody in from that moment on, written down or not.

use serde::{Deserialize, Serialize};

use super::queries;
use crate::{
    audit::Entry,
    jobs::{AtWork, Failure, Job},
    tenancy::{self, JobScope},
    web::App,
};

/// Looks for grants whose time is over, again and again.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct EndSupport;

impl Job for EndSupport {
    const KIND: &'static str = "support.end";

    async fn run(self, app: App, _: AtWork) -> Result<(), Failure> {
        let now = app.clock.now();
        for (org, id) in tenancy::support_to_end(&app.db, now).await? {
            let mut tx = JobScope::new(app.db.clone(), org, Self::KIND).enter().await?;
            if queries::expire(&mut tx, id, now).await?
                && let Some(grant) = queries::find(&mut tx, id).await?
            {
                let ended = Entry::new("support.ended").on("support", id, &grant.user_name);
                tx.record(ended.after(grant.state()).because(&grant.reason), now).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }
}
