//! Who looks after the installation.

use groundswell::{admin::staff, sample, tenancy::PLATFORM};

use crate::support::TestApp;

#[tokio::test]
async fn a_command_makes_somebody_platform_administrator_and_the_log_of_the_installation_has_it() {
    let app = TestApp::new().await;
    let mut vic = app.sign_in("vic@acme.test").await;
    assert_eq!(vic.get("/admin").await.status, 404);

    staff::give(&app.app, "vic@acme.test", staff::ADMIN, "a test").await.unwrap();

    assert_eq!(vic.get("/admin/users").await.status, 200);
    assert_eq!(vic.get("/w/acme/settings").await.status, 403, "in a workspace they are what they were");
    let told: String = app
        .stored(
            "select actor_name || ' ' || action || ' ' || subject_name || ' ' || (after ->> 'role') from audit_log
              where organization_id = '00000000-0000-7000-8000-000000000000' order by seq desc limit 1",
        )
        .await;
    assert_eq!(told, "a test platform.role_given Vic Viewer platform_admin");
    assert!(staff::give(&app.app, "nobody@acme.test", staff::ADMIN, "a test").await.is_err());
}

#[tokio::test]
async fn sample_staff_is_made_once_and_in_development_only() {
    let app = TestApp::new().await;
    for _ in 0..2 {
        let made = sample::plant_staff(&app.app).await.unwrap();
        assert_eq!(made[0], ("pia@groundswell.example".to_owned(), "sample platform administrator"));
    }
    assert_eq!(app.sign_in("pia@groundswell.example").await.get("/admin/jobs").await.status, 200);
    let mut theo = app.sign_in("theo@groundswell.example").await;
    assert_eq!(
        (theo.get("/admin").await.status.as_u16(), theo.get("/admin/jobs").await.status.as_u16()),
        (200, 403)
    );
}

#[tokio::test]
async fn every_platform_permission_has_its_sentence_and_its_holder() {
    let app = TestApp::new().await;
    let held: String = app
        .stored(
            "select string_agg(distinct permission, ' ' order by permission) from role_permissions
              where organization_id = '00000000-0000-7000-8000-000000000000'",
        )
        .await;
    let mut described: Vec<&str> = PLATFORM.iter().map(|known| known.key).collect();
    described.sort_unstable();
    assert_eq!(held, described.join(" "));
}
