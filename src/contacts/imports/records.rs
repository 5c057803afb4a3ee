//! Reading a file of comma-separated values (RFC 4180, and what people make of it) piece by piece.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::format::text;

/// Bytes and cells of a record; a longer one is passed over and told of.
const LONGEST: usize = 256 * 1024;
const MOST_CELLS: usize = 2048;

/// One record of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The line that it begins in, counted from one.
    pub line: u64,
    pub cells: Vec<String>,
    /// Whether it was too long to be kept; its cells are then not all there.
    pub is_cut: bool,
}

/// A reader that is fed with pieces of a file, which may end anywhere.
pub struct Records {
    core: Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    filled: usize,
    ended: usize,
    is_cut: bool,
    line: u64,
    begun: bool,
}

impl Records {
    pub fn new(delimiter: u8) -> Self {
        Self {
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            bytes: vec![0; 4096],
            ends: vec![0; 64],
            filled: 0,
            ended: 0,
            is_cut: false,
            line: 1,
            begun: false,
        }
    }

    /// The same, going on in the middle of a file: at the beginning of this line.
    pub fn from_line(delimiter: u8, line: u64) -> Self {
        let mut records = Self::new(delimiter);
        records.core.set_line(line);
        records.line = line;
        records
    }

    /// The line that the next record begins in.
    pub fn line(&self) -> u64 {
        self.core.line()
    }

    /// The next record, taking what it read from `input`. `None` when more input is wanted.
    pub fn read(&mut self, input: &mut &[u8]) -> Option<Record> {
        loop {
            if input.is_empty() {
                return None;
            }
            if let Some(record) = self.step(input) {
                return record;
            }
        }
    }

    /// The record that the file ends with, where it does not end with a line.
    pub fn end(&mut self) -> Option<Record> {
        loop {
            let mut nothing: &[u8] = &[];
            if let Some(record) = self.step(&mut nothing) {
                return record;
            }
        }
    }

    /// One step of the machine: `Some` when it has a record, or will not get one without more input.
    fn step(&mut self, input: &mut &[u8]) -> Option<Option<Record>> {
        if !self.begun {
            // Empty lines before a record belong to nobody.
            let blank = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let lines = input.iter().take(blank).filter(|byte| **byte == b'\n').count();
            self.core.set_line(self.core.line() + lines as u64);
            *input = input.get(blank..).unwrap_or_default();
            self.line = self.core.line();
            self.begun = !input.is_empty();
            if blank > 0 && input.is_empty() {
                return Some(None);
            }
        }
        let (result, read, wrote, ended) = self.core.read_record(
            input,
            self.bytes.get_mut(self.filled..).unwrap_or_default(),
            self.ends.get_mut(self.ended..).unwrap_or_default(),
        );
        *input = input.get(read..).unwrap_or_default();
        self.filled += wrote;
        self.ended += ended;
        match result {
            ReadRecordResult::InputEmpty => Some(None),
            ReadRecordResult::OutputFull if self.bytes.len() < LONGEST => {
                self.bytes.resize(self.bytes.len() * 2, 0);
                None
            }
            ReadRecordResult::OutputEndsFull if self.ends.len() < MOST_CELLS => {
                self.ends.resize(self.ends.len() * 2, 0);
                None
            }
            ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                // The rest is read over itself until the record ends.
                self.is_cut = true;
                self.filled = 0;
                self.ended = 0;
                None
            }
            ReadRecordResult::Record => Some(Some(self.take())),
            ReadRecordResult::End => Some(None),
        }
    }

    fn take(&mut self) -> Record {
        let mut cells = Vec::with_capacity(self.ended);
        let mut from = 0;
        for &end in self.ends.iter().take(self.ended) {
            cells.push(text(self.bytes.get(from..end).unwrap_or_default()));
            from = end;
        }
        let record = Record { line: self.line, cells, is_cut: self.is_cut };
        (self.filled, self.ended, self.is_cut, self.begun) = (0, 0, false, false);
        record
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records of a file that comes in pieces of so many bytes: lines and cells.
    fn read(file: &str, piece: usize) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(b',');
        let mut found = Vec::new();
        for mut piece in file.as_bytes().chunks(piece) {
            while let Some(record) = records.read(&mut piece) {
                found.push((record.line, record.cells));
            }
        }
        found.extend(records.end().map(|record| (record.line, record.cells)));
        found
    }

    #[test]
    fn a_file_reads_the_same_in_pieces_of_any_size() {
        let file = "a,b\r\n\r\n\"x\n,\"\"y\",2\n\n3,4\n\"é\",last";
        let whole = read(file, file.len());
        let cells: Vec<Vec<&str>> =
            whole.iter().map(|(_, cells)| cells.iter().map(String::as_str).collect()).collect();
        assert_eq!(cells, [vec!["a", "b"], vec!["x\n,\"y", "2"], vec!["3", "4"], vec!["é", "last"]]);
        assert_eq!(whole.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3, 6, 7]);
        for piece in 1..file.len() {
            assert_eq!(read(file, piece), whole, "in pieces of {piece}");
        }
    }

    #[test]
    fn a_record_without_end_is_cut_and_the_next_one_is_read() {
        let file = format!("\"{}\",x\na,b\n", "y".repeat(LONGEST * 3));
        let mut records = Records::new(b',');
        let mut rest = file.as_bytes();
        assert!(records.read(&mut rest).unwrap().is_cut);
        let next = records.read(&mut rest).unwrap();
        assert_eq!((next.cells, next.is_cut), (vec!["a".to_owned(), "b".to_owned()], false));
        let mut many = Records::new(b',');
        let wide = format!("{}\na,b\n", ",".repeat(10_000));
        let mut rest = wide.as_bytes();
        assert!(many.read(&mut rest).unwrap().is_cut);
        assert_eq!(many.read(&mut rest).unwrap().cells.len(), 2);
    }
}
