//! The SQL of the list, put together out of parts that stand here; what people type is always bound.
//!
//! Reads the view `contacts_q`: a search for part of a word uses its index there only. No expression here
//! can fail on a row, so that no row of another organization is told of by an error.

use sqlx::{FromRow, Row as _};
use uuid::Uuid;

use super::{ListQuery, Row, SheetRow, Sort, sort::Place};
use crate::{
    contacts::{
        found::queries::words,
        segments::{
            compile::{Bound, Compiler},
            matching::bound,
        },
    },
    tenancy::OrgTx,
    web::page::{Cursor, Going, PAGE, Page},
};

/// What a column is in SQL, and what it is as the text of a cursor. Each is that of an index, word for word. Who has
/// no company comes behind those who have one; stages and statuses stand in the order in which they follow.
fn key(sort: Sort) -> (&'static str, &'static str) {
    const COMPANY: &str = "(case when c.company = '' then '1' else '0' || lower(c.company collate \"und-x-icu\") end collate \"C\")";
    match sort {
        Sort::Added => ("c.id", "c.id::text"),
        Sort::Name => ("c.sort_name", "c.sort_name"),
        Sort::Email => ("coalesce(c.email, '')", "coalesce(c.email, '')"),
        Sort::Company => (COMPANY, COMPANY),
        Sort::Stage => (
            "array_position('{subscriber,lead,mql,sql,opportunity,customer,evangelist,inactive}'::text[], c.lifecycle_stage)",
            "array_position('{subscriber,lead,mql,sql,opportunity,customer,evangelist,inactive}'::text[], c.lifecycle_stage)::text",
        ),
        Sort::LeadStatus => (
            "array_position('{new,contacted,qualified,nurturing,converted,lost}'::text[], c.lead_status)",
            "array_position('{new,contacted,qualified,nurturing,converted,lost}'::text[], c.lead_status)::text",
        ),
        Sort::LeadScore => ("c.lead_score", "c.lead_score::text"),
        Sort::Engagement => ("c.engagement_score", "c.engagement_score::text"),
        Sort::Changed => ("c.updated_at", "(extract(epoch from c.updated_at) * 1000000)::bigint::text"),
    }
}

/// What is read of each: what only a few lists show is asked for by those.
fn told(is_own: bool, is_owner: bool, is_active: bool) -> String {
    let custom = if is_own { "c.custom" } else { "'{}'::jsonb" };
    let owner = if is_owner {
        "(select p.name from user_profiles p where p.user_id = c.owner_id)"
    } else {
        "null::text"
    };
    let active = if is_active {
        "(select e.occurred_at from events e where e.organization_id = $1 and e.contact_id = c.id and not e.is_bot
           order by e.occurred_at desc limit 1)"
    } else {
        "null::timestamptz"
    };
    format!(
        "c.id, c.first_name, c.last_name, c.email, c.phone, c.company, c.lifecycle_stage, c.lead_status, c.lead_score,
         c.engagement_score, c.source, c.created_at, c.updated_at,
         array[coalesce(c.email, ''), c.first_name, c.last_name, c.phone, c.company, c.job_title, c.website,
               c.street, c.city, c.region, c.postal_code, c.country, c.language, c.customer_code] as known,
         {custom} as custom, {owner} as owner, {active} as active_at"
    )
}

fn compiler(tx: &OrgTx, query: &ListQuery) -> Compiler {
    let at = query.meaning.as_ref().map(|(_, at)| *at);
    Compiler::new(tx.org(), None, at.unwrap_or_default())
}

/// Whom the view holds, with what the statement is bound to.
fn held(query: &ListQuery, compiler: &mut Compiler) -> String {
    let mut all = vec!["c.organization_id = $1".to_owned()];
    all.push(
        if query.is_archived() {
            "c.archived_at is not null and c.merged_into is null"
        } else {
            "c.archived_at is null"
        }
        .to_owned(),
    );
    let sought = query.sought();
    if !sought.is_empty() {
        all.push(words(&sought, compiler));
    }
    if let Some(list) = query.list() {
        let list = compiler.bind(Bound::Id(list));
        all.push(format!(
            "exists (select 1 from contact_list_members m
                      where m.organization_id = $1 and m.list_id = {list} and m.contact_id = c.id)"
        ));
    }
    if let Some(tag) = query.tag() {
        let tag = compiler.bind(Bound::Id(tag));
        all.push(format!(
            "exists (select 1 from contact_tags w
                       join tags t on t.organization_id = $1 and t.id = w.tag_id and t.archived_at is null
                      where w.organization_id = $1 and w.tag_id = {tag} and w.contact_id = c.id)"
        ));
    }
    if query.sort() == Sort::Email {
        all.push("c.email is not null".to_owned());
    }
    all.extend(query.meaning.as_ref().map(|(meaning, _)| compiler.condition(meaning)));
    all.join(" and ")
}

/// The statement of a view. Without a filter there are few, which are kept; a search is planned for its words.
fn asked(
    query: &ListQuery,
    sql: String,
    compiler: Compiler,
) -> sqlx::query::Query<'static, sqlx::Postgres, sqlx::postgres::PgArguments> {
    bound(sql, compiler.bound).persistent(query.meaning.is_none() && query.sought().is_empty())
}

