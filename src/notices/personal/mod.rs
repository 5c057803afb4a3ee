//! What colleagues were told of a person, here and by mail.

mod queries;

use crate::personal::{Held, Retention, held::Fate};

/// The mails first: which they are is known from the notices.
pub const HELD: &[Held] = &[
    Held {
        table: "mail_messages",
        words: "Mails to colleagues that name them",
        personal: &["subject", "source"],
        plain: &["idempotency_key", "kind", "recipient", "status", "last_error"],
        fate: Fate::Deleted,
        then: "deleted",
        rows: |tx, who| Box::pin(queries::mails(tx, who)),
        erase: |tx, who| Box::pin(queries::erase_mails(tx, who)),
    },
    Held {
        table: "notices",
        words: "Notices to colleagues that name them",
        personal: &["title", "path"],
        plain: &["kind"],
        fate: Fate::Deleted,
        then: "deleted",
        rows: |tx, who| Box::pin(queries::notices(tx, who)),
        erase: |tx, who| Box::pin(queries::erase_notices(tx, who)),
    },
];

/// Notices that were read.
pub const READ: Retention = Retention {
    key: "read_notices",
    words: "Notices that were read",
    about: "What somebody was told and has read is deleted so long after they were told.",
    usual: 90,
    least: 7,
    most: 3_650,
    count: |tx, before| Box::pin(queries::count_read(tx, before)),
    at_once: 1_000,
    forget: |tx, cut, at_most| Box::pin(queries::forget_read(tx, cut.before, at_most)),
};
