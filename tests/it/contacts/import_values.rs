//! Cells of vocabularies that nobody knows: counted by the look, given a meaning, read so from then on.

use super::imports::upload;
use crate::support::TestApp;

const DECIDED: &str = "column.0=email&column.1=stage&column.2=custom.roof&column.3=custom.keen&has_header=on\
                       &mode=overwrite&consent=unknown";
const FILE: &[u8] =
    b"Mail,Stage,Roof,Keen\na@x.test,warm,slate,yes\nb@x.test,warm,Tile,jawohl\nc@x.test,cold,slate,\n\
                      d@x.test,Customer,tin,no\n";

#[tokio::test]
async fn values_that_are_not_known_are_listed_and_mean_what_somebody_says() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    mia.post("/w/acme/settings/fields", "label=Roof&kind=choice&new_options=Tile").await;
    mia.post("/w/acme/settings/fields", "label=Keen&kind=boolean").await;
    let at = upload(&mut mia, FILE).await;
    mia.post(&format!("{at}/match"), DECIDED).await;
    app.work().await;
    let page = mia.get(&at).await.text();
    assert!(
        page.contains("New 0") && page.contains("Refused 4") && page.contains("Stage: “warm” 2"),
        "{page}"
    );

    let values = format!("{at}/values");
    let page = mia.get(&values).await;
    for shown in ["Keen jawohl in one line", "Roof slate in 2 lines", "Stage warm in 2 lines"] {
        assert!(page.text().contains(shown), "{shown}: {}", page.text());
    }
    assert_eq!(page.body.matches("Add it as a new choice").count(), 2, "of the roof's two, and of no other");
    let said = |n: usize, column: &str, cell: &str, to: &str| {
        format!("&column.{n}={column}&cell.{n}={cell}&to.{n}={to}")
    };
    let form = [
        said(0, "custom.keen", "jawohl", "%3Dyes"),
        said(1, "custom.roof", "slate", "%2B"),
        said(2, "stage", "warm", "%3Dmql"),
        said(3, "stage", "cold", "-"),
    ]
    .concat();
    let wrong = mia.post(&values, &said(0, "stage", "warm", "%3Dking")).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("Choose from the list."), "{}", wrong.text());
    assert_eq!(mia.post(&values, &form).await.status, 303);
    app.work().await;
    let page = mia.get(&at).await.text();
    assert!(page.contains("New 3") && page.contains("Refused 1") && page.contains("Roof: “tin” 1"), "{page}");
    assert!(mia.get(&values).await.body.contains("value=\"=mql\" selected"), "what was said is still there");

    mia.post(&format!("{at}/start"), "").await;
    app.work().await;
    let people = "select string_agg(concat_ws(':', left(email, 1), lifecycle_stage, custom->>'roof', custom->>'keen'), ' '
                                    order by email) from contacts where email like '%@x.test'";
    assert_eq!(app.stored::<String>(people).await, "a:mql:slate:true b:mql:tile:true c:lead:slate");
    assert!(mia.get(&format!("{at}/refused")).await.body.contains("Roof: Choose from: Tile, slate."));
    assert_eq!(mia.get(&values).await.status, 303, "it is imported");
    assert_eq!(mia.post(&values, &form).await.status, 404);
}

#[tokio::test]
async fn more_values_than_can_be_listed_are_counted_aloud() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let lines: String = (0..60).map(|n| format!("p{n}@x.test,s{n}\n")).collect();
    let at = upload(&mut mia, lines.as_bytes()).await;
    mia.post(&format!("{at}/match"), "column.0=email&column.1=stage&mode=fill&consent=unknown").await;
    app.work().await;
    let page = mia.get(&format!("{at}/values")).await.text();
    assert!(page.contains("The first 50 different values are listed. 10 more cells hold others"), "{page}");
    let mut vic = app.sign_in("vic@acme.test").await;
    assert_eq!(vic.get(&format!("{at}/values")).await.status, 403);
}
