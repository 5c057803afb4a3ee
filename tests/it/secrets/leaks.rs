//! KEY-3: what is secret stands nowhere but in its ciphertext. Every secret there is sings like a canary.

use std::{
    io,
    sync::{Arc, Mutex},
};

use axum::http::Method;
use groundswell::{app, sample, secrets, web::routes::Access};
use secrecy::{ExposeSecret, SecretString};
use sqlx::AssertSqlSafe;
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use super::{OF_ACME, OF_INITECH, id, inside};
use crate::{
    accounts::{PASSWORD, enter, turn_on_two_factor},
    support::{Browser, Reply, TestApp, rows, tenant::ACME},
};

const TYPED: &str = "typed-Zx81-Canary-Kq77";

/// What was logged, at the greatest detail.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

/// Everything that was told to anybody, page by page.
#[derive(Default)]
struct Told(Vec<(String, String)>);

impl Told {
    fn hear(&mut self, whence: &str, reply: &Reply) {
        let headers =
            reply.headers.iter().map(|(k, v)| format!("{k}: {}", String::from_utf8_lossy(v.as_bytes())));
        self.0.push((whence.to_owned(), format!("{} {}", headers.collect::<String>(), reply.body)));
    }
}

/// Goes through the pages of secrets as their owner, mistakes included, and gives what was told.
async fn visit(app: &TestApp, olga: &mut Browser) -> Told {
    let mut told = Told::default();
    let (page, one) = ("/w/acme/settings/secrets", format!("/w/acme/settings/secrets/{}", ACME.secret));
    for (path, form) in [
        (page, format!("label=Typed&value={TYPED}")),
        (page, format!("label=Typed&value={TYPED}")),
        (page, format!("label=&value={TYPED}")),
        (page, format!("value={TYPED}&value={TYPED}&label=%ff")),
        (&one, format!("value={OF_ACME}")),
        (&one, format!("value={TYPED}%00")),
        ("/w/acme/settings/secrets/nonsense", format!("value={TYPED}")),
        ("/w/acme/settings/no-such-page", format!("value={TYPED}")),
    ] {
        told.hear(path, &olga.post(path, &form).await);
        told.hear(path, &olga.hx_post(path, &form).await);
    }
    for door in app::routes(true).doors().iter().filter(|door| door.method == Method::GET) {
        let path = ACME.fill(&door.path);
        told.hear(&path, &olga.get(&path).await);
        if door.access == Access::Workspace {
            told.hear(&path, &olga.hx_get(&path).await);
        }
    }
    // A page that fails: its key is broken, which the log tells and the page does not.
    sqlx::query(
        "update organization_keys set wrapped_key = set_byte(wrapped_key, 80, get_byte(wrapped_key, 80) # 1)",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let broken = olga.post(&one, &format!("value={TYPED}")).await;
    assert_eq!(broken.status, 500, "{}", broken.body);
    told.hear("a page that fails", &broken);
    told
}

/// Every row of every table as text, octets as they are and in hexadecimal.
async fn dump(app: &TestApp) -> String {
    let mut dump = String::new();
    for table in rows::tables(&app.owner).await {
        let sql = format!("select coalesce(string_agg(t::text, chr(10)), '') from {table} t");
        dump += &sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch_one(&app.owner).await.unwrap();
    }
    dump
}

/// The value as it stands, in hexadecimal, and in base64.
fn spellings(value: &str) -> Vec<String> {
    let bytes = value.as_bytes();
    let base64 = data_encoding::BASE64.encode(bytes);
    vec![value.to_owned(), data_encoding::HEXLOWER.encode(bytes), base64.trim_end_matches('=').to_owned()]
}

#[tokio::test]
async fn no_secret_is_in_a_dump_a_log_a_page_or_an_error() {
    // Before anybody listens: the town is built by a file that tells everybody's password in a comment.
    let app = TestApp::new().await.leaves_jobs();
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("trace"))
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let _listening = tracing::subscriber::set_default(subscriber);
    sample::plant(&app.app).await.unwrap();
    let mut olga = enter(&app, "olga@acme.test").await;
    let factor = turn_on_two_factor(&app, &mut olga).await;
    // The page that offers a two-factor secret shows it, once: what comes after must not.
    let told = visit(&app, &mut olga).await;
    let mut tx = inside(&app, &ACME).await;
    let refused = secrets::reveal_for_use(&mut tx, &app.app.keys, id(&ACME), app.app.clock.now()).await;
    let error = refused.map(|_| ()).expect_err("its key is broken");
    tracing::error!(error = ?error, "refused: {error}");

    let raw = data_encoding::BASE32_NOPAD.decode(factor.secret.as_bytes()).unwrap();
    let raw = data_encoding::HEXLOWER.encode(&raw);
    let mut canaries: Vec<String> = [
        OF_ACME,
        OF_INITECH,
        TYPED,
        sample::SECRET,
        &"5e".repeat(32),
        &factor.secret,
        &PASSWORD.replace('+', " "),
    ]
    .iter()
    .flat_map(|value| spellings(value))
    .collect();
    canaries.push(raw);
    let (dump, log) = (dump(&app).await, log.text());
    assert!(dump.contains("Anvil supplier") && dump.contains("Sample key"), "the dump is one");
    assert!(log.contains("does not open") && log.contains("request"), "the log is one");
    assert!(told.0.iter().any(|(_, said)| said.contains("Anvil supplier")), "the pages are some");
    for canary in &canaries {
        assert!(!dump.contains(canary.as_str()), "{canary} is in the dump");
        assert!(!log.contains(canary.as_str()), "{canary} is in the log");
        for (whence, said) in &told.0 {
            assert!(!said.contains(canary.as_str()), "{canary} is on {whence}: {said}");
        }
    }
}

#[test]
fn nothing_that_holds_a_secret_prints_it() {
    let value = SecretString::from(TYPED);
    let new = secrets::NewSecret {
        kind: secrets::INTEGRATION,
        label: "Mine",
        value: &value,
        created_by: ACME.people[0].parse().unwrap(),
    };
    let form = groundswell::orgs::secrets::SecretForm { label: "Mine".to_owned(), value: value.clone() };
    let config = crate::support::app::config(&[
        "--secret-key",
        &"5f".repeat(32),
        "--old-secret-keys",
        &"5e".repeat(32),
        "--smtp-url",
        "smtps://user:typed-Zx81-Canary-Kq77@mail.test",
    ]);
    for printed in [format!("{new:?}"), format!("{form:?}"), format!("{value:?}"), format!("{config:?}")] {
        assert!(
            !printed.contains("Zx81") && !printed.contains("5e5e") && !printed.contains("5f5f"),
            "{printed}"
        );
    }
    assert_eq!(value.expose_secret(), TYPED);
}
