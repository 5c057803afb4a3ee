//! Opened mail and followed links (RED-1 to RED-4): a link leads where its broadcast said, people are counted
//! once, machines not at all, and nothing that was noted is lost.

use axum::http::Method;
use futures_util::FutureExt;
use groundswell::campaigns::{
    tokens::{self, Addressee, Link},
    tracking::{self, Agent, Hit, What},
};
use sqlx::PgPool;
use tokio::task::unconstrained;
use uuid::Uuid;

use super::{crowd, link, mail_of};
use crate::support::{
    TestApp,
    tenant::{ACME, INITECH},
};

/// Opens and clicks of a recipient, and whether they are known to have opened it and to have clicked.
async fn counts(owner: &PgPool, to: Addressee) -> (i32, i32, bool, bool) {
    let sql = "select r.opens, r.clicks, r.first_opened_at is not null, r.first_clicked_at is not null from recipients r
                 join broadcasts b on b.id = r.broadcast_id where b.number = $1 and r.contact_id = $2";
    sqlx::query_as(sql).bind(to.broadcast).bind(to.contact).fetch_one(owner).await.unwrap()
}

/// How many events of this kind there are, of people and of machines.
async fn events(app: &TestApp, kind: &str) -> (i64, i64) {
    let sql = "select count(*) filter (where not is_bot), count(*) filter (where is_bot) from events where kind = $1";
    sqlx::query_as(sql).bind(kind).fetch_one(&app.owner).await.unwrap()
}

async fn one_reader(app: &TestApp) -> Addressee {
    let contact = crowd(app, 1).await.remove(0);
    Addressee { contact, ..mail_of(app, &ACME).await }
}

#[tokio::test]
async fn a_link_leads_where_the_broadcast_said_and_counts_its_reader_once() {
    let app = TestApp::new().await.leaves_jobs();
    let to = one_reader(&app).await;
    let mut reader = app.visitor();
    for _ in 0..3 {
        let reply = reader.get(&link(&app, "c", to, Link::Click(0))).await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (302, "https://shop.test/winter"));
        assert_eq!((reply.header("cache-control"), reply.header("set-cookie")), ("no-store", ""));
    }
    for ending in ["", ".gif"] {
        let reply = reader.get(&format!("{}{ending}", link(&app, "o", to, Link::Open))).await;
        assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "image/gif"));
        assert!(reply.body.starts_with("GIF89a"));
    }
    tracking::flush(&app.app).await;

    assert_eq!(counts(&app.owner, to).await, (2, 3, true, true));
    let followed = "select count(*) from link_clicks where contact_id::text like 'f0%' and clicks = 3";
    assert_eq!(app.stored::<i64>(followed).await, 1);
    let of_link = "select clicks from tracked_links where organization_id::text like '%a' and position = 0";
    assert_eq!(app.stored::<i64>(of_link).await, 4, "one of Zoe's, who is in the town, and three");
    assert_eq!((events(&app, "email.opened").await, events(&app, "email.clicked").await), ((2, 0), (3, 0)));
    app.work().await;
    let told = "select count::text from activity_daily where kind = 'email.clicked'";
    assert_eq!(app.stored::<String>(told).await, "3");
}

#[tokio::test]
async fn a_click_tells_of_an_open() {
    let app = TestApp::new().await.leaves_jobs();
    let to = one_reader(&app).await;
    app.visitor().get(&link(&app, "c", to, Link::Click(0))).await;
    tracking::flush(&app.app).await;
    assert_eq!(counts(&app.owner, to).await, (0, 1, true, true));
}

