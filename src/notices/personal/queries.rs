//! The SQL of what colleagues were told of a person, and of forgetting what they have read.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    mail,
    personal::{Person, held::MOST},
    tenancy::OrgTx,
};

/// Notices about somebody: they lead to their page, or name them.
async fn about(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select id from notices
          where organization_id = $1 and (path like '%/contacts/' || $2 || '%' or title ~ $3) order by id limit $4",
        org,
        who.id.to_string(),
        who.pattern(),
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// Under which keys their mails are kept.
async fn keys(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<String>> {
    Ok(about(tx, who).await?.into_iter().map(|id| format!("notice:{id}")).collect())
}

pub(super) async fn mails(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let keys = keys(tx, who).await?;
    mail::kept_under(tx.conn(), &keys).await
}

pub(super) async fn erase_mails(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let keys = keys(tx, who).await?;
    mail::forget_under(tx.conn(), &keys).await
}

pub(super) async fn notices(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let (org, ids) = (tx.org(), about(tx, who).await?);
    sqlx::query_scalar!(
        r#"select to_jsonb(n) - 'organization_id' as "row!" from notices n
            where organization_id = $1 and id = any ($2) order by id"#,
        org,
        &ids,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_notices(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let (org, ids) = (tx.org(), about(tx, who).await?);
    let gone = sqlx::query!("delete from notices where organization_id = $1 and id = any ($2)", org, &ids);
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn count_read(tx: &mut OrgTx, before: DateTime<Utc>) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from notices
            where organization_id = $1 and read_at is not null and created_at < $2"#,
        org,
        before,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn forget_read(tx: &mut OrgTx, before: DateTime<Utc>, at_most: i64) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        "delete from notices
          where organization_id = $1
            and id in (select n.id from notices n
                        where n.organization_id = $1 and n.read_at is not null and n.created_at < $2
                        order by n.id limit $3)",
        org,
        before,
        at_most,
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}
