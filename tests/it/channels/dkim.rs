//! Keys, records, and what a signature covers.

use std::process::{Command, Stdio};

use groundswell::channels::dkim::{Algorithm, PrivateKey, Signer};
use mail_auth::common::{parse::TxtRecordParser, verify::DomainKey};

use super::{address, letter, names, written};

fn signer(algorithm: Algorithm) -> Signer {
    let key = PrivateKey::generate(algorithm).expect("a key");
    // As it is read after having been kept.
    let key = PrivateKey::from_der(key.der()).expect("the same key");
    Signer::new("acme.test", "s1", &key).expect("a signer")
}

fn signed(signer: &Signer, mail: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    signer.sign(mail, &mut out).expect("a signature");
    out.extend_from_slice(mail);
    out
}

/// The tag `h=`, in lower case.
fn covered(mail: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(mail).replace("\r\n\t", "");
    let tags =
        text.split("DKIM-Signature:").nth(1).and_then(|rest| rest.split("\r\n").next()).expect("a signature");
    let h = tags.split(';').find_map(|tag| tag.trim().strip_prefix("h=")).expect("h=");
    h.split(':').map(str::to_lowercase).collect()
}

#[test]
fn a_signature_covers_every_field_and_lets_none_be_added() {
    let (from, to) = (address("news@acme.test"), address("olga@corp.test"));
    let mail = written(&letter(&from, &to));
    for algorithm in [Algorithm::Rsa2048, Algorithm::Ed25519] {
        let covered = covered(&signed(&signer(algorithm), &mail));
        for name in names(&mail) {
            assert!(covered.contains(&name.to_lowercase()), "{name} is not covered");
        }
        for name in ["from", "to", "subject"] {
            assert_eq!(covered.iter().filter(|known| *known == name).count(), 2, "{name} could be added");
        }
        for name in ["list-unsubscribe", "list-unsubscribe-post", "list-id", "feedback-id"] {
            assert_eq!(covered.iter().filter(|known| *known == name).count(), 1);
        }
    }
}

#[test]
fn records_are_read_by_those_who_verify() {
    for (algorithm, begins) in
        [(Algorithm::Rsa2048, "v=DKIM1; k=rsa; p=MIIBIjAN"), (Algorithm::Ed25519, "v=DKIM1; k=ed25519; p=")]
    {
        let record = signer(algorithm).record();
        assert_eq!(record.name, "s1._domainkey.acme.test");
        assert!(record.value.starts_with(begins), "{}", record.value);
        assert!(DomainKey::parse(record.value.as_bytes()).is_ok());
        assert_eq!(record.strings().concat(), record.value);
        assert!(record.strings().iter().all(|string| string.len() <= 255));
    }
}

#[test]
fn a_mail_that_was_signed_is_still_a_mail() {
    let (from, to) = (address("news@acme.test"), address("olga@corp.test"));
    let mail = signed(&signer(Algorithm::Rsa2048), &written(&letter(&from, &to)));
    assert_eq!(names(&mail)[0], "DKIM-Signature");
    assert!(mail.split(|b| *b == b'\n').all(|line| line.len() <= 100));
}

#[test]
fn openssl_finds_nothing_wrong_with_a_key_of_ours_and_we_read_its_keys() {
    let Ok(found) = Command::new("openssl").arg("version").stdout(Stdio::null()).status() else {
        return super::peers::skipped("openssl is not installed");
    };
    assert!(found.success());
    let folder = tempfolder();
    let path = folder.join("key.der");
    let key = PrivateKey::generate(Algorithm::Rsa2048).expect("a key");
    std::fs::write(&path, key.der()).expect("written");
    let checked = Command::new("openssl")
        .args(["pkey", "-check", "-noout", "-inform", "DER", "-in"])
        .arg(&path)
        .output()
        .expect("openssl");
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && said.contains("Key is valid"), "{said} {checked:?}");
    for (options, algorithm) in [
        (&["-algorithm", "ED25519"][..], Algorithm::Ed25519),
        (&["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"][..], Algorithm::Rsa2048),
    ] {
        let made = Command::new("openssl").arg("genpkey").args(options).output().expect("openssl");
        let pem = String::from_utf8(made.stdout).expect("text");
        let read = PrivateKey::from_pem(&pem).expect("a key of openssl's");
        assert_eq!(read.algorithm(), algorithm);
        assert!(Signer::new("acme.test", "s1", &read).is_ok());
    }
    let made = Command::new("openssl")
        .args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"])
        .output()
        .expect("openssl");
    assert!(PrivateKey::from_pem(&String::from_utf8_lossy(&made.stdout)).is_err(), "1024 bits are too few");
    std::fs::remove_dir_all(folder).expect("removed");
}

fn tempfolder() -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("groundswell-dkim-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn a_key_does_not_show_itself() {
    let key = PrivateKey::generate(Algorithm::Ed25519).expect("a key");
    assert_eq!(format!("{key:?}"), "PrivateKey(Ed25519)");
    assert!(PrivateKey::from_der(b"no key").is_err() && PrivateKey::from_pem("no key").is_err());
}
