//! The server that whoever runs this installation has named in `GROUNDSWELL_SMTP_URL`, as lettre reads it.

use secrecy::SecretString;
use url::Url;

use crate::channels::smtp::Encryption;

/// What an address such as `smtps://user:password@mail.example.com` says.
#[derive(Clone, Debug)]
pub struct Installed {
    pub host: String,
    pub port: u16,
    pub encryption: Encryption,
    /// A name and its password.
    pub credentials: Option<(String, SecretString)>,
    /// What we call ourselves, where the address says so.
    pub ehlo: Option<String>,
}

/// `None` where lettre would not understand it either.
///
/// `tls=opportunistic` becomes STARTTLS that must succeed: what can be turned off by whoever sits on the wire
/// protects nobody.
pub fn read(typed: &str) -> Option<Installed> {
    let url = Url::parse(typed.trim()).ok()?;
    let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    let (encryption, usual) = match (url.scheme(), tls.as_deref()) {
        ("smtp", None) => (Encryption::None, 25),
        ("smtp", Some("required" | "opportunistic")) => (Encryption::StartTls, 587),
        ("smtps", _) => (Encryption::Tls, 465),
        _ => return None,
    };
    let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
    let credentials = match url.password() {
        Some(password) => Some((decoded(url.username())?, decoded(password)?.into())),
        None => None,
    };
    let ehlo = Some(url.path().trim_matches('/')).filter(|name| !name.is_empty()).map(str::to_owned);
    Some(Installed { host, port: url.port().unwrap_or(usual), encryption, credentials, ehlo })
}

/// `%40` as `@`.
fn decoded(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => return String::from_utf8(octets).ok(),
            [b'%', high, low, after @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |b: &u8| char::from(*b).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                octets.push(digit(high)? * 16 + digit(low)?);
                after
            }
            [octet, after @ ..] => {
                octets.push(*octet);
                after
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn an_address_says_where_the_server_is_and_how_it_is_spoken_to() {
        for (typed, host, port, encryption) in [
            ("smtp://mail.example.com", "mail.example.com", 25, Encryption::None),
            ("smtp://127.0.0.1:1025", "127.0.0.1", 1025, Encryption::None),
            ("smtp://mail.example.com?tls=required", "mail.example.com", 587, Encryption::StartTls),
            (
                "smtp://mail.example.com:2525?tls=opportunistic",
                "mail.example.com",
                2525,
                Encryption::StartTls,
            ),
            ("smtps://mail.example.com", "mail.example.com", 465, Encryption::Tls),
            ("smtps://[2001:db8::1]:1465/", "2001:db8::1", 1465, Encryption::Tls),
        ] {
            let read = read(typed).unwrap();
            assert_eq!((read.host.as_str(), read.port, read.encryption), (host, port, encryption), "{typed}");
            assert!(read.credentials.is_none() && read.ehlo.is_none(), "{typed}");
        }
        for typed in ["", "mail.example.com", "http://x.test", "smtp://x.test?tls=perhaps", "smtps://"] {
            assert!(read(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn names_and_passwords_may_hold_anything() {
        let read =
            read("smtps://us%40acme.test:p%2Bq%25+%26%C3%9F@mail.example.com/relay.acme.test").unwrap();
        let (name, password) = read.credentials.unwrap();
        assert_eq!((name.as_str(), password.expose_secret()), ("us@acme.test", "p+q%+&ß"));
        assert_eq!(read.ehlo.as_deref(), Some("relay.acme.test"));
    }
}