#[tokio::test]
async fn a_token_with_one_bit_changed_is_nobodys() {
    let app = TestApp::new().await;
    let broadcast = mail_of(&app, &ACME).await.broadcast;
    let mut forged = 0;
    for n in 0..200u128 {
        let to = Addressee { broadcast, contact: Uuid::from_u128(n << 64 | n) };
        let token = tokens::write(&app.app.keys, to, Link::Click(0));
        let octets = data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).unwrap();
        for bit in 0..octets.len() * 8 {
            let mut changed = octets.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let changed = data_encoding::BASE64URL_NOPAD.encode(&changed);
            assert_eq!(tokens::read(&app.app.keys, &changed, Link::Click(0)), None, "bit {bit} of {token}");
            forged += 1;
        }
    }
    println!("{forged} forged tokens, 0 taken");
    assert!(forged >= 40_000);
}

#[tokio::test]
async fn a_link_that_is_nobodys_leads_nowhere_and_leaves_nothing() {
    let app = TestApp::new().await;
    let to = mail_of(&app, &ACME).await;
    let good = tokens::write(&app.app.keys, to, Link::Click(0));
    let mut wrong = vec![
        // A link that the mail does not have, a broadcast that never was, and tokens of other kinds.
        link(&app, "c", to, Link::Click(1)),
        link(&app, "c", to, Link::Click(u16::MAX)),
        link(&app, "c", Addressee { broadcast: 999_999, ..to }, Link::Click(0)),
        link(&app, "c", to, Link::Open),
        link(&app, "c", to, Link::Preferences),
        format!("/c/{good}A"),
        format!("/c/{}", &good[1..]),
        "/c/https:%2F%2Fevil.test".to_owned(),
        "/c/%2F%2Fevil.test".to_owned(),
    ];
    wrong.extend(
        (0..500)
            .map(|n| format!("/c/{}", data_encoding::BASE64URL_NOPAD.encode(format!("{n:040}").as_bytes()))),
    );
    let mut reader = app.visitor();
    for path in &wrong {
        let reply = reader.get(path).await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (404, ""), "{path}");
        assert!(reply.body.contains("This link does not work"), "{}", reply.body);
    }
    assert_eq!(
        reader.get("/o/rubbish.gif").await.body,
        reader.get(&link(&app, "o", to, Link::Open)).await.body
    );
    tracking::flush(&app.app).await;
    assert_eq!(events(&app, "email.clicked").await, (0, 0));
    app.work().await;
}

#[tokio::test]
async fn nothing_beside_the_token_says_where_it_leads() {
    let app = TestApp::new().await.leaves_jobs();
    let path = link(&app, "c", mail_of(&app, &ACME).await, Link::Click(0));
    for spelled in [
        "//evil.test",
        "/\\evil.test",
        "https:evil.test",
        "%09//evil.test",
        "https://evil.test",
        "\u{2215}evil",
    ] {
        let encoded: String = form_urlencoded::byte_serialize(spelled.as_bytes()).collect();
        for name in ["next", "url", "to", "return_to", "target"] {
            let reply = app.visitor().get(&format!("{path}?{name}={encoded}")).await;
            assert_eq!(reply.header("location"), "https://shop.test/winter", "{name}={spelled}");
        }
    }
    // Another organization's mail leads to its own target, whoever asks.
    let theirs =
        "update tracked_links set target = 'https://other.test/' where organization_id::text like '%b'";
    sqlx::raw_sql(theirs).execute(&app.owner).await.unwrap();
    let reply = app.visitor().get(&link(&app, "c", mail_of(&app, &INITECH).await, Link::Click(0))).await;
    assert_eq!(reply.header("location"), "https://other.test/");
    tracking::flush(&app.app).await;
}

