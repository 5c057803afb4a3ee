//! What comes back by mail: notices of real servers, complaints, and what is neither.

use std::{fs, path::Path};

use groundswell::channels::{
    bounces::{Bounce, Kind, Token, Verp, read},
    replies::Reason,
    smtp::Enhanced,
};

/// The key and the domain that the kept samples were made with.
fn verp() -> Verp {
    Verp::new([7; 32], "bounces.acme.test")
}

fn sample(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/bounces").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn bounce(name: &str) -> Bounce {
    read(&sample(name), None, &verp()).unwrap_or_else(|| panic!("{name} is no notice"))
}

#[test]
fn a_real_servers_notice_says_what_failed_and_for_whom() {
    for (name, kind, reason, status) in [
        ("postfix-unknown.eml", Kind::Hard, Reason::MailboxUnknown, Enhanced(5, 1, 1)),
        ("postfix-full.eml", Kind::Soft, Reason::MailboxFull, Enhanced(5, 2, 2)),
        ("postfix-blocked.eml", Kind::Soft, Reason::Blocked, Enhanced(5, 7, 1)),
    ] {
        let bounce = bounce(name);
        assert_eq!((bounce.kind, bounce.reason, bounce.status), (kind, reason, Some(status)), "{bounce:?}");
        assert_eq!(bounce.recipient.as_deref(), Some("olga@corp.test"));
        assert_eq!(bounce.message_id.as_deref(), Some("0199aa.1@acme.test"));
        assert_eq!(bounce.token, Some(Token(b"message-1".to_vec())));
        assert!(!bounce.diagnostic.contains('\n') && bounce.diagnostic.len() > 10, "{bounce:?}");
    }
}

#[test]
fn a_complaint_is_a_complaint_however_little_it_says() {
    let bounce = bounce("complaint.eml");
    assert_eq!((bounce.kind, bounce.status), (Kind::Complaint, None));
    assert_eq!(bounce.message_id.as_deref(), Some("0199aa.1@acme.test"));
    assert_eq!(bounce.token, Some(Token(b"message-1".to_vec())));
    let taken_back =
        String::from_utf8(sample("complaint.eml")).unwrap().replace("Type: abuse", "Type: not-spam");
    assert_eq!(read(taken_back.as_bytes(), None, &verp()), None);
}

#[test]
fn a_notice_that_it_is_late_settles_nothing() {
    let late = String::from_utf8(sample("postfix-unknown.eml"))
        .unwrap()
        .replace("Action: failed", "Action: delayed");
    assert_eq!(read(late.as_bytes(), None, &verp()).unwrap().kind, Kind::Delayed);
    let delivered = late.replace("Action: delayed", "Action: relayed");
    assert_eq!(read(delivered.as_bytes(), None, &verp()), None);
}

#[test]
fn a_notice_without_our_token_proves_nothing() {
    let real = String::from_utf8(sample("postfix-unknown.eml")).unwrap();
    let address = verp().encode(b"message-1").unwrap();
    let forged =
        real.replace(&address, &Verp::new([8; 32], "bounces.acme.test").encode(b"message-1").unwrap());
    assert_ne!(forged, real);
    assert_eq!(read(forged.as_bytes(), None, &verp()).unwrap().token, None);
    // Whom the envelope named counts first, and is enough.
    let envelope = verp().encode(b"message-2").unwrap();
    for text in [&real, &forged] {
        let bounce = read(text.as_bytes(), Some(&envelope), &verp()).unwrap();
        assert_eq!(bounce.token, Some(Token(b"message-2".to_vec())));
    }
}

#[test]
fn other_mail_is_no_notice() {
    let away =
        b"From: olga@corp.test\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nUntil Monday.\r\n";
    assert_eq!(read(away, None, &verp()), None);
    for raw in [&b""[..], b"\0\0", b"Content-Type: multipart/report; boundary=x\r\n\r\n--x", &[0xff; 4096]] {
        assert_eq!(read(raw, None, &verp()), None);
    }
}

#[test]
fn a_notice_cut_off_anywhere_is_read_without_trouble() {
    for name in ["postfix-unknown.eml", "complaint.eml"] {
        let whole = sample(name);
        for end in 0..whole.len() {
            if let Some(bounce) = read(&whole[..end], None, &verp()) {
                assert!(matches!(bounce.kind, Kind::Hard | Kind::Soft | Kind::Complaint));
            }
        }
    }
}
