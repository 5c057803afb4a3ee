//! What is done to many people at once: in the request, in the background, and back again.

use chrono::TimeDelta;
use groundswell::{app, jobs::worker};

use crate::support::{Browser, TestApp, tenant::ACME};

const CONTACTS: &str = "/w/acme/contacts";
const SEVERAL: &str = "/w/acme/contacts/several";

/// Adds somebody and gives their id.
async fn add(app: &TestApp, mia: &mut Browser, name: &str) -> String {
    let email = format!("{}@x.test", name.to_lowercase());
    assert_eq!(mia.post(CONTACTS, &format!("email={email}&first_name={name}")).await.status, 303);
    sqlx::query_scalar("select id::text from contacts where email = $1")
        .bind(email)
        .fetch_one(&app.owner)
        .await
        .unwrap()
}

/// So many more, all of them leads.
async fn crowd(app: &TestApp, count: i32) {
    sqlx::query(
        "insert into contacts (organization_id, id, email, first_name, created_at, updated_at)
         select $1::uuid, gen_random_uuid(), 'p' || n || '@many.test', 'P' || n, now(), now()
           from generate_series(1, $2) n",
    )
    .bind(ACME.org)
    .bind(count)
    .execute(&app.owner)
    .await
    .unwrap();
}

/// Where the Undo of a notice posts to.
fn undo_of(body: &str) -> String {
    let rest = body.split("/contacts/changes/").nth(1).unwrap_or_else(|| panic!("no undo: {body}"));
    format!("{CONTACTS}/changes/{}/undo", &rest[..36])
}

/// What is known of the two, and of nobody else.
async fn stands(app: &TestApp) -> String {
    app.stored(
        "select string_agg(first_name || ' ' || lifecycle_stage || ' ' || lead_status || ' '
                || coalesce(right(owner_id::text, 2), '-') || ' ' || (archived_at is null), ', ' order by first_name)
           from contacts where email like '%@x.test'",
    )
    .await
}

#[tokio::test]
async fn several_get_a_stage_a_status_and_an_owner_and_whoever_was_changed_since_keeps_what_they_have() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let (ann, bo) = (add(&app, &mut mia, "Ann").await, add(&app, &mut mia, "Bo").await);
    let both = format!("contact={ann}&contact={bo}");

    let done = mia.hx_post(SEVERAL, &format!("what=stage&stage=customer&{both}")).await;
    assert!(done.text().contains("Set the stage of 2 people to “Customer”."), "{}", done.text());
    let timeline = mia.get(&format!("{CONTACTS}/{ann}")).await.text();
    assert!(timeline.contains("Stage: Lead → Customer, by Mia Marketer"), "{timeline}");
    let again = mia.hx_post(SEVERAL, &format!("what=stage&stage=customer&{both}")).await.text();
    assert!(
        again.contains("Set the stage of 0 people to “Customer”. The others had that already."),
        "{again}"
    );
    mia.hx_post(SEVERAL, &format!("what=lead_status&lead_status=qualified&{both}")).await;
    mia.hx_post(SEVERAL, &format!("what=owner&owner=00000000-0000-7000-8000-000000000012&{both}")).await;
    assert_eq!(stands(&app).await, "Ann customer qualified 12 true, Bo customer qualified 12 true");

    mia.post(&format!("{CONTACTS}/{bo}/standing/stage"), "to=evangelist").await;
    let undone = mia.hx_post(&undo_of(&done.body), "").await.text();
    let said = "Undone: 1 person is as before. 1 person was changed since and stays so.";
    assert!(undone.contains(said), "{undone}");
    assert_eq!(stands(&app).await, "Ann lead qualified 12 true, Bo evangelist qualified 12 true");
    assert_eq!(mia.hx_post(&undo_of(&done.body), "").await.status, 404, "once");
    let nobody = mia.hx_post(SEVERAL, &format!("what=owner&owner=&contact={ann}")).await.text();
    assert!(nobody.contains("Left 1 person without an owner."), "{nobody}");

    for (form, told) in [
        (format!("what=stage&stage=king&{both}"), "this is no longer in it"),
        (format!("what=owner&owner={}&{both}", ACME.contact), "this is no longer in it"),
        (format!("what=dance&{both}"), "Choose what to do with them"),
        ("what=archive".to_owned(), "Tick the people first"),
    ] {
        let reply = mia.hx_post(SEVERAL, &form).await.text();
        assert!(reply.contains(told), "{told}: {reply}");
    }
    let log = "select string_agg(action || ':' || coalesce(after->>'changed', after->>'returned', ''), ' ' order by seq)
                 from audit_log where action like 'changes.%'";
    let lines = "changes.made:2 changes.made:0 changes.made:2 changes.made:2 changes.undone:1 changes.made:1";
    assert_eq!(app.stored::<String>(log).await, lines, "one line for each, with counts");
    let page = mia.get(&format!("{CONTACTS}/changes")).await.text();
    assert!(page.contains("Set the stage of 2 people to “Customer” Undone"), "{page}");
    assert!(page.contains("Make Mia Marketer the owner of 2 people"), "{page}");
}

