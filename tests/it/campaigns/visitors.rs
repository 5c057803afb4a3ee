//! The pages behind a mail's own links (LAW-2): one click stops it, looking changes nothing, and what was chosen
//! can be chosen again.

use axum::http::Method;
use groundswell::campaigns::tokens::{Addressee, Link};

use super::{link, mail_of};
use crate::support::{
    Browser, TestApp, rows,
    tenant::{ACME, INITECH},
};

/// A mail program that unsubscribes for its owner: no cookie, no origin, nothing that a browser says.
const NO_BROWSER: &[(&str, &str)] = &[("sec-fetch-site", ""), ("user-agent", ""), ("content-type", "")];

/// What Zoe said last, and whether the mail made her go.
async fn said(app: &TestApp) -> String {
    app.stored(
        "select string_agg(c.state || ' ' || coalesce(t.name, 'everything') || ' ' || c.source, ', ' order by c.id)
           from consents c left join subscription_topics t on t.id = c.topic_id
          where c.organization_id::text like '%a' and c.source <> 'staff'",
    )
    .await
}

async fn lines(app: &TestApp) -> i64 {
    app.stored("select count(*) from consents where source <> 'staff'").await
}

async fn gone(app: &TestApp) -> i64 {
    app.stored("select count(*) from recipients where unsubscribed_at is not null").await
}

async fn preferences(app: &TestApp) -> String {
    link(app, "p", mail_of(app, &ACME).await, Link::Preferences)
}

#[tokio::test]
async fn one_click_without_anything_a_browser_says_stops_it_once() {
    let app = TestApp::new().await.leaves_jobs();
    let path = link(&app, "u", mail_of(&app, &ACME).await, Link::Preferences);
    for (body, kind) in [
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        ("", ""),
        (
            "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n",
            "multipart/form-data; boundary=b",
        ),
        ("\u{0}rubbish", "application/octet-stream"),
    ] {
        let headers: Vec<_> = NO_BROWSER.iter().take(2).copied().chain([("content-type", kind)]).collect();
        let reply = app.visitor().send(Method::POST, &path, body, &headers).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("location"), reply.header("set-cookie")),
            (200, "", "")
        );
        assert_eq!(said(&app).await, "withdrawn News one_click");
    }
    assert_eq!(gone(&app).await, 1);
    let told =
        "select count(*) || ' ' || min(payload ->> 'how') from events where kind = 'email.unsubscribed'";
    assert_eq!(app.stored::<String>(told).await, "1 one_click");

    // Also from another site's page, and years later.
    let mut theirs =
        app.visitor().with_header("sec-fetch-site", "cross-site").with_header("origin", "https://mail.test");
    app.app.clock.advance(chrono::TimeDelta::days(3_650));
    assert_eq!(theirs.post(&path, "List-Unsubscribe=One-Click").await.status, 200);
}

#[tokio::test]
async fn a_mail_about_nothing_in_particular_stops_everything() {
    let app = TestApp::new().await.leaves_jobs();
    sqlx::raw_sql("update broadcasts set topic_id = null").execute(&app.owner).await.unwrap();
    let path = link(&app, "u", mail_of(&app, &ACME).await, Link::Preferences);
    let page = app.visitor().get(&path).await;
    assert!(page.text().contains("You will get no more e-mail from Acme"), "{}", page.text());
    assert_eq!(app.visitor().post(&path, "").await.status, 200);
    assert_eq!(said(&app).await, "withdrawn everything one_click");
}

#[tokio::test]
async fn who_is_no_contact_any_more_is_not_written_to_when_they_come_back() {
    let app = TestApp::new().await.leaves_jobs();
    let to = mail_of(&app, &ACME).await;
    let removed = "update recipients set contact_id = '00000000-0000-7000-8000-00000000dead' where organization_id::text like '%a'";
    sqlx::raw_sql(removed).execute(&app.owner).await.unwrap();
    let to = Addressee { contact: "00000000-0000-7000-8000-00000000dead".parse().unwrap(), ..to };
    assert_eq!(app.visitor().post(&link(&app, "u", to, Link::Preferences), "").await.status, 200);
    let suppressed = "select count(*) from suppressions where address = 'zoe@acme-customer.test' and reason = 'unsubscribed'";
    assert_eq!(app.stored::<i64>(suppressed).await, 1);
}

