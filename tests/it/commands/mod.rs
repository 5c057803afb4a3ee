//! The binary, as it is typed and as it runs.

mod client;
mod crashes;
mod delete_organization;
mod disk_full;
mod doctor;
mod embedded;
mod handover;
mod logging;
mod metrics;
mod outage;
mod probes;
mod running;
mod secrets;
mod settings;
