//! The SQL of taking an import back.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    contacts::imports::{ImportId, Undone},
    tenancy::OrgTx,
};

/// Removes up to so many people whom the import added and nobody touched since.
pub(super) async fn remove_added(tx: &mut OrgTx, id: ImportId, at_most: i32) -> sqlx::Result<i64> {
    let gone = sqlx::query_scalar!("select app.remove_imported($1, $2)", id as ImportId, at_most);
    Ok(gone.fetch_one(tx.conn()).await?.unwrap_or(0))
}

/// Gives back what up to so many people had before, who were not touched since: to whom.
pub(super) async fn restore(
    tx: &mut OrgTx,
    id: ImportId,
    at_most: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "with left_alone as (
             select i.contact_id, i.was from import_changes i
               join contacts c on c.organization_id = $1 and c.id = i.contact_id
              where i.organization_id = $1 and i.import_id = $2 and i.was is not null and i.undone_at is null
                and c.updated_at = i.changed_at
              order by i.contact_id
              limit $3
         ),
         given as (
             update contacts c
                set phone = w.phone, first_name = w.first_name, last_name = w.last_name, company = w.company,
                    job_title = w.job_title, website = w.website, street = w.street, city = w.city,
                    region = w.region, postal_code = w.postal_code, country = w.country, language = w.language,
                    customer_code = w.customer_code, custom = w.custom, updated_at = $4,
                    lifecycle_stage = coalesce(w.lifecycle_stage, c.lifecycle_stage),
                    lead_status = coalesce(w.lead_status, c.lead_status),
                    -- Somebody else may have come by the address meanwhile.
                    email = case when s.was ? 'email'
                                  and not exists (select from contacts o where o.organization_id = $1
                                                     and o.email = w.email and o.id <> c.id)
                                 then w.email else c.email end,
                    -- Somebody may have left meanwhile.
                    owner_id = case when s.was ? 'owner_id'
                                    then (select m.user_id from organization_members m
                                           where m.organization_id = $1 and m.user_id = w.owner_id)
                                    else c.owner_id end
               from left_alone s, jsonb_to_record(s.was) as w (phone text, first_name text, last_name text, company text,
                    job_title text, website text, street text, city text, region text, postal_code text,
                    country text, language text, customer_code text, custom jsonb, lifecycle_stage text, lead_status text,
                    email text, owner_id uuid)
              where c.organization_id = $1 and c.id = s.contact_id
             returning c.id
         )
         update import_changes i set undone_at = $4 from given g
          where i.organization_id = $1 and i.import_id = $2 and i.contact_id = g.id
         returning i.contact_id",
        org,
        id as ImportId,
        at_most,
        now,
    )
    .fetch_all(tx.conn())
    .await
}

/// Takes from these the external ids that the import gave them.
pub(super) async fn forget_external(tx: &mut OrgTx, id: ImportId, whom: &[Uuid]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from contact_identities i using import_changes h
          where i.organization_id = $1 and h.organization_id = $1 and h.import_id = $2 and h.contact_id = any($3)
            and i.contact_id = h.contact_id and i.kind = 'external_id' and i.value_norm = h.was ->> 'external_id'",
        org,
        id as ImportId,
        whom,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes those out of the import's list whom it put there.
pub(super) async fn leave_list(tx: &mut OrgTx, id: ImportId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from contact_list_members m using imports i
          where m.organization_id = $1 and i.organization_id = $1 and i.id = $2 and m.list_id = i.list_id
            and m.source = 'import ' || i.id::text",
        org,
        id as ImportId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes the import's tag off those who got it from there.
pub(super) async fn take_tag_off(tx: &mut OrgTx, id: ImportId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from contact_tags w using imports i
          where w.organization_id = $1 and i.organization_id = $1 and i.id = $2 and w.tag_id = i.tag_id
            and w.source = left('Import of ' || i.file_name, 200) and w.added_at >= i.started_at",
        org,
        id as ImportId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The undo is over: what it did, and how many people it left as they are.
pub(super) async fn undone(
    tx: &mut OrgTx,
    id: ImportId,
    undone: Undone,
    now: DateTime<Utc>,
) -> sqlx::Result<Undone> {
    let org = tx.org();
    let kept = sqlx::query_scalar!(
        r#"select count(*) as "count!" from import_changes
            where organization_id = $1 and import_id = $2 and undone_at is null"#,
        org,
        id as ImportId,
    );
    let undone = Undone { kept: kept.fetch_one(tx.conn()).await?, ..undone };
    sqlx::query!(
        "update imports set status = 'undone', undone = $3, finished_at = $4, updated_at = $4
          where organization_id = $1 and id = $2",
        org,
        id as ImportId,
        serde_json::json!(undone),
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(undone)
}

/// What the undo has done so far: people removed, people given back what they had.
pub(super) async fn undone_so_far(tx: &mut OrgTx, id: ImportId) -> sqlx::Result<Undone> {
    let org = tx.org();
    let row = sqlx::query!(
        r#"select count(*) filter (where was is null) as "removed!", count(*) filter (where was is not null) as "restored!"
             from import_changes where organization_id = $1 and import_id = $2 and undone_at is not null"#,
        org,
        id as ImportId,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Undone { removed: row.removed, restored: row.restored, kept: 0 })
}
