//! Files that are small and would become large (UPL-2), and names that lead elsewhere (UPL-3).

use std::{
    fs,
    io::{Cursor, Write as _},
    path::{Path, PathBuf},
    process::Command,
};

use axum::http::Method;
use groundswell::contacts::imports::other::Other;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::imports::file;
use crate::support::{TestApp, memory};

/// Set in the program that these tests start, which is this program again: the folder of the files.
const INSIDE: &str = "GROUNDSWELL_TEST_BOMBS";

const HOLDS: &str = "This file holds too much to be read as it is.";
const BROKEN: &str = "This is no workbook that can be read.";

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook with one sheet, and these files beside or instead of its own.
fn workbook(files: &[(&str, &[u8])]) -> Vec<u8> {
    let link = |kind: &str, to: &str| {
        format!("<Relationship Id=\"r1\" Type=\"http://x/relationships/{kind}\" Target=\"{to}\"/>")
    };
    let links = |link: String| format!("<Relationships>{link}</Relationships>").into_bytes();
    let own: [(&str, Vec<u8>); 4] = [
        ("_rels/.rels", links(link("officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", links(link("worksheet", "worksheets/sheet1.xml"))),
        (
            "xl/workbook.xml",
            b"<workbook><sheets><sheet name=\"People\" r:id=\"r1\"/></sheets></workbook>".to_vec(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            b"<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>a@x.test</t></is></c></row></sheetData></worksheet>".to_vec(),
        ),
    ];
    let is_own = |name: &str| !files.iter().any(|(known, _)| *known == name);
    let mut all: Vec<(&str, &[u8])> =
        own.iter().filter(|(name, _)| is_own(name)).map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    all.extend(files);
    packed(&all)
}

fn repeated(open: &str, part: &str, times: usize, close: &str) -> Vec<u8> {
    [open.as_bytes(), &part.as_bytes().repeat(times), close.as_bytes()].concat()
}

/// A directory with so many names of so many letters, and none of the files.
fn directory(count: u16, length: u16) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    for n in 0..count {
        bytes.extend(b"PK\x01\x02\x14\0\x14\0");
        bytes.extend([0; 20]);
        bytes.extend(length.to_le_bytes());
        bytes.extend([0; 16]);
        bytes.extend(format!("{n:0>width$}", width = usize::from(length)).bytes());
    }
    let size = u32::try_from(bytes.len() - 4).unwrap();
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend([size.to_le_bytes(), 4_u32.to_le_bytes()].concat());
    bytes.extend([0, 0]);
    bytes
}

/// Packed files in packed files in packed files.
fn nested() -> Vec<u8> {
    let mut inner = packed(&[("0", &vec![0; 3 * 1024 * 1024])]);
    for _ in 0..3 {
        let names: Vec<String> = (0..16).map(|n| format!("{n}.zip")).collect();
        inner = packed(&names.iter().map(|name| (name.as_str(), inner.as_slice())).collect::<Vec<_>>());
    }
    inner
}

/// Each with what is told of it; nothing for one that is harmless.
fn bombs() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let long = "x".repeat(900_000);
    let text = |text: &str| format!("<sst uniqueCount=\"1\"><si><t>{text}</t></si></sst>").into_bytes();
    let sheet = |cells: Vec<u8>| {
        [b"<worksheet><sheetData><row>".to_vec(), cells, b"</row></sheetData></worksheet>".to_vec()].concat()
    };
    let attributes: String = (0..1_000_000).map(|n| format!(" a{n}=''")).collect();
    let fewer: String = (0..80_000).map(|n| format!(" a{n}=''")).collect();
    let lol: String =
        (0..10).map(|n| format!("<!ENTITY l{}  \"{}\">", n + 1, format!("&l{n};").repeat(10))).collect();
    let xml = |name: &'static str, bytes: Vec<u8>| workbook(&[(name, &bytes)]);
    let card =
        |line: &str, times: usize| repeated("BEGIN:VCARD\r\nFN:A\r\n", line, times, "\r\nEND:VCARD\r\n");
    vec![
        ("packed files in packed files", nested(), BROKEN),
        ("many files", directory(65_000, 8), HOLDS),
        ("long names", directory(9_000, 2_000), HOLDS),
        ("more than a hundred times", workbook(&[("xl/worksheets/big.xml", &vec![b' '; 8 * 1024 * 1024])]), HOLDS),
        ("a number of texts", xml("xl/sharedStrings.xml", b"<sst uniqueCount=\"4000000000000000\"/>".to_vec()), HOLDS),
        ("many texts", xml("xl/sharedStrings.xml", repeated("<sst>", "<si/>", 2_000_000, "</sst>")), HOLDS),
        (
            "a long text in every cell of a row",
            workbook(&[
                ("xl/sharedStrings.xml", &text(&long)),
                ("xl/worksheets/sheet1.xml", &sheet(b"<c t=\"s\"><v>0</v></c>".repeat(900))),
            ]),
            HOLDS,
        ),
        (
            "a cell of many texts",
            xml("xl/worksheets/sheet1.xml", sheet(repeated("<c t=\"inlineStr\"><is>", &format!("<r><t>{}</t></r>", &long[..1000]), 3_000, "</is></c>"))),
            HOLDS,
        ),
        (
            "a font with a long name in every style",
            xml("xl/styles.xml", repeated(&format!("<styleSheet><fonts><font><name val=\"{long}\"/></font></fonts><cellXfs>"), "<xf numFmtId=\"0\" fontId=\"0\"/>", 50_000, "</cellXfs></styleSheet>")),
            HOLDS,
        ),
        ("many styles", xml("xl/styles.xml", repeated("<styleSheet><cellXfs>", "<xf/>", 1_000_000, "</cellXfs></styleSheet>")), HOLDS),
        (
            "a long way to every sheet",
            workbook(&[
                ("xl/_rels/workbook.xml.rels", format!("<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"{long}\"/></Relationships>").as_bytes()),
                ("xl/workbook.xml", &repeated("<workbook>", "<sheet name=\"a\" r:id=\"r1\"/>", 50_000, "</workbook>")),
            ]),
            HOLDS,
        ),
        ("a million attributes", xml("xl/worksheets/sheet1.xml", sheet(format!("<c{attributes}/>").into_bytes())), HOLDS),
        ("eighty thousand attributes", xml("xl/worksheets/sheet1.xml", sheet(format!("<c{fewer}><v>1</v></c>").into_bytes())), ""),
        (
            "entities of entities",
            xml("xl/sharedStrings.xml", format!("<!DOCTYPE l [<!ENTITY l0 \"lol\">{lol}]><sst><si><t>&l10;</t></si></sst>").into_bytes()),
            BROKEN,
        ),
        ("a card of many lines", card("A:\r\n", 1_000_000), HOLDS),
        ("a card of many parts", card(";", 4_000_000), HOLDS),
        ("a card of one long line", card("NOTE:x", 1_700_000), HOLDS),
        ("a parameter of many", [b"BEGIN:VCARD\r\nTEL;TYPE=".to_vec(), b"a,".repeat(2_000_000), b":1\r\nEND:VCARD\r\n".to_vec()].concat(), HOLDS),
        ("many cards", b"BEGIN:VCARD\nFN:a\nEND:VCARD\n".repeat(30_000), ""),
    ]
}

/// What the one inside says of every file in the folder: its name, what was told, how much it took, what it wrote.
fn inside(folder: &Path) -> String {
    let mut said = String::new();
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|one| one.unwrap().path()).collect();
    files.sort();
    for path in files {
        let bytes = fs::read(&path).unwrap();
        let other = Other::of(&bytes).expect("a kind that is turned");
        let (before, wrote) = (memory::begin(), memory::of_self("io", "syscw:"));
        let told = other.turn(bytes, |_| true).err().unwrap_or_default();
        let (took, writes) = (memory::since(before), memory::of_self("io", "syscw:") - wrote);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        said += &format!("\nbomb|{name}|{took}|{writes}|{told}\n");
    }
    said
}

