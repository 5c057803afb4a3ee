//! The SQL of the files in which somebody stands.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    personal::{Person, held::MOST},
    tenancy::OrgTx,
};

pub(super) async fn import_changes(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(c) - 'organization_id' as "row!" from import_changes c
        where organization_id = $1 and contact_id = $2 order by import_id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_import_changes(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone =
        sqlx::query!("delete from import_changes where organization_id = $1 and contact_id = $2", org, who);
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn refusals(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(r) - 'organization_id' as "row!" from import_refusals r
            where organization_id = $1 and cells::text ~ $2 order by import_id, line limit $3"#,
        org,
        who.pattern(),
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_refusals(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        "delete from import_refusals where organization_id = $1 and cells::text ~ $2",
        org,
        who.pattern(),
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

/// What of the lines that were found in files is somebody's, as text.
fn lines(found: Vec<(Uuid, Vec<u8>)>) -> Vec<Value> {
    let line = |(file, bytes): (Uuid, Vec<u8>)| json!({ "file": file, "line": String::from_utf8_lossy(&bytes).trim_end_matches('\r') });
    found.into_iter().map(line).collect()
}

/// A file is bytes in whatever letters it came in: what is not plain stands as a number, in it as in what is looked
/// for.
pub(super) async fn import_lines(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select p.import_id as file, decode(l.line, 'escape') as "line!"
             from import_pieces p
            cross join lateral regexp_split_to_table(encode(p.bytes, 'escape'), '\n') as l (line)
            where p.organization_id = $1
              and exists (select from unnest($2::text[]) w
                           where position(encode(convert_to(w, 'UTF8'), 'escape') in lower(l.line)) > 0)
            limit $3"#,
        org,
        &who.words,
        MOST,
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(lines(rows.into_iter().map(|row| (row.file, row.line)).collect()))
}

pub(super) async fn export_lines(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select p.export_id as file, decode(l.line, 'escape') as "line!"
             from export_pieces p
            cross join lateral regexp_split_to_table(encode(p.bytes, 'escape'), '\n') as l (line)
            where p.organization_id = $1
              and exists (select from unnest($2::text[]) w
                           where position(encode(convert_to(w, 'UTF8'), 'escape') in lower(l.line)) > 0)
            limit $3"#,
        org,
        &who.words,
        MOST,
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(lines(rows.into_iter().map(|row| (row.file, row.line)).collect()))
}

pub(super) async fn is_in_a_running_import(
    tx: &mut OrgTx,
    who: Uuid,
    words: &[String],
) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select exists (
               select from imports i
                where i.organization_id = $1 and i.status in ('uploading', 'checking', 'running', 'undoing')
                  and i.updated_at > now() - interval '1 day'
                  and (exists (select from import_changes c
                                where c.organization_id = $1 and c.import_id = i.id and c.contact_id = $2)
                       or exists (select from import_pieces p, unnest($3::text[]) w
                                   where p.organization_id = $1 and p.import_id = i.id
                                     and position(encode(convert_to(w, 'UTF8'), 'escape') in lower(encode(p.bytes, 'escape'))) > 0)))
               as "is!""#,
        org,
        who,
        words,
    )
    .fetch_one(tx.conn())
    .await
}

/// Throws away the whole file of each import that holds them. What was not read of it never will be.
pub(super) async fn erase_import_files(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        r#"with holding as (
               select c.import_id as id from import_changes c where c.organization_id = $1 and c.contact_id = $2
               union
               select p.import_id from import_pieces p, unnest($3::text[]) w
                where p.organization_id = $1
                  and position(encode(convert_to(w, 'UTF8'), 'escape') in lower(encode(p.bytes, 'escape'))) > 0
           ),
           closed as (
               update imports i
                  set size_bytes = least(i.size_bytes, i.offset_bytes), sample = '[]',
                      status = case when i.status in ('uploading', 'matching', 'checking', 'ready') then 'cancelled' else i.status end,
                      last_error = case when i.status in ('done', 'undone') then i.last_error
                                        else 'The file was thrown away: somebody in it was erased.' end
                 from holding h
                where i.organization_id = $1 and i.id = h.id
           )
           delete from import_pieces p using holding h where p.organization_id = $1 and p.import_id = h.id"#,
        org,
        who.id,
        &who.words,
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn samples(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select jsonb_build_object('import', i.id, 'file_name', i.file_name, 'sample', s.line) as "row!"
             from imports i
            cross join lateral (select line from jsonb_array_elements(i.sample) of_sample (line)
                                union all
                                select kept -> 'key' from jsonb_path_query(i.unknown, '$.*.cells.keyvalue()', '{}', true) kept
                                union all
                                select kept -> 'key' from jsonb_path_query(i.meanings, '$.*.keyvalue()', '{}', true) kept) s (line)
            where i.organization_id = $1 and s.line::text ~ $2 limit $3"#,
        org,
        who.pattern(),
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_samples(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let org = tx.org();
    let blanked = sqlx::query!(
        "update imports
            set sample = case when sample::text ~ $2 then '[]' else sample end,
                unknown = case when unknown::text ~ $2 then '{}' else unknown end,
                meanings = case when meanings::text ~ $2 then '{}' else meanings end
          where organization_id = $1 and (sample::text ~ $2 or unknown::text ~ $2 or meanings::text ~ $2)",
        org,
        who.pattern(),
    );
    Ok(blanked.execute(tx.conn()).await?.rows_affected())
}

/// Throws away every export file that holds them; one that is being written begins again.
pub(super) async fn erase_export_files(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        r#"with holding as (
               select distinct p.export_id as id from export_pieces p, unnest($3::text[]) w
                where p.organization_id = $1
                  and position(encode(convert_to(w, 'UTF8'), 'escape') in lower(encode(p.bytes, 'escape'))) > 0
               union
               -- Whoever is known by no word may stand in any that was made since they are here.
               select e.id from exports e join contacts c on c.organization_id = $1 and c.id = $2
                where e.organization_id = $1 and cardinality($3) = 0 and e.created_at >= c.created_at
                  and e.status in ('done', 'running')
           ),
           closed as (
               update exports e
                  set status = case when e.status = 'running' then 'running' else 'expired' end, done = 0,
                      after_contact = null, pieces = 0, size_bytes = 0
                 from holding h
                where e.organization_id = $1 and e.id = h.id
           )
           delete from export_pieces p using holding h where p.organization_id = $1 and p.export_id = h.id"#,
        org,
        who.id,
        &who.words,
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn exports(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(e) - 'organization_id' as "row!" from exports e
            where organization_id = $1 and replace(replace(view, '%40', '@'), '+', ' ') ~ $2 limit $3"#,
        org,
        who.pattern(),
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_exports(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let org = tx.org();
    let blanked = sqlx::query!(
        "update exports set view = ''
          where organization_id = $1 and replace(replace(view, '%40', '@'), '+', ' ') ~ $2",
        org,
        who.pattern(),
    );
    Ok(blanked.execute(tx.conn()).await?.rows_affected())
}
