//! All SQL that reads the log for its page.

use chrono::{DateTime, Utc};

use super::{Line, filter::LogQuery};
use crate::tenancy::OrgTx;

/// Up to `most` lines that the query describes, the newest first, older than line `older`.
pub(super) async fn lines(
    tx: &mut OrgTx,
    query: &LogQuery,
    (since, until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    older: Option<i64>,
    most: i64,
) -> sqlx::Result<Vec<Line>> {
    let org = tx.org();
    sqlx::query_as!(
        Line,
        "select seq, occurred_at, actor_kind, actor_name, action, outcome, subject_kind, subject_id, subject_name,
                before, after, reason, address, request_id
           from audit_log
          where organization_id = $1
            and ($2::bigint is null or seq < $2)
            and (actor_name ilike $3 or subject_name ilike $3)
            and ($4 = '' or action like $4 || '.%')
            and ($5 = '' or outcome = $5)
            and ($6::timestamptz is null or occurred_at >= $6)
            and ($7::timestamptz is null or occurred_at < $7)
          order by seq desc
          limit $8",
        org,
        older,
        query.pattern(),
        query.kind(),
        query.outcome(),
        since,
        until,
        most,
    )
    .fetch_all(tx.conn())
    .await
}
