//! The SQL of lines on their way in. The table `import_stage` is the transaction's own: the compiler
//! cannot ask the database about it, so these statements are tried by tests instead.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::{Counts, ImportId};
use crate::{
    contacts::{ContactId, standing::Fact},
    tenancy::OrgTx,
};

pub(super) async fn open(tx: &mut OrgTx) -> sqlx::Result<()> {
    sqlx::query(
        r#"create temporary table if not exists import_stage (
             line bigint, id uuid, email text collate "C", first_name text, last_name text, phone text, company text,
             job_title text, website text, street text, city text, region text, postal_code text, country text,
             language text, customer_code text, stage text, lead_status text, key text collate "C",
             external_id text collate "C", custom jsonb, contact_id uuid, differs boolean not null default false,
             address text collate "C", takes_email boolean not null default false,
             takes_external boolean not null default false, takes_owner boolean not null default false, refusal text
         ) on commit delete rows"#,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn copy(tx: &mut OrgTx, text: &str) -> sqlx::Result<()> {
    let mut copy = tx
        .conn()
        .copy_in_raw(
            "copy import_stage (line, id, email, first_name, last_name, phone, company, job_title, website, street,
                                city, region, postal_code, country, language, customer_code, stage, lead_status, key, external_id, custom) from stdin",
        )
        .await?;
    copy.send(text.as_bytes()).await?;
    copy.finish().await?;
    // How many there are, and that their addresses differ: all that a plan depends on.
    sqlx::query("analyze import_stage (email)").execute(tx.conn()).await?;
    Ok(())
}

/// Finds who is there already. An address that somebody is known by, and that
/// is not the one they are written to at, is theirs: what they refused under it holds.
pub(super) async fn find(tx: &mut OrgTx) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "update import_stage s set contact_id = c.id from contacts c where c.organization_id = $1 and c.email = s.email",
    )
    .bind(org)
    .execute(tx.conn())
    .await?;
    // Looked up line by line, by a limit that no plan can turn into a join of everything, and where there is any such
    // address at all; only lines that are somebody's are written again.
    sqlx::query(
        "update import_stage s
            set contact_id = known.contact_id
           from (select o.line, i.contact_id
                   from import_stage o
                  cross join lateral (select i.contact_id from contact_identities i
                                       where i.organization_id = $1 and i.kind = 'email' and not i.is_primary
                                         and i.value_norm = o.email
                                       limit 1) i
                  where o.contact_id is null
                    and exists (select from contact_identities i
                                 where i.organization_id = $1 and i.kind = 'email' and not i.is_primary)) known
          where s.line = known.line",
    )
    .bind(org)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whether a line would change who it is about.
pub(super) async fn compare(tx: &mut OrgTx, mode: &str, owner: Option<Uuid>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "update import_stage s
            set takes_owner = o.is_new, differs = s.takes_email or s.takes_external or o.is_new or case $2
                    when 'fill' then
                        (s.first_name <> '' and c.first_name = '') or (s.last_name <> '' and c.last_name = '')
                        or (s.phone <> '' and c.phone = '') or (s.company <> '' and c.company = '')
                        or (s.job_title <> '' and c.job_title = '') or (s.website <> '' and c.website = '')
                        or (s.street <> '' and c.street = '') or (s.city <> '' and c.city = '')
                        or (s.region <> '' and c.region = '') or (s.postal_code <> '' and c.postal_code = '')
                        or (s.country <> '' and c.country = '') or (s.language <> '' and c.language = '')
                        or (s.customer_code <> '' and c.customer_code = '') or (s.custom || c.custom) <> c.custom
                    when 'overwrite' then
                        s.first_name not in ('', c.first_name) or s.last_name not in ('', c.last_name)
                        or s.phone not in ('', c.phone) or s.company not in ('', c.company)
                        or s.job_title not in ('', c.job_title) or s.website not in ('', c.website)
                        or s.street not in ('', c.street) or s.city not in ('', c.city)
                        or s.region not in ('', c.region) or s.postal_code not in ('', c.postal_code)
                        or s.country not in ('', c.country) or s.language not in ('', c.language)
                        or s.customer_code not in ('', c.customer_code)
                        or s.stage not in ('', c.lifecycle_stage) or s.lead_status not in ('', c.lead_status)
                        or (c.custom || s.custom) <> c.custom
                    else false
                end
           from contacts c
          cross join lateral (select $3::uuid is not null and (c.owner_id is null and $2 <> 'add'
                                     or $2 = 'overwrite' and c.owner_id <> $3) as is_new) o
          where c.organization_id = $1 and c.id = s.contact_id",
    )
    .bind(org)
    .bind(mode)
    .bind(owner)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What the lines that were compared would do.
