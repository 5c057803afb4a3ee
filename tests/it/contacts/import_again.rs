//! A second file of the same shape comes with what was decided about the first.

use super::imports::upload;
use crate::support::TestApp;

#[tokio::test]
async fn a_second_file_with_the_same_columns_is_matched_like_the_first() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let decided = "column.0=customer_code&column.1=stage&column.2=%2B&has_header=on&mode=overwrite\
                   &known_by=customer_code&consent=unknown";
    let first = upload(&mut mia, b"Our No;Phase;Colour of the door\nK-1;warm;red\n").await;
    mia.post(&format!("{first}/match"), decided).await;
    app.work().await;
    mia.post(&format!("{first}/values"), "column.0=stage&cell.0=warm&to.0=%3Dmql").await;
    app.work().await;
    assert!(!mia.get(&format!("{first}/match")).await.body.contains("id=\"like\""));
    mia.post(&format!("{first}/start"), "").await;
    app.work().await;

    let second = upload(&mut mia, b"OUR-NO,phase,Colour of the door\nK-2,warm,blue\n").await;
    let page = mia.get(&format!("{second}/match")).await;
    for taken in [
        "value=\"customer_code\" selected",
        "value=\"stage\" selected",
        "value=\"custom.colour_of_the_door\" selected",
        "value=\"overwrite\" checked",
    ] {
        assert!(page.body.contains(taken), "{taken}: {}", page.body);
    }
    assert!(page.text().contains("Matched like people.csv, imported"), "{}", page.text());
    assert!(!page.body.contains("value=\"unknown\" checked"), "consent is declared anew");
    let again = decided.replace("%2B", "custom.colour_of_the_door");
    mia.post(&format!("{second}/match"), &again).await;
    app.work().await;
    assert!(mia.get(&second).await.text().contains("New 1"), "“warm” means what it meant");

    let afresh = mia.get(&format!("{second}/match?afresh=on")).await;
    assert!(
        !afresh.text().contains("Matched like") && !afresh.body.contains("value=\"customer_code\" selected")
    );
    assert!(afresh.body.contains("value=\"custom.colour_of_the_door\" selected"), "it is called so");
    mia.post(&format!("{second}/match"), &format!("{again}&afresh=on")).await;
    app.work().await;
    assert!(mia.get(&second).await.text().contains("Refused 1"), "“warm” means nothing again");

    let other = upload(&mut mia, b"phase,OUR-NO,Colour of the door\nwarm,K-2,blue\n").await;
    assert!(!mia.get(&format!("{other}/match")).await.text().contains("Matched like"));
}
