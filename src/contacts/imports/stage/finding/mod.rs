//! Who a line is about where its file knows people by something else than their address, and what then stands against
//! it: an address or an id that is another person's is never moved, and makes no second one of anybody.

mod queries;

use std::collections::HashSet;

use super::super::{
    KnownBy,
    seen::{number, several},
};
use crate::{contacts::identities, tenancy::OrgTx};

pub use queries::{keep_ids, take_refused};

/// The numbers that several people have, as [`number`] makes them. Other keys are compared in the database: how a
/// number was typed says nothing.
pub async fn shared(tx: &mut OrgTx, by: KnownBy) -> sqlx::Result<HashSet<[u8; 8]>> {
    if by != KnownBy::Phone {
        return Ok(HashSet::new());
    }
    let country = identities::country(tx).await?;
    let loose = queries::loose_numbers(tx).await?;
    let read = loose.iter().filter_map(|typed| by.kind().read(typed, country).ok());
    Ok(read.map(|value| number(by.key(), &value.norm)).collect())
}

/// Finds who is known by the keys of the lines, and looks at their addresses.
pub async fn find(tx: &mut OrgTx, by: KnownBy, mode: &str) -> sqlx::Result<()> {
    queries::by_identity(tx, by.key()).await?;
    if by == KnownBy::CustomerCode {
        queries::by_customer_code(tx, &several(by)).await?;
    }
    queries::refuse_addresses_of_others(tx).await?;
    queries::look_at_addresses(tx, by.key(), mode).await?;
    if mode == "overwrite" {
        queries::refuse_instead_of_suppressed(tx).await?;
    }
    Ok(())
}

/// Looks at the ids of another system.
pub async fn look_at_ids(tx: &mut OrgTx, mode: &str) -> sqlx::Result<()> {
    queries::refuse_ids_of_others(tx).await?;
    if mode != "add" {
        queries::take_ids(tx, mode == "overwrite").await?;
    }
    Ok(())
}
