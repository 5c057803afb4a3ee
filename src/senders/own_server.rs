//! The organization's own mail server: what the form accepts, keeping it, going back to the installation's.

use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::queries::{self, KeptServer};
use crate::{
    accounts::UserId,
    audit::Entry,
    channels::address::Address,
    config::PrivateHosts,
    net::address::is_public,
    secrets::{self, NewSecret, SecretId},
    tenancy::OrgTx,
    web::{App, FieldErrors, Result},
};

/// The kind of secret that its password is.
const KIND: &str = "smtp";

pub(super) const ENCRYPTIONS: &[(&str, &str)] = &[
    ("starttls", "STARTTLS, usually port 587"),
    ("tls", "TLS from the first octet on, usually port 465"),
    ("none", "None: only for a server on this machine or its network"),
];

/// The mail server, as typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(super) struct ServerForm {
    pub host: String,
    pub port: String,
    pub encryption: String,
    pub username: String,
    /// Empty keeps the one that is there.
    pub password: SecretString,
    pub connections: String,
    pub per_second: String,
    pub per_domain: String,
}

impl Default for ServerForm {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: "587".to_owned(),
            encryption: "starttls".to_owned(),
            username: String::new(),
            password: SecretString::default(),
            connections: "8".to_owned(),
            per_second: String::new(),
            per_domain: String::new(),
        }
    }
}

impl From<&KeptServer> for ServerForm {
    fn from(kept: &KeptServer) -> Self {
        Self {
            host: kept.host.clone(),
            port: kept.port.to_string(),
            encryption: kept.encryption.clone(),
            username: kept.username.clone(),
            password: SecretString::default(),
            connections: kept.connections.to_string(),
            per_second: kept.per_second.map(|most| most.to_string()).unwrap_or_default(),
            per_domain: kept.per_domain.map(|most| most.to_string()).unwrap_or_default(),
        }
    }
}

/// A server ready to be kept, its password aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Checked {
    pub host: String,
    pub port: i32,
    pub encryption: String,
    pub username: String,
    pub connections: i32,
    pub per_second: Option<i32>,
    pub per_domain: Option<i32>,
}

impl From<&KeptServer> for Checked {
    fn from(kept: &KeptServer) -> Self {
        Self {
            host: kept.host.clone(),
            port: kept.port,
            encryption: kept.encryption.clone(),
            username: kept.username.clone(),
            connections: kept.connections,
            per_second: kept.per_second,
            per_domain: kept.per_domain,
        }
    }
}

impl ServerForm {
    pub(super) fn check(
        &self,
        former: Option<&KeptServer>,
        allowed: &PrivateHosts,
    ) -> Result<Checked, FieldErrors> {
        let mut errors = FieldErrors::default();
        let host = self.host(allowed, &mut errors);
        let port = number(&self.port, 65535)
            .unwrap_or_else(|| wrong(&mut errors, "port", "Give a number from 1 to 65535."));
        let connections = number(&self.connections, 50)
            .unwrap_or_else(|| wrong(&mut errors, "connections", "Give a number from 1 to 50."));
        let mut rate = |field, typed: &str| {
            let told = "Give a number from 1 to 10000, or leave it empty.";
            let typed = Some(typed.trim()).filter(|typed| !typed.is_empty())?;
            Some(number(typed, 10_000).unwrap_or_else(|| wrong(&mut errors, field, told)))
        };
        let per_second = rate("per_second", &self.per_second);
        let per_domain = rate("per_domain", &self.per_domain);
        let username = self.username.trim().to_owned();
        if username.len() > 320 || username.contains(char::is_control) {
            errors.add("username", "Please keep this under 320 characters.");
        }
        if !ENCRYPTIONS.iter().any(|(key, _)| *key == self.encryption) {
            errors.add("encryption", "Choose one of these.");
        }
        let encryption = self.encryption.clone();
        let checked = Checked { host, port, encryption, username, connections, per_second, per_domain };
        self.check_password(&checked, former, &mut errors);
        errors.into_result().map(|()| checked)
    }

    fn host(&self, allowed: &PrivateHosts, errors: &mut FieldErrors) -> String {
        let host = self.host.trim().trim_matches(['[', ']']).to_lowercase();
        if let Ok(ip) = host.parse::<IpAddr>() {
            if !is_public(ip) && !allowed.contains(ip) {
                errors.add(
                    "host",
                    "This address is on a private network. Whoever runs this installation can allow it.",
                );
            }
            return host;
        }
        match Address::parse(&format!("x@{host}")) {
            Some(address) => address.domain().to_owned(),
            None => {
                errors.add("host", "Give the name of a server, such as smtp.example.com, without a port.");
                host
            }
        }
    }

    /// A password is for the server and the name that it was typed for: it goes nowhere else by itself.
    fn check_password(&self, checked: &Checked, former: Option<&KeptServer>, errors: &mut FieldErrors) {
        let password = self.password.expose_secret();
        let has_former = former.is_some_and(|former| former.secret_id.is_some());
        let is_same = former.map(Checked::from).is_some_and(|former| {
            (&former.host, former.port, &former.encryption, &former.username)
                == (&checked.host, checked.port, &checked.encryption, &checked.username)
        });
        let is_here =
            checked.host == "localhost" || checked.host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        if checked.username.is_empty() {
            if !password.is_empty() {
                errors.add("username", "Type the name that this password belongs to.");
            }
        } else if checked.encryption == "none" && !is_here {
            errors.add(
                "encryption",
                "A password is sent over an encrypted connection only. Choose STARTTLS or TLS.",
            );
        } else if password.len() > 1000 || password.contains(['\0', '\r', '\n']) {
            errors.add("password", "This cannot be a password: it is too long, or has line ends in it.");
        } else if password.is_empty() && !has_former {
            errors.add("password", "Type the password, or leave the name empty if the server asks for none.");
        } else if password.is_empty() && !is_same {
            errors.add(
                "password",
                "Type the password again: it is kept for the server and name it was typed for.",
            );
        }
    }
}