#[tokio::test]
async fn several_are_archived_brought_back_and_taken_out_of_a_list_and_each_of_it_can_be_undone() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let (ann, bo) = (add(&app, &mut mia, "Ann").await, add(&app, &mut mia, "Bo").await);
    let both = format!("contact={ann}&contact={bo}");

    let archived = mia.hx_post(SEVERAL, &format!("what=archive&{both}")).await;
    assert!(archived.text().contains("Archived 2 people."), "{}", archived.text());
    let since =
        "select string_agg(archived_at::text, ' ' order by email) from contacts where email like '%@x.test'";
    let were: String = app.stored(since).await;
    let back = mia.hx_post(SEVERAL, &format!("what=restore&{both}")).await;
    assert!(stands(&app).await.ends_with("Bo lead new - true"));
    mia.hx_post(&undo_of(&back.body), "").await;
    assert_eq!(app.stored::<String>(since).await, were, "archived since they were");
    mia.hx_post(&undo_of(&archived.body), "").await;
    assert!(stands(&app).await.ends_with("Bo lead new - true"), "{}", stands(&app).await);

    let members = "select coalesce(string_agg(c.first_name || ':' || m.source || ':' || m.joined_at, ' ' order by 1), '')
                     from contact_list_members m join contacts c on c.organization_id = m.organization_id and c.id = m.contact_id
                    where m.organization_id::text like '%a' and m.list_id = '00000000-0000-7000-8000-0000000009a1'";
    let before: String = app.stored(members).await;
    let whom = format!("list={}&contact={ann}&contact={}", ACME.list, ACME.contact);
    let came = mia.hx_post(SEVERAL, &format!("what=list&{whom}")).await;
    assert!(came.text().contains("Added 1 person to “Open day”. The others were in it."), "{}", came.text());
    let gone = mia.hx_post(SEVERAL, &format!("what=unlist&{whom}")).await;
    assert!(gone.text().contains("Removed 2 people from “Open day”."), "{}", gone.text());
    assert_eq!(app.stored::<String>(members).await, "");
    mia.hx_post(&undo_of(&gone.body), "").await;
    mia.hx_post(&undo_of(&came.body), "").await;
    assert_eq!(app.stored::<String>(members).await, before);
}

