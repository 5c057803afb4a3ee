//! KEY-1: a sealed value opens in its own row, column, table and organization, whole, and nowhere else.

use groundswell::crypto::{DataKey, Keys, Purpose, sealed};
use sqlx::AssertSqlSafe;

use super::{OF_ACME, OF_INITECH, id, inside, kept, revealed};
use crate::support::{
    TestApp,
    tenant::{ACME, INITECH},
};

async fn owner(app: &TestApp, sql: impl Into<String>) {
    let sql = sql.into();
    let done = sqlx::query(AssertSqlSafe(sql.clone())).execute(&app.owner).await;
    assert!(done.unwrap_or_else(|error| panic!("{error}: {sql}")).rows_affected() > 0, "{sql}");
}

async fn acme(app: &TestApp) -> Option<String> {
    revealed(app, &app.app.keys, ACME.org.parse().unwrap(), id(&ACME)).await.ok().flatten()
}

async fn initech(app: &TestApp) -> Option<String> {
    revealed(app, &app.app.keys, INITECH.org.parse().unwrap(), id(&INITECH)).await.ok().flatten()
}

#[tokio::test]
async fn what_stays_in_its_place_opens() {
    let app = TestApp::new().await;
    assert_eq!(acme(&app).await.as_deref(), Some(OF_ACME));
    assert_eq!(initech(&app).await.as_deref(), Some(OF_INITECH));
}

#[tokio::test]
async fn a_ciphertext_moved_to_another_row_does_not_open() {
    let app = TestApp::new().await;
    let other = kept(&app, ACME.org.parse().unwrap(), ACME.people[0], "Another", "another-value").await;

    owner(
        &app,
        format!(
            "update secrets set ciphertext = (select ciphertext from secrets where id = '{other}') where id = '{}'",
            ACME.secret
        ),
    )
    .await;

    assert_eq!(acme(&app).await, None);
}

#[tokio::test]
async fn neither_a_value_nor_a_key_opens_in_another_organization() {
    let (ours, theirs) = (ACME.org, INITECH.org);
    for moves in [
        // The value alone.
        vec![format!(
            "update secrets t set ciphertext = f.ciphertext from secrets f where f.organization_id = '{theirs}' and t.organization_id = '{ours}'"
        )],
        // The key alone.
        vec![format!(
            "update organization_keys t set wrapped_key = f.wrapped_key from organization_keys f where f.organization_id = '{theirs}' and t.organization_id = '{ours}'"
        )],
        // Both.
        vec![
            format!(
                "update secrets t set ciphertext = f.ciphertext from secrets f where f.organization_id = '{theirs}' and t.organization_id = '{ours}'"
            ),
            format!(
                "update organization_keys t set wrapped_key = f.wrapped_key from organization_keys f where f.organization_id = '{theirs}' and t.organization_id = '{ours}'"
            ),
        ],
        // Both, and under the very id it had there.
        vec![
            "delete from sending_domains".to_owned(),
            format!("delete from secrets where organization_id = '{ours}'"),
            format!(
                "update organization_keys t set wrapped_key = f.wrapped_key from organization_keys f where f.organization_id = '{theirs}' and t.organization_id = '{ours}'"
            ),
            format!("update secrets set organization_id = '{ours}' where organization_id = '{theirs}'"),
        ],
    ] {
        let app = TestApp::new().await;
        for sql in &moves {
            owner(&app, sql.clone()).await;
        }
        for id in [id(&ACME), id(&INITECH)] {
            let opened = revealed(&app, &app.app.keys, ours.parse().unwrap(), id).await.ok().flatten();
            assert_eq!(opened, None, "{moves:?}");
        }
    }
}

#[tokio::test]
async fn a_key_moved_to_another_version_does_not_open() {
    let app = TestApp::new().await;
    owner(
        &app,
        format!(
            "insert into organization_keys (organization_id, version, wrapped_key, created_at)
             select organization_id, 2, wrapped_key, now() from organization_keys where organization_id = '{}'",
            ACME.org
        ),
    )
    .await;
    owner(&app, format!("update secrets set data_key_version = 2 where id = '{}'", ACME.secret)).await;
    assert_eq!(acme(&app).await, None);
}

