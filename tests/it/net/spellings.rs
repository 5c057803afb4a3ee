//! SSR-1: every way to write an address that is not of the public internet leads nowhere.

use std::{net::Ipv4Addr, sync::Arc};

use groundswell::net::{Client, Destination, Kind, Request, Setup, resolver::System};

use super::{Names, peer::Peer, setup};

/// Addresses that nobody outside should be able to make us connect to.
const INSIDE: &[&str] = &[
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.0.1",
    "192.0.0.192",
    "198.18.0.1",
    "168.63.129.16",
    "224.0.0.1",
    "255.255.255.255",
];

/// The same address, as readers of addresses take it too.
fn ways_to_write(address: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = address.octets();
    let (whole, low, lower) =
        (u32::from(address), u32::from_be_bytes([0, b, c, d]), u32::from_be_bytes([0, 0, c, d]));
    let percent = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
    let wide = |text: &str| -> String {
        let shifted =
            |c: char| if c.is_ascii_digit() { char::from_u32(u32::from(c) + 0xfee0) } else { Some(c) };
        text.chars().filter_map(shifted).collect()
    };
    let plain = address.to_string();
    vec![
        plain.clone(),
        format!("{plain}."),
        plain.replace('.', "。"),
        plain.replace('.', "．"),
        plain.replace('.', "｡"),
        wide(&plain),
        percent(&plain),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("0000{a:o}.00{b:o}.{c}.{d}"),
        format!("0x{a:x}.0x{b:x}.0x{c:x}.0x{d:x}"),
        format!("0X{a:02X}.{b}.0{c:o}.{d}"),
        format!("{whole}"),
        format!("0x{whole:08x}"),
        format!("0{whole:o}"),
        format!("{a}.{low}"),
        format!("{a}.{b}.{lower}"),
        format!("0x{a:x}.0x{low:x}"),
        format!("0{a:o}.0{low:o}"),
        format!("[::ffff:{plain}]"),
        format!("[::ffff:{:x}:{:x}]", whole >> 16, whole & 0xffff),
        format!("[0:0:0:0:0:FFFF:{:04X}:{:04X}]", whole >> 16, whole & 0xffff),
        format!("[::{plain}]"),
        format!("[::ffff:0:{plain}]"),
        format!("[64:ff9b::{plain}]"),
        format!("[64:ff9b:1::{plain}]"),
        format!("[2002:{:x}:{:x}::1]", whole >> 16, whole & 0xffff),
        format!("[2001:0:{:x}:{:x}::{:x}:{:x}]", whole >> 16, whole & 0xffff, !whole >> 16, !whole & 0xffff),
        format!("[fe80::5efe:{plain}]"),
    ]
}

/// Whole addresses: other hosts, and tricks with what stands around the host.
const TRICKS: &[&str] = &[
    "http://[::]:PORT/",
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[::1%25lo]:PORT/",
    "http://[fe80::1%lo]:PORT/",
    "http://[fe80::1%25lo]:PORT/",
    "http://[fd00:ec2::254]:PORT/",
    "http://[fec0::1]:PORT/",
    "http://[ff02::1]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://localhost:PORT/",
    "http://localhost.:PORT/",
    "http://LOCALHOST:PORT/",
    "http://ｌｏｃａｌｈｏｓｔ:PORT/",
    "http://loc%61lhost:PORT/",
    "http://loopback.test:PORT/",
    "http://loopback.test.:PORT/",
    "http://six.test:PORT/",
    "http://mapped.test:PORT/",
    "http://both.test:PORT/",
    "http://metadata.test:PORT/",
    "http://nowhere.test:PORT/",
    "http://user@127.0.0.1:PORT/",
    "http://user:password@loopback.test:PORT/",
    "http://example.com@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT@127.0.0.1:PORT/",
    "http://example.com:80@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT#@example.com/",
    "http://127.0.0.1:PORT?@example.com/",
    "http://example.com\\@127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT\\",
    "http:/127.0.0.1:PORT/",
    "http:127.0.0.1:PORT/",
    "http:////127.0.0.1:PORT/",
    "http:///127.0.0.1:PORT/",
    "//127.0.0.1:PORT/",
    "127.0.0.1:PORT/",
    "/relative",
    "",
    " ",
    "http://",
    "http://:PORT/",
    "http://?",
    "http://#",
    " http://127.0.0.1:PORT/",
    "http://127.0.0.1:PORT/ ",
    "ht\ttp://127.0.0.1:PORT/",
    "http://127.0.\t0.1:PORT/",
    "http://127.0.0.1\t:PORT/",
    "http://127.0.0.1:PORT/\r\nHost: x",
    "http://127.0.0.1:PORT/\0",
    "\u{0}http://127.0.0.1:PORT/",
    "http://127.0.0.1:PORT/\u{2028}",
    "http://127.0.0.1%00:PORT/",
    "http://127.0.0.1%0d%0a:PORT/",
    "http://127.0.0.1 :PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://0x7f000001:PORT/",
    "http://017700000001:PORT/",
    "http://127.1:PORT/",
    "http://0:PORT/",
    "http://1.2.3.4.5:PORT/",
    "http://256.256.256.256:PORT/",
    "http://0x100000000:PORT/",
    "file:///etc/passwd",
    "file://127.0.0.1/etc/passwd",
    "gopher://127.0.0.1:PORT/_GET",
    "ftp://127.0.0.1:PORT/",
    "data:text/html,hello",
    "javascript:alert(1)",
    "ws://127.0.0.1:PORT/",
    "wss://127.0.0.1:PORT/",
    "ldap://127.0.0.1:PORT/",
    "dict://127.0.0.1:PORT/",
    "sftp://127.0.0.1:PORT/",
    "tftp://127.0.0.1:PORT/",
    "jar:http://127.0.0.1:PORT/!/",
    "view-source:http://127.0.0.1:PORT/",
    "blob:http://127.0.0.1:PORT/x",
    "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
    "http://unix:/var/run/docker.sock:/info",
    "about:blank",
    "mailto:a@b.test",
];

