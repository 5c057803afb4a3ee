//! The SQL of lines that were refused.

use crate::{
    contacts::imports::{ImportId, lines::Refusal},
    tenancy::OrgTx,
};

pub async fn refuse(tx: &mut OrgTx, id: ImportId, refusals: &[Refusal]) -> sqlx::Result<()> {
    let org = tx.org();
    let lines: Vec<i64> =
        refusals.iter().map(|refusal| i64::try_from(refusal.line).unwrap_or(i64::MAX)).collect();
    let reasons: Vec<String> = refusals.iter().map(|refusal| refusal.reason.clone()).collect();
    let cells: Vec<serde_json::Value> =
        refusals.iter().map(|refusal| serde_json::json!(refusal.cells)).collect();
    sqlx::query!(
        "insert into import_refusals (organization_id, import_id, line, reason, cells)
         select $1, $2, line, left(reason, 300), cells
           from unnest($3::bigint[], $4::text[], $5::jsonb[]) as r (line, reason, cells)
         on conflict do nothing",
        org,
        id as ImportId,
        &lines,
        &reasons,
        &cells,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub async fn forget_refusals(tx: &mut OrgTx, id: ImportId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from import_refusals where organization_id = $1 and import_id = $2",
        org,
        id as ImportId
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Refused lines behind a line, in their order.
pub(super) async fn refusals(
    tx: &mut OrgTx,
    id: ImportId,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<(i64, String, Vec<String>)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select line, reason, cells from import_refusals
          where organization_id = $1 and import_id = $2 and line > $3 order by line limit $4",
        org,
        id as ImportId,
        after,
        limit,
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.line, row.reason, serde_json::from_value(row.cells).unwrap_or_default()))
        .collect())
}

/// Why lines were refused, the usual reasons first: reason and how many.
pub async fn reasons(tx: &mut OrgTx, id: ImportId) -> sqlx::Result<Vec<(String, i64)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select reason, count(*) as "count!" from import_refusals
            where organization_id = $1 and import_id = $2 group by reason order by count(*) desc, reason limit 12"#,
        org,
        id as ImportId,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.reason, row.count)).collect())
}
