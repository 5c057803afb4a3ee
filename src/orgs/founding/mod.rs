//! Making an organization, with its roles and its first owner.

mod queries;
pub mod routes;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::system_roles;
use crate::{
    accounts::UserId,
    audit::Entry,
    tenancy::{OrgId, OrgTx},
};

/// An organization to be made.
#[derive(Clone, Debug)]
pub struct Founding<'a> {
    pub name: &'a str,
    /// `direct` or `agency`; clients are made by their agency, as a [`NewClient`].
    pub kind: &'a str,
    pub time_zone: &'a str,
    pub is_sample: bool,
    pub founder: UserId,
}

/// A client to be made by its agency.
#[derive(Clone, Debug)]
pub struct NewClient<'a> {
    pub name: &'a str,
    pub time_zone: &'a str,
    pub agency: OrgId,
    /// As its agency is.
    pub is_sample: bool,
    /// Whoever made it, when the agency's roles alone would not let them in.
    pub founder: Option<UserId>,
}

/// What the row of a new organization holds.
struct Plan<'a> {
    name: &'a str,
    kind: &'a str,
    time_zone: &'a str,
    is_sample: bool,
    agency: Option<OrgId>,
}

/// How many names after the wished one are tried before a number is drawn.
const TRIES: u32 = 20;

/// Makes the organization that `tx` is inside, and gives its slug: the name as a web address, with a
/// number where another organization has it already.
pub async fn found(tx: &mut OrgTx, founding: &Founding<'_>, now: DateTime<Utc>) -> sqlx::Result<String> {
    let Founding { name, kind, time_zone, is_sample, founder } = *founding;
    let plan = Plan { name, kind, time_zone, is_sample, agency: None };
    let (slug, role) = build(tx, &plan, now).await?;
    queries::insert_member(tx, founder, role, now).await?;
    record(tx, &plan, &slug, now).await?;
    Ok(slug)
}

/// Makes a client, as [`found`] makes an organization of its own. Its agency enters it by its roles.
pub async fn found_client(
    tx: &mut OrgTx,
    client: &NewClient<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<String> {
    let NewClient { name, time_zone, agency, is_sample, founder } = *client;
    let plan = Plan { name, kind: "client", time_zone, is_sample, agency: Some(agency) };
    let (slug, role) = build(tx, &plan, now).await?;
    if let Some(founder) = founder {
        queries::insert_member(tx, founder, role, now).await?;
    }
    record(tx, &plan, &slug, now).await?;
    Ok(slug)
}

/// The organization with its roles. Gives its slug, and the role of owners.
async fn build(tx: &mut OrgTx, plan: &Plan<'_>, now: DateTime<Utc>) -> sqlx::Result<(String, Uuid)> {
    let wished = slug_of(plan.name);
    let mut slug = wished.clone();
    let mut tries = 1;
    while !queries::insert_organization(tx, plan, &slug, now).await? {
        tries += 1;
        slug = if tries <= TRIES {
            format!("{wished}-{tries}")
        } else {
            format!("{wished}-{}", tx.org().simple())
        };
    }
    let mut owners = Uuid::nil();
    for (place, role) in system_roles::of(plan.kind).iter().enumerate() {
        let id = queries::insert_role(tx, role, now).await?;
        if place == 0 {
            owners = id;
        }
    }
    Ok((slug, owners))
}

async fn record(tx: &mut OrgTx, plan: &Plan<'_>, slug: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let made = Entry::new("workspace.founded").on("organization", tx.org(), plan.name);
    tx.record(made.after(json!({ "kind": plan.kind, "address": slug })), now).await
}

/// A name as part of a web address: lower-case letters, digits and single hyphens, 2 to 40 of them.
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match without_accent(c) {
            Some(plain) => slug.push_str(plain),
            None if c.is_ascii_alphanumeric() => slug.push(c),
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
        if slug.len() >= 40 {
            break;
        }
    }
    let slug = slug.trim_matches('-');
    if slug.len() < 2 { "workspace".to_owned() } else { slug.to_owned() }
}

/// The usual spelling of a European letter without its accent.
pub fn without_accent(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' | 'ē' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' | 'ō' => "o",
        'ö' | 'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' => "s",
        'ß' => "ss",
        'ù' | 'ú' | 'û' | 'ů' | 'ū' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        '\'' | '’' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::slug_of;

    #[test]
    fn a_name_becomes_a_web_address_that_people_recognise() {
        for (name, slug) in [
            ("Summit Roofing", "summit-roofing"),
            ("  Björn & Søn  A/S ", "bjoern-son-a-s"),
            ("O’Brien's", "obriens"),
            ("株式会社", "workspace"),
            ("X", "workspace"),
            ("--a--b--", "a-b"),
        ] {
            assert_eq!(slug_of(name), slug, "{name}");
        }
        assert!(slug_of(&"long ".repeat(30)).len() <= 40);
    }
}
