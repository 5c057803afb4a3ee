//! The statements that are put together out of what [`compile`](super::super::compile) gives.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{
    AssertSqlSafe, Postgres, Row,
    postgres::{PgArguments, PgRow},
    types::Json,
};
use uuid::Uuid;

use super::{Moved, Person};
use crate::{
    contacts::{
        lists::ListId,
        segments::{
            compile::{Bound, Compiler},
            test::Meaning,
        },
    },
    tenancy::OrgTx,
};

pub(in crate::contacts) fn bound(
    sql: String,
    values: Vec<Bound>,
) -> sqlx::query::Query<'static, Postgres, PgArguments> {
    // Not kept: each rule is its own statement, and its plan is made for its values.
    let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
    for value in values {
        query = match value {
            Bound::Text(value) => query.bind(value),
            Bound::Texts(value) => query.bind(value),
            Bound::Id(value) => query.bind(value),
            Bound::Ids(value) => query.bind(value),
            Bound::Number(value) => query.bind(value),
            Bound::Moment(value) => query.bind(value),
        };
    }
    query
}

/// How many people each of these holds by itself, of everybody or of these.
pub async fn counts(
    tx: &mut OrgTx,
    all: &[Meaning],
    who: (Option<&[Uuid]>, DateTime<Utc>),
) -> sqlx::Result<Vec<i64>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    Ok(one_pass(tx, all, &Meaning::Any(Vec::new()), who).await?.0)
}

/// The same of everybody, and the newest of those whom one of these holds.
pub(in crate::contacts::segments) async fn counts_and_newest(
    tx: &mut OrgTx,
    all: &[Meaning],
    of: &Meaning,
    now: DateTime<Utc>,
) -> sqlx::Result<(Vec<i64>, Vec<Person>)> {
    let (counts, newest) = one_pass(tx, all, of, (None, now)).await?;
    let org = tx.org();
    let rows = sqlx::query(
        "select id, first_name, last_name, email, company, city from contacts_q
          where organization_id = $1 and id = any ($2) order by id desc",
    )
    .bind(org)
    .bind(newest)
    .fetch_all(tx.conn())
    .await?;
    Ok((counts, rows.iter().map(person).collect::<sqlx::Result<_>>()?))
}

/// Each person is looked at once, however many ask.
async fn one_pass(
    tx: &mut OrgTx,
    all: &[Meaning],
    of: &Meaning,
    (some, now): (Option<&[Uuid]>, DateTime<Utc>),
) -> sqlx::Result<(Vec<i64>, Vec<Uuid>)> {
    let mut compiler = Compiler::new(tx.org(), some, now);
    let columns = compiler.columns(all);
    let counts: Vec<String> =
        all.iter().map(|one| format!("count(*) filter (where {})", compiler.condition(one))).collect();
    // What stands behind `offset` is not taken apart: the columns are worked out once.
    let sql = format!(
        "select counted.counts, array(select id from unnest(counted.held) id order by id desc limit 10)
           from (select array[{}]::bigint[] as counts, array_agg(c.id) filter (where {}) as held
                   from (select c.id, c.email{columns} from contacts_q c where {} offset 0) c) counted",
        counts.join(", "),
        compiler.condition(of),
        compiler.base()
    );
    make_room(tx).await?;
    let row = bound(sql, compiler.bound).fetch_one(tx.conn()).await?;
    Ok((row.try_get(0)?, row.try_get(1)?))
}

/// Room for who is in a list or did something, as a table in memory: without it everybody would be compared with each
/// of them.
pub(in crate::contacts) async fn make_room(tx: &mut OrgTx) -> sqlx::Result<()> {
    sqlx::query("set local work_mem = '128MB'").execute(tx.conn()).await?;
    Ok(())
}

/// About how many contacts the organization has, as the planner knows it.
pub async fn about_how_many(tx: &mut OrgTx) -> sqlx::Result<f64> {
    let org = tx.org();
    about(tx, "from contacts where organization_id = $1", vec![Bound::Id(org)]).await
}

