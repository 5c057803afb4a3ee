//! Who may open which door. `tests/it/access.txt` is the answer; a change to it is a change of policy.

use std::{fmt::Write, fs};

use axum::http::Method;
use groundswell::{
    app,
    web::routes::{Access, Door},
};

use crate::support::{
    Reply, TestApp,
    tenant::ACME,
    visitors::{ACTORS, OUTSIDE_ACME, PLATFORM, VISITORS},
};

/// Knocks as this visitor, newly signed in: an earlier door may have signed them out.
async fn knock(app: &TestApp, email: &str, door: &Door) -> Reply {
    let mut browser = if email.is_empty() { app.visitor() } else { app.sign_in(email).await };
    browser.knock(&door.method, &ACME.fill(&door.path)).await
}

#[tokio::test]
async fn every_door_answers_each_visitor_as_written_down() {
    let app = TestApp::new().await.leaves_jobs();
    let doors = app::routes(true);
    let width = doors.doors().iter().map(|door| door.path.len()).max().unwrap_or_default();
    let mut found = format!("{:<5} {:<width$}", "", "");
    for (who, _) in VISITORS {
        write!(found, " {who}").unwrap();
    }
    for door in doors.doors() {
        write!(found, "\n{:<5} {:<width$}", door.method.as_str(), door.path).unwrap();
        for (who, email) in VISITORS {
            let status = knock(&app, email, door).await.status.as_u16();
            write!(found, " {status:>0$}", who.len()).unwrap();
        }
    }
    found.push('\n');
    let written = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access.txt");
    if fs::read_to_string(written).is_ok_and(|written| written == found) {
        return;
    }
    let now = concat!(env!("CARGO_TARGET_TMPDIR"), "/access.txt");
    fs::write(now, &found).unwrap();
    panic!("\n{found}\nIf the change is meant: cp {now} {written}");
}

#[test]
fn every_actor_that_must_be_tried_is_tried_at_every_door_and_in_the_crawl() {
    assert_eq!(ACTORS.len(), 8);
    for (actor, comes_as) in ACTORS {
        let Some(word) = comes_as else {
            eprintln!("NOT TRIED: {actor}. There are no API keys yet: whoever adds them adds a visitor.");
            continue;
        };
        let (_, email) = VISITORS.iter().find(|(who, _)| who == word).expect("a visitor");
        // Who is of the tenant itself is crawled apart, for what their role does not hold.
        let is_inside = *word == "viewer";
        assert!(is_inside || OUTSIDE_ACME.iter().any(|(crawls, _)| crawls == email), "{actor}");
    }
    let has_keys = |door: &Door| door.path.contains("api") || door.path.contains("/keys");
    assert!(!app::routes(true).doors().iter().any(has_keys), "API keys are there: let them be tried");
}

#[tokio::test]
async fn a_workspace_does_not_exist_for_those_outside() {
    let app = TestApp::new().await;
    for door in app::routes(true).doors().iter().filter(|door| door.access == Access::Workspace) {
        for who in ["ian@initech.test", "abe@brightside.test", "ivy@acme.test", "lee@acme.test"]
            .iter()
            .chain(PLATFORM)
        {
            assert_eq!(knock(&app, who, door).await.status, 404, "{who} at {} {}", door.method, door.path);
        }
    }
}

#[tokio::test]
async fn administration_does_not_exist_for_whoever_has_no_platform_role() {
    let app = TestApp::new().await;
    let doors = app::routes(true);
    let doors: Vec<&Door> = doors.doors().iter().filter(|door| door.access == Access::Platform).collect();
    assert!(doors.len() >= 15);
    for door in doors {
        for who in ["ian@initech.test", "olga@acme.test", "ada@brightside.test", "ivy@acme.test"] {
            assert_eq!(knock(&app, who, door).await.status, 404, "{who} at {} {}", door.method, door.path);
        }
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_asked_to() {
    let app = TestApp::new().await;
    let mut guarded = 0;
    for door in app::routes(true).doors() {
        if !matches!(door.access, Access::Workspace | Access::Account | Access::Platform) {
            continue;
        }
        guarded += 1;
        for who in ["", "dan@acme.test"] {
            let reply = knock(&app, who, door).await;
            let to = reply.header("location").to_owned();
            assert_eq!(reply.status, 303, "“{who}” at {} {}", door.method, door.path);
            assert!(
                to.starts_with("/sign-in?next="),
                "“{who}” is sent to {to} from {} {}",
                door.method,
                door.path
            );
        }
    }
    assert!(guarded > 10);
}

#[test]
fn a_door_says_by_its_path_who_it_is_for() {
    for door in app::routes(true).doors() {
        let is_workspace = door.path.starts_with("/w/{org}");
        assert_eq!(door.access == Access::Workspace, is_workspace, "{} {}", door.method, door.path);
        let is_platform = door.path == "/admin" || door.path.starts_with("/admin/");
        assert_eq!(door.access == Access::Platform, is_platform, "{} {}", door.method, door.path);
        let is_development = door.path.starts_with("/dev/");
        assert_eq!(door.access == Access::Development, is_development, "{} {}", door.method, door.path);
        assert!([Method::GET, Method::POST].contains(&door.method), "{} {}", door.method, door.path);
    }
}

#[test]
fn doors_of_development_are_gone_elsewhere() {
    let is_open = |door: &Door| door.access == Access::Development || door.path.starts_with("/dev");
    assert!(!app::routes(false).doors().iter().any(is_open));
}