pub(super) async fn count(tx: &mut OrgTx) -> sqlx::Result<Counts> {
    let org = tx.org();
    let (lines, created, updated, suppressed): (i64, i64, i64, i64) = sqlx::query_as(
        "select count(*), count(*) filter (where s.contact_id is null), count(*) filter (where s.differs),
                count(p.address_hash)
           from import_stage s
           left join suppressions p
             on p.organization_id = $1 and p.channel = 'email' and p.address_hash = app.address_hash($1, case when s.takes_email then s.email else coalesce(s.address, s.email) end)",
    )
    .bind(org)
    .fetch_one(tx.conn())
    .await?;
    let unchanged = lines - created - updated;
    Ok(Counts { lines, created, updated, unchanged, refused: 0, suppressed })
}

/// Who comes to stand elsewhere, or to somebody else: from what, and to what.
pub(super) async fn moved(
    tx: &mut OrgTx,
    mode: &str,
    owner: Option<Uuid>,
) -> sqlx::Result<Vec<(ContactId, Fact, String, String)>> {
    let org = tx.org();
    let rows: Vec<(ContactId, String, String, String, String, String, bool)> = sqlx::query_as(
        "select c.id, c.lifecycle_stage, case when $2 = 'overwrite' then s.stage else '' end,
                c.lead_status, case when $2 = 'overwrite' then s.lead_status else '' end,
                coalesce(c.owner_id::text, ''), s.takes_owner
           from import_stage s
           join contacts c on c.organization_id = $1 and c.id = s.contact_id
          where s.takes_owner
             or ($2 = 'overwrite'
                 and (s.stage not in ('', c.lifecycle_stage) or s.lead_status not in ('', c.lead_status)))",
    )
    .bind(org)
    .bind(mode)
    .fetch_all(tx.conn())
    .await?;
    let new_owner = owner.map(|owner| owner.to_string()).unwrap_or_default();
    let of = |(id, stage, new_stage, status, new_status, owner, takes_owner)| {
        let new_owner = if takes_owner { new_owner.clone() } else { String::new() };
        [
            (id, Fact::Stage, stage, new_stage),
            (id, Fact::LeadStatus, status, new_status),
            (id, Fact::Owner, owner, new_owner),
        ]
    };
    let all = rows.into_iter().flat_map(of);
    Ok(all.filter(|(.., from, to)| !to.is_empty() && from != to).collect())
}

/// Changes those who are there, and keeps what they had.
pub(super) async fn change(
    tx: &mut OrgTx,
    import: ImportId,
    (mode, owner): (&str, Option<Uuid>),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "insert into import_changes (organization_id, import_id, contact_id, was, changed_at)
         select $1, $2, c.id,
                jsonb_build_object('first_name', c.first_name, 'last_name', c.last_name, 'phone', c.phone,
                    'company', c.company, 'job_title', c.job_title, 'website', c.website, 'street', c.street,
                    'city', c.city, 'region', c.region, 'postal_code', c.postal_code, 'country', c.country,
                    'language', c.language, 'customer_code', c.customer_code, 'lifecycle_stage', c.lifecycle_stage,
                    'lead_status', c.lead_status, 'custom', c.custom)
                || case when s.takes_email then jsonb_build_object('email', c.email) else '{}' end
                || case when s.takes_external then jsonb_build_object('external_id', s.external_id) else '{}' end
                || case when s.takes_owner then jsonb_build_object('owner_id', c.owner_id) else '{}' end, $3
           from import_stage s
           join contacts c on c.organization_id = $1 and c.id = s.contact_id
          where s.differs
          order by c.id
         on conflict do nothing",
    )
    .bind(org)
    .bind(import)
    .bind(now)
    .execute(tx.conn())
    .await?;
    // One statement for both ways: what stands first and is not empty is kept.
    sqlx::query(
        "update contacts c
            set first_name = case when $2 and s.first_name <> '' or c.first_name = '' then s.first_name else c.first_name end,
                last_name = case when $2 and s.last_name <> '' or c.last_name = '' then s.last_name else c.last_name end,
                phone = case when $2 and s.phone <> '' or c.phone = '' then s.phone else c.phone end,
                company = case when $2 and s.company <> '' or c.company = '' then s.company else c.company end,
                job_title = case when $2 and s.job_title <> '' or c.job_title = '' then s.job_title else c.job_title end,
                website = case when $2 and s.website <> '' or c.website = '' then s.website else c.website end,
                street = case when $2 and s.street <> '' or c.street = '' then s.street else c.street end,
                city = case when $2 and s.city <> '' or c.city = '' then s.city else c.city end,
                region = case when $2 and s.region <> '' or c.region = '' then s.region else c.region end,
                postal_code = case when $2 and s.postal_code <> '' or c.postal_code = '' then s.postal_code else c.postal_code end,
                country = case when $2 and s.country <> '' or c.country = '' then s.country else c.country end,
                language = case when $2 and s.language <> '' or c.language = '' then s.language else c.language end,
                customer_code = case when $2 and s.customer_code <> '' or c.customer_code = '' then s.customer_code else c.customer_code end,
                lifecycle_stage = case when $2 and s.stage <> '' then s.stage else c.lifecycle_stage end,
                owner_id = case when s.takes_owner then $4 else c.owner_id end,
                email = case when s.takes_email then s.email else c.email end,
                lead_status = case when $2 and s.lead_status <> '' then s.lead_status else c.lead_status end,
                custom = case when $2 then c.custom || s.custom else s.custom || c.custom end,
                updated_at = $3
           from import_stage s
          where s.differs and c.organization_id = $1 and c.id = s.contact_id",
    )
    .bind(org)
    .bind(mode == "overwrite")
    .bind(now)
    .bind(owner)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Adds those who are not there.