#[tokio::test]
async fn whoever_got_or_lost_it_again_since_keeps_it_that_way_whatever_it_was() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let (ann, bo) = (add(&app, &mut mia, "Ann").await, add(&app, &mut mia, "Bo").await);
    let both = format!("contact={ann}&contact={bo}");
    let has = "select coalesce(string_agg(c.first_name, ' ' order by c.first_name), '') from contacts c where email like '%@x.test' and ";
    let worn = "exists (select from contact_tags w join tags t on t.id = w.tag_id where w.contact_id = c.id and t.name = 'Keen')";
    let listed = format!(
        "exists (select from contact_list_members m where m.contact_id = c.id and m.list_id = '{}')",
        ACME.list
    );
    let archived_later =
        "c.archived_at > (select min(archived_at) from contacts where email like '%@x.test')";
    let list = format!("what=list&list={}", ACME.list);
    let unlist = format!("what=unlist&list={}", ACME.list);
    // What is done to both, what is done to Bo afterwards, and back; and who has it once the first is undone.
    for (done, off, on, what, left) in [
        ("what=tag&tag=Keen", "what=untag&tag=Keen", "what=tag&tag=Keen", worn, "Bo"),
        (&list, &unlist, &list, &listed, "Bo"),
        ("what=archive", "what=restore", "what=archive", "c.archived_at is not null", "Bo"),
        ("what=restore", "what=archive", "", archived_later, "Bo"),
    ] {
        mia.hx_post(SEVERAL, &format!("{off}&{both}")).await;
        app.app.clock.advance(TimeDelta::minutes(1));
        let first = mia.hx_post(SEVERAL, &format!("{done}&{both}")).await;
        for (minutes, again) in [(1, off), (2, on)].into_iter().filter(|(_, again)| !again.is_empty()) {
            app.app.clock.advance(TimeDelta::minutes(minutes));
            mia.hx_post(SEVERAL, &format!("{again}&contact={bo}")).await;
        }
        let undone = mia.hx_post(&undo_of(&first.body), "").await.text();
        let holds: String = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("{has}{what}")))
            .fetch_one(&app.owner)
            .await
            .unwrap();
        let said = "Undone: 1 person is as before. 1 person was changed since and stays so.";
        assert!(undone.contains(said) && holds == left, "{done}: {holds}: {undone}");
    }
}

#[tokio::test]
async fn more_than_a_hundred_are_changed_after_a_yes_and_more_than_a_thousand_in_the_background() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    crowd(&app, 2_500).await;
    let form = "what=stage&stage=mql&scope=all&view=q%3Dmany.test%26sort%3Dname";
    let asked = mia.post(SEVERAL, form).await;
    let at = asked.header("location").to_owned();
    assert!(asked.status == 303 && at.contains("/contacts/changes/"), "{at}");
    assert!(mia.hx_post(SEVERAL, form).await.header("hx-redirect").contains("/contacts/changes/"));
    let page = mia.get(&at).await;
    let question = "Set the stage of 2,500 people to “Marketing qualified”?";
    assert!(page.text().contains(question), "{}", page.text());
    assert!(page.body.contains("/w/acme/contacts?q=many.test&#38;sort=name\">Leave them"), "{}", page.body);
    assert!(!mia.get(&format!("{CONTACTS}/changes")).await.text().contains("2,500 people"), "not begun");
    let moved = "select count(*) from contacts where lifecycle_stage = 'mql'";
    assert_eq!(app.stored::<i64>(moved).await, 0, "nobody was asked yet");

    // Whom it is about is settled: who comes later is not among them.
    assert_eq!(mia.post(CONTACTS, "email=late@many.test").await.status, 303);
    let change = at.split('?').next().unwrap().to_owned();
    mia.post(&format!("{change}/start"), "").await;
    let page = mia.get(&change).await;
    assert!(page.text().contains("0 of 2,500 people") && page.body.contains("every 1s"), "{}", page.text());
    mia.post(&format!("{change}/stop"), "").await;
    app.work().await;
    assert!(mia.get(&change).await.text().contains("It can go on from there."));
    mia.post(&format!("{change}/start"), "").await;
    app.work().await;
    let page = mia.get(&change).await.text();
    assert!(page.contains("Done") && page.contains("Set the stage of 2,500 people"), "{page}");
    assert_eq!(app.stored::<i64>(moved).await, 2_500);
    let told = "select count(*) from events where kind = 'contact.moved' and payload->>'to' = 'mql'";
    assert_eq!(app.stored::<i64>(told).await, 2_500, "each of them once");

    sqlx::query(
        "update contacts set lifecycle_stage = 'sql' where email in ('p7@many.test', 'p8@many.test')",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    mia.post(&format!("{change}/undo"), "").await;
    assert!(mia.get(&change).await.text().contains("Being undone"));
    app.work().await;
    let page = mia.get(&change).await.text();
    let said = "Undone: 2,498 people are as before. 2 people were changed since and stay so.";
    assert!(page.contains(said), "{page}");
    assert_eq!(app.stored::<i64>("select count(*) from contacts where lifecycle_stage = 'sql'").await, 2);
    let log = "select string_agg(action, ' ' order by seq) from audit_log where action like 'changes.%'";
    let lines =
        "changes.started changes.stopped changes.started changes.made changes.undo_started changes.undone";
    assert_eq!(app.stored::<String>(log).await, lines);
}