/// Turns every file of the folder in a program of its own: name, KiB that it took, writes to anything, what was told.
fn turned(test: &str, folder: &Path, at: &Path) -> Vec<(String, u64, u64, String)> {
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, folder)
        .env("TMPDIR", at)
        .current_dir(at)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said} {}", String::from_utf8_lossy(&run.stderr));
    let lines = said.lines().filter_map(|line| line.strip_prefix("bomb|"));
    let one = |line: &str| {
        let mut parts = line.splitn(4, '|').map(str::to_owned);
        let mut next = || parts.next().expect("four parts");
        (next(), next().parse().unwrap(), next().parse().unwrap(), next())
    };
    lines.map(one).collect()
}

/// A folder of this test's own, which is gone when it is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("groundswell-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// UPL-2.
#[test]
fn a_file_that_would_burst_takes_little_and_is_refused_in_words() {
    if let Some(folder) = std::env::var_os(INSIDE) {
        return println!("{}", inside(Path::new(&folder)));
    }
    let name = "contacts::import_bombs::a_file_that_would_burst_takes_little_and_is_refused_in_words";
    let (folder, at) = (Folder::new("bombs"), Folder::new("bombs-at"));
    for (what, bytes, told) in bombs() {
        // One at a time: what one took is not seen where another takes it again.
        let file = folder.0.join("one");
        fs::write(&file, &bytes).unwrap();
        let (_, took, writes, said) =
            turned(name, &folder.0, &at.0).pop().unwrap_or_else(|| panic!("{what}"));
        assert!(said.starts_with(told) && said.is_empty() == told.is_empty(), "{what}: {said}");
        assert!(took <= memory::MOST, "{what} took {took} KiB");
        assert_eq!(writes, 0, "{what}");
    }
}

