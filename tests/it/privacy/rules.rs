//! LAW-10: what is older than a rule goes, and nothing else; off means off.

use chrono::TimeDelta;
use groundswell::{jobs, privacy::rules::work::ForgetOld};

use super::{olga, run};
use crate::support::TestApp;

const DATA: &str = "/w/acme/settings/data";

/// What happens every night.
async fn night(app: &TestApp) {
    let mut conn = app.app.db.connection().await.unwrap();
    jobs::enqueue_for_installation(&mut conn, &ForgetOld, None).await.unwrap();
    drop(conn);
    app.told().await;
}

/// Notices, kept mail and archived contacts, a young one and an old one each.
const OLD_AND_YOUNG: &str = "
    delete from notices; delete from kept_mail; delete from retention_rules;
    insert into notices (organization_id, id, user_id, kind, title, path, created_at, read_at)
    select o.id, gen_random_uuid(), '00000000-0000-7000-8000-000000000011', 'deals.given', n.title, '/deals', n.at, n.read
      from organizations o
     cross join (values ('young', timestamptz '2026-11-01', timestamptz '2026-11-02'), ('old', '2026-01-01', '2026-01-02'), ('unread', '2026-01-01', null)) n (title, at, read)
     where o.slug in ('acme', 'initech');
    insert into kept_mail (organization_id, id, recipient, subject, source, kept_at)
    select o.id, gen_random_uuid(), 'x@y.test', n.subject, 'x', n.at
      from organizations o cross join (values ('young', timestamptz '2026-11-01'), ('old', '2026-01-01')) n (subject, at) where o.slug in ('acme', 'initech');
    insert into contacts (organization_id, id, email, created_at, updated_at, archived_at)
    select o.id, gen_random_uuid(), n.email, '2026-01-01', '2026-01-01', n.at
      from organizations o
     cross join (values ('young@gone.test', timestamptz '2026-11-01'), ('old@gone.test', '2026-01-01'), ('here@gone.test', null)) n (email, at)
     where o.slug in ('acme', 'initech');
";

async fn what_is_left(app: &TestApp) -> String {
    app.stored(
        "select string_agg(what, ' ' order by what) from (
             select o.slug || ':' || n.title from notices n join organizations o on o.id = n.organization_id
             union all select o.slug || ':mail-' || k.subject from kept_mail k join organizations o on o.id = k.organization_id
             union all select o.slug || ':' || c.email from contacts c join organizations o on o.id = c.organization_id
                        where c.email like '%gone.test') w (what)",
    )
    .await
}

#[tokio::test]
async fn what_is_older_goes_at_night_where_a_rule_says_so_and_nothing_else() {
    let (app, mut olga) = olga().await;
    run(&app, OLD_AND_YOUNG).await;
    let before = what_is_left(&app).await;
    night(&app).await;
    assert_eq!(what_is_left(&app).await, before, "off means off");

    for kind in ["read_notices", "kept_mail", "archived_contacts"] {
        let reply = olga.post(&format!("{DATA}/rules"), &format!("kind={kind}&on=on&days=60")).await;
        assert_eq!(reply.status, 303, "{}", reply.text());
    }
    let page = olga.get(DATA).await.text();
    assert_eq!(page.matches("On. 1 row would go now.").count(), 3, "{page}");
    night(&app).await;
    app.told().await;

    let gone = ["acme:mail-old", "acme:old", "acme:old@gone.test"];
    let left: Vec<&str> = before.split(' ').filter(|what| !gone.contains(what)).collect();
    assert_eq!(what_is_left(&app).await, left.join(" "));
    let page = olga.get(DATA).await.text();
    assert_eq!(page.matches("1 went then, 1 in all.").count(), 3, "{page}");
    assert_eq!(page.matches("Nothing is old enough").count(), 3, "{page}");
    assert_eq!(
        app.stored::<String>("select cause || ' ' || status from erasures where status = 'done'").await,
        "retention done"
    );
    assert!(page.contains("Export files 7 days"), "{page}");
}

#[tokio::test]
async fn a_rule_out_of_reach_is_refused_beside_its_field_and_one_that_is_off_stays_so() {
    let (app, mut olga) = olga().await;
    run(&app, OLD_AND_YOUNG).await;
    for (typed, kept) in [("on=on&days=1", "1"), ("on=on&days=soon", "soon"), ("on=on&days=", "")] {
        let reply = olga.post(&format!("{DATA}/rules"), &format!("kind=events&{typed}")).await;
        assert_eq!(reply.status, 422);
        assert!(reply.text().contains("A whole number of days from 90 to 760."), "{}", reply.text());
        assert!(
            reply.body.contains(&format!(
                "name=\"days\" inputmode=\"numeric\" autocomplete=\"off\" value=\"{kept}\""
            ))
        );
    }
    assert_eq!(olga.post(&format!("{DATA}/rules"), "kind=nothing&on=on&days=90").await.status, 404);
    assert_eq!(olga.post(&format!("{DATA}/rules"), "kind=kept_mail&days=60").await.status, 303);
    let before = what_is_left(&app).await;
    night(&app).await;
    assert_eq!(what_is_left(&app).await, before);
}

#[tokio::test]
async fn what_happened_long_ago_is_forgotten_and_what_is_young_is_not() {
    let (app, mut olga) = olga().await;
    run(
        &app,
        "insert into events (organization_id, occurred_at, id, kind, payload)
         select id, now() - interval '1 hour', gen_random_uuid(), 'young.thing', '{}' from organizations where slug = 'acme';
         create table events_202601 partition of events for values from ('2026-01-01+00') to ('2026-02-01+00');
         insert into events (organization_id, occurred_at, id, kind, payload)
         select id, '2026-01-10+00', gen_random_uuid(), 'old.thing', '{}' from organizations where slug in ('acme', 'initech')",
    )
    .await;
    assert_eq!(olga.post(&format!("{DATA}/rules"), "kind=events&on=on&days=90").await.status, 303);
    app.app.clock.advance(TimeDelta::hours(1));
    night(&app).await;

    let left = "select string_agg(o.slug || ' ' || e.kind, ', ' order by o.slug, e.kind) from events e join organizations o on o.id = e.organization_id where e.kind like '%.thing'";
    assert_eq!(app.stored::<String>(left).await, "acme young.thing, initech old.thing");
}

#[tokio::test]
async fn in_one_night_all_that_is_old_goes_however_much_it_is() {
    let (app, mut olga) = olga().await;
    run(
        &app,
        "delete from notices;
         insert into notices (organization_id, id, user_id, kind, title, path, created_at, read_at)
         select o.id, gen_random_uuid(), '00000000-0000-7000-8000-000000000011', 'deals.given', 'old', '/deals', '2026-01-01', '2026-01-02'
           from organizations o cross join generate_series(1, 201000) where o.slug = 'acme'",
    )
    .await;
    assert_eq!(olga.post(&format!("{DATA}/rules"), "kind=read_notices&on=on&days=60").await.status, 303);
    night(&app).await;
    assert_eq!(app.stored::<i64>("select count(*) from notices where title = 'old'").await, 0);
}
