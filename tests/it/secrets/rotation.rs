//! KEY-2: a new master key beside readers, killed on the way; and two-factor secrets, which move too.

use groundswell::{
    crypto::{Keys, Purpose, sealed},
    secrets::{SecretId, rotation, standing},
    tenancy::OrgId,
    web::App,
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::{kept, revealed};
use crate::{
    accounts::{code, enter, turn_on_two_factor},
    support::{
        TestApp,
        cluster::{self, Role},
        tenant::ACME,
    },
};

const NEXT: &str = "6f";

fn next_alone() -> Keys {
    Keys::parse(&NEXT.repeat(32)).unwrap()
}

/// The application after the next key was made and everything was restarted.
fn restarted(app: &TestApp) -> App {
    let keys = next_alone().reading_with(app.app.keys.clone());
    App { keys, ..app.app.clone() }
}

/// A thousand secrets in forty organizations, with their values.
async fn a_thousand(app: &TestApp) -> Vec<(OrgId, SecretId, String)> {
    let mut all = Vec::new();
    for n in 0..40 {
        let org = OrgId::new();
        let sql = format!(
            "insert into organizations (id, slug, name, kind, created_at, updated_at)
             values ('{org}', 'many-{n}', 'Many {n}', 'direct', now(), now())"
        );
        sqlx::query(AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
        for secret in 0..25 {
            let value = format!("value-{n}-{secret}");
            all.push((org, kept(app, org, ACME.people[0], &format!("No. {secret}"), &value).await, value));
        }
    }
    all
}

/// Lets the work go on until it waits for the key of the nth organization, which somebody else holds, then
/// drops it where it stands, as a kill does: whatever was not committed is gone. `false` when it was over.
async fn killed_at(n: i64, app: &TestApp, work: impl Future) -> bool {
    let owner = cluster::endpoint(&app.database, Role::Owner);
    let mut conn = PgConnection::connect_with(&owner.0).await.unwrap();
    let mut holding = conn.begin().await.unwrap();
    let hold = "select 1 from organization_keys where organization_id =
                    (select organization_id from organization_keys order by 1 offset $1 limit 1) for update";
    sqlx::query(hold).bind(n).execute(&mut *holding).await.unwrap();
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let watching = async { while app.stored::<i64>(waiting).await == 0 {} };
    let is_killed = tokio::select! {
        () = watching => true,
        _ = work => false,
    };
    holding.rollback().await.unwrap();
    is_killed
}

async fn on_the_old_key(app: &TestApp) -> i64 {
    let old = data_encoding::HEXLOWER.encode(&app.app.keys.id().0);
    let sql = format!("select count(*) from organization_keys where encode(key_id, 'hex') = '{old}'");
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&app.owner).await.unwrap()
}

#[tokio::test]
async fn a_thousand_secrets_are_read_without_failure_while_they_move_and_the_mover_is_killed_three_times() {
    let app = TestApp::new().await;
    let all = a_thousand(&app).await;
    let rotating = restarted(&app);
    let before = on_the_old_key(&app).await;
    assert!(before >= 42, "{before}");

    let mut killed = 0;
    let mut remaining = vec![before];
    let moving = async {
        for n in [8, 16, 24] {
            killed += usize::from(killed_at(n, &app, rotation::rotate(&rotating)).await);
            remaining.push(on_the_old_key(&app).await);
        }
        rotation::rotate(&rotating).await.unwrap()
    };
    let reading = async {
        for (org, id, value) in &all {
            let read = revealed(&app, &rotating.keys, *org, *id).await;
            assert_eq!(read.unwrap().as_deref(), Some(value.as_str()));
        }
    };
    let (done, ()) = tokio::join!(moving, reading);

    assert_eq!(killed, 3, "{remaining:?}");
    assert_eq!(remaining, [before, before - 8, before - 16, before - 24], "it was killed midway");
    assert!(done.left.is_empty(), "{:?}", done.left);
    assert_eq!(on_the_old_key(&app).await, 0);
    assert_eq!(rotation::rotate(&rotating).await.unwrap().data_keys, 0, "nothing is left to do");
    // The former key is taken away.
    for (org, id, value) in &all {
        assert_eq!(revealed(&app, &next_alone(), *org, *id).await.unwrap().as_deref(), Some(value.as_str()));
    }
}

#[tokio::test]
async fn two_factor_secrets_move_too_those_from_before_keys_had_names_included() {
    let app = TestApp::new().await;
    let factor = turn_on_two_factor(&app, &mut enter(&app, "olga@acme.test").await).await;
    let mia = turn_on_two_factor(&app, &mut enter(&app, "mia@acme.test").await).await;
    nameless(&app, ACME.people[1], &mia.secret).await;
    assert!(standing::idle(&app.app.db, &restarted(&app).keys).await.unwrap().is_empty());

    let done = rotation::rotate(&restarted(&app)).await.unwrap();

    assert_eq!((done.two_factor_secrets, done.left.len()), (2, 0));
    let idle = standing::idle(&app.app.db, &restarted(&app).keys).await.unwrap();
    assert_eq!(idle, [app.app.keys.id()]);
    let alone = App { keys: next_alone(), ..app.app.clone() };
    for (person, factor) in [(ACME.people[0], factor), (ACME.people[1], mia)] {
        let right = code(&app, &factor.secret, 1);
        let person = person.parse().unwrap();
        assert!(groundswell::accounts::two_factor::check(&alone, person, &right).await.unwrap());
    }
}

/// Stores a person's secret as the first version did: without the name of the key.
async fn nameless(app: &TestApp, person: &str, secret: &str) {
    let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let named =
        sealed::seal(&app.app.keys, Purpose::TwoFactorSecret, &["users", "totp_secret", person], &secret);
    let named = named.unwrap();
    let nameless = [&[1], named.strip_prefix(sealed::prefix(app.app.keys.id()).as_slice()).unwrap()].concat();
    let store =
        sqlx::query("update users set totp_secret = $1 where id = $2::uuid").bind(nameless).bind(person);
    assert_eq!(store.execute(&app.owner).await.unwrap().rows_affected(), 1);
}

#[tokio::test]
async fn what_cannot_be_opened_is_named_and_the_rest_moves() {
    let app = TestApp::new().await;
    sqlx::query("update organization_keys set wrapped_key = set_byte(wrapped_key, 80, get_byte(wrapped_key, 80) # 1) where organization_id = $1::uuid")
        .bind(ACME.org)
        .execute(&app.owner)
        .await
        .unwrap();

    let done = rotation::rotate(&restarted(&app)).await.unwrap();

    assert_eq!(done.data_keys, 1);
    assert!(done.left.len() == 1 && done.left[0].contains(ACME.org), "{:?}", done.left);
    assert!(standing::idle(&app.app.db, &restarted(&app).keys).await.unwrap().is_empty(), "still needed");
}
