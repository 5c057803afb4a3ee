//! Files that are no lines of text: workbooks (XLSX) and address cards (vCard). Each is turned once, when it has come
//! in, into the same comma-separated text that everything behind it reads.
//!
//! Always true: a file is held in memory whole, so it may be so large only; and what it unpacks to is counted before
//! anything reads it.

mod archive;
mod cards;
mod parts;
mod tags;
mod workbook;

use serde::{Deserialize, Serialize};

/// Bytes of a file of these kinds.
pub const LARGEST: usize = 20 * 1024 * 1024;
/// Bytes of text that one may become.
const MOST_TEXT: i64 = 200 * 1024 * 1024;
/// Bytes of text that are handed on at a time.
const PIECE: usize = 256 * 1024;

const TOO_LARGE: &str =
    "This file holds too much to be read as it is. Save it as CSV, which may have 512 MB.";

/// One table of a file: its name, and where in the text it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sheet {
    pub name: String,
    pub offset: i64,
    pub bytes: i64,
}

/// The kind of such a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Other {
    Workbook,
    Cards,
}

impl Other {
    /// What the first bytes of a file say. `None` for one that is text of lines, or nothing that is known.
    pub fn of(first: &[u8]) -> Option<Self> {
        if first.starts_with(b"PK\x03\x04") {
            return Some(Self::Workbook);
        }
        let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii_start();
        let begins = text.get(..11).is_some_and(|begin| begin.eq_ignore_ascii_case(b"BEGIN:VCARD"));
        begins.then_some(Self::Cards)
    }

    /// Turns a file into text, which is handed on in pieces until one is refused; or says what is wrong with it.
    pub fn turn(self, bytes: Vec<u8>, keep: impl FnMut(Vec<u8>) -> bool) -> Result<Vec<Sheet>, &'static str> {
        let mut text = Text::new(keep);
        match self {
            Self::Workbook => workbook::turn(bytes, &mut text)?,
            Self::Cards => cards::turn(bytes, &mut text)?,
        }
        text.end()
    }
}

/// Text on its way out, table by table.
struct Text<K> {
    keep: K,
    waiting: String,
    written: i64,
    sheets: Vec<Sheet>,
}

impl<K: FnMut(Vec<u8>) -> bool> Text<K> {
    fn new(keep: K) -> Self {
        Self { keep, waiting: String::with_capacity(PIECE), written: 0, sheets: Vec::new() }
    }

    /// A new table begins.
    fn begin(&mut self, name: &str) {
        let name = name.chars().take(100).collect();
        self.sheets.push(Sheet { name, offset: self.written, bytes: 0 });
    }

    /// A line of the table. Without cells it is an empty one, which no reader takes for anything.
    fn line(&mut self, cells: &[String]) -> Result<(), &'static str> {
        let from = self.waiting.len();
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.waiting.push(',');
            }
            let cell = flat(cell);
            if cell.contains([',', '"']) || cell.trim() != cell {
                self.waiting.push('"');
                self.waiting.push_str(&cell.replace('"', "\"\""));
                self.waiting.push('"');
            } else {
                self.waiting.push_str(&cell);
            }
        }
        self.waiting.push('\n');
        let length = i64::try_from(self.waiting.len() - from).unwrap_or(i64::MAX);
        self.written = self.written.saturating_add(length);
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.bytes = sheet.bytes.saturating_add(length);
        }
        if self.written > MOST_TEXT {
            return Err(TOO_LARGE);
        }
        if self.waiting.len() >= PIECE { self.hand_on() } else { Ok(()) }
    }

    fn hand_on(&mut self) -> Result<(), &'static str> {
        let piece = std::mem::replace(&mut self.waiting, String::with_capacity(PIECE));
        if (self.keep)(piece.into_bytes()) { Ok(()) } else { Err("The upload was called off.") }
    }

    fn end(mut self) -> Result<Vec<Sheet>, &'static str> {
        self.hand_on()?;
        self.sheets.retain(|sheet| sheet.bytes > 0);
        if self.sheets.is_empty() { Err("The file is empty.") } else { Ok(self.sheets) }
    }
}

/// A cell in one line: what stands in a file as a line of its own is counted as one.
fn flat(cell: &str) -> String {
    cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables of a file, by name.
    pub(super) fn turned(other: Other, bytes: &[u8]) -> Result<Vec<(String, String)>, &'static str> {
        let mut text = Vec::new();
        let sheets = other.turn(bytes.to_vec(), |piece| {
            text.extend_from_slice(&piece);
            true
        })?;
        let part = |sheet: &Sheet| {
            let from = usize::try_from(sheet.offset).unwrap();
            let to = from + usize::try_from(sheet.bytes).unwrap();
            String::from_utf8(text[from..to].to_vec()).unwrap()
        };
        Ok(sheets.iter().map(|sheet| (sheet.name.clone(), part(sheet))).collect())
    }

    #[test]
    fn a_file_is_known_by_its_beginning() {
        assert_eq!(Other::of(b"PK\x03\x04rest"), Some(Other::Workbook));
        assert_eq!(Other::of(b"\xef\xbb\xbf\r\nbegin:vcard\r\n"), Some(Other::Cards));
        assert_eq!(Other::of(b"begin,vcard"), None);
    }
}
