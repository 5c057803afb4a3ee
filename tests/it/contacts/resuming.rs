//! An import that is interrupted goes on where it stopped, and ends as if nothing had been.

use groundswell::{app, jobs::worker};

use super::imports::upload;
use crate::support::TestApp;

/// A file of so many lines with doubles and mistakes in it.
fn lines(count: usize) -> String {
    let mut file = String::from("email,first_name,city\n");
    for n in 0..count {
        file += &match n % 50 {
            7 => format!("p{}@many.test,Twice,\"Köln\nam Rhein\"\n", n - 7),
            13 => format!("mistake {n},No,\n"),
            _ => format!("p{n}@many.test,Person {n},\"City, {n}\"\n"),
        };
    }
    file
}

/// What the database holds of the import, whichever way it came.
const HELD: &str = "select md5(string_agg(email || first_name || city, ',' order by email)) || ' ' ||
        (select string_agg(line || reason, ',' order by line) from import_refusals r
          join imports i on i.id = r.import_id where i.file_name = 'people.csv')
   from contacts where email like '%@many.test'";

async fn imported(stops: &[i64]) -> (String, String) {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let at = upload(&mut mia, lines(50_000).as_bytes()).await;
    let decided = "column.0=email&column.1=first_name&column.2=city&has_header=on&mode=fill&consent=unknown";
    mia.post(&format!("{at}/match"), decided).await;
    app.work().await;
    mia.post(&format!("{at}/start"), "").await;
    for after in stops {
        // The work is dropped where it stands, as when its process is killed, once so much of it is committed.
        let kinds = app::kinds(true);
        let mut work = Box::pin(worker::run_due(&app.app, &kinds));
        loop {
            let done: i64 = app
                .stored("select coalesce(max(offset_bytes), 0) from imports where status = 'running'")
                .await;
            if done >= *after {
                break;
            }
            tokio::select! {
                ended = &mut work => { ended.unwrap(); break; }
                () = tokio::task::yield_now() => {}
            }
        }
        drop(work);
        let again =
            "update job_queue set status = 'waiting', holder = null, leased_until = null, run_at = now()
                      where kind = 'contacts.import' and status = 'running'";
        sqlx::query(again).execute(&app.owner).await.unwrap();
    }
    app.work().await;
    let page = mia.get(&at).await.text();
    let numbers = page.split("How it stands").nth(1).unwrap().split("Finished").next().unwrap().to_owned();
    (numbers, app.stored(HELD).await)
}

/// UPL-4.
#[tokio::test]
async fn an_import_that_is_interrupted_ends_as_one_that_is_not() {
    let whole = imported(&[]).await;
    assert!(whole.0.contains("Imported Added 48,000 Updated 0 Unchanged 0 Refused 2,000"), "{}", whole.0);
    // Twenty times, never at the same place of a batch.
    let stops: Vec<i64> = (0..20).map(|n| n * n * 4_700 + n % 3).collect();
    assert_eq!(imported(&stops).await, whole);
}
