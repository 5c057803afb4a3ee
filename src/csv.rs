//! Tables of comma-separated values (RFC 4180) that a spreadsheet shows and does not run (OWASP ASVS 1.2.10).

/// With what a spreadsheet begins a formula, also as keyboards of East Asia write it.
const RUNS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// By the mark, a spreadsheet sees that it is UTF-8.
pub const MARK: &str = "\u{feff}";

/// A line with its end.
pub fn line<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let cells: Vec<String> = cells.into_iter().map(|one| cell(one.as_ref())).collect();
    cells.join(",") + "\r\n"
}

/// A cell that would run gets an apostrophe in front, and one that looks like that already gets another:
/// [`as_written`] gives each back exactly.
fn cell(text: &str) -> String {
    let text = if would_run(text) { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', ';', '"', '\r', '\n']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

fn would_run(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(RUNS)
}

/// What a cell held before it was made harmless, here or by a spreadsheet.
pub fn as_written(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| would_run(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::{as_written, cell, line};

    #[test]
    fn a_cell_that_would_run_is_made_harmless_and_comes_back_as_it_was() {
        for text in ["=1+1", "+49 151", "-1", "@sum", "\tx", "\rx", "＝1", "'=1", "''=1"] {
            let made = cell(text);
            let made = made.trim_matches('"');
            assert!(made.starts_with('\''), "{text:?}");
            assert_eq!(as_written(made), text);
        }
        for text in ["", "'", "'t Hooft", "''", "a=b", "12"] {
            assert_eq!((cell(text).as_str(), as_written(text)), (text, text));
        }
    }

    #[test]
    fn what_would_break_a_line_is_quoted() {
        assert_eq!(
            line(["a \"b\", c", "plain", "two\nlines", " x"]),
            "\"a \"\"b\"\", c\",plain,\"two\nlines\",\" x\"\r\n"
        );
    }
}
