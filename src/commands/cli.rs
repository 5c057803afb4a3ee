//! The commands and settings as they are typed.

use clap::{Args, Parser, Subcommand};

use crate::config::Settings;

/// A campaign and growth platform that many organizations share and none can look across.
#[derive(Debug, Parser)]
#[command(name = "groundswell", version, max_term_width = 100, disable_help_subcommand = false)]
#[command(
    after_help = "Every setting is a flag and an environment variable; .env.example lists them with their defaults."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub settings: Settings,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the application, and do its background work, until told to stop.
    Serve(Serve),
    /// Do background work only, beside other processes that serve.
    Work,
    /// Make the database roles and bring the database up to date.
    Migrate,
    /// Fill the database with sample data, labelled as such.
    Seed,
    /// Say in sentences what is wrong with this installation and what to do about it.
    Doctor(Doctor),
    /// Make a person and a workspace that they own.
    CreateOwner(CreateOwner),
    /// Let somebody who has an account look after the installation, under /admin.
    GrantPlatformAdmin(GrantPlatformAdmin),
    /// Delete a workspace with everything in it. Says what that is, and does it with --yes only.
    DeleteOrganization(DeleteOrganization),
    /// Check on the live database that tenants are kept apart.
    VerifyIsolation,
    /// Look after the master keys that secrets are encrypted with.
    Secrets(Secrets),
    /// Look after the log of who changed what.
    Audit(Audit),
    /// Keep who was erased apart from backups, and erase again whom one brought back.
    Erasures(Erasures),
    /// List every method and path that is served.
    Routes(Routes),
    /// Measure this build on this machine.
    Bench(Bench),
    /// Run the embedded PostgreSQL alone and write rows to it, to try how it bears being killed.
    #[command(hide = true)]
    Hold(Hold),
}

#[derive(Args, Debug)]
pub struct Serve {
    /// Leave background work to `groundswell work`.
    #[arg(long)]
    pub no_worker: bool,
    /// Fill the database with sample data first, and print who can sign in.
    #[arg(long)]
    pub seed: bool,
}

#[derive(Args, Debug)]
pub struct Doctor {
    /// Only ask the running server whether it lives; for container health checks.
    #[arg(long)]
    pub live: bool,
}

#[derive(Args, Debug)]
pub struct CreateOwner {
    /// The address they sign in with.
    #[arg(long)]
    pub email: String,
    /// Their name.
    #[arg(long)]
    pub name: String,
    /// The name of their workspace.
    #[arg(long)]
    pub workspace: String,
}

#[derive(Args, Debug)]
pub struct Secrets {
    #[command(subcommand)]
    pub what: SecretsCommand,
}

#[derive(Clone, Copy, Debug, Subcommand)]
pub enum SecretsCommand {
    /// Say which master keys there are, how much each seals, and which are no longer needed.
    Status,
    /// Make the next master key and keep the former for reading. Restart every process, then rotate.
    NextKey,
    /// Encrypt everything with the current master key. May be run beside others, ended, and run again.
    Rotate,
}

#[derive(Args, Debug)]
pub struct Audit {
    #[command(subcommand)]
    pub what: AuditCommand,
}

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Read the log of every organization and say whether anybody has changed it.
    Verify,
}

#[derive(Args, Debug)]
pub struct Erasures {
    #[command(subcommand)]
    pub what: ErasuresCommand,
}

#[derive(Clone, Debug, Subcommand)]
pub enum ErasuresCommand {
    /// Print everybody who was erased, as ids that lead to nobody. Keep it apart from the backups.
    Log,
    /// Erase again whoever was erased and is there: after a backup was restored.
    Reapply {
        /// What `erasures log` printed before; without it the log in the database itself counts.
        #[arg(long)]
        log: Option<std::path::PathBuf>,
    },
}

#[derive(Args, Debug)]
pub struct GrantPlatformAdmin {
    /// The address they sign in with.
    #[arg(long)]
    pub email: String,
    /// Make them technical support instead: they may look, and enter a workspace for a while to help.
    #[arg(long)]
    pub support: bool,
}

