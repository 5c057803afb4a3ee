//! What the sample business wants to know of people, and the words that it puts on them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    contacts::{
        fields::{self, Choice, Kind, OwnField},
        tags::{
            self, Named,
            wearing::{self, By},
        },
    },
    tenancy::OrgTx,
};

/// Last name, roof area, day of the roof, material, language of the newsletter, wishes, last estimate.
type Known =
    (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const KNOWN: &[Known] = &[
    ("Whitfield", "2450", "2019-05-14", "shingle", "english", "gutters", "12400"),
    ("Popescu", "1820", "2021-09-02", "metal", "english", "solar", "8950.50"),
    ("Hernández", "14200", "", "tile", "spanish", "roof\nsolar", "96000"),
    ("O’Neill", "2100", "", "", "english", "roof", ""),
    ("Zhang", "8600", "2008-07-21", "shingle", "english", "roof\nguards", "41250"),
    ("Benali", "", "", "", "", "solar", ""),
    ("Østby", "3300", "2023-10-30", "slate", "english", "guards", "18700"),
    ("Pemberton-Smythe", "5400", "2017-04-03", "slate", "english", "", "33100"),
    ("Tanaka", "4050", "2022-06-17", "metal", "english", "solar\ngutters", "22800"),
    ("Mwangi", "2900", "", "shingle", "english", "roof", "15600"),
    ("Vance", "6100", "2020-08-11", "metal", "spanish", "gutters", "27450"),
];

/// Name, category, colour, whom it is on.
const TAGS: &[(&str, &str, i16, &[&str])] = &[
    ("Home show", "Met at", 0, &["Hernández", "Benali", "Tanaka", "Mwangi"]),
    ("Neighbour of a job", "Met at", 10, &["O’Neill", "Farouk", "Lindgren"]),
    ("Referral", "Met at", 9, &["Whitfield", "Vance", "Østby"]),
    ("Call back", "To do", 7, &["O’Neill", "Zhang"]),
    ("VIP", "To do", 4, &["Whitfield", "Hernández", "Pemberton-Smythe"]),
];

fn field(key: &str, label: &str, group: &str, kind: Kind) -> OwnField {
    OwnField { kind, group: group.to_owned(), ..OwnField::named(key, label) }
}

fn choices(all: &[(&str, &str)]) -> Vec<Choice> {
    all.iter().map(|(key, label)| Choice::new(key, label)).collect()
}

/// Adds the fields, and gives them as they are known from then on.
pub(super) async fn plant(tx: &mut OrgTx, now: DateTime<Utc>) -> sqlx::Result<Vec<OwnField>> {
    let materials =
        [("shingle", "Asphalt shingle"), ("metal", "Metal"), ("tile", "Tile"), ("slate", "Slate")];
    let wishes =
        [("roof", "New roof"), ("gutters", "Gutters"), ("solar", "Solar"), ("guards", "Snow guards")];
    let languages = [("english", "English"), ("spanish", "Spanish")];
    let all = [
        OwnField {
            help: "In square feet, from the estimate or the county.".to_owned(),
            ..field("roof_area", "Roof area", "Roof", Kind::Number)
        },
        field("roofed_on", "Roofed on", "Roof", Kind::Date),
        OwnField { options: choices(&materials), ..field("material", "Material", "Roof", Kind::Choice) },
        OwnField {
            options: choices(&languages),
            ..field("newsletter_in", "Newsletter in", "Sales", Kind::Choice)
        },
        OwnField {
            options: choices(&wishes),
            ..field("interested_in", "Interested in", "Sales", Kind::Choices)
        },
        OwnField {
            options: choices(&[("USD", "USD")]),
            ..field("last_estimate", "Last estimate", "Sales", Kind::Money)
        },
        field("estimator", "Estimator", "Sales", Kind::User),
    ];
    for field in all {
        fields::add(tx, &field, now).await?;
    }
    fields::in_use(tx).await
}

/// What is typed of somebody with this last name.
pub(super) fn typed(last: &str) -> Vec<(String, String)> {
    let Some(known) = KNOWN.iter().find(|known| known.0 == last) else { return Vec::new() };
    let (_, area, day, material, language, wishes, estimate) = *known;
    let pairs = [
        ("roof_area", area),
        ("roofed_on", day),
        ("material", material),
        ("newsletter_in", language),
        ("interested_in", wishes),
        ("last_estimate", estimate),
        ("estimator", if estimate.is_empty() { "" } else { "Tomasz Zieliński" }),
    ];
    pairs.into_iter().map(|(key, value)| (format!("custom.{key}"), value.to_owned())).collect()
}

/// Makes the tags and puts them on people, who come with their last names.
pub(super) async fn tag(tx: &mut OrgTx, people: &[(Uuid, &str)], now: DateTime<Utc>) -> anyhow::Result<()> {
    for (name, category, hue, last_names) in TAGS {
        let named = Named { name: (*name).to_owned(), category: (*category).to_owned(), hue: *hue };
        let Some(tag) = tags::make(tx, &named, now).await? else { continue };
        let whom: Vec<Uuid> =
            people.iter().filter(|(_, last)| last_names.contains(last)).map(|(id, _)| *id).collect();
        wearing::put_on(tx, tag, &whom, By { source: "Sample", person: None }, now).await?;
    }
    Ok(())
}