#[tokio::test]
async fn looking_ten_thousand_times_changes_nothing() {
    const LOOKS: usize = 10_000;
    const READERS: usize = 16;
    let app = TestApp::new().await;
    let to = mail_of(&app, &ACME).await;
    let doors =
        [("u", Link::Preferences), ("u", Link::Preferences), ("p", Link::Preferences), ("v", Link::View)];
    let paths: Vec<String> = doors.iter().map(|(door, kind)| link(&app, door, to, *kind)).collect();
    let before = rows::everything(&app.owner, &[]).await;
    let mut looking = tokio::task::JoinSet::new();
    for n in 0..READERS {
        let (mut browser, paths) = (app.visitor(), paths.clone());
        looking.spawn(async move {
            for look in 0..LOOKS / READERS {
                let method = if look % 5 == 4 { Method::HEAD } else { Method::GET };
                let ahead = if look % 3 == 2 { "prefetch" } else { "" };
                let path = &paths[(look + n) % paths.len()];
                assert_eq!(
                    browser.send(method, path, "", &[("sec-purpose", ahead)]).await.status,
                    200,
                    "{path}"
                );
            }
        });
    }
    while let Some(done) = looking.join_next().await {
        done.unwrap();
    }
    assert_eq!(rows::changed(&before, &rows::everything(&app.owner, &[]).await), [""; 0]);
    println!("{LOOKS} looks, 0 changes");
}

#[tokio::test]
async fn a_link_that_is_nobodys_shows_the_same_page_and_does_nothing() {
    let app = TestApp::new().await;
    let good = link(&app, "u", mail_of(&app, &ACME).await, Link::Preferences);
    let before = rows::everything(&app.owner, &[]).await;
    let shape = |text: &str| {
        text.replace(" about News", "").replace(" from Acme Rockets", "").replace("Acme Rockets", "")
    };
    let known = shape(&app.visitor().get(&good).await.text());
    let known = known.replace("Choose what you hear about instead", "");
    for path in [
        format!("{good}x"),
        "/u/x".to_owned(),
        "/u/%3Cscript%3E".to_owned(),
        link(&app, "u", mail_of(&app, &ACME).await, Link::View),
    ] {
        let asked = app.visitor().get(&path).await;
        assert_eq!(asked.status, 200);
        let words =
            |text: &str| text.split_whitespace().filter(|word| *word != "·").collect::<Vec<_>>().join(" ");
        assert_eq!(words(&shape(&asked.text())), words(&known), "{path}");
        assert!(!asked.body.contains("<script"), "{}", asked.body);
        let done = app.visitor().send(Method::POST, &path, "", NO_BROWSER).await;
        assert_eq!(
            (done.status.as_u16(), done.text().contains("You are unsubscribed")),
            (200, true),
            "{path}"
        );
    }
    for path in ["/p/x", "/v/x", "/c/x"] {
        let reply = app.visitor().get(path).await;
        assert_eq!(
            (reply.status.as_u16(), reply.body.contains("This link does not work")),
            (404, true),
            "{path}"
        );
    }
    assert_eq!(app.visitor().post("/p/x", "what=stop").await.status, 404);
    assert_eq!(rows::changed(&before, &rows::everything(&app.owner, &[]).await), [""; 0]);
}

/// Sends the form of the page, and gives what the page says then.
async fn choose(app: &TestApp, reader: &mut Browser, form: &str) -> String {
    let path = preferences(app).await;
    let reply = reader.post(&path, form).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.text()
}

