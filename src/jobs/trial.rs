//! A job that behaves as it is told, to try on the machine room what work can do to it. Known to
//! installations for development only.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{AtWork, Failure, Job};
use crate::web::App;

/// What the trial does.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Trial {
    /// Goes well at once.
    Succeed,
    /// Fails each time.
    Fail,
    /// Panics.
    Panic,
    /// Ends the process that does it.
    Abort,
    /// Goes on, telling how far it is, for so many tenths of a second.
    Steps(u32),
    /// Waits for so many seconds without telling anything.
    Wait(u64),
    /// Holds a thread for so many milliseconds.
    Block(u64),
    /// Takes memory until there is none.
    Devour,
}

impl Job for Trial {
    const KIND: &'static str = "jobs.trial";
    const TIME_LIMIT: Duration = Duration::from_secs(60);

    async fn run(self, _: App, at_work: AtWork) -> Result<(), Failure> {
        match self {
            Self::Succeed => {}
            Self::Fail => return Err(Failure::Again(anyhow::anyhow!("it was told to fail"))),
            #[expect(clippy::panic, reason = "it was told to")]
            Self::Panic => panic!("it was told to panic"),
            Self::Abort => std::process::abort(),
            Self::Steps(steps) => {
                for step in 0..steps {
                    at_work.progress(i64::from(step), Some(i64::from(steps))).await?;
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                at_work.progress(i64::from(steps), Some(i64::from(steps))).await?;
            }
            Self::Wait(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            Self::Block(milliseconds) => {
                let until = std::time::Instant::now() + Duration::from_millis(milliseconds);
                while std::time::Instant::now() < until {
                    std::hint::spin_loop();
                }
            }
            Self::Devour => {
                let mut taken: Vec<Vec<u8>> = Vec::new();
                loop {
                    taken.push(vec![1; 16 * 1024 * 1024]);
                    tokio::task::yield_now().await;
                }
            }
        }
        Ok(())
    }
}
