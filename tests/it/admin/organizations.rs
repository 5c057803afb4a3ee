//! The workspaces of the installation, from outside.

use super::{PAT, TESS};
use crate::support::{TestApp, canaries, tenant::INITECH};

#[tokio::test]
async fn the_list_shows_every_workspace_but_the_installation() {
    let app = TestApp::new().await;
    let page = app.sign_in(TESS).await.get("/admin/organizations").await.text();

    assert!(page.contains("Acme Client Brightside 4"), "{page}");
    assert!(page.contains("Brightside Agency none 2") && page.contains("Initech Business none 2"), "{page}");
    assert!(!page.contains("This installation"), "{page}");
}

#[tokio::test]
async fn searching_finds_by_name_or_address_and_says_when_there_is_nothing() {
    let app = TestApp::new().await;
    let mut pat = app.sign_in(PAT).await;

    let found = pat.get("/admin/organizations?q=INIT").await.text();
    assert!(found.contains("Initech") && !found.contains("Acme"), "{found}");
    assert!(pat.get("/admin/organizations?q=%25").await.text().contains("Nothing found"));
}

#[tokio::test]
async fn a_long_list_comes_in_pages_that_neither_repeat_nor_skip_one() {
    let app = TestApp::new().await;
    sqlx::query(
        "insert into organizations (id, slug, name, kind, created_at, updated_at)
         select gen_random_uuid(), 'many-' || n, 'Many ' || lpad((n / 3)::text, 3, '0'), 'direct', now(), now()
           from generate_series(1, 117) n",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let mut pat = app.sign_in(PAT).await;

    let (mut seen, mut path) = (Vec::new(), "/admin/organizations".to_owned());
    loop {
        let page = pat.get(&path).await.body;
        seen.extend(page.split("id=\"organization-").skip(1).map(|rest| rest[..36].to_owned()));
        let Some(next) = page.split("rel=\"next\" href=\"").nth(1) else { break };
        path = next.split('"').next().unwrap().replace("&amp;", "&");
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (120, 120));
}

#[tokio::test]
async fn a_workspace_is_shown_from_outside_without_anything_that_is_in_it() {
    let app = TestApp::new().await;
    canaries::plant(&app.owner, &INITECH).await;
    let mut pat = app.sign_in(PAT).await;

    for path in ["/admin/organizations/{}", "/admin/organizations/{}/support"] {
        let page = pat.get(&path.replace("{}", INITECH.org)).await;
        let sings: Vec<&str> = page.body.split(canaries::CANARY).skip(1).collect();
        assert!(!sings.is_empty(), "{path} shows the name at least");
        for song in sings {
            // What it is called; and what the support itself wrote on the page for the support.
            let is_outside = song.starts_with("organizations-name") || song.starts_with("support_grants-");
            assert!(is_outside, "{path} shows {}", &song[..40.min(song.len())]);
        }
        assert!(!page.body.contains("ian@initech.test"), "{path}");
    }
}

#[tokio::test]
async fn nobody_without_the_permission_gets_an_answer_from_the_database_itself() {
    let app = TestApp::new().await;
    let mut conn = app.app.db.connection().await.unwrap();
    let olga: uuid::Uuid = "00000000-0000-7000-8000-000000000011".parse().unwrap();
    for sql in [
        "select count(*) from app.platform_organizations($1, null, '%', null, null, false, 100)",
        "select count(*) from app.platform_memberships($1, '00000000-0000-7000-8000-000000000021')",
        "select cardinality(app.platform_permissions($1))::bigint",
    ] {
        let found: i64 = sqlx::query_scalar(sql).bind(olga).fetch_one(&mut *conn).await.unwrap();
        assert_eq!(found, 0, "{sql}");
    }
}
