//! Reading the project's files, and telling code from words and comments.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file by its path from the project's root, with slashes.
#[derive(Clone, Debug)]
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// `src/contacts/queries.rs` is of `contacts`, `src/ids.rs` of `ids`.
    pub fn module(&self) -> &str {
        let inside = self.path.split_once('/').map_or("", |(_, rest)| rest);
        inside.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// All files below `folder` whose name ends so. Folders that are made or fetched are left out.
pub fn files(folder: &str, ending: &str) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path: PathBuf = entry.expect("a readable folder").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if path.is_dir() && !["node_modules", "dist", "vendor", "shots"].contains(&name.as_str()) {
                folders.push(path);
            } else if path.is_file() && name.ends_with(ending) {
                let text =
                    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                let path = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
                found.push(File { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Rust with its comments gone and its literals taken out: `§3§` stands for the fourth of them.
#[derive(Debug, Default)]
pub struct Code {
    pub flat: String,
    pub literals: Vec<String>,
}

impl Code {
    pub fn of(text: &str) -> Self {
        let mut code = Self::default();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let taken = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if let Some((literal, taken)) = literal(rest, code.flat.chars().last()) {
                code.flat += &format!("§{}§", code.literals.len());
                code.literals.push(literal.to_owned());
                taken
            } else {
                code.flat.push(first);
                first.len_utf8()
            };
            rest = &rest[taken..];
        }
        code
    }

    /// The literal that `§n§`, somewhere in `text`, stands for.
    pub fn literal_in(&self, text: &str) -> Option<&str> {
        let number = text.split('§').nth(1)?;
        self.literals.get(number.parse::<usize>().ok()?).map(String::as_str)
    }
}

/// The literal that `rest` begins with, and how long it is with its quotes.
fn literal(rest: &str, before: Option<char>) -> Option<(&str, usize)> {
    if let Some(body) = rest.strip_prefix('"') {
        let end = unescaped(body, '"')?;
        return Some((&body[..end], end + 2));
    }
    if let Some(body) = rest.strip_prefix('\'') {
        // A lifetime is no literal: its quote is not closed after one character.
        let end = unescaped(body, '\'')?;
        let is_char = body.starts_with('\\') || body[..end].chars().count() == 1;
        return is_char.then(|| (&body[..end], end + 2));
    }
    let inside_a_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let hashes = rest.strip_prefix('r')?.chars().take_while(|c| *c == '#').count();
    let body = rest.get(hashes + 1..)?.strip_prefix('"').filter(|_| !inside_a_word)?;
    let end = body.find(&format!("\"{}", "#".repeat(hashes)))?;
    Some((&body[..end], end + 2 * hashes + 3))
}

fn unescaped(body: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// What stands between the bracket that `text` begins after and its counterpart, cut at the commas outside
/// of further brackets.
pub fn arguments(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => {
                parts.push(text[start..at].trim());
                break;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[test]
fn code_is_told_from_words_and_comments() {
    let code = Code::of("let a: &'a str = \"x // y\"; // \"no\"\nlet b = 'c'; r#\"d \"e\" \"#; var\"f\"");
    assert_eq!(code.literals, ["x // y", "c", "d \"e\" ", "f"]);
    assert_eq!(code.flat, "let a: &'a str = §0§; \nlet b = §1§; §2§; var§3§");
    assert_eq!(arguments("a, b(c, d), [e, f]) and more"), ["a", "b(c, d)", "[e, f]"]);
}