fn spellings(port: u16) -> Vec<String> {
    let hosts = INSIDE.iter().flat_map(|address| ways_to_write(address.parse().expect("an address")));
    let of_hosts = hosts.map(|host| format!("http://{host}:{port}/"));
    let tricks = TRICKS.iter().map(|trick| trick.replace("PORT", &port.to_string()));
    of_hosts.chain(tricks).collect()
}

/// Names that lead inside. What is called localhost, this machine knows itself.
fn inside() -> Names {
    let metadata = ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"];
    Names::default()
        .with("localhost", &[&["127.0.0.1", "::1"]])
        .with("loopback.test", &[&["127.0.0.1"]])
        .with("six.test", &[&["::1"]])
        .with("mapped.test", &[&["::ffff:127.0.0.1"]])
        .with("both.test", &[&["::ffff:7f00:1", "127.0.0.1", "::1", "0.0.0.0", "::"]])
        .with("metadata.test", &[&metadata])
}

/// Every kind that is found before anybody is connected to.
fn is_before_connecting(kind: Kind) -> bool {
    use Kind::*;
    matches!(kind, NotAWebAddress | UserInfo | Port | PrivateAddress | PrivateName | UnknownName)
}

#[tokio::test]
async fn no_spelling_of_an_inside_address_connects_to_anybody() {
    let mut canary = Peer::canary().await;
    let all = spellings(canary.port);
    assert!(all.len() >= 400, "{}", all.len());
    // The rule about ports would refuse a canary for the wrong reason: it is tried with and without.
    for further_ports in [vec![], vec![canary.port]] {
        let client = Client::new(Setup { further_ports, ..setup(Arc::new(inside())) });
        for url in &all {
            for request in
                [Request::webhook(Destination::Tenant, url, "{}"), Request::fetch(Destination::Tenant, url)]
            {
                let error = client.send(request).await.expect_err(url);
                assert!(is_before_connecting(error.kind()), "{url:?}: {error}");
            }
        }
    }

    assert_eq!(canary.count().await, 0);
}

#[tokio::test]
async fn an_operators_address_is_as_bound_unless_the_settings_name_it() {
    let mut canary = Peer::canary().await;
    let client = Client::new(setup(Arc::new(inside())));

    for url in spellings(canary.port) {
        let error = client.send(Request::get(Destination::Operator, &url)).await.expect_err(&url);
        assert!(is_before_connecting(error.kind()), "{url:?}: {error}");
    }

    assert_eq!(canary.count().await, 0);
}

#[tokio::test]
async fn names_that_this_machine_knows_as_its_own_lead_nowhere() {
    let mut canary = Peer::canary().await;
    let client = Client::new(Setup {
        further_ports: vec![canary.port],
        resolver: Arc::new(System),
        ..setup(Arc::default())
    });

    for host in ["localhost", "localhost.", "LocalHost", "ip6-localhost"] {
        let error = client
            .send(Request::webhook(Destination::Tenant, canary.url(host, "/"), "{}"))
            .await
            .expect_err(host);
        assert!(matches!(error.kind(), Kind::PrivateName | Kind::UnknownName), "{host}: {error}");
    }

    assert_eq!(canary.count().await, 0);
}

#[tokio::test]
async fn a_port_that_is_not_of_the_web_is_refused() {
    let client = Client::new(setup(Arc::new(inside())));

    for port in
        [0, 1, 21, 22, 23, 25, 53, 110, 143, 445, 465, 587, 3306, 5432, 6379, 9200, 11211, 27017, 65535]
    {
        let url = format!("http://loopback.test:{port}/");
        let error = client.send(Request::webhook(Destination::Tenant, &url, "{}")).await.expect_err(&url);
        assert_eq!(error.kind(), Kind::Port, "{url}");
    }
    for good in [
        "http://loopback.test/",
        "https://loopback.test/",
        "http://loopback.test:8080/",
        "https://loopback.test:8443/",
    ] {
        let error = client.send(Request::webhook(Destination::Tenant, good, "{}")).await.expect_err(good);
        assert_eq!(error.kind(), Kind::PrivateName, "{good}");
    }
}

#[tokio::test]
async fn the_canary_hears_who_comes() {
    let mut canary = Peer::canary().await;

    for host in ["127.0.0.1", "[::1]"] {
        let address = format!("{host}:{}", canary.port);
        tokio::net::TcpStream::connect(address).await.expect("the canary listens");
    }

    assert_eq!(canary.count().await, 2);
}
