//! What stands in the way of a campaign: whom it reaches, and what would be wrong with it.

use groundswell::campaigns::{
    CampaignId,
    checks::{Audience, Content, Facts, Level, checks, stop},
};

use crate::support::{Browser, TestApp};

const SPRING: &str = "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a1";

/// A campaign of which everything is right.
fn fine() -> Facts {
    Facts {
        campaign: CampaignId::new(),
        is_chosen: true,
        audience: Audience { people: 100, ..Audience::default() },
        fresh_imports: Vec::new(),
        sender: Some("Acme <news@acme.test>".into()),
        is_signed: true,
        has_server: true,
        subject: "It is spring".into(),
        preview_text: "At last".into(),
        said: Vec::new(),
        content: Some(Content {
            id: uuid::Uuid::now_v7(),
            name: "Rockets".into(),
            problems: Vec::new(),
            bytes: 20_000,
            letters: 900,
            images: 1,
            can_unsubscribe: true,
        }),
        address: "1 Sky Road".into(),
        base_url: "https://app.groundswell.test".into(),
    }
}

/// What is said of these facts that is not fine: level and title.
fn said(facts: &Facts) -> Vec<(Level, String)> {
    let all = checks(facts).into_iter().filter(|check| check.level != Level::Fine);
    all.map(|check| (check.level, check.title)).collect()
}

#[test]
fn each_thing_that_is_wrong_is_said_and_stops_what_it_must() {
    use Level::{Stops, Warns};
    assert_eq!(said(&fine()), []);
    let content = |change: fn(&mut Content)| {
        let mut facts = fine();
        change(facts.content.as_mut().unwrap());
        facts
    };
    let tries = [
        (Stops, "nobody yet", Facts { is_chosen: false, ..fine() }),
        (
            Stops,
            "Nobody would get it",
            Facts { audience: Audience { people: 3, opted_out: 3, ..Audience::default() }, ..fine() },
        ),
        (Stops, "from nobody", Facts { sender: None, ..fine() }),
        (Stops, "subject is missing", Facts { subject: " ".into(), ..fine() }),
        (Stops, "no content", Facts { content: None, ..fine() }),
        (Stops, "no link to unsubscribe", content(|content| content.can_unsubscribe = false)),
        (Stops, "postal address is missing", Facts { address: String::new(), ..fine() }),
        (Stops, "no https address", Facts { base_url: "http://mail.acme.test".into(), ..fine() }),
        (Warns, "no https address", Facts { base_url: "http://localhost:8080".into(), ..fine() }),
        (Warns, "does not sign it", Facts { is_signed: false, ..fine() }),
        (
            Stops,
            "does not sign it",
            Facts { is_signed: false, audience: Audience { people: 501, ..Audience::default() }, ..fine() },
        ),
        (Warns, "may not expect this", Facts { fresh_imports: vec!["people.csv".into()], ..fine() }),
        (Warns, "subject is long", Facts { subject: "x".repeat(71), ..fine() }),
        (Warns, "No preview text", Facts { preview_text: String::new(), ..fine() }),
        (Warns, "Nothing will leave", Facts { has_server: false, ..fine() }),
        (Warns, "It is large", content(|content| content.bytes = 110_000)),
        (Warns, "nearly all pictures", content(|content| content.letters = 10)),
    ];
    for (level, title, facts) in tries {
        let said = said(&facts);
        assert!(said.len() == 1 && said[0].0 == level && said[0].1.contains(title), "{title}: {said:?}");
        assert_eq!(stop(&checks(&facts)).is_some(), level == Stops, "{title}");
    }
}

/// What the checklist says about whom it is for.
async fn reach(mia: &mut Browser) -> String {
    let page = mia.get(SPRING).await.text();
    let words = page.split("Whoever is in").nth(1).or(page.split("Everybody:").nth(1)).unwrap_or(&page);
    words.split(" Change").next().unwrap().to_owned()
}

