//! Roles: the grid with its preview, roles of one's own, and looking as somebody else would.

use crate::support::{Browser, TestApp};

const ROLES: &str = "/w/acme/settings/roles";
const OWNER: &str = "00000000-0000-7000-8000-0000000aa001";
const MARKETER: &str = "00000000-0000-7000-8000-0000000aa002";
const VIEWER: &str = "00000000-0000-7000-8000-0000000aa003";

/// Ticks these for these roles, looks at the difference and confirms it.
async fn confirm(browser: &mut Browser, form: &str) -> crate::support::Reply {
    let preview = browser.post(ROLES, form).await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    let seen = preview.field("seen");
    browser.post(ROLES, &format!("{form}&seen={seen}")).await
}

/// Gives Acme's marketers the power over roles, and nothing else that is new.
async fn let_marketers_edit_roles(app: &TestApp) {
    let sql = "insert into role_permissions (organization_id, role_id, permission)
               select organization_id, id, unnest(array['roles.view', 'roles.edit']) from roles
                where id = '00000000-0000-7000-8000-0000000aa002'";
    sqlx::raw_sql(sql).execute(&app.owner).await.unwrap();
}

#[tokio::test]
async fn the_grid_says_in_sentences_what_each_role_may_do_and_how_many_have_it() {
    let app = TestApp::new().await;
    let page = app.sign_in("olga@acme.test").await.get(ROLES).await;

    let text = page.text();
    for said in ["Marketer 4 people", "Viewer 1 person", "Let people in and shut them out", "Signing in"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("clients of this agency"), "a client has no clients: {text}");
    let owners = format!("value=\"{OWNER}:members.edit\"");
    let tick = page.body.split('<').find(|tag| tag.contains(&owners)).unwrap();
    assert!(tick.contains("checked") && tick.contains("disabled"), "{tick}");
}

#[tokio::test]
async fn nothing_changes_before_the_difference_was_seen_and_confirmed() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let work = [
        "contacts.view",
        "contacts.edit",
        "contacts.export",
        "designs.view",
        "designs.edit",
        "campaigns.view",
        "campaigns.edit",
        "campaigns.send",
        "deals.view",
        "deals.edit",
        "tasks.view",
        "tasks.edit",
    ];
    let work: String = work.iter().map(|key| format!("&grant={MARKETER}:{key}")).collect();
    let form = format!("role={MARKETER}&grant={MARKETER}:workspace.view{work}&grant={MARKETER}:audit.view");

    let preview = olga.post(ROLES, &form).await.text();

    assert!(
        preview.contains("Marketer will no longer be able to: see who is in this workspace; 4 people"),
        "{preview}"
    );
    assert!(
        preview.contains("Marketer will be able to: read the log of who changed what; 4 people"),
        "{preview}"
    );
    assert_eq!(mia.get("/w/acme/people").await.status, 200);
    assert_eq!(confirm(&mut olga, &form).await.status, 303);
    assert_eq!(mia.get("/w/acme/people").await.status, 403, "from their next request on");
    assert_eq!(app.sign_in("vic@acme.test").await.get("/w/acme").await.status, 200, "not shown, not changed");
}

#[tokio::test]
async fn a_difference_that_became_another_one_is_shown_again() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let form = format!("role={VIEWER}&grant={VIEWER}:workspace.view&grant={VIEWER}:members.view");
    let seen = olga.post(ROLES, &form).await.field("seen");
    sqlx::raw_sql("delete from role_permissions where role_id = '00000000-0000-7000-8000-0000000aa003'")
        .execute(&app.owner)
        .await
        .unwrap();

    let again = olga.post(ROLES, &format!("{form}&seen={seen}")).await;

    assert!(again.text().contains("Somebody changed these roles meanwhile"), "{}", again.text());
    let held: i64 = app
        .stored(
            "select count(*) from role_permissions where role_id = '00000000-0000-7000-8000-0000000aa003'",
        )
        .await;
    assert_eq!(held, 0);
}

