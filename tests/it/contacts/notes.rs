//! Notes about one person: written, changed and deleted by who wrote them, with whom they call on.

use crate::support::{TestApp, tenant::ACME};

const ZOE: &str = "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1";

#[tokio::test]
async fn a_note_stands_on_the_page_and_the_timeline_and_is_changed_by_who_wrote_it_alone() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut mia, mut olga) = (app.sign_in("mia@acme.test").await, app.sign_in("olga@acme.test").await);
    let theirs = format!("{ZOE}/notes/{}", ACME.note);
    assert_eq!(mia.post(&theirs, "note=Blue").await.status, 404);
    assert_eq!(mia.post(&format!("{theirs}/delete"), "").await.status, 404);

    let wrong = mia.post(&format!("{ZOE}/notes"), "note=++").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Type what you want to remember"), "{}", wrong.text());
    assert_eq!(mia.post(&format!("{ZOE}/notes"), "note=Likes+%3Cb%3Enoise%3C/b%3E").await.status, 303);
    let page = mia.get(ZOE).await.text();
    assert!(page.contains("Note by Mia Marketer: Likes <b>noise</b>"), "{page}");

    let kept = olga.post(&theirs, &format!("note={}", "x".repeat(5001))).await;
    assert_eq!(kept.status, 422);
    assert!(kept.text().contains("under 4700 characters") && kept.body.contains("xxxxx"));
    assert_eq!(olga.post(&theirs, "note=Wants+a+wall").await.status, 303);
    assert!(olga.get(ZOE).await.text().contains("Wants a wall"));
    assert_eq!(olga.post(&format!("{theirs}/delete"), "").await.status, 303);
    assert!(!olga.get(ZOE).await.text().contains("Wants a wall"));
    let mut vic = app.sign_in("vic@acme.test").await;
    assert_eq!(vic.post(&format!("{ZOE}/notes"), "note=x").await.status, 403);
}

#[tokio::test]
async fn who_is_called_on_is_kept_once_and_those_of_other_workspaces_are_nobody_here() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let called = "select coalesce(string_agg(p.name, ', ' order by p.name), '') from contact_note_mentions m
                    join user_profiles p on p.user_id = m.user_id
                    join contact_notes n on n.id = m.note_id where n.body like 'Ask%'";
    let form = format!("note=Ask+@olga,+@iris,+@lee&mention={}", ACME.people[2]);
    assert_eq!(mia.post(&format!("{ZOE}/notes"), &form).await.status, 303);
    assert_eq!(app.stored::<String>(called).await, "Olga Owner, Vic Viewer");
    assert!(mia.get(ZOE).await.text().contains("Calls on Olga Owner, Vic Viewer"));
    let note: String = app.stored("select id::text from contact_notes where body like 'Ask%'").await;
    assert_eq!(mia.post(&format!("{ZOE}/notes/{note}"), "note=Ask+@Olga+Owner+again").await.status, 303);
    assert_eq!(app.stored::<String>(called).await, "Olga Owner");
    let mut olga = app.sign_in("olga@acme.test").await;
    let told = olga.get("/notifications").await.text();
    assert_eq!(told.matches("calls on you in a note about Zoe of Acme Acme ·").count(), 1, "{told}");
    olga.post(&format!("/w/acme/people/{}/remove", ACME.people[2]), "").await;
    assert!(mia.get(ZOE).await.text().contains("Ask @Olga Owner again"));
}
