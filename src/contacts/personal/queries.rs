//! The SQL of what is held of somebody.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    personal::{Person, held::MOST},
    tenancy::OrgTx,
};

/// Kind, value as people read it, and as it is compared.
pub(super) async fn identities(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<(String, String, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select kind, value, value_norm from contact_identities
          where organization_id = $1 and contact_id = $2 order by is_primary desc, id",
        org,
        who,
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.value, row.value_norm)).collect())
}

pub(super) async fn hashes(tx: &mut OrgTx, addresses: &[String]) -> sqlx::Result<Vec<Vec<u8>>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select app.address_hash($1, a.address) as "hash!" from unnest($2::text[]) a (address)"#,
        org,
        addresses,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn archived_before(
    tx: &mut OrgTx,
    before: DateTime<Utc>,
    at_most: i64,
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select id from contacts where organization_id = $1 and archived_at < $2 and merged_into is null order by archived_at, id limit $3",
        org,
        before,
        at_most,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn count_archived_before(tx: &mut OrgTx, before: DateTime<Utc>) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from contacts where organization_id = $1 and archived_at < $2 and merged_into is null"#,
        org,
        before,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn contact(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(c) - 'organization_id' as "row!" from contacts c where organization_id = $1 and id = $2 limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_contact(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!("delete from contacts where organization_id = $1 and id = $2", org, who);
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn known_by(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(i) - 'organization_id' as "row!" from contact_identities i
        where organization_id = $1 and contact_id = $2 order by id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_identities(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        "delete from contact_identities where organization_id = $1 and contact_id = $2",
        org,
        who
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn addresses(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(a) - 'organization_id' as "row!" from postal_addresses a
        where organization_id = $1 and contact_id = $2 order by id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_addresses(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone =
        sqlx::query!("delete from postal_addresses where organization_id = $1 and contact_id = $2", org, who);
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn notes(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(n) - 'organization_id' as "row!" from contact_notes n
        where organization_id = $1 and contact_id = $2 order by id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_notes(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone =
        sqlx::query!("delete from contact_notes where organization_id = $1 and contact_id = $2", org, who);
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn mentions(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(m) - 'organization_id' as "row!"
         from contact_note_mentions m
         join contact_notes n on n.organization_id = m.organization_id and n.id = m.note_id
        where m.organization_id = $1 and n.contact_id = $2 order by m.note_id, m.user_id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_mentions(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        "delete from contact_note_mentions m using contact_notes n
      where m.organization_id = $1 and n.organization_id = $1 and n.id = m.note_id and n.contact_id = $2",
        org,
        who
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn tags(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(t) - 'organization_id' || jsonb_build_object('name', g.name) as "row!"
         from contact_tags t
         join tags g on g.organization_id = t.organization_id and g.id = t.tag_id
        where t.organization_id = $1 and t.contact_id = $2 order by t.added_at limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_tags(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone =
        sqlx::query!("delete from contact_tags where organization_id = $1 and contact_id = $2", org, who);
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn change_people(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(p) - 'organization_id' as "row!" from contact_change_people p
        where organization_id = $1 and contact_id = $2 order by change_id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_change_people(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        "delete from contact_change_people where organization_id = $1 and contact_id = $2",
        org,
        who
    );
    let gone = gone.execute(tx.conn()).await?.rows_affected();
    // Nor is it about them any more, where it has yet to come to them.
    sqlx::query!(
        "update contact_change_pieces set whom = array_remove(whom, $2)
          where organization_id = $1 and whom @> array[$2::uuid]",
        org,
        who
    )
    .execute(tx.conn())
    .await?;
    Ok(gone)
}

pub(super) async fn lists(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(m) - 'organization_id' || jsonb_build_object('name', l.name) as "row!"
         from contact_list_members m
         join contact_lists l on l.organization_id = m.organization_id and l.id = m.list_id
        where m.organization_id = $1 and m.contact_id = $2 order by m.joined_at limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_lists(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        "delete from contact_list_members where organization_id = $1 and contact_id = $2",
        org,
        who
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn consents(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(c) - 'organization_id' || jsonb_build_object('topic', t.name) as "row!"
             from consents c
             left join subscription_topics t on t.organization_id = c.organization_id and t.id = c.topic_id
            where c.organization_id = $1 and c.contact_id = $2 order by c.id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// The ledger is closed to the application: this is its function for somebody whose erasure is under way.
pub(super) async fn erase_consents(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let gone = sqlx::query_scalar!(r#"select app.erase_consents($1) as "gone!""#, who);
    Ok(u64::try_from(gone.fetch_one(tx.conn()).await?).unwrap_or(0))
}

pub(super) async fn suppressions(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    let addresses: Vec<String> = who.emails.iter().chain(&who.phones).cloned().collect();
    sqlx::query_scalar!(
        r#"select to_jsonb(s) - 'organization_id' as "row!" from suppressions s
            where organization_id = $1
              and address_hash in (select app.address_hash($1, a) from unnest($2::text[]) a)"#,
        org,
        &addresses,
    )
    .fetch_all(tx.conn())
    .await
}

/// Leaves a hash of each of their addresses and numbers, and nothing that says whose it is.
pub(super) async fn erase_suppressions(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into suppressions (organization_id, channel, address_hash, address, reason, detail, created_at)
         select $1, a.channel, app.address_hash($1, a.address), '', 'erased', '', now()
           from (select 'email' as channel, lower(e) as address from unnest($2::text[]) e
                 union
                 select 'sms', lower(p) from unnest($3::text[]) p) a
             on conflict (organization_id, channel, address_hash)
             do update set address = '', reason = 'erased', detail = ''",
        org,
        &who.emails,
        &who.phones,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn merges(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(m) - 'organization_id' as "row!" from contact_merges m
            where organization_id = $1 and (winner_id = $2 or loser_id = $2) order by id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_merges(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        "delete from contact_merges where organization_id = $1 and (winner_id = $2 or loser_id = $2)",
        org,
        who
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn candidates(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(d) - 'organization_id' as "row!" from duplicate_candidates d
            where organization_id = $1 and (low_id = $2 or high_id = $2) order by low_id, high_id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_candidates(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        "delete from duplicate_candidates where organization_id = $1 and (low_id = $2 or high_id = $2)",
        org,
        who
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn holdings(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(h) - 'organization_id' as "row!" from score_holdings h
            where organization_id = $1 and contact_id = $2 order by rule_id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_holdings(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone =
        sqlx::query!("delete from score_holdings where organization_id = $1 and contact_id = $2", org, who);
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn points(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(e) - 'organization_id' as "row!" from score_entries e
            where organization_id = $1 and contact_id = $2 order by occurred_at, id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// The ledger is closed to the application: its lines go with the contact, and are counted here.
pub(super) async fn count_points(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from score_entries where organization_id = $1 and contact_id = $2"#,
        org,
        who,
    );
    Ok(u64::try_from(count.fetch_one(tx.conn()).await?).unwrap_or(0))
}
