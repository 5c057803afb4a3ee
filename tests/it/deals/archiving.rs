//! Pipelines out of use: what becomes of their deals, and how they come back.

use chrono::TimeDelta;
use sqlx::{Connection, PgConnection};

use super::{DEALS, LOST, OFFERED, ROCKETS, TALKING, WON, is, make, stand};
use crate::support::{
    Browser, TestApp,
    cluster::{Role, endpoint},
};

const PIPELINES: &str = "/w/acme/settings/pipelines";
const SALES: &str = "/w/acme/settings/pipelines/00000000-0000-7000-8000-0000000015a1";
const SALES_BOARD: &str = "/w/acme/deals?pipeline=00000000-0000-7000-8000-0000000015a1";

/// A second pipeline, which is the first one from now on. Gives its first stage.
async fn resale(app: &TestApp, olga: &mut Browser) -> String {
    assert_eq!(olga.post(PIPELINES, "name=Resale").await.status, 303);
    let id: String = app.stored("select id::text from pipelines where name = 'Resale'").await;
    assert_eq!(olga.post(&format!("{PIPELINES}/{id}/first"), "").await.status, 303);
    app.stored("select s.id::text from pipeline_stages s join pipelines p on p.id = s.pipeline_id where p.name = 'Resale' and s.name = 'Prospecting'").await
}

/// A connection of somebody else.
async fn somebody(app: &TestApp) -> PgConnection {
    PgConnection::connect_with(&endpoint(&app.database, Role::Owner).0).await.unwrap()
}

async fn archive(olga: &mut Browser, to: &str) {
    let reply = olga.post(&format!("{SALES}/archive"), &format!("to={to}")).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
}

/// Deals of Acme by pipeline and stage, with what closed them.
async fn deals(app: &TestApp) -> String {
    app.stored(
        "select string_agg(concat_ws(' ', d.name || ':', p.name, s.name, nullif(d.lost_reason, ''), d.actual_close_at is not null), ', ' order by d.name)
           from deals d join pipelines p on p.id = d.pipeline_id join pipeline_stages s on s.id = d.stage_id
          where d.organization_id::text like '%a'",
    )
    .await
}

#[tokio::test]
async fn a_pipeline_goes_only_when_its_deals_have_somewhere_to_go() {
    let app = TestApp::new().await.leaves_jobs();
    let mut olga = app.sign_in("olga@acme.test").await;
    let only = olga.post(&format!("{SALES}/archive"), "").await;
    assert_eq!(only.status, 422);
    assert!(only.text().contains("This is the only pipeline"), "{}", only.text());

    assert_eq!(olga.post(PIPELINES, "name=Resale").await.status, 303);
    let first = olga.post(&format!("{SALES}/archive"), "").await;
    assert_eq!(first.status, 422);
    assert!(first.text().contains("Make another one the first"), "{}", first.text());

    let id: String = app.stored("select id::text from pipelines where name = 'Resale'").await;
    assert_eq!(olga.post(&format!("{PIPELINES}/{id}/first"), "").await.status, 303);
    let page = olga.get(PIPELINES).await.text();
    assert!(page.contains("The board opens with “Resale” now."), "{page}");
    let asked = olga.hx_get(&format!("{SALES}/archive")).await;
    assert!(asked.text().contains("It holds 1 deal: 1 open"), "{}", asked.text());
    assert!(!asked.body.contains("<html"), "a question for a dialog");
    let won: String = app.stored("select s.id::text from pipeline_stages s join pipelines p on p.id = s.pipeline_id where p.name = 'Resale' and s.kind = 'won'").await;
    for nowhere in ["", TALKING, OFFERED, &won, "00000000-0000-7000-8000-0000000016b2", "nonsense"] {
        let refused = olga.post(&format!("{SALES}/archive"), &format!("to={nowhere}")).await;
        assert_eq!(refused.status, 422, "{nowhere}");
        let told = "It holds deals. Choose the stage of another pipeline that they go to.";
        assert!(refused.text().contains(told), "{}", refused.text());
    }
    assert_eq!(stand(&app).await, is("Talking", false, ""));

    // What is empty needs nowhere, and who may not is refused.
    assert_eq!(olga.post(&format!("{SALES}/first"), "").await.status, 303);
    let mut mia = app.sign_in("mia@acme.test").await;
    for way in ["archive", "restore", "first"] {
        assert_eq!(mia.post(&format!("{PIPELINES}/{id}/{way}"), "").await.status, 403, "{way}");
    }
    assert_eq!(olga.post(&format!("{PIPELINES}/{id}/archive"), "").await.status, 303);
    assert!(olga.get(PIPELINES).await.text().contains("Archived the pipeline “Resale”."));
    assert_eq!(olga.post(&format!("{PIPELINES}/{id}/restore"), "").await.status, 303);
    assert_eq!(olga.post(&format!("{PIPELINES}/{id}/restore"), "").await.status, 303, "pressed twice");
    assert!(olga.get(PIPELINES).await.text().contains("Brought back the pipeline “Resale”."));
}

