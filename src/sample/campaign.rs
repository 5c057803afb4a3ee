//! A campaign that the sample business sent some days ago, and what became of it.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::{
    past::{Remember, SEED},
    queries::{self, Past},
};
use crate::{
    audit::Actor,
    campaigns::{
        BroadcastId, CampaignId,
        tokens::Addressee,
        tracking::{self, Agent, Hit, What},
        visitors,
    },
    designs::{self, document::Document, people, styles::Styles},
    senders,
    tenancy::{OrgId, VisitorScope},
    web::App,
};

const SUBJECT: &str = "Is your roof ready for winter?";

/// What each did, in the order in which they were added: minutes after the start, and what.
const DEEDS: &[(usize, i64, What, Agent)] = &[
    (0, 0, What::Opened, Agent::Machine("barracuda")),
    (0, 0, What::Clicked(0), Agent::Machine("barracuda")),
    (0, 14, What::Opened, Agent::Person),
    (0, 15, What::Clicked(0), Agent::Person),
    (1, 22, What::Opened, Agent::Proxy("Gmail")),
    (2, 41, What::Opened, Agent::Person),
    (2, 44, What::Clicked(0), Agent::Person),
    (2, 47, What::Clicked(1), Agent::Person),
    (3, 95, What::Opened, Agent::Proxy("Apple Mail")),
    (4, 130, What::Opened, Agent::Person),
    (5, 310, What::Opened, Agent::Person),
    (5, 312, What::Clicked(0), Agent::Person),
    (6, 660, What::Opened, Agent::Person),
    (7, 1_390, What::Opened, Agent::Person),
    (7, 1_395, What::Clicked(1), Agent::Person),
    (8, 2_010, What::Opened, Agent::Proxy("Gmail")),
    (0, 2_100, What::Opened, Agent::Person),
    (9, 3_600, What::Opened, Agent::Person),
    (9, 3_602, What::Clicked(0), Agent::Person),
    (10, 3_900, What::Opened, Agent::Person),
];

/// Who unsubscribed, whose address is gone, and whose mailbox was full.
const GOES: usize = 10;
const GONE: usize = 12;
const FULL: usize = 13;

/// Makes the campaign, its design, and all that became of it.
pub(super) async fn plant(app: &App, org: OrgId) -> anyhow::Result<()> {
    let start = app.clock.now() - TimeDelta::hours(74);
    let scope: VisitorScope<Remember> = VisitorScope::new(app.db.clone(), org).known_as(Actor::machine(SEED));
    let mut tx = scope.enter().await?;
    let design = designs::begin(&mut tx, "Ready for winter", &document(), start).await?;
    let fields = people::fields(&mut tx).await?;
    let frozen = designs::freeze(&mut tx, design, &fields, start).await;
    let frozen = frozen.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let Some(frozen) = frozen else { anyhow::bail!("the sample's design is gone") };
    let targets: Vec<String> = frozen.links.into_iter().map(|link| link.target).collect();
    let sender = senders::add(&mut tx, "Summit Roofing", "hello@summit-roofing.example", start).await?;
    let past = Past {
        sender,
        campaign: CampaignId::new(),
        broadcast: BroadcastId::new(),
        name: "Ready for winter",
        subject: SUBJECT,
        preview: "Ten minutes now save a leak in January.",
        design,
        version: frozen.version,
        start,
    };
    let number = queries::sent(&mut tx, &past, &targets).await?;
    let whom = queries::mailed(&mut tx, &past).await?;
    for (n, bounce, reason, said) in [
        (GONE, "hard", "mailbox_unknown", "550 5.1.1 No such user here"),
        (FULL, "soft", "mailbox_full", "452 4.2.2 The mailbox is full"),
    ] {
        if let Some(contact) = whom.get(n) {
            queries::bounced(&mut tx, &past, *contact, (bounce, reason, said)).await?;
        }
    }
    tx.commit().await?;

    tracking::write(app, &hits(number, &whom, start)).await;
    if let Some(contact) = whom.get(GOES) {
        let to = Addressee { broadcast: number, contact: *contact };
        visitors::unsubscribe(app, to).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
    }
    Ok(())
}

fn hits(broadcast: i64, whom: &[uuid::Uuid], start: DateTime<Utc>) -> Vec<Hit> {
    let hit = |(who, minutes, what, by): &(usize, i64, What, Agent)| {
        let to = Addressee { broadcast, contact: *whom.get(*who)? };
        // Not on the minute: people are not.
        let at = start + TimeDelta::minutes(*minutes) + TimeDelta::seconds(7 + minutes % 50);
        Some(Hit { to, what: *what, by: *by, at })
    };
    DEEDS.iter().filter_map(hit).collect()
}

fn document() -> Document {
    let text = "<p>Hi {{ contact.first_name | default(\"there\") }},</p>\n<p>The first hard frost finds every loose shingle. \
                We look at yours in ten minutes, from the ground, and it costs you nothing.</p>";
    let more = "<p>Rather look yourself? <a href=\"https://summit-roofing.example/guide?to={{ contact.city | default(\"you\") }}\">Our guide</a> \
                shows what to look for.</p>";
    Document::of(
        Styles { accent: "#0f766e".into(), ..Styles::default() },
        vec![
            ("heading", json!({ "text": "Ready for winter?" })),
            ("text", json!({ "html": text })),
            (
                "button",
                json!({ "label": "Book a free check", "href": "https://summit-roofing.example/winter-check" }),
            ),
            ("text", json!({ "html": more })),
        ],
    )
}
