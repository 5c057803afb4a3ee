//! The SQL of what the ledger holds of a person.

use serde_json::Value;
use uuid::Uuid;

use crate::{personal::held::MOST, tenancy::OrgTx};

pub async fn rows(tx: &mut OrgTx, who: Uuid, sources: &[Uuid]) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(o) - 'organization_id' as "row!" from channel_outbox o
            where organization_id = $1 and source_id = any ($2) and subject_id = $3
            order by source_id, step limit $4"#,
        org,
        sources,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// What went stays for the counts, with the hash alone; what waits is called off.
pub async fn blank(tx: &mut OrgTx, who: Uuid, sources: &[Uuid]) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "update channel_outbox
            set detail = '', status = case when status = 'scheduled' then 'cancelled' else status end,
                settled_at = case when status = 'scheduled' then now() else settled_at end
          where organization_id = $1 and source_id = any ($2) and subject_id = $3",
        org,
        sources,
        who,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}
