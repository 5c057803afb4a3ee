//! Workbooks and address cards: turned into lines when they come in, and imported like any other file.

use std::io::{Cursor, Write as _};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::imports::upload;
use crate::support::TestApp;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A workbook as spreadsheets write them: shared and inline text, a number with zeros in front, a day, what a formula
/// came to, an empty row, and a second sheet.
fn workbook() -> Vec<u8> {
    let link = |id: u8, kind: &str, to: &str| {
        format!("<Relationship Id=\"r{id}\" Type=\"{LINKS}/{kind}\" Target=\"{to}\"/>")
    };
    let text = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let people = [
        format!("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>{}{}{}{}</row>", text("B1", "Zip"), text("C1", "Met on"), text("D1", "City"), text("E1", "Phone")),
        format!("<row r=\"2\">{}<c r=\"B2\" s=\"1\"><v>1067</v></c><c r=\"C2\" s=\"2\"><v>46000</v></c><c r=\"D2\" t=\"str\"><f>UPPER(\"ulm\")</f><v>ULM, South</v></c><c r=\"E2\"><v>4930901820</v></c></row>", text("A2", "ann@x.test")),
        format!("<row r=\"4\">{}</row>", text("A4", "nobody")),
        format!("<row r=\"5\">{}{}</row>", text("A5", "bo@x.test"), text("E5", "+49 30 1")),
    ]
    .concat();
    let files = [
        ("[Content_Types].xml", format!("<Types xmlns=\"{PACKAGE}/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\">{}</Relationships>",
                link(1, "officeDocument", "xl/workbook.xml")
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><sheets><sheet name=\"People\" sheetId=\"1\" r:id=\"r1\"/><sheet name=\"Notes\" sheetId=\"3\" state=\"hidden\" r:id=\"r3\"/><sheet name=\"More\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\">{}{}{}{}{}</Relationships>",
                link(1, "worksheet", "worksheets/sheet1.xml"),
                link(2, "worksheet", "worksheets/sheet2.xml"),
                link(3, "worksheet", "worksheets/sheet3.xml"),
                link(4, "styles", "styles.xml"),
                link(5, "sharedStrings", "sharedStrings.xml")
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"00000\"/></numFmts><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\" applyNumberFormat=\"1\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{MAIN}\"><si><t>E-mail</t></si></sst>")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{people}</sheetData></worksheet>"),
        ),
        (
            "xl/worksheets/sheet2.xml",
            format!(
                "<worksheet xmlns=\"{MAIN}\"><sheetData><row r=\"1\">{}</row><row r=\"2\">{}</row></sheetData></worksheet>",
                text("A1", "Mail"),
                text("A2", "cy@x.test")
            ),
        ),
        ("xl/worksheets/sheet3.xml", format!("<worksheet xmlns=\"{MAIN}\"><sheetData/></worksheet>")),
    ];
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, xml) in files {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(xml.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

const HELD: &str = "select string_agg(concat_ws('|', email, postal_code, city, phone, custom->>'met_on'), ' ' order by email)
                      from contacts where email like '%@x.test'";

#[tokio::test]
async fn a_workbook_is_read_as_a_person_sees_it_one_sheet_at_a_time() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let at = upload(&mut mia, &workbook()).await;
    let page = mia.get(&format!("{at}/match")).await;
    assert!(page.text().contains("01067") && page.text().contains("2025-12-09"), "{}", page.text());
    assert!(page.body.contains(">People</option>") && page.body.contains(">More</option>"));
    assert!(!page.body.contains(">Notes</option>"), "what is hidden is not offered");
    let decided = "column.0=email&column.1=postal_code&column.2=%2B&column.3=city&column.4=phone&has_header=on\
                   &mode=fill&consent=unknown";
    mia.post(&format!("{at}/match"), decided).await;
    app.work().await;
    mia.post(&format!("{at}/start"), "").await;
    app.work().await;
    assert_eq!(
        app.stored::<String>(HELD).await,
        "ann@x.test|01067|ULM, South|4930901820|2025-12-09 bo@x.test|||+49 30 1"
    );
    let refused = mia.get(&format!("{at}/refused")).await.body;
    assert!(
        refused.contains("4,The e-mail address is not one.,nobody"),
        "the number is the row's: {refused}"
    );

    let other = upload(&mut mia, &workbook()).await;
    assert_eq!(mia.post(&format!("{other}/sheet"), "sheet=9").await.status, 404);
    assert_eq!(mia.post(&format!("{other}/sheet"), "sheet=1").await.status, 303);
    let page = mia.get(&format!("{other}/match")).await;
    assert!(
        page.body.contains("<option value=\"1\" selected>More</option>") && page.text().contains("cy@x.test")
    );
    mia.post(&format!("{other}/match"), "column.0=email&has_header=on&mode=fill&consent=unknown").await;
    app.work().await;
    let page = mia.get(&other).await.text();
    assert!(page.contains("New 1") && page.contains("Refused 0"), "{page}");
    mia.post(&format!("{other}/start"), "").await;
    app.work().await;
    assert_eq!(mia.post(&format!("{other}/sheet"), "sheet=0").await.status, 404, "it is imported");
}

#[tokio::test]
async fn address_cards_are_people_with_what_each_holds() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let cards = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Farouk;Omar;;;\r\nEMAIL:omar@x.test\r\nTEL:+1 303 555 0142\r\n\
                 ADR:;;Weg 1;Ulm;;89073;\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann Dyk\r\nEMAIL:ann@x.test\r\nEND:VCARD\r\n";
    let at = upload(&mut mia, cards.as_bytes()).await;
    let page = mia.get(&format!("{at}/match")).await;
    for guessed in ["first_name", "last_name", "email", "phone", "street", "city", "postal_code"] {
        assert!(page.body.contains(&format!("value=\"{guessed}\" selected")), "{guessed}: {}", page.body);
    }
    let decided = "column.0=first_name&column.1=last_name&column.2=email&column.3=phone&column.4=street&column.5=city\
                   &column.6=postal_code&has_header=on&mode=fill&consent=unknown";
    mia.post(&format!("{at}/match"), decided).await;
    app.work().await;
    mia.post(&format!("{at}/start"), "").await;
    app.work().await;
    assert_eq!(app.stored::<String>(HELD).await, "ann@x.test||| omar@x.test|89073|Ulm|+1 303 555 0142");
}
