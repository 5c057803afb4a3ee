//! One connection, from the greeting to its end.

use std::io;

use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    time::timeout,
};

use super::{
    Door, NotNow, Postbox,
    lines::{Lines, Message},
    talk::{Next, Talk},
};

/// Talks until either side has had enough. Told to stop, a message that was begun is still taken.
pub(super) async fn converse<P: Postbox>(
    stream: TcpStream,
    door: &Door<P>,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<()> {
    let (mut talk, mut lines) = (Talk::default(), Lines::new(stream));
    say(&mut lines, &format!("220 {} ESMTP", door.name)).await?;
    loop {
        let line = tokio::select! {
            line = timeout(door.limits.command, lines.line(door.limits.line)) => line,
            () = told_to(&mut stopped) => {
                return say(&mut lines, "421 4.3.2 Stopping for a moment").await;
            }
        };
        let line = match line {
            Ok(Ok(Some(line))) => line,
            Ok(Ok(None)) => return Ok(()),
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                return say(&mut lines, "500 5.5.2 That line is too long").await;
            }
            Ok(Err(error)) => return Err(error),
            Err(_) => return say(&mut lines, "421 4.4.2 Nothing came for a while").await,
        };
        match talk.hear(&line, |to| door.postbox.knows(to), (&door.name, &door.limits)) {
            Next::Say(said) => say(&mut lines, &said).await?,
            Next::SayAndClose(said) => return say(&mut lines, &said).await,
            Next::Message => message(&mut talk, &mut lines, door).await?,
        }
    }
}

/// Returns once there is to be an end.
async fn told_to(stopped: &mut watch::Receiver<bool>) {
    // Whoever could say so is gone: the end is near, too.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn message<P: Postbox, S: AsyncRead + AsyncWrite + Unpin>(
    talk: &mut Talk,
    lines: &mut Lines<S>,
    door: &Door<P>,
) -> io::Result<()> {
    say(lines, "354 End it with a dot on a line of its own").await?;
    let came = timeout(door.limits.message, lines.message(door.limits.size)).await;
    let came = came.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    let (to, is_lmtp) = (talk.to.clone(), talk.is_lmtp());
    talk.forget();
    let Message::Whole(raw) = came else {
        let answers = if is_lmtp { to.len() } else { 1 };
        return say(lines, &["552 5.3.4 Too large"].repeat(answers).join("\r\n")).await;
    };
    let mut answers = Vec::with_capacity(to.len());
    for to in &to {
        answers.push(answer(door.postbox.take(to, &raw).await));
    }
    if !is_lmtp {
        // One answer for all: to be dealt with again does no harm.
        let worst = answers.iter().copied().find(|answer| *answer != TAKEN).unwrap_or(TAKEN);
        answers = vec![worst];
    }
    say(lines, &answers.join("\r\n")).await
}

const TAKEN: &str = "250 2.0.0 Taken";

fn answer(dealt_with: Result<(), NotNow>) -> &'static str {
    match dealt_with {
        Ok(()) => TAKEN,
        Err(NotNow) => "451 4.3.0 Not now: try again later",
    }
}

async fn say<S: AsyncWrite + Unpin>(lines: &mut Lines<S>, said: &str) -> io::Result<()> {
    lines.stream.write_all(format!("{said}\r\n").as_bytes()).await?;
    lines.stream.flush().await
}
