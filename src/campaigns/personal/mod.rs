//! What campaigns hold of a person: what they were sent, and what they did with it.

mod queries;

use crate::{
    outbox,
    personal::{Held, Retention, held::Fate},
};

/// Reports count people: the rows stay under an id that leads to nobody any more.
pub const HELD: &[Held] = &[
    Held {
        table: "kept_mail",
        words: "Mails to them that were kept here",
        personal: &["recipient", "subject", "source"],
        plain: &[],
        fate: Fate::Deleted,
        then: "deleted, also those to colleagues that were tried out with them",
        rows: |tx, who| Box::pin(queries::kept(tx, who)),
        erase: |tx, who| Box::pin(queries::erase_kept(tx, who)),
    },
    Held {
        table: "channel_outbox",
        words: "Messages to them, as they left",
        personal: &["address_hash", "detail"],
        plain: &["channel", "status", "reason"],
        fate: Fate::Blanked,
        then: "kept for the counts, with the hash of the address alone; what waited to be sent is called off",
        rows: |tx, who| {
            Box::pin(async move {
                let sources = queries::sources(tx, who.id).await?;
                outbox::personal::rows(tx, who.id, &sources).await
            })
        },
        erase: |tx, who| {
            Box::pin(async move {
                let sources = queries::sources(tx, who.id).await?;
                outbox::personal::blank(tx, who.id, &sources).await
            })
        },
    },
    Held {
        table: "link_clicks",
        words: "Links that they followed",
        personal: &[],
        plain: &[],
        fate: Fate::Blanked,
        then: "kept for the counts, under an id that leads to nobody",
        rows: |tx, who| Box::pin(queries::clicks(tx, who.id)),
        erase: |tx, who| Box::pin(queries::count_clicks(tx, who.id)),
    },
    Held {
        table: "recipients",
        words: "Campaigns that they were sent, and what they did",
        personal: &["address", "merge", "bounce_detail"],
        plain: &["skipped", "bounce", "bounce_reason"],
        fate: Fate::Blanked,
        then: "kept for the counts, without address and merge fields",
        rows: |tx, who| Box::pin(queries::recipients(tx, who.id)),
        erase: |tx, who| Box::pin(queries::blank_recipients(tx, who.id)),
    },
];

/// Mail that was kept because there is no server.
pub const KEPT: Retention = Retention {
    key: "kept_mail",
    words: "Mails kept in the built-in mailbox",
    about: "A mail that was kept here because there is no mail server is deleted so long after it was kept. The \
            campaign's report stays.",
    usual: 90,
    least: 1,
    most: 3_650,
    count: |tx, before| Box::pin(queries::count_kept(tx, before)),
    at_once: 1_000,
    forget: |tx, cut, at_most| Box::pin(queries::forget_kept(tx, cut.before, at_most)),
};
