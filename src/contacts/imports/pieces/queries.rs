//! The SQL of files in pieces.

use crate::{contacts::imports::ImportId, tenancy::OrgTx};

pub(super) async fn add_piece(tx: &mut OrgTx, id: ImportId, offset: i64, bytes: &[u8]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into import_pieces (organization_id, import_id, offset_bytes, bytes) values ($1, $2, $3, $4)",
        org,
        id as ImportId,
        offset,
        bytes,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The piece that holds the byte at `offset`: where it begins, and its bytes.
pub(super) async fn piece_at(
    tx: &mut OrgTx,
    id: ImportId,
    offset: i64,
) -> sqlx::Result<Option<(i64, Vec<u8>)>> {
    let org = tx.org();
    let found = sqlx::query!(
        "select offset_bytes, bytes from import_pieces
          where organization_id = $1 and import_id = $2 and offset_bytes <= $3
          order by offset_bytes desc
          limit 1",
        org,
        id as ImportId,
        offset,
    );
    Ok(found.fetch_optional(tx.conn()).await?.map(|row| (row.offset_bytes, row.bytes)))
}
