//! A small file at once, where nobody is there to look at it first: in one transaction, as the same steps do it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Counts, Import, ImportId, KnownBy,
    format::Format,
    lines::{Plan, Refusal},
    looks::{self, Part},
    pieces,
    queries::{self, Decided},
    records::{Record, Records},
    refusals,
    seen::Seen,
    stage::{self, Order},
    values::Unknown,
};
use crate::{contacts::fields, contacts::identities, tenancy::OrgTx};

/// A file with a header, and what was decided about it.
pub struct Small<'a> {
    pub name: &'a str,
    pub text: &'a str,
    pub mapping: &'a [&'a str],
    pub known_by: KnownBy,
}

/// Fills in what is empty of those who are there, adds the others, and says nothing about consent.
pub async fn bring(tx: &mut OrgTx, file: &Small<'_>, by: Uuid, now: DateTime<Utc>) -> sqlx::Result<ImportId> {
    let (id, bytes) = (ImportId::new(), file.text.as_bytes());
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let format = Format::of(bytes, true);
    queries::insert(tx, id, (file.name, by), now).await?;
    pieces::add(tx, id, 0, bytes).await?;
    looks::keep(tx, (id, Part { begins_at: 0, bytes: size }), ("UTF-8", &format), now).await?;
    let mapping: Vec<String> = file.mapping.iter().map(ToString::to_string).collect();
    let decided = Decided {
        has_header: true,
        mapping: &mapping,
        is_afresh: false,
        mode: "fill",
        known_by: file.known_by,
        list: None,
        tag: None,
        owner: None,
        consent_state: "unknown",
        consent_wording: "",
    };
    queries::decide(tx, id, &decided, now).await?;
    queries::step(tx, id, (&["checking"], "running"), now).await?;
    let Some(import) = queries::find(tx, id).await? else { return Ok(id) };
    let (counts, line) = write(tx, &import, bytes, now).await?;
    let line = i64::try_from(line).unwrap_or(i64::MAX);
    queries::advance(tx, id, ("running", size, line), (&counts, &Unknown::default()), now).await?;
    queries::step(tx, id, (&["running"], "done"), now).await?;
    Ok(id)
}

/// Gives what became of the lines, and the last of them.
async fn write(
    tx: &mut OrgTx,
    import: &Import,
    bytes: &[u8],
    now: DateTime<Utc>,
) -> sqlx::Result<(Counts, u64)> {
    let plan = Plan::of(&import.mapping, &fields::all_held(tx).await?);
    let plan = plan.known_by(import.known_by, identities::country(tx).await?);
    let mut reader = Records::new(import.delimiter.bytes().next().unwrap_or(b','));
    let mut rest = bytes;
    let mut records: Vec<Record> = std::iter::from_fn(|| reader.read(&mut rest)).collect();
    records.extend(reader.end());
    let (mut lines, mut refused, mut seen) = (Vec::new(), Vec::new(), Seen::default());
    for record in records.into_iter().skip(1) {
        let line = plan.read(&record, &mut Unknown::default());
        match line.and_then(|line| seen.take(&line, import.known_by).map(|()| line)) {
            Ok(line) => lines.push(line),
            Err(reason) => refused.push(Refusal::new(record.line, reason, record.cells)),
        }
    }
    let (counts, no_good) = stage::write(tx, &Order { import, by: None, now }, &lines).await?;
    refused.extend(no_good.into_iter().map(|(line, reason)| Refusal::new(line, reason, Vec::new())));
    refusals::refuse(tx, import.id, &refused).await?;
    let count = i64::try_from(refused.len()).unwrap_or(i64::MAX);
    Ok((Counts { lines: counts.lines + count, refused: count, ..counts }, reader.line()))
}
