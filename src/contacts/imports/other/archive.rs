//! A look into a packed file before anything reads it: how much it unpacks to, and whether one piece of its XML is longer
//! than any that a person writes.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::TOO_LARGE;

/// Files in it.
const MOST_FILES: usize = 10_000;
/// Bytes that all of it unpacks to, and a file of it that is no sheet.
const MOST_BYTES: u64 = 200 * 1024 * 1024;
const MOST_BESIDE: u64 = 16 * 1024 * 1024;
/// What it unpacks to, as so many times its size; small ones may be packed as well as they like.
const MOST_TIMES: u64 = 100;
const SMALL: u64 = 4 * 1024 * 1024;
/// Bytes from one tag to the next.
const LONGEST: usize = 1024 * 1024;

pub(super) const BROKEN: &str =
    "This is no workbook that can be read. Save it as XLSX without a password, or as CSV.";

/// Unpacks all of it once and keeps nothing.
pub(super) fn look(bytes: &[u8]) -> Result<(), &'static str> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BROKEN)?;
    if archive.len() > MOST_FILES {
        return Err(TOO_LARGE);
    }
    let most = (bytes.len() as u64 * MOST_TIMES).clamp(SMALL, MOST_BYTES);
    let (mut all, mut buffer) = (0_u64, vec![0; 64 * 1024]);
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).map_err(|_| BROKEN)?;
        let is_sheet = file.name().map_err(|_| BROKEN)?.starts_with("xl/worksheets/");
        let (mut own, mut gap) = (0_u64, 0_usize);
        loop {
            let read = file.read(&mut buffer).map_err(|_| BROKEN)?;
            if read == 0 {
                break;
            }
            let piece = buffer.get(..read).unwrap_or_default();
            own += read as u64;
            gap = longest(piece, gap)?;
            if all + own > most || (!is_sheet && own > MOST_BESIDE) {
                return Err(TOO_LARGE);
            }
        }
        all += own;
    }
    Ok(())
}

/// How far the last tag is from the end of this piece, where the piece before ended so far behind one.
fn longest(piece: &[u8], before: usize) -> Result<usize, &'static str> {
    let (mut from, mut gap) = (0, before);
    for at in memchr::memchr_iter(b'<', piece) {
        gap = if from == 0 { before + at } else { at - from };
        from = at + 1;
        if gap > LONGEST {
            return Err(TOO_LARGE);
        }
    }
    gap = if from == 0 { gap + piece.len() } else { piece.len() - from };
    if gap > LONGEST { Err(TOO_LARGE) } else { Ok(gap) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
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
}
