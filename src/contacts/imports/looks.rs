//! What a file looks like: its beginning is read, compared with the last file of the same shape, and kept.

use chrono::{DateTime, Utc};

use super::{
    ImportId, columns,
    format::Format,
    queries::{self, Looks},
    remembered,
};
use crate::{contacts::fields, tenancy::OrgTx};

/// Bytes of its beginning that say what it looks like.
pub(super) const BEGINNING: usize = 256 * 1024;

/// What of the pieces is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub begins_at: i64,
    pub bytes: i64,
}

impl Part {
    /// As much of this as belongs to its beginning, and whether that is all.
    pub(super) fn beginning<'a>(&self, bytes: &'a [u8]) -> (&'a [u8], bool) {
        let length = usize::try_from(self.bytes).unwrap_or(usize::MAX).min(BEGINNING);
        let beginning = bytes.get(..length).unwrap_or(bytes);
        (beginning, i64::try_from(beginning.len()).is_ok_and(|length| length == self.bytes))
    }
}

/// Keeps what a part looks like, and guesses or remembers what is in its columns.
pub(super) async fn keep(
    tx: &mut OrgTx,
    (id, part): (ImportId, Part),
    (encoding, format): (&str, &Format),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let own = fields::in_use(tx).await?;
    let first = format.sample.first().cloned().unwrap_or_default();
    let headers = if format.has_header { first } else { vec![String::new(); first.len()] };
    let rows = format.sample.get(usize::from(format.has_header)..).unwrap_or_default();
    let mapping = columns::guess(&headers, rows, &own);
    let shape = format.has_header.then(|| remembered::shape(&headers));
    let last = match &shape {
        Some(shape) => remembered::last(tx, shape).await?,
        None => None,
    };
    let last = last.map(|last| last.in_use(&own)).filter(|last| last.mapping.len() == headers.len());
    let looks =
        Looks { encoding, format, mapping: &mapping, shape: shape.as_deref(), remembered: last.as_ref() };
    queries::uploaded(tx, id, part, &looks, now).await
}