fn number(typed: &str, most: i32) -> Option<i32> {
    typed.trim().parse().ok().filter(|number| (1..=most).contains(number))
}

fn wrong(errors: &mut FieldErrors, field: &str, told: &str) -> i32 {
    errors.add(field, told);
    1
}

/// Keeps the server, and its password where one was typed.
pub(super) async fn keep(
    app: &App,
    tx: &mut OrgTx,
    (checked, password, by): (&Checked, &SecretString, UserId),
    former: Option<&KeptServer>,
) -> Result<()> {
    let now = app.clock.now();
    let kept = former.and_then(|former| former.secret_id).map(SecretId);
    let secret = match (kept, checked.username.is_empty(), password.expose_secret().is_empty()) {
        (_, true, _) => None,
        (Some(kept), _, true) => Some(kept),
        (Some(kept), _, false) => {
            secrets::replace(tx, &app.keys, kept, password, now).await?;
            Some(kept)
        }
        (None, ..) => {
            let new = NewSecret { kind: KIND, label: "Mail server", value: password, created_by: by };
            secrets::put(tx, &app.keys, &new, now).await?
        }
    };
    queries::save_server(tx, checked, secret, now).await?;
    if let Some(gone) = kept.filter(|_| secret.is_none()) {
        secrets::forget(tx, gone).await?;
    }
    let entry = Entry::new("mail_server.changed").on("mail_server", "", &checked.host).after(checked);
    let entry = match former {
        Some(former) => entry.before(Checked::from(former)),
        None => entry,
    };
    Ok(tx.record(entry, now).await?)
}

/// Goes back to the installation's server.
pub(super) async fn remove(app: &App, tx: &mut OrgTx) -> Result<()> {
    let Some(former) = queries::delete_server(tx).await? else { return Ok(()) };
    if let Some(secret) = former.secret_id {
        secrets::forget(tx, SecretId(secret)).await?;
    }
    let removed = Entry::new("mail_server.removed").on("mail_server", "", &former.host);
    tx.record(removed.before(Checked::from(&former)), app.clock.now()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> KeptServer {
        KeptServer {
            host: "smtp.acme.test".to_owned(),
            port: 587,
            encryption: "starttls".to_owned(),
            username: "us".to_owned(),
            secret_id: Some(uuid::Uuid::nil()),
            connections: 8,
            per_second: None,
            per_domain: None,
            checked_at: None,
            last_error: String::new(),
        }
    }

    fn wrong_fields(form: &ServerForm, former: Option<&KeptServer>) -> Vec<String> {
        let errors = form.check(former, &PrivateHosts::default()).err().unwrap_or_default();
        errors.all().into_iter().map(|(field, _)| field.to_owned()).collect()
    }

    #[test]
    fn a_kept_password_goes_to_the_server_and_name_it_was_typed_for_alone() {
        let (kept, same) = (kept(), ServerForm::from(&kept()));
        assert_eq!(wrong_fields(&same, Some(&kept)), [""; 0]);
        let pace = ServerForm { connections: "2".into(), per_second: "5".into(), ..same.clone() };
        assert_eq!(wrong_fields(&pace, Some(&kept)), [""; 0]);
        for other in [
            ServerForm { host: "smtp.evil.test".into(), ..same.clone() },
            ServerForm { port: "588".into(), ..same.clone() },
            ServerForm { encryption: "tls".into(), ..same.clone() },
            ServerForm { username: "them".into(), ..same.clone() },
        ] {
            assert_eq!(wrong_fields(&other, Some(&kept)), ["password"], "{other:?}");
            let typed = ServerForm { password: "again".to_owned().into(), ..other };
            assert_eq!(wrong_fields(&typed, Some(&kept)), [""; 0], "{typed:?}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_told_beside_its_field() {
        let good = ServerForm { host: "smtp.acme.test".into(), ..ServerForm::default() };
        assert_eq!(wrong_fields(&good, None), [""; 0]);
        for (form, field) in [
            (ServerForm { host: String::new(), ..good.clone() }, "host"),
            (ServerForm { host: "smtp.acme.test:25".into(), ..good.clone() }, "host"),
            (ServerForm { host: "10.0.0.5".into(), ..good.clone() }, "host"),
            (ServerForm { host: "[::1]".into(), ..good.clone() }, "host"),
            (ServerForm { port: "0".into(), ..good.clone() }, "port"),
            (ServerForm { port: "65536".into(), ..good.clone() }, "port"),
            (ServerForm { encryption: "some".into(), ..good.clone() }, "encryption"),
            (ServerForm { connections: "51".into(), ..good.clone() }, "connections"),
            (ServerForm { per_second: "many".into(), ..good.clone() }, "per_second"),
            (ServerForm { username: "us".into(), ..good.clone() }, "password"),
            (ServerForm { password: "x".to_owned().into(), ..good.clone() }, "username"),
            (
                ServerForm {
                    username: "us".into(),
                    password: "x".to_owned().into(),
                    encryption: "none".into(),
                    ..good.clone()
                },
                "encryption",
            ),
        ] {
            assert_eq!(wrong_fields(&form, None), [field], "{form:?}");
        }
    }
}
