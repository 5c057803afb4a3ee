//! A campaign as somebody makes it in a browser: a mail server, a sender and its domain, a design of some ten
//! kilobytes, an audience that was imported; and sending it to a mail server of ours.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::mpsc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use chrono::TimeDelta;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use tokio::runtime::{Builder, Runtime};
use uuid::Uuid;

use super::{
    cost::{Cost, Meter},
    cpu::{self, Used},
    house::{House, SERVER_THREAD},
    intake::{self, Target},
    people::{Faults, People},
    person::{Person, between},
    queries::{self, Standing},
    sink::{Inspector, Profile, Sink, Tally},
};
use crate::{
    campaigns::sending::Begin,
    clock::Clock,
    config::Config,
    contacts::lists,
    designs::{self, document::Document, styles::Styles},
    jobs::{self, Order},
    sample, senders,
    tenancy::{JobScope, OrgId},
};

pub(super) const SINK_THREAD: &str = "bench-sink";
/// Under which readers know us. With https, so that mail has the one click.
pub(super) const BASE_URL: &str = "https://bench.test";
const TICK: Duration = Duration::from_millis(5);
/// How often it is asked how far the sending is.
const LOOK: Duration = Duration::from_millis(10);
/// More than the moment for which a start can be undone.
const MOMENT: TimeDelta = TimeDelta::seconds(31);

/// A house whose clock can be put forward, and from which mail may go to this machine.
pub(super) async fn house(mut config: Config) -> anyhow::Result<House> {
    config.allowed_private_hosts.add("127.0.0.1");
    let clock = Clock::set_to(Clock::system().now());
    tokio::spawn(go_on(clock.clone()));
    House::open_as(config, BASE_URL, clock).await
}

/// Lets a clock go that would stand still.
async fn go_on(clock: Clock) {
    loop {
        let begun = Instant::now();
        tokio::time::sleep(TICK).await;
        clock.advance(TimeDelta::from_std(begun.elapsed()).unwrap_or_default());
    }
}

/// A mail server of ours, on threads of its own.
pub(super) struct Post {
    pub sink: Sink,
    threads: Option<Runtime>,
}

impl Drop for Post {
    fn drop(&mut self) {
        // Dropped by itself it would wait for its threads, which nothing asynchronous may do.
        if let Some(threads) = self.threads.take() {
            threads.shutdown_background();
        }
    }
}

impl Post {
    pub(super) fn open(inspector: Option<Inspector>) -> anyhow::Result<Self> {
        let mut threads = Builder::new_multi_thread();
        let threads = threads.worker_threads(2).thread_name(SINK_THREAD).enable_all().build()?;
        let (started, sink) = mpsc::channel();
        threads.spawn(async move {
            let profile = Profile { inspector, ..Profile::default() };
            let sink = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), profile).await;
            let _ = started.send(sink.map_err(|error| error.to_string()));
        });
        Ok(Self { sink: sink.recv()?.map_err(anyhow::Error::msg)?, threads: Some(threads) })
    }
}

/// A campaign that has been started and waits for its moment.
#[derive(Clone, Copy)]
pub(super) struct Mailing {
    org: Uuid,
    campaign: Uuid,
    pub broadcast: Uuid,
    /// As the tokens in its mail have it.
    pub number: i64,
    pub people: u64,
}

/// Makes it and starts it: to so many people, over so many connections.
pub(super) async fn make(
    house: &House,
    post: &Post,
    (people, connections): (u32, u32),
    is_signed: bool,
) -> anyhow::Result<Mailing> {
    let org = house.organization(sample::SLUG).await?;
    let file = People::write(&house.folder, u64::from(people), Faults::None)?;
    let target = Target { person: &house.owner, slug: sample::SLUG, org, list: "Bench" };
    intake::bring(house, target, &file.file).await?;
    let desk = Desk { house, person: &house.owner, org };
    desk.settings(post.sink.address.port(), connections).await?;
    let campaign = desk.campaign().await?;
    if !is_signed {
        // Mail to so many that nobody signs is not started; so its keys go after that.
        let page = house.owner.page(&desk.at("/settings/sending")).await?;
        let domain = between(&page, "/settings/sending/domains/", "/").context("there is no domain")?;
        house.owner.send(&desk.at(&format!("/settings/sending/domains/{domain}/remove")), &[]).await?;
    }
    let mut conn = PgConnection::connect_with(&house.database()?.0).await?;
    let Standing { id, number, status, .. } = queries::standing(&mut conn, org, campaign).await?;
    ensure!(status == "queued", "the campaign is {status}");
    Ok(Mailing { org, campaign, broadcast: id, number, people: file.good })
}

/// Where a person sits who makes a campaign.
struct Desk<'a> {
    house: &'a House,
    person: &'a Person,
    org: Uuid,
}

