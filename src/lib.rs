//! Groundswell: a campaign and growth platform that many organizations share and none can look across.
//!
//! # The map
//! A module uses only what stands before it in this list; `tests/it/house_rules` holds it to that.
//!
//! - values and the machine: [`ids`], [`clock`], [`crypto`], [`csv`], [`email_address`], [`numbers`], [`money`], [`config`], [`postgres`]
//!   (the embedded server), [`db`]
//! - the way out: [`net`] (the one HTTP client)
//! - the floor: [`web`] (views, forms, errors, the shell), [`jobs`] (what is done beside requests),
//!   [`mail`] (the system's own), [`accounts`] (people), [`audit`] (who changed what), [`tenancy`] (the
//!   doors into an organization), [`personal`] (what is kept of a person), [`events`] (what happened), [`secrets`] (what it entrusts us with),
//!   [`notices`] (what somebody should know)
//! - the customer: [`orgs`] (organizations and who belongs to them), [`contacts`] (whom they talk to),
//!   [`designs`] (what they say)
//! - what leaves: [`channels`] (mail built, signed, handed over, come back), [`senders`] (who it is from and
//!   which server takes it), [`outbox`] (the ledger of what is on its way), [`campaigns`] (what is said to
//!   whom and when, and what became of it)
//! - the work: [`deals`] (what may be sold to whom, and how far it is), [`tasks`] (what somebody has to do),
//!   [`privacy`] (everything about a person handed out or erased, and what is kept for how long)
//! - the installation: [`admin`] (looking after it as a whole)
//! - what people see first: [`home`], [`sample`] (a made-up business to try it on), [`dev`] (pages for
//!   development)
//! - [`app`], which knows all the others, and [`commands`], which start it
//!
//! # How a request flows
//! Security headers → the check of where it came from → session and person → the form token → a handler.
//! A handler under `/w/{org}` takes a [`tenancy::Scope`] that names a permission, checks its form, enters
//! the organization (one round trip), asks or changes, commits, answers. An error rides in the response
//! and becomes a page or a toast in one place, [`web::error`].
//!
//! # Words
//! | word | means |
//! |---|---|
//! | organization | the tenant; owns every row; “workspace” on the screen |
//! | agency | an organization that may enter its client organizations |
//! | member, user | a user in an organization; a person who signs in |
//! | role, permission | rows of an organization; what its holder may do, as `domain.verb` |
//! | contact | somebody whom an organization talks to; no member of it |
//! | list | contacts put together by hand; says nothing about consent |
//! | campaign | what is said about one thing, on however many channels |
//! | broadcast | one execution of a campaign on one channel: its audience, content, time |
//! | recipient | a contact as the broadcast found them when it started |
//! | sender | who a campaign is from: a name and an address |
//! | deal | what may be sold to somebody: a value, a stage, an owner |
//! | task | human work: what somebody has to do, by when |
//! | pipeline, stage | what deals go through, and how far one is |
//! | topic | what people can agree to hear about, and take back |
//! | event | something that happened, never changed; kept in a log that others listen to |
//! | erasure | everything about a person taken away, with a report that names nobody |
//! | retention | what is kept for so long and no longer |
//! | job | machine work, kept in the queue until it is done and a while after |
//! | door | a method and a path that is served |
//! | part | a piece of a page that htmx swaps in; a block of the page's template |

pub mod accounts;
pub mod admin;
pub mod app;
pub mod audit;
pub mod campaigns;
pub mod channels;
pub mod clock;
pub mod commands;
pub mod config;
pub mod contacts;
pub mod crypto;
pub mod csv;
pub mod db;
pub mod deals;
pub mod designs;
pub mod dev;
pub mod email_address;
pub mod events;
pub mod home;
pub mod ids;
pub mod jobs;
pub mod mail;
pub mod money;
pub mod net;
pub mod notices;
pub mod numbers;
pub mod orgs;
pub mod outbox;
pub mod personal;
pub mod postgres;
pub mod privacy;
pub mod sample;
pub mod secrets;
pub mod senders;
pub mod tasks;
pub mod tenancy;
pub mod web;
