//! Encrypted: with a certificate that is good, and with those that are not.

use std::sync::Arc;

use groundswell::net::{Answer, Client, Destination, Error, Kind, Request, Setup};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;

use super::{
    PEER,
    peer::{Line, Peer, ok},
    peer_names, setup,
};

/// A peer with a certificate for this name, and the certificate.
async fn encrypted(name: &str) -> (Peer, CertificateDer<'static>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a certificate and its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let serve = move |line: Line| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(line.stream).await else { return };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(ok("sealed").as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    };
    (Peer::at("127.0.0.1:0", serve).await, cert.der().clone())
}

async fn ask(port: u16, further_roots: Vec<CertificateDer<'static>>) -> Result<Answer, Error> {
    let client = Client::new(Setup { further_roots, ..setup(Arc::new(peer_names())) });
    client.send(Request::get(Destination::Operator, format!("https://{PEER}:{port}/"))).await
}

#[tokio::test]
async fn a_certificate_of_an_authority_that_we_believe_is_good() {
    let (peer, certificate) = encrypted(PEER).await;

    assert_eq!(ask(peer.port, vec![certificate]).await.expect("an answer").body, b"sealed");
}

#[tokio::test]
async fn a_certificate_of_somebody_else_or_for_another_name_is_not() {
    let (unknown, _) = encrypted(PEER).await;
    assert_eq!(ask(unknown.port, Vec::new()).await.expect_err("nobody knows it").kind(), Kind::Tls);

    let (other, certificate) = encrypted("other.test").await;
    assert_eq!(ask(other.port, vec![certificate]).await.expect_err("another name").kind(), Kind::Tls);
}