impl Desk<'_> {
    fn at(&self, path: &str) -> String {
        format!("/w/{}{path}", sample::SLUG)
    }

    /// Where mail leaves, from whom, and where they are.
    async fn settings(&self, port: u16, connections: u32) -> anyhow::Result<()> {
        let (port, connections) = (port.to_string(), connections.to_string());
        let server = [
            ("host", "127.0.0.1"),
            ("port", port.as_str()),
            ("encryption", "none"),
            ("connections", connections.as_str()),
        ];
        let brand = [
            ("name", "Summit Roofing"),
            ("primary_colour", "#2b50c8"),
            ("accent_colour", "#b3400f"),
            ("postal_address", "12 Main Street, Denver, CO 80202, USA"),
        ];
        let sender = [("name", "Summit Roofing"), ("email", "news@summit.example")];
        self.person.send(&self.at("/settings/sending/server"), &server).await?;
        self.person.send(&self.at("/settings/sending/senders"), &sender).await?;
        self.person.send(&self.at("/settings/sending/domains"), &[("domain", "summit.example")]).await?;
        self.person.send(&self.at("/settings/brand"), &brand).await?;
        Ok(())
    }

    /// A campaign to the list of those who were imported, started.
    async fn campaign(&self) -> anyhow::Result<Uuid> {
        let app = self.house.app();
        let mut tx = JobScope::new(app.db.clone(), OrgId(self.org), "bench").enter().await?;
        let design = designs::begin(&mut tx, "Bench", &document(), app.clock.now()).await?.to_string();
        let chosen = |all: Vec<(String, String)>, words: &str| {
            let found = all.into_iter().find(|(_, known)| known.contains(words));
            found.map(|(id, _)| id).with_context(|| format!("there is no {words} to choose"))
        };
        let sender = chosen(senders::choices(&mut tx).await?, "news@summit.example")?;
        let list = chosen(lists::choices(&mut tx).await?, "Bench")?;
        tx.commit().await?;
        let path = self.person.send(&self.at("/campaigns/new"), &[("name", "Bench")]).await?;
        let subject = "{{ contact.first_name | default(\"you\") }}, your offer {{ contact.customer_code }}";
        self.decide(&path, "audience", &[("whom", "lists"), ("include", &list)]).await?;
        self.decide(&path, "sender", &[("sender", &sender)]).await?;
        self.decide(&path, "subject", &[("subject", subject), ("preview_text", "Spring is here")]).await?;
        self.decide(&path, "content", &[("design", &design)]).await?;
        let rev = self.rev(&path).await?;
        let typed = [("rev", rev.as_str()), ("workspace", "Summit Roofing")];
        self.person.send(&format!("{path}/start"), &typed).await?;
        Ok(path.rsplit('/').next().unwrap_or_default().parse()?)
    }

    /// Fills in a part of the checklist.
    async fn decide(&self, path: &str, part: &str, typed: &[(&str, &str)]) -> anyhow::Result<()> {
        let rev = self.rev(path).await?;
        let typed = [&[("rev", rev.as_str())][..], typed].concat();
        self.person.send(&format!("{path}/draft/{part}"), &typed).await?;
        Ok(())
    }

    async fn rev(&self, path: &str) -> anyhow::Result<String> {
        let page = self.person.page(path).await?;
        Ok(between(&page, "name=\"rev\" value=\"", "\"").context("the draft has no state")?.to_owned())
    }
}

/// Five merge fields, three links, and text for some ten kilobytes of HTML.
fn document() -> Document {
    let dear = "<p>Dear {{ contact.first_name | default(\"friend\") }} {{ contact.last_name }} \
                ({{ contact.customer_code }}),</p>\n<p>we hope that {{ contact.company | default(\"all\") }} in \
                {{ contact.city | default(\"town\") }} had a good winter.</p>";
    let more = "<p>A café opens on our roof, and whoever had theirs done by us is invited to the first cup. \
                Bring somebody along, and bring the picture of your roof if you like: we hang them up.</p>\n";
    let text = |html: String| ("text", json!({ "html": html }));
    Document::of(
        Styles::default(),
        vec![
            ("heading", json!({ "text": "Spring on the roof" })),
            text(dear.to_owned()),
            text(more.repeat(4)),
            ("button", json!({ "label": "See the dates", "href": "https://summit.example/dates" })),
            text(more.repeat(4)),
            text(
                "<p><a href=\"https://summit.example/guide\">Our guide</a> and \
                  <a href=\"https://summit.example/map?to=spring\">the way here</a>.</p>"
                    .to_owned(),
            ),
        ],
    )
}

/// What sending took.
pub(super) struct Sent {
    pub cost: Cost,
    pub sink: Used,
    /// Until everybody was in the ledger, and until the first mail arrived.
    pub frozen: Duration,
    pub first: Duration,
    pub tally: Tally,
}

/// Lets the moment pass, and waits until the last mail is written down. Somebody must be at work.
pub(super) async fn send(house: &House, post: &Post, mailing: Mailing) -> anyhow::Result<Sent> {
    let mut conn = PgConnection::connect_with(&house.database()?.0).await?;
    queries::settle_down(&mut conn).await?;
    let app = house.app();
    app.clock.advance(MOMENT);
    let (meter, sink) = (Meter::start(house, SERVER_THREAD), cpu::of_threads(SINK_THREAD));
    let begun = Instant::now();
    let mut tx = JobScope::new(app.db.clone(), OrgId(mailing.org), "bench").enter().await?;
    let begin = Begin { broadcast: mailing.broadcast };
    let ordered = jobs::enqueue(tx.conn(), mailing.org, &begin, Order::default()).await;
    ensure!(ordered.is_ok_and(|job| job.is_some()), "the sending could not be ordered");
    tx.commit().await?;
    let (mut frozen, mut first) = (None, None);
    loop {
        let standing = queries::standing(&mut conn, mailing.org, mailing.campaign).await?;
        frozen = frozen.or(standing.is_frozen.then(|| begun.elapsed()));
        first = first.or((post.sink.tally().taken > 0).then(|| begun.elapsed()));
        match standing.status.as_str() {
            "sent" => break,
            "queued" | "sending" => tokio::time::sleep(LOOK).await,
            status => anyhow::bail!("the campaign is {status}: {}", standing.trouble),
        }
    }
    Ok(Sent {
        cost: meter.read(),
        sink: cpu::of_threads(SINK_THREAD).saturating_sub(sink),
        frozen: frozen.unwrap_or_default(),
        first: first.unwrap_or_default(),
        tally: post.sink.tally(),
    })
}
