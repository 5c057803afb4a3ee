//! The small server that mail comes back to, as part of this program.

use tokio::net::TcpListener;

use super::{meant, take};
use crate::{
    channels::inbound::{self, Limits, NotNow},
    web::App,
};

/// Knows the addresses that we made, and deals with what comes to them.
struct Postbox(App);

impl inbound::Postbox for Postbox {
    fn knows(&self, to: &str) -> bool {
        let domain = self.0.config.bounce_domain.as_deref();
        domain.is_some_and(|domain| meant(&self.0.keys, domain, to).is_some())
    }

    async fn take(&self, to: &str, raw: &[u8]) -> Result<(), NotNow> {
        match take(&self.0, raw, to).await {
            Ok(done) => {
                tracing::debug!("Mail came back: {done:?}");
                Ok(())
            }
            Err(error) => {
                tracing::error!(error = %error, "Mail that came back could not be written down: {error}");
                Err(NotNow)
            }
        }
    }
}

/// Takes mail that comes back until `stop` returns.
pub async fn run(listener: TcpListener, app: App, stop: impl Future<Output = ()> + Send) {
    let name = app.config.bounce_domain.clone().unwrap_or_default();
    inbound::run(listener, Postbox(app), (&name, Limits::default()), stop).await;
}
