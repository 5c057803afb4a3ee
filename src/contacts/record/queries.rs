//! The SQL of one person.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    contacts::contact::{Checked, Contact, ContactId},
    tenancy::OrgTx,
};

pub(super) async fn find(tx: &mut OrgTx, id: ContactId, with_merged: bool) -> sqlx::Result<Option<Contact>> {
    let org = tx.org();
    sqlx::query_as!(
        Contact,
        r#"select c.id, c.email, c.phone, c.first_name, c.last_name, c.company, c.job_title, c.website, c.street,
                  c.city, c.region, c.postal_code, c.country, c.language, c.customer_code, c.source,
                  c.lifecycle_stage, c.lead_status, c.owner_id, p.name as "owner?", c.company_id, c.custom, c.created_at,
                  c.updated_at, c.archived_at
             from contacts c
             left join user_profiles p on p.user_id = c.owner_id
            where c.organization_id = $1 and c.id = $2 and ($3 or c.merged_into is null)"#,
        org,
        id as ContactId,
        with_merged,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Who has this address, and whether they are archived.
pub(super) async fn holder(tx: &mut OrgTx, email: &str) -> sqlx::Result<Option<(Uuid, bool)>> {
    let org = tx.org();
    let found = sqlx::query!(
        r#"select id, archived_at is not null as "is_archived!" from contacts
            where organization_id = $1 and email = $2"#,
        org,
        email,
    );
    Ok(found.fetch_optional(tx.conn()).await?.map(|row| (row.id, row.is_archived)))
}

/// The values of a checked form as the statements below take them: by the names of columns.
fn values(checked: &Checked) -> serde_json::Value {
    let keys = crate::contacts::contact::FIELDS.iter().skip(1).map(|field| field.key.to_owned());
    keys.zip(checked.values.iter().map(|value| value.as_str().into()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// `false` when somebody has the address already.
pub(super) async fn insert(
    tx: &mut OrgTx,
    id: ContactId,
    checked: &Checked,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into contacts (organization_id, id, email, phone, first_name, last_name, company, job_title, website,
                               street, city, region, postal_code, country, language, customer_code, source,
                               lifecycle_stage, custom, created_by, created_at, updated_at, lead_status)
         select $1, $2, $3, v.phone, v.first_name, v.last_name, v.company, v.job_title, v.website, v.street, v.city,
                v.region, v.postal_code, v.country, v.language, v.customer_code, 'Typed in', $5, $6, $7, $8, $8,
                coalesce($9, 'new')
           from jsonb_to_record($4) as v (phone text, first_name text, last_name text, company text, job_title text,
                website text, street text, city text, region text, postal_code text, country text, language text,
                customer_code text)
         on conflict do nothing",
        org,
        id as ContactId,
        checked.email,
        values(checked),
        checked.stage,
        serde_json::json!(checked.custom),
        by,
        now,
        checked.lead_status,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn update(
    tx: &mut OrgTx,
    id: ContactId,
    checked: &Checked,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contacts c
            set email = $3, phone = v.phone, first_name = v.first_name, last_name = v.last_name, company = v.company,
                job_title = v.job_title, website = v.website, street = v.street, city = v.city, region = v.region,
                postal_code = v.postal_code, country = v.country, language = v.language,
                customer_code = v.customer_code, lifecycle_stage = $5, lead_status = coalesce($9, c.lead_status),
                custom = (c.custom - $8::text[]) || $6,
                updated_at = $7
           from jsonb_to_record($4) as v (phone text, first_name text, last_name text, company text, job_title text,
                website text, street text, city text, region text, postal_code text, country text, language text,
                customer_code text)
          where c.organization_id = $1 and c.id = $2",
        org,
        id as ContactId,
        checked.email,
        values(checked),
        checked.stage,
        serde_json::json!(checked.custom),
        now,
        &checked.asked,
        checked.lead_status,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Archives those who are not, or brings back those who are. Gives whom it changed.
pub(super) async fn set_standing(
    tx: &mut OrgTx,
    whom: &[Uuid],
    archived_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<(Uuid, String)>> {
    let org = tx.org();
    let changed = sqlx::query!(
        r#"update contacts set archived_at = $3, updated_at = $4
            where organization_id = $1 and id = any($2) and (archived_at is null) = ($3::timestamptz is not null)
              and merged_into is null
        returning id, sort_name as "name!""#,
        org,
        whom,
        archived_at,
        now,
    );
    Ok(changed.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}