#[tokio::test]
async fn what_one_hears_about_is_chosen_paused_stopped_and_chosen_again() {
    let app = TestApp::new().await.leaves_jobs();
    let mut reader = app.visitor();
    let page = reader.get(&preferences(&app).await).await;
    assert_eq!((page.status.as_u16(), page.header("set-cookie")), (200, ""), "needs no session");
    assert!(page.body.contains("checked") && !page.body.contains("<script"), "{}", page.body);
    assert!(
        page.text().contains("News") && page.text().contains("zoe@acme-customer.test"),
        "{}",
        page.text()
    );

    let told = choose(&app, &mut reader, "what=topics").await;
    assert!(told.contains("You will hear no more about “News”."), "{told}");
    assert_eq!((said(&app).await.as_str(), gone(&app).await), ("withdrawn News preferences", 1));
    let told = choose(&app, &mut reader, "what=topics").await;
    assert!(told.contains("Nothing has changed"), "{told}");
    let told = choose(&app, &mut reader, &format!("what=topics&topic={}", ACME.topic)).await;
    assert!(told.contains("You will hear about “News”."), "{told}");

    let told = choose(&app, &mut reader, "what=pause-30").await;
    assert!(
        told.contains("no e-mail from us until 21 December 2026") && told.contains("End the pause"),
        "{told}"
    );
    let until = "select paused_until::date::text from consents where state = 'paused'";
    assert_eq!(app.stored::<String>(until).await, "2026-12-21");
    choose(&app, &mut reader, "what=start").await;
    let told = choose(&app, &mut reader, "what=stop").await;
    assert!(told.contains("You get no more e-mail from us.") && told.contains("Get e-mail again"), "{told}");
    let told = choose(&app, &mut reader, "what=start").await;
    assert!(told.contains("Welcome back"), "{told}");
    assert!(said(&app).await.ends_with("withdrawn everything preferences, granted everything preferences"));
    assert_eq!(gone(&app).await, 1, "they went once, by this mail");
}

#[tokio::test]
async fn a_topic_that_was_stopped_stays_so_when_a_pause_ends() {
    let app = TestApp::new().await.leaves_jobs();
    let mut reader = app.visitor();
    for form in ["what=topics", "what=pause-90"] {
        choose(&app, &mut reader, form).await;
    }
    app.app.clock.advance(chrono::TimeDelta::days(91));
    let page = reader.get(&preferences(&app).await).await;
    assert!(!page.body.contains(" checked"), "{}", page.body);
    let last = "select state from consents where organization_id::text like '%a' order by id desc limit 1";
    assert_eq!(app.stored::<String>(last).await, "withdrawn");
}

#[tokio::test]
async fn another_organizations_topic_and_mail_change_nothing_here() {
    let app = TestApp::new().await.leaves_jobs();
    let before = rows::of_organization(&app.owner, &INITECH).await;
    choose(&app, &mut app.visitor(), &format!("what=topics&topic={}", INITECH.topic)).await;
    assert_eq!(
        said(&app).await,
        "withdrawn News preferences",
        "theirs is no topic of ours, and ours was not ticked"
    );
    assert_eq!(rows::changed(&before, &rows::of_organization(&app.owner, &INITECH).await), [""; 0]);

    let ours = rows::of_organization(&app.owner, &ACME).await;
    let theirs = link(&app, "u", mail_of(&app, &INITECH).await, Link::Preferences);
    app.visitor().post(&theirs, "").await;
    assert_eq!(lines(&app).await, 2);
    assert_eq!(rows::changed(&ours, &rows::of_organization(&app.owner, &ACME).await), [""; 0]);
}

#[tokio::test]
async fn the_mail_as_a_page_runs_nothing_and_holds_its_readers_own_links() {
    let app = TestApp::new().await;
    let html = "update design_versions set html = '<!doctype html><html><head><title></title></head><body><p>Hi {{ contact.first_name }}</p>\
                <script>alert(1)</script><a href=\"https://shop.test/winter\">Shop</a><a href=\"{{ unsubscribe_url }}\">Stop</a></body></html>'";
    sqlx::raw_sql(html).execute(&app.owner).await.unwrap();
    let to = mail_of(&app, &ACME).await;
    let page = app.visitor().get(&link(&app, "v", to, Link::View)).await;
    assert_eq!((page.status.as_u16(), page.header("set-cookie")), (200, ""));
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && policy.contains("sandbox") && !policy.contains("script"),
        "{policy}"
    );
    assert!(!policy.contains("allow-scripts") && !policy.contains("allow-same-origin"), "{policy}");
    assert!(
        page.body.contains("Hi Zoe") && page.body.contains("<title>It is winter</title>"),
        "{}",
        page.body
    );
    for own in [link(&app, "c", to, Link::Click(0)), link(&app, "u", to, Link::Preferences)] {
        assert!(page.body.contains(&format!("https://app.groundswell.test{own}\"")), "{own}: {}", page.body);
    }
    assert!(!page.body.contains("/o/"), "looking at it here is no open: {}", page.body);
    for door in ["u", "p", "v"] {
        let trial = app.visitor().get(&format!("/{door}/trial")).await;
        assert_eq!((trial.status.as_u16(), trial.text().contains("This was a trial")), (200, true));
    }
}
