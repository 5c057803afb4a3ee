//! A look into a packed file before anything reads it: how many files are in it, how much they unpack to, how many parts
//! those have and how long one of them is. What reads it keeps all of some files in memory, and some of it many times
//! over: a name that is long once and named often is a bomb, however small the file.

use std::{
    collections::HashSet,
    io::{Cursor, Read},
};

use memchr::memmem;
use zip::ZipArchive;

use super::{
    TOO_LARGE,
    parts::{Part, Parts, fold},
    tags::Tags,
};

/// Files in it, and bytes of their names and of what is said of them.
const MOST_FILES: usize = 10_000;
const MOST_NAMES: usize = 4 * 1024 * 1024;
/// Bytes that all of it unpacks to, and a file of it that is no sheet.
const MOST_BYTES: u64 = 200 * 1024 * 1024;
const MOST_BESIDE: u64 = 16 * 1024 * 1024;
/// What it unpacks to, as so many times its size; small ones may be packed as well as they like.
const MOST_TIMES: u64 = 100;
const SMALL: u64 = 4 * 1024 * 1024;
/// Tags that open in a file of which something is kept for each, and in the one of texts.
const MOST_TAGS: u64 = 150_000;
const MOST_TEXTS: u64 = 1_500_000;
/// Bytes that are kept at most where each of so many may be as long as the longest.
const MOST_KEPT: u64 = 40 * 1024 * 1024;

pub(super) const BROKEN: &str =
    "This is no workbook that can be read. Save it as XLSX without a password, or as CSV.";

/// Unpacks all of it once and keeps nothing.
pub(super) fn look(bytes: &[u8]) -> Result<(), &'static str> {
    directory(bytes)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    let names = names(&archive)?;
    let parts = Parts::of(&mut archive, &names)?;
    let most = (bytes.len() as u64 * MOST_TIMES).clamp(SMALL, MOST_BYTES);
    let (mut all, mut kept) = (0, Kept::default());
    for (at, name) in names.iter().enumerate() {
        let part = parts.part(name);
        let mut file = archive.by_index(at).map_err(|_| BROKEN)?;
        let room = most - all;
        let room = if part == Part::Sheet { room } else { room.min(MOST_BESIDE) };
        let mut tags = Tags::of(part);
        all += unpack(&mut file, &mut tags, room)?;
        kept.add(part, &tags)?;
    }
    kept.check()
}

/// Counts what the directory names before anything makes room for it: each of its entries begins with these bytes.
fn directory(bytes: &[u8]) -> Result<(), &'static str> {
    let mut names = 0;
    for (nth, at) in memmem::find_iter(bytes, b"PK\x01\x02").enumerate() {
        // Behind the mark stand the lengths of the name, of more about it, and of a remark.
        let lengths = bytes.get(at + 28..at + 34).unwrap_or_default().chunks(2);
        names += lengths
            .map(|two| two.iter().rev().fold(0, |sum, byte| sum * 256 + usize::from(*byte)))
            .sum::<usize>();
        if nth >= MOST_FILES || names > MOST_NAMES {
            return Err(TOO_LARGE);
        }
    }
    Ok(())
}

/// The names of its files, as a reader looks for them. Of two that it takes for one, nobody knows which it reads.
fn names(archive: &ZipArchive<Cursor<&[u8]>>) -> Result<Vec<String>, &'static str> {
    let names = archive.file_names().map(|name| name.map(|name| fold(&name)).map_err(|_| BROKEN));
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    let different: HashSet<&String> = names.iter().collect();
    if different.len() == names.len() { Ok(names) } else { Err(BROKEN) }
}

/// How much a file unpacks to.
fn unpack(file: &mut impl Read, tags: &mut Tags, room: u64) -> Result<u64, &'static str> {
    let (mut own, mut buffer) = (0_u64, vec![0; 64 * 1024]);
    loop {
        let read = file.read(&mut buffer).map_err(|_| BROKEN)?;
        if read == 0 {
            return tags.end().map(|()| own);
        }
        own += read as u64;
        if own > room {
            return Err(TOO_LARGE);
        }
        tags.read(buffer.get(..read).unwrap_or_default())?;
    }
}

