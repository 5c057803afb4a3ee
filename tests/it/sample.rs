//! The sample data: made once, labelled, and worth looking at.

use groundswell::{audit::verify::verify, sample};

use crate::{audit::chain::look, support::TestApp};

/// How many rows the sample is made of.
async fn rows(app: &TestApp) -> String {
    app.stored(
        "select concat_ws(' ',
                (select count(*) from organizations), (select count(*) from users),
                (select count(*) from organization_members), (select count(*) from invitations),
                (select count(*) from roles), (select count(*) from brand_profiles),
                (select count(*) from secrets), (select count(*) from job_queue),
                (select count(*) from events), (select count(*) from audit_log))",
    )
    .await
}

#[tokio::test]
async fn the_sample_made_twice_is_there_once_and_its_logs_are_whole() {
    let app = TestApp::new().await.leaves_jobs();
    let first = sample::plant(&app.app).await.unwrap();
    let once = rows(&app).await;
    assert_eq!(sample::plant(&app.app).await.unwrap(), first);
    assert_eq!(rows(&app).await, once);

    let mut conn = look(&app).await;
    let planted: Vec<uuid::Uuid> = sqlx::query_scalar("select id from organizations where is_sample")
        .fetch_all(&mut conn)
        .await
        .unwrap();
    assert_eq!(planted.len(), 5);
    for org in planted {
        let verified = verify(&mut conn, org).await.unwrap();
        assert!(verified.breaks.is_empty(), "{verified:?}");
    }
}

#[tokio::test]
async fn an_agency_of_the_sample_shows_how_its_clients_do_and_who_may_enter() {
    let app = TestApp::new().await.leaves_jobs();
    sample::plant(&app.app).await.unwrap();
    let mut bea = app.sign_in("bea@brightwater.example").await;
    let clients = bea.get("/w/brightwater/clients").await.text();
    for shown in ["Sample data", "Harbor Dental", "Juniper Yoga", "Northgate Motors", "Quiet for 30 days"] {
        assert!(clients.contains(shown), "{shown}: {clients}");
    }
    let access = bea.get("/w/brightwater/clients/harbor-dental").await.text();
    for who in ["Ruth Adeyemi", "Ines Carvalho", "Omar Haddad", "Bea Lindholm"] {
        assert!(access.contains(who), "{who}: {access}");
    }
    let mut ines = app.sign_in("ines@brightwater.example").await;
    assert_eq!(ines.get("/w/harbor-dental").await.status, 200);
    assert_eq!(ines.get("/w/juniper-yoga").await.status, 404);
    let mut talia = app.sign_in("talia@brightwater.example").await;
    assert_eq!(talia.get("/w/brightwater").await.status, 404, "who was shut out stays out");
}

#[tokio::test]
async fn the_sample_has_a_log_and_jobs_in_every_state() {
    let app = TestApp::new().await.leaves_jobs();
    sample::plant(&app.app).await.unwrap();
    let mut ruth = app.sign_in("ruth@harbor-dental.example").await;
    let jobs = ruth.get("/w/harbor-dental/settings/jobs").await.text();
    for state in ["Waiting 4", "Done 2", "Failed 1", "Called off 1", "given up"] {
        assert!(jobs.contains(state), "{state}: {jobs}");
    }
    let log = ruth.get("/w/harbor-dental/settings/audit-log").await.text();
    for line in ["Bea Lindholm · Members assigned · Omar Haddad", "Members invited"] {
        assert!(log.contains(line), "{line}: {log}");
    }
    let mut sam = app.sign_in("sam@summit-roofing.example").await;
    let log = sam.get("/w/summit-roofing/settings/audit-log").await.text();
    assert!(log.contains("Mateo Castellano · Access denied") && log.contains("Denied"), "{log}");
}
