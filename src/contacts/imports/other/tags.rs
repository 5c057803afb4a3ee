//! The tags of a file that is unpacked piece by piece: how many open, how far one is from the next, and how long a cell
//! is that is made of many.

use memchr::{memchr_iter, memmem};

use super::{TOO_LARGE, archive::BROKEN, parts::Part};

/// Bytes from one tag to the next, and from the beginning of a cell to its end.
const LONGEST: u64 = 1024 * 1024;
/// Letters of a name that are looked at.
const NAME: usize = 64;
/// A number of texts that room is made for before they come.
const MOST_TEXTS: u64 = 2_000_000;

pub(super) struct Tags {
    part: Part,
    pub opened: u64,
    /// Bytes from one to the next, at most.
    pub longest: u64,
    /// Bytes so far, and where the last tag and the cell began that has not ended.
    at: u64,
    from: u64,
    cell: Option<u64>,
    /// The name that is being read, from behind its bracket.
    name: Option<Vec<u8>>,
    /// All of the texts: a number in them is believed by whoever reads them.
    texts: Vec<u8>,
}

impl Tags {
    pub(super) fn of(part: Part) -> Self {
        let texts = Vec::new();
        Self { part, opened: 0, longest: 0, at: 0, from: 0, cell: None, name: None, texts }
    }

    /// Takes the next piece of the file.
    pub(super) fn read(&mut self, piece: &[u8]) -> Result<(), &'static str> {
        if self.part != Part::Beside && piece.iter().any(|byte| *byte < b' ' && !byte.is_ascii_whitespace()) {
            return Err(BROKEN);
        }
        if self.part == Part::Texts {
            self.texts.extend_from_slice(piece);
        }
        let mut rest = 0;
        for at in memchr_iter(b'<', piece) {
            self.name(piece.get(rest..at).unwrap_or_default());
            self.name_ended()?;
            rest = at + 1;
            self.reach(self.at + at as u64)?;
            self.from = self.at + rest as u64;
            self.name = Some(Vec::new());
        }
        self.name(piece.get(rest..).unwrap_or_default());
        self.at += piece.len() as u64;
        self.reach(self.at)
    }

    /// The file is over.
    pub(super) fn end(&mut self) -> Result<(), &'static str> {
        self.name_ended()?;
        if promised(&self.texts) > MOST_TEXTS { Err(TOO_LARGE) } else { Ok(()) }
    }

    fn reach(&mut self, at: u64) -> Result<(), &'static str> {
        let gap = at.saturating_sub(self.from);
        self.longest = self.longest.max(gap);
        let cell = self.cell.map_or(0, |cell| at - cell);
        if gap > LONGEST || cell > LONGEST { Err(TOO_LARGE) } else { Ok(()) }
    }

    fn name(&mut self, more: &[u8]) {
        if let Some(name) = &mut self.name {
            name.extend(more.iter().take(NAME - name.len().min(NAME)));
        }
    }

    /// All is known of a tag that says what it is.
    fn name_ended(&mut self) -> Result<(), &'static str> {
        let Some(name) = self.name.take() else { return Ok(()) };
        let is_end = name.first() == Some(&b'/');
        self.opened += u64::from(!is_end);
        if self.part != Part::Sheet {
            return Ok(());
        }
        let name = if is_end { name.get(1..).unwrap_or_default() } else { &name };
        let is_name = |byte: &u8| !byte.is_ascii_whitespace() && !b"/>".contains(byte);
        let length = name.iter().take_while(|byte| is_name(byte)).count();
        // A name that is not all here, with what its space is called, is none that a spreadsheet writes.
        if length >= NAME - 1 {
            return Err(BROKEN);
        }
        let name = name.get(..length).unwrap_or_default();
        let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
        match local {
            b"c" => self.cell = (!is_end).then_some(self.from),
            b"row" | b"sheetData" => self.cell = None,
            _ => {}
        }
        Ok(())
    }
}

/// The greatest number of texts that is promised anywhere in them.
fn promised(texts: &[u8]) -> u64 {
    let after = |at: usize| texts.get(at + COUNT.len()..).unwrap_or_default();
    let number = |at: usize| {
        let signs = after(at).iter().skip_while(|byte| byte.is_ascii_whitespace() || b"='\"+".contains(byte));
        let digits = signs.take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    };
    memmem::find_iter(texts, COUNT).map(number).max().unwrap_or(0)
}

const COUNT: &[u8] = b"uniqueCount";

#[cfg(test)]
mod tests {
    use super::*;

    fn read(part: Part, text: &[u8], piece: usize) -> Result<(u64, u64), &'static str> {
        let mut tags = Tags::of(part);
        for piece in text.chunks(piece) {
            tags.read(piece)?;
        }
        tags.end().map(|()| (tags.opened, tags.longest))
    }

    #[test]
    fn tags_are_counted_the_same_in_pieces_of_any_size() {
        let text = b"<a><b c='d'/>text</a><x:c>1</x:c>";
        for piece in 1..=text.len() {
            assert_eq!(read(Part::Sheet, text, piece), Ok((3, 13)), "in pieces of {piece}");
        }
    }

    #[test]
    fn a_cell_of_many_parts_is_as_long_as_all_of_them() {
        let part = [b"<t>".to_vec(), b"x".repeat(1000), b"</t>".to_vec()].concat();
        let cell = |parts: usize| [b"<c><is>".to_vec(), part.repeat(parts), b"</is></c>".to_vec()].concat();
        assert!(read(Part::Sheet, &cell(1_000), 4096).is_ok());
        assert_eq!(read(Part::Sheet, &cell(1_100), 4096), Err(TOO_LARGE));
        // Many cells are as long as they like together, and so is what stands behind them.
        let behind = [cell(900).repeat(2), b"<row/>".to_vec(), part.repeat(2_000)].concat();
        assert!(read(Part::Sheet, &behind, 4096).is_ok());
    }
}
