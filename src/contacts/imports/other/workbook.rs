//! A workbook: each visible sheet as a table, a line for a row. Formulas are what they came to when it was saved, dates
//! and times are written the same everywhere, and numbers have the zeros and the percent that their format shows.

use std::io::{Cursor, Read, Seek};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::{
    TOO_LARGE, Text,
    archive::{self, BROKEN},
};

/// Sheets that are read, rows that a sheet can have, and columns that a file can have.
const MOST_SHEETS: usize = 30;
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 1_000;
/// Bytes of a row: each of its cells may be the longest text of the file.
const MOST_ROW: usize = 4 * 1024 * 1024;

/// How numbers of a cell are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Plain,
    /// With zeros in front up to so many digits, as postal codes are.
    Zeros(usize),
    Percent,
}

impl Look {
    fn of(format: &str) -> Self {
        if !format.is_empty() && format.len() < 20 && format.bytes().all(|byte| byte == b'0') {
            return if format.len() == 1 { Self::Plain } else { Self::Zeros(format.len()) };
        }
        if format.ends_with('%') { Self::Percent } else { Self::Plain }
    }
}

pub(super) fn turn<K: FnMut(Vec<u8>) -> bool>(
    bytes: Vec<u8>,
    text: &mut Text<K>,
) -> Result<(), &'static str> {
    archive::look(&bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    let is_shown = |sheet: &&calamine::Sheet| {
        sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
    };
    let names: Vec<String> =
        book.sheets_metadata().iter().filter(is_shown).map(|sheet| sheet.name.clone()).collect();
    for name in names.iter().take(MOST_SHEETS) {
        text.begin(name);
        sheet(&mut book, name, text)?;
    }
    Ok(())
}

fn sheet<R: Read + Seek, K: FnMut(Vec<u8>) -> bool>(
    book: &mut Xlsx<R>,
    name: &str,
    text: &mut Text<K>,
) -> Result<(), &'static str> {
    let broken = |_: XlsxError| BROKEN;
    let mut reader = book.worksheet_cells_reader(name).map_err(broken)?;
    let look = |style: &calamine::Style| {
        style.number_format.as_ref().map_or(Look::Plain, |format| Look::of(&format.format_code))
    };
    let looks: Vec<Look> = reader.styles().iter().map(look).collect();
    let mut rows = Rows { next: 0, at: 0, width: 0, bytes: 0, cells: Vec::new() };
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(broken)? {
        let (row, column) = cell.get_position();
        let value = shown(cell.get_value(), looks.get(style).copied().unwrap_or(Look::Plain));
        if value.is_empty() {
            continue;
        }
        if row < rows.at || row >= MOST_ROWS {
            return Err(BROKEN);
        }
        if column >= MOST_COLUMNS {
            return Err(TOO_LARGE);
        }
        if row > rows.at {
            rows.end(text)?;
            rows.at = row;
        }
        rows.bytes += value.len();
        if rows.bytes > MOST_ROW {
            return Err(TOO_LARGE);
        }
        let column = usize::try_from(column).unwrap_or(0);
        if rows.cells.len() <= column {
            rows.cells.resize(column + 1, String::new());
        }
        if let Some(slot) = rows.cells.get_mut(column) {
            *slot = value;
        }
    }
    rows.end(text)
}

/// The rows of a sheet on their way out.
struct Rows {
    /// The row that is written next, and the one that is collected.
    next: u32,
    at: u32,
    /// How many columns the first one has.
    width: usize,
    /// Bytes of the one that is collected.
    bytes: usize,
    cells: Vec<String>,
}

impl Rows {
    /// The row is whole. Rows in between are empty lines, so that a line has the number of its row.
    fn end<K: FnMut(Vec<u8>) -> bool>(&mut self, text: &mut Text<K>) -> Result<(), &'static str> {
        if self.cells.is_empty() {
            return Ok(());
        }
        while self.next < self.at {
            text.line(&[])?;
            self.next += 1;
        }
        if self.width == 0 {
            self.width = self.cells.len();
        }
        let width = self.width.max(self.cells.len());
        self.cells.resize(width, String::new());
        text.line(&self.cells)?;
        self.next += 1;
        self.bytes = 0;
        self.cells.clear();
        Ok(())
    }
}

fn shown(value: &DataRef<'_>, look: Look) -> String {
    match value {
        DataRef::Int(whole) => number(*whole as f64, look),
        DataRef::Float(number_of) => number(*number_of, look),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(is_so) => if *is_so { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(at) => moment(at),
        DataRef::DateTimeIso(text) => text.replace('T', " ").trim_end_matches(" 00:00:00").to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        // What went wrong in the sheet is nobody's value.
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// A number with the fifteen digits that a spreadsheet knows of it.
fn number(value: f64, look: Look) -> String {
    let rounded = |value: f64| format!("{value:.14e}").parse::<f64>().unwrap_or(value);
    match look {
        Look::Percent => format!("{}%", rounded(value * 100.0)),
        Look::Zeros(digits) if value >= 0.0 && value.fract() == 0.0 => format!("{value:0digits$.0}"),
        Look::Zeros(_) | Look::Plain => rounded(value).to_string(),
    }
}

/// A day, a time, or both; a length of time in hours.
fn moment(at: &ExcelDateTime) -> String {
    let minutes = (at.as_f64() * 1440.0).round();
    if at.is_duration() {
        return format!("{}:{:02}", (minutes / 60.0).floor(), minutes % 60.0);
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let (day, time) = (format!("{year:04}-{month:02}-{day:02}"), format!("{hour:02}:{minute:02}"));
    let time = if second == 0 { time } else { format!("{time}:{second:02}") };
    match (at.as_f64() < 1.0, time.as_str()) {
        (true, _) => time,
        (false, "00:00") => day,
        (false, _) => format!("{day} {time}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_are_shown() {
        assert_eq!(number(1_234.5, Look::of("General")), "1234.5");
        assert_eq!(number(0.1 + 0.2, Look::of("")), "0.3");
        assert_eq!(number(4_930_901_820.0, Look::of("0")), "4930901820");
        assert_eq!(number(1_067.0, Look::of("00000")), "01067");
        assert_eq!(number(0.07, Look::of("0%")), "7%");
    }
}
