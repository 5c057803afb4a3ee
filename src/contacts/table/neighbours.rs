//! Who stands beside somebody in the list that one came from.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{ListQuery, queries};
use crate::{contacts::segments::Behaviours, tenancy::OrgTx, web::page::Cursor};

/// The list that somebody was opened from, and who stands before and behind them in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The query part of the list's address.
    pub view: String,
    pub previous: Option<Uuid>,
    pub next: Option<Uuid>,
}

impl Neighbours {
    /// The same as part of another address.
    pub fn from(&self) -> String {
        from(&self.view)
    }
}

/// The query part of a list's address as part of another address.
pub(super) fn from(view: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("from", view).finish()
}

/// Finds them. Who is not in the list any more still has those beside the place where they were.
pub async fn neighbours(
    tx: &mut OrgTx,
    (view, contact): (&str, Uuid),
    behaviours: Behaviours,
    now: DateTime<Utc>,
) -> sqlx::Result<Neighbours> {
    let mut query = ListQuery { after: String::new(), before: String::new(), ..ListQuery::of(view) };
    query.understand(tx, behaviours, now).await?;
    let Some(value) = queries::sort_value(tx, query.sort(), contact).await? else {
        return Ok(Neighbours::default());
    };
    let cursor = Cursor { value, id: contact }.encode();
    let view = query.view();
    let behind = ListQuery { after: cursor.clone(), ..query.clone() };
    let before = ListQuery { before: cursor, ..query };
    let next = queries::page(tx, &behind).await?.rows.first().map(|row| row.id);
    let previous = queries::page(tx, &before).await?.rows.last().map(|row| row.id);
    Ok(Neighbours { view, previous, next })
}
