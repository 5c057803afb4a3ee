//! A file of people: uploaded, matched with fields, looked at, declared, imported line by line, undone.
//!
//! Always true: every line is added, changed, left as it was or refused with a reason, and the numbers add
//! up; what is done is committed together with how far it is, so that a stop loses and repeats nothing; an
//! import never touches what somebody said about consent, and suppressed addresses stay so.
//!
//! - [`mod@format`]: delimiter, header and letters of a file that nobody described
//! - [`other`]: workbooks and address cards, turned into such a file; `sheets`: choosing one of several
//! - [`records`]: reading it piece by piece
//! - [`columns`]: which column is which field
//! - [`known_by`]: what people are told apart by
//! - [`lines`]: what a line holds, or why it is refused; [`seen`]: what was in a line before
//! - `remembered`: what was decided about the last file of the same shape
//! - [`values`]: cells that nobody knows, and what they mean
//! - `stage`: lines compared with who is there, and written
//! - [`work`]: the jobs that look and import; [`undo`]: the one that takes back
//! - [`small`]: a small file at once
//! - `pieces`, `refusals`: the file itself, and the lines of it that were no good
//! - [`upload`], [`matching`], [`progress`]: the pages, in the order of the steps

pub mod columns;
pub mod format;
pub mod known_by;
pub mod lines;
mod looks;
mod matching;
pub mod other;
mod pieces;
mod progress;
mod queries;
pub mod records;
mod refusals;
mod remembered;
pub mod seen;
mod sheets;
pub mod small;
mod stage;
pub mod undo;
mod upload;
pub mod values;
mod views;
pub mod work;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use known_by::KnownBy;

use super::tags::TagId;
use crate::web::Routes;

crate::id!(
    /// A file of people on its way in.
    ImportId
);

/// What became of the lines of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    pub lines: i64,
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub refused: i64,
    /// Of those that were not refused, addresses that are not written to.
    pub suppressed: i64,
}

impl Counts {
    pub fn plus(self, other: Self) -> Self {
        Self {
            lines: self.lines + other.lines,
            created: self.created + other.created,
            updated: self.updated + other.updated,
            unchanged: self.unchanged + other.unchanged,
            refused: self.refused + other.refused,
            suppressed: self.suppressed + other.suppressed,
        }
    }

    /// Lines that the import will write.
    pub fn good(&self) -> i64 {
        self.created + self.updated + self.unchanged
    }
}

/// What an undo took back, and what it left because somebody touched it since.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Undone {
    pub removed: i64,
    pub restored: i64,
    pub kept: i64,
}

/// An import as its pages show it.
#[derive(Clone, Debug)]
pub struct Import {
    pub id: ImportId,
    pub status: String,
    pub file_name: String,
    /// Of the part that is read: all of it, or one sheet.
    pub size_bytes: i64,
    pub begins_at: i64,
    pub sheets: Vec<other::Sheet>,
    pub encoding: String,
    pub delimiter: String,
    pub has_header: bool,
    pub sample: Vec<Vec<String>>,
    pub mapping: Vec<String>,
    /// The file whose decisions it came with, and when that was imported.
    pub like: Option<(String, DateTime<Utc>)>,
    pub mode: String,
    /// What people are told apart by.
    pub known_by: KnownBy,
    pub list: Option<uuid::Uuid>,
    pub tag: Option<TagId>,
    pub tag_name: Option<String>,
    /// The member who looks after those of the file whom nobody looks after.
    pub owner: Option<uuid::Uuid>,
    pub consent_state: String,
    pub consent_wording: String,
    /// Cells that the last look at the file found and nobody knows, and what some of them mean.
    pub unknown: values::Unknown,
    pub meanings: values::Meanings,
    pub checked: Option<Counts>,
    pub done: Option<Counts>,
    pub undone: Option<Undone>,
    pub offset_bytes: i64,
    pub last_error: String,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
}

impl Import {
    /// The tone and the words of its status.
    pub fn state(&self) -> (&'static str, &'static str) {
        match self.status.as_str() {
            "uploading" => ("plain", "Not uploaded whole"),
            "matching" => ("plain", "To be matched"),
            "checking" => ("info", "Being looked at"),
            "ready" => ("info", "Ready to import"),
            "running" => ("info", "Importing"),
            "done" => ("ok", "Imported"),
            "failed" => ("bad", "Failed"),
            "cancelled" => ("plain", "Called off"),
            "undoing" => ("info", "Being undone"),
            _ => ("plain", "Undone"),
        }
    }

    /// Whether something happens to it by itself right now.
    pub fn is_moving(&self) -> bool {
        ["checking", "running", "undoing"].contains(&self.status.as_str())
    }

    /// How much of the file is done with, in hundredths.
    pub fn percent(&self) -> i64 {
        if self.size_bytes == 0 { 0 } else { (self.offset_bytes * 100 / self.size_bytes).clamp(0, 100) }
    }

    /// The names of the columns: as the file has them, or numbered.
    pub fn headers(&self) -> Vec<String> {
        let first = self.sample.first().cloned().unwrap_or_default();
        if self.has_header {
            return first;
        }
        (1..=first.len()).map(|n| format!("Column {n}")).collect()
    }

    /// The first lines that hold people.
    pub fn rows(&self) -> impl Iterator<Item = &Vec<String>> {
        self.sample.iter().skip(usize::from(self.has_header))
    }
}

pub(super) fn routes() -> Routes {
    Routes::workspace()
        .merge(upload::routes())
        .merge(sheets::routes())
        .merge(matching::routes())
        .merge(progress::routes())
        .merge(refusals::routes())
        .merge(values::page::routes())
}
