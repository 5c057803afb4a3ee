//! The report: its numbers are those of the ledger, and each leads to whom it counts.

use groundswell::campaigns::{
    tokens::Addressee,
    tracking::{self, Agent, Hit, What},
};

use super::{crowd, mail_of};
use crate::support::{TestApp, tenant::ACME};

const REPORT: &str = "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a2/report";

/// A hundred people beside Zoe, of whom much has become.
async fn busy(app: &TestApp) {
    let people = crowd(app, 100).await;
    let became = "
        with r as (select contact_id, row_number() over (order by contact_id) as n from recipients where contact_id::text like 'f0%')
        update recipients t set
            skipped = case when n > 90 then 'opted_out' else '' end,
            bounced_at = case when n in (81, 82, 83) then now() end,
            bounce = case when n in (81, 82) then 'hard' when n = 83 then 'soft' else '' end,
            bounce_reason = case when n in (81, 82) then 'mailbox_unknown' when n = 83 then 'mailbox_full' else '' end,
            bounce_detail = case when n in (81, 82, 83) then '550 no <b>such</b> user' else '' end,
            unsubscribed_at = case when n in (1, 2) then now() end,
            complained_at = case when n = 3 then now() end
          from r where r.contact_id = t.contact_id;
        delete from channel_outbox where subject_id in (select contact_id from recipients where skipped <> '');
        update channel_outbox set status = 'failed', code = 550, reason = 'blocked', detail = '550 go away'
         where subject_id::text like 'f0%84';
        update channel_outbox set status = 'unknown' where subject_id::text like 'f0%85';
        update channel_outbox set status = 'suppressed', reason = 'suppressed' where subject_id::text like 'f0%86'";
    sqlx::raw_sql(became).execute(&app.owner).await.unwrap();
    let (broadcast, now) = (mail_of(app, &ACME).await.broadcast, app.app.clock.now());
    let contact = |n: usize| people.get(n).copied().expect("there are a hundred");
    let hit = |n: usize, what, by| Hit {
        to: Addressee { broadcast, contact: contact(n) },
        what,
        by,
        at: now + chrono::TimeDelta::minutes(n as i64),
    };
    let mut hits: Vec<Hit> = (0..60).map(|n| hit(n, What::Opened, Agent::Person)).collect();
    hits.extend((0..60).map(|n| hit(n, What::Opened, Agent::Proxy("Gmail"))));
    hits.extend((0..20).flat_map(|n| [hit(n, What::Clicked(0), Agent::Person); 2]));
    hits.extend((0..7).map(|n| hit(n, What::Clicked(0), Agent::Machine("scanner"))));
    tracking::write(&app.app, &hits).await;
}

