//! The SQL of companies.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Checked, Company, CompanyId, routes::ListQuery, views::Row};
use crate::{
    contacts::ContactId,
    tenancy::OrgTx,
    web::{
        page::{Cursor, Going, PAGE, Page},
        sought::Sought,
    },
};

pub(super) async fn find(tx: &mut OrgTx, id: CompanyId) -> sqlx::Result<Option<Company>> {
    let org = tx.org();
    sqlx::query_as!(
        Company,
        r#"select c.id, c.name, c.domain, c.industry, c.size, c.phone, c.website, c.street, c.city, c.region,
                  c.postal_code, c.country, c.owner_id, p.name as "owner?", c.created_at
             from companies c
             left join user_profiles p on p.user_id = c.owner_id
            where c.organization_id = $1 and c.id = $2"#,
        org,
        id as CompanyId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The company that has this domain: id and name.
pub(in crate::contacts) async fn of_domain(
    tx: &mut OrgTx,
    domain: &str,
) -> sqlx::Result<Option<(CompanyId, String)>> {
    let org = tx.org();
    let row = sqlx::query!(
        "select id, name from companies where organization_id = $1 and domain = $2 and domain <> ''",
        org,
        domain,
    );
    Ok(row.fetch_optional(tx.conn()).await?.map(|row| (CompanyId(row.id), row.name)))
}

/// Those that are called so, or have this domain: up to two, which is enough to know whether it is one.
pub(super) async fn called(tx: &mut OrgTx, words: &str) -> sqlx::Result<Vec<(CompanyId, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select id, name from companies
            where organization_id = $1
              and (sort_name = lower($2::text collate "und-x-icu") or domain = lower($2) and domain <> '')
            limit 2"#,
        org,
        words,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (CompanyId(row.id), row.name)).collect())
}

/// The names of the first so many, for choosing one.
pub(in crate::contacts) async fn names(tx: &mut OrgTx) -> sqlx::Result<Vec<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select name from companies where organization_id = $1 order by sort_name, id limit 200",
        org
    )
    .fetch_all(tx.conn())
    .await
}

