//! The files of one person, packed into one.

use std::io::{Cursor, Write};

use askama::Template;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{Part, views::Page};
use crate::web::Result;

/// One JSON file for each table that holds something, and a page to read.
pub(super) fn pack(page: &Page<'_>, parts: &[Part]) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut add = |name: &str, bytes: &[u8]| -> anyhow::Result<()> {
        zip.start_file(name, options)?;
        zip.write_all(bytes)?;
        Ok(())
    };
    add("index.html", page.render()?.as_bytes())?;
    for part in parts.iter().filter(|part| !part.rows.is_empty()) {
        let json = serde_json::to_vec_pretty(&part.rows).map_err(anyhow::Error::from)?;
        add(&format!("{}.json", part.held.table), &json)?;
    }
    Ok(zip.finish().map_err(anyhow::Error::from)?.into_inner())
}
