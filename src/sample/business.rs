//! A roofing business on its own.

use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::json;

use super::{
    SECRET, SLUG, campaign, contacts, deals, duplicates, past,
    person::{Known, Person, person},
    privacy, queries, segments, tasks,
};
use crate::{
    audit::{Actor, Entry},
    orgs::{
        EditMembers,
        founding::{Founding, found},
    },
    secrets::{self, INTEGRATION, NewSecret},
    tenancy::FoundingScope,
    web::App,
};

const NAME: &str = "Summit Roofing";
const TIME_ZONE: &str = "America/Denver";

const OWNER: Person = person("Sam Whitfield", "Owner", "company_owner", "active", 420);

/// Everybody, the owner first.
const PEOPLE: &[Person] = &[
    OWNER,
    person("Vera Lindqvist", "Bookkeeper", "viewer", "active", 395),
    person("Mateo Castellano", "Marketing lead", "marketer", "active", 360),
    person("Noor El-Amin", "Office manager", "organization_admin", "active", 341),
    person("Tomasz Zieliński", "Estimator", "sales", "active", 300),
    person("Grace Okafor", "Estimator", "sales", "active", 212),
    person("Declan Byrne", "Operations manager", "manager", "active", 205),
    person("Hana Yoshida", "Website and forms", "developer", "active", 150),
    person("Priya Raman", "Front desk", "call_center", "active", 96),
    person("Luca Moretti", "Brand adviser", "approver", "active", 61),
    person("Jonas Brandt", "Seasonal estimator", "sales", "inactive", 280),
    person("Amara Diallo", "Marketing assistant", "marketer", "pending", 3),
];

/// Makes the business unless it is there. Gives who can sign in, the owner first.
pub(super) async fn plant(app: &App, password_hash: &str) -> anyhow::Result<Vec<(String, &'static str)>> {
    let roles = ["owner", "viewer", "marketer"];
    let sign_ins: Vec<_> =
        PEOPLE.iter().zip(roles).map(|(person, role)| (person.address(SLUG), role)).collect();
    if queries::exists(&app.db, &OWNER.address(SLUG), NAME).await? {
        return Ok(sign_ins);
    }
    let now = app.clock.now();
    let scope = FoundingScope::new(app.db.clone(), Actor::machine(past::SEED));
    let mut tx = scope.enter().await?;
    let mut known: Vec<Known> = Vec::new();
    for person in PEOPLE {
        let who = person.sign_up(&mut tx, (SLUG, password_hash), now).await?;
        if known.is_empty() {
            let founding = Founding {
                name: NAME,
                kind: "direct",
                time_zone: TIME_ZONE,
                is_sample: true,
                founder: who.id,
            };
            found(&mut tx, &founding, person.joined_at(now)).await?;
        } else {
            person.join(&mut tx, who, now).await?;
        }
        known.push(who);
    }
    if let [owner, ..] = known.as_slice() {
        let value = SecretString::from(SECRET);
        let label = "Sample key, opens nothing";
        let new = NewSecret { kind: INTEGRATION, label, value: &value, created_by: owner.id };
        secrets::put(&mut tx, &app.keys, &new, now - TimeDelta::days(12)).await?;
    }
    tx.commit().await?;
    // Contacts and deals first: the log ends with what people did, and not with rows of made-up ones.
    if let Some(owner) = known.first() {
        contacts::plant(app, scope.org, owner.id.0).await?;
        deals::plant(app, scope.org, &known).await?;
        tasks::plant(app, (scope.org, TIME_ZONE), &known, tasks::BUSINESS).await?;
        campaign::plant(app, scope.org).await?;
        privacy::plant(app, scope.org, owner.id).await?;
        segments::plant(app, scope.org, owner.id).await?;
        duplicates::plant(app, scope.org, owner.id.0).await?;
    }
    past::write(app, scope.org, deeds(&known)).await?;
    past::work(app, scope.org).await?;
    Ok(sign_ins)
}

/// What its people did, so many hours ago.
fn deeds(known: &[Known]) -> Vec<(i64, Actor, Entry)> {
    let [owner, _, marketer, admin, ..] = known else { return Vec::new() };
    let on = |action, who: &Known| Entry::new(action).on("user", who.id, who.name);
    vec![
        (
            286,
            owner.actor(),
            on("members.role_changed", admin)
                .before(json!({ "role": "Manager" }))
                .after(json!({ "role": "Administrator" })),
        ),
        (
            190,
            admin.actor(),
            Entry::new("security.changed")
                .on("organization", "", NAME)
                .before(json!({ "requires_two_factor": true }))
                .after(json!({ "requires_two_factor": false }))
                .because("The front desk shares one phone."),
        ),
        (77, marketer.actor(), past::denied::<EditMembers>()),
        (
            26,
            admin.actor(),
            Entry::new("workspace.changed")
                .on("organization", "", NAME)
                .before(json!({ "time_zone": "America/Phoenix" }))
                .after(json!({ "time_zone": "America/Denver" })),
        ),
    ]
}
