//! A writer of JSON that escapes what JSON leaves as it is and a terminal or a reader of lines does not.
//!
//! JSON asks for U+0000 to U+001F alone to be escaped. The control characters above them move a terminal's
//! cursor too, some readers end a line at U+2028, and marks of direction let a name look like another. All
//! of them stand inside strings only, where an escape means the same.

use std::io;

use tracing_subscriber::fmt::MakeWriter;

/// Makes [`Escaped`] writers of what this makes.
#[derive(Clone, Debug)]
pub(super) struct Escaping<M>(pub M);

/// Escapes on the way to this writer. Wants whole lines, as the log gives them.
#[derive(Debug)]
pub struct Escaped<W>(W);

impl<'w, M: MakeWriter<'w>> MakeWriter<'w> for Escaping<M> {
    type Writer = Escaped<M::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        Escaped(self.0.make_writer())
    }
}

impl<W: io::Write> io::Write for Escaped<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(line) {
            Ok(text) if text.contains(must_be_escaped) => self.0.write_all(escaped(text).as_bytes())?,
            _ => self.0.write_all(line)?,
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn must_be_escaped(c: char) -> bool {
    let code = u32::from(c);
    matches!(code, 0x7f..=0x9f | 0x200e..=0x200f | 0x2028..=0x202e | 0x2066..=0x2069 | 0xfeff)
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if must_be_escaped(c) {
            safe += &format!("\\u{:04x}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe
}
