//! The work on a file: looking at it, and importing it. Each goes on where it stopped.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Counts, Import, ImportId,
    known_by::KnownBy,
    lines::{Line, Plan, Refusal},
    pieces, queries,
    records::{Record, Records},
    refusals,
    seen::Seen,
    stage::{self, Order, finding},
    values::Unknown,
};
use crate::{
    contacts::{fields, happened::ContactsImported, identities},
    events,
    jobs::{AtWork, Failure, Job},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// Lines that are done in one transaction.
const BATCH: usize = 5_000;
/// An import is big, and each transaction of it small.
pub(super) const PATIENCE: Duration = Duration::from_secs(6 * 60 * 60);

/// Counts what importing a file would do, and collects the lines that would be refused.
#[derive(Debug, Serialize, Deserialize)]
pub struct CheckImport {
    pub import: Uuid,
}

impl Job for CheckImport {
    const KIND: &'static str = "contacts.check_import";
    const TIME_LIMIT: Duration = PATIENCE;

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let file = File { app, at_work, scope, id: ImportId(self.import), status: "checking" };
        file.go_through().await
    }
}

/// Imports a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct RunImport {
    pub import: Uuid,
}

impl Job for RunImport {
    const KIND: &'static str = "contacts.import";
    const TIME_LIMIT: Duration = PATIENCE;

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let file = File { app, at_work, scope, id: ImportId(self.import), status: "running" };
        file.go_through().await
    }
}

/// A file on its way through, in one attempt of a job.
struct File {
    app: App,
    at_work: AtWork,
    scope: JobScope,
    id: ImportId,
    /// What the import's status is for as long as this is wanted: `checking` or `running`.
    status: &'static str,
}

/// Where the reading stands.
struct Place {
    offset: i64,
    line: u64,
    counts: Counts,
    seen: Seen,
    unknown: Unknown,
}

impl File {
    async fn go_through(&self) -> Result<(), Failure> {
        let done = self.read().await;
        if let Err(Failure::Again(error)) = &done
            && self.at_work.attempt >= RunImport::ATTEMPTS
        {
            let mut tx = self.scope.enter().await?;
            queries::fail(&mut tx, self.id, &format!("{error:#}"), self.app.clock.now()).await?;
            tx.commit().await?;
        }
        done
    }

    /// From where the last attempt came to, batch by batch, to the end of the file.
    async fn read(&self) -> Result<(), Failure> {
        let mut tx = self.scope.enter().await?;
        let Some(import) = queries::find(&mut tx, self.id).await? else { return Ok(()) };
        let Some((offset, line)) = queries::place(&mut tx, self.id).await? else { return Ok(()) };
        if offset == 0 {
            refusals::forget(&mut tx, self.id).await?;
        }
        let seen = Seen::beside(finding::shared(&mut tx, import.known_by).await?);
        tx.commit().await?;
        let so_far = if self.status == "running" { import.done } else { import.checked };
        let counts = if offset == 0 { Counts::default() } else { so_far.unwrap_or_default() };
        let line = u64::try_from(line).unwrap_or(0).max(1);
        let unknown = if offset == 0 { Unknown::default() } else { import.unknown.clone() };
        let mut place = Place { offset, line, counts, seen, unknown };
        if offset > 0 {
            self.remember(&import, &mut place).await?;
        }
        while place.offset < import.size_bytes {
            if !self.batch(&import, &mut place).await? {
                return Ok(());
            }
        }
        self.finish(&place).await
    }

    /// One batch: read, written and committed together with how far it came. `false` when it was stopped.
    async fn batch(&self, import: &Import, place: &mut Place) -> Result<bool, Failure> {
        let mut tx = self.scope.enter().await?;
        self.at_work.still_ours(tx.conn()).await?;
        let mut batch = self.collect(&mut tx, import, place).await?;
        let order = Order { import, by: None, now: self.app.clock.now() };
        let (counts, refused) = if self.status == "running" {
            stage::write(&mut tx, &order, &batch.lines).await?
        } else {
            stage::look(&mut tx, &order, &batch.lines).await?
        };
        batch.refuse(refused);
        let refused = i64::try_from(batch.refusals.len()).unwrap_or(i64::MAX);
        place.counts = place.counts.plus(Counts { lines: counts.lines + refused, refused, ..counts });
        (place.offset, place.line) = (batch.offset, batch.line);
        refusals::refuse(&mut tx, self.id, &batch.refusals).await?;
        let at = (self.status, place.offset, i64::try_from(place.line).unwrap_or(i64::MAX));
        let is_wanted =
            queries::advance(&mut tx, self.id, at, (&place.counts, &place.unknown), order.now).await?;
        if !is_wanted {
            return Ok(false);
        }
        tx.commit().await?;
        self.at_work.progress(place.offset, Some(import.size_bytes)).await?;
        Ok(true)
    }

