//! The log as a table for other programs (RFC 4180). No cell of it is a formula.

use super::Line;

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
        let row: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        table.push_str(&row.join(","));
        table.push_str("\r\n");
    }
    table
}

/// A cell that a spreadsheet shows and does not run (OWASP, CSV injection).
fn cell(text: &str) -> String {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if runs { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_that_would_run_is_made_harmless() {
        for text in ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"] {
            assert!(cell(text).trim_start_matches('"').starts_with('\''), "{text:?}");
        }
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("plain"), "plain");
    }
}
