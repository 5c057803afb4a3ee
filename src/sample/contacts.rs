//! People whom the sample business talks to: in lists, with and without consent, one of them suppressed.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    companies, fields, imports,
    past::{Remember, SEED},
};
use crate::{
    audit::Actor,
    contacts::{
        ContactId,
        addresses::{self, AddressForm},
        consent::{self, NewConsent},
        contact::ContactForm,
        lists,
        notes::{self, Author},
        record,
        standing::{self, Cause, Fact},
    },
    tenancy::{OrgId, OrgTx, VisitorScope},
    web::App,
};

/// First name, last name, company, city, stage.
const PEOPLE: &[(&str, &str, &str, &str, &str)] = &[
    ("Dana", "Whitfield", "Whitfield Interiors", "Denver", "customer"),
    ("Mirela", "Popescu", "", "Aurora", "customer"),
    ("José", "Hernández", "Casa Verde HOA", "Lakewood", "opportunity"),
    ("Siobhán", "O’Neill", "", "Boulder", "lead"),
    ("Wei", "Zhang", "Front Range Property", "Denver", "sql"),
    ("Aïcha", "Benali", "", "Golden", "mql"),
    ("Bjørn", "Østby", "Nordlys Cabins", "Evergreen", "customer"),
    ("Tamika", "Jefferson", "", "Denver", "subscriber"),
    ("Łukasz", "Wójcik", "Peak Storage", "Littleton", "lead"),
    ("Harriet", "Pemberton-Smythe", "", "Castle Rock", "customer"),
    ("Yuki", "Tanaka", "Tanaka Dental", "Denver", "evangelist"),
    ("Omar", "Farouk", "", "Parker", "lead"),
    ("Grace", "Mwangi", "Sunrise Daycare", "Arvada", "opportunity"),
    ("Eli", "Rosenthal", "", "Denver", "inactive"),
    ("Priscilla", "Vance", "Vance & Daughters", "Thornton", "customer"),
    ("Noah", "Lindgren", "", "Westminster", "lead"),
];

