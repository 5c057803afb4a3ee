//! Encryption and sign-in, and what is never said in the clear.

use std::sync::Arc;

use groundswell::channels::smtp::{Credentials, Encryption, OpenError, Outcome, Pool, Server, server};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};

use super::{Act, MAIL, Moment, Profile, Script, Sink, deliver, pool_of, server_at, sink};

/// A certificate for `localhost`, and how a server shows it.
fn certificate() -> (CertificateDer<'static>, Arc<ServerConfig>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a certificate and its key");
    (cert.der().clone(), Arc::new(config))
}

fn encrypted(sink: &Sink, encryption: Encryption, trusted: &[CertificateDer<'static>]) -> Server {
    let tls = server::tls(trusted).expect("TLS");
    Server { host: "localhost".to_owned(), encryption, tls, ..server_at(sink.address.port()) }
}

fn credentials() -> Option<Credentials> {
    Some(Credentials { username: "acme".to_owned(), password: "s3cret".to_owned().into() })
}

/// Asks for a name and a password, and knows one.
fn asks_for_a_password() -> Script {
    Arc::new(|moment: Moment<'_>| match moment {
        Moment::Command("AUTH PLAIN AGFjbWUAczNjcmV0") => Act::Say("235 2.7.0 welcome".to_owned()),
        Moment::Command("AUTH LOGIN") => Act::Say("334 VXNlcm5hbWU6".to_owned()),
        Moment::Command("YWNtZQ==") => Act::Say("334 UGFzc3dvcmQ6".to_owned()),
        Moment::Command("czNjcmV0") => Act::Say("235 2.7.0 welcome".to_owned()),
        Moment::Command(line) if line.starts_with("AUTH") => Act::Say("535 5.7.8 wrong".to_owned()),
        _ => Act::Usual,
    })
}

#[tokio::test]
async fn mail_goes_over_starttls_and_over_tls() {
    let (root, config) = certificate();
    for encryption in [Encryption::StartTls, Encryption::Tls] {
        let config = Some(config.clone());
        let profile = match encryption {
            Encryption::StartTls => Profile { starttls: config, ..Profile::default() },
            _ => Profile { tls: config, ..Profile::default() },
        };
        let sink = sink(profile).await;
        let pool = pool_of(encrypted(&sink, encryption, std::slice::from_ref(&root)));
        for _ in 0..3 {
            let outcome = deliver(&pool, MAIL).await;
            assert!(matches!(outcome, Outcome::Accepted(_)), "{encryption:?}: {outcome:?}");
        }
        assert_eq!((sink.tally().taken, sink.tally().connections), (3, 1));
    }
}

#[tokio::test]
async fn nothing_is_said_to_a_server_whose_certificate_nobody_knows() {
    let (_, config) = certificate();
    let sink = sink(Profile { starttls: Some(config), ..Profile::default() }).await;
    let mut server = encrypted(&sink, Encryption::StartTls, &[]);
    server.credentials = credentials();
    let error = Pool::new(server, super::Limits::default()).get().await.err();
    assert!(matches!(error, Some(OpenError::Tls(_))), "{error:?}");
}

#[tokio::test]
async fn a_server_that_hides_starttls_gets_no_mail() {
    let sink = sink(Profile::default()).await;
    let server = encrypted(&sink, Encryption::StartTls, &[]);
    let error = Pool::new(server, super::Limits::default()).get().await.err();
    assert!(matches!(error, Some(OpenError::NotOffered("STARTTLS"))), "{error:?}");
}

#[tokio::test]
async fn what_was_said_before_the_encryption_is_not_believed_after_it() {
    let script: Script = Arc::new(|moment: Moment<'_>| match moment {
        Moment::Command("STARTTLS") => Act::Say("220 go on\r\n250 forged".to_owned()),
        _ => Act::Usual,
    });
    let (root, config) = certificate();
    let sink = sink(Profile { script: Some(script), starttls: Some(config), ..Profile::default() }).await;
    let server = encrypted(&sink, Encryption::StartTls, &[root]);
    let error = Pool::new(server, super::Limits::default()).get().await.err();
    assert!(matches!(error, Some(OpenError::TurnedAway(_))), "{error:?}");
}

#[tokio::test]
async fn a_name_and_a_password_are_said_in_the_way_that_is_offered() {
    for offer in ["AUTH PLAIN LOGIN", "AUTH LOGIN", "AUTH=LOGIN PLAIN"] {
        let offers = vec![offer.to_owned(), "PIPELINING".to_owned()];
        let profile = Profile { script: Some(asks_for_a_password()), offers, ..Profile::default() };
        let sink = sink(profile).await;
        let mut server = server_at(sink.address.port());
        server.credentials = credentials();
        let outcome = deliver(&pool_of(server.clone()), MAIL).await;
        assert!(matches!(outcome, Outcome::Accepted(_)), "{offer}: {outcome:?}");
        server.credentials =
            Some(Credentials { username: "acme".into(), password: "wrong".to_owned().into() });
        let error = pool_of(server).get().await.err();
        assert!(matches!(error, Some(OpenError::SignIn(_))), "{offer}: {error:?}");
    }
}

#[tokio::test]
async fn a_password_is_not_sent_to_a_server_that_does_not_ask_for_one() {
    let sink = sink(Profile { offers: vec!["PIPELINING".to_owned()], ..Profile::default() }).await;
    let mut server = server_at(sink.address.port());
    server.credentials = credentials();
    let error = pool_of(server).get().await.err();
    assert!(matches!(error, Some(OpenError::NotOffered(_))), "{error:?}");
}
