//! Rules over very many people: the answer while somebody types, the exact number, all the members of a segment, and what changes in
//! it when people do. The limit is the count by hand of the same people, which reads each of them once.

use std::{process::ExitCode, time::Duration};

use anyhow::{Context, ensure};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::{
    client::Ask,
    cost::{self, Cost, Meter},
    house::{House, LIMIT_THREAD, SERVER_THREAD},
    person::between,
    queries, verdict,
};
use crate::{commands::print, config::Config, sample};

/// What each person did: opened so many mails, and followed a link in every third.
const DEEDS: i32 = 3;
/// So many people change at once.
const CHANGED: i64 = 1_000;
/// How often it is asked how far the work is, and how long it may take.
const LOOK: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(300);

/// Rules by name, as the form has them. [`queries::count_by_hand`] counts the same people.
const RULES: [(&str, &str); 4] = [
    (
        "three lines about fields",
        "join.0=all&about.0.0=field:city&is.0.0=is&value.0.0.0=City+7&about.0.1=field:lifecycle_stage&is.0.1=is\
         &value.0.1.0=customer&about.0.2=field:job_title&is.0.2=is_not&value.0.2.0=Owner",
    ),
    (
        "and one about an own field",
        "join.0=all&about.0.0=field:lifecycle_stage&is.0.0=is&value.0.0.0=customer&about.0.1=field:country&is.0.1=is\
         &value.0.1.0=Country+3&about.0.2=custom:bench_points&is.0.2=more&value.0.2.0=500",
    ),
    (
        "and what they did",
        "join.0=all&about.0.0=field:lifecycle_stage&is.0.0=is&value.0.0.0=customer&about.0.1=event:email.opened\
         &is.0.1=did&value.0.1.0=1&value.0.1.1=30&about.0.2=event:email.clicked&is.0.2=did_not&value.0.2.0=1\
         &value.0.2.1=30",
    ),
    (
        "eight lines in groups",
        "join.0=any&join.0.0=all&about.0.0.0=field:city&is.0.0.0=is&value.0.0.0.0=City+9&about.0.0.1=field:job_title\
         &is.0.0.1=contains&value.0.0.1.0=own&about.0.0.2=custom:bench_points&is.0.0.2=less&value.0.0.2.0=300\
         &join.0.1=none&about.0.1.0=field:country&is.0.1.0=is_not&value.0.1.0.0=Country+5&about.0.1.1=field:company\
         &is.0.1.1=starts&value.0.1.1.0=company+1&about.0.1.2=field:email&is.0.1.2=ends&value.0.1.2.0=9%40bench.test\
         &join.0.2=all&about.0.2.0=field:first_name&is.0.2.0=is&value.0.2.0.0=ann&about.0.2.1=field:customer_code\
         &is.0.2.1=known",
    ),
];

/// A line of the table: the answer to somebody who types, and the count by hand.
struct Row {
    name: &'static str,
    people: i64,
    /// So often the exact number was asked for, and counted by hand.
    counts: u64,
    exactly: Cost,
    by_hand: Cost,
    /// How long each answer took, sorted.
    each: Vec<Duration>,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.exactly.ratio_to(self.by_hand)
    }

    fn tell(&self) {
        let at = |share: usize| self.each.get(self.each.len().saturating_sub(1) * share / 100);
        let millis = |took: Option<&Duration>| took.map_or(0.0, |took| took.as_secs_f64() * 1e3);
        print::line(&format!(
            "{:28} {:>10} {:>10.0} {:>10.0} {:>12.1} {:>12.1} {:>8.2}",
            self.name,
            self.people,
            millis(at(50)),
            millis(at(99)),
            cost::micros(self.exactly.both(), self.counts) / 1e3,
            cost::micros(self.by_hand.both(), self.counts) / 1e3,
            self.ratio(),
        ));
    }
}

struct Taken {
    rows: Vec<Row>,
    members: i64,
    settled: Cost,
    inserted: Cost,
    followed: Cost,
}

pub(super) async fn run(
    config: Config,
    (people, requests): (u32, u32),
    at_most: Option<f64>,
) -> anyhow::Result<ExitCode> {
    let house = House::open(config).await?;
    let measured = measure(&house, i64::from(people), requests).await;
    house.close().await;
    let Taken { rows, members, settled, inserted, followed } = measured?;
    let built = if cfg!(debug_assertions) { " (debug build: compare the ratios only)" } else { "" };
    print::line(&format!("{people} people, {DEEDS} deeds each{built}:"));
    print::line("");
    print::line(&format!(
        "{:28} {:>10} {:>10} {:>10} {:>12} {:>12} {:>8}",
        "while typing", "people", "p50 ms", "p99 ms", "exactly CPU", "by hand CPU", "ratio"
    ));
    rows.iter().for_each(Row::tell);
    print::line("");
    cost::head("Members");
    settled.tell("all of a segment", members.unsigned_abs());
    inserted.tell("one INSERT of as many (the limit)", members.unsigned_abs());
    followed.tell("after people changed, for each", CHANGED.unsigned_abs());
    print::line(&format!("All of them: {:.2} times the limit.", settled.ratio_to(inserted)));
    let worst = rows.iter().map(Row::ratio).fold(0.0, f64::max);
    Ok(verdict::on("The dearest exact count, to the same by hand", worst, at_most))
}