#[tokio::test]
async fn what_a_contact_is_called_leads_to_no_other_server() {
    let app = TestApp::new().await.leaves_jobs();
    let to = mail_of(&app, &ACME).await;
    let target = "update tracked_links set target = 'https://shop.test/{{ contact.first_name | default(\"you\") }}?c={{ contact.code }}'
                   where organization_id::text like '%a'";
    sqlx::raw_sql(target).execute(&app.owner).await.unwrap();
    let path = link(&app, "c", to, Link::Click(0));
    for (name, wanted) in [
        ("Zoë", "https://shop.test/Zo%C3%AB?c=Zo%C3%AB"),
        ("", "https://shop.test/you?c="),
        ("a/../../b", "https://shop.test/"),
        ("\r\nSet-Cookie: a=b", "https://shop.test/"),
        ("//evil.test/", "https://shop.test/"),
        ("javascript:alert(1)", "https://shop.test/"),
        ("@evil.test", "https://shop.test/"),
        ("{{ 7*7 }}", "https://shop.test/"),
        ("\u{202e}\u{2028}", "https://shop.test/"),
    ] {
        let sql =
            "update recipients set merge = jsonb_build_object('first_name', $1::text, 'code', $1::text)";
        sqlx::query(sql).bind(name).execute(&app.owner).await.unwrap();
        let reply = app.visitor().get(&path).await;
        assert!(reply.header("location").starts_with(wanted), "{name:?}: {}", reply.header("location"));
        assert_eq!((reply.status.as_u16(), reply.header("set-cookie")), (302, ""), "{name:?}");
    }
    tracking::flush(&app.app).await;
}

#[tokio::test]
async fn machines_are_kept_in_the_log_and_left_out_of_every_count() {
    let app = TestApp::new().await.leaves_jobs();
    let to = one_reader(&app).await;
    let (click, open) = (link(&app, "c", to, Link::Click(0)), link(&app, "o", to, Link::Open));
    let machines: &[&[(&str, &str)]] = &[
        &[("user-agent", "")],
        &[("user-agent", "Barracuda Sentinel (EE)")],
        &[("user-agent", "python-requests/2.32")],
        &[("sec-purpose", "prefetch")],
        &[("purpose", "prefetch")],
    ];
    for headers in machines {
        for path in [&click, &open] {
            app.visitor().send(Method::GET, path, "", headers).await;
        }
    }
    let head = app.visitor().send(Method::HEAD, &click, "", &[]).await;
    assert_eq!((head.status.as_u16(), head.header("location")), (302, "https://shop.test/winter"));
    app.visitor().send(Method::HEAD, &open, "", &[]).await;
    tracking::flush(&app.app).await;
    assert_eq!(counts(&app.owner, to).await, (0, 0, false, false));
    assert_eq!((events(&app, "email.opened").await, events(&app, "email.clicked").await), ((0, 6), (0, 6)));
    let followed = "select count(*) from link_clicks where contact_id::text like 'f0%'";
    assert_eq!(app.stored::<i64>(followed).await, 0);

    // A provider's proxy fetches pictures for people: it counts, and is said to be one.
    let google = [("user-agent", "Mozilla/5.0 Firefox/11.0 (via ggpht.com GoogleImageProxy)")];
    app.visitor().send(Method::GET, &open, "", &google).await;
    tracking::flush(&app.app).await;
    assert_eq!(counts(&app.owner, to).await, (1, 0, true, false));
    let proxied = "select payload ->> 'proxy' from events where kind = 'email.opened' and not is_bot";
    assert_eq!(app.stored::<String>(proxied).await, "Gmail");
    app.work().await;
    let told = "select count(*)::text || ' ' || sum(count) from activity_daily where kind like 'email.%'";
    assert_eq!(app.stored::<String>(told).await, "1 1", "whoever listens for people hears of one");
}

