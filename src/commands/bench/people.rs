//! A file of made-up people with ten columns, the same each time: one line in fifty has the address of the
//! line before it, and one in a hundred has none.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

/// The columns, as the import knows them.
pub(super) const COLUMNS: [&str; 10] = [
    "email",
    "first_name",
    "last_name",
    "company",
    "job_title",
    "phone",
    "city",
    "postal_code",
    "country",
    "customer_code",
];

const FIRST: [&str; 32] = [
    "Ada", "Amara", "Ben", "Carla", "Chidi", "Dana", "Elena", "Emre", "Farah", "Gustav", "Hana", "Ines",
    "Ivan", "Jonas", "Kofi", "Lena", "Luca", "Mateo", "Mirela", "Noor", "Omar", "Priya", "Quinn", "Rosa",
    "Sam", "Siri", "Tamika", "Tomas", "Uma", "Vera", "Wei", "Yuki",
];
const LAST: [&str; 24] = [
    "Adams",
    "Benali",
    "Brandt",
    "Castellano",
    "Diallo",
    "Eriksen",
    "Farouk",
    "Garcia",
    "Hansen",
    "Hernandez",
    "Iverson",
    "Jefferson",
    "Kowalski",
    "Lindqvist",
    "Moretti",
    "Novak",
    "Okafor",
    "Petrov",
    "Rosenthal",
    "Schmidt",
    "Tanaka",
    "Vance",
    "Whitfield",
    "Zhang",
];
const CITIES: [&str; 8] =
    ["Denver", "Aurora", "Lakewood", "Boulder", "Golden", "Evergreen", "Littleton", "Castle Rock"];
const TITLES: [&str; 5] = ["Owner", "Office manager", "Estimator", "Bookkeeper", "Head of marketing"];

/// A number that looks like any, for this one.
fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 8
}

fn one_of<'a>(all: &[&'a str], at: u64) -> &'a str {
    let at = usize::try_from(at % all.len() as u64).unwrap_or(0);
    all.get(at).copied().unwrap_or_default()
}

pub(super) fn first_name(n: u64) -> &'static str {
    one_of(&FIRST, mixed(n))
}

pub(super) fn last_name(n: u64) -> &'static str {
    one_of(&LAST, mixed(n) >> 8)
}

/// What their organization calls them, which is nobody else's.
pub(super) fn code(n: u64) -> String {
    format!("C{n}")
}

fn address(n: u64) -> String {
    let name = format!("{}.{}", first_name(n), last_name(n)).to_lowercase();
    format!("{name}.{:04x}.user{n}@mail{}.example", mixed(n) & 0xffff, n % 40)
}

/// Whose address it is.
pub(super) fn number_of(address: &str) -> Option<u64> {
    address.split_once(".user")?.1.split('@').next()?.parse().ok()
}

/// A file that was written, and what is in it.
#[derive(Clone, Debug)]
pub(super) struct People {
    pub file: PathBuf,
    pub bytes: u64,
    /// All of them but the first, which names the columns.
    pub lines: u64,
    pub good: u64,
    pub doubled: u64,
    pub wrong: u64,
}

/// Whether some of the lines are no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Faults {
    None,
    Some,
}

impl People {
    /// Writes so many lines.
    pub(super) fn write(folder: &Path, lines: u64, faults: Faults) -> std::io::Result<Self> {
        let file = folder.join(format!("people-{lines}.csv"));
        let mut people = Self { file, bytes: 0, lines, good: 0, doubled: 0, wrong: 0 };
        let mut out = BufWriter::with_capacity(256 * 1024, File::create(&people.file)?);
        writeln!(out, "{}", COLUMNS.join(","))?;
        for n in 1..=lines {
            let address = match (faults, n % 100) {
                (Faults::Some, 37) => {
                    people.wrong += 1;
                    format!("nobody {n}")
                }
                (Faults::Some, 49 | 99) => {
                    people.doubled += 1;
                    address(n - 1)
                }
                _ => {
                    people.good += 1;
                    address(n)
                }
            };
            writeln!(
                out,
                "{address},{},{},{} & Sons,{},+1303{:07},{},{:05},USA,{}",
                first_name(n),
                last_name(n),
                last_name(n + 1),
                one_of(&TITLES, mixed(n) >> 16),
                n % 10_000_000,
                one_of(&CITIES, mixed(n) >> 24),
                80_000 + n % 1000,
                code(n)
            )?;
        }
        out.flush()?;
        people.bytes = std::fs::metadata(&people.file)?.len();
        Ok(people)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_faults_that_it_says() {
        let folder = std::env::temp_dir().join(format!("groundswell-people-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let people = People::write(&folder, 200, Faults::Some).unwrap();
        let text = std::fs::read_to_string(&people.file).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!((people.good, people.doubled, people.wrong), (194, 4, 2));
        let addresses: Vec<&str> = text.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
        let own: std::collections::BTreeSet<u64> =
            addresses.iter().filter_map(|address| number_of(address)).collect();
        assert_eq!((addresses.len(), own.len()), (200, 194));
        assert!(text.lines().all(|line| line.split(',').count() == COLUMNS.len()));
    }
}