#[tokio::test]
async fn its_deals_move_with_their_history_and_those_that_nobody_moved_since_come_back_with_it() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut olga, mut mia) = (app.sign_in("olga@acme.test").await, app.sign_in("mia@acme.test").await);
    let to = resale(&app, &mut olga).await;
    let (moon, mars) = (
        make(&mut mia, &format!("name=Moon&currency=EUR&stage={OFFERED}")).await,
        make(&mut mia, &format!("name=Mars&currency=EUR&stage={OFFERED}")).await,
    );
    let venus = make(&mut mia, &format!("name=Venus&currency=EUR&stage={OFFERED}")).await;
    mia.post(&format!("{moon}/move"), &format!("from={OFFERED}&to={WON}")).await;
    mia.post(&format!("{mars}/lose"), &format!("from={OFFERED}&reason=Price")).await;
    mia.post(&format!("{venus}/archive"), "").await;
    let pluto = make(&mut mia, &format!("name=Pluto&currency=EUR&stage={TALKING}")).await;
    let before = "Mars: Sales Lost Price t, Moon: Sales Won t, Pluto: Sales Talking f, Twelve rockets: Sales Talking f, Venus: Sales Offered f";
    assert_eq!(deals(&app).await, before);

    app.app.clock.advance(TimeDelta::hours(1));
    let asked = olga.get(&format!("{SALES}/archive")).await.text();
    assert!(asked.contains("5 deals: 3 open, 1 won, 1 lost"), "{asked}");
    archive(&mut olga, &to).await;
    let page = olga.get(PIPELINES).await;
    for shown in ["Its 5 deals are in “Resale” now.", "Undo", "Archived", "Bring back Sales", "by Olga"] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    assert_eq!(
        deals(&app).await,
        "Mars: Resale Closed lost Price t, Moon: Resale Closed won t, Pluto: Resale Prospecting f, \
         Twelve rockets: Resale Prospecting f, Venus: Resale Prospecting f"
    );
    let history = mia.get(ROCKETS).await.text();
    assert!(history.contains("Sales: Talking → Resale: Prospecting"), "{history}");
    // Nobody hears that something was won or lost again.
    let told: String = app
        .stored("select string_agg(kind || ' ' || n, ', ' order by kind) from (select kind, count(*) n from events where kind in ('deal.won', 'deal.lost', 'deal.stage_changed') group by kind) k")
        .await;
    assert_eq!(told, "deal.lost 1, deal.stage_changed 3, deal.won 1");

    mia.post(&format!("{pluto}/move"), &format!("from={to}&to={}", proposal(&app).await)).await;
    olga.post(&format!("{SALES}/restore"), "").await;
    let page = olga.get(PIPELINES).await.text();
    let told =
        "Brought back the pipeline “Sales” with 4 deals. One that somebody moved since stays where it is.";
    assert!(page.contains(told), "{page}");
    assert_eq!(
        deals(&app).await,
        before.replace("Pluto: Sales Talking", "Pluto: Resale Proposal"),
        "won and lost as before"
    );
    let since: String = app
        .stored("select (stage_since at time zone 'UTC')::text from deals where id::text like '%17a1'")
        .await;
    assert_eq!(since, "2026-11-20 09:00:00", "it has been in that stage all the time");
}

