//! The SQL of measuring.

use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use super::campaign::{self, Standing};
use crate::tenancy::OrgTx;

/// A bare table with so many rows, for comparing.
pub(super) async fn fill_reference(conn: &mut PgConnection, count: i64) -> sqlx::Result<()> {
    sqlx::query(
        "create table bench_reference
             (id bigint primary key, run_at timestamptz not null default now(), payload jsonb)",
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query(
        "insert into bench_reference (id, payload) select n, '\"succeed\"' from generate_series(1, $1) n",
    )
    .bind(count)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes up to so many rows that nobody else is taking.
pub(super) async fn take_reference(conn: &mut PgConnection, limit: i64) -> sqlx::Result<u64> {
    let taken = sqlx::query(
        "with due as materialized (select id from bench_reference order by run_at, id limit $1 for update skip locked)
         delete from bench_reference r using due where r.id = due.id",
    )
    .bind(limit)
    .execute(conn)
    .await?;
    Ok(taken.rows_affected())
}

/// Orders so many jobs at once.
pub(super) async fn order_many(tx: &mut OrgTx, kind: &str, payload: &Value, count: i64) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into job_queue (organization_id, id, kind, payload, max_attempts)
         select $1, gen_random_uuid(), $2, $3, 5 from generate_series(1, $4::bigint)",
        org,
        kind,
        payload,
        count,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn organization(conn: &mut PgConnection, slug: &str) -> sqlx::Result<Uuid> {
    sqlx::query_scalar("select id from organizations where slug = $1").bind(slug).fetch_one(conn).await
}

/// Somebody with an account.
pub(super) async fn somebody(conn: &mut PgConnection) -> sqlx::Result<Uuid> {
    sqlx::query_scalar("select id from users order by id limit 1").fetch_one(conn).await
}

/// So many people in a list of their own, a design of some 10 KB, and a campaign to them that may begin. As
/// the owner of the database: it is not the making that is measured.
pub(super) async fn campaign(
    conn: &mut PgConnection,
    org: Uuid,
    (people, connections): (i64, i32),
    port: u16,
) -> sqlx::Result<Uuid> {
    let [campaign, broadcast, sender, design, list] = campaign::ids();
    let statements = [
        "insert into mail_servers (organization_id, host, port, encryption, connections, updated_at)
         values ($1, '127.0.0.1', $8, 'none', $9, now())
         on conflict (organization_id) do update set host = '127.0.0.1', port = $8, connections = $9",
        "insert into sender_identities (organization_id, id, name, email, created_at)
         values ($1, $4, 'Bench', 'news@bench.test', now())",
        "insert into contact_lists (organization_id, id, name, created_at, updated_at)
         values ($1, $6, 'Bench', now(), now())",
        "with them as (
             insert into contacts (organization_id, id, email, first_name, last_name, company, city, created_at, updated_at)
             select $1, md5('bench' || n)::uuid, 'p' || n || '@d' || n % 50 || '.test', 'Person ' || n, 'Number', 'Firm ' || n % 997,
                    'Town', now(), now()
               from generate_series(1, $7::bigint) n
             returning id
         )
         insert into contact_list_members (organization_id, list_id, contact_id, source, joined_at)
         select $1, $6, id, 'bench', now() from them order by id",
        "insert into designs (organization_id, id, name, created_at, updated_at) values ($1, $5, 'Bench', now(), now())",
        r#"insert into design_blocks (organization_id, id, design_id, position, kind, props)
         select $1, gen_random_uuid(), $5, n, case n when 9 then 'footer' else 'text' end,
                case n when 9 then '{}'::jsonb else jsonb_build_object('size', '16', 'align', 'left', 'html',
                    '<p>Dear {{ contact.first_name | default("friend") }}, in {{ contact.city | default("town") }} it is spring, and '
                    || repeat('our offers are new. ', 12) || '<a href="https://shop.test/' || least(n, 2) || '">Look</a></p>') end
           from generate_series(0, 9) n"#,
        "insert into campaigns (organization_id, id, name, created_at, updated_at) values ($1, $2, 'Bench', now(), now())",
        r#"insert into broadcasts (organization_id, id, campaign_id, status, sender_id, subject, preview_text, design_id, begins_at,
                                 created_at, updated_at)
         values ($1, $3, $2, 'queued', $4, 'News for {{ contact.first_name | default("you") }}', 'Spring', $5, now(), now(), now())"#,
        "insert into campaign_audiences (organization_id, broadcast_id, list_id, mode) values ($1, $3, $6, 'include')",
        "analyze contacts, contact_list_members",
    ];
    for statement in statements {
        let literal = |at: &str| match at {
            "$1" => format!("'{org}'"),
            "$2" => format!("'{campaign}'"),
            "$3" => format!("'{broadcast}'"),
            "$4" => format!("'{sender}'"),
            "$5" => format!("'{design}'"),
            "$6" => format!("'{list}'"),
            "$7" => people.to_string(),
            "$8" => port.to_string(),
            _ => connections.to_string(),
        };
        let mut sql = statement.to_owned();
        for at in ["$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9"] {
            sql = sql.replace(at, &literal(at));
        }
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *conn).await?;
    }
    Ok(broadcast)
}

pub(super) async fn standing(conn: &mut PgConnection, org: Uuid, broadcast: Uuid) -> sqlx::Result<Standing> {
    let row: (bool, String, String) = sqlx::query_as(
        "select frozen_at is not null, status, trouble from broadcasts where organization_id = $1 and id = $2",
    )
    .bind(org)
    .bind(broadcast)
    .fetch_one(conn)
    .await?;
    let (is_frozen, status, trouble) = row;
    let has_failed = ["failed", "paused"].contains(&status.as_str());
    Ok(Standing { is_frozen, is_over: status == "sent", has_failed, trouble })
}
