//! KEY-4: the page of secrets. A value goes in and never comes out.

use groundswell::secrets;

use super::{OF_ACME, id, inside, revealed};
use crate::support::{
    Reply, TestApp,
    tenant::{ACME, INITECH},
};

const PAGE: &str = "/w/acme/settings/secrets";
const VALUE: &str = "sk-live-BMqw7V2nXaZr9Tgh";

fn one() -> String {
    format!("{PAGE}/{}", ACME.secret)
}

/// Whether any part of the value beyond its last four characters is said.
fn says(reply: &Reply, value: &str) -> bool {
    let all: String =
        reply.headers.values().map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned()).collect();
    let start = &value[..value.len() - 4];
    (0..=start.len() - 5)
        .any(|at| reply.body.contains(&start[at..at + 5]) || all.contains(&start[at..at + 5]))
}

#[tokio::test]
async fn a_secret_is_kept_listed_by_its_end_and_never_shown_again() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    let made = olga.post(PAGE, &format!("label=Stripe%2C+live&value=+{VALUE}%0A")).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (303, PAGE));
    let list = olga.get(PAGE).await;
    for told in ["Keeping “Stripe, live”", "…9Tgh", "Nov 21, 2026 by Olga Owner", "Anvil supplier", "…aaaa"]
    {
        assert!(list.text().contains(told), "{told}: {}", list.text());
    }
    let stored: String = app.stored("select id::text from secrets where label = 'Stripe, live'").await;
    let page = olga.get(&format!("{PAGE}/{stored}")).await;
    for reply in [&made, &list, &page] {
        assert!(!says(reply, VALUE), "{}", reply.body);
    }
    let value = revealed(&app, &app.app.keys, ACME.org.parse().unwrap(), stored.parse().unwrap()).await;
    assert_eq!(value.unwrap().as_deref(), Some(VALUE), "without the white space around it");
}

#[tokio::test]
async fn a_form_with_mistakes_keeps_the_name_and_forgets_the_value() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let long = format!("{VALUE}{}", "x".repeat(8192));

    for (label, value, told) in [
        ("Mine", "", "Paste the key or password here"),
        ("Mine", long.as_str(), "too long for a key"),
        ("", VALUE, "Give it a name"),
        ("Anvil+supplier", VALUE, "There is one of this name"),
    ] {
        let again = olga.post(PAGE, &format!("label={label}&value={value}")).await;
        assert_eq!(again.status, 422);
        assert!(again.text().contains(told), "{told}: {}", again.text());
        assert_eq!(again.field("label"), label.replace('+', " "));
        assert!(again.field("value").is_empty() && !says(&again, VALUE), "{}", again.body);
    }
    assert_eq!(app.stored::<i64>("select count(*) from secrets where kind = 'integration'").await, 2);
}

#[tokio::test]
async fn replacing_gives_another_value_and_forgets_how_the_former_fared() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let mut tx = inside(&app, &ACME).await;
    let (keys, now) = (&app.app.keys, app.app.clock.now());
    secrets::report_failure(&mut tx, keys, id(&ACME), &format!("Invalid key: {OF_ACME}"), now).await.unwrap();
    tx.commit().await.unwrap();
    let refused = olga.get(PAGE).await;
    assert!(refused.text().contains("Invalid key: …") && !says(&refused, OF_ACME), "{}", refused.text());

    let empty = olga.post(&one(), "value=++").await;
    assert!(empty.status == 422 && empty.text().contains("Paste the key"), "{}", empty.text());
    app.app.clock.advance(chrono::TimeDelta::hours(1));
    let done = olga.post(&one(), &format!("value={VALUE}")).await;

    assert_eq!((done.status.as_u16(), done.header("location")), (303, PAGE));
    let list = olga.get(PAGE).await.text();
    assert!(list.contains("…9Tgh") && list.contains("replaced") && !list.contains("Invalid"), "{list}");
    let value = revealed(&app, &app.app.keys, ACME.org.parse().unwrap(), id(&ACME)).await.unwrap();
    assert_eq!(value.as_deref(), Some(VALUE));
    assert!(!olga.get(PAGE).await.text().contains("never never"), "its use is remembered");
}

#[tokio::test]
async fn deleting_takes_a_tick_and_leaves_nothing() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    assert!(olga.get(&one()).await.text().contains("This cannot be undone"));

    let asked = olga.post(&format!("{}/delete", one()), "").await;
    assert!(asked.status == 422 && asked.text().contains("Tick this box"), "{}", asked.text());
    let done = olga.post(&format!("{}/delete", one()), "is_certain=on").await;

    assert_eq!((done.status.as_u16(), done.header("location")), (303, PAGE));
    let list = olga.get(PAGE).await.text();
    assert!(
        list.contains("Deleted the secret for good") && list.contains("Nothing is kept here yet"),
        "{list}"
    );
    assert_eq!(app.stored::<i64>("select count(*) from secrets where kind = 'integration'").await, 1);
    assert_eq!(olga.post(&format!("{}/delete", one()), "is_certain=on").await.status, 404);
}

#[tokio::test]
async fn only_who_may_keep_secrets_sees_that_there_are_any() {
    let app = TestApp::new().await;
    for email in ["mia@acme.test", "vic@acme.test"] {
        let mut browser = app.sign_in(email).await;
        assert_eq!(browser.get(PAGE).await.status, 403, "{email}");
        assert_eq!(browser.post(PAGE, "label=Mine&value=mine").await.status, 403, "{email}");
    }
    let mut olga = app.sign_in("olga@acme.test").await;
    let strange = format!("{PAGE}/{}", INITECH.secret);
    assert_eq!(olga.get(&strange).await.status, 404);
    assert_eq!(olga.post(&strange, "value=mine").await.status, 404);
    assert_eq!(olga.post(&format!("{strange}/delete"), "is_certain=on").await.status, 404);
}

#[tokio::test]
async fn a_use_is_remembered_once_a_minute() {
    let app = TestApp::new().await;
    let org = ACME.org.parse().unwrap();
    for (seconds, used) in [(0, "09:00:00"), (59, "09:00:00"), (2, "09:01:01")] {
        app.app.clock.advance(chrono::TimeDelta::seconds(seconds));
        revealed(&app, &app.app.keys, org, id(&ACME)).await.unwrap();
        let at: String = app
            .stored("select to_char(last_used_at at time zone 'UTC', 'HH24:MI:SS') from secrets where label = 'Anvil supplier'")
            .await;
        assert_eq!(at, used);
    }
}
