//! Every page about people.

use super::{profile, reset, security, sessions, sign_in, sign_up};
use crate::web::Routes;

pub fn routes() -> Routes {
    sign_in::routes::routes()
        .merge(sign_up::routes::routes())
        .merge(reset::routes::routes())
        .merge(profile::routes::routes())
        .merge(security::routes::routes())
        .merge(sessions::routes::routes())
}
