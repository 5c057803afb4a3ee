//! The key file: a master key on each line, the current one first. What follows a `#` is for people.
//!
//! Made when there is none, readable by its owner alone, and replaced as a whole: whoever reads it sees
//! the former or the next.

use std::{
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use data_encoding::HEXLOWER;

use super::{KeyId, Keys};

/// Reads the key file, or makes it when there is none.
pub fn load_or_create(file: &Path) -> io::Result<Keys> {
    if !file.exists() {
        replace(file, &line(&random()?)?)?;
    }
    load(file)
}

/// Reads the key file.
pub fn load(file: &Path) -> io::Result<Keys> {
    Keys::parse_all(lines(&fs::read_to_string(file)?)).ok_or_else(|| {
        io::Error::other(format!("{} does not hold 64 hexadecimal digits on each line", file.display()))
    })
}

/// Puts a new key first, so that it is current from the next start on. The others are kept below it.
pub fn put_next(file: &Path) -> io::Result<KeyId> {
    let next = random()?;
    let kept = if file.exists() { fs::read_to_string(file)? } else { String::new() };
    replace(file, &format!("{}{kept}", line(&next)?))?;
    load(file).map(|keys| keys.id())
}

/// 64 hexadecimal digits that nobody has seen.
pub fn random() -> io::Result<String> {
    let mut master = [0u8; 32];
    getrandom::fill(&mut master).map_err(io::Error::other)?;
    Ok(HEXLOWER.encode(&master))
}

fn line(hex: &str) -> io::Result<String> {
    let keys = Keys::parse(hex).ok_or_else(|| io::Error::other("a new key is no key"))?;
    Ok(format!("{hex} # {}\n", keys.id()))
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    let keys = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    keys.filter(|key| !key.is_empty())
}

fn replace(file: &Path, text: &str) -> io::Result<()> {
    let fresh = file.with_extension("new");
    let mut out = fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&fresh)?;
    out.write_all(text.as_bytes())?;
    out.sync_all()?;
    fs::rename(fresh, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_key_is_current_and_the_former_is_kept() {
        let folder = std::env::temp_dir().join(format!("groundswell-key-file-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("secret.key");
        let first = load_or_create(&file).unwrap().id();

        let next = put_next(&file).unwrap();

        assert_eq!(load_or_create(&file).unwrap().ids(), [next, first]);
        assert_ne!(next, first);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_of_one_bare_line_is_read_and_a_broken_one_is_not() {
        let key = "0b".repeat(32);
        assert_eq!(Keys::parse_all(lines(&format!("{key}\n"))).map(|keys| keys.ids().len()), Some(1));
        assert_eq!(
            Keys::parse_all(lines(&format!("{key} # a\n\n{key}"))).map(|keys| keys.ids().len()),
            Some(2)
        );
        assert!(Keys::parse_all(lines(&format!("{key}\nbroken"))).is_none());
        assert!(Keys::parse_all(lines("# nothing\n")).is_none());
    }
}
