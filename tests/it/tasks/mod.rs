//! Tasks, as people in a workspace meet them.

pub(crate) mod foreign;
mod my_day;
mod remind;

use crate::{
    notices::bell,
    support::{Browser, TestApp, tenant::ACME},
};

const TASKS: &str = "/w/acme/tasks";
const ZOE: &str = "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1";
const ROCKETS: &str = "/w/acme/deals/00000000-0000-7000-8000-0000000017a1";
const OLGA: &str = ACME.people[0];
const MIA: &str = ACME.people[1];

/// Adds a task and gives its address.
async fn add(app: &TestApp, browser: &mut Browser, form: &str) -> String {
    let reply = browser.post(TASKS, form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    format!("{TASKS}/{}", app.stored::<String>("select id::text from tasks order by id desc limit 1").await)
}

/// What a page says from its heading on.
async fn said(browser: &mut Browser, path: &str) -> String {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    let text = page.text();
    text.split_once("Skip to content").map_or(text.clone(), |(_, rest)| rest.to_owned())
}

#[tokio::test]
async fn a_task_is_given_to_somebody_who_does_it_and_takes_that_back() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut mia, mut olga) = (app.sign_in("mia@acme.test").await, app.sign_in("olga@acme.test").await);
    let form =
        format!("title=Call+Zoe&due=2026-11-21&time=15:00&kind=call&priority=high&assignee={OLGA}&who=zoe");
    let task = add(&app, &mut mia, &form).await;

    let mine = said(&mut olga, TASKS).await;
    let (overdue, today) = mine.split_once("Mark as done: Call Zoe").unwrap();
    assert!(
        overdue.contains("Overdue") && overdue.contains("Ask about the rockets"),
        "overdue first: {mine}"
    );
    assert!(overdue.contains("Yesterday · Olga Owner"), "{mine}");
    assert!(today.starts_with(" Call Zoe Call High priority Today 3:00 PM · Olga Owner · Zoe"), "{mine}");
    assert!(!said(&mut mia, TASKS).await.contains("done: Call Zoe"), "not hers");
    assert!(said(&mut mia, &format!("{TASKS}?whose=all")).await.contains("Call Zoe"));
    assert_eq!(bell(&mut olga, TASKS).await, "2", "beside what the town told her");
    assert!(said(&mut olga, "/notifications").await.contains("Mia Marketer gave you the task “Call Zoe”"));

    let back = olga.post(&format!("{task}/done?whose=all"), "").await;
    assert_eq!(back.header("location"), format!("{TASKS}?whose=all"));
    let page = olga.get(&format!("{TASKS}?whose=all")).await;
    assert!(page.text().contains("Done: “Call Zoe”."), "{}", page.text());
    assert!(page.body.contains(&format!("{task}/reopen?whose=all")), "an undo that leads back");
    assert!(said(&mut olga, &format!("{TASKS}?state=done")).await.contains("Call Zoe"));
    assert!(said(&mut olga, ZOE).await.contains("Task “Call Zoe” done"), "on the timeline");
    olga.post(&format!("{task}/reopen"), "").await;
    assert!(said(&mut olga, TASKS).await.contains("Call Zoe"));
}

#[tokio::test]
async fn a_form_with_mistakes_keeps_what_was_typed() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let form = "title=&due=soon&time=25:00&repeats=hourly&kind=bomb&who=nobody@x.test&notes=Red";
    let wrong = mia.post(TASKS, form).await;
    assert_eq!(
        (wrong.status.as_u16(), wrong.field("due"), wrong.field("who")),
        (422, "soon".into(), "nobody@x.test".into())
    );
    for told in [
        "Say what there is to do",
        "Choose a day",
        "Type a time",
        "Choose one of these",
        "Nobody here has that",
    ] {
        assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
    }
    for (form, told) in [("repeats=daily", "needs a day to begin"), ("time=9:30", "A time needs a day")] {
        let wrong = mia.post(TASKS, &format!("title=Call&{form}")).await;
        assert!(wrong.status == 422 && wrong.text().contains(told), "{told}: {}", wrong.text());
    }
    assert_eq!(app.stored::<i64>("select count(*) from tasks").await, 2);

    let task = format!("{TASKS}/{}", ACME.task);
    let edit = mia.get(&format!("{task}/edit")).await;
    assert_eq!(
        (edit.field("title"), edit.field("who")),
        ("Ask about the rockets".into(), "Zoe of Acme".into())
    );
    let form = format!(
        "title=Ask+again&due=2026-11-24&time=09:00&who=Zoe+of+Acme&contact={}&assignee={MIA}",
        ACME.contact
    );
    assert_eq!(mia.post(&task, &form).await.header("location"), task);
    let page = said(&mut mia, &task).await;
    for shown in ["Ask again", "Tuesday 9:00 AM", "Mia Marketer", "Contact Zoe", "Saved the task"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("Twelve rockets"), "the box was not ticked: {page}");
}

