//! How this installation is set up: flags and environment variables, checked all at once.
//!
//! Every setting is a flag and an environment variable of the same name; `.env.example` lists them.
//! [`Settings`] is what was typed, [`Config`] what it means. A wrong value is named together with all
//! the others that are wrong, not one at a time.

mod check;
mod private_hosts;

use std::{net::SocketAddr, path::PathBuf};

use ipnet::IpNet;
pub use private_hosts::PrivateHosts;
use secrecy::SecretString;

/// What was typed.
#[derive(clap::Args, Clone, Debug)]
pub struct Settings {
    /// Address and port to listen on.
    #[arg(long, env = "GROUNDSWELL_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: String,
    /// The address people type, for links in mail. With https, cookies are marked secure.
    #[arg(long, env = "GROUNDSWELL_BASE_URL", default_value = "", global = true)]
    pub base_url: String,
    /// Folder for everything this installation keeps, the embedded PostgreSQL included.
    #[arg(long, env = "GROUNDSWELL_DATA_DIR", default_value = "data", global = true)]
    pub data_dir: String,
    /// The database, as the role groundswell_app. Without it PostgreSQL is started from the data folder.
    #[arg(long, env = "DATABASE_URL", default_value = "", hide_env_values = true, global = true)]
    pub database_url: String,
    /// The same database as a role that may migrate it. Without it, migrate by hand.
    #[arg(long, env = "DATABASE_OWNER_URL", default_value = "", hide_env_values = true, global = true)]
    pub database_owner_url: String,
    /// The same database as the role groundswell_worker. Without it DATABASE_URL with that user's name.
    #[arg(long, env = "DATABASE_WORKER_URL", default_value = "", hide_env_values = true, global = true)]
    pub database_worker_url: String,
    /// Connections to the database that this process may hold.
    #[arg(long, env = "GROUNDSWELL_DATABASE_POOL", default_value = "20", global = true)]
    pub database_pool: String,
    /// Folder with PostgreSQL's own programs (initdb, postgres), when they are in an unusual place.
    #[arg(long, env = "PG_BIN_DIR", default_value = "", global = true)]
    pub pg_bin_dir: String,
    /// The user that the embedded PostgreSQL runs as when this program is started by root.
    #[arg(long, env = "GROUNDSWELL_PG_USER", default_value = "", global = true)]
    pub pg_user: String,
    /// Master key: 64 hexadecimal digits. Without it a key file is made in the data folder.
    #[arg(long, env = "GROUNDSWELL_SECRET_KEY", default_value = "", hide_env_values = true, global = true)]
    pub secret_key: String,
    /// Former master keys, separated by commas: they open what they sealed until `secrets rotate` was run.
    #[arg(
        long,
        env = "GROUNDSWELL_OLD_SECRET_KEYS",
        default_value = "",
        hide_env_values = true,
        global = true
    )]
    pub old_secret_keys: String,
    /// Mail server, such as smtps://user:password@mail.example.com. Without it mail stays in the built-in mailbox.
    #[arg(long, env = "GROUNDSWELL_SMTP_URL", default_value = "", hide_env_values = true, global = true)]
    pub smtp_url: String,
    /// Sender of the system's own mail.
    #[arg(
        long,
        env = "GROUNDSWELL_MAIL_FROM",
        default_value = "Groundswell <groundswell@localhost.localdomain>",
        global = true
    )]
    pub mail_from: String,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.
    #[arg(long, env = "GROUNDSWELL_TRUSTED_PROXIES", default_value = "", global = true)]
    pub trusted_proxies: String,
    /// Providers on private networks that may be reached: names, addresses or networks, separated by commas.
    #[arg(long, env = "GROUNDSWELL_ALLOWED_PRIVATE_HOSTS", default_value = "", global = true)]
    pub allowed_private_hosts: String,
    /// Address and port for metrics, which nobody else should reach. Without it there are none.
    #[arg(long, env = "GROUNDSWELL_METRICS_LISTEN", default_value = "", global = true)]
    pub metrics_listen: String,
    /// Address and port of the small mail server that takes what comes back of campaigns. Without it none is.
    #[arg(long, env = "GROUNDSWELL_BOUNCE_LISTEN", default_value = "", global = true)]
    pub bounce_listen: String,
    /// The domain of campaigns' return addresses, whose mail must arrive there.
    #[arg(long, env = "GROUNDSWELL_BOUNCE_DOMAIN", default_value = "", global = true)]
    pub bounce_domain: String,
    /// Who may sign up: `open` or `closed`.
    #[arg(long, env = "GROUNDSWELL_SIGN_UP", default_value = "open", global = true)]
    pub sign_up: String,
    /// Opens and clicks in mail: `fast` answers first and writes them within 20 ms or as soon as there is room,
    /// `durable` writes them first.
    #[arg(long, env = "GROUNDSWELL_TRACKING", default_value = "fast", global = true)]
    pub tracking: String,
    /// What to log, such as `info` or `groundswell=debug,warn`.
    #[arg(long, env = "GROUNDSWELL_LOG", default_value = "info,sqlx=warn", global = true)]
    pub log: String,
    /// `text` for people, `json` for machines: one object a line.
    #[arg(long, env = "GROUNDSWELL_LOG_FORMAT", default_value = "text", global = true)]
    pub log_format: String,
    /// Development: the pages under /dev, the built-in mailbox among them, are open to everybody.
    #[arg(long, env = "GROUNDSWELL_DEV", default_value = "false", default_missing_value = "true", num_args = 0..=1,
          require_equals = true, global = true)]
    pub dev: String,
}

