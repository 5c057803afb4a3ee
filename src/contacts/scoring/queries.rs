//! The SQL of scores.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::Row;
use uuid::Uuid;

use super::{Score, ScoreRule, ScoreRuleId, Wanted, Whom, views::Given};
use crate::{
    contacts::{
        ContactId,
        segments::{
            compile::{Bound, Compiler},
            matching::{bound, make_room},
            test::Meaning,
        },
    },
    tenancy::OrgTx,
};

/// Lists that are put together by hand: id and name.
pub(super) async fn plain_lists(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select id, name from contact_lists
          where organization_id = $1 and kind = 'static' and archived_at is null
          order by lower(name), id limit 1000",
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id.to_string(), row.name)).collect())
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    id: ScoreRuleId,
    (wanted, rule): (&Wanted, &Value),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into score_rules (organization_id, id, score, points, rule, created_at)
         values ($1, $2, $3, $4, $5, $6)",
        org,
        id as ScoreRuleId,
        wanted.score as Score,
        wanted.points,
        rule,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn remove(tx: &mut OrgTx, id: ScoreRuleId, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update score_rules set removed_at = $3 where organization_id = $1 and id = $2 and removed_at is null",
        org,
        id as ScoreRuleId,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes back that it was taken away; it is to be worked out.
pub(super) async fn restore(tx: &mut OrgTx, id: ScoreRuleId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update score_rules set removed_at = null, refreshed_at = null where organization_id = $1 and id = $2",
        org,
        id as ScoreRuleId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Nobody else adds rules to this workspace until the transaction ends.
pub(super) async fn lock(tx: &mut OrgTx) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('scores:' || $1::uuid::text, 0))", org)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The rules that give points now: what gives most first.
pub(super) async fn standing(tx: &mut OrgTx) -> sqlx::Result<Vec<ScoreRule>> {
    let org = tx.org();
    sqlx::query_as!(
        ScoreRule,
        r#"select id, score as "score: Score", points, rule, removed_at, refreshed_at, refresh_error
             from score_rules where organization_id = $1 and removed_at is null
            order by score desc, points desc, id limit 100"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn find(tx: &mut OrgTx, id: ScoreRuleId) -> sqlx::Result<Option<ScoreRule>> {
    let org = tx.org();
    sqlx::query_as!(
        ScoreRule,
        r#"select id, score as "score: Score", points, rule, removed_at, refreshed_at, refresh_error
             from score_rules where organization_id = $1 and id = $2"#,
        org,
        id as ScoreRuleId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// A rule, held until the transaction ends: its points are given by one at a time.
pub(super) async fn held(tx: &mut OrgTx, id: ScoreRuleId) -> sqlx::Result<Option<ScoreRule>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select id from score_rules where organization_id = $1 and id = $2 for no key update",
        org,
        id as ScoreRuleId,
    )
    .fetch_optional(tx.conn())
    .await?;
    find(tx, id).await
}

/// How many people each rule holds.
pub(super) async fn people(tx: &mut OrgTx) -> sqlx::Result<Vec<(Uuid, i64)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select rule_id, count(*) as "people!" from score_holdings where organization_id = $1 group by rule_id"#,
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.rule_id, row.people)).collect())
}