#[tokio::test]
async fn the_numbers_are_those_of_the_ledger_and_each_leads_to_whom_it_counts() {
    let app = TestApp::new().await.leaves_jobs();
    busy(&app).await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let page = mia.get(REPORT).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let text = page.text();
    // Of 101, ten were left out before and one at the last moment, one was refused, one is unknown, three came back.
    for said in [
        "Delivered 85 96.6 % of those sent",
        "Opened 61 71.8 % of those delivered",
        "Clicked 21 24.7 % of those delivered",
        "Unsubscribed 2 2.4 % of those delivered",
        "Machines made another 0 opens and 7 clicks",
        "60 came through a mail provider",
        "It was meant for 101",
        "https://shop.test/winter 21",
        "Nobody has that address, or not any more Came back for good 2",
        "The mailbox is full Came back this once 1",
        "Their server does not want mail from us Refused by the server 1",
        "Unsubscribed before Left out 10",
        "The address is suppressed Left out 1",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    for (what, count) in [
        ("delivered", 85),
        ("opened", 61),
        ("clicked", 21),
        ("link&position=0", 21),
        ("bounced", 3),
        ("bounced&cause=mailbox_unknown", 2),
        ("unsubscribed", 2),
        ("complained", 1),
        ("skipped", 11),
        ("skipped&cause=opted_out", 10),
        ("failed", 1),
        ("unknown", 1),
    ] {
        let list = mia.get(&format!("{REPORT}/people?what={what}")).await;
        let noun = if count == 1 { "person" } else { "people" };
        assert!(list.text().contains(&format!("{count} {noun}")), "{what}: {}", list.text());
        assert!(!list.body.contains("<b>such</b>"), "{}", list.body);
    }
    for wrong in ["what=everybody", "what=link", "what=link&position=9", "what=link&position=x"] {
        assert_eq!(mia.get(&format!("{REPORT}/people?{wrong}")).await.status, 404, "{wrong}");
    }
}

#[tokio::test]
async fn a_long_list_has_pages_and_can_be_saved_whole() {
    let app = TestApp::new().await.leaves_jobs();
    busy(&app).await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let first = mia.get(&format!("{REPORT}/people?what=opened")).await;
    let rows = |body: &str| body.matches("@crowd.test").count() + body.matches("zoe@acme").count();
    assert_eq!(rows(&first.body), 50);
    let next = first.body.split("after=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let second = mia.get(&format!("{REPORT}/people?what=opened&after={next}")).await;
    assert_eq!(rows(&second.body), 11);
    let back = second.body.split("before=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let again = mia.get(&format!("{REPORT}/people?what=opened&before={back}")).await;
    assert_eq!(rows(&again.body), 50);

    let save = format!("{REPORT}/people/list");
    let reply = mia.post(&save, "name=Readers&what=opened").await;
    assert_eq!(reply.status, 303, "{}", reply.body);
    let saved = "select count(*) from contact_list_members m join contact_lists l on l.id = m.list_id where l.name = 'Readers'";
    assert_eq!(app.stored::<i64>(saved).await, 61);
    let list = mia.get(reply.header("location")).await.text();
    assert!(list.contains("Added 61 people to “Readers”."), "{list}");
    let twice = mia.post(&save, "name=Readers&what=clicked").await;
    assert_eq!((twice.status.as_u16(), twice.text().contains("Another list has that name.")), (422, true));
    assert_eq!(twice.field("name"), "Readers", "what was typed stays");
    assert_eq!(mia.post(&save, "name=&what=clicked").await.status, 422);
}

#[tokio::test]
async fn a_viewer_reads_the_report_and_saves_nothing() {
    let app = TestApp::new().await;
    let sql = "insert into role_permissions (organization_id, role_id, permission)
               select organization_id, id, 'campaigns.view' from roles where key = 'viewer' and organization_id::text like '%a'";
    sqlx::query(sql).execute(&app.owner).await.unwrap();
    let mut vic = app.sign_in("vic@acme.test").await;
    assert_eq!(vic.get(REPORT).await.status, 200);
    let list = vic.get(&format!("{REPORT}/people?what=opened")).await;
    assert!(list.status == 200 && !list.body.contains("Save as a list"), "{}", list.body);
    assert_eq!(vic.post(&format!("{REPORT}/people/list"), "name=Mine&what=opened").await.status, 403);
}

#[tokio::test]
async fn before_anything_was_sent_the_report_says_what_it_will_hold() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let page = mia.get(&REPORT.replace("10a2", "10a1")).await;
    assert!(page.status == 200 && page.text().contains("Nothing was sent yet"), "{}", page.text());
    assert_eq!(mia.get(&REPORT.replace("10a2", "10b2")).await.status, 404);
}

#[tokio::test]
async fn the_sample_has_a_campaign_with_a_report() {
    let app = TestApp::new().await.leaves_jobs();
    groundswell::sample::plant(&app.app).await.unwrap();
    let id: String = app.stored("select id::text from campaigns where name = 'Ready for winter'").await;
    let mut sam = app.sign_in("sam@summit-roofing.example").await;
    let text = sam.get(&format!("/w/summit-roofing/campaigns/{id}/report")).await.text();
    for said in [
        "Delivered 13",
        "Opened 11",
        "Clicked 5",
        "Unsubscribed 1",
        "another 1 open and 1 click",
        "Came back 2",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[tokio::test]
async fn a_timeline_says_which_mail_it_was_and_leads_to_its_report() {
    let app = TestApp::new().await.leaves_jobs();
    let contact = crowd(&app, 1).await[0];
    let (broadcast, at) = (mail_of(&app, &ACME).await.broadcast, app.app.clock.now());
    let hit = |what| Hit { to: Addressee { broadcast, contact }, what, by: Agent::Person, at };
    tracking::write(&app.app, &[hit(What::Opened), hit(What::Clicked(0))]).await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let path = format!("/w/acme/contacts/{contact}");

    let page = mia.get(&path).await;
    let text = page.text();
    assert!(text.contains("Opened “Winter sale”"), "{text}");
    assert!(text.contains("Followed the link to shop.test/winter in “Winter sale”"), "{text}");
    assert!(page.body.contains(&format!("href=\"{REPORT}\"")), "{}", page.body);

    let withdrawn = "delete from role_permissions where permission = 'campaigns.view'";
    sqlx::query(withdrawn).execute(&app.owner).await.unwrap();
    let page = mia.get(&path).await;
    assert!(page.text().contains("Opened “Winter sale”"), "{}", page.body);
    assert!(!page.body.contains(REPORT), "a line that leads nowhere for her is no link");
}