#[derive(Args, Debug)]
pub struct DeleteOrganization {
    /// Its address: what stands behind /w/.
    #[arg(long)]
    pub slug: String,
    /// Delete it, for good.
    #[arg(long)]
    pub yes: bool,
}

#[derive(Args, Debug)]
pub struct Routes {
    /// As data, for tests.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Hold {
    /// Where its data are, or are to be.
    pub folder: std::path::PathBuf,
}

#[derive(Args, Debug)]
pub struct Bench {
    #[command(subcommand)]
    pub what: Measure,
}

#[derive(Debug, Subcommand)]
pub enum Measure {
    /// CPU time of a page against that of a route which does nothing.
    Pages {
        /// Requests to each page.
        #[arg(long, default_value_t = 2000)]
        requests: u32,
        /// Connections at a time.
        #[arg(long, default_value_t = 8)]
        connections: u32,
    },
    /// Jobs that pass through the queue, against rows of a bare table.
    Jobs {
        /// Jobs that do nothing.
        #[arg(long, default_value_t = 5000)]
        jobs: u32,
    },
    /// Mails of 10 KB that are built, signed and handed to a mail server of our own.
    Mail {
        /// Mails in each of the runs.
        #[arg(long, default_value_t = 20_000)]
        messages: u64,
        /// Connections at a time.
        #[arg(long, default_value_t = 10)]
        connections: usize,
    },
    /// A file of people through the import, against COPY and one INSERT.
    Import {
        /// Lines of the file.
        #[arg(long, default_value_t = 100_000)]
        rows: u32,
        #[command(flatten)]
        gate: Gate,
    },
    /// Pages of a list of very many people, against fifty rows and a route that does nothing.
    Contacts {
        /// People in the workspace; others have fewer.
        #[arg(long, default_value_t = 100_000)]
        people: u32,
        /// Requests to each page.
        #[arg(long, default_value_t = 500)]
        requests: u32,
        #[command(flatten)]
        gate: Gate,
    },
    /// Rules of segments over very many people, against counts by hand.
    Segments {
        /// People in the workspace, each of whom opened mail.
        #[arg(long, default_value_t = 100_000)]
        people: u32,
        /// Answers to each rule.
        #[arg(long, default_value_t = 20)]
        requests: u32,
        #[command(flatten)]
        gate: Gate,
    },
    /// A campaign, from its beginning to its end, against mail handed over raw and a bare ledger.
    Campaign {
        /// Whom it is to.
        #[arg(long, default_value_t = 10_000)]
        people: u32,
        /// Connections at a time, 50 at the most.
        #[arg(long, default_value_t = 10)]
        connections: u32,
        /// Sign it, with RSA and Ed25519, as every domain of ours is signed for.
        #[arg(long)]
        signed: bool,
        #[command(flatten)]
        gate: Gate,
    },
    /// Opens and clicks of a campaign, against a route that does nothing and rows inserted in batches.
    Hits {
        /// Opens and clicks in all.
        #[arg(long, default_value_t = 30_000)]
        hits: u32,
        /// Connections at a time.
        #[arg(long, default_value_t = 64)]
        connections: u32,
        #[command(flatten)]
        gate: Gate,
    },
    /// Be a mail server that delivers nothing, and count until told to stop.
    Sink(SinkOptions),
}

/// What a measurement is allowed.
#[derive(Args, Clone, Copy, Debug)]
pub struct Gate {
    /// Fail when it takes more than so many times its limit.
    #[arg(long, value_name = "RATIO")]
    pub at_most: Option<f64>,
}

/// How friendly the mail server is. Faults are counted by the thousand messages.
#[derive(Args, Clone, Copy, Debug)]
pub struct SinkOptions {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:2525")]
    pub listen: std::net::SocketAddr,
    /// Put off (4xx).
    #[arg(long, default_value_t = 0)]
    pub put_off: u64,
    /// Refused (5xx).
    #[arg(long, default_value_t = 0)]
    pub refused: u64,
    /// Taken, and the connection closed without an answer.
    #[arg(long, default_value_t = 0)]
    pub lost: u64,
    /// Milliseconds before each answer to a message.
    #[arg(long, default_value_t = 0)]
    pub latency: u64,
}
