//! The log as a table for other programs (RFC 4180). No cell of it is a formula.

use super::Line;
use crate::csv;

const HEAD: &str =
    "Number,When (UTC),Who,Kind,Action,Outcome,On,Id,Name,Before,After,Reason,Address,Request\r\n";

/// The whole table.
pub fn of(lines: &[Line]) -> String {
    let mut table = HEAD.to_owned();
    for line in lines {
        let json =
            |value: &Option<serde_json::Value>| value.as_ref().map(ToString::to_string).unwrap_or_default();
        let cells = [
            line.seq.to_string(),
            line.occurred_at.format("%Y-%m-%d %H:%M:%S").to_string(),
            line.actor_name.clone(),
            line.actor_kind.clone(),
            line.action.clone(),
            line.outcome.clone(),
            line.subject_kind.clone(),
            line.subject_id.clone(),
            line.subject_name.clone(),
            json(&line.before),
            json(&line.after),
            line.reason.clone(),
            line.address.clone(),
            line.request_id.clone(),
        ];
        table.push_str(&csv::line(cells));
    }
    table
}
