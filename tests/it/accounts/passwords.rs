//! Which passwords are taken, and what checking them costs.

use groundswell::accounts::password::{self, complaint};

use super::{PASSWORD, try_password};
use crate::support::TestApp;

/// What is found among the most common of every leaked list, from ten characters up. Shorter ones, which is nearly
/// all of those lists, are refused for their length.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "0987654321",
    "9876543210",
    "1234567891",
    "12345678910",
    "123456789a",
    "a123456789",
    "123123123123",
    "1111111111",
    "0000000000",
    "1122334455",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "q1w2e3r4t5",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwertyuiop123",
    "qwerty12345",
    "qwerty123456",
    "asdfghjkl1",
    "asdfghjkl;",
    "zxcvbnm123",
    "poiuytrewq",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "Password123",
    "PASSWORD123",
    "p@ssword123",
    "password!!",
    "passwordpassword",
    "iloveyou12",
    "iloveyou123",
    "iloveyou2",
    "iloveyouso",
    "liverpool1",
    "manchester",
    "manchester1",
    "basketball",
    "basketball1",
    "volleyball",
    "football123",
    "football10",
    "baseball12",
    "skateboard",
    "strawberry",
    "watermelon",
    "chocolate1",
    "butterfly1",
    "sunshine12",
    "princess12",
    "princess123",
    "superman123",
    "spiderman1",
    "batman1234",
    "starwars123",
    "michelle12",
    "christopher",
    "christina1",
    "alexander1",
    "alexandria",
    "california",
    "california1",
    "washington",
    "australia1",
    "motherlode",
    "letmein123",
    "letmein1234",
    "welcome123",
    "welcome1234",
    "changeme123",
    "trustno1trustno1",
    "abc1234567",
    "abcd123456",
    "abcdefghij",
    "abcdefghijk",
    "aaaaaaaaaa",
    "qazwsxedcrfv",
    "1qazxsw23edc",
    "admin12345",
    "administrator",
    "test123456",
    "monkey1234",
    "dragon1234",
    "shadow1234",
    "master1234",
    "computer12",
    "internet12",
    "google1234",
    "facebook12",
    "linkedin123",
    "groundswell",
    "groundswell1",
    "groundswell2026",
];

#[test]
fn what_many_people_use_is_refused() {
    for common in COMMON {
        assert!(complaint(common, &[]).is_some(), "{common}");
    }
    let short = COMMON.iter().flat_map(|common| (1..10).filter_map(|n| common.get(..n)));
    assert!(short.clone().count() > 800 && short.into_iter().all(|short| complaint(short, &[]).is_some()));
}

#[test]
fn what_others_know_of_a_person_is_no_password() {
    let about = ["olga.petrova@acme-roofing.example", "Olga Petrova", "Acme Roofing"];
    for known in
        ["olgapetrova", "petrova2026", "acmeroofing1", "olga.petrova@acme-roofing.example", "avortepaglo"]
    {
        assert!(complaint(known, &about).is_some(), "{known}");
    }
}

#[test]
fn long_and_unusual_passwords_are_taken_whole() {
    let sentence = "nine dry boots stand by the old green door ".repeat(23);
    for good in [
        &sentence[..64],
        &sentence[..128],
        &sentence[..900],
        "wéird ☂ pãss 🦊 phrase",
        "with\0a null in \0 the middle",
    ] {
        assert_eq!(complaint(good, &[]), None, "{good:?}");
    }
    assert!(complaint(&"x".repeat(1025), &[]).is_some());
}

#[tokio::test]
async fn a_password_is_checked_to_its_last_octet_through_the_form() {
    let app = TestApp::new().await;
    let long = format!("{}\0🦊", "nine dry boots by the door ".repeat(10));
    let sent = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let hash = password::hash(&app.app, &long).await.unwrap();
    sqlx::query("update users set password_hash = $1 where email = 'olga@acme.test'")
        .bind(hash)
        .execute(&app.owner)
        .await
        .unwrap();

    let without_last = long.strip_suffix('🦊').unwrap();
    for (typed, status) in [
        (long.as_str(), 303),
        (without_last, 422),
        (without_last.trim_end_matches('\0'), 422),
        (&long[..72], 422),
    ] {
        assert_eq!(try_password(&mut app.visitor(), "olga@acme.test", &sent(typed)).await.status, status);
    }
}

/// Kibibytes of memory that this process holds.
fn memory() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// The permits are two. Unknown addresses cost what known ones do, at the full price.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_sign_ins_at_once_take_the_memory_of_two() {
    let app = TestApp::new().await;
    let permits = i64::try_from(app.app.hashing.available_permits()).unwrap();
    let mut visitor = app.visitor();
    let token = visitor.get("/sign-in").await.field("_csrf");
    let before = memory();

    let attempts = (0..100).map(|n| {
        let (mut browser, token) = (visitor.clone().at_address(&format!("198.51.100.{n}")), token.clone());
        tokio::spawn(async move {
            let form = format!("email=nobody{n}%40acme.test&password={PASSWORD}&_csrf={token}");
            assert_eq!(browser.post("/sign-in", &form).await.status, 422);
            // Others are being checked at this moment.
            memory()
        })
    });
    let seen = futures_util::future::join_all(attempts).await;

    let rise = seen.into_iter().map(|memory| memory.unwrap()).max().unwrap() - before;
    assert!(permits == 2 && rise <= 64 * 1024 * permits, "rose by {rise} kB");
}