    /// Reads the file up to so many lines, from where it stands.
    async fn collect(&self, tx: &mut OrgTx, import: &Import, place: &mut Place) -> Result<Batch, Failure> {
        let plan = Plan::of(&import.mapping, &fields::all_held(tx).await?);
        let plan = plan.known_by(import.known_by, identities::country(tx).await?).meaning(&import.meanings);
        let delimiter = import.delimiter.bytes().next().unwrap_or(b',');
        let mut records = Records::from_line(delimiter, place.line);
        let mut batch = Batch::new(place.offset, place.line);
        let mut at = place.offset;
        while batch.count < BATCH && at < import.size_bytes {
            let Some(mut piece) = pieces::from(tx, self.id, import.begins_at + at).await? else {
                return Err(Failure::Never("A part of the file is gone. Please upload it again.".to_owned()));
            };
            // Another sheet may begin in the same piece.
            piece.truncate(usize::try_from(import.size_bytes - at).unwrap_or(usize::MAX));
            let mut rest = piece.as_slice();
            let length = rest.len();
            while batch.count < BATCH {
                let Some(record) = records.read(&mut rest) else { break };
                let read = i64::try_from(length - rest.len()).unwrap_or(0);
                batch.end_at(at + read, records.line());
                batch.take(&plan, record, import, place);
            }
            at += i64::try_from(length - rest.len()).unwrap_or(0);
            if length == 0 {
                break;
            }
        }
        if at >= import.size_bytes && batch.count < BATCH {
            if let Some(record) = records.end() {
                batch.take(&plan, record, import, place);
            }
            batch.end_at(import.size_bytes, records.line());
        }
        Ok(batch)
    }

    /// Reads again what earlier attempts did, for what was seen.
    async fn remember(&self, import: &Import, place: &mut Place) -> Result<(), Failure> {
        let seen = std::mem::take(&mut place.seen);
        let unknown = Unknown::default();
        let mut again = Place { offset: 0, line: 1, counts: Counts::default(), seen, unknown };
        let mut tx = self.scope.enter().await?;
        while again.offset < place.offset {
            let batch = self.collect(&mut tx, import, &mut again).await?;
            (again.offset, again.line) = (batch.offset, batch.line);
        }
        place.seen = again.seen;
        Ok(())
    }

    async fn finish(&self, place: &Place) -> Result<(), Failure> {
        let now = self.app.clock.now();
        let to = if self.status == "running" { "done" } else { "ready" };
        let mut tx = self.scope.enter().await?;
        self.at_work.still_ours(tx.conn()).await?;
        let at = (self.status, place.offset, i64::try_from(place.line).unwrap_or(i64::MAX));
        queries::advance(&mut tx, self.id, at, (&place.counts, &place.unknown), now).await?;
        if queries::step(&mut tx, self.id, (&[self.status], to), now).await? && to == "done" {
            let Counts { created, updated, .. } = place.counts;
            events::record(&mut tx, &ContactsImported { import: self.id.0, created, updated }).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Lines that belong together, and where the reading stands behind them.
struct Batch {
    lines: Vec<Line>,
    /// The cells of each line, in case it is refused.
    cells: Vec<Vec<String>>,
    refusals: Vec<Refusal>,
    count: usize,
    offset: i64,
    line: u64,
}

impl Batch {
    fn new(offset: i64, line: u64) -> Self {
        Self { lines: Vec::new(), cells: Vec::new(), refusals: Vec::new(), count: 0, offset, line }
    }

    fn end_at(&mut self, offset: i64, line: u64) {
        (self.offset, self.line) = (offset, line);
    }

    fn take(&mut self, plan: &Plan, record: Record, import: &Import, place: &mut Place) {
        self.count += 1;
        // Nothing has been read before the first record of a file.
        if import.has_header && self.count == 1 && place.offset == 0 {
            return;
        }
        let by: KnownBy = import.known_by;
        let line = plan.read(&record, &mut place.unknown);
        match line.and_then(|line| place.seen.take(&line, by).map(|()| line)) {
            Err(reason) => self.refusals.push(Refusal::new(record.line, reason, record.cells)),
            Ok(line) => {
                self.lines.push(line);
                self.cells.push(record.cells);
            }
        }
    }

    /// Refuses lines that turned out to be no good when they were compared with who is there.
    fn refuse(&mut self, refused: Vec<(u64, String)>) {
        for (number, reason) in refused {
            let found = self.lines.binary_search_by_key(&number, |line| line.number).ok();
            let cells = found.and_then(|at| self.cells.get_mut(at)).map(std::mem::take).unwrap_or_default();
            self.refusals.push(Refusal::new(number, reason, cells));
        }
    }
}
