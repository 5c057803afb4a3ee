use clap::Parser;
use groundswell::{app, clock::Clock, config::Settings, crypto::Keys, db::{Db, connect::Endpoint}, web::App, accounts::session_store::PgSessionStore};
use tower_sessions::{SessionStore, session::{Id, Record}};
#[derive(Parser)]
struct F { #[command(flatten)] s: Settings }
#[tokio::main]
async fn main() {
    let f = F::parse();
    let c = f.s.check().unwrap();
    let ep = Endpoint::socket(std::path::Path::new("/work/pg"), 5433, "groundswell_app", "x", "scratch");
    let sup = Endpoint::socket(std::path::Path::new("/work/pg"), 5433, "postgres", "x", "scratch");
    let app_ = App::new(Db::new(ep.pool(10)), Clock::system(), c.clone(), Keys::parse(&"5e".repeat(32)).unwrap());
    let owner = sup.pool(1);
    for email in ["olga@acme.test", "vic@acme.test", "ada@brightside.test"] {
        let (id, hash, epoch) = sqlx::query_as::<_, (uuid::Uuid, String, i32)>("select id, password_hash, auth_epoch from users where email = $1").bind(email).fetch_one(&owner).await.unwrap();
        let proof = <sha2::Sha256 as sha2::Digest>::digest(format!("session-auth:{epoch}:{hash}")).to_vec();
        let mut record = Record { id: Id::default(), data: [("axum-login.data".to_owned(), serde_json::json!({"user_id": id, "auth_hash": proof}))].into(), expiry_date: time::OffsetDateTime::now_utc() + time::Duration::days(1) };
        PgSessionStore::new(app_.db.clone(), app_.clock.clone()).create(&mut record).await.unwrap();
        println!("{email} {}", record.id);
    }
    let l = tokio::net::TcpListener::bind(c.listen).await.unwrap();
    axum::serve(l, app::router(app_).into_make_service_with_connect_info::<std::net::SocketAddr>()).await.unwrap();
}