/// About how many rows there are, as the planner knows it, of what is asked for behind `select`.
pub(in crate::contacts) async fn about(
    tx: &mut OrgTx,
    wanted: &str,
    values: Vec<Bound>,
) -> sqlx::Result<f64> {
    let plan = bound(format!("explain (format json) select {wanted}"), values).fetch_one(tx.conn()).await?;
    let plan: Json<Value> = plan.try_get(0)?;
    Ok(plan.pointer("/0/Plan/Plan Rows").and_then(Value::as_f64).unwrap_or_default())
}

/// Some contacts of the organization, out of this share of the pages of the table, in hundredths.
pub(in crate::contacts::segments) async fn sample(tx: &mut OrgTx, share: f64) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    // The same for the same people, so that a number does not change while nothing else does.
    sqlx::query_scalar(
        "select id from contacts tablesample system ($2) repeatable (1)
          where organization_id = $1 and archived_at is null",
    )
    .bind(org)
    .bind(share)
    .fetch_all(tx.conn())
    .await
}

/// The newest of those whom a rule holds.
pub(in crate::contacts::segments) async fn some(
    tx: &mut OrgTx,
    rule: &Meaning,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Person>> {
    let mut compiler = Compiler::new(tx.org(), None, now);
    let condition = compiler.condition(rule);
    let sql = format!(
        "select c.id, c.first_name, c.last_name, c.email, c.company, c.city from contacts_q c
          where {} and {condition} order by c.id desc limit 10",
        compiler.base()
    );
    let rows = bound(sql, compiler.bound).fetch_all(tx.conn()).await?;
    rows.iter().map(person).collect()
}

fn person(row: &PgRow) -> sqlx::Result<Person> {
    Ok(Person {
        id: row.try_get(0)?,
        first_name: row.try_get(1)?,
        last_name: row.try_get(2)?,
        email: row.try_get(3)?,
        company: row.try_get(4)?,
        city: row.try_get(5)?,
    })
}

/// Which of these are true of somebody; nothing when they are not there, or archived.
pub async fn truths(
    tx: &mut OrgTx,
    contact: Uuid,
    all: &[Meaning],
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Vec<bool>>> {
    let truths = truths_of(tx, &[contact], all, now).await?;
    Ok(truths.into_iter().next().map(|(_, truths)| truths))
}

/// Which of these are true of each of those people who are there.
pub async fn truths_of(
    tx: &mut OrgTx,
    whom: &[Uuid],
    all: &[Meaning],
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<(Uuid, Vec<bool>)>> {
    let mut compiler = Compiler::new(tx.org(), Some(whom), now);
    let conditions: Vec<String> = all.iter().map(|one| compiler.condition(one)).collect();
    let sql = format!(
        "select c.id, array[{}]::boolean[] from contacts_q c where {} order by c.id",
        conditions.join(", "),
        compiler.base()
    );
    let rows = bound(sql, compiler.bound).fetch_all(tx.conn()).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// Puts into a segment whom its rule holds and takes out whom it does not: everybody, or these people only.
pub(in crate::contacts::segments) async fn settle(
    tx: &mut OrgTx,
    segment: ListId,
    rule: &Meaning,
    (some, now): (Option<&[Uuid]>, DateTime<Utc>),
) -> sqlx::Result<Moved> {
    let mut compiler = Compiler::new(tx.org(), some, now);
    let condition = compiler.condition(rule);
    let base = compiler.base();
    make_room(tx).await?;
    let (list, at) = (compiler.bind(Bound::Id(segment.0)), compiler.bind(Bound::Moment(now)));
    let among = if some.is_some() { "and m.contact_id = any ($2)" } else { "" };
    let sql = format!(
        "with want as materialized (select c.id from contacts_q c where {base} and {condition}),
         gone as (
            delete from contact_list_members m
             where m.organization_id = $1 and m.list_id = {list} {among}
               and not exists (select from want where want.id = m.contact_id)
            returning m.contact_id),
         came as (
            insert into contact_list_members (organization_id, list_id, contact_id, source, joined_at)
            select $1, {list}, want.id, 'Rule', {at} from want
             where not exists (select from contact_list_members m
                                where m.organization_id = $1 and m.list_id = {list} and m.contact_id = want.id)
             order by want.id
            on conflict do nothing
            returning contact_id)
         select array(select contact_id from came), array(select contact_id from gone)"
    );
    let row = bound(sql, compiler.bound).fetch_one(tx.conn()).await?;
    Ok(Moved { came: row.try_get(0)?, gone: row.try_get(1)? })
}