async fn proposal(app: &TestApp) -> String {
    app.stored("select id::text from pipeline_stages where name = 'Proposal'").await
}

#[tokio::test]
async fn an_archived_pipeline_is_shown_nowhere_and_a_link_to_it_says_where_its_deals_are() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut olga, mut mia) = (app.sign_in("olga@acme.test").await, app.sign_in("mia@acme.test").await);
    let to = resale(&app, &mut olga).await;
    archive(&mut olga, &to).await;

    for link in [
        SALES_BOARD.to_owned(),
        format!("{SALES_BOARD}&view=table"),
        format!("{DEALS}?view=table&stage={OFFERED}"),
        format!("{DEALS}?view=table&stage={LOST}"),
    ] {
        let page = mia.get(&link).await;
        assert_eq!(page.status, 200);
        for shown in ["“Sales” is archived", "Resale: Prospecting", "1 deal"] {
            assert!(page.text().contains(shown), "{shown} at {link}: {}", page.text());
        }
        assert!(!page.text().contains("Bring back"), "Mia may not decide that");
    }
    assert!(olga.get(SALES_BOARD).await.text().contains("Bring back"));
    for page in [DEALS, "/w/acme/deals?view=table", "/w/acme/deals/new", ROCKETS] {
        let shown = mia.get(page).await;
        assert_eq!(shown.status, 200, "{page}");
        let choices = shown.body.split("<option").skip(1).filter_map(|one| one.split("</option>").next());
        let choices: Vec<&str> =
            choices.filter(|one| one.contains(TALKING) || one.contains("Sales")).collect();
        assert!(choices.is_empty(), "{page}: {choices:?}");
    }

    let gone = mia.post(DEALS, &format!("name=Moon&currency=EUR&stage={TALKING}")).await;
    assert_eq!((gone.status.as_u16(), gone.field("name")), (422, "Moon".to_owned()));
    assert!(gone.text().contains("not there any more"), "{}", gone.text());
    let reply = mia.hx_post(&format!("{ROCKETS}/move"), &format!("from={TALKING}&to={OFFERED}&view=?")).await;
    assert!(
        reply.text().contains("Somebody moved “Twelve rockets” to Prospecting meanwhile"),
        "{}",
        reply.text()
    );

    // Two look at the settings: what the other one does with it is refused in words.
    for (at, form) in [
        (SALES.to_owned(), "name=Selling"),
        (format!("{SALES}/stages"), "name=Demo&probability=1"),
        (format!("{SALES}/stages/{OFFERED}/remove"), ""),
        (format!("{SALES}/archive"), ""),
        (format!("{SALES}/first"), ""),
    ] {
        assert_eq!(olga.post(&at, form).await.status, 303, "{at}");
        let told = olga.get(PIPELINES).await.text();
        assert!(told.contains("“Sales” is archived, so nothing was changed"), "{at}: {told}");
    }
    let taken = olga.post(PIPELINES, "name=sales").await;
    assert!(
        taken.text().contains("An archived pipeline has that name. Bring that one back"),
        "{}",
        taken.text()
    );

    // Later than a day after, what moved is where it belongs by now.
    app.app.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
    assert!(olga.get(PIPELINES).await.text().contains("It comes back empty"));
    olga.post(&format!("{SALES}/restore"), "").await;
    assert_eq!(stand(&app).await, is("Prospecting", false, ""));
    assert!(mia.get(SALES_BOARD).await.text().contains("Talking"));
}

