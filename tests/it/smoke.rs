use crate::support::TestApp;

#[tokio::test]
async fn an_unknown_path_is_a_404_page() {
    let app = TestApp::new().await;
    let reply = app.visitor().get("/no-such-page").await;
    assert_eq!(reply.status, 404, "{}", reply.body);
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.get("/livez").await.status, 200);
}
