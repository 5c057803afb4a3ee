//! Taking away what is kept no longer, once a day, so many at a time until nothing of it is left.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{cut, queries};
use crate::{
    jobs::{AtWork, Failure, Job},
    personal::{Retention, Retentions},
    tenancy::{JobScope, OrgId},
    web::App,
};

/// How long one kind in one organization may take in one run, so that the others have their turn; the rest waits for
/// tomorrow. Millions of rows go in that time.
const AT_MOST: Duration = Duration::from_secs(10 * 60);

/// Follows the rules of every organization.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ForgetOld;

impl Job for ForgetOld {
    const KIND: &'static str = "privacy.forget_old";
    const TIME_LIMIT: Duration = Duration::from_secs(2 * 60 * 60);

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let Some(kinds) = at_work.known::<Retentions>() else {
            return Err(Failure::Never("nobody said what grows old".to_owned()));
        };
        for org in queries::organizations(&app.db).await? {
            let scope = JobScope::new(app.db.clone(), OrgId(org), Self::KIND);
            for rule in queries::all(&mut scope.enter().await?).await? {
                let kind = kinds.all().iter().find(|kind| kind.key == rule.kind);
                if let (Some(kind), Some(days)) = (kind, rule.days) {
                    follow(&app, &scope, kind, days).await?;
                }
            }
        }
        Ok(())
    }
}

/// What fails of one kind stands with its rule, and holds up no other.
async fn follow(app: &App, scope: &JobScope, kind: &Retention, days: i32) -> Result<(), Failure> {
    let (mut gone, mut trouble) = (0, String::new());
    let begun = Instant::now();
    while begun.elapsed() < AT_MOST {
        match piece(app, scope, kind, days).await {
            Ok(count) => {
                gone += count;
                if count < kind.at_once {
                    break;
                }
            }
            Err(error) => {
                trouble = error.to_string();
                break;
            }
        }
    }
    let mut tx = scope.enter().await?;
    queries::ran(&mut tx, kind.key, (gone, &trouble), app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

async fn piece(app: &App, scope: &JobScope, kind: &Retention, days: i32) -> sqlx::Result<i64> {
    let mut tx = scope.enter().await?;
    let gone = (kind.forget)(&mut tx, cut(days, app.clock.now()), kind.at_once).await?;
    tx.commit().await?;
    Ok(i64::try_from(gone).unwrap_or(0))
}
