//! People: signing up, in and out, and everything that keeps others from doing it in their name.
//!
//! All through the forms, as a browser sends them; letters are read in the built-in mailbox.

mod expiry;
mod fixation;
mod kill_switch;
mod limits;
mod passwords;
mod pictures;
mod profile;
mod reset;
mod security;
mod sessions;
mod sign_in;
mod sign_up;
mod two_factor;

use totp_rs::{Builder, Secret};

use crate::support::{Browser, Reply, TestApp};

/// Everybody's in the town.
pub(crate) const PASSWORD: &str = "correct+horse+battery+staple";
/// Another that will do.
pub(crate) const ANOTHER: &str = "seven+wet+umbrellas+on+a+porch";

/// Sends the sign-in form.
pub(crate) async fn try_password(browser: &mut Browser, email: &str, password: &str) -> Reply {
    browser.submit("/sign-in", "/sign-in", &format!("email={email}&password={password}")).await
}

/// Signs in through the form.
pub(crate) async fn enter(app: &TestApp, email: &str) -> Browser {
    let mut browser = app.visitor();
    let reply = try_password(&mut browser, email, PASSWORD).await;
    assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/"), "{}", reply.text());
    browser
}

/// Whether somebody is signed in with this browser.
pub(crate) async fn is_in(browser: &Browser) -> bool {
    let reply = browser.clone().get("/account").await;
    match (reply.status.as_u16(), reply.header("location")) {
        (200, _) => true,
        (303, to) if to.starts_with("/sign-in?next=") => false,
        other => panic!("neither in nor out: {other:?}"),
    }
}

/// The latest letter to this address.
pub(crate) async fn letter(app: &TestApp, to: &str) -> serde_json::Value {
    let to = to.replace('+', "%2B");
    let reply = app.visitor().get(&format!("/dev/mailbox/latest?to={to}")).await;
    assert_eq!(reply.status, 200, "no letter to {to}");
    serde_json::from_str(&reply.body).expect("JSON")
}

/// The path that the latest letter to this address leads to.
pub(crate) async fn link(app: &TestApp, to: &str) -> String {
    let letter = letter(app, to).await;
    let link = letter.pointer("/links/0").and_then(serde_json::Value::as_str).expect("a link");
    link.strip_prefix("https://app.groundswell.test").expect("a link of ours").to_owned()
}

/// Everything that was mailed: recipient and kind, the first first.
pub(crate) async fn mailed(app: &TestApp) -> Vec<String> {
    let all =
        sqlx::query_scalar("select recipient || ' ' || kind from mail_messages order by created_at, id");
    all.fetch_all(&app.owner).await.expect("the letters")
}

/// The code that an authenticator with this secret shows now, or some steps of half a minute later.
pub(crate) fn code(app: &TestApp, secret: &str, steps: i64) -> String {
    let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).expect("a secret");
    let totp =
        Builder::new().with_secret(Secret::from(secret)).with_account_name("x").build().expect("a generator");
    let at = app.app.clock.now().timestamp() + 30 * steps;
    totp.generate(u64::try_from(at).expect("after 1970")).to_string()
}

/// An authenticator, and codes for when it is lost.
pub(crate) struct Factor {
    pub secret: String,
    pub recovery: Vec<String>,
}

/// Turns two-factor sign-in on through its page.
pub(crate) async fn turn_on_two_factor(app: &TestApp, browser: &mut Browser) -> Factor {
    let page = browser.get("/account/security/two-factor").await;
    let (secret, token) = (page.field("secret"), page.field("_csrf"));
    let code = code(app, &secret, 0);
    let form = format!("secret={secret}&code={code}&two_factor_password={PASSWORD}&_csrf={token}");
    let reply = browser.post("/account/security/two-factor", &form).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    Factor { secret, recovery: recovery_codes(&reply) }
}

/// The recovery codes on the page that shows them once.
pub(crate) fn recovery_codes(page: &Reply) -> Vec<String> {
    let codes = page.body.split("<li><code>").skip(1).filter_map(|rest| rest.split("</code>").next());
    codes.map(str::to_owned).collect()
}

/// The hash under which the session of this browser is stored.
pub(crate) fn session_hash(app: &TestApp, browser: &Browser) -> Vec<u8> {
    let cookie = browser.cookie(&app.app.config.cookie_name("gw")).expect("a session");
    groundswell::accounts::session_store::id_hash(&cookie.parse().expect("an id"))
}

/// How many stored sessions have this hash.
pub(crate) async fn stored_sessions(app: &TestApp, hash: &[u8]) -> i64 {
    let count = sqlx::query_scalar("select count(*) from web_sessions where id_hash = $1").bind(hash);
    count.fetch_one(&app.owner).await.expect("a count")
}
