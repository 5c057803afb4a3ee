//! Every column that may hold something secret is on a list, with how it is kept.

use std::collections::BTreeSet;

use crate::support::{TestApp, rows};

/// How a column keeps what is in it.
#[derive(Debug, PartialEq, Eq)]
enum Kept {
    /// Encrypted; nobody reads it without a master key.
    Sealed,
    /// As a hash, of a password or of something with at least 80 random bits.
    Hashed,
    /// Not secret at all; the reason says why it looks as if.
    Open(&'static str),
}

/// Every column of octets, and every one whose name sounds secret.
const COLUMNS: &[(&str, &str, Kept)] = &[
    ("audit_heads", "hash", Kept::Open("is over rows that its readers see")),
    ("audit_log", "hash", Kept::Open("is over a row that its readers see")),
    ("audit_log", "previous_hash", Kept::Open("is over a row that its readers see")),
    ("brand_profiles", "logo", Kept::Open("is a picture that others see")),
    ("channel_outbox", "address_hash", Kept::Open("is of an address that stands beside it")),
    ("contact_fields", "key", Kept::Open("names a field")),
    ("design_versions", "sha256", Kept::Open("is of a design that its readers see")),
    ("export_pieces", "bytes", Kept::Open("is a file that its people see, for a week")),
    ("import_pieces", "bytes", Kept::Open("is a file that its people see")),
    ("imports", "shape", Kept::Open("is of names of columns that its readers see")),
    ("invitations", "token_hash", Kept::Hashed),
    ("job_queue", "dedupe_key", Kept::Open("names a job, and lets nobody in")),
    (
        "mail_messages",
        "source",
        Kept::Open("waits to be sent, with links in it; cut to its headers once it was"),
    ),
    ("mail_messages", "idempotency_key", Kept::Open("names a message, and lets nobody in")),
    ("kept_mail", "source", Kept::Open("is mail that its people read")),
    ("mail_servers", "secret_id", Kept::Open("names a secret, and opens none")),
    ("mailed_links", "token_hash", Kept::Hashed),
    ("organization_keys", "key_id", Kept::Open("names a master key, and tells nothing about it")),
    ("organization_keys", "wrapped_key", Kept::Sealed),
    ("recovery_codes", "code_hash", Kept::Hashed),
    ("roles", "key", Kept::Open("names a role")),
    ("secrets", "ciphertext", Kept::Sealed),
    ("secrets", "data_key_version", Kept::Open("is a number")),
    ("sending_domains", "ed25519_secret_id", Kept::Open("names a secret, and opens none")),
    ("sending_domains", "rsa_secret_id", Kept::Open("names a secret, and opens none")),
    ("suppressions", "address_hash", Kept::Open("is of an address that stands beside it")),
    ("user_avatars", "image", Kept::Open("is a picture that others see")),
    ("users", "password_hash", Kept::Hashed),
    ("users", "totp_secret", Kept::Sealed),
    ("web_sessions", "id_hash", Kept::Hashed),
];

/// Parts of a name that sound secret.
const SOUNDS: &[&str] = &["secret", "token", "password", "key", "credential", "private", "cipher", "hash"];

#[tokio::test]
async fn every_column_that_may_hold_something_secret_is_on_the_list_and_no_other() {
    let app = TestApp::new().await;
    let octets: Vec<(String, String)> = sqlx::query_as(
        "select table_name::text, column_name::text from information_schema.columns
          where table_schema = 'public' and data_type = 'bytea' and table_name <> '_sqlx_migrations'",
    )
    .fetch_all(&app.owner)
    .await
    .unwrap();
    let sounding = rows::columns(&app.owner).await.into_iter().filter(|(_, column)| {
        column.split('_').any(|word| SOUNDS.iter().any(|sound| word.trim_end_matches('s') == *sound))
    });
    let found: BTreeSet<(String, String)> = octets.into_iter().chain(sounding).collect();
    let listed: BTreeSet<(String, String)> =
        COLUMNS.iter().map(|(table, column, _)| ((*table).to_owned(), (*column).to_owned())).collect();
    assert_eq!(found, listed, "say in COLUMNS how the new one is kept");
    for (table, column, kept) in COLUMNS {
        assert!(!matches!(kept, Kept::Open(reason) if reason.len() < 10), "{table}.{column} needs a reason");
    }
}

#[tokio::test]
async fn what_is_sealed_names_its_key_or_belongs_to_one_that_does() {
    let app = TestApp::new().await;
    let sealed: Vec<&str> = COLUMNS.iter().filter(|c| c.2 == Kept::Sealed).map(|c| c.0).collect();
    assert_eq!(sealed, ["organization_keys", "secrets", "users"], "tell secrets::rotation and this test");
    let unnamed: i64 = app
        .stored("select count(*) from organization_keys where substring(wrapped_key from 1 for 1) <> '\\x02'")
        .await;
    assert_eq!(unnamed, 0);
}
