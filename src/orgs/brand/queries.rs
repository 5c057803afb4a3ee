//! All SQL of brands.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Look, form::Brand};
use crate::tenancy::OrgTx;

/// The brand, where the organization has given it a name.
pub(super) async fn look(tx: &mut OrgTx) -> sqlx::Result<Option<Look>> {
    let org = tx.org();
    sqlx::query_as!(
        Look,
        "select name, primary_colour as colour from brand_profiles where organization_id = $1 and name <> ''",
        org,
    )
    .fetch_optional(tx.conn())
    .await
}

/// What the organization is called, and whose client it is.
pub(super) async fn name_and_agency(tx: &mut OrgTx) -> sqlx::Result<(String, Option<Uuid>)> {
    let org = tx.org();
    let row = sqlx::query!("select name, agency_id from organizations where id = $1", org);
    let row = row.fetch_one(tx.conn()).await?;
    Ok((row.name, row.agency_id))
}

/// A brand as it is kept, its logo left aside.
pub(super) struct Kept {
    name: String,
    primary_colour: String,
    accent_colour: String,
    reply_to: String,
    postal_address: String,
    pub logo_version: String,
}

impl Kept {
    pub(super) fn brand(&self) -> Brand {
        Brand {
            name: self.name.clone(),
            primary_colour: self.primary_colour.clone(),
            accent_colour: self.accent_colour.clone(),
            reply_to: self.reply_to.clone(),
            postal_address: self.postal_address.clone(),
        }
    }
}

pub(super) async fn find(tx: &mut OrgTx) -> sqlx::Result<Option<Kept>> {
    let org = tx.org();
    sqlx::query_as!(
        Kept,
        "select name, primary_colour, accent_colour, reply_to, postal_address, logo_version
           from brand_profiles where organization_id = $1",
        org,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn save(tx: &mut OrgTx, brand: &Brand, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into brand_profiles (organization_id, name, primary_colour, accent_colour, reply_to, postal_address, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (organization_id) do update
            set name = excluded.name, primary_colour = excluded.primary_colour,
                accent_colour = excluded.accent_colour, reply_to = excluded.reply_to,
                postal_address = excluded.postal_address, updated_at = excluded.updated_at",
        org,
        brand.name,
        brand.primary_colour,
        brand.accent_colour,
        brand.reply_to,
        brand.postal_address,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps a logo with its version, or none.
pub(super) async fn save_logo(
    tx: &mut OrgTx,
    logo: Option<(&[u8], &str)>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update brand_profiles set logo = $2, logo_version = $3, updated_at = $4 where organization_id = $1",
        org,
        logo.map(|(png, _)| png),
        logo.map(|(_, version)| version).unwrap_or_default(),
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn logo(tx: &mut OrgTx, version: &str) -> sqlx::Result<Option<Vec<u8>>> {
    let org = tx.org();
    let found = sqlx::query_scalar!(
        "select logo from brand_profiles where organization_id = $1 and logo_version = $2",
        org,
        version,
    );
    Ok(found.fetch_optional(tx.conn()).await?.flatten())
}
