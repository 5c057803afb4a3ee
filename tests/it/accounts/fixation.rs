//! A session's id: random, kept as a hash, another after every step towards more trust.

use tower_sessions::session::Id;

use super::{
    ANOTHER, PASSWORD, code, enter, is_in, session_hash, stored_sessions, try_password, turn_on_two_factor,
};
use crate::support::{Browser, TestApp};

const SESSION: &str = "__Host-gw";

fn id(browser: &Browser) -> String {
    browser.cookie(SESSION).expect("a session").to_owned()
}

#[test]
fn ten_million_ids_differ_in_all_of_their_128_bits() {
    let mut ids: Vec<u128> = (0..10_000_000).map(|_| Id::default().0.cast_unsigned()).collect();
    let seen = ids.iter().fold((0, 0), |(ones, zeros), id| (ones | id, zeros | !id));
    ids.sort_unstable();
    ids.dedup();

    assert_eq!((ids.len(), seen), (10_000_000, (u128::MAX, u128::MAX)));
}

#[tokio::test]
async fn the_cookie_is_marked_for_this_host_alone_and_out_of_reach_of_scripts() {
    for (base_url, session, marks) in [
        (
            "https://app.groundswell.test",
            "__Host-gw=",
            "; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=7776000",
        ),
        ("http://localhost:8080", "gw=", "; HttpOnly; SameSite=Lax; Path=/; Max-Age=7776000"),
    ] {
        let app = TestApp::with(&["--base-url", base_url]).await;
        let reply = try_password(&mut app.visitor(), "olga@acme.test", PASSWORD).await;
        let cookies: Vec<&str> =
            reply.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap()).collect();
        let cookie =
            cookies.iter().find(|set| set.starts_with(session)).unwrap_or_else(|| panic!("no {session}"));

        let (value, rest) = cookie.trim_start_matches(session).split_once(';').unwrap();
        assert_eq!(value.len(), 22, "128 bits in base64");
        assert_eq!(format!(";{rest}"), marks);
        assert!(
            cookies
                .iter()
                .filter(|set| set.contains("gw-device"))
                .all(|set| set.contains("HttpOnly; SameSite=Lax"))
        );
    }
}

/// Every row of every table, as text.
async fn dump(app: &TestApp) -> String {
    let sql = "select string_agg(query_to_xml(format('select t::text from %I t', tablename), true, false, '')::text, ' ')
                 from pg_tables where schemaname = 'public'";
    app.stored::<String>(sql).await
}

#[tokio::test]
async fn a_copy_of_the_database_opens_nothing() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    olga.submit("/forgot", "/forgot", "email=olga%40acme.test").await;
    sqlx::query("delete from mail_messages").execute(&app.owner).await.unwrap();
    let id = id(&olga);
    let number: Id = id.parse().unwrap();
    let bytes = number.0.to_le_bytes();
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let reversed: Vec<u8> = bytes.iter().rev().copied().collect();

    let dump = dump(&app).await;

    assert!(dump.contains("olga@acme.test") && dump.contains("axum-login.data"), "the dump is one");
    for usable in
        [id.clone(), number.0.to_string(), hex(&bytes), hex(&reversed), data_encoding::BASE64.encode(&bytes)]
    {
        assert!(!dump.contains(&usable), "{usable}");
    }
    let hash = session_hash(&app, &olga);
    for half in [&hash[..16], &hash[16..]] {
        olga.set_cookie(SESSION, &data_encoding::BASE64URL_NOPAD.encode(half));
        assert!(!is_in(&olga).await);
    }
}

#[tokio::test]
async fn the_id_changes_when_somebody_nobody_knew_signs_in() {
    let app = TestApp::new().await;
    let factor = turn_on_two_factor(&app, &mut enter(&app, "olga@acme.test").await).await;
    let mut olga = app.visitor();
    try_password(&mut olga, "olga@acme.test", PASSWORD).await;
    let (half, hash) = (id(&olga), session_hash(&app, &olga));

    olga.submit("/sign-in/code", "/sign-in/code", &format!("code={}", code(&app, &factor.secret, 1))).await;

    assert!(is_in(&olga).await && id(&olga) != half);
    assert_eq!(stored_sessions(&app, &hash).await, 0);
}

#[tokio::test]
async fn an_id_that_somebody_planted_is_not_taken_up() {
    let app = TestApp::new().await;
    let planted = Id::default().to_string();
    let mut olga = app.visitor();
    olga.set_cookie(SESSION, &planted);

    try_password(&mut olga, "olga@acme.test", PASSWORD).await;

    assert!(is_in(&olga).await && id(&olga) != planted);
    let mut attacker = app.visitor();
    attacker.set_cookie(SESSION, &planted);
    assert!(!is_in(&attacker).await);
}

#[tokio::test]
async fn signing_in_over_anothers_session_leaves_nothing_of_it() {
    let app = TestApp::new().await;
    let mut browser = enter(&app, "ian@initech.test").await;
    browser.get("/w/initech").await;
    let (attacker, hash) = (browser.clone(), session_hash(&app, &browser));
    // The sign-in page leads whoever is in to their work; the form may have been open in another tab.
    let token = browser.get("/account/security").await.field("_csrf");
    let form = format!("email=olga%40acme.test&password={PASSWORD}&_csrf={token}");
    let reply = browser.post("/sign-in", &form).await;

    assert_eq!(reply.status, 303);
    assert!(id(&browser) != id(&attacker) && stored_sessions(&app, &hash).await == 0);
    assert!(!is_in(&attacker).await, "whoever planted the session shares nothing");
    let data: String = app.stored("select data::text from web_sessions").await;
    assert!(!data.contains("initech") && data.contains("00000000-0000-7000-8000-000000000011"), "{data}");
}

#[tokio::test]
async fn the_id_changes_when_the_password_is_proven_again() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let (before, hash) = (olga.clone(), session_hash(&app, &olga));

    let form = format!("current_password={PASSWORD}&password={ANOTHER}");
    olga.submit("/account/security", "/account/security/password", &form).await;

    assert!(is_in(&olga).await && id(&olga) != id(&before));
    assert!(stored_sessions(&app, &hash).await == 0 && !is_in(&before).await);
}

/// The id stays: entering a workspace proves nothing new, the address decides what a request is about, and two tabs
/// in two workspaces must not sign each other out. Nothing of the former workspace stays but its name in the
/// order of the switcher.
#[tokio::test]
async fn entering_another_workspace_keeps_nothing_of_the_former() {
    let app = TestApp::new().await;
    let mut ada = enter(&app, "ada@brightside.test").await;
    ada.get("/w/brightside/people").await;
    ada.get("/w/acme").await;

    let mut data: serde_json::Value = app.stored("select data from web_sessions").await;
    let recent = data.as_object_mut().unwrap().remove("recent_orgs").unwrap();
    assert_eq!(recent, serde_json::json!(["acme", "brightside"]));
    let mut keys: Vec<&str> = data.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["active_org", "address", "axum-login.data", "device"]);
    assert!(data["active_org"] == "acme" && !data.to_string().contains("brightside"), "{data}");
}