/// What it means. Only [`Settings::check`] makes one.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// Without a slash at its end.
    pub base_url: String,
    pub data_dir: PathBuf,
    /// As the application's role; none starts the embedded server.
    pub database_url: Option<SecretString>,
    pub database_owner_url: Option<SecretString>,
    pub database_worker_url: Option<SecretString>,
    pub database_pool: u32,
    pub pg_bin_dir: Option<PathBuf>,
    pub pg_user: Option<String>,
    pub secret_key: Option<SecretString>,
    /// Separated by commas.
    pub old_secret_keys: Option<SecretString>,
    pub smtp_url: Option<SecretString>,
    pub mail_from: lettre::message::Mailbox,
    pub trusted_proxies: Vec<IpNet>,
    pub allowed_private_hosts: PrivateHosts,
    pub metrics_listen: Option<SocketAddr>,
    /// There when [`Config::bounce_domain`] is.
    pub bounce_listen: Option<SocketAddr>,
    /// In its ASCII form, in lower case.
    pub bounce_domain: Option<String>,
    pub sign_up_open: bool,
    /// Whether an open or a click is answered only once it is written.
    pub tracking_is_durable: bool,
    pub log: String,
    pub log_json: bool,
    pub dev: bool,
}

/// Environment variables that look like settings of ours and are none: mistyped, or of an older version.
///
/// Not an error: a cluster manager names variables after services, and may call one of these groundswell.
pub fn unknown_settings() -> Vec<String> {
    let known = <Settings as clap::Args>::augment_args(clap::Command::new(""));
    let is_known = |name: &str| known.get_arguments().any(|arg| arg.get_env().is_some_and(|env| env == name));
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    names.filter(|name| name.starts_with("GROUNDSWELL_") && !is_known(name)).collect()
}

impl Config {
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// A cookie's name: with https it carries the prefix that browsers guard (RFC 6265bis §4.1.3.2).
    pub fn cookie_name(&self, name: &str) -> String {
        if self.is_https() { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// The host that people reach this installation by.
    pub fn host(&self) -> &str {
        let rest = self.base_url.split_once("://").map_or(self.base_url.as_str(), |(_, rest)| rest);
        match rest.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => rest,
        }
    }

    /// An absolute link to `path`, which starts with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }
}