/// One page of the contacts that `query` describes.
pub(super) async fn page(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<Page<Row>> {
    let (going, sort) = (query.going(), query.sort());
    let cursor = query.cursor().and_then(|cursor| Some((sort.place(&cursor.value)?, cursor.id)));
    let is_from_start = cursor.is_none();
    let (column, text) = key(sort);
    // Reading upwards: an ascending list forwards, or a descending one backwards.
    let is_up = query.is_descending() == (going == Going::Back);
    let (beyond, order) = if is_up { (">", "asc") } else { ("<", "desc") };
    let mut compiler = compiler(tx, query);
    let mut held = held(query, &mut compiler);
    if let Some((place, id)) = cursor {
        let id = compiler.bind(Bound::Id(id));
        let value = match place {
            Place::Id => None,
            Place::Text(value) => Some(Bound::Text(value)),
            Place::Number(value) => Some(Bound::Number(value)),
            Place::Moment(value) => Some(Bound::Moment(value)),
        };
        held += &match value.map(|value| compiler.bind(value)) {
            None => format!(" and c.id {beyond} {id}"),
            Some(value) => format!(" and ({column}, c.id) {beyond} ({value}, {id})"),
        };
    }
    let order = match sort {
        Sort::Added => format!("c.id {order}"),
        _ => format!("{column} {order}, c.id {order}"),
    };
    let told = told(query.shows("custom."), query.shows("owner"), query.shows("last_activity"));
    let sql = format!(
        "select {told}, {text} as sort_value
           from contacts_q c
          where {held}
          order by {order}
          limit {}",
        PAGE + 1,
    );
    let rows = asked(query, sql, compiler).fetch_all(tx.conn()).await?;
    let rows = rows.iter().map(Row::from_row).collect::<sqlx::Result<Vec<Row>>>()?;
    let at = |row: &Row| Cursor { value: row.sort_value.clone(), id: row.id };
    Ok(Page::cut(rows, going, is_from_start, at))
}

/// What somebody is sorted by, as the text of a cursor.
pub(super) async fn sort_value(tx: &mut OrgTx, sort: Sort, id: Uuid) -> sqlx::Result<Option<String>> {
    let mut compiler = Compiler::new(tx.org(), None, chrono::DateTime::UNIX_EPOCH);
    let (id, (_, text)) = (compiler.bind(Bound::Id(id)), key(sort));
    let sql = format!("select {text} from contacts_q c where c.organization_id = $1 and c.id = {id}");
    let found = bound(sql, compiler.bound).persistent(true).fetch_optional(tx.conn()).await?;
    found.map(|row| row.try_get(0)).transpose()
}

/// Beyond so many, a number is not counted to its end.
pub(super) const MOST: i64 = 100_000;

/// How many contacts the view holds, up to one more than [`MOST`].
pub(super) async fn count(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<i64> {
    let mut compiler = compiler(tx, query);
    let held = held(query, &mut compiler);
    let sql = format!(
        "select count(*) from (select 1 from contacts_q c where {held} limit {}) some_of_them",
        MOST + 1
    );
    asked(query, sql, compiler).fetch_one(tx.conn()).await?.try_get(0)
}

/// How many contacts the organization has, archived ones left aside; not counted beyond [`MOST`].
pub(super) async fn is_empty(tx: &mut OrgTx) -> sqlx::Result<bool> {
    let org = tx.org();
    let is_any = sqlx::query_scalar!(
        r#"select exists (select 1 from contacts where organization_id = $1) as "exists!""#,
        org,
    );
    Ok(!is_any.fetch_one(tx.conn()).await?)
}

/// Settles that a change is about those in the view as it is now, in the order in which they came.
pub(super) async fn choose(tx: &mut OrgTx, query: &ListQuery, change: Uuid) -> sqlx::Result<()> {
    let mut compiler = compiler(tx, query);
    let held = held(query, &mut compiler);
    let change = compiler.bind(Bound::Id(change));
    let sql = format!(
        "insert into contact_change_pieces (organization_id, change_id, piece, whom)
         select $1, {change}, (n.nth - 1) / 1000, array_agg(n.id order by n.nth)
           from (select c.id, row_number() over (order by c.id) as nth from contacts_q c where {held}) n
          group by 3"
    );
    asked(query, sql, compiler).execute(tx.conn()).await?;
    Ok(())
}

/// Up to so many of the view behind somebody, in the order in which they came, with everything that is known of them.
pub(super) async fn sheet(
    tx: &mut OrgTx,
    query: &ListQuery,
    (after, most): (Uuid, usize),
) -> sqlx::Result<Vec<SheetRow>> {
    let mut compiler = compiler(tx, query);
    let held = held(query, &mut compiler);
    let after = compiler.bind(Bound::Id(after));
    let told = told(true, query.shows("owner"), query.shows("last_activity"));
    let sql = format!(
        "select {told},
                array(select t.name from contact_tags w
                        join tags t on t.organization_id = $1 and t.id = w.tag_id and t.archived_at is null
                       where w.organization_id = $1 and w.contact_id = c.id
                       order by lower(t.name)) as tags
           from contacts_q c
          where {held} and c.id > {after}
          order by c.id
          limit {most}"
    );
    let rows = asked(query, sql, compiler).fetch_all(tx.conn()).await?;
    rows.iter().map(SheetRow::from_row).collect()
}
