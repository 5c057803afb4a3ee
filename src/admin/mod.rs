//! The installation as a whole, for the few who look after it: how it is, its workspaces and people, the
//! background work of everybody, and coming into a workspace to help.
//!
//! Owns `support_grants`. Always true: for who has no platform role there is nothing here; what is seen of
//! a workspace is what it is and how many there are of what, never what is in it; whoever wants to see that
//! writes down why, for how long, and its people read it; everything done here is in the installation's log.
//!
//! - [`overview`]: how the installation is, in sentences
//! - [`organizations`], [`users`]: who is here
//! - [`jobs`], [`mailbox`]: what is done, and what mail is sent
//! - [`support`]: coming into a workspace to help
//! - [`staff`]: who looks after the installation

mod frame;
pub mod jobs;
mod list;
pub mod mailbox;
pub mod organizations;
pub mod overview;
mod permissions;
pub mod staff;
pub mod support;
pub mod users;

pub use permissions::{ManageJobs, ManageUsers, ViewMail, ViewPlatform};

use crate::web::Routes;

/// Everything under `/admin`.
pub fn routes() -> Routes {
    Routes::platform()
        .merge(overview::routes())
        .merge(organizations::routes::routes())
        .merge(users::routes::routes())
        .merge(jobs::routes::routes())
        .merge(mailbox::routes::routes())
        .merge(support::routes::routes())
}

/// What a workspace has of it: who of the support was there.
pub fn workspace_routes() -> Routes {
    support::visits::routes()
}