pub(super) async fn refreshed(
    tx: &mut OrgTx,
    id: ScoreRuleId,
    (now, error): (DateTime<Utc>, &str),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update score_rules set refreshed_at = $3, refresh_error = left($4, 1000)
          where organization_id = $1 and id = $2",
        org,
        id as ScoreRuleId,
        now,
        error,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Whom a rule holds that has not its points, and whom it does not hold that has.
pub(super) async fn moving(
    tx: &mut OrgTx,
    rule: &ScoreRule,
    meaning: &Meaning,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Whom>> {
    let mut compiler = Compiler::new(tx.org(), None, now);
    let condition = compiler.condition(meaning);
    let (base, id) = (compiler.base(), compiler.bind(Bound::Id(rule.id.0)));
    make_room(tx).await?;
    let sql = format!(
        "with want as materialized (select c.id from contacts_q c where {base} and {condition}),
         have as materialized (
            select h.contact_id as id from score_holdings h where h.organization_id = $1 and h.rule_id = {id})
         select array((table want except table have) union all (table have except table want) order by 1)"
    );
    bound(sql, compiler.bound).fetch_one(tx.conn()).await?.try_get(0)
}

/// Gives and takes a rule's points, in the ledger too; whom of.
pub(super) async fn settle(
    tx: &mut OrgTx,
    rule: &ScoreRule,
    meaning: &Meaning,
    (some, now): (Option<&[Whom]>, DateTime<Utc>),
) -> sqlx::Result<Vec<Whom>> {
    let mut compiler = Compiler::new(tx.org(), some, now);
    let condition = compiler.condition(meaning);
    let base = compiler.base();
    let (id, at) = (compiler.bind(Bound::Id(rule.id.0)), compiler.bind(Bound::Moment(now)));
    let points = compiler.bind(Bound::Number(i64::from(rule.points)));
    let among = if some.is_some() { "and h.contact_id = any ($2)" } else { "" };
    let sql = format!(
        "with want as materialized (select c.id from contacts_q c where {base} and {condition}),
         gone as (
            delete from score_holdings h
             where h.organization_id = $1 and h.rule_id = {id} {among}
               and not exists (select from want where want.id = h.contact_id)
            returning h.contact_id),
         came as (
            insert into score_holdings (organization_id, rule_id, contact_id)
            select $1, {id}, want.id from want
             where not exists (select from score_holdings h
                                where h.organization_id = $1 and h.rule_id = {id} and h.contact_id = want.id)
             order by want.id
            on conflict do nothing
            returning contact_id),
         told as (
            insert into score_entries (organization_id, contact_id, id, rule_id, points, occurred_at)
            select $1, moved.contact_id, gen_random_uuid(), {id}, moved.points, {at}
              from (select contact_id, {points}::bigint as points from came
                     union all select contact_id, -{points}::bigint from gone) moved)
         select array(select contact_id from came union all select contact_id from gone)"
    );
    bound(sql, compiler.bound).fetch_one(tx.conn()).await?.try_get(0)
}

/// Adds up what these people have, between 0 and 100; whom it changed.
pub(super) async fn total(tx: &mut OrgTx, whom: &[Whom]) -> sqlx::Result<Vec<Whom>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update contacts c set lead_score = s.lead, engagement_score = s.engagement
           from (select w.id,
                        least(100, greatest(0, coalesce(sum(r.points) filter (where r.score = 'lead'), 0)))
                            as lead,
                        least(100, greatest(0, coalesce(sum(r.points) filter (where r.score = 'engagement'), 0)))
                            as engagement
                   from unnest($2::uuid[]) as w (id)
                   left join score_holdings h on h.organization_id = $1 and h.contact_id = w.id
                   left join score_rules r on r.organization_id = $1 and r.id = h.rule_id
                  group by w.id
                  order by w.id) s
          where c.organization_id = $1 and c.id = s.id
            and (c.lead_score, c.engagement_score) is distinct from (s.lead, s.engagement)
         returning c.id",
        org,
        whom,
    )
    .fetch_all(tx.conn())
    .await
}

/// Both scores of somebody.
pub(super) async fn scores(tx: &mut OrgTx, id: ContactId) -> sqlx::Result<Option<(i16, i16)>> {
    let org = tx.org();
    let found = sqlx::query!(
        "select lead_score, engagement_score from contacts where organization_id = $1 and id = $2",
        org,
        id as ContactId,
    );
    Ok(found.fetch_optional(tx.conn()).await?.map(|row| (row.lead_score, row.engagement_score)))
}

/// What somebody has now: the ids of rules.
pub(super) async fn holding(tx: &mut OrgTx, id: ContactId) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select rule_id from score_holdings where organization_id = $1 and contact_id = $2",
        org,
        id as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}

/// The ledger of somebody, the newest first.
pub(super) async fn given(
    tx: &mut OrgTx,
    id: ContactId,
    (before, limit): (Option<DateTime<Utc>>, i64),
) -> sqlx::Result<Vec<Given>> {
    let org = tx.org();
    sqlx::query_as!(
        Given,
        r#"select e.points, e.occurred_at, r.id as rule_id, r.score as "score: Score", r.rule, r.points as worth
             from score_entries e
             join score_rules r on r.organization_id = e.organization_id and r.id = e.rule_id
            where e.organization_id = $1 and e.contact_id = $2 and ($3::timestamptz is null or e.occurred_at < $3)
            order by e.occurred_at desc, e.points, e.id limit $4"#,
        org,
        id as ContactId,
        before,
        limit,
    )
    .fetch_all(tx.conn())
    .await
}
