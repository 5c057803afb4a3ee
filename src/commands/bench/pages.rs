//! The pages, one after the other, and the table.

use super::{
    client,
    cpu::{self, Used},
    house::{House, SERVER_THREAD},
};
use crate::{commands::print, config::Config, sample};

/// A row of the table, for one request.
struct Row {
    name: String,
    app_us: f64,
    database_us: f64,
    bytes: u64,
}

pub(super) async fn run(config: Config, requests: u32, connections: u32) -> anyhow::Result<()> {
    let house = House::open(config).await?;
    let idle = cpu::resident_kib();
    let measured = measure_all(&house, requests, connections).await;
    let loaded = cpu::resident_kib();
    house.close().await;
    tell(&measured?, requests, connections);
    print::line("");
    print::line(&format!(
        "Memory of this process, client included: {} MiB before the first request, {} MiB after the last.",
        idle.unwrap_or(0) / 1024,
        loaded.unwrap_or(0) / 1024
    ));
    Ok(())
}

async fn measure_all(house: &House, requests: u32, connections: u32) -> anyhow::Result<Vec<Row>> {
    let workspace = format!("/w/{}", sample::SLUG);
    let pages = [
        ("a route that does nothing", house.hello, "/"),
        ("/livez, with every layer around it", house.address, "/livez"),
        ("/sign-in, nobody signed in", house.stranger, "/sign-in"),
        ("/workspaces, signed in", house.address, "/workspaces"),
        ("home of a workspace", house.address, workspace.as_str()),
        ("people of a workspace", house.address, &format!("{workspace}/people")),
    ];
    let mut rows = Vec::new();
    for (name, address, path) in pages {
        let cookie =
            if address == house.stranger && path == "/sign-in" { "" } else { house.owner.cookie.as_str() };
        let ask = client::Ask {
            address,
            path: path.to_owned(),
            cookie: cookie.to_owned(),
            connections,
            is_part: false,
        };
        // Fills caches, plans statements, opens connections.
        ask.times(requests / 10 + connections).await?;
        let before = used(house);
        let bytes = ask.times(requests).await?;
        rows.push(row(name, &before, &used(house), requests, bytes));
    }
    Ok(rows)
}

/// Processor time of the server's threads, and of PostgreSQL.
fn used(house: &House) -> (Used, Used) {
    (cpu::of_threads(SERVER_THREAD), cpu::of_children(house.postgres))
}

fn row(name: &str, before: &(Used, Used), after: &(Used, Used), requests: u32, bytes: u64) -> Row {
    let each = |from: Used, to: Used| {
        let nanoseconds = to.saturating_sub(from).as_nanos();
        nanoseconds as f64 / 1000.0 / f64::from(requests)
    };
    Row {
        name: name.to_owned(),
        app_us: each(before.0, after.0),
        database_us: each(before.1, after.1),
        bytes: bytes / u64::from(requests),
    }
}

fn tell(rows: &[Row], requests: u32, connections: u32) {
    print::line(&format!("CPU time for one request, of {requests} on {connections} connections:"));
    print::line("");
    print::line(&format!(
        "{:36} {:>8} {:>12} {:>10} {:>8} {:>8}",
        "", "app µs", "database µs", "both µs", "ratio", "bytes"
    ));
    let hello = rows.first().map_or(1.0, |row| row.app_us.max(0.001));
    for row in rows {
        let both = row.app_us + row.database_us;
        print::line(&format!(
            "{:36} {:>8.0} {:>12.0} {:>10.0} {:>8.1} {:>8}",
            row.name,
            row.app_us,
            row.database_us,
            both,
            both / hello,
            row.bytes
        ));
    }
}
