//! Tables that strangers published, imported as they are: companies that carry waste in New York
//! (dataprep), and fifty thousand sales with their customers' addresses (pointblank).

use std::{fs, process::Command};

use groundswell::numbers::grouped;
use serde::Deserialize;

use super::imports::upload;
use crate::{
    channels::peers::{python, root, skipped},
    support::TestApp,
};

/// A table, and what Python's csv makes of it.
#[derive(Deserialize)]
struct Table {
    name: String,
    path: String,
    /// Where its addresses are, of how many columns.
    column: usize,
    columns: usize,
    lines: i64,
    people: i64,
    /// Good addresses that stand in an earlier line already.
    repeated: i64,
    /// Lines without any.
    without: i64,
}

/// The tables, or nothing where their packages are not installed.
fn tables() -> Option<Vec<Table>> {
    let done = Command::new(python()?)
        .arg(root("tests/peers/tables.py"))
        .arg(root("target/tools/tables"))
        .output()
        .expect("python starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(serde_json::from_slice(&done.stdout).expect("a list of tables"))
}

#[tokio::test]
async fn tables_that_nobody_made_for_us_are_imported_to_the_last_line() {
    let Some(tables) = tables() else {
        return skipped("the Python packages of tests/peers are not installed: bin/test installs them");
    };
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let mut everybody = 0;
    for table in tables {
        let Table { name, column, lines, people, repeated, without, .. } = &table;
        let at = upload(&mut mia, &fs::read(&table.path).expect("the table is there")).await;
        let page = mia.get(&format!("{at}/match")).await.body;
        let select = page.split(&format!("name=\"column.{column}\"")).nth(1).expect("a column of addresses");
        let select = select.split("</select>").next().expect("an end of it");
        assert!(select.contains("value=\"email\" selected"), "{name}: {select}");

        let others: String =
            (0..table.columns).filter(|at| at != column).map(|at| format!("column.{at}=&")).collect();
        let decided = format!("{others}column.{column}=email&has_header=on&mode=fill&consent=unknown");
        assert_eq!(mia.post(&format!("{at}/match"), &decided).await.status, 303);
        app.work().await;
        assert_eq!(mia.post(&format!("{at}/start"), "").await.status, 303);
        app.work().await;

        let page = mia.get(&at).await.text();
        let refused = lines - people;
        let words =
            [("Added", *people), ("Refused", refused)].map(|(word, n)| format!("{word} {}", grouped(n)));
        for number in words.into_iter().chain(["Imported".to_owned()]) {
            assert!(page.contains(&number), "{name}: {number}: {page}");
        }
        let imported = "select count(*) from contacts where source = 'Import of people.csv'";
        let held: i64 = app.stored(imported).await;
        everybody += people;
        assert_eq!(held, everybody, "{name}");
        let file = mia.get(&format!("{at}/refused")).await.body;
        let reasons = |words: &str| file.matches(words).count() as i64;
        assert_eq!(reasons("is in line"), *repeated, "{name}");
        assert_eq!(reasons("There is no e-mail address"), *without, "{name}");
        assert_eq!(
            reasons("is not one."),
            refused - repeated - without,
            "{name}: {lines} lines, {people} people"
        );
    }
}