/// Until a request waits for a lock.
async fn until_somebody_waits(app: &TestApp) {
    while app.stored::<i64>("select count(*) from pg_locks where not granted").await == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_deal_that_is_added_meanwhile_moves_along_or_is_told_that_its_stage_is_gone() {
    let app = TestApp::new().await.leaves_jobs();
    let (mut olga, mut mia) = (app.sign_in("olga@acme.test").await, app.sign_in("mia@acme.test").await);
    let to = resale(&app, &mut olga).await;

    // Somebody has added one, but not to the end yet: whoever archives waits for it.
    let mut adding = somebody(&app).await;
    let mut adding = adding.begin().await.unwrap();
    let sql = "select from pipelines where id::text like '%15a1' for share;
               insert into deals (organization_id, id, name, pipeline_id, stage_id, currency, stage_since, created_at, updated_at)
               select organization_id, gen_random_uuid(), 'Moon', pipeline_id, stage_id, currency, stage_since, created_at, updated_at
                 from deals where id::text like '%17a1'";
    sqlx::raw_sql(sql).execute(&mut *adding).await.unwrap();
    tokio::join!(archive(&mut olga, &to), async {
        until_somebody_waits(&app).await;
        adding.commit().await.unwrap();
    });
    assert_eq!(deals(&app).await, "Moon: Resale Prospecting f, Twelve rockets: Resale Prospecting f");
    olga.post(&format!("{SALES}/restore"), "").await;

    // Somebody has archived it, but not to the end yet: whoever adds or moves waits for that.
    let mut archiving = somebody(&app).await;
    let mut archiving = archiving.begin().await.unwrap();
    let sql = "update pipelines set archived_at = now() where id::text like '%15a1'";
    sqlx::raw_sql(sql).execute(&mut *archiving).await.unwrap();
    let form = format!("name=Mars&currency=EUR&stage={TALKING}");
    let (told, ()) = tokio::join!(mia.post(DEALS, &form), async {
        until_somebody_waits(&app).await;
        archiving.commit().await.unwrap();
    });
    assert_eq!(told.status, 422);
    assert!(told.text().contains("That stage is gone. Choose another one."), "{}", told.text());
    assert!(!told.body.contains(TALKING), "the form offers what is there by now");
}

#[tokio::test]
async fn ten_thousand_deals_move_and_come_back_in_one_go() {
    let app = TestApp::new().await.leaves_jobs();
    sqlx::query(
        "with made as (
            insert into deals (organization_id, id, name, pipeline_id, stage_id, currency, stage_since, created_at, updated_at)
            select d.organization_id, gen_random_uuid(), 'Deal ' || n, d.pipeline_id,
                   case n % 2 when 0 then d.stage_id else '00000000-0000-7000-8000-0000000016a2' end, 'EUR', d.stage_since, d.created_at, d.updated_at
              from deals d cross join generate_series(1, 9999) n where d.id::text like '%17a1'
            returning *)
         insert into deal_stage_history (organization_id, deal_id, id, pipeline_id, to_stage_id, moved_at)
         select organization_id, id, gen_random_uuid(), pipeline_id, stage_id, created_at from made",
    )
    .execute(&app.owner)
    .await
    .unwrap();
    let mut olga = app.sign_in("olga@acme.test").await;
    let to = resale(&app, &mut olga).await;
    let each = "select string_agg(s.name || ' ' || n, ', ' order by s.name) from (select stage_id, count(*) n from deals where organization_id::text like '%a' group by stage_id) d join pipeline_stages s on s.id = d.stage_id";
    let before: String = app.stored(each).await;
    let began = std::time::Instant::now();
    archive(&mut olga, &to).await;
    println!("archived in {:?}", began.elapsed());
    assert_eq!(app.stored::<String>(each).await, "Prospecting 10000");
    assert!(olga.get(PIPELINES).await.text().contains("Its 10,000 deals are in “Resale” now."));
    let began = std::time::Instant::now();
    olga.post(&format!("{SALES}/restore"), "").await;
    println!("back in {:?}", began.elapsed());
    assert_eq!(app.stored::<String>(each).await, before);
    let said = olga.get(PIPELINES).await.text();
    assert!(said.contains("with 10,000 deals."), "{said}");
}
