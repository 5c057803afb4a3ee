//! Where a list or segment is used, as each domain that uses one tells it.

use std::pin::Pin;

use uuid::Uuid;

use super::queries;
use crate::tenancy::OrgTx;

/// A place that uses a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// "Campaign: Spring roof check".
    pub words: String,
    /// Where it is inside the workspace, with a slash in front.
    pub path: String,
    /// Whether it needs the list to go on.
    pub is_live: bool,
}

type Told<'a> = Pin<Box<dyn Future<Output = sqlx::Result<Vec<Use>>> + Send + 'a>>;

/// How one domain tells where it uses a list.
pub type Tell = for<'a> fn(&'a mut OrgTx, Uuid) -> Told<'a>;

/// Everybody who uses lists.
#[derive(Clone, Copy, Debug, Default)]
pub struct Users(pub &'static [Tell]);

impl Users {
    pub async fn of(self, tx: &mut OrgTx, list: Uuid) -> sqlx::Result<Vec<Use>> {
        let mut all: Vec<Use> = queries::used_by(tx, &format!("list:{list}"))
            .await?
            .into_iter()
            .map(|(id, name)| Use {
                words: format!("Segment: {name}"),
                path: format!("/contacts/segments/{id}"),
                is_live: true,
            })
            .collect();
        for tell in self.0 {
            all.extend(tell(tx, list).await?);
        }
        Ok(all)
    }
}