/// Adds the people, a list, two topics, and what some of them said.
pub(super) async fn plant(app: &App, org: OrgId, by: uuid::Uuid) -> anyhow::Result<()> {
    let now = app.clock.now();
    let scope: VisitorScope<Remember> = VisitorScope::new(app.db.clone(), org).known_as(Actor::machine(SEED));
    let mut tx = scope.enter().await?;
    let own = fields::plant(&mut tx, now - TimeDelta::days(90)).await?;
    let mut people = Vec::new();
    let mut named = Vec::new();
    // The longest known first, as it was.
    for (place, (first, last, company, city, stage)) in
        (0..).zip(PEOPLE).collect::<Vec<_>>().into_iter().rev()
    {
        let added = now - TimeDelta::days(3 + place * 11);
        let email = format!("{}@{}.example", plain(first), plain(last));
        let typed = [
            ("email", email.as_str()),
            ("first_name", first),
            ("last_name", last),
            ("company", company),
            ("city", city),
            ("phone", phone_of(last)),
            ("stage", stage),
        ];
        let typed = typed.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let form = ContactForm(typed.into_iter().chain(fields::typed(last)).collect());
        let checked = form.check(&own).map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
        let id = record::add(&mut tx, &checked, by, added).await?;
        let id = id.map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
        look_after(&mut tx, id, (place, stage, by), added).await?;
        named.push((id.0, *last));
        reach(&mut tx, id, last, added).await?;
        remember(&mut tx, id, last, by, added).await?;
        people.push((id, email));
    }
    imports::plant(&mut tx, by, now - TimeDelta::days(2)).await?;
    fields::tag(&mut tx, &named, now - TimeDelta::days(20)).await?;
    let all: Vec<ContactId> = people.iter().map(|(id, _)| *id).collect();
    companies::plant(&mut tx, &all, (by, now - TimeDelta::days(2))).await?;
    for (name, about) in
        [("Roof tips", "Once a month, short."), ("Offers", "When there is one, twice a year.")]
    {
        consent::add_topic(&mut tx, (name, about), now - TimeDelta::days(90)).await?;
    }
    let list = lists::make(&mut tx, ("Open day 2026", "Who came to see the new workshop."), now).await?;
    let ids: Vec<uuid::Uuid> = people.iter().take(9).map(|(id, _)| id.0).collect();
    if let Some(list) = list {
        lists::add(&mut tx, list, &ids, "Sample", now).await?;
    }
    agree(&mut tx, &people, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Most agreed at the open day; one took it back, and one cannot be reached.
async fn agree(tx: &mut OrgTx, people: &[(ContactId, String)], now: DateTime<Utc>) -> sqlx::Result<()> {
    for (n, (contact, email)) in people.iter().enumerate() {
        let (state, source) = match n {
            0..=10 => ("granted", "staff"),
            11 => ("withdrawn", "preferences"),
            12 => {
                consent::suppress(tx, email, ("hard_bounce", "550 5.1.1 No such user"), now).await?;
                continue;
            }
            _ => continue,
        };
        let said = NewConsent {
            contact: *contact,
            topic: None,
            state,
            paused_until: None,
            source,
            wording: if state == "granted" { "Ticked “send me roof tips” at the open day" } else { "" },
            address: "",
            by: None,
        };
        consent::record(tx, said, now - TimeDelta::days(2)).await?;
    }
    Ok(())
}

/// Says how far the conversation with somebody has come; every second person is looked after by somebody.
async fn look_after(
    tx: &mut OrgTx,
    id: ContactId,
    (place, stage, by): (i64, &str, uuid::Uuid),
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let status = match stage {
        "customer" | "evangelist" => "converted",
        "opportunity" | "sql" => "qualified",
        "mql" => "nurturing",
        "inactive" => "lost",
        _ => "contacted",
    };
    let Some(contact) = record::find(tx, id).await? else { return Ok(()) };
    let cause = Cause { what: "staff", by: Some(by), at };
    standing::put(tx, &contact, (Fact::LeadStatus, status), cause).await?;
    if place % 2 == 0 {
        standing::put(tx, &contact, (Fact::Owner, &by.to_string()), cause).await?;
    }
    Ok(())
}

/// Numbers of some of them, and where post reaches them.
const REACHED: &[(&str, &str, &str, &str)] = &[
    ("Vance", "+1 303-555-0142", "Vance & Daughters\n12 Colorado Boulevard", "80229"),
    ("Tanaka", "+1 303-555-0178", "Tanaka Dental\n88 Speer Boulevard", "80203"),
    ("Pemberton-Smythe", "+1 303-555-0119", "7 Castle Lane", "80104"),
];

fn phone_of(last: &str) -> &'static str {
    REACHED.iter().find(|(about, ..)| *about == last).map_or("", |(_, phone, ..)| phone)
}

async fn reach(tx: &mut OrgTx, id: ContactId, last: &str, at: DateTime<Utc>) -> anyhow::Result<()> {
    let Some((_, _, lines, postcode)) = REACHED.iter().find(|(about, ..)| *about == last) else {
        return Ok(());
    };
    let Some(contact) = record::find(tx, id).await? else { return Ok(()) };
    let form = AddressForm {
        kind: "work".to_owned(),
        lines: (*lines).to_owned(),
        city: contact.city.clone(),
        postcode: (*postcode).to_owned(),
        country: "United States".to_owned(),
        primary: "on".to_owned(),
        ..AddressForm::default()
    };
    let added = addresses::add(tx, &contact, &form, at).await?;
    added.map_err(|errors| anyhow::anyhow!("{errors:?}"))
}

/// What was written about some of them.
const NOTES: &[(&str, &str)] = &[
    ("Whitfield", "Prefers a call before nine. Her studio has the flat roof at the back."),
    ("Hernández", "Decides together with the other owners: send the offer as a PDF they can pass on."),
    ("Tanaka", "Recommends us to every patient who asks. Bring a thank-you card in December."),
];

async fn remember(
    tx: &mut OrgTx,
    id: ContactId,
    last: &str,
    by: uuid::Uuid,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let Some((_, body)) = NOTES.iter().find(|(about, _)| *about == last) else { return Ok(()) };
    let Some(contact) = record::find(tx, id).await? else { return Ok(()) };
    notes::write(tx, &contact, (body, &[]), Author { id: by, at }).await?;
    Ok(())
}

/// A name as part of an address: plain letters only.
fn plain(name: &str) -> String {
    crate::orgs::founding::slug_of(name).replace('-', "")
}
