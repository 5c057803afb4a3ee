//! One attempt at one job, from its claim to what is written down of it.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;
use serde_json::Value;
use tokio::time::timeout;
use uuid::Uuid;

use super::queries::{self, Claimed, Ending};
use crate::{
    jobs::{AtWork, Failure, Kinds},
    web::App,
};

/// Characters of an error that are kept.
const KEPT: usize = 2000;

/// Does a claimed job once, and writes down how it went.
pub(super) async fn attempt(app: App, kinds: Kinds, holder: Uuid, claimed: Claimed) {
    let at_work = AtWork {
        org: claimed.organization_id,
        id: claimed.id,
        attempt: claimed.attempts,
        holder,
        queue: app.queue.clone(),
        known: kinds.known(),
    };
    let ended = run(&app, &kinds, &at_work, &claimed).await;
    let pause = kinds.get(&claimed.kind).map_or(Duration::ZERO, |kind| (kind.pause)(claimed.attempts));
    let is_last = claimed.attempts >= claimed.max_attempts;
    let error = ended.as_ref().err().map(in_one_line).unwrap_or_default();
    let ending = match &ended {
        Ok(()) => Ending { status: "done", error: "", pause: Duration::ZERO },
        // Written only where it was called off: whoever has it now tells of it.
        Err(Failure::Lost) => Ending { status: "waiting", error: "", pause: Duration::ZERO },
        Err(Failure::NotYet(pause)) => Ending { status: "waiting", error: "", pause: *pause },
        Err(Failure::Never(_)) => Ending { status: "failed", error: &error, pause },
        Err(_) if is_last => Ending { status: "failed", error: &error, pause },
        Err(Failure::After(pause, _)) => Ending { status: "waiting", error: &error, pause: *pause },
        Err(Failure::Again(_)) => Ending { status: "waiting", error: &error, pause },
    };
    if ended.as_ref().is_err_and(|error| !matches!(error, Failure::NotYet(_))) {
        let (id, kind) = (claimed.id, &claimed.kind);
        tracing::warn!(job.id = %id, job.kind = kind, attempt = claimed.attempts, error, "The job {id} ({kind}) failed");
    }
    // A job whose ending cannot be written is done again when its lease ends: doing it twice does it once.
    let was_none = matches!(ended, Err(Failure::NotYet(_)));
    let written =
        async { queries::end(&mut *app.queue.connection().await?, &at_work, &ending, was_none).await };
    if let Err(error) = written.await {
        tracing::warn!(job.id = %claimed.id, error = %error, "How the job {} ended could not be written: {error}", claimed.id);
    }
}

async fn run(app: &App, kinds: &Kinds, at_work: &AtWork, claimed: &Claimed) -> Result<(), Failure> {
    let Some(kind) = kinds.get(&claimed.kind) else {
        return Err(Failure::Never("this program does not know this kind of work".to_owned()));
    };
    if names_another(&claimed.payload, claimed.organization_id) {
        return Err(Failure::Never(
            "the job names another organization than the one it belongs to".to_owned(),
        ));
    }
    let work = kind.run(app.clone(), at_work.clone(), claimed.payload.clone());
    match AssertUnwindSafe(timeout(kind.time_limit, work)).catch_unwind().await {
        Ok(Ok(Err(Failure::Again(error)))) if is_orphaned(&error) => {
            Err(Failure::Never("the organization that the job belongs to is not there any more".to_owned()))
        }
        Ok(Ok(ended)) => ended,
        Ok(Err(_)) => {
            let seconds = kind.time_limit.as_secs();
            Err(Failure::Again(anyhow::anyhow!("it took longer than {seconds} seconds")))
        }
        Err(panic) => {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a word");
            Err(Failure::Again(anyhow::anyhow!("it panicked: {said}")))
        }
    }
}

/// Names under which a job would say whose it is.
const OWNERS: &[&str] = &["organization_id", "organization", "org_id", "org"];

/// Whether the payload, which anybody may have written, claims another organization than the row has: the
/// row decides whose rows the work can reach, and where the two differ nobody knows what was meant.
fn names_another(payload: &Value, org: Uuid) -> bool {
    match payload {
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            let is_owner = OWNERS.contains(&name.as_str());
            (is_owner && value.as_str() != Some(&org.to_string())) || names_another(value, org)
        }),
        Value::Array(all) => all.iter().any(|value| names_another(value, org)),
        _ => false,
    }
}

/// Whether the work was refused because its organization does not exist: it never will again.
fn is_orphaned(error: &anyhow::Error) -> bool {
    let database = |cause: &sqlx::Error| {
        cause.as_database_error().is_some_and(|error| {
            error.is_foreign_key_violation()
                && error.constraint().is_some_and(|name| name.ends_with("_organization_id_fkey"))
        })
    };
    error.chain().filter_map(|cause| cause.downcast_ref::<sqlx::Error>()).any(database)
}

/// The error and its causes without line ends: they end up in lists and logs.
fn in_one_line(error: &Failure) -> String {
    error.to_string().replace(char::is_control, " ").chars().take(KEPT).collect()
}
