//! The SQL of imports: what is known of a file, what was decided about it, and its steps.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Counts, Import, ImportId, Undone, format::Format, known_by::KnownBy, looks::Part, other::Sheet,
    remembered::Remembered, values::Unknown,
};
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

/// What a file looks like.
pub(super) struct Looks<'a> {
    pub encoding: &'a str,
    pub format: &'a Format,
    /// Which column is probably what.
    pub mapping: &'a [String],
    pub shape: Option<&'a [u8]>,
    pub remembered: Option<&'a Remembered>,
}

/// The file is there, whole.
pub(super) async fn uploaded(
    tx: &mut OrgTx,
    id: ImportId,
    part: Part,
    looks: &Looks<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    let Looks { encoding, format, shape, remembered, .. } = looks;
    let mapping = remembered.map_or(looks.mapping, |like| &like.mapping);
    sqlx::query!(
        "update imports
            set status = 'matching', size_bytes = $3, encoding = $4, delimiter = $5, has_header = $6, sample = $7,
                mapping = $8, updated_at = $9, shape = $10, remembered_id = $11, mode = coalesce($12, mode),
                known_by = coalesce($13, known_by), meanings = coalesce($14, meanings),
                begins_at = $15, unknown = '{}', checked = null, offset_bytes = 0, lines_done = 0
          where organization_id = $1 and id = $2",
        org,
        id as ImportId,
        part.bytes,
        *encoding,
        char::from(format.delimiter).to_string(),
        format.has_header,
        serde_json::json!(format.sample),
        serde_json::json!(mapping),
        now,
        *shape,
        remembered.map(|like| like.id) as Option<ImportId>,
        remembered.map(|like| like.mode.as_str()),
        remembered.map(|like| like.known_by.key()),
        remembered.map(|like| serde_json::json!(like.meanings)),
        part.begins_at,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps which tables the file holds.
pub(super) async fn keep_sheets(tx: &mut OrgTx, id: ImportId, sheets: &[Sheet]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update imports set sheets = $3 where organization_id = $1 and id = $2",
        org,
        id as ImportId,
        serde_json::json!(sheets),
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
    begins_at: i64,
    sheets: serde_json::Value,
    encoding: String,
    delimiter: String,
    has_header: bool,
    sample: serde_json::Value,
    mapping: serde_json::Value,
    like_name: Option<String>,
    like_at: Option<DateTime<Utc>>,
    mode: String,
    known_by: String,
    list_id: Option<Uuid>,
    tag_id: Option<Uuid>,
    tag_name: Option<String>,
    owner_id: Option<Uuid>,
    consent_state: String,
    consent_wording: String,
    unknown: serde_json::Value,
    meanings: serde_json::Value,
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
            begins_at: row.begins_at,
            sheets: read(Some(row.sheets)).unwrap_or_default(),
            encoding: row.encoding,
            delimiter: row.delimiter,
            has_header: row.has_header,
            sample: read(Some(row.sample)).unwrap_or_default(),
            mapping: read(Some(row.mapping)).unwrap_or_default(),
            like: row.like_name.zip(row.like_at),
            mode: row.mode,
            known_by: KnownBy::called(&row.known_by).unwrap_or_default(),
            list: row.list_id,
            tag: row.tag_id.map(TagId),
            tag_name: row.tag_name,
            owner: row.owner_id,
            consent_state: row.consent_state,
            consent_wording: row.consent_wording,
            unknown: read(Some(row.unknown)).unwrap_or_default(),
            meanings: read(Some(row.meanings)).unwrap_or_default(),
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
        r#"select i.id, i.status, i.file_name, i.size_bytes, i.begins_at, i.sheets, i.encoding, i.delimiter, i.has_header, i.sample,
                  i.mapping, r.file_name as "like_name?", r.finished_at as like_at, i.mode, i.known_by, i.list_id, i.tag_id, t.name as "tag_name?", i.owner_id, i.consent_state, i.consent_wording,
                  i.unknown, i.meanings, i.checked, i.done, i.undone, i.offset_bytes, i.last_error, i.created_at, i.started_at, i.finished_at
             from imports i
             left join imports r on r.organization_id = $1 and r.id = i.remembered_id
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
        r#"select id, status, file_name, size_bytes, begins_at, '[]'::jsonb as "sheets!", encoding, delimiter,
                  has_header, '[]'::jsonb as "sample!",
                  '[]'::jsonb as "mapping!", null::text as like_name, null::timestamptz as like_at, mode, known_by, list_id, tag_id, null::text as tag_name, owner_id, consent_state,
                  consent_wording, '{}'::jsonb as "unknown!", '{}'::jsonb as "meanings!", checked, done, undone, offset_bytes, last_error, created_at, started_at, finished_at
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
    /// Whether what was remembered is not to be.
    pub is_afresh: bool,
    pub mode: &'a str,
    pub known_by: KnownBy,
    pub list: Option<Uuid>,
    pub tag: Option<TagId>,
    pub owner: Option<Uuid>,
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
                consent_wording = $8, tag_id = $10, known_by = $11, owner_id = $12, unknown = '{}',
                meanings = case when $13 then '{}' else meanings end,
                remembered_id = case when $13 then null else remembered_id end, checked = null, offset_bytes = 0, lines_done = 0, last_error = '',
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
        decided.known_by.key(),
        decided.owner,
        decided.is_afresh,
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
    (counts, unknown): (&Counts, &Unknown),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let written = sqlx::query!(
        "update imports
            set offset_bytes = $4, lines_done = $5, updated_at = $7,
                checked = case when $3 = 'checking' then $6 else checked end,
                unknown = case when $3 = 'checking' then $8 else unknown end,
                done = case when $3 = 'running' then $6 else done end
          where organization_id = $1 and id = $2 and status = $3",
        org,
        id as ImportId,
        status,
        offset,
        line,
        serde_json::json!(counts),
        now,
        serde_json::json!(unknown),
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
