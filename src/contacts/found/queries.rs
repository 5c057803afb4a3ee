//! The SQL of finding people. What people type is always bound.

use sqlx::Row as _;
use uuid::Uuid;

use super::Found;
use crate::{
    contacts::segments::{
        compile::{Bound, Compiler},
        matching::{about, bound},
    },
    tenancy::OrgTx,
    web::sought::Sought,
};

/// Of words that fewer people have, the index of words gives them soonest.
const MANY: f64 = 50_000.0;
/// So many of them are put into order.
const SOME: u8 = 50;

/// Who is known by exactly this, whose number ends like it, whose name or address begins with it: each of these is a
/// stretch of an index, whatever was typed.
pub(super) async fn known(tx: &mut OrgTx, sought: &Sought, most: u8) -> sqlx::Result<Vec<Found>> {
    let org = tx.org();
    let exactly = [sought.whole(), sought.typed(), sought.whole().trim_start_matches('@')].map(str::to_owned);
    let (from, until) = sought.range();
    let ending: Option<String> = sought.digits().map(|digits| digits.chars().rev().collect());
    sqlx::query_as!(
        Found,
        r#"with best as (
              select contact_id as id, 0 as place from contact_identities
               where organization_id = $1 and kind = any (array['email', 'telegram', 'external_id', 'customer_code'])
                 and value_norm = any ($2)
              union all
              (select contact_id, 1 from contact_identities_q
                where organization_id = $1 and kind = 'phone'
                  and reverse(value_norm) collate "C" >= $5::text and reverse(value_norm) collate "C" < $5::text || ':'
                limit $6)
              union all
              (select id, 2 from contacts
                where organization_id = $1 and archived_at is null and sort_name >= $3 and sort_name < $4
                order by sort_name, id
                limit $6)
              union all
              (select id, 3 from contacts
                where organization_id = $1 and archived_at is null and email >= $3 and email < $4
                order by email
                limit $6))
           select c.id, c.first_name, c.last_name, c.email, c.phone, c.company
             from (select id, min(place) as place from best group by id) b
             join contacts c on c.organization_id = $1 and c.id = b.id
            where c.archived_at is null
            order by b.place, c.sort_name, c.id
            limit $6"#,
        org,
        &exactly,
        from,
        until,
        ending,
        i64::from(most),
    )
    .fetch_all(tx.conn())
    .await
}

/// In whom every word stands somewhere, by name, but for those who are there already.
pub(super) async fn mentioned(
    tx: &mut OrgTx,
    sought: &Sought,
    (there, most): (&[Uuid], u8),
) -> sqlx::Result<Vec<Found>> {
    let mut compiler = Compiler::new(tx.org(), None, chrono::DateTime::default());
    let words = words(sought, &mut compiler);
    let there = compiler.bind(Bound::Ids(there.to_vec()));
    let wanted = format!("from contacts_q c where {} and {words} and c.id <> all ({there})", compiler.base());
    // Words that many people have are soon found by walking along the names; others by the index of words, where such
    // a walk could go past everybody. Of those the first few that it gives stand for all.
    let many = about(tx, &wanted, compiler.bound.clone()).await?;
    let some = if many < MANY {
        tx.read_by_bitmaps(true).await?;
        format!("(select c.* {wanted} limit {SOME})")
    } else {
        format!("(select c.* {wanted} order by c.sort_name, c.id limit {most})")
    };
    let sql = format!(
        "select c.id, c.first_name, c.last_name, c.email, c.phone, c.company from {some} c
          order by c.sort_name, c.id limit {most}"
    );
    let rows = bound(sql, compiler.bound).fetch_all(tx.conn()).await?;
    tx.read_by_bitmaps(false).await?;
    let found = |row: &sqlx::postgres::PgRow| {
        Ok(Found {
            id: row.try_get(0)?,
            first_name: row.try_get(1)?,
            last_name: row.try_get(2)?,
            email: row.try_get(3)?,
            phone: row.try_get(4)?,
            company: row.try_get(5)?,
        })
    };
    rows.iter().map(found).collect()
}

/// The condition on a row `c` of `contacts_q` in which every word stands somewhere; true where there are none.
pub(in crate::contacts) fn words(sought: &Sought, compiler: &mut Compiler) -> String {
    let mut all = Vec::new();
    for patterns in sought.patterns() {
        let any =
            patterns.into_iter().map(|one| format!("c.search like {}", compiler.bind(Bound::Text(one))));
        all.push(format!("({})", any.collect::<Vec<_>>().join(" or ")));
    }
    if all.is_empty() { "true".to_owned() } else { all.join(" and ") }
}