#[tokio::test]
async fn each_byte_counts_of_the_value_and_of_the_key() {
    let app = TestApp::new().await;
    let (mut flipped, mut opened) = (0, 0);
    for (table, column) in [("secrets", "ciphertext"), ("organization_keys", "wrapped_key")] {
        let length = format!("select length({column}) from {table} where organization_id = '{}'", ACME.org);
        let length: i32 = sqlx::query_scalar(AssertSqlSafe(length)).fetch_one(&app.owner).await.unwrap();
        for at in 0..length {
            let flip = format!(
                "update {table} set {column} = set_byte({column}, {at}, get_byte({column}, {at}) # 1)
                  where organization_id = '{}'",
                ACME.org
            );
            owner(&app, flip.clone()).await;
            flipped += 1;
            opened += usize::from(acme(&app).await.is_some());
            owner(&app, flip).await;
        }
    }
    assert!(flipped >= 60 + 81, "{flipped}");
    assert_eq!(opened, 0, "of {flipped}");
    assert_eq!(acme(&app).await.as_deref(), Some(OF_ACME), "whole again");
}

#[test]
fn the_table_and_the_column_are_part_of_the_place() {
    let keys = Keys::parse(&"5e".repeat(32)).unwrap();
    let key = DataKey::random().unwrap();
    let place = ["secrets", "ciphertext", ACME.org, ACME.secret];
    let value = key.seal(&place, b"hush").unwrap();
    let wrapped = key.wrap(&keys, &place).unwrap();

    assert_eq!(key.open(&place, &value).unwrap(), b"hush");
    for (at, other) in [(0, "channels"), (1, "last_error"), (2, INITECH.org), (3, INITECH.secret)] {
        let mut elsewhere = place;
        elsewhere[at] = other;
        assert!(key.open(&elsewhere, &value).is_err(), "{other}");
        assert!(DataKey::unwrap(&keys, &elsewhere, &wrapped).is_err(), "{other}");
    }
    for purpose in [Purpose::FormToken, Purpose::KnownDevice, Purpose::TwoFactorSecret] {
        assert!(sealed::open(&keys, purpose, &place, &wrapped).is_err(), "{purpose:?}");
    }
    assert!(sealed::open(&keys, Purpose::DataKey, &place, &wrapped).is_ok());
}

#[tokio::test]
async fn two_who_keep_the_first_secret_at_once_share_one_key() {
    let app = TestApp::new().await;
    let org = "00000000-0000-7000-8000-00000000000c".parse().unwrap();
    let by = ACME.people[0];

    let (one, other) =
        tokio::join!(kept(&app, org, by, "One", "first"), kept(&app, org, by, "Other", "second"));

    assert_eq!(revealed(&app, &app.app.keys, org, one).await.unwrap().as_deref(), Some("first"));
    assert_eq!(revealed(&app, &app.app.keys, org, other).await.unwrap().as_deref(), Some("second"));
    let keys: i64 =
        app.stored("select count(*) from organization_keys where organization_id::text like '%0c'").await;
    assert_eq!(keys, 1);
}

#[tokio::test]
async fn another_organization_s_secret_is_not_there() {
    let app = TestApp::new().await;
    let mut tx = inside(&app, &ACME).await;
    let keys = &app.app.keys;
    let now = app.app.clock.now();
    assert!(groundswell::secrets::reveal_for_use(&mut tx, keys, id(&INITECH), now).await.unwrap().is_none());
    assert!(!groundswell::secrets::forget(&mut tx, id(&INITECH)).await.unwrap());
    assert!(!groundswell::secrets::replace(&mut tx, keys, id(&INITECH), &"x".into(), now).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(initech(&app).await.as_deref(), Some(OF_INITECH));
}
