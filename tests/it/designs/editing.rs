//! The editor: blocks by forms, undo over reloads, two people at once, and what nobody may do.

use groundswell::{
    app,
    designs::{self, DesignId, merge::MergeFields},
    tenancy::JobScope,
};

use crate::support::{Browser, TestApp};

pub(super) const DESIGN: &str = "/w/acme/designs/00000000-0000-7000-8000-000000000da1";
const HEADING: &str = "00000000-0000-7000-8000-000000000ea1";
pub(super) const TEXT: &str = "00000000-0000-7000-8000-000000000ea2";
const FOOTER: &str = "00000000-0000-7000-8000-000000000ea3";

/// The words of the outline, from top to bottom.
async fn outline(browser: &mut Browser) -> Vec<String> {
    let page = browser.get(DESIGN).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let list = page.body.split_once("class=\"outline\"").unwrap().1.split("</ol>").next().unwrap();
    list.split("</svg>")
        .skip(1)
        .map(|row| row.split("<span>").nth(1).unwrap().split('<').next().unwrap().to_owned())
        .collect()
}

pub(super) async fn canvas(browser: &mut Browser, query: &str) -> String {
    browser.get(&format!("{DESIGN}/canvas?{query}")).await.body
}

async fn act(browser: &mut Browser, path: &str, form: &str) {
    let reply = browser.post(&format!("{DESIGN}/{path}"), form).await;
    assert_eq!(reply.status, 303, "{path}: {}", reply.text());
}

/// Viewers of Acme may see designs from now on.
pub(super) async fn let_viewers_look(app: &TestApp) {
    let sql = "insert into role_permissions (organization_id, role_id, permission)
               select organization_id, id, 'designs.view' from roles where key = 'viewer' and organization_id::text like '%a'";
    sqlx::query(sql).execute(&app.owner).await.unwrap();
}

#[tokio::test]
async fn a_design_is_begun_from_a_starter_and_found_in_the_list() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let refused = mia.post("/w/acme/designs", "name=+&starter=letter").await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text().contains("Give the design a name")
            && refused.body.contains("value=\"letter\" checked"),
        "{}",
        refused.body
    );

    let made = mia.post("/w/acme/designs", "name=Spring+letter&starter=letter").await;
    assert_eq!(made.status, 303);
    let page = mia.get(made.header("location")).await;
    assert!(
        page.text().contains("Spring letter") && page.text().contains("Footer, always there"),
        "{}",
        page.text()
    );
    assert!(mia.get("/w/acme/designs").await.text().contains("Spring letter"));
    assert!(!mia.get("/w/acme/designs?q=rocket").await.text().contains("Spring letter"));
    mia.post(&format!("{DESIGN}/archive"), "").await;
    assert!(!mia.get("/w/acme/designs").await.body.contains("da1\">Rocket news"));
    assert!(mia.get("/w/acme/designs?show=archived").await.text().contains("Rocket news"));
    mia.post(&format!("{DESIGN}/restore"), "").await;
    let copy = mia.post(&format!("{DESIGN}/duplicate"), "").await;
    assert!(mia.get(copy.header("location")).await.text().contains("Copy of Rocket news"));
}

#[tokio::test]
async fn blocks_are_added_moved_doubled_and_removed_without_javascript() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let heading = "Rockets for {first_name}";

    act(&mut mia, "blocks", &format!("kind=divider&after={HEADING}")).await;
    act(&mut mia, &format!("blocks/{TEXT}/move"), "way=up").await;
    act(&mut mia, &format!("blocks/{TEXT}/duplicate"), "").await;
    assert_eq!(
        outline(&mut mia).await,
        [heading, "They fly.", "They fly.", "Divider", "Footer, always there"]
    );
    act(&mut mia, &format!("blocks/{TEXT}/remove"), "").await;
    assert_eq!(outline(&mut mia).await, [heading, "They fly.", "Divider", "Footer, always there"]);
}

#[tokio::test]
async fn the_footer_cannot_be_removed_moved_doubled_or_passed() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let before = outline(&mut mia).await;

    for (path, form) in [("remove", ""), ("duplicate", ""), ("move", "way=up"), ("move", "way=down")] {
        let done = mia.hx_post(&format!("{DESIGN}/blocks/{FOOTER}/{path}"), form).await;
        assert!(done.text().contains("The footer is always the last block"), "{path}: {}", done.text());
    }
    mia.post(&format!("{DESIGN}/blocks"), "kind=footer").await;
    mia.post(&format!("{DESIGN}/blocks/{TEXT}/move"), "way=down").await;
    act(&mut mia, &format!("blocks/{FOOTER}"), "reason=&unsubscribe=&preferences=&view=&rev=99").await;
    assert_eq!(outline(&mut mia).await, before);
    let html = canvas(&mut mia, "").await;
    for said in [
        "12 Main Street",
        "https://example.com/unsubscribe",
        ">Unsubscribe<",
        "https://example.com/preferences",
        ">View in browser<",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
}

