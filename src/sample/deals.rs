//! Deals of the sample business: in every stage, with how they got there, one of them forgotten for too long.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{
    past::{Remember, SEED},
    person::Known,
    queries,
};
use crate::{
    audit::Actor,
    contacts::ContactId,
    deals::{
        self, DealId, NewDeal,
        deal::Moment,
        moving::{Wish, fulfil},
        pipelines::{self, Pipeline},
    },
    money::Money,
    tenancy::{OrgId, OrgTx, VisitorScope},
    web::App,
};

/// A deal as it came about: what it is called and worth in dollars, about whom, whose it is, when it should close
/// in days from now, where it came from, and how many days ago it came into each stage, the first one first.
struct Story {
    name: &'static str,
    dollars: i64,
    who: &'static [&'static str],
    owner: usize,
    close: i64,
    source: &'static str,
    passages: &'static [(usize, i64)],
}

const fn story(
    (name, dollars): (&'static str, i64),
    who: &'static [&'static str],
    (owner, close): (usize, i64),
    source: &'static str,
    passages: &'static [(usize, i64)],
) -> Story {
    Story { name, dollars, who, owner, close, source, passages }
}

const WON: usize = 4;
const LOST: usize = 5;
/// Why the lost one was.
const REASON: &str = "They chose somebody cheaper, who could begin before the winter.";

const STORIES: &[Story] = &[
    story(("Gutter repair, Jefferson", 1_850), &["Tamika"], (4, 35), "Website", &[(0, 3)]),
    story(("Roof check, Rosenthal", 420), &["Eli"], (5, 20), "Phone", &[(0, 1)]),
    story(("Skylights, O’Neill", 7_900), &["Siobhán"], (5, 50), "Open day", &[(0, 6)]),
    story(("Storage halls, phase two", 64_000), &["Łukasz"], (4, 90), "Referral", &[(0, 9), (1, 4)]),
    story(("New roof, Farouk", 16_200), &["Omar"], (5, 40), "Website", &[(0, 12), (1, 5)]),
    story(("Insulation, Lindgren", 9_400), &["Noah"], (4, 28), "Open day", &[(0, 8), (1, 2)]),
    story(("Clinic flat roof", 38_500), &["Yuki"], (0, 33), "Referral", &[(0, 20), (1, 15), (2, 6)]),
    // Nobody has moved this for longer than a proposal should lie.
    story(
        ("Casa Verde, twelve houses", 142_000),
        &["José", "Wei"],
        (4, -4),
        "Open day",
        &[(0, 60), (1, 52), (2, 40)],
    ),
    story(
        ("Daycare roof and canopy", 27_300),
        &["Grace"],
        (5, 14),
        "Phone",
        &[(0, 26), (1, 19), (2, 8), (3, 3)],
    ),
    story(
        ("Property portfolio, Denver", 88_000),
        &["Wei"],
        (0, 10),
        "Referral",
        &[(0, 27), (1, 22), (2, 12), (3, 5)],
    ),
    story(
        ("Cabin roofs, Østby", 31_750),
        &["Bjørn"],
        (4, -2),
        "Repeat customer",
        &[(0, 25), (1, 20), (2, 14), (3, 9), (WON, 2)],
    ),
    story(
        ("Studio ceiling, Whitfield", 6_100),
        &["Dana"],
        (5, 5),
        "Repeat customer",
        &[(0, 10), (1, 7), (2, 2)],
    ),
    story(
        ("Solar tiles, Benali", 22_600),
        &["Aïcha"],
        (5, -8),
        "Website",
        &[(0, 24), (1, 18), (2, 13), (LOST, 7)],
    ),
    story(
        ("Shop front, Vance & Daughters", 12_900),
        &["Priscilla", "Harriet"],
        (4, 21),
        "Referral",
        &[(0, 15), (1, 11), (2, 4)],
    ),
];

/// Makes the deals, with notes about some of them.
pub(super) async fn plant(app: &App, org: OrgId, people: &[Known]) -> anyhow::Result<()> {
    let now = app.clock.now();
    let machine = Actor::machine(SEED);
    let scope: VisitorScope<Remember> = VisitorScope::new(app.db.clone(), org).known_as(machine);
    let mut tx = scope.enter().await?;
    let contacts = queries::first_names(&mut tx).await?;
    let ago = |days: i64| Moment { at: now - TimeDelta::days(days), ago: TimeDelta::days(days.min(27)) };
    let Some(pipeline) = pipelines::first(&mut tx, ago(61).at).await? else { return Ok(()) };
    for story in STORIES {
        let owner = people.get(story.owner).map(|person| person.id.0);
        let whom = story.who.iter().filter_map(|first| contacts.iter().find(|(name, _)| name == first));
        let Some(((_, began), stage)) = story.passages.first().zip(pipeline.stages.first()) else { continue };
        let new = NewDeal {
            name: story.name.to_owned(),
            stage: stage.id,
            value: Money { minor: story.dollars * 100, currency: "USD".to_owned() },
            expected_close_on: Some((now + TimeDelta::days(story.close)).date_naive()),
            owner,
            source: story.source.to_owned(),
            contacts: whom.map(|(_, id)| ContactId(*id)).collect(),
        };
        let Some(deal) = deals::make(&mut tx, &new, owner, ago(*began)).await? else { continue };
        walk(&mut tx, (deal, &pipeline), story, (owner, &ago)).await?;
        if story.dollars > 80_000 {
            let words = "Called on Monday. They want the price for each house apart, and to know when we could begin.";
            let by = owner.unwrap_or_default();
            deals::write_note(&mut tx, (deal, story.name), words, by, ago(3).at).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// From stage to stage, as it went.
async fn walk(
    tx: &mut OrgTx,
    (deal, pipeline): (DealId, &Pipeline),
    story: &Story,
    (owner, ago): (Option<Uuid>, &impl Fn(i64) -> Moment),
) -> anyhow::Result<()> {
    for pair in story.passages.windows(2) {
        let [(from, _), (to, days)] = pair else { continue };
        let (Some(seen), Some(to)) = (pipeline.stages.get(*from), pipeline.stages.get(*to)) else { continue };
        let wish = Wish { deal, seen: seen.id, to: to.id, reason: REASON };
        fulfil(tx, &wish, owner, ago(*days)).await?;
    }
    Ok(())
}
