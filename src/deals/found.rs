//! Deals found by words, for the palette.

use super::{ViewDeals, queries};
use crate::{
    money::Money,
    orgs::palette::seekers::{Hit, Seeker},
    tenancy::{OrgTx, Permission},
    web::sought::Sought,
};

pub const SEEKER: Seeker = Seeker {
    label: "Deals",
    icon: "layout-kanban",
    needs: ViewDeals::KEY,
    seek: |tx, sought, most| Box::pin(hits(tx, sought, most)),
};

/// A deal that was found.
pub(super) struct Found {
    pub id: super::DealId,
    pub name: String,
    pub stage: String,
    pub value_minor: i64,
    pub currency: String,
}

impl Found {
    fn hit(self) -> Hit {
        let value = Money { minor: self.value_minor, currency: self.currency };
        Hit {
            label: self.name,
            detail: format!("{} · {}", self.stage, value.words()),
            path: format!("/deals/{}", self.id),
        }
    }
}

async fn hits(tx: &mut OrgTx, sought: &Sought, most: u8) -> sqlx::Result<Vec<Hit>> {
    let found = queries::found(tx, sought, most).await?;
    Ok(found.into_iter().map(Found::hit).collect())
}
