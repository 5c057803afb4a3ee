//! Sample data: a roofing business that exists nowhere, with its people, to try the product on.
//!
//! Plainly labelled: the organization is marked as sample, which every page of it says, and all
//! addresses end in `.example`, which no mail can reach (RFC 2606 §2). Making it twice makes it once.

mod queries;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;

use crate::{
    accounts::{UserId, password, profile, sign_up},
    admin::staff,
    audit::Actor,
    email_address::EmailAddress,
    orgs::founding::{Founding, found},
    secrets::{self, INTEGRATION, NewSecret},
    tenancy::{FoundingScope, OrgTx},
    web::App,
};

/// What every sample person signs in with.
pub const PASSWORD: &str = "groundswell-demo";

/// The sample organization's slug.
pub const SLUG: &str = "summit-roofing";

/// A key that was made up, so that the page of secrets has something to show.
pub const SECRET: &str = "sample-key-that-opens-nothing-0000";

/// Somebody in the sample business. The first is its owner.
struct Person {
    name: &'static str,
    title: &'static str,
    role: &'static str,
    status: &'static str,
    /// How long ago they joined, in days.
    joined: i64,
}

const fn person(
    name: &'static str,
    title: &'static str,
    role: &'static str,
    status: &'static str,
    joined: i64,
) -> Person {
    Person { name, title, role, status, joined }
}

const PEOPLE: &[Person] = &[
    person("Sam Whitfield", "Owner", "company_owner", "active", 420),
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

/// Makes the sample business unless it is there. Gives the addresses to sign in with, as pairs of
/// address and role, the owner first.
pub async fn plant(app: &App) -> anyhow::Result<Vec<(String, &'static str)>> {
    let sign_ins =
        PEOPLE.iter().zip(["owner", "viewer"]).map(|(person, role)| (address(person), role)).collect();
    if queries::exists(&app.db, SLUG).await? {
        return Ok(sign_ins);
    }
    let password_hash = password::hash(app, PASSWORD).await?;
    let now = app.clock.now();
    let scope = FoundingScope::new(app.db.clone(), Actor::machine("groundswell seed"));
    let mut tx = scope.enter().await?;
    let mut founder = None;
    for person in PEOPLE {
        let joined = now - TimeDelta::days(person.joined);
        let email = EmailAddress::parse(&address(person))
            .ok_or_else(|| anyhow::anyhow!("a sample address is wrong"))?;
        let made = sign_up::create(tx.conn(), &email, person.name, &password_hash, joined).await?;
        let user = made.ok_or_else(|| anyhow::anyhow!("{email} has an account already"))?;
        profile::set_title(tx.conn(), user, person.title).await?;
        match founder {
            None => founder = Some(begin(&mut tx, user, joined).await?),
            Some(_) => queries::join(&mut tx, user, person.role, person.status, joined).await?,
        }
    }
    if let Some(founder) = founder {
        let value = SecretString::from(SECRET);
        let new = NewSecret {
            kind: INTEGRATION,
            label: "Sample key, opens nothing",
            value: &value,
            created_by: founder,
        };
        secrets::put(&mut tx, &app.keys, &new, now).await?;
    }
    tx.commit().await?;
    Ok(sign_ins)
}

async fn begin(tx: &mut OrgTx, founder: UserId, joined: DateTime<Utc>) -> sqlx::Result<UserId> {
    let founding = Founding {
        name: "Summit Roofing",
        kind: "direct",
        time_zone: "America/Denver",
        is_sample: true,
        founder,
    };
    found(tx, &founding, joined).await?;
    Ok(founder)
}

/// Who looks after the sample installation: name, address, platform role, and the same in words.
const STAFF: &[(&str, &str, &str, &str)] = &[
    ("Pia Sample-Administrator", "pia@groundswell.example", staff::ADMIN, "sample platform administrator"),
    ("Theo Sample-Support", "theo@groundswell.example", staff::SUPPORT, "sample technical support"),
];

/// Makes the sample people who look after the installation, unless they are there. Gives who they are:
/// nobody outside of development, where everybody who has read this could sign in as them.
pub async fn plant_staff(app: &App) -> anyhow::Result<Vec<(String, &'static str)>> {
    if !app.config.dev {
        return Ok(Vec::new());
    }
    for (name, address, role, _) in STAFF {
        let email =
            EmailAddress::parse(address).ok_or_else(|| anyhow::anyhow!("a sample address is wrong"))?;
        let hash = password::hash(app, PASSWORD).await?;
        let mut tx = app.db.begin().await?;
        if sign_up::create(&mut tx, &email, name, &hash, app.clock.now()).await?.is_some() {
            tx.commit().await?;
            staff::give(app, address, role, "groundswell seed").await?;
        }
    }
    Ok(STAFF.iter().map(|(_, address, _, words)| ((*address).to_owned(), *words)).collect())
}

/// `Sam Whitfield` is `sam@summit-roofing.example`.
fn address(person: &Person) -> String {
    let first = person.name.split_whitespace().next().unwrap_or(person.name);
    format!("{}@{SLUG}.example", first.to_lowercase())
}