async fn measure(house: &House, people: i64, requests: u32) -> anyhow::Result<Taken> {
    let mut conn = PgConnection::connect_with(&house.database()?.0).await?;
    let org = house.organization(sample::SLUG).await?;
    let base = format!("/w/{}", sample::SLUG);
    house
        .owner
        .send(&format!("{base}/settings/fields"), &[("label", "Bench points"), ("kind", "number")])
        .await?;
    queries::fill_workspace(&mut conn, (org, people), DEEDS).await?;
    queries::settle_down(&mut conn).await?;
    let mut rows = Vec::new();
    for (by_hand, (name, rule)) in RULES.into_iter().enumerate() {
        rows.push(look(house, (name, rule, by_hand, org), requests).await?);
    }
    let (settled, segment) = settle(house, &mut conn, (org, &base)).await?;
    let members = queries::members(&mut conn, org, segment).await?;
    let inserted = insert(house, org, segment).await?;
    let followed = follow(house, &mut conn, (org, segment), &base).await?;
    Ok(Taken { rows, members, settled, inserted, followed })
}

/// What somebody waits for who types a rule, the exact number behind it, and the same people counted by hand.
async fn look(
    house: &House,
    (name, rule, by_hand, org): (&'static str, &str, usize, Uuid),
    requests: u32,
) -> anyhow::Result<Row> {
    let at = |what: &str| format!("/w/{}/contacts/segments/{what}?{rule}", sample::SLUG);
    let ask = |path: String, is_part| Ask {
        address: house.address,
        path,
        cookie: house.owner.cookie.clone(),
        connections: 1,
        is_part,
    };
    let part = house.owner.part(&at("count")).await?;
    let said = between(&part, "id=\"held\" aria-live=\"polite\">", "<").context("there is no number")?;
    let said: i64 = said.replace(',', "").parse()?;
    let (mut each, _) = ask(at("look"), true).timed(requests).await?;
    each.sort_unstable();
    let meter = Meter::start(house, SERVER_THREAD);
    let counts = requests.div_ceil(4);
    ask(at("count"), true).times(counts).await?;
    let exactly = meter.read();
    let database = house.database()?;
    let meter = Meter::start(house, LIMIT_THREAD);
    let counted = house
        .aside(async move {
            let mut conn = PgConnection::connect_with(&database.0).await?;
            let mut counted = 0;
            for _ in 0..counts {
                counted = queries::count_by_hand(&mut conn, org, by_hand).await?;
            }
            Ok(counted)
        })
        .await?;
    let by_hand = meter.read();
    ensure!(said == counted, "{name}: the page says {said}, and there are {counted}");
    Ok(Row { name, people: counted, counts: counts.into(), exactly, by_hand, each })
}

/// A segment with a third of them, from the form to its last member.
async fn settle(
    house: &House,
    conn: &mut PgConnection,
    (org, base): (Uuid, &str),
) -> anyhow::Result<(Cost, Uuid)> {
    let form = [
        ("name", "Bench"),
        ("join.0", "all"),
        ("about.0.0", "custom:bench_points"),
        ("is.0.0", "less"),
        ("value.0.0.0", "300"),
    ];
    let _working = house.work();
    rest(conn, org).await?;
    let meter = Meter::start(house, SERVER_THREAD);
    let to = house.owner.send(&format!("{base}/contacts/segments"), &form).await?;
    let id = to.rsplit('/').next().context("saving leads to the segment")?.parse()?;
    while !queries::is_settled(conn, org, id).await? {
        ensure!(meter.read().wall < PATIENCE, "the segment was not worked out");
        tokio::time::sleep(LOOK).await;
    }
    Ok((meter.read(), id))
}

/// Lets what was ordered before be done, so that it is not counted with what comes.
async fn rest(conn: &mut PgConnection, org: Uuid) -> anyhow::Result<()> {
    while queries::is_busy(conn, org).await? {
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// The same members, into a table like that of members.
async fn insert(house: &House, org: Uuid, segment: Uuid) -> anyhow::Result<Cost> {
    let at = house.database()?;
    let meter = Meter::start(house, LIMIT_THREAD);
    house
        .aside(async move {
            let mut conn = PgConnection::connect_with(&at.0).await?;
            Ok(queries::insert_members(&mut conn, org, segment).await?)
        })
        .await?;
    Ok(meter.read())
}

/// Some change, and the segment follows.
async fn follow(
    house: &House,
    conn: &mut PgConnection,
    (org, segment): (Uuid, Uuid),
    base: &str,
) -> anyhow::Result<Cost> {
    let _working = house.work();
    rest(conn, org).await?;
    let whom = queries::change_points(conn, org, CHANGED).await?;
    let meter = Meter::start(house, SERVER_THREAD);
    // What is written past the application wakes nobody; somebody added by hand does.
    house.owner.send(&format!("{base}/contacts"), &[("first_name", "Last")]).await?;
    while !queries::are_members(conn, (org, segment), &whom).await? {
        ensure!(meter.read().wall < PATIENCE, "the segment did not follow");
        tokio::time::sleep(LOOK).await;
    }
    Ok(meter.read())
}
