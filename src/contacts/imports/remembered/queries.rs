//! The SQL of what is remembered.

use super::Remembered;
use crate::{
    contacts::imports::{ImportId, KnownBy},
    tenancy::OrgTx,
};

/// The import of a file of this shape that was finished last.
pub async fn last(tx: &mut OrgTx, shape: &[u8]) -> sqlx::Result<Option<Remembered>> {
    let org = tx.org();
    let row = sqlx::query!(
        "select id, mapping, mode, known_by, meanings from imports
          where organization_id = $1 and shape = $2 and status = 'done'
          order by finished_at desc, id desc
          limit 1",
        org,
        shape,
    );
    let row = row.fetch_optional(tx.conn()).await?;
    Ok(row.map(|row| Remembered {
        id: ImportId(row.id),
        mapping: serde_json::from_value(row.mapping).unwrap_or_default(),
        mode: row.mode,
        known_by: KnownBy::called(&row.known_by).unwrap_or_default(),
        meanings: serde_json::from_value(row.meanings).unwrap_or_default(),
    }))
}
