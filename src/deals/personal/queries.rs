//! The SQL of what deals hold of a person.

use serde_json::Value;
use uuid::Uuid;

use crate::{
    personal::{Person, held::MOST},
    tenancy::OrgTx,
};

pub(super) async fn of_contact(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(c) - 'organization_id' as "row!" from deal_contacts c
            where organization_id = $1 and contact_id = $2 order by deal_id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// Whoever came to the deal first of those who are left is its first contact.
pub(super) async fn erase_of_contact(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query_scalar!(
        "delete from deal_contacts where organization_id = $1 and contact_id = $2 returning deal_id",
        org,
        who,
    );
    let gone = gone.fetch_all(tx.conn()).await?;
    sqlx::query!(
        "update deal_contacts c set is_primary = true
           from (select distinct on (d.deal_id) d.deal_id, d.contact_id
                   from deal_contacts d
                  where d.organization_id = $1 and d.deal_id = any ($2)
                    and not exists (select from deal_contacts p
                                     where p.organization_id = $1 and p.deal_id = d.deal_id and p.is_primary)
                  order by d.deal_id, d.added_at, d.contact_id) next
          where c.organization_id = $1 and c.deal_id = next.deal_id and c.contact_id = next.contact_id",
        org,
        &gone,
    )
    .execute(tx.conn())
    .await?;
    Ok(gone.len() as u64)
}

pub(super) async fn deals(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(d) - 'organization_id' as "row!" from deals d
            where d.organization_id = $1
              and (exists (select from deal_contacts c
                            where c.organization_id = $1 and c.deal_id = d.id and c.contact_id = $2)
                   or d.name || ' ' || d.lost_reason || ' ' || d.source ~ $3)
            order by d.id limit $4"#,
        org,
        who.id,
        who.pattern(),
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// Takes them out of what the deals are called: of theirs their first name too, of others' what names nobody else.
pub(super) async fn blank_deals(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "update deals d
            set name = left(regexp_replace(d.name, m.pattern, '[erased]', 'g'), 200),
                lost_reason = left(regexp_replace(d.lost_reason, m.pattern, '[erased]', 'g'), 1000),
                source = left(regexp_replace(d.source, m.pattern, '[erased]', 'g'), 200)
           from (select a.id, case when exists (select from deal_contacts c
                                                 where c.organization_id = $1 and c.deal_id = a.id and c.contact_id = $2)
                                   then $4 else $3 end as pattern
                   from deals a where a.organization_id = $1) m
          where d.organization_id = $1 and d.id = m.id and d.name || ' ' || d.lost_reason || ' ' || d.source ~ m.pattern",
        org,
        who.id,
        who.pattern(),
        who.pattern_here(),
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn notes(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(n) - 'organization_id' as "row!" from deal_notes n
            where n.organization_id = $1
              and (exists (select from deal_contacts c
                            where c.organization_id = $1 and c.deal_id = n.deal_id and c.contact_id = $2)
                   or n.body ~ $3)
            order by n.id limit $4"#,
        org,
        who.id,
        who.pattern(),
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn blank_notes(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "update deal_notes n set body = left(regexp_replace(n.body, m.pattern, '[erased]', 'g'), 5000)
           from (select a.id, case when exists (select from deal_contacts c
                                                 where c.organization_id = $1 and c.deal_id = a.deal_id and c.contact_id = $2)
                                   then $4 else $3 end as pattern
                   from deal_notes a where a.organization_id = $1) m
          where n.organization_id = $1 and n.id = m.id and n.body ~ m.pattern",
        org,
        who.id,
        who.pattern(),
        who.pattern_here(),
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn history(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(h) - 'organization_id' as "row!" from deal_stage_history h
            where h.organization_id = $1
              and exists (select from deal_contacts c
                           where c.organization_id = $1 and c.deal_id = h.deal_id and c.contact_id = $2)
            order by h.id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// The history is closed to the application: this is its function for somebody whose erasure is under way.
pub(super) async fn blank_history(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let pattern = who.pattern_here();
    let blanked =
        sqlx::query_scalar!(r#"select app.blank_deal_history($1, $2) as "blanked!""#, who.id, pattern);
    Ok(u64::try_from(blanked.fetch_one(tx.conn()).await?).unwrap_or(0))
}
