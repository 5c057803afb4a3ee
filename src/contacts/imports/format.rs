//! Delimiter, header and letters of a file that nobody described, from its beginning.

use encoding_rs::{Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::records::Records;
use crate::email_address::EmailAddress;

/// Lines of a file that its pages show.
const SHOWN: usize = 20;
/// Delimiters that files have, the usual first.
const DELIMITERS: &[u8] = b",;\t|";

/// What a file's beginning says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    pub delimiter: u8,
    pub has_header: bool,
    /// The first lines, a header among them.
    pub sample: Vec<Vec<String>>,
}

impl Format {
    /// Reads the beginning of a file whose delimiter is known.
    pub fn with(beginning: &[u8], delimiter: u8, is_whole: bool) -> Self {
        let sample = rows(beginning, delimiter, is_whole);
        Self { delimiter, has_header: has_header(&sample), sample }
    }

    /// Reads the beginning of a file, which may end in the middle of a line.
    pub fn of(beginning: &[u8], is_whole: bool) -> Self {
        let mut best = (0, b',', rows(beginning, b',', is_whole));
        best.0 = score(&best.2);
        for &delimiter in DELIMITERS {
            let rows = rows(beginning, delimiter, is_whole);
            let score = score(&rows);
            if score > best.0 {
                best = (score, delimiter, rows);
            }
        }
        let (_, delimiter, sample) = best;
        Self { delimiter, has_header: has_header(&sample), sample }
    }
}

fn rows(beginning: &[u8], delimiter: u8, is_whole: bool) -> Vec<Vec<String>> {
    let mut records = Records::new(delimiter);
    let mut rows = Vec::new();
    let mut rest = beginning;
    while rows.len() < SHOWN {
        match records.read(&mut rest) {
            Some(record) => rows.push(record.cells),
            None => break,
        }
    }
    if is_whole && rows.len() < SHOWN {
        rows.extend(records.end().map(|record| record.cells));
    }
    rows
}

/// How much these lines look like a table: its columns, times the lines that have as many as the first.
fn score(rows: &[Vec<String>]) -> usize {
    let columns = rows.first().map_or(0, Vec::len);
    let alike = rows.iter().filter(|row| row.len() == columns).count();
    if columns < 2 { alike.min(1) } else { columns.min(50) * alike * 2 / rows.len().max(1) * alike }
}

/// A first line without an address or a number names its columns.
fn has_header(rows: &[Vec<String>]) -> bool {
    let is_value = |cell: &String| {
        EmailAddress::parse(cell).is_some()
            || (!cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit() || "+-./ ".contains(c)))
    };
    rows.first()
        .is_some_and(|first| first.iter().any(|cell| !cell.trim().is_empty()) && !first.iter().any(is_value))
}

/// Turns a file into text whose letters are read one by one: UTF-16 becomes UTF-8 as it comes in, and the
/// mark at the beginning goes.
pub struct Letters {
    name: &'static str,
    decoder: Option<Decoder>,
}

impl Letters {
    /// What the first bytes say.
    pub fn of(first: &[u8]) -> Self {
        let marked = encoding_rs::Encoding::for_bom(first).map(|(encoding, _)| encoding);
        // Text in most languages has a zero in every second byte of UTF-16 without a mark.
        let zeros =
            |from: usize| first.iter().skip(from).step_by(2).take(200).filter(|byte| **byte == 0).count();
        let half = first.len().min(400) / 4;
        let encoding = marked.unwrap_or(match (zeros(1) > half, zeros(0) > half) {
            (true, false) => UTF_16LE,
            (false, true) => UTF_16BE,
            _ => UTF_8,
        });
        if encoding == UTF_8 {
            // A mark is taken off; what is no UTF-8 is read line by line, see `text`.
            return Self { name: "UTF-8", decoder: None };
        }
        Self { name: encoding.name(), decoder: Some(encoding.new_decoder()) }
    }

    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The next bytes of the file, as they are kept. `is_last` ends it.
    pub fn turn(&mut self, bytes: &[u8], is_first: bool, is_last: bool) -> Vec<u8> {
        let Some(decoder) = &mut self.decoder else {
            let mark = b"\xef\xbb\xbf";
            let bytes = if is_first { bytes.strip_prefix(mark).unwrap_or(bytes) } else { bytes };
            return bytes.to_vec();
        };
        let mut text =
            String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len() * 3));
        let _ = decoder.decode_to_string(bytes, &mut text, is_last);
        text.into_bytes()
    }
}

/// A cell as text: UTF-8, or what Windows wrote before that.
pub fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_makes_a_table() {
        let found = |file: &str| Format::of(file.as_bytes(), true).delimiter;
        assert_eq!(found("email;name\na@b.test;Ann, Bo\nc@d.test;\"x;y\"\n"), b';');
        assert_eq!(found("email,name\na@b.test,Ann\n"), b',');
        assert_eq!(found("email\tname\na@b.test\tAnn; Bo\n"), b'\t');
        assert_eq!(found("a@b.test\nc@d.test"), b',');
        assert_eq!(found(""), b',');
    }

    #[test]
    fn a_first_line_with_an_address_is_no_header() {
        assert!(!Format::of(b"a@b.test,Ann\nc@d.test,Bo\n", true).has_header);
        assert!(Format::of(b"E-mail,Name\nc@d.test,Bo\n", true).has_header);
    }

    #[test]
    fn letters_of_windows_and_of_utf_16_are_read() {
        assert_eq!(text(b"Bj\xf6rn"), "Björn");
        let utf16: Vec<u8> = "\u{feff}Zoë,x\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut letters = Letters::of(&utf16);
        assert_eq!(letters.turn(&utf16, true, true), "Zoë,x\n".as_bytes());
        let mut marked = Letters::of(b"\xef\xbb\xbfa");
        assert_eq!((marked.name(), marked.turn(b"\xef\xbb\xbfa", true, true)), ("UTF-8", b"a".to_vec()));
    }
}