#[tokio::test]
async fn a_change_that_is_interrupted_goes_on_where_it_stopped_and_does_nothing_twice() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    crowd(&app, 3_500).await;
    let asked = mia.post(SEVERAL, "what=tag&tag=Crowd&scope=all&view=q%3Dmany.test").await;
    let change = asked.header("location").split('?').next().unwrap().to_owned();
    mia.post(&format!("{change}/start"), "").await;
    for after in [1, 2_000] {
        // The work is dropped where it stands, as when its process is killed, once so much of it is committed.
        let kinds = app::kinds(true);
        let mut work = Box::pin(worker::run_due(&app.app, &kinds));
        let done = "select coalesce(max(done), 0) from contact_changes where status = 'running'";
        while app.stored::<i64>(done).await < after {
            tokio::select! {
                ended = &mut work => { ended.unwrap(); break; }
                () = tokio::task::yield_now() => {}
            }
        }
        drop(work);
        let again =
            "update job_queue set status = 'waiting', holder = null, leased_until = null, run_at = now()
                      where kind = 'contacts.change' and status = 'running'";
        sqlx::query(again).execute(&app.owner).await.unwrap();
    }
    app.work().await;

    let page = mia.get(&change).await.text();
    assert!(page.contains("Put the tag “Crowd” on 3,500 people."), "{page}");
    let worn = "select count(*) from contact_tags w join tags t on t.organization_id = w.organization_id and t.id = w.tag_id where t.name = 'Crowd'";
    assert_eq!(app.stored::<i64>(worn).await, 3_500);
    let told = "select count(*) from events where kind = 'contact.tagged' and payload->>'name' = 'Crowd'";
    assert_eq!(app.stored::<i64>(told).await, 3_500);
}

#[tokio::test]
async fn after_a_day_there_is_nothing_to_undo_and_what_people_had_is_forgotten() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let ann = add(&app, &mut mia, "Ann").await;
    let done = mia.hx_post(SEVERAL, &format!("what=tag&tag=Keen&contact={ann}")).await;
    crowd(&app, 101).await;
    let asked = mia.post(SEVERAL, "what=archive&scope=all&view=q%3Dmany.test").await;
    assert!(mia.get(asked.header("location")).await.text().contains("Archive 101 people?"));

    app.app.clock.advance(TimeDelta::hours(25));
    assert_eq!(mia.hx_post(&undo_of(&done.body), "").await.status, 404);
    app.skip_pauses().await;
    app.work().await;
    let kept = "select count(*) from contact_change_people p join contact_changes c on c.organization_id = p.organization_id and c.id = p.change_id
                 where c.created_at > '2026-11-21 09:00+00' or c.people > 1";
    assert_eq!(app.stored::<i64>(kept).await, 0);
    assert_eq!(mia.get(asked.header("location")).await.status, 404, "nobody began it");
    let page = mia.get(&format!("{CONTACTS}/changes")).await.text();
    assert!(page.contains("Put the tag “Keen” on 1 person Done") && !page.contains("Archive 101"), "{page}");
}

#[tokio::test]
async fn whoever_only_looks_finds_no_buttons_and_no_changes() {
    let app = TestApp::new().await;
    let mut vic = app.sign_in("vic@acme.test").await;
    let grant = "insert into role_permissions (organization_id, role_id, permission)
        select organization_id, id, 'contacts.view' from roles where key = 'viewer' and organization_id::text like '%a' on conflict do nothing";
    sqlx::query(grant).execute(&app.owner).await.unwrap();
    let list = vic.get(CONTACTS).await;
    assert_eq!(list.status, 200);
    assert!(
        !list.body.contains("contacts/several") && !list.body.contains("/contacts/changes"),
        "{}",
        list.body
    );
    for path in ["/changes".to_owned(), format!("/changes/{}", ACME.change)] {
        assert_eq!(vic.get(&format!("{CONTACTS}{path}")).await.status, 403);
    }
    assert_eq!(vic.post(&format!("{CONTACTS}/changes/{}/undo", ACME.change), "").await.status, 403);
}
