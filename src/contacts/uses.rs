//! Who names a field, or goes to a list: designs, campaigns, segments, whatever says so here.

use std::{pin::Pin, sync::Arc};

use crate::tenancy::{Member, OrgTx};

/// A place in which something is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// What kind of place it is, as people call it: `Design`.
    pub what: &'static str,
    pub name: String,
    /// Where it is inside the workspace, with a slash in front.
    pub path: String,
    /// The permission that whoever goes there needs.
    pub needs: &'static str,
}

impl Use {
    /// Where it leads for who looks at it; nowhere where they may not go.
    pub fn way(&self, member: &Member) -> Option<String> {
        member.holds(self.needs).then(|| member.link(&self.path))
    }
}

type Finding<'a> = Pin<Box<dyn Future<Output = sqlx::Result<Vec<Use>>> + Send + 'a>>;

/// A domain that names things of one kind, and finds where it names this one: a field by its key, a list by its id.
#[derive(Clone, Copy)]
pub struct Finder {
    pub find: for<'a> fn(&'a mut OrgTx, &'a str) -> Finding<'a>,
}

/// Every domain that names things of one kind. Cheap to clone.
#[derive(Clone)]
pub struct Finders(Arc<Vec<Finder>>);

impl Finders {
    pub fn new(all: Vec<Finder>) -> Self {
        Self(Arc::new(all))
    }

    /// Everywhere it is named.
    pub async fn of(&self, tx: &mut OrgTx, key: &str) -> sqlx::Result<Vec<Use>> {
        let mut uses = Vec::new();
        for finder in self.0.iter() {
            uses.extend((finder.find)(tx, key).await?);
        }
        Ok(uses)
    }
}

/// Everybody who goes to lists and segments.
#[derive(Clone)]
pub struct ListFinders(pub Finders);
