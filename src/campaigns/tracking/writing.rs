//! One batch of one organization, in one transaction: an event for each hit, and the counts of people's.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Agent, Hit, What,
    happened::{EmailClicked, EmailOpened},
    queries::{self, Deeds, Followed},
    verdict::{self, Verdict},
};
use crate::{
    events::{self, Fact},
    tenancy::{JobScope, OrgId},
    web::App,
};

/// A hit, and whose broadcast it was of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub hit: Hit,
    pub broadcast: Uuid,
    pub is_burst: bool,
}

/// A click that was counted as a person's and was none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrong {
    pub broadcast: Uuid,
    pub contact: Uuid,
    pub position: u16,
}

/// Writes them all, or none.
pub(super) async fn write(app: &App, org: OrgId, hits: &[Placed], wrong: &[Wrong]) -> sqlx::Result<()> {
    let mut tx = JobScope::new(app.db.clone(), org, "tracking.write").enter_often().await?;
    let mut whom: Vec<(Uuid, Uuid)> = hits.iter().map(|hit| (hit.broadcast, hit.hit.to.contact)).collect();
    whom.extend(wrong.iter().map(|wrong| (wrong.broadcast, wrong.contact)));
    whom.sort_unstable();
    whom.dedup();
    let (broadcasts, contacts): (Vec<Uuid>, Vec<Uuid>) = whom.into_iter().unzip();
    let people = queries::people(&mut tx, &broadcasts, &contacts).await?;
    let people: BTreeMap<_, _> =
        people.into_iter().map(|person| ((person.broadcast, person.contact), person.handed_at)).collect();

    if !wrong.is_empty() {
        queries::take_back(&mut tx, &mistaken(wrong)).await?;
    }
    let (mut sums, mut facts, now) = (Sums::default(), Vec::with_capacity(hits.len()), app.clock.now());
    for placed in hits {
        // Who was erased meanwhile has no mail any more.
        let Some(handed) = people.get(&(placed.broadcast, placed.hit.to.contact)) else { continue };
        let verdict = verdict::of(&placed.hit, *handed, placed.is_burst);
        facts.push(fact(placed, verdict, now)?);
        if verdict == Verdict::Person {
            sums.add(placed);
        }
    }
    if !sums.deeds.is_empty() {
        queries::count(&mut tx, &sums.deeds()).await?;
    }
    if !sums.followed.is_empty() {
        queries::follow(&mut tx, &sums.followed()).await?;
    }
    events::record_all(&mut tx, &facts).await?;
    tx.commit().await
}

fn fact(placed: &Placed, verdict: Verdict, now: DateTime<Utc>) -> sqlx::Result<Fact> {
    let Placed { hit, broadcast, .. } = *placed;
    let contact = hit.to.contact;
    let machine = match verdict {
        Verdict::Person => String::new(),
        Verdict::Machine(why) => why.to_owned(),
    };
    let is_bot = !machine.is_empty();
    let fact = match hit.what {
        What::Opened => {
            let proxy = if let Agent::Proxy(whose) = hit.by { whose } else { "" }.to_owned();
            Fact::of(&EmailOpened { contact, broadcast, proxy, machine })?
        }
        What::Clicked(position) => Fact::of(&EmailClicked { contact, broadcast, position, machine })?,
    };
    Ok(fact.by_machine(is_bot).ago(now - hit.at))
}

fn mistaken(wrong: &[Wrong]) -> Followed {
    let mut columns = Followed::default();
    for wrong in wrong {
        columns.broadcasts.push(wrong.broadcast);
        columns.positions.push(i16::try_from(wrong.position).unwrap_or(i16::MAX));
        columns.contacts.push(wrong.contact);
        columns.clicks.push(-1);
    }
    columns
}

/// How often, and when first.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    times: i32,
    first: Option<DateTime<Utc>>,
}

impl Count {
    fn add(&mut self, at: DateTime<Utc>) {
        self.times += 1;
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
    }
}

/// What people did, each row once: opens and clicks of a recipient, clicks of a recipient on a link.
#[derive(Default)]
struct Sums {
    deeds: BTreeMap<(Uuid, Uuid), (Count, Count)>,
    followed: BTreeMap<(Uuid, u16, Uuid), Count>,
}

impl Sums {
    fn add(&mut self, placed: &Placed) {
        let Placed { hit, broadcast, .. } = *placed;
        let (opens, clicks) = self.deeds.entry((broadcast, hit.to.contact)).or_default();
        match hit.what {
            What::Opened => opens.add(hit.at),
            What::Clicked(position) => {
                clicks.add(hit.at);
                self.followed.entry((broadcast, position, hit.to.contact)).or_default().add(hit.at);
            }
        }
    }

    fn deeds(&self) -> Deeds {
        let mut columns = Deeds::default();
        for ((broadcast, contact), (opens, clicks)) in &self.deeds {
            let firsts = opens.first.into_iter().chain(clicks.first);
            let Some(opened_at) = firsts.min() else { continue };
            columns.broadcasts.push(*broadcast);
            columns.contacts.push(*contact);
            columns.opens.push(opens.times);
            columns.opened_at.push(opened_at);
            columns.clicks.push(clicks.times);
            columns.clicked_at.push(clicks.first);
        }
        columns
    }

    fn followed(&self) -> Followed {
        let mut columns = Followed::default();
        for ((broadcast, position, contact), count) in &self.followed {
            let (Some(first), Ok(position)) = (count.first, i16::try_from(*position)) else { continue };
            columns.broadcasts.push(*broadcast);
            columns.positions.push(position);
            columns.contacts.push(*contact);
            columns.clicks.push(count.times);
            columns.at.push(first);
        }
        columns
    }
}
