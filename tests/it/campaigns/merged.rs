//! Mail and people of whom there were two records: everybody gets it once, and what they say under the one holds for
//! the other.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::http::Method;
use chrono::TimeDelta;
use groundswell::{
    campaigns::tokens::Link,
    commands::bench::sink::{Act, Moment, Profile},
};

use super::{
    link, mail_of,
    town::{app, audience, begin, run, sink, standing},
};
use crate::support::{Browser, TestApp, tenant::ACME};

const ZOE: &str = "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1";

async fn id_of(app: &TestApp, email: &str) -> String {
    let sql = "select id::text from contacts where email = $1";
    sqlx::query_scalar(sql).bind(email).fetch_one(&app.owner).await.unwrap()
}

async fn merge(browser: &mut Browser, (stays, goes): (&str, &str)) {
    let path = format!("/w/acme/contacts/{stays}/merge/{goes}");
    let seen = browser.get(&path).await.field("seen");
    let reply = browser.post(&path, &format!("stays=one&field.email=one&seen={seen}")).await;
    assert_eq!(reply.header("location"), format!("/w/acme/contacts/{stays}"), "{}", reply.text());
}

#[tokio::test]
async fn who_is_merged_while_a_campaign_goes_out_gets_it_once_and_only_if_they_want_it() {
    let app = app().await;
    let is_open = Arc::new(AtomicBool::new(false));
    let door = is_open.clone();
    let script = move |moment: Moment<'_>| match moment {
        Moment::Command(line) if line.starts_with("RCPT") && !door.load(Ordering::Relaxed) => {
            Act::Say("450 4.2.0 Greylisted, come again".to_owned())
        }
        _ => Act::Usual,
    };
    let sink = sink(Profile { script: Some(Arc::new(script)), keep: true, ..Profile::default() }).await;
    audience(&app, 6, Some((sink.address.port(), 1))).await;
    run(&app, "update contacts set archived_at = now() where email = 'p5@many.test'").await;
    begin(&app).await;
    app.work().await;
    assert_eq!((standing(&app, "sent").await, standing(&app, "scheduled").await), (0, 6));

    // Of two the one; and who was not asked takes it back for the other.
    let mut mia = app.sign_in("mia@acme.test").await;
    run(&app, "update contacts set archived_at = null where email = 'p5@many.test'").await;
    let [p0, p1, p2, p5] = [0, 1, 2, 5].map(|n| format!("p{n}@many.test"));
    let no = format!(
        "insert into consents (organization_id, contact_id, id, state, source, recorded_at)
         select organization_id, id, gen_random_uuid(), 'withdrawn', 'one_click', now() from contacts where email = '{p5}'"
    );
    run(&app, &no).await;
    merge(&mut mia, (&id_of(&app, &p0).await, &id_of(&app, &p1).await)).await;
    merge(&mut mia, (&id_of(&app, &p5).await, &id_of(&app, &p2).await)).await;
    is_open.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        app.app.clock.advance(TimeDelta::hours(3));
        app.skip_pauses().await;
        app.work().await;
    }

    let mut taken: Vec<String> =
        sink.received().into_iter().filter(|one| one.taken).flat_map(|one| one.to).collect();
    taken.sort();
    assert_eq!(taken.len(), 4, "{taken:?}");
    for (who, gets) in
        [("p0@", true), ("p1@", false), ("p2@", false), ("p3@", true), ("p4@", true), ("zoe@", true)]
    {
        assert_eq!(taken.iter().any(|to| to.contains(who)), gets, "{who}: {taken:?}");
    }
}

#[tokio::test]
async fn what_is_said_by_a_link_of_an_earlier_mail_is_said_by_who_they_are_now() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let path = link(&app, "u", mail_of(&app, &ACME).await, Link::Preferences);
    let ann =
        mia.post("/w/acme/contacts", "email=ann@x.test&first_name=Ann").await.header("location").to_owned();
    merge(&mut mia, (ann.rsplit('/').next().unwrap(), ACME.contact)).await;
    assert_eq!(mia.get(ZOE).await.header("location"), ann);

    assert_eq!(app.visitor().send(Method::POST, &path, "", &[]).await.status, 200);

    let page = mia.get(&ann).await.text();
    assert!(page.contains("They unsubscribed from “News”"), "{page}");
    assert!(app.visitor().get(&path.replace("/u/", "/p/")).await.text().contains("News"));
}
