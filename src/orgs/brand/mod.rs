//! How an organization looks to those it writes to: a name, colours, a logo, an address for answers.
//!
//! A client without a brand of its own looks like its agency.

pub mod form;
mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};

use crate::{
    tenancy::{Access, JobScope, OrgTx},
    web::{App, Result},
};
use form::Brand;

/// Gives the organization this look, its logo aside.
pub async fn keep(tx: &mut OrgTx, brand: &Brand, now: DateTime<Utc>) -> sqlx::Result<()> {
    queries::save(tx, brand, now).await
}

/// What people outside see of a brand in a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub name: String,
    /// As `#rrggbb`.
    pub colour: String,
}

impl Look {
    /// Black or white, whichever is read better on the colour (WCAG 2.2, relative luminance). Of any two
    /// colours and these, one has a contrast of at least 4.5.
    pub fn ink(&self) -> &'static str {
        let channel = |at: usize| {
            let hex = self.colour.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
            let share = f64::from(hex.unwrap_or_default()) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let light = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
        if light > 0.179 { "#000000" } else { "#ffffff" }
    }
}

/// How people outside know the organization: by its own brand, its agency's, or the workspace's name.
pub async fn look(app: &App, tx: &mut OrgTx, access: &Access) -> Result<Look> {
    if let Some(look) = queries::look(tx).await? {
        return Ok(look);
    }
    if let Some(agency) = access.agency_id {
        let mut tx = JobScope::new(app.db.clone(), agency, "brand.look_up").enter().await?;
        if let Some(look) = queries::look(&mut tx).await? {
            return Ok(look);
        }
    }
    Ok(Look { name: access.name.clone(), colour: form::PLAIN.0.to_owned() })
}

/// The same for somebody outside, who has no access to the organization that was entered.
pub async fn known_as(app: &App, tx: &mut OrgTx) -> Result<Look> {
    if let Some(look) = queries::look(tx).await? {
        return Ok(look);
    }
    let (name, agency) = queries::name_and_agency(tx).await?;
    if let Some(agency) = agency {
        let mut tx = JobScope::new(app.db.clone(), agency.into(), "brand.look_up").enter().await?;
        if let Some(look) = queries::look(&mut tx).await? {
            return Ok(look);
        }
    }
    Ok(Look { name, colour: form::PLAIN.0.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::Look;

    #[test]
    fn words_on_a_brands_colour_can_be_read() {
        let ink = |colour: &str| Look { name: String::new(), colour: colour.to_owned() }.ink();
        assert_eq!([ink("#000000"), ink("#2b50c8"), ink("#757575")], ["#ffffff"; 3]);
        assert_eq!([ink("#ffffff"), ink("#ffd400"), ink("#7a7a7a")], ["#000000"; 3]);
    }
}
