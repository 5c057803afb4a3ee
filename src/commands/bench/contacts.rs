//! The list of contacts of a workspace with very many, beside others with fewer: the first page, the pages
//! behind it, a search, another order. The limit is fifty rows by the primary key on one connection, and a
//! route that does nothing.

use std::{process::ExitCode, time::Duration};

use anyhow::Context;
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    client::Ask,
    cost::{self, Cost, Meter},
    house::{House, LIMIT_THREAD, SERVER_THREAD},
    intake::{self, Target},
    people::{Faults, People},
    person::between,
    queries, verdict,
};
use crate::{commands::print, config::Config, db::connect::Endpoint, sample};

/// How far somebody leafs.
const PAGES: usize = 20;
/// Others have the so-many-th part of the people.
const FEWER: u64 = 50;
/// Who look at once where it is counted what a page costs: a processor that sleeps between two questions has
/// to be woken for each, which is then a good part of what is measured.
const CROWD: u32 = 16;
/// After so many a statement is not planned anew for each.
const KNOWS_IT: u32 = 10;
/// A page far behind may cost so many times what the first does.
const FAR: f64 = 1.5;

/// A line of the table.
struct Row {
    name: String,
    cost: Cost,
    /// How long each answer took, sorted.
    each: Vec<Duration>,
    bytes: u64,
}

impl Row {
    fn tell(&self) {
        let at = |share: usize| self.each.get(self.each.len().saturating_sub(1) * share / 100);
        let millis = |took: Option<&Duration>| took.map_or(0.0, |took| took.as_secs_f64() * 1e3);
        let count = self.each.len() as u64;
        print::line(&format!(
            "{:36} {:>8.0} {:>12.0} {:>10.0} {:>8.2} {:>8.2} {:>8}",
            self.name,
            cost::micros(self.cost.app, count),
            cost::micros(self.cost.database, count),
            cost::micros(self.cost.both(), count),
            millis(at(50)),
            millis(at(99)),
            self.bytes / count.max(1)
        ));
    }

    fn micros(&self) -> f64 {
        cost::micros(self.cost.both(), self.each.len() as u64)
    }
}

pub(super) async fn run(
    config: Config,
    (people, requests): (u32, u32),
    at_most: Option<f64>,
) -> anyhow::Result<ExitCode> {
    let house = House::open(config).await?;
    let measured = measure(&house, u64::from(people), requests).await;
    house.close().await;
    let rows = measured?;
    print::line(&format!(
        "{people} people, one connection or {CROWD}{}:",
        if cfg!(debug_assertions) { " (debug build: compare the ratios only)" } else { "" }
    ));
    print::line("");
    print::line(&format!(
        "{:36} {:>8} {:>12} {:>10} {:>8} {:>8} {:>8}",
        "", "app µs", "database µs", "both µs", "p50 ms", "p99 ms", "bytes"
    ));
    rows.iter().for_each(Row::tell);
    let [hello, limit, crowd, first, _, far, ..] = rows.as_slice() else { anyhow::bail!("rows are missing") };
    print::line("");
    let far = far.micros() / first.micros();
    print::line(&format!("The page far behind costs {far:.2} times the first."));
    let ratio = crowd.micros() / (hello.micros() + limit.micros());
    let verdict = verdict::on("The first page for many, to fifty rows and a bare route", ratio, at_most);
    if at_most.is_some() && far > FAR {
        print::problem(&format!("The page far behind may cost {FAR} times the first at the most."));
        return Ok(ExitCode::FAILURE);
    }
    Ok(verdict)
}

async fn measure(house: &House, count: u64, requests: u32) -> anyhow::Result<Vec<Row>> {
    let mut conn = PgConnection::connect_with(&house.database()?.0).await?;
    let org = house.organization(sample::SLUG).await?;
    fill(house, (org, count)).await?;
    queries::settle_down(&mut conn).await?;

    let list = format!("/w/{}/contacts", sample::SLUG);
    let mut behind = Vec::new();
    let mut path = list.clone();
    for _ in 0..PAGES {
        path = next(&house.owner.page(&path).await?)?;
        behind.push(path.clone());
    }
    let by_name = format!("{list}?sort=name");
    let mut far_by_name = by_name.clone();
    for _ in 0..PAGES {
        far_by_name = next(&house.owner.page(&far_by_name).await?)?;
    }
    let search = format!("{list}?q=user{}", count / 130);
    let nothing = ["/".to_owned()];
    let mut rows = vec![look(house, "a route that does nothing, many", &nothing, (requests, CROWD)).await?];
    rows.push(limit(house, org, requests).await?);
    let first = [list];
    rows.push(look(house, "the first page, many", &first, (requests, CROWD)).await?);
    let requests = (requests, 1);
    rows.push(look(house, "the first page", &first, requests).await?);
    rows.push(look(house, "the next twenty, one after another", &behind, requests).await?);
    let last = behind.last().context("there are pages behind")?.clone();
    rows.push(look(house, "the last of them", &[last], requests).await?);
    rows.push(look(house, "by name, the first page", &[by_name], requests).await?);
    rows.push(look(house, "by name, twenty pages behind", &[far_by_name], requests).await?);
    rows.push(look(house, "a search", &[search], requests).await?);
    Ok(rows)
}