#[tokio::test]
async fn owners_keep_everything() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    let preview =
        olga.post(ROLES, &format!("role={OWNER}&role={VIEWER}&grant={VIEWER}:workspace.view")).await;

    assert!(preview.text().contains("Nothing would change"), "{}", preview.text());
}

#[tokio::test]
async fn nobody_gives_a_permission_that_they_do_not_hold() {
    let app = TestApp::new().await;
    let_marketers_edit_roles(&app).await;
    let mut mia = app.sign_in("mia@acme.test").await;

    let form = format!("role={VIEWER}&grant={VIEWER}:workspace.view&grant={VIEWER}:members.edit");
    let refused = mia.post(ROLES, &form).await;

    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("you do not have it yourself"), "{}", refused.text());
    let page = mia.get(ROLES).await.body;
    let tick = page.split('<').find(|tag| tag.contains(&format!("\"{VIEWER}:members.edit\""))).unwrap();
    assert!(tick.contains("disabled"), "{tick}");
}

#[tokio::test]
async fn a_new_role_starts_from_another_with_no_more_than_its_maker_may() {
    let app = TestApp::new().await;
    let_marketers_edit_roles(&app).await;
    let mut mia = app.sign_in("mia@acme.test").await;

    let made = mia.post(&format!("{ROLES}/new"), &format!("name=Deputy&from={OWNER}")).await;

    assert_eq!(made.status, 303);
    assert!(mia.get(ROLES).await.text().contains("as much of what Owner may do as you may yourself"));
    let held: String = app
        .stored("select string_agg(permission, ' ' order by permission) from role_permissions p join roles r on r.id = p.role_id where r.name = 'Deputy'")
        .await;
    let all = "campaigns.edit campaigns.send campaigns.view contacts.edit contacts.export contacts.view deals.edit deals.view designs.edit designs.view";
    assert_eq!(
        held,
        format!("{all} members.view roles.edit roles.view tasks.edit tasks.view workspace.view")
    );
}

#[tokio::test]
async fn a_name_is_given_once_and_kept_in_the_form_when_it_will_not_do() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    let twice = olga.post(&format!("{ROLES}/new"), &format!("name=marketer&from={VIEWER}")).await;
    let renamed = olga.post(&format!("{ROLES}/{VIEWER}"), "name=Marketer").await;

    for refused in [twice, renamed] {
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("Another role has that name"), "{}", refused.text());
        assert!(refused.body.to_lowercase().contains("value=\"marketer\""), "{}", refused.body);
    }
    assert_eq!(olga.post(&format!("{ROLES}/{VIEWER}"), "name=Onlooker").await.status, 303);
    assert!(olga.get(ROLES).await.text().contains("Onlooker"));
}

#[tokio::test]
async fn a_role_that_somebody_has_stays_and_one_that_nobody_has_goes() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    olga.post(&format!("{ROLES}/new"), &format!("name=Designer&from={VIEWER}")).await;
    let designer: uuid::Uuid = app.stored("select id from roles where name = 'Designer'").await;

    olga.post(&format!("{ROLES}/{VIEWER}/delete"), "").await;
    assert!(olga.get(ROLES).await.text().contains("comes with every workspace and stays"));
    sqlx::query(
        "update organization_members set role_id = $1 where user_id = '00000000-0000-7000-8000-000000000013'",
    )
    .bind(designer)
    .execute(&app.owner)
    .await
    .unwrap();
    olga.post(&format!("{ROLES}/{designer}/delete"), "").await;
    assert!(olga.get(ROLES).await.text().contains("is held by 1 person"));
    sqlx::raw_sql("update organization_members set role_id = '00000000-0000-7000-8000-0000000aa003' where user_id = '00000000-0000-7000-8000-000000000013'")
        .execute(&app.owner)
        .await
        .unwrap();
    olga.post(&format!("{ROLES}/{designer}/delete"), "").await;
    assert!(olga.get(ROLES).await.text().contains("Removed the role “Designer”"));
}

