//! From what was typed to what it means, naming everything that is wrong.

use std::{net::SocketAddr, path::PathBuf};

use ipnet::IpNet;
use lettre::{AsyncSmtpTransport, Tokio1Executor, message::Mailbox};
use secrecy::SecretString;

use super::{Config, PrivateHosts, Settings};
use crate::crypto::Keys;

impl Settings {
    /// The configuration, or every setting that is wrong as a sentence.
    pub fn check(&self) -> Result<Config, Vec<String>> {
        let mut wrong = Vec::new();
        let listen = read(
            &mut wrong,
            "GROUNDSWELL_LISTEN",
            &self.listen,
            "an address and a port, such as 127.0.0.1:8080",
        );
        let base_url = self.base_url(listen, &mut wrong);
        let mail_from: Option<Mailbox> = read(
            &mut wrong,
            "GROUNDSWELL_MAIL_FROM",
            &self.mail_from,
            "a sender, such as Acme <hello@acme.example>",
        );
        let pool =
            read(&mut wrong, "GROUNDSWELL_DATABASE_POOL", &self.database_pool, "a number from 2 to 1000")
                .filter(|size| (2..=1000).contains(size));
        if pool.is_none() && self.database_pool.parse::<u32>().is_ok() {
            wrong.push(sentence("GROUNDSWELL_DATABASE_POOL", &self.database_pool, "a number from 2 to 1000"));
        }
        let trusted_proxies = self.trusted_proxies(&mut wrong);
        let allowed_private_hosts = self.allowed_private_hosts(&mut wrong);
        let metrics_listen = self.metrics_listen(listen, &mut wrong);
        let (bounce_listen, bounce_domain) = self.bounces(&mut wrong);
        let sign_up_open = one_of(&mut wrong, "GROUNDSWELL_SIGN_UP", &self.sign_up, "open", "closed");
        let tracking_is_durable =
            one_of(&mut wrong, "GROUNDSWELL_TRACKING", &self.tracking, "durable", "fast");
        let log_json = one_of(&mut wrong, "GROUNDSWELL_LOG_FORMAT", &self.log_format, "json", "text");
        let dev = one_of(&mut wrong, "GROUNDSWELL_DEV", &self.dev, "true", "false");
        if given(&self.data_dir).is_none() {
            wrong.push(sentence("GROUNDSWELL_DATA_DIR", &self.data_dir, "a folder, such as data"));
        }
        self.check_addresses(&mut wrong);

        match (listen, mail_from, pool) {
            (Some(listen), Some(mail_from), Some(database_pool)) if wrong.is_empty() => Ok(Config {
                listen,
                base_url,
                data_dir: PathBuf::from(self.data_dir.trim()),
                database_url: secret(&self.database_url),
                database_owner_url: secret(&self.database_owner_url),
                database_worker_url: secret(&self.database_worker_url),
                database_pool,
                pg_bin_dir: given(&self.pg_bin_dir).map(PathBuf::from),
                pg_user: given(&self.pg_user).map(str::to_owned),
                secret_key: secret(&self.secret_key),
                old_secret_keys: secret(&self.old_secret_keys),
                smtp_url: secret(&self.smtp_url),
                mail_from,
                trusted_proxies,
                allowed_private_hosts,
                metrics_listen,
                bounce_listen,
                bounce_domain,
                sign_up_open,
                tracking_is_durable,
                log: self.log.clone(),
                log_json,
                dev,
            }),
            _ => Err(wrong),
        }
    }