#[tokio::test]
async fn undo_and_redo_survive_a_reload_and_a_new_change_ends_what_was_undone() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let first = outline(&mut mia).await;
    act(&mut mia, "blocks", "kind=spacer").await;
    let second = outline(&mut mia).await;
    act(&mut mia, &format!("blocks/{HEADING}"), "text=Changed&rev=9").await;
    act(&mut mia, "styles", "background=%23000000").await;

    // Somebody else, in another browser, days later.
    let mut olga = app.sign_in("olga@acme.test").await;
    let page = olga.get(DESIGN).await.body;
    assert!(page.contains("Undo: Changed the styles"), "{page}");
    act(&mut olga, "undo", "").await;
    assert!(olga.get(DESIGN).await.text().contains("Undid: Changed the styles, by Mia Marketer."));
    act(&mut olga, "undo", "").await;
    assert_eq!(outline(&mut olga).await, second);
    act(&mut olga, "undo", "").await;
    assert_eq!(outline(&mut olga).await, first);
    act(&mut olga, "redo", "").await;
    assert_eq!(outline(&mut olga).await, second);
    act(&mut olga, "redo", "").await;
    assert_eq!(outline(&mut olga).await[0], "Changed");
    act(&mut olga, "undo", "").await;
    act(&mut olga, &format!("blocks/{TEXT}/remove"), "").await;
    let nothing = olga.hx_post(&format!("{DESIGN}/redo"), "").await;
    assert!(nothing.text().contains("There is nothing to do again."), "{}", nothing.text());
    let steps: Vec<i32> =
        sqlx::query_scalar("select seq from design_steps where organization_id::text like '%a' order by seq")
            .fetch_all(&app.owner)
            .await
            .unwrap();
    assert_eq!(steps, [1, 2, 3]);
}

#[tokio::test]
async fn typing_on_is_one_step_and_a_pause_begins_another() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let type_in = |text: &str| format!("text={text}&rev=99");
    for text in ["a", "ab", "abc"] {
        act(&mut mia, &format!("blocks/{HEADING}"), &type_in(text)).await;
        app.app.clock.advance(chrono::TimeDelta::seconds(2));
    }
    app.app.clock.advance(chrono::TimeDelta::seconds(9));
    act(&mut mia, &format!("blocks/{HEADING}"), &type_in("abcd")).await;
    act(&mut mia, "undo", "").await;
    assert_eq!(outline(&mut mia).await[0], "abc");
    act(&mut mia, "undo", "").await;
    assert!(outline(&mut mia).await[0].starts_with("Rockets"));
    act(&mut mia, "redo", "").await;
    assert_eq!(outline(&mut mia).await[0], "abc");
}

#[tokio::test]
async fn two_people_in_one_block_are_told_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let (mut mia, mut olga) = (app.sign_in("mia@acme.test").await, app.sign_in("olga@acme.test").await);
    let rev = mia.get(&format!("{DESIGN}?block={HEADING}")).await.field("rev");
    let path = format!("{DESIGN}/blocks/{HEADING}");

    assert_eq!(olga.hx_post(&path, &format!("text=Hers&rev={rev}")).await.status, 200);
    // Another block of the same design is nobody's business.
    assert_eq!(
        mia.hx_post(&format!("{DESIGN}/blocks/{TEXT}"), &format!("html=Mine&rev={rev}")).await.status,
        200
    );
    let part = mia.hx_post(&path, &format!("text=Mine&rev={rev}")).await;
    assert_eq!(part.status, 409);
    assert!(
        part.text().contains("changed this block meanwhile") && part.text().contains("Not saved"),
        "{}",
        part.text()
    );
    assert!(!part.body.contains("id=\"block-form\""), "the form is left as it is typed");
    let page = mia.post(&path, &format!("text=Mine&rev={rev}")).await;
    assert_eq!((page.status.as_u16(), page.field("text").as_str()), (409, "Mine"));
    assert_eq!(outline(&mut mia).await[0], "Hers");
    assert_eq!(mia.hx_post(&path, &format!("text=Mine&rev={rev}&keep=mine")).await.status, 200);
    assert_eq!(outline(&mut mia).await[0], "Mine");
    mia.hx_post(&format!("{path}/remove"), "").await;
    let gone = olga.hx_post(&path, "text=x&rev=99").await;
    assert!(gone.text().contains("somebody removed it"), "{}", gone.text());
}