/// What a reader keeps of all of it.
#[derive(Default)]
struct Kept {
    /// Sheets that are named, at most.
    sheets: u64,
    /// The longest of what leads to a sheet.
    longest: u64,
}

impl Kept {
    fn add(&mut self, part: Part, tags: &Tags) -> Result<(), &'static str> {
        let most = match part {
            Part::Texts => MOST_TEXTS,
            // Each style has its own copy of the names of its font and its format.
            Part::Styles => MOST_TAGS.min(MOST_KEPT / tags.longest.max(1)),
            Part::Book | Part::Links => MOST_TAGS,
            Part::Sheet | Part::Beside => return Ok(()),
        };
        match part {
            Part::Book => self.sheets = tags.opened,
            Part::Links => self.longest = self.longest.max(tags.longest),
            _ => {}
        }
        if tags.opened > most { Err(TOO_LARGE) } else { Ok(()) }
    }

    fn check(&self) -> Result<(), &'static str> {
        if self.sheets * self.longest > MOST_KEPT { Err(TOO_LARGE) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    const LINKS: &[u8] =
        b"<Relationships><Relationship Type='x/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>";

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files.iter().chain([&("_rels/.rels", LINKS)]) {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(bytes).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused_before_it_is_read() {
        let cells = b"<c/>".repeat(5_000_000);
        assert_eq!(
            look(&packed(&[("xl/worksheets/sheet1.xml", &cells)])),
            Err(TOO_LARGE),
            "more than 100 times"
        );
        assert_eq!(look(&packed(&[("xl/sharedStrings.xml", &cells)])), Err(TOO_LARGE));
        let tag = [b"<c ".to_vec(), b"a='b' ".repeat(300_000)].concat();
        assert_eq!(look(&packed(&[("xl/worksheets/sheet1.xml", &tag)])), Err(TOO_LARGE), "one long tag");
        assert_eq!(look(&packed(&[("xl/worksheets/sheet1.xml", b"<c/>")])), Ok(()));
        assert_eq!(look(b"PK\x03\x04nothing"), Err(BROKEN));
    }

    #[test]
    fn what_is_long_once_and_named_often_is_refused() {
        let long =
            |open: &str, close: &str| [open.as_bytes(), &b"x".repeat(4_000), close.as_bytes()].concat();
        let font = [long("<font><name val='", "'/></font>"), b"<xf fontId='0'/>".repeat(12_000)].concat();
        assert_eq!(look(&packed(&[("xl/styles.xml", &font)])), Err(TOO_LARGE));
        let link = long("<Relationship Id='a' Target='", "'/>");
        let book = b"<sheet id='a'/>".repeat(12_000);
        let of_two = [("xl/workbook.xml", book.as_slice()), ("xl/_rels/workbook.xml.rels", &link)];
        assert_eq!(look(&packed(&of_two)), Err(TOO_LARGE));
        assert_eq!(look(&packed(&of_two[..1])), Ok(()));
    }

    #[test]
    fn a_number_that_room_is_made_for_is_not_believed() {
        for count in ["='9999999999999'", " = \n \"99999999\"", "=\"+99999999\"", "='0099999999'"] {
            let texts = format!("<!-- --><sst uniqueCount{count}><si><t>a</t></si></sst>");
            assert_eq!(
                look(&packed(&[("xl/sharedStrings.xml", texts.as_bytes())])),
                Err(TOO_LARGE),
                "{count}"
            );
        }
        let texts = b"<sst uniqueCount=\"1\"><si><t>a</t></si></sst>";
        assert_eq!(look(&packed(&[("xl/sharedStrings.xml", texts)])), Ok(()));
        assert_eq!(
            look(&packed(&[("XL\\sharedStrings.xml", b"<sst uniqueCount='999999999'/>")])),
            Err(TOO_LARGE)
        );
    }

    #[test]
    fn two_files_of_one_name_and_letters_of_two_bytes_are_nothing_to_read() {
        let twice = [("xl/styles.xml", b"<a/>".as_slice()), ("XL/Styles.xml", b"<a/>")];
        assert_eq!(look(&packed(&twice)), Err(BROKEN));
        let wide: Vec<u8> = "<sst/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(look(&packed(&[("xl/sharedStrings.xml", &wide)])), Err(BROKEN));
    }
}
