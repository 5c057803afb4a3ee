//! The file itself, in pieces, so that whichever process does the work can read it.

mod queries;

use super::ImportId;
use crate::tenancy::OrgTx;

/// Keeps a piece that begins at this byte.
pub(super) async fn add(tx: &mut OrgTx, id: ImportId, offset: i64, bytes: &[u8]) -> sqlx::Result<()> {
    queries::add_piece(tx, id, offset, bytes).await
}

/// The bytes from this one on, up to the end of their piece; `None` where the file has gone.
pub(super) async fn from(tx: &mut OrgTx, id: ImportId, offset: i64) -> sqlx::Result<Option<Vec<u8>>> {
    let Some((begins, mut bytes)) = queries::piece_at(tx, id, offset).await? else { return Ok(None) };
    let skipped = usize::try_from(offset - begins).unwrap_or(0).min(bytes.len());
    bytes.drain(..skipped);
    Ok(Some(bytes))
}