#[tokio::test]
async fn a_file_that_would_burst_is_refused_beside_its_field_and_others_are_answered_meanwhile() {
    let app = TestApp::new().await;
    let (mut mia, mut olga) = (app.sign_in("mia@acme.test").await, app.sign_in("olga@acme.test").await);
    let packed = b"\x1f\x8b\x08\x08abcd\x02\x03people.csv".to_vec();
    let all = bombs().into_iter().filter(|(.., told)| !told.is_empty());
    for (what, bytes, told) in all.chain([("gzip", packed, "This file is packed (gzip).")]) {
        let (body, kind) = file("people.xlsx", &bytes);
        let kinds = [kind];
        let sent = mia.send_bytes(Method::POST, "/w/acme/contacts/imports", &body, &kinds);
        let (refused, other) = tokio::join!(sent, olga.get("/w/acme/contacts"));
        assert_eq!((refused.status.as_u16(), other.status.as_u16()), (422, 200), "{what}");
        assert!(refused.text().contains(told), "{what}: {}", refused.text());
    }
}

/// Names that lead out of a folder, as they have been tried.
fn elsewhere(folder: &Path) -> Vec<Vec<u8>> {
    let up = [
        "../",
        "..\\",
        "....//",
        "..././",
        "..;/",
        "%2e%2e/",
        "%2e%2e%2f",
        "..%5c",
        "%252e%252e%252f",
        "..%c0%af",
        "..%u2215",
        ".\u{202e}./",
    ];
    let wide = ["．．／", "‥/", "..∕", "..⧵", "..＼", "..\u{0}/"];
    let mut all: Vec<Vec<u8>> =
        up.iter().chain(&wide).map(|step| format!("{}out.txt", step.repeat(3)).into_bytes()).collect();
    all.extend(up.iter().take(2).map(|step| format!("xl/worksheets/{}out.txt", step.repeat(6)).into_bytes()));
    let absolute = folder.join("out.txt").to_string_lossy().into_owned();
    for name in [
        absolute.as_str(),
        "//out.txt",
        "\\\\host\\share\\out.txt",
        "\\\\?\\C:\\out.txt",
        "\\\\.\\PhysicalDrive0",
        "C:\\out.txt",
        "C:out.txt",
        "c:/out.txt",
        "file:///out.txt",
        "/proc/self/cwd/out.txt",
        "/dev/shm/out.txt",
        "~/out.txt",
        "$HOME/out.txt",
        "xl/../../out.txt",
        "xl/./../../../out.txt",
        "out.txt\0.xml",
        "out.txt/",
        "out.txt:stream",
        "CON",
        "out.txt ",
        "xl/..",
        "./.",
    ] {
        all.push(name.as_bytes().to_vec());
    }
    all.push(b"..\xc0\xaf..\xc0\xafout.txt".to_vec());
    all
}

/// A workbook in which a file has this name, which no writer would give it; before it stands a link that leads out, and
/// a file behind that link.
fn named(name: &[u8], out: &Path) -> Vec<u8> {
    let place = "n".repeat(name.len());
    let mut archive = ZipWriter::new_append(Cursor::new(workbook(&[]))).unwrap();
    archive.add_symlink("link", out.to_string_lossy(), SimpleFileOptions::default()).unwrap();
    for name in ["link/out.txt", &place] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(b"out").unwrap();
    }
    let mut bytes = archive.finish().unwrap().into_inner();
    // The name stands before the file, and in the directory.
    for at in memchr::memmem::find_iter(&bytes.clone(), place.as_bytes()) {
        bytes.splice(at..at + name.len(), name.iter().copied());
    }
    bytes
}

/// All that is in a folder and below it, with what it holds.
fn held(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for one in fs::read_dir(folder).unwrap() {
        let path = one.unwrap().path();
        let bytes = if path.is_dir() { Vec::new() } else { fs::read(&path).unwrap() };
        if path.is_dir() {
            all.extend(held(&path));
        }
        all.push((path, bytes));
    }
    all.sort();
    all
}

/// UPL-3: nothing is ever unpacked to a disk.
#[test]
fn no_name_in_a_packed_file_leads_to_a_place_where_anything_is_written() {
    if let Some(folder) = std::env::var_os(INSIDE) {
        return println!("{}", inside(Path::new(&folder)));
    }
    let test = "contacts::import_bombs::no_name_in_a_packed_file_leads_to_a_place_where_anything_is_written";
    let (files, around) = (Folder::new("names"), Folder::new("names-at"));
    let at = around.0.join("a/b/c/d/e/f");
    fs::create_dir_all(&at).unwrap();
    let names = elsewhere(&around.0);
    assert!(names.len() >= 40, "{}", names.len());
    for (n, name) in names.iter().enumerate() {
        fs::write(files.0.join(format!("{n:03}")), named(name, &around.0)).unwrap();
    }
    let before = held(&around.0);
    let turned = turned(test, &files.0, &at);
    assert_eq!(held(&around.0), before);
    assert_eq!(turned.len(), names.len());
    let mut read = 0;
    for ((file, _, writes, told), name) in turned.iter().zip(&names) {
        let name = String::from_utf8_lossy(name);
        assert_eq!(*writes, 0, "{file} {name}");
        assert!(told.is_empty() || told.starts_with(BROKEN), "{name}: {told}");
        read += usize::from(told.is_empty());
    }
    // A name is no reason to read none of it: most of these are read, which is what shows that nothing follows them.
    assert!(read >= 30, "only {read} were read");
}
