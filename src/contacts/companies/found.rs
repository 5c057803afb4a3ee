//! Companies found by words, for the palette.

use super::queries;
use crate::{
    contacts::ViewContacts,
    orgs::palette::seekers::{Hit, Seeker},
    tenancy::{OrgTx, Permission},
    web::sought::Sought,
};

pub const SEEKER: Seeker = Seeker {
    label: "Companies",
    icon: "building",
    needs: ViewContacts::KEY,
    seek: |tx, sought, most| Box::pin(hits(tx, sought, most)),
};

async fn hits(tx: &mut OrgTx, sought: &Sought, most: u8) -> sqlx::Result<Vec<Hit>> {
    let found = queries::found(tx, sought, most).await?;
    let hit = |(id, name, detail): (super::CompanyId, String, String)| Hit {
        label: name,
        detail,
        path: format!("/companies/{id}"),
    };
    Ok(found.into_iter().map(hit).collect())
}