/// `false` when another one has the domain.
pub(super) async fn insert(
    tx: &mut OrgTx,
    id: CompanyId,
    new: &Checked,
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into companies (organization_id, id, name, domain, industry, size, phone, website, street, city, region,
                                postal_code, country, owner_id, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16)
         on conflict do nothing",
        org,
        id as CompanyId,
        new.name,
        new.domain,
        new.industry,
        new.size,
        new.phone,
        new.website,
        new.street,
        new.city,
        new.region,
        new.postal_code,
        new.country,
        new.owner,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn update(
    tx: &mut OrgTx,
    id: CompanyId,
    new: &Checked,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update companies
            set name = $3, domain = $4, industry = $5, size = $6, phone = $7, website = $8, street = $9, city = $10,
                region = $11, postal_code = $12, country = $13, owner_id = $14, updated_at = $15
          where organization_id = $1 and id = $2",
        org,
        id as CompanyId,
        new.name,
        new.domain,
        new.industry,
        new.size,
        new.phone,
        new.website,
        new.street,
        new.city,
        new.region,
        new.postal_code,
        new.country,
        new.owner,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Deletes a company; those who worked there stay, and work for none.
pub(super) async fn delete(tx: &mut OrgTx, id: CompanyId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!("delete from companies where organization_id = $1 and id = $2", org, id as CompanyId)
        .execute(tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn assign(
    tx: &mut OrgTx,
    contact: ContactId,
    to: Option<(CompanyId, &str)>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contacts
            set company_id = $3, company = case when company = '' then $4 else company end, updated_at = $5
          where organization_id = $1 and id = $2",
        org,
        contact as ContactId,
        to.map(|(id, _)| id.0),
        to.map_or("", |(_, name)| name),
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Who works there, by name: id, name and title, up to so many.
pub(super) async fn people(
    tx: &mut OrgTx,
    id: CompanyId,
    at_most: i64,
) -> sqlx::Result<Vec<(Uuid, String, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select id, coalesce(nullif(btrim(first_name || ' ' || last_name), ''), email, nullif(phone, ''), 'Nameless') as "name!",
                  job_title
             from contacts
            where organization_id = $1 and company_id = $2 and archived_at is null
            order by sort_name, id
            limit $3"#,
        org,
        id as CompanyId,
        at_most,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.name, row.job_title)).collect())
}

pub(super) async fn count_people(tx: &mut OrgTx, id: CompanyId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from contacts
            where organization_id = $1 and company_id = $2 and archived_at is null"#,
        org,
        id as CompanyId,
    )
    .fetch_one(tx.conn())
    .await
}

/// One page of the companies in whose name or domain this stands, by name.
pub(super) async fn page(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<Page<Row>> {
    let (cursor, going) = (query.cursor(), query.going());
    let (value, id) = cursor.map_or((None, Uuid::nil()), |cursor| (Some(cursor.value), cursor.id));
    let is_start = value.is_none();
    let rows = match going {
        Going::Forward => after(tx, &query.pattern(), (value, id)).await?,
        Going::Back => before(tx, &query.pattern(), (value, id)).await?,
    };
    let at = |row: &Row| Cursor { value: row.sort_name.clone(), id: row.id };
    Ok(Page::cut(rows, going, is_start, at))
}

/// A row more than a page has.
fn rows() -> i64 {
    i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
}

async fn after(tx: &mut OrgTx, pattern: &str, (value, id): (Option<String>, Uuid)) -> sqlx::Result<Vec<Row>> {
    let org = tx.org();
    sqlx::query_as!(
        Row,
        r#"select c.id, c.name, c.domain, c.industry, c.city, p.name as "owner?", c.sort_name as "sort_name!",
                  (select count(*) from contacts k where k.organization_id = $1 and k.company_id = c.id
                      and k.archived_at is null) as "people!"
             from companies c
             left join user_profiles p on p.user_id = c.owner_id
            where c.organization_id = $1 and ($2 = '' or c.sort_name like $2 or c.domain like $2)
              and ($3::text is null or (c.sort_name, c.id) > ($3, $4))
            order by c.sort_name, c.id
            limit $5"#,
        org,
        pattern,
        value,
        id,
        rows(),
    )
    .fetch_all(tx.conn())
    .await
}

async fn before(
    tx: &mut OrgTx,
    pattern: &str,
    (value, id): (Option<String>, Uuid),
) -> sqlx::Result<Vec<Row>> {
    let org = tx.org();
    sqlx::query_as!(
        Row,
        r#"select c.id, c.name, c.domain, c.industry, c.city, p.name as "owner?", c.sort_name as "sort_name!",
                  (select count(*) from contacts k where k.organization_id = $1 and k.company_id = c.id
                      and k.archived_at is null) as "people!"
             from companies c
             left join user_profiles p on p.user_id = c.owner_id
            where c.organization_id = $1 and ($2 = '' or c.sort_name like $2 or c.domain like $2)
              and ($3::text is null or (c.sort_name, c.id) < ($3, $4))
            order by c.sort_name desc, c.id desc
            limit $5"#,
        org,
        pattern,
        value,
        id,
        rows(),
    )
    .fetch_all(tx.conn())
    .await
}

/// How many companies there are in all, and how many of them match.
pub(super) async fn count(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<(i64, i64)> {
    let org = tx.org();
    let row = sqlx::query!(
        r#"select count(*) as "all!",
                  count(*) filter (where $2 = '' or sort_name like $2 or domain like $2) as "matching!"
             from companies where organization_id = $1"#,
        org,
        query.pattern(),
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.all, row.matching))
}

/// Companies in whose name or domain these words stand: those that begin with them first.
pub(super) async fn found(
    tx: &mut OrgTx,
    sought: &Sought,
    most: u8,
) -> sqlx::Result<Vec<(CompanyId, String, String)>> {
    let org = tx.org();
    let (from, until) = sought.range();
    let rows = sqlx::query!(
        r#"with best as (
              (select id, 0 as place from companies
                where organization_id = $1 and sort_name >= $3 and sort_name < $4 order by sort_name, id limit $5)
              union all
              (select id, 1 from companies_q
                where organization_id = $1 and (sort_name like $2 or domain like $2) order by sort_name, id limit $5))
           select c.id, c.name, coalesce(nullif(c.domain, ''), c.city) as "detail!"
             from (select id, min(place) as place from best group by id) b
             join companies c on c.organization_id = $1 and c.id = b.id
            order by b.place, c.sort_name, c.id
            limit $5"#,
        org,
        sought.pattern(),
        from,
        until,
        i64::from(most),
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| (CompanyId(row.id), row.name, row.detail)).collect())
}
