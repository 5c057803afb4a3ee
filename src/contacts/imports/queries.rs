//! The SQL of imports: the file in pieces, the steps, and what became of lines.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Counts, Import, ImportId, Undone, format::Format, lines::Refusal};
use crate::{contacts::tags::TagId, tenancy::OrgTx};

pub(super) async fn insert(
    tx: &mut OrgTx,
    id: ImportId,
    (file_name, by): (&str, Uuid),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into imports (organization_id, id, file_name, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $5)",
        org,
        id as ImportId,
        file_name,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn add_piece(tx: &mut OrgTx, id: ImportId, offset: i64, bytes: &[u8]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into import_pieces (organization_id, import_id, offset_bytes, bytes) values ($1, $2, $3, $4)",
        org,
        id as ImportId,
        offset,
        bytes,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The piece that holds the byte at `offset`: where it begins, and its bytes.
pub(super) async fn piece_at(
    tx: &mut OrgTx,
    id: ImportId,
    offset: i64,
) -> sqlx::Result<Option<(i64, Vec<u8>)>> {
    let org = tx.org();
    let found = sqlx::query!(
        "select offset_bytes, bytes from import_pieces
          where organization_id = $1 and import_id = $2 and offset_bytes <= $3
          order by offset_bytes desc
          limit 1",
        org,
        id as ImportId,
        offset,
    );
    Ok(found.fetch_optional(tx.conn()).await?.map(|row| (row.offset_bytes, row.bytes)))
}

/// The file is there, whole: what it looks like, and which column is probably what.
pub(super) async fn uploaded(
    tx: &mut OrgTx,
    id: ImportId,
    (size, encoding): (i64, &str),
    (format, mapping): (&Format, &[String]),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update imports
            set status = 'matching', size_bytes = $3, encoding = $4, delimiter = $5, has_header = $6, sample = $7,
                mapping = $8, updated_at = $9
          where organization_id = $1 and id = $2",
        org,
        id as ImportId,
        size,
        encoding,
        char::from(format.delimiter).to_string(),
        format.has_header,
        serde_json::json!(format.sample),
        serde_json::json!(mapping),
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

struct Row {
    id: Uuid,
    status: String,
    file_name: String,
    size_bytes: i64,
    encoding: String,
    delimiter: String,
    has_header: bool,
    sample: serde_json::Value,
    mapping: serde_json::Value,
    mode: String,
    list_id: Option<Uuid>,
    tag_id: Option<Uuid>,
    tag_name: Option<String>,
    consent_state: String,
    consent_wording: String,
    checked: Option<serde_json::Value>,
    done: Option<serde_json::Value>,
    undone: Option<serde_json::Value>,
    offset_bytes: i64,
    last_error: String,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

/// What was written as JSON by this module; what cannot be read counts as nothing.
fn read<T: serde::de::DeserializeOwned>(value: Option<serde_json::Value>) -> Option<T> {
    value.and_then(|value| serde_json::from_value(value).ok())
}

impl From<Row> for Import {
    fn from(row: Row) -> Self {
        Self {
            id: ImportId(row.id),
            status: row.status,
            file_name: row.file_name,
            size_bytes: row.size_bytes,
            encoding: row.encoding,
            delimiter: row.delimiter,
            has_header: row.has_header,
            sample: read(Some(row.sample)).unwrap_or_default(),
            mapping: read(Some(row.mapping)).unwrap_or_default(),
            mode: row.mode,
            list: row.list_id,
            tag: row.tag_id.map(TagId),
            tag_name: row.tag_name,
            consent_state: row.consent_state,
            consent_wording: row.consent_wording,
            checked: read(row.checked),
            done: read::<Counts>(row.done),
            undone: read::<Undone>(row.undone),
            offset_bytes: row.offset_bytes,
            last_error: row.last_error,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        }
    }
}

pub(super) async fn find(tx: &mut OrgTx, id: ImportId) -> sqlx::Result<Option<Import>> {
    let org = tx.org();
    let found = sqlx::query_as!(
        Row,
        r#"select i.id, i.status, i.file_name, i.size_bytes, i.encoding, i.delimiter, i.has_header, i.sample,
                  i.mapping, i.mode, i.list_id, i.tag_id, t.name as "tag_name?", i.consent_state, i.consent_wording,
                  i.checked, i.done, i.undone, i.offset_bytes, i.last_error, i.created_at, i.started_at, i.finished_at
             from imports i
             left join tags t on t.organization_id = $1 and t.id = i.tag_id and t.archived_at is null
            where i.organization_id = $1 and i.id = $2"#,
        org,
        id as ImportId,
    );
    Ok(found.fetch_optional(tx.conn()).await?.map(Import::from))
}

/// The newest imports, those first that never were uploaded whole left aside.
pub(super) async fn recent(tx: &mut OrgTx) -> sqlx::Result<Vec<Import>> {
    let org = tx.org();
    let found = sqlx::query_as!(
        Row,
        r#"select id, status, file_name, size_bytes, encoding, delimiter, has_header, '[]'::jsonb as "sample!",
                  '[]'::jsonb as "mapping!", mode, list_id, tag_id, null::text as tag_name, consent_state, consent_wording, checked, done, undone,
                  offset_bytes, last_error, created_at, started_at, finished_at
             from imports where organization_id = $1 and status <> 'uploading'
            order by id desc
            limit 100"#,
        org,
    );
    Ok(found.fetch_all(tx.conn()).await?.into_iter().map(Import::from).collect())
}

/// What somebody decided about a file.
pub(super) struct Decided<'a> {
    pub has_header: bool,
    pub mapping: &'a [String],
    pub mode: &'a str,
    pub list: Option<Uuid>,
    pub tag: Option<TagId>,
    pub consent_state: &'a str,
    pub consent_wording: &'a str,
}

/// Keeps what was decided, and sets the file to be looked at anew. `false` when it is past that.
pub(super) async fn decide(
    tx: &mut OrgTx,
    id: ImportId,
    decided: &Decided<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update imports
            set status = 'checking', has_header = $3, mapping = $4, mode = $5, list_id = $6, consent_state = $7,
                consent_wording = $8, tag_id = $10, checked = null, offset_bytes = 0, lines_done = 0, last_error = '',
                updated_at = $9
          where organization_id = $1 and id = $2 and status in ('matching', 'checking', 'ready', 'failed')
            and started_at is null",
        org,
        id as ImportId,
        decided.has_header,
        serde_json::json!(decided.mapping),
        decided.mode,
        decided.list,
        decided.consent_state,
        decided.consent_wording,
        now,
        decided.tag as Option<TagId>,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves an import from one of some statuses to another. `false` when it is in none of them.
pub(super) async fn step(
    tx: &mut OrgTx,
    id: ImportId,
    (from, to): (&[&str], &str),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let from: Vec<String> = from.iter().map(ToString::to_string).collect();
    let done = sqlx::query!(
        "update imports
            set status = $4, updated_at = $5, last_error = '',
                started_at = case when $4 = 'running' then coalesce(started_at, $5) else started_at end,
                offset_bytes = case when $4 = 'running' and started_at is null then 0 else offset_bytes end,
                lines_done = case when $4 = 'running' and started_at is null then 0 else lines_done end,
                finished_at = case when $4 in ('done', 'cancelled', 'failed', 'undone') then $5 end
          where organization_id = $1 and id = $2 and status = any($3)",
        org,
        id as ImportId,
        &from,
        to,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes how far the work is. `false` when somebody stopped it.
pub(super) async fn advance(
    tx: &mut OrgTx,
    id: ImportId,
    (status, offset, line): (&str, i64, i64),
    counts: &Counts,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let written = sqlx::query!(
        "update imports
            set offset_bytes = $4, lines_done = $5, updated_at = $7,
                checked = case when $3 = 'checking' then $6 else checked end,
                done = case when $3 = 'running' then $6 else done end
          where organization_id = $1 and id = $2 and status = $3",
        org,
        id as ImportId,
        status,
        offset,
        line,
        serde_json::json!(counts),
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Where the work stands: byte, line.
pub(super) async fn place(tx: &mut OrgTx, id: ImportId) -> sqlx::Result<Option<(i64, i64)>> {
    let org = tx.org();
    let found = sqlx::query!(
        "select offset_bytes, lines_done from imports where organization_id = $1 and id = $2 for update",
        org,
        id as ImportId,
    );
    Ok(found.fetch_optional(tx.conn()).await?.map(|row| (row.offset_bytes, row.lines_done)))
}

pub(super) async fn fail(tx: &mut OrgTx, id: ImportId, why: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update imports set status = 'failed', last_error = left($3, 2000), finished_at = $4, updated_at = $4
          where organization_id = $1 and id = $2",
        org,
        id as ImportId,
        why,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn refuse(tx: &mut OrgTx, id: ImportId, refusals: &[Refusal]) -> sqlx::Result<()> {
    let org = tx.org();
    let lines: Vec<i64> =
        refusals.iter().map(|refusal| i64::try_from(refusal.line).unwrap_or(i64::MAX)).collect();
    let reasons: Vec<String> = refusals.iter().map(|refusal| refusal.reason.clone()).collect();
    let cells: Vec<serde_json::Value> =
        refusals.iter().map(|refusal| serde_json::json!(refusal.cells)).collect();
    sqlx::query!(
        "insert into import_refusals (organization_id, import_id, line, reason, cells)
         select $1, $2, line, left(reason, 300), cells
           from unnest($3::bigint[], $4::text[], $5::jsonb[]) as r (line, reason, cells)
         on conflict do nothing",
        org,
        id as ImportId,
        &lines,
        &reasons,
        &cells,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn forget_refusals(tx: &mut OrgTx, id: ImportId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from import_refusals where organization_id = $1 and import_id = $2",
        org,
        id as ImportId
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Refused lines behind a line, in their order.
pub(super) async fn refusals(
    tx: &mut OrgTx,
    id: ImportId,
    after: i64,
    limit: i64,
) -> sqlx::Result<Vec<(i64, String, Vec<String>)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select line, reason, cells from import_refusals
          where organization_id = $1 and import_id = $2 and line > $3 order by line limit $4",
        org,
        id as ImportId,
        after,
        limit,
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.line, row.reason, read(Some(row.cells)).unwrap_or_default()))
        .collect())
}

/// Why lines were refused, the usual reasons first: reason and how many.
pub(super) async fn reasons(tx: &mut OrgTx, id: ImportId) -> sqlx::Result<Vec<(String, i64)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select reason, count(*) as "count!" from import_refusals
            where organization_id = $1 and import_id = $2 group by reason order by count(*) desc, reason limit 12"#,
        org,
        id as ImportId,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.reason, row.count)).collect())
}

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
                    lead_status = coalesce(w.lead_status, c.lead_status)
               from left_alone s, jsonb_to_record(s.was) as w (phone text, first_name text, last_name text, company text,
                    job_title text, website text, street text, city text, region text, postal_code text,
                    country text, language text, customer_code text, custom jsonb, lifecycle_stage text, lead_status text)
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