pub(super) async fn add(
    tx: &mut OrgTx,
    import: ImportId,
    (source, by, owner): (&str, Option<Uuid>, Option<Uuid>),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "insert into contacts (organization_id, id, email, first_name, last_name, phone, company, job_title, website,
                               street, city, region, postal_code, country, language, customer_code, custom, source,
                               lifecycle_stage, lead_status, owner_id, created_by, created_at, updated_at)
         select $1, id, nullif(email, ''), first_name, last_name, phone, company, job_title, website, street, city, region,
                postal_code, country, language, customer_code, custom, left($2, 200),
                coalesce(nullif(stage, ''), 'lead'), coalesce(nullif(lead_status, ''), 'new'), $5, $3, $4, $4
           from import_stage
          where contact_id is null
          order by id
         on conflict do nothing",
    )
    .bind(org)
    .bind(source)
    .bind(by)
    .bind(now)
    .bind(owner)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "insert into import_changes (organization_id, import_id, contact_id, was, changed_at)
         select $1, $2, id, null, $3 from import_stage where contact_id is null order by id
         on conflict do nothing",
    )
    .bind(org)
    .bind(import)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts everybody into a list.
pub(super) async fn fill_list(
    tx: &mut OrgTx,
    list: Uuid,
    source: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "insert into contact_list_members (organization_id, list_id, contact_id, source, joined_at)
         select $1, $2, coalesce(contact_id, id), $3, $4 from import_stage order by coalesce(contact_id, id)
         on conflict do nothing",
    )
    .bind(org)
    .bind(list)
    .bind(source)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Everybody whom the lines added or changed.
pub(super) async fn touched(tx: &mut OrgTx) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar(
        "select coalesce(contact_id, id) from import_stage where contact_id is null or differs",
    )
    .fetch_all(tx.conn())
    .await
}

/// Everybody whom the lines are about.
pub(super) async fn people(tx: &mut OrgTx) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar("select coalesce(contact_id, id) from import_stage").fetch_all(tx.conn()).await
}

/// Writes the declared consent of those of whom nothing was known: what somebody said themselves stays, an address that
/// is suppressed gets none, and nobody who has no address.
pub(super) async fn grant(
    tx: &mut OrgTx,
    wording: &str,
    by: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query(
        "insert into consents (organization_id, contact_id, id, state, source, wording, recorded_by, recorded_at)
         select $1, coalesce(s.contact_id, s.id), s.id, 'granted', 'import', $2, $3, $4
           from import_stage s
          cross join lateral (select case when s.takes_email then s.email else coalesce(s.address, s.email) end) a (address)
          where a.address <> ''
            and not exists (select 1 from consents c
                             where c.organization_id = $1 and c.contact_id = s.contact_id and c.channel = 'email')
            and not exists (select 1 from suppressions p
                             where p.organization_id = $1 and p.channel = 'email'
                               and p.address_hash = app.address_hash($1, a.address))
          order by coalesce(s.contact_id, s.id)
         on conflict do nothing",
    )
    .bind(org)
    .bind(wording)
    .bind(by)
    .bind(now)
    .execute(tx.conn())
    .await?;
    Ok(())
}