    fn base_url(&self, listen: Option<SocketAddr>, wrong: &mut Vec<String>) -> String {
        let Some(typed) = given(&self.base_url) else {
            let port = listen.map_or(8080, |listen| listen.port());
            return format!("http://localhost:{port}");
        };
        let is_url = typed.parse::<http::Uri>().is_ok_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.host().is_some()
                && uri.path().trim_end_matches('/').is_empty()
        });
        if !is_url {
            wrong.push(sentence(
                "GROUNDSWELL_BASE_URL",
                typed,
                "a web address without a path, such as https://app.example.com",
            ));
        }
        typed.trim_end_matches('/').to_owned()
    }

    fn trusted_proxies(&self, wrong: &mut Vec<String>) -> Vec<IpNet> {
        let mut proxies = Vec::new();
        for typed in self.trusted_proxies.split(',').map(str::trim).filter(|typed| !typed.is_empty()) {
            match typed
                .parse()
                .or_else(|_| typed.parse().map(|address: std::net::IpAddr| IpNet::from(address)))
            {
                Ok(net) => proxies.push(net),
                Err(_) => wrong.push(sentence(
                    "GROUNDSWELL_TRUSTED_PROXIES",
                    typed,
                    "an address or a network, such as 10.0.0.0/8",
                )),
            }
        }
        proxies
    }

    fn allowed_private_hosts(&self, wrong: &mut Vec<String>) -> PrivateHosts {
        let mut hosts = PrivateHosts::default();
        for typed in self.allowed_private_hosts.split(',').map(str::trim).filter(|typed| !typed.is_empty()) {
            if !hosts.add(typed) {
                wrong.push(sentence(
                    "GROUNDSWELL_ALLOWED_PRIVATE_HOSTS",
                    typed,
                    "a host or a network without scheme or port, such as ollama or 10.0.0.0/8",
                ));
            }
        }
        hosts
    }

    /// Never where people come: what is counted there is nobody's business.
    fn metrics_listen(&self, listen: Option<SocketAddr>, wrong: &mut Vec<String>) -> Option<SocketAddr> {
        let typed = given(&self.metrics_listen)?;
        let wanted = "an address and a port of its own, such as 127.0.0.1:9464";
        let metrics: SocketAddr = read(wrong, "GROUNDSWELL_METRICS_LISTEN", typed, wanted)?;
        let is_same = |listen: SocketAddr| {
            let overlap =
                listen.ip() == metrics.ip() || listen.ip().is_unspecified() || metrics.ip().is_unspecified();
            listen.port() == metrics.port() && metrics.port() != 0 && overlap
        };
        if listen.is_some_and(is_same) {
            wrong.push(sentence("GROUNDSWELL_METRICS_LISTEN", typed, wanted));
        }
        Some(metrics)
    }

    /// Where mail comes back to: both settings, or none.
    fn bounces(&self, wrong: &mut Vec<String>) -> (Option<SocketAddr>, Option<String>) {
        let (listen, domain) = ("GROUNDSWELL_BOUNCE_LISTEN", "GROUNDSWELL_BOUNCE_DOMAIN");
        let (typed_listen, typed_domain) = (given(&self.bounce_listen), given(&self.bounce_domain));
        for (empty, other, is_alone) in [
            (listen, domain, typed_listen.is_none() && typed_domain.is_some()),
            (domain, listen, typed_domain.is_none() && typed_listen.is_some()),
        ] {
            if is_alone {
                wrong.push(format!(
                    "{empty} is empty, but {other} is set: mail comes back with both of them or not at all."
                ));
            }
        }
        let address = typed_listen.and_then(|typed| {
            read(wrong, listen, typed, "an address and a port, such as 0.0.0.0:25 or 127.0.0.1:2525")
        });
        let is_domain = |name: &str| {
            let is_label = |label: &str| {
                (1..=63).contains(&label.len())
                    && label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
                    && !label.starts_with('-')
                    && !label.ends_with('-')
            };
            name.len() <= 180 && name.contains('.') && name.split('.').all(is_label)
        };
        if let Some(typed) = typed_domain.filter(|typed| !is_domain(typed)) {
            wrong.push(sentence(domain, typed, "a domain in plain letters, such as bounces.example.com"));
        }
        (address, typed_domain.map(str::to_ascii_lowercase))
    }

    fn check_addresses(&self, wrong: &mut Vec<String>) {
        for (name, url) in [
            ("DATABASE_URL", &self.database_url),
            ("DATABASE_OWNER_URL", &self.database_owner_url),
            ("DATABASE_WORKER_URL", &self.database_worker_url),
        ] {
            // The driver reads the address of any database as one of its own.
            let is_ours =
                |url: &str| ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
            let is_good = |url: &str| is_ours(url) && url.parse::<sqlx::postgres::PgConnectOptions>().is_ok();
            if given(url).is_some_and(|url| !is_good(url)) {
                wrong.push(format!(
                    "{name} is not an address such as postgres://user:password@host/database."
                ));
            }
        }
        if given(&self.smtp_url).is_some()
            && AsyncSmtpTransport::<Tokio1Executor>::from_url(self.smtp_url.trim()).is_err()
        {
            wrong.push(
                "GROUNDSWELL_SMTP_URL is not an address such as smtps://user:password@mail.example.com."
                    .into(),
            );
        }
        if given(&self.secret_key).is_some() && Keys::parse(&self.secret_key).is_none() {
            wrong.push(
                "GROUNDSWELL_SECRET_KEY is not 64 hexadecimal digits, as `openssl rand -hex 32` prints them."
                    .into(),
            );
        }
        if given(&self.old_secret_keys).is_some_and(|keys| Keys::parse_all(keys.split(',')).is_none()) {
            wrong.push(
                "GROUNDSWELL_OLD_SECRET_KEYS is not a list of keys of 64 hexadecimal digits, separated by commas."
                    .into(),
            );
        }
        if self.log.parse::<tracing_subscriber::EnvFilter>().is_err() {
            wrong.push(sentence(
                "GROUNDSWELL_LOG",
                &self.log,
                "a filter, such as info or groundswell=debug,warn",
            ));
        }
    }
}

fn given(typed: &str) -> Option<&str> {
    Some(typed.trim()).filter(|typed| !typed.is_empty())
}

fn secret(typed: &str) -> Option<SecretString> {
    given(typed).map(SecretString::from)
}

fn read<T: std::str::FromStr>(wrong: &mut Vec<String>, name: &str, typed: &str, wanted: &str) -> Option<T> {
    let read = typed.trim().parse().ok();
    if read.is_none() {
        wrong.push(sentence(name, typed, wanted));
    }
    read
}

fn one_of(wrong: &mut Vec<String>, name: &str, typed: &str, yes: &str, no: &str) -> bool {
    if typed != yes && typed != no {
        wrong.push(sentence(name, typed, &format!("either {yes} or {no}")));
    }
    typed == yes
}

fn sentence(name: &str, typed: &str, wanted: &str) -> String {
    format!("{name} is “{typed}”, but should be {wanted}.")
}
