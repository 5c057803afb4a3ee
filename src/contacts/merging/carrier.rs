//! What goes along when two records become one: each domain hands on what it keeps of a contact, and takes it
//! back when the merge is undone.

use std::{pin::Pin, sync::Arc};

use serde_json::{Map, Value};

use crate::{contacts::ContactId, tenancy::OrgTx};

/// From whom to whom.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub from: ContactId,
    pub into: ContactId,
}

impl Way {
    pub fn back(self) -> Self {
        Self { from: self.into, into: self.from }
    }
}

type Doing<'a, T> = Pin<Box<dyn Future<Output = sqlx::Result<T>> + Send + 'a>>;

/// One table that names contacts.
#[derive(Clone, Copy)]
pub struct Carrier {
    pub table: &'static str,
    /// One of its rows and several, as people call them; empty for what they need not know of.
    pub called: (&'static str, &'static str),
    pub count: for<'a> fn(&'a mut OrgTx, ContactId) -> Doing<'a, i64>,
    /// Hands the rows on, and gives what has to be known to take them back.
    pub carry: for<'a> fn(&'a mut OrgTx, Way) -> Doing<'a, Value>,
    /// Takes them back, those that are there still: the way is that of the rows.
    pub give_back: for<'a> fn(&'a mut OrgTx, Way, &'a Value) -> Doing<'a, ()>,
}

/// Every table that is carried. Cheap to clone.
#[derive(Clone)]
pub struct Carriers(Arc<Vec<Carrier>>);

impl Carriers {
    pub fn new(all: Vec<Carrier>) -> Self {
        Self(Arc::new(all))
    }

    pub fn tables(&self) -> Vec<&'static str> {
        self.0.iter().map(|carrier| carrier.table).collect()
    }

    /// How many of what both have: words for several, of the one, of the other.
    pub(super) async fn count(
        &self,
        tx: &mut OrgTx,
        (one, other): (ContactId, ContactId),
    ) -> sqlx::Result<Vec<(&'static str, i64, i64)>> {
        let mut counts = Vec::new();
        for carrier in self.0.iter().filter(|carrier| !carrier.called.1.is_empty()) {
            let (one, other) = ((carrier.count)(tx, one).await?, (carrier.count)(tx, other).await?);
            counts.push((carrier.called.1, one, other));
        }
        Ok(counts)
    }

    pub(super) async fn carry(&self, tx: &mut OrgTx, way: Way) -> sqlx::Result<Map<String, Value>> {
        let mut kept = Map::new();
        for carrier in self.0.iter() {
            kept.insert(carrier.table.to_owned(), (carrier.carry)(tx, way).await?);
        }
        Ok(kept)
    }

    pub(super) async fn give_back(&self, tx: &mut OrgTx, way: Way, kept: &Value) -> sqlx::Result<()> {
        for carrier in self.0.iter() {
            if let Some(kept) = kept.get(carrier.table) {
                (carrier.give_back)(tx, way, kept).await?;
            }
        }
        Ok(())
    }
}