#[tokio::test]
async fn what_repeats_is_followed_by_one_next_however_often_it_is_done() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let task =
        add(&app, &mut mia, &format!("title=Water+the+plants&due=2026-11-02&repeats=weekly&assignee={MIA}"))
            .await;
    let done = format!("{task}/done");
    let (mut again, mut twice) = (mia.clone(), mia.clone());
    tokio::join!(mia.post(&done, ""), again.post(&done, ""), twice.post(&done, ""));

    let plants = "select string_agg(due_on || case when done_at is null then ' open' else ' done' end, ', ' order by due_on)
                    from tasks where title like 'Water%'";
    assert_eq!(app.stored::<String>(plants).await, "2026-11-02 done, 2026-11-23 open");
    let log = "select count(*) from audit_log where action = 'tasks.done'";
    assert_eq!(app.stored::<i64>(log).await, 1);
    mia.post(&format!("{task}/reopen"), "").await;
    assert_eq!(app.stored::<String>(plants).await, "2026-11-02 open", "the next one is taken back with it");
    mia.post(&done, "").await;
    assert_eq!(app.stored::<String>(plants).await, "2026-11-02 done, 2026-11-23 open");
}

#[tokio::test]
async fn tasks_stand_beside_their_contact_and_their_deal_and_are_added_there() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    for (about, page, id) in [("contact", ZOE, ACME.contact), ("deal", ROCKETS, ACME.deal)] {
        assert!(mia.get(page).await.body.contains(&format!("hx-get=\"{page}/tasks\"")), "{page}");
        let card = mia.hx_get(&format!("{page}/tasks")).await;
        assert!(
            card.text().contains("Ask about the rockets") && !card.body.contains("<html"),
            "{}",
            card.text()
        );
        assert!(
            said(&mut mia, &format!("{page}/tasks")).await.contains("Tasks about"),
            "without a script it is a page"
        );
        let form = format!("title=Send+a+{about}+card&back={about}&{about}={id}&assignee={MIA}");
        assert_eq!(mia.post(TASKS, &form).await.header("location"), page);
        let card = mia.hx_get(&format!("{page}/tasks")).await;
        assert!(card.text().contains(&format!("Send a {about} card")), "{}", card.text());
        let done = card.body.split("action=\"").find(|part| part.contains("/done?")).unwrap();
        assert_eq!(mia.post(done.split('"').next().unwrap(), "").await.header("location"), page);
    }
    assert_eq!(mia.get("/w/acme/contacts/00000000-0000-7000-8000-0000000008b1/tasks").await.status, 404);
}

#[tokio::test]
async fn what_was_deleted_can_be_brought_back() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let task = format!("{TASKS}/{}", ACME.task);
    assert_eq!(mia.post(&format!("{task}/delete?back=task"), "").await.header("location"), TASKS);
    let page = mia.get(&format!("{TASKS}?whose=all")).await;
    assert!(
        page.text().contains("Deleted “Ask about the rockets”.") && page.text().contains("Nothing to do")
    );
    assert!(page.body.contains(&format!("{task}/restore?back=task")), "{}", page.body);
    for gone in [task.clone(), format!("{task}/edit")] {
        assert_eq!(mia.get(&gone).await.status, 404);
    }
    assert_eq!(mia.post(&format!("{task}/done"), "").await.status, 404);
    assert_eq!(mia.post(&format!("{task}/restore?back=task"), "").await.header("location"), task);
    assert!(said(&mut mia, &task).await.contains("Brought “Ask about the rockets” back"));
}
