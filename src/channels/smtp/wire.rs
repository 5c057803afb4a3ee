//! Lines out, answers in, each within its time.

use std::{io, time::Duration};

use futures_util::FutureExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::{reply::Reply, stream::Stream};

pub(super) struct Wire {
    pub stream: Stream,
    /// What came and was not read as an answer yet.
    pub came: Vec<u8>,
}

/// Why nothing more can be said on this wire.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    #[error("the connection was closed by the server")]
    Closed,
    #[error("the connection was lost: {0}")]
    Lost(io::Error),
    #[error("the server took longer than {0:?}")]
    Slow(Duration),
    #[error("the server does not answer as mail servers do")]
    Garbled,
}

impl Wire {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, came: Vec::with_capacity(1024) }
    }

    /// Sends all of it, so that the machine has it.
    pub(super) async fn send(&mut self, octets: &[u8], within: Duration) -> Result<(), WireError> {
        let sending = async {
            self.stream.write_all(octets).await?;
            self.stream.flush().await
        };
        match timeout(within, sending).await {
            Ok(sent) => sent.map_err(WireError::Lost),
            Err(_) => Err(WireError::Slow(within)),
        }
    }

    pub(super) async fn answer(&mut self, within: Duration) -> Result<Reply, WireError> {
        match timeout(within, self.next_answer()).await {
            Ok(answer) => answer,
            Err(_) => Err(WireError::Slow(within)),
        }
    }

    async fn next_answer(&mut self) -> Result<Reply, WireError> {
        loop {
            match Reply::read(&self.came) {
                Ok(Some((reply, length))) => {
                    self.came.drain(..length);
                    return Ok(reply);
                }
                Ok(None) => {}
                Err(_) => return Err(WireError::Garbled),
            }
            match self.stream.read_buf(&mut self.came).await {
                Ok(0) => return Err(WireError::Closed),
                Ok(_) => {}
                Err(error) => return Err(WireError::Lost(error)),
            }
        }
    }

    pub(super) async fn ask(&mut self, line: &str, within: Duration) -> Result<Reply, WireError> {
        self.send(line.as_bytes(), within).await?;
        self.answer(within).await
    }

    /// What the server has said unasked: nothing, as a rule. Does not wait.
    pub(super) fn unasked(&mut self) -> Option<Result<Reply, WireError>> {
        if self.came.is_empty() {
            match self.stream.read_buf(&mut self.came).now_or_never() {
                None => return None,
                Some(Ok(0)) => return Some(Err(WireError::Closed)),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Some(Err(WireError::Lost(error))),
            }
        }
        self.next_answer().now_or_never()
    }
}
