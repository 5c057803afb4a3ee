//! Being told to stop: once means finish what was begun, twice means now.

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

use crate::web::App;

/// How urgently this process is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    None,
    /// SIGTERM: others may still send work for a moment, until they notice that we are no longer ready.
    Gently,
    /// Ctrl-C: nobody sends more work, but what was begun is finished.
    Soon,
    /// The second signal of either kind.
    Now,
}

#[derive(Clone, Debug)]
pub(super) struct Stop(watch::Receiver<Urgency>);

impl Stop {
    pub(super) fn urgency(&self) -> Urgency {
        *self.0.borrow()
    }

    /// Returns once this process is to end.
    pub(super) async fn wanted(&mut self) {
        self.reaches(Urgency::Gently).await;
    }

    /// Returns once it is at least so urgent.
    pub(super) async fn reaches(&mut self, urgency: Urgency) {
        if self.0.wait_for(|now| *now >= urgency).await.is_err() {
            // Nobody is left who could tell us.
            std::future::pending::<()>().await;
        }
    }
}

/// Ends a process from inside, for the same reasons and in the same way as a signal.
#[derive(Clone, Debug)]
pub(super) struct Stopper(std::sync::Arc<watch::Sender<Urgency>>);

impl Stopper {
    pub(super) fn stop(&self, urgency: Urgency) {
        self.0.send_if_modified(|now| {
            let is_more = urgency > *now;
            *now = urgency.max(*now);
            is_more
        });
    }
}

/// Listens for signals from now on. Readiness ends with the first one.
pub(super) fn listen(app: &App) -> std::io::Result<(Stop, Stopper)> {
    let (sender, receiver) = watch::channel(Urgency::None);
    let stopper = Stopper(std::sync::Arc::new(sender));
    let terminate = signal(SignalKind::terminate())?;
    let interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(hear(terminate, interrupt, stopper.clone(), app.clone()));
    Ok((Stop(receiver), stopper))
}

async fn hear(mut terminate: Signal, mut interrupt: Signal, stopper: Stopper, app: App) {
    loop {
        let heard = tokio::select! {
            _ = terminate.recv() => Urgency::Gently,
            _ = interrupt.recv() => Urgency::Soon,
        };
        let again = app.stopping.swap(true, std::sync::atomic::Ordering::SeqCst);
        if again {
            tracing::warn!("Told to stop again: leaving at once");
        } else {
            tracing::info!("Told to stop: finishing what was begun");
        }
        stopper.stop(if again { Urgency::Now } else { heard });
    }
}
