//! The SQL of what tasks hold of a person.

use serde_json::Value;

use crate::{
    personal::{Person, held::MOST},
    tenancy::OrgTx,
};

pub(super) async fn rows(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(t) - 'organization_id' as "row!" from tasks t
            where organization_id = $1 and (contact_id = $2 or title || ' ' || notes ~ $3) order by id limit $4"#,
        org,
        who.id,
        who.pattern(),
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// Takes them out of the texts: of tasks about them their first name too, of others what names nobody else.
pub(super) async fn blank(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "update tasks t
            set title = left(regexp_replace(t.title, m.pattern, '[erased]', 'g'), 200),
                notes = left(regexp_replace(t.notes, m.pattern, '[erased]', 'g'), 5000),
                contact_id = case when t.contact_id = $2 then null else t.contact_id end
           from (select a.id, case when a.contact_id = $2 then $4 else $3 end as pattern
                   from tasks a where a.organization_id = $1) m
          where t.organization_id = $1 and t.id = m.id
            and (t.contact_id = $2 or t.title || ' ' || t.notes ~ m.pattern)",
        org,
        who.id,
        who.pattern(),
        who.pattern_here(),
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}