#[tokio::test]
async fn looking_as_a_role_shows_what_it_sees_changes_nothing_and_ends_with_a_button() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;

    assert_eq!(olga.post(&format!("{ROLES}/{VIEWER}/view"), "").await.header("location"), "/w/acme");

    let home = olga.get("/w/acme").await;
    assert!(
        home.text().contains("You see this workspace as Viewer does. Nothing can be changed."),
        "{}",
        home.text()
    );
    assert!(!home.body.contains("/w/acme/people\""), "{}", home.body);
    let people = olga.get("/w/acme/people").await;
    assert_eq!(people.status, 403);
    assert!(people.text().contains("“Viewer” does not see this") && people.text().contains("End the view"));
    let change = olga.post("/w/acme/settings", "name=Other&hue=1&time_zone=UTC").await;
    assert_eq!(change.status, 403);
    assert!(change.text().contains("nothing can be changed meanwhile"), "{}", change.text());
    let denied: i64 = app.stored("select count(*) from audit_log where outcome = 'denied'").await;
    assert_eq!(denied, 0, "looking is no attempt");

    assert_eq!(olga.post("/view-as/end", "").await.header("location"), ROLES);
    assert_eq!(olga.get("/w/acme/people").await.status, 200);
}

#[tokio::test]
async fn looking_as_another_gives_nobody_more_than_they_have_nor_elsewhere_less() {
    let app = TestApp::new().await;
    let_marketers_edit_roles(&app).await;
    let mut mia = app.sign_in("mia@acme.test").await;
    mia.post(&format!("{ROLES}/{OWNER}/view"), "").await;
    assert_eq!(mia.get("/w/acme/settings").await.status, 403);

    let mut ada = app.sign_in("ada@brightside.test").await;
    ada.post(&format!("{ROLES}/{VIEWER}/view"), "").await;
    assert_eq!(ada.get("/w/acme/people").await.status, 403);
    assert_eq!(ada.get("/w/brightside/people").await.status, 200, "the other tab is as it was");
}

#[tokio::test]
async fn a_refusal_says_what_is_missing_and_who_can_give_it() {
    let app = TestApp::new().await;

    let refused = app.sign_in("vic@acme.test").await.get("/w/acme/people").await;

    assert_eq!(refused.status, 403);
    let told = "it needs “See who is in this workspace” (members.view). Olga Owner can give it to you.";
    assert!(refused.text().contains(told), "{}", refused.text());
}

#[tokio::test]
async fn every_page_that_a_role_sees_can_be_looked_at_as_it() {
    let app = TestApp::new().await;
    // Two records that were made one already are not compared.
    let two = "delete from contact_merges; update contacts set merged_into = null, archived_at = null";
    sqlx::raw_sql(two).execute(&app.owner).await.unwrap();
    let mut olga = app.sign_in("olga@acme.test").await;
    olga.post(&format!("{ROLES}/{OWNER}/view"), "").await;

    let doors = groundswell::app::routes(false);
    let pages = doors.doors().iter().filter(|door| {
        door.method == axum::http::Method::GET
            && door.path.starts_with("/w/{org}")
            && !door.path.contains("/clients")
            // A step of an import that is over leads on.
            && !["/match", "/values"].iter().any(|step| door.path.ends_with(&format!("/imports/{{import}}{step}")))
    });
    for door in pages {
        let path = crate::support::tenant::ACME.fill(&door.path);
        assert_eq!(olga.get(&path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn nobody_renames_a_role_that_may_do_more() {
    let app = TestApp::new().await;
    let_marketers_edit_roles(&app).await;
    let mut mia = app.sign_in("mia@acme.test").await;

    let refused = mia.post(&format!("{ROLES}/{OWNER}"), "name=Nobody").await;

    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("may do more than you"), "{}", refused.text());
}