/// Brings the people in, and fewer of them into every workspace of the agency.
async fn fill(house: &House, (org, count): (Uuid, u64)) -> anyhow::Result<()> {
    let _working = house.work();
    let people = People::write(&house.folder, count, Faults::None)?;
    let target = Target { person: &house.owner, slug: sample::SLUG, org, list: "Bench" };
    intake::bring(house, target, &people.file).await?;
    let few = People::write(&house.folder, count / FEWER + 10, Faults::None)?;
    let agency = house.sign_in("agency owner").await?;
    for (other, slug) in house.organizations().await?.into_iter().filter(|(other, _)| *other != org) {
        let target = Target { person: &agency, slug: &slug, org: other, list: "Bench" };
        intake::bring(house, target, &few.file).await?;
    }
    Ok(())
}

/// Where a page leads next.
fn next(page: &str) -> anyhow::Result<String> {
    let link = between(page, "rel=\"next\" href=\"", "\"").context("there is no next page")?;
    Ok(link.replace("&amp;", "&").replace("&#38;", "&"))
}

/// Looks at these pages in turn on so many connections, until there were so many.
async fn look(
    house: &House,
    name: &str,
    paths: &[String],
    (requests, connections): (u32, u32),
) -> anyhow::Result<Row> {
    let address = if paths.iter().all(|path| path == "/") { house.hello } else { house.address };
    let ask = |path: &String| Ask {
        address,
        path: path.clone(),
        cookie: house.owner.cookie.clone(),
        connections,
        is_part: false,
    };
    let share = requests.div_ceil(u32::try_from(paths.len())?);
    for path in paths {
        // Plans statements, opens connections.
        ask(path).times(share / 10 + 2).await?;
    }
    let meter = Meter::start(house, SERVER_THREAD);
    let (mut each, mut bytes) = (Vec::new(), 0);
    for path in paths {
        let (took, came) = ask(path).timed(share).await?;
        each.extend(took);
        bytes += came;
    }
    let cost = meter.read();
    each.sort_unstable();
    Ok(Row { name: name.to_owned(), cost, each, bytes })
}

/// The rows alone, on connections that stay.
async fn limit(house: &House, org: Uuid, requests: u32) -> anyhow::Result<Row> {
    let at = house.database()?;
    let crowd = house.aside(crowd(at, org)).await?;
    let meter = Meter::start(house, LIMIT_THREAD);
    let mut each = house.aside(look_at_fifties(crowd, org, requests.div_ceil(CROWD))).await?;
    let cost = meter.read();
    each.sort_unstable();
    Ok(Row { name: "fifty rows and nothing else, many".to_owned(), cost, each, bytes: 0 })
}

/// Connections that know the statement.
async fn crowd(at: Endpoint, org: Uuid) -> anyhow::Result<Vec<PgConnection>> {
    let mut all = Vec::new();
    for _ in 0..CROWD {
        let mut conn = PgConnection::connect_with(&at.0).await?;
        fifties(&mut conn, org, KNOWS_IT).await?;
        all.push(conn);
    }
    Ok(all)
}

async fn look_at_fifties(
    crowd: Vec<PgConnection>,
    org: Uuid,
    requests: u32,
) -> anyhow::Result<Vec<Duration>> {
    let mut looking = JoinSet::new();
    for mut conn in crowd {
        looking.spawn(async move { fifties(&mut conn, org, requests).await });
    }
    let mut each = Vec::new();
    while let Some(took) = looking.join_next().await {
        each.extend(took??);
    }
    Ok(each)
}

async fn fifties(conn: &mut PgConnection, org: Uuid, requests: u32) -> anyhow::Result<Vec<Duration>> {
    let (mut each, mut behind) = (Vec::new(), Uuid::max());
    for n in 0..requests {
        let begun = std::time::Instant::now();
        let rows = queries::fifty(conn, org, behind).await?;
        each.push(begun.elapsed());
        let goes_on = !(n + 1).is_multiple_of(PAGES as u32);
        behind = rows.last().copied().filter(|_| goes_on).unwrap_or(Uuid::max());
    }
    Ok(each)
}
