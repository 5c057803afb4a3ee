//! The work on a file: looking at it, importing it, taking an import back. Each goes on where it stopped.

use std::{collections::HashMap, time::Duration};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Counts, Import, ImportId, Undone,
    lines::{Line, Plan, Refusal},
    queries,
    records::Records,
    stage::{self, Order},
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
const PATIENCE: Duration = Duration::from_secs(6 * 60 * 60);

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
    /// Addresses that were read, as numbers, with their lines: to tell of the same in one file.
    seen: HashMap<u64, u64>,
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
            queries::forget_refusals(&mut tx, self.id).await?;
        }
        tx.commit().await?;
        let so_far = if self.status == "running" { import.done } else { import.checked };
        let counts = if offset == 0 { Counts::default() } else { so_far.unwrap_or_default() };
        let line = u64::try_from(line).unwrap_or(0).max(1);
        let mut place = Place { offset, line, counts, seen: HashMap::new() };
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
        let Batch { lines, refusals, offset, line, .. } = self.collect(&mut tx, import, place).await?;
        let order = Order { import, by: None, now: self.app.clock.now() };
        let counts = if self.status == "running" {
            stage::write(&mut tx, &order, &lines).await?
        } else {
            stage::look(&mut tx, &order, &lines).await?
        };
        let refused = i64::try_from(refusals.len()).unwrap_or(i64::MAX);
        place.counts = place.counts.plus(Counts { lines: counts.lines + refused, refused, ..counts });
        (place.offset, place.line) = (offset, line);
        queries::refuse(&mut tx, self.id, &refusals).await?;
        let at = (self.status, offset, i64::try_from(line).unwrap_or(i64::MAX));
        let is_wanted = queries::advance(&mut tx, self.id, at, &place.counts, order.now).await?;
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
        let delimiter = import.delimiter.bytes().next().unwrap_or(b',');
        let mut records = Records::from_line(delimiter, place.line);
        let mut batch = Batch::new(place.offset, place.line);
        let mut at = place.offset;
        while batch.count < BATCH && at < import.size_bytes {
            let Some((from, piece)) = queries::piece_at(tx, self.id, at).await? else {
                return Err(Failure::Never("A part of the file is gone. Please upload it again.".to_owned()));
            };
            let skipped = usize::try_from(at - from).unwrap_or(0);
            let mut rest = piece.get(skipped..).unwrap_or_default();
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

    /// Reads again what earlier attempts did, for the addresses that were seen.
    async fn remember(&self, import: &Import, place: &mut Place) -> Result<(), Failure> {
        let mut again = Place { offset: 0, line: 1, counts: Counts::default(), seen: HashMap::new() };
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
        queries::advance(&mut tx, self.id, at, &place.counts, now).await?;
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
    refusals: Vec<Refusal>,
    count: usize,
    offset: i64,
    line: u64,
}

impl Batch {
    fn new(offset: i64, line: u64) -> Self {
        Self { lines: Vec::new(), refusals: Vec::new(), count: 0, offset, line }
    }

    fn end_at(&mut self, offset: i64, line: u64) {
        (self.offset, self.line) = (offset, line);
    }

    fn take(&mut self, plan: &Plan, record: super::records::Record, import: &Import, place: &mut Place) {
        // Nothing has been read before the first record of a file.
        let is_header = import.has_header && place.seen.is_empty() && self.count == 0 && place.offset == 0;
        self.count += 1;
        if is_header && self.lines.is_empty() && self.refusals.is_empty() {
            place.seen.insert(0, 0);
            return;
        }
        let cells = record.cells.clone();
        match plan.read(record) {
            Err(refusal) => self.refusals.push(refusal),
            Ok(line) => match place.seen.insert(number(&line.email), line.number) {
                None => self.lines.push(line),
                Some(first) => {
                    place.seen.insert(number(&line.email), first);
                    let reason = format!("The same address is in line {first} already.");
                    self.refusals.push(Refusal { line: line.number, reason, cells });
                }
            },
        }
    }
}

/// An address as a number: two of a million are alike once in thirty million files.
fn number(email: &str) -> u64 {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(email.as_bytes());
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Takes an import back: those it added go, those it changed get back what they had.
#[derive(Debug, Serialize, Deserialize)]
pub struct UndoImport {
    pub import: Uuid,
}

impl Job for UndoImport {
    const KIND: &'static str = "contacts.undo_import";
    const TIME_LIMIT: Duration = PATIENCE;

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let id = ImportId(self.import);
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        loop {
            let mut tx = scope.enter().await?;
            at_work.still_ours(tx.conn()).await?;
            let now = app.clock.now();
            let restored = queries::restore(&mut tx, id, 5_000, now).await?;
            identities::step::follow(&mut tx, &restored, now).await?;
            let removed = queries::remove_added(&mut tx, id, 5_000).await?;
            if restored.is_empty() && removed == 0 {
                queries::leave_list(&mut tx, id).await?;
                queries::take_tag_off(&mut tx, id).await?;
                let undone: Undone = queries::undone_so_far(&mut tx, id).await?;
                queries::undone(&mut tx, id, undone, now).await?;
                tx.commit().await?;
                return Ok(());
            }
            tx.commit().await?;
        }
    }
}
