//! The SQL of keys: on `import_stage`, which is the transaction's own.

use chrono::{DateTime, Utc};

use crate::tenancy::OrgTx;

/// Numbers of people who are not known by them: somebody else is, or they are not understood.
pub(super) async fn loose_numbers(tx: &mut OrgTx) -> sqlx::Result<Vec<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select c.phone from contacts c
          where c.organization_id = $1 and c.archived_at is null and c.phone <> ''
            and not exists (select from contact_identities i
                             where i.organization_id = $1 and i.contact_id = c.id and i.kind = 'phone' and i.is_primary)
          limit 200000",
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// Finds who is known by the key of a line.
pub(super) async fn by_identity(tx: &mut OrgTx, kind: &str) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query("analyze import_stage (key)").execute(tx.conn()).await?;
    sqlx::query(
        "update import_stage s set contact_id = i.contact_id
           from contact_identities i
          where i.organization_id = $1 and i.kind = $2 and i.value_norm = s.key",
    )
    .bind(org)
    .bind(kind)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Customer numbers stand with the people too, and nothing keeps two of them from having one.
pub(super) async fn by_customer_code(tx: &mut OrgTx, told: &str) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        r#"update import_stage s
            set contact_id = coalesce(s.contact_id, h.first), refusal = case when h.people > 1 or h.first <> s.contact_id then $2 end
           from (select k.key, min(c.id::text)::uuid as first, count(*) as people
                   from (select distinct key from import_stage) k
                   join contacts c on c.organization_id = $1 and c.customer_code collate "C" = k.key
                  where c.customer_code <> '' and c.merged_into is null and c.archived_at is null
                  group by k.key) h
          where s.key = h.key"#,
    )
    .bind(org)
    .bind(told)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// An address that somebody else has, or is known by, is theirs.
pub(super) async fn refuse_addresses_of_others(tx: &mut OrgTx) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "update import_stage s set refusal = 'Somebody else here has this e-mail address.'
          where s.email <> '' and s.refusal is null
            and (exists (select from contacts c
                          where c.organization_id = $1 and c.email = s.email and c.id is distinct from s.contact_id)
                 or exists (select from contact_identities i
                             where i.organization_id = $1 and i.kind = 'email' and i.value_norm = s.email
                               and i.contact_id is distinct from s.contact_id))",
    )
    .bind(org)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whose address comes from the file, and at which address everybody is written to then. What somebody is known by is
/// not written anew, and an address that they are known by beside another stays beside it.
pub(super) async fn look_at_addresses(tx: &mut OrgTx, kind: &str, mode: &str) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "update import_stage s
            set takes_email = s.email <> '' and $3 <> 'add' and (c.email is null or $3 = 'overwrite' and c.email <> s.email)
                    and not exists (select from contact_identities i
                                     where i.organization_id = $1 and i.kind = 'email' and i.value_norm = s.email
                                       and not i.is_primary),
                address = coalesce(c.email, ''),
                customer_code = case when $2 = 'customer_code' then '' else s.customer_code end,
                phone = case when $2 = 'phone' then '' else s.phone end
           from contacts c
          where c.organization_id = $1 and c.id = s.contact_id",
    )
    .bind(org)
    .bind(kind)
    .bind(mode)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Nobody whose address is not written to is written to at another because a file says so.
pub(super) async fn refuse_instead_of_suppressed(tx: &mut OrgTx) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "update import_stage s
            set refusal = 'Nothing is sent to the address that they have. Give them another one on their own page.'
          where s.takes_email and s.address <> '' and s.refusal is null
            and exists (select from suppressions p
                         where p.organization_id = $1 and p.channel = 'email'
                           and p.address_hash = app.address_hash($1, s.address))",
    )
    .bind(org)
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn refuse_ids_of_others(tx: &mut OrgTx) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "update import_stage s set refusal = 'Somebody else here has this external id.'
           from contact_identities i
          where i.organization_id = $1 and i.kind = 'external_id' and i.value_norm = s.external_id
            and s.external_id <> '' and i.contact_id is distinct from s.contact_id and s.refusal is null",
    )
    .bind(org)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Who of those who are there gets the id of their line: who has none, or everybody, beside what they have.
pub(super) async fn take_ids(tx: &mut OrgTx, is_overwriting: bool) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "update import_stage s set takes_external = true
          where s.external_id <> '' and s.contact_id is not null and s.refusal is null
            and not exists (select from contact_identities i
                             where i.organization_id = $1 and i.contact_id = s.contact_id and i.kind = 'external_id'
                               and (i.value_norm = s.external_id or not $2))",
    )
    .bind(org)
    .bind(is_overwriting)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes out the lines that are no good: line and why.
pub async fn take_refused(tx: &mut OrgTx) -> sqlx::Result<Vec<(u64, String)>> {
    let mut rows: Vec<(i64, String)> =
        sqlx::query_as("delete from import_stage where refusal is not null returning line, refusal")
            .fetch_all(tx.conn())
            .await?;
    rows.sort_unstable();
    Ok(rows.into_iter().map(|(line, why)| (u64::try_from(line).unwrap_or(0), why)).collect())
}

/// Keeps the ids of those who were added, and of those who get one.
pub async fn keep_ids(tx: &mut OrgTx, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "insert into contact_identities (organization_id, id, contact_id, kind, value, value_norm, is_primary, created_at)
         select $1, s.id, coalesce(s.contact_id, s.id), 'external_id', s.external_id, s.external_id,
                not exists (select from contact_identities i
                             where i.organization_id = $1 and i.contact_id = s.contact_id and i.kind = 'external_id'
                               and i.is_primary), $2
           from import_stage s
          where s.external_id <> '' and (s.contact_id is null or s.takes_external)
          order by s.id
         on conflict do nothing",
    )
    .bind(org)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}