#[tokio::test]
async fn what_comes_with_the_delivery_or_follows_every_link_at_once_is_no_person() {
    let app = TestApp::new().await.leaves_jobs();
    let to = one_reader(&app).await;
    let links = "insert into tracked_links (organization_id, broadcast_id, position, target)
                 select organization_id, broadcast_id, n, 'https://shop.test/' || n from tracked_links, generate_series(1, 4) n;
                 update channel_outbox set handed_at = '2026-11-21 08:59:59+00' where subject_id::text like 'f0%'";
    sqlx::raw_sql(links).execute(&app.owner).await.unwrap();
    let click = |position| link(&app, "c", to, Link::Click(position));
    app.visitor().get(&click(0)).await;
    app.visitor().get(&link(&app, "o", to, Link::Open)).await;
    tracking::flush(&app.app).await;
    assert_eq!(counts(&app.owner, to).await, (0, 0, false, false));

    app.app.clock.advance(chrono::TimeDelta::minutes(10));
    for (position, counted) in [(0, 1), (1, 2), (2, 0), (3, 0), (4, 0)] {
        app.app.clock.advance(chrono::TimeDelta::milliseconds(300));
        app.visitor().get(&click(position)).await;
        tracking::flush(&app.app).await;
        assert_eq!(counts(&app.owner, to).await.1, counted, "after link {position}");
    }
    assert_eq!(
        counts(&app.owner, to).await,
        (0, 0, false, false),
        "what the first two counted was taken back"
    );
    let left = "select count(*) from link_clicks where contact_id::text like 'f0%'";
    assert_eq!(app.stored::<i64>(left).await, 0);
    let sum = "select sum(clicks)::bigint from tracked_links where organization_id::text like '%a'";
    assert_eq!(app.stored::<i64>(sum).await, 1, "Zoe's alone");

    app.app.clock.advance(chrono::TimeDelta::minutes(1));
    app.visitor().get(&click(1)).await;
    tracking::flush(&app.app).await;
    assert_eq!(counts(&app.owner, to).await, (0, 1, true, true), "later it is a person");
}

#[tokio::test]
async fn nothing_that_was_noted_is_lost() {
    let app = TestApp::new().await.leaves_jobs();
    let people = crowd(&app, 300).await;
    let broadcast = mail_of(&app, &ACME).await.broadcast;
    let at = app.app.clock.now();
    let mut noting = tokio::task::JoinSet::new();
    for contact in people {
        let (app, to) = (app.app.clone(), Addressee { broadcast, contact });
        noting.spawn(async move {
            for what in [What::Opened, What::Opened, What::Clicked(0)] {
                tracking::record(&app, Hit { to, what, by: Agent::Person, at }).await;
            }
        });
    }
    while let Some(done) = noting.join_next().await {
        done.unwrap();
    }
    tracking::flush(&app.app).await;
    let sums = "select sum(opens) || ' ' || sum(clicks) || ' ' || count(first_opened_at) || ' ' || count(first_clicked_at)
                  from recipients where contact_id::text like 'f0%'";
    assert_eq!(app.stored::<String>(sums).await, "600 300 300 300");
    assert_eq!((events(&app, "email.opened").await.0, events(&app, "email.clicked").await.0), (600, 300));
}

#[tokio::test]
async fn where_it_is_asked_for_a_hit_is_written_before_it_is_answered() {
    let app = TestApp::with(&["--tracking", "durable"]).await.leaves_jobs();
    let to = one_reader(&app).await;
    app.visitor().get(&link(&app, "o", to, Link::Open)).await;
    assert_eq!(counts(&app.owner, to).await, (1, 0, true, false));
}

#[tokio::test]
async fn too_much_at_once_waits_for_room_and_nothing_is_dropped() {
    const QUEUE: i32 = 16_384;
    let app = TestApp::new().await.leaves_jobs();
    let reader = crowd(&app, 1).await[0];
    let to = Addressee { broadcast: mail_of(&app, &ACME).await.broadcast, contact: reader };
    let hit = Hit { to, what: What::Opened, by: Agent::Person, at: app.app.clock.now() };
    let mut had_room = 0;
    // Nothing here lets the task write meanwhile.
    for _ in 0..QUEUE + 50 {
        had_room += i32::from(unconstrained(tracking::record(&app.app, hit)).now_or_never().is_some());
    }
    assert_eq!(had_room, QUEUE);
    tracking::record(&app.app, hit).await;
    tracking::flush(&app.app).await;
    let opens = "select opens from recipients where contact_id::text like 'f0%'";
    assert_eq!(app.stored::<i32>(opens).await, QUEUE + 1);
}
