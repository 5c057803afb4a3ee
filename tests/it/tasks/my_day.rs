//! What one person has to do, over all their workspaces.

use super::{MIA, TASKS, add, said};
use crate::support::TestApp;

const ADA: &str = "00000000-0000-7000-8000-000000000031";

#[tokio::test]
async fn somebody_sees_what_is_theirs_everywhere_and_does_it_from_there() {
    let app = TestApp::new().await.leaves_jobs();
    let mut ada = app.sign_in("ada@brightside.test").await;
    assert!(said(&mut ada, "/my-day").await.contains("Nothing to do"), "what is Olga's is not Ada's");
    for (org, form) in [
        ("brightside", "title=Write+the+invoice&due=2026-11-22"),
        ("acme", "title=Visit+Acme&due=2026-11-20"),
        ("acme", "title=Next+month&due=2026-12-20"),
    ] {
        let added = ada.post(&format!("/w/{org}/tasks"), &format!("{form}&assignee={ADA}")).await;
        assert_eq!(added.status, 303, "{}", added.text());
    }

    let day = ada.get("/my-day").await;
    let text = day.text();
    let (first, then) = text.split_once("Visit Acme").unwrap_or_else(|| panic!("{text}"));
    assert!(first.contains("Overdue") && then.contains("Yesterday · Acme"), "{text}");
    assert!(then.contains("Upcoming 1 ") && then.contains("Tomorrow · Brightside"), "{text}");
    assert!(!text.contains("done: Next month") && !text.contains("rockets"), "{text}");
    let done = day.body.split("action=\"").find(|part| part.starts_with("/w/acme/tasks/")).unwrap();
    let back = ada.post(&done.split('"').next().unwrap().replace("&amp;", "&"), "").await;
    assert_eq!(back.header("location"), "/my-day");
    let after = ada.get("/my-day").await;
    assert!(after.text().contains("Done: “Visit Acme”.") && after.body.contains("/reopen?back=my-day"));

    let jump = ada.hx_get("/w/acme/palette?q=my").await;
    assert!(jump.body.contains("href=\"/my-day\""), "{}", jump.body);
}

#[tokio::test]
async fn a_workspace_that_somebody_left_is_no_part_of_their_day() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut mia, mut olga) = (app.sign_in("mia@acme.test").await, app.sign_in("olga@acme.test").await);
    add(&app, &mut mia, &format!("title=Sweep&due=2026-11-21&assignee={MIA}")).await;
    assert!(said(&mut mia, "/my-day").await.contains("Sweep"));
    olga.post("/w/acme/people/standing", &format!("to=inactive&person={MIA}")).await;
    assert!(said(&mut mia, "/my-day").await.contains("Nothing to do"));
    assert!(
        said(&mut olga, &format!("{TASKS}?whose=all")).await.contains("Mia Marketer"),
        "it is still hers here"
    );
}