#[tokio::test]
async fn what_cannot_be_kept_is_said_and_stays_in_the_form() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let wrong = mia.post(&format!("{DESIGN}/blocks/{HEADING}"), "text=Hi&colour=red&rev=9").await;
    assert_eq!((wrong.status.as_u16(), wrong.field("colour").as_str()), (422, "red"));
    assert!(wrong.text().contains("Write a colour as #2b50c8."));
    act(
        &mut mia,
        &format!("blocks/{TEXT}"),
        "html=%3Cp+onclick%3Dx%3EHi%3Cscript%3Ealert(1)%3C/script%3E%3C/p%3E&rev=9",
    )
    .await;
    let stored: String =
        app.stored("select props->>'html' from design_blocks where id::text like '%ea2'").await;
    assert_eq!(stored, "<p>Hi</p>");
}

#[tokio::test]
async fn the_canvas_is_the_real_output_and_runs_nothing() {
    let app = TestApp::new().await;
    let_viewers_look(&app).await;
    let mut vic = app.sign_in("vic@acme.test").await;
    let reply = vic.get(&format!("{DESIGN}/canvas")).await;
    let policy = reply.header("content-security-policy").to_owned();
    assert!(
        policy.starts_with("default-src 'none'")
            && policy.contains("frame-ancestors 'self'")
            && policy.contains("sandbox allow-same-origin")
            && !policy.contains("script"),
        "{policy}"
    );
    assert_eq!(reply.header("x-frame-options"), "SAMEORIGIN");
    assert!(
        reply.body.contains("Rockets for Dana") && reply.body.contains(&format!("gw-b-{HEADING}")),
        "{}",
        reply.body
    );
    assert!(canvas(&mut vic, "as=missing").await.contains("Rockets for you"));
    assert!(canvas(&mut vic, "as=rtl").await.contains("Rockets for ליאור"));
    assert!(canvas(&mut vic, "view=dark").await.contains("@media all"));
    assert!(canvas(&mut vic, "view=text").await.contains("Rockets for Dana\n======"));
    let bare = vic.get(&format!("{DESIGN}/canvas?view=noimages")).await;
    assert!(!bare.header("content-security-policy").contains("img-src"));
}

#[tokio::test]
async fn who_may_look_may_not_change() {
    let app = TestApp::new().await;
    let_viewers_look(&app).await;
    let mut vic = app.sign_in("vic@acme.test").await;
    let page = vic.get(DESIGN).await;
    assert!(
        page.status == 200 && page.text().contains("To look at only") && !page.body.contains("block-form")
    );
    for path in ["blocks", "styles", "undo", "name", "archive"] {
        assert_eq!(vic.post(&format!("{DESIGN}/{path}"), "kind=text&name=x").await.status, 403, "{path}");
    }
    assert_eq!(vic.get("/w/acme/designs/new").await.status, 403);
}

#[tokio::test]
async fn what_is_frozen_is_kept_once_and_can_be_rendered_for_many() {
    let app = TestApp::new().await;
    let org = "00000000-0000-7000-8000-00000000000a".parse().unwrap();
    let design: DesignId = "00000000-0000-7000-8000-000000000da1".parse().unwrap();
    let fields = MergeFields::standard();
    let mut tx = JobScope::new(app.app.db.clone(), org, "test").enter().await.unwrap();
    let first = designs::freeze(&mut tx, design, &fields, app.app.clock.now()).await.unwrap().unwrap();
    let again = designs::freeze(&mut tx, design, &fields, app.app.clock.now()).await.unwrap().unwrap();
    assert!(first.version.is_some() && first.version == again.version);
    assert!(first.problems.is_empty() && first.links.is_empty(), "{:?}", first.problems);
    let mail = first.compiled("Hi {{ contact.first_name | default(\"there\") }}", &fields).unwrap();
    let values = designs::samples::values(&designs::samples::contact("missing"), "Acme");
    assert_eq!(mail.render_subject(&values).unwrap(), "Hi there");
    assert!(mail.render_html(&values, &designs::merge::Untracked).unwrap().contains("Rockets for you"));
    let elsewhere: DesignId = "00000000-0000-7000-8000-000000000db1".parse().unwrap();
    assert!(designs::compile(&mut tx, elsewhere, &fields).await.unwrap().is_none(), "another organization's");
    assert!(app::routes(false).doors().iter().any(|door| door.path == "/w/{org}/designs/{id}"));
}
