//! A campaign to a segment goes to whoever its rule holds at that moment.

use groundswell::commands::bench::sink::Profile;

use super::town::{DRAFT, app, audience, begin, run, sink, status};
use crate::support::tenant::ACME;

const SEGMENTS: &str = "/w/acme/contacts/segments";

#[tokio::test]
async fn who_came_and_who_left_without_a_word_are_counted_when_it_starts() {
    let app = app().await;
    let sink = sink(Profile { keep: true, ..Profile::default() }).await;
    audience(&app, 3, Some((sink.address.port(), 1))).await;
    run(&app, "update contacts set city = 'Ulm' where email in ('p0@many.test', 'p1@many.test')").await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let ulm = "join.0=all&about.0.0=field:city&is.0.0=is&value.0.0.0=Ulm";
    let inner = mia.post(SEGMENTS, &format!("name=Ulm&{ulm}")).await;
    let inner = inner.header("location").rsplit('/').next().unwrap().to_owned();
    let outer = format!("join.0=all&about.0.0=list:&is.0.0=in&value.0.0.0={inner}");
    let outer = mia.post(SEGMENTS, &format!("name=Made+of+it&{outer}")).await;
    let outer = outer.header("location").rsplit('/').next().unwrap().to_owned();
    // Behind the back of the log, as a restored database has it.
    run(
        &app,
        &format!(
            "update contacts set city = case email when 'p0@many.test' then 'Bonn' else 'Ulm' end
              where email like 'p%@many.test';
             update broadcasts set to_everybody = false where id = '{DRAFT}';
             delete from campaign_audiences where broadcast_id = '{DRAFT}';
             insert into campaign_audiences (organization_id, broadcast_id, list_id, mode)
             values ('{}', '{DRAFT}', '{outer}', 'include');",
            ACME.org
        ),
    )
    .await;

    begin(&app).await;
    app.work().await;

    assert_eq!(status(&app).await, "sent");
    let mut taken: Vec<String> = sink.received().into_iter().flat_map(|received| received.to).collect();
    taken.sort();
    assert_eq!(taken, ["RCPT TO:<p1@many.test>", "RCPT TO:<p2@many.test>"]);
}
