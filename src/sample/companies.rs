//! Companies that some people of the sample work for.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    contacts::{
        ContactId,
        companies::{self, Because, CompanyForm},
        record,
    },
    tenancy::OrgTx,
};

/// Name, domain, industry, how many work there, city.
const COMPANIES: &[[&str; 5]] = &[
    ["Whitfield Interiors", "whitfield-interiors.example", "Interior design", "1-10", "Denver"],
    ["Casa Verde HOA", "casaverde.example", "Housing", "11-50", "Lakewood"],
    ["Front Range Property", "frontrange.example", "Property management", "51-200", "Denver"],
    ["Peak Storage", "peakstorage.example", "Storage", "11-50", "Littleton"],
    ["Tanaka Dental", "tanakadental.example", "Health", "1-10", "Denver"],
    ["Sunrise Daycare", "sunrisedaycare.example", "Education", "11-50", "Arvada"],
];

/// Adds the companies, and says who works there: those who wrote their names.
pub(super) async fn plant(
    tx: &mut OrgTx,
    people: &[ContactId],
    (by, at): (Uuid, DateTime<Utc>),
) -> anyhow::Result<()> {
    for [name, domain, industry, size, city] in COMPANIES.iter().map(|all| all.map(str::to_owned)) {
        let form = CompanyForm { name, domain, industry, size, city, ..CompanyForm::default() };
        let checked = form.check(&[]).map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
        let Some(id) = companies::add(tx, &checked, (by, at)).await? else { continue };
        for person in people {
            let Some(contact) = record::find(tx, *person).await? else { continue };
            if contact.company == checked.name {
                let because = Because { cause: "staff", by: Some(by), at };
                companies::assign(tx, &contact, Some((id, &checked.name)), because).await?;
            }
        }
    }
    Ok(())
}
