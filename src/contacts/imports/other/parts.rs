//! Which file of a workbook is what: the same that its reader takes it for.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::archive::BROKEN;

/// Bytes of what says where the workbook is.
const LONGEST: u64 = 64 * 1024;

/// What a file of it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Sheet,
    /// The texts that cells share.
    Texts,
    Styles,
    /// What names the sheets.
    Book,
    /// Where they are.
    Links,
    Beside,
}

/// Where its parts are.
pub(super) struct Parts {
    book: String,
    links: String,
    texts: String,
    styles: [String; 2],
}

/// A name as it is looked for.
pub(super) fn fold(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

impl Parts {
    pub(super) fn of(
        archive: &mut ZipArchive<Cursor<&[u8]>>,
        names: &[String],
    ) -> Result<Self, &'static str> {
        let at = names.iter().position(|name| name == ROOT).ok_or(BROKEN)?;
        let mut text = String::new();
        let file = archive.by_index(at).map_err(|_| BROKEN)?;
        file.take(LONGEST + 1).read_to_string(&mut text).map_err(|_| BROKEN)?;
        let book = book(&text).filter(|_| text.len() as u64 <= LONGEST).ok_or(BROKEN)?;
        let (folder, name) = book.rsplit_once('/').map_or(("", book.as_str()), |(_, name)| {
            (book.get(..book.len() - name.len()).unwrap_or_default(), name)
        });
        Ok(Self {
            links: format!("{folder}_rels/{name}.rels"),
            texts: format!("{folder}sharedstrings.xml"),
            styles: [format!("{folder}styles.xml"), format!("{folder}theme/theme1.xml")],
            book,
        })
    }

    /// What the file of this folded name is.
    pub(super) fn part(&self, name: &str) -> Part {
        match name {
            _ if name == self.texts => Part::Texts,
            _ if name == self.book => Part::Book,
            _ if name == self.links || name == ROOT => Part::Links,
            _ if self.styles.iter().any(|style| style == name) => Part::Styles,
            _ if name.starts_with("xl/worksheets/") => Part::Sheet,
            _ => Part::Beside,
        }
    }
}

const ROOT: &str = "_rels/.rels";

/// The path of the workbook, folded. Nothing where it is said in a way that a reader could take for another.
fn book(links: &str) -> Option<String> {
    let mut all = links.split('<').filter(|tag| tag.contains("relationships/officeDocument"));
    let (tag, None) = (all.next()?, all.next()) else { return None };
    let mut targets = tag.split("Target");
    let (_, rest, None) = (targets.next()?, targets.next()?, targets.next()) else { return None };
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|sign| ['"', '\''].contains(sign))?;
    let (path, _) = rest.get(1..)?.split_once(quote)?;
    let path = path.strip_prefix('/').unwrap_or(path);
    // The reader has a name for one that ends with its folder.
    (!path.contains('&') && !path.is_empty() && !path.ends_with('/')).then(|| path.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_where_its_links_say_and_in_one_place_only() {
        let link = |more: &str| {
            format!(
                "<Relationships><Relationship Type=\"http://x/relationships/officeDocument\" {more}/></Relationships>"
            )
        };
        assert_eq!(book(&link("Target=\"/xl/Workbook.xml\"")).as_deref(), Some("xl/workbook.xml"));
        assert_eq!(book(&link("Target = 'book.xml'")).as_deref(), Some("book.xml"));
        for odd in ["", "Target='x&#47;y'", "Target='a' Target='b'", "Target=a", "Target='xl/'", "Target=''"]
        {
            assert_eq!(book(&link(odd)), None, "{odd}");
        }
        assert_eq!(book(&link("Target='a'").repeat(2)), None);
    }
}