/// Writes one line into the ledger of what Zoe said, about everything or about the news.
async fn say(app: &TestApp, state: &str, about: &str, n: i32) {
    let until = if state == "paused" { "'2026-11-21 10:00+00'" } else { "null" };
    let sql = format!(
        "insert into consents (organization_id, contact_id, id, topic_id, state, paused_until, source, recorded_at)
         select c.organization_id, c.id, ('01990000-0000-7000-8000-00000000000' || {n})::uuid, {about}, '{state}', {until}, 'staff', now()
           from contacts c join subscription_topics t on t.organization_id = c.organization_id
          where c.id = '00000000-0000-7000-8000-0000000008a1'"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&app.owner).await.unwrap();
}

#[tokio::test]
async fn the_last_word_about_the_topic_or_about_everything_decides_who_gets_it() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    assert!(reach(&mut mia).await.ends_with(": 1 person"));
    let words = [
        ("withdrawn", "null", "1 opted out"),
        ("granted", "t.id", ": 1 person"),
        ("withdrawn", "t.id", "1 opted out"),
        ("granted", "null", ": 1 person"),
        ("paused", "null", "1 paused"),
    ];
    for (n, (state, about, shown)) in (1..).zip(words) {
        say(&app, state, about, n).await;
        let said = reach(&mut mia).await;
        assert!(said.contains(shown), "{state} {about}: {said}");
    }
    app.app.clock.advance(chrono::TimeDelta::hours(2));
    assert!(reach(&mut mia).await.ends_with(": 1 person"), "the pause is over");
}

#[tokio::test]
async fn nobody_gets_it_who_is_suppressed_archived_excluded_or_has_no_address() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let sql = "insert into contacts (organization_id, id, email, created_at, updated_at, archived_at)
               select o.id, gen_random_uuid(), v.email, now(), now(), v.gone from organizations o,
                      (values ('lost@acme-customer.test', null::timestamptz), (null, null), ('gone@acme-customer.test', now())) v (email, gone)
                where o.slug = 'acme'";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
    mia.post(&format!("{SPRING}/draft/audience"), "rev=1&whom=everybody").await;
    let said = reach(&mut mia).await;
    assert_eq!(said, " 1 person, 2 left out (1 without an e-mail address, 1 suppressed)");
    let without = "rev=2&whom=everybody&exclude=00000000-0000-7000-8000-0000000009a1";
    mia.post(&format!("{SPRING}/draft/audience"), without).await;
    let page = mia.get(SPRING).await.text();
    assert!(
        page.contains("without “Open day”: 0 people, 2 left out") && page.contains("Nobody would get it"),
        "{page}"
    );
}

#[tokio::test]
async fn people_who_came_yesterday_without_agreeing_are_warned_about() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let sql = "update imports set list_id = '00000000-0000-7000-8000-0000000009a1', finished_at = '2026-11-21 01:00+00'
                where organization_id::text like '%a'";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
    assert!(mia.get(SPRING).await.text().contains("People of “customers.csv” may not expect this"));
    sqlx::raw_sql("update imports set consent_state = 'granted'").execute(&app.owner).await.unwrap();
    assert!(!mia.get(SPRING).await.text().contains("may not expect this"));
}

#[tokio::test]
async fn the_postal_address_is_said_in_the_brand() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    assert!(olga.get(SPRING).await.text().contains("Your postal address is missing"));
    let form = "name=Acme&primary_colour=%23112233&accent_colour=%23aabbcc&reply_to=&postal_address=1+Sky+Road,+Denver";
    assert_eq!(olga.post("/w/acme/settings/brand", form).await.status, 303);
    assert!(olga.get(SPRING).await.text().contains("Your postal address is in it 1 Sky Road, Denver"));
    assert_eq!(olga.get("/w/acme/settings/brand").await.field("postal_address"), "1 Sky Road, Denver");
}
