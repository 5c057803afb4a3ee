//! What the floor holds of a person: the queue of jobs and the audit log, which lie below the catalogue.

use serde_json::{Map, Value, json};

use crate::{
    audit::{self, Entry},
    jobs,
    personal::{Held, Person, held::Fate},
    tenancy::OrgTx,
};

/// The audit log comes last of all: others wait for its end.
pub const HELD: &[Held] = &[
    Held {
        table: "job_queue",
        words: "Background work that was about them",
        personal: &["payload", "last_error", "dedupe_key"],
        plain: &["kind", "status"],
        fate: Fate::Blanked,
        then: "kept for the counts, without what it was about",
        rows: |tx, who| {
            Box::pin(async move {
                let org = tx.org();
                jobs::naming(tx.conn(), org, (who.id, &who.pattern())).await
            })
        },
        erase: |tx, who| {
            Box::pin(async move {
                let org = tx.org();
                jobs::blank_naming(tx.conn(), org, (who.id, &who.pattern())).await
            })
        },
    },
    Held {
        table: "audit_log",
        words: "Entries of the audit log",
        personal: &["subject_name", "before", "after", "reason", "address"],
        plain: &[
            "actor_kind",
            "actor_name",
            "action",
            "outcome",
            "subject_kind",
            "subject_id",
            "request_id",
            "previous_hash",
            "hash",
        ],
        fate: Fate::Blanked,
        then: "kept: who did what and when, without the name and what was typed; the chain of the log stays whole",
        rows: |tx, who| {
            Box::pin(async move {
                let org = tx.org();
                audit::naming(tx.conn(), org, (who.id, &who.pattern())).await
            })
        },
        erase: |tx, who| Box::pin(blank_log(tx, who)),
    },
];

/// Takes them out of the log, and writes into it which rows have another hash since.
async fn blank_log(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let rows = audit::blank(tx.conn(), (who.id, &who.pattern())).await?;
    let told: Map<String, Value> = rows.iter().map(|(seq, now)| (seq.to_string(), json!(now))).collect();
    let erased = Entry::new("contacts.erased").on("contact", who.id, "");
    tx.record(erased.after(json!({ "rows": told })), who.at).await?;
    Ok(rows.len() as u64)
}
