//! An agency with three clients: one well looked after, one that is new, one with a team of its own.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    client::{CLIENTS, Client},
    past,
    person::{Known, Person, person},
    queries,
};
use crate::{
    audit::{Actor, Entry},
    orgs::{
        EditRoles,
        brand::{self, form::Brand},
        founding::{Founding, found},
        roles,
    },
    tenancy::{FoundingScope, OrgTx},
    web::App,
};

const NAME: &str = "Brightwater";
pub(super) const SLUG: &str = "brightwater";
const PRINT: &str = "Print coordinator";

const OWNER: Person = person("Bea Lindholm", "Founder", "agency_owner", "active", 500);

/// Everybody, the owner first.
const PEOPLE: &[Person] = &[
    OWNER,
    person("Omar Haddad", "Account director", "agency_member", "active", 420),
    person("Ines Carvalho", "Campaign manager", "marketer", "active", 260),
    person("Jana Nováková", "Office manager", "organization_admin", "active", 390),
    person("Kofi Mensah", "Print and mail", "viewer", "active", 140),
    person("Rhys Morgan", "Designer, freelance", "approver", "active", 45),
    person("Talia Stern", "Account manager", "agency_member", "inactive", 300),
];

/// Makes the agency and its clients, each unless it is there. Gives who can sign in, the owner first.
pub(super) async fn plant(app: &App, password_hash: &str) -> anyhow::Result<Vec<(String, &'static str)>> {
    let owner = OWNER.address(SLUG);
    if !queries::exists(&app.db, &owner, NAME).await? {
        build(app, password_hash).await?;
    }
    let agency = Agency::find(app, &owner).await?;
    for client in CLIENTS {
        if !queries::exists(&app.db, &owner, client.name).await? {
            client.plant(app, &agency, password_hash).await?;
        }
    }
    let roles = ["agency owner, three clients", "agency member, two clients", "marketer, one client"];
    let mut sign_ins: Vec<_> =
        PEOPLE.iter().zip(roles).map(|(person, role)| (person.address(SLUG), role)).collect();
    sign_ins.extend(CLIENTS.iter().filter_map(Client::owner).map(|owner| (owner, "owner of a client")));
    Ok(sign_ins)
}

/// The agency as its clients know it.
pub(super) struct Agency {
    pub org: crate::tenancy::OrgId,
    pub people: Vec<Known>,
}

impl Agency {
    async fn find(app: &App, owner: &str) -> anyhow::Result<Self> {
        let org = queries::organization(&app.db, owner, NAME).await?;
        let org = org.ok_or_else(|| anyhow::anyhow!("the sample agency is gone"))?;
        let mut people = Vec::new();
        for person in PEOPLE {
            let id = queries::user(&app.db, &person.address(SLUG)).await?;
            people.extend(id.map(|id| Known { id, name: person.name }));
        }
        Ok(Self { org, people })
    }

    /// The person with this first name.
    pub(super) fn person(&self, first_name: &str) -> anyhow::Result<Known> {
        let found = self.people.iter().find(|one| one.name.split(' ').next() == Some(first_name));
        found.copied().ok_or_else(|| anyhow::anyhow!("{first_name} is no longer in the sample agency"))
    }
}

async fn build(app: &App, password_hash: &str) -> anyhow::Result<()> {
    let now = app.clock.now();
    let scope = FoundingScope::new(app.db.clone(), Actor::machine(past::SEED));
    let mut tx = scope.enter().await?;
    let mut known: Vec<Known> = Vec::new();
    for person in PEOPLE {
        let who = person.sign_up(&mut tx, (SLUG, password_hash), now).await?;
        if known.is_empty() {
            let time_zone = "Europe/Lisbon";
            let founding =
                Founding { name: NAME, kind: "agency", time_zone, is_sample: true, founder: who.id };
            found(&mut tx, &founding, person.joined_at(now)).await?;
            furnish(app, &mut tx).await?;
        } else {
            person.join(&mut tx, who, now).await?;
        }
        known.push(who);
    }
    if let [.., kofi, _, _] = known.as_slice() {
        queries::make(&mut tx, kofi.id, PRINT).await?;
    }
    tx.commit().await?;
    past::write(app, scope.org, deeds(&known)).await?;
    past::work(app, scope.org).await
}

/// A brand, and a role of its own.
async fn furnish(app: &App, tx: &mut OrgTx) -> anyhow::Result<()> {
    let now = app.clock.now();
    let look = Brand {
        name: NAME.to_owned(),
        primary_colour: "#0f6b7a".to_owned(),
        accent_colour: "#a8410b".to_owned(),
        reply_to: "hello@brightwater.example".to_owned(),
        postal_address: "12 Main Street, Denver, CO 80202, USA".into(),
    };
    brand::keep(tx, &look, now - TimeDelta::days(400)).await?;
    let may = ["workspace.view", "members.view", "jobs.view"].map(str::to_owned);
    roles::add(tx, PRINT, &may, now - TimeDelta::days(139)).await?;
    Ok(())
}

/// What its people did, so many hours ago.
fn deeds(known: &[Known]) -> Vec<(i64, Actor, Entry)> {
    let [bea, omar, _, jana, kofi, _, talia] = known else { return Vec::new() };
    let on = |action, who: &Known| Entry::new(action).on("user", who.id, who.name);
    let may = json!({ "permissions": ["workspace.view", "members.view", "jobs.view"] });
    vec![
        (410, jana.actor(), Entry::new("roles.added").on("role", "", PRINT).after(may)),
        (
            405,
            jana.actor(),
            on("members.role_changed", kofi)
                .before(json!({ "role": "Viewer" }))
                .after(json!({ "role": PRINT })),
        ),
        (
            120,
            bea.actor(),
            on("members.removed", talia).before(json!({ "standing": "active" })).because("Left the agency."),
        ),
        (31, omar.actor(), past::denied::<EditRoles>()),
    ]
}
