//! Lines and messages off a connection, within their limits.

use std::io;

use memchr::{memchr, memmem};
use tokio::io::{AsyncRead, AsyncReadExt};

/// What came, as far as it was not read yet.
pub(super) struct Lines<S> {
    pub stream: S,
    came: Vec<u8>,
}

/// A message, or why there is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    Whole(Vec<u8>),
    TooLarge,
}

/// Of a message that is too large so many times its limit are read, to be able to say so.
const PATIENT: usize = 8;
const END: &[u8] = b"\r\n.\r\n";

impl<S: AsyncRead + Unpin> Lines<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, came: Vec::with_capacity(1024) }
    }

    /// The next line without its end; `None` when there are no more. An error for one that is too long.
    pub(super) async fn line(&mut self, longest: usize) -> io::Result<Option<String>> {
        loop {
            let end = memchr(b'\n', &self.came);
            if end.unwrap_or(self.came.len()) > longest {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if let Some(end) = end {
                let line: Vec<u8> = self.came.drain(..=end).collect();
                return Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned()));
            }
            if self.stream.read_buf(&mut self.came).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Everything up to the dot that ends it, with the dots that were doubled put back. Only a dot between two
    /// whole line ends ends a message.
    pub(super) async fn message(&mut self, limit: usize) -> io::Result<Message> {
        // As if the line before had just ended: an empty message is a dot alone.
        let mut whole = b"\r\n".to_vec();
        let (mut looked, mut thrown) = (0, 0usize);
        loop {
            whole.append(&mut self.came);
            if let Some(at) = whole.get(looked..).and_then(|rest| memmem::find(rest, END)) {
                let end = looked + at;
                self.came = whole.split_off(end + END.len());
                whole.truncate(end + 2);
                let is_small = thrown == 0 && whole.len() - 2 <= limit;
                return Ok(if is_small {
                    Message::Whole(undotted(whole.get(2..).unwrap_or_default()))
                } else {
                    Message::TooLarge
                });
            }
            looked = whole.len().saturating_sub(END.len() - 1);
            if whole.len() > limit + END.len() {
                thrown += looked;
                whole.drain(..looked);
                looked = 0;
            }
            if thrown > limit.saturating_mul(PATIENT) {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if self.stream.read_buf(&mut self.came).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

fn undotted(wire: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(wire.len());
    for line in wire.split_inclusive(|octet| *octet == b'\n') {
        message.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn message(wire: &[u8], limit: usize) -> io::Result<(Message, Vec<u8>)> {
        // One octet at a time, too: an end may come in pieces.
        let mut found = Vec::new();
        for piece in [1, wire.len().max(1)] {
            let pieces: Vec<io::Result<&[u8]>> = wire.chunks(piece).map(Ok).collect();
            let mut lines = Lines::new(Pieces(pieces.into_iter().rev().collect()));
            let read = lines.message(limit).await?;
            let mut rest = lines.came.clone();
            lines.stream.read_to_end(&mut rest).await?;
            found.push((read, rest));
        }
        assert_eq!(found[0], found[1]);
        Ok(found.remove(0))
    }

    /// The last is read first.
    struct Pieces<'a>(Vec<io::Result<&'a [u8]>>);

    impl AsyncRead for Pieces<'_> {
        fn poll_read(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
            buffer: &mut tokio::io::ReadBuf<'_>,
        ) -> std::task::Poll<io::Result<()>> {
            if let Some(Ok(piece)) = self.0.pop() {
                let now = piece.len().min(buffer.remaining());
                buffer.put_slice(&piece[..now]);
                if now < piece.len() {
                    self.0.push(Ok(&piece[now..]));
                }
            }
            std::task::Poll::Ready(Ok(()))
        }
    }

    #[tokio::test]
    async fn a_message_ends_at_a_dot_between_whole_line_ends_alone() {
        for (wire, read, rest) in [
            (&b"a\r\nb\r\n.\r\nQUIT\r\n"[..], &b"a\r\nb\r\n"[..], &b"QUIT\r\n"[..]),
            (b".\r\n", b"", b""),
            (b"..\r\n..a\r\n.\r\n", b".\r\n.a\r\n", b""),
            (b"a\n.\nb\n.\r\nc\r\n.\r\n", b"a\n\nb\n\r\nc\r\n", b""),
            (b"a\r.\r\nb\r\n.\r\n", b"a\r.\r\nb\r\n", b""),
        ] {
            assert_eq!(message(wire, 100).await.unwrap(), (Message::Whole(read.to_vec()), rest.to_vec()));
        }
        assert!(message(b"a\r\nb", 100).await.is_err());
    }

    #[tokio::test]
    async fn a_message_that_is_too_large_is_read_to_its_end_and_one_without_end_is_not() {
        let large = [&[b'x'; 300][..], b"\r\n.\r\nQUIT\r\n"].concat();
        assert_eq!(message(&large, 100).await.unwrap(), (Message::TooLarge, b"QUIT\r\n".to_vec()));
        assert_eq!(
            message(&large, 302).await.unwrap().0,
            Message::Whole([&[b'x'; 300][..], b"\r\n"].concat())
        );
        assert!(message(&[b'x'; 2000], 100).await.is_err());
    }

    #[tokio::test]
    async fn a_line_is_read_with_either_end_and_not_without_one() {
        let mut lines = Lines::new(&b"EHLO a\r\nNOOP\nlong and longer"[..]);
        assert_eq!(lines.line(10).await.unwrap().as_deref(), Some("EHLO a"));
        assert_eq!(lines.line(10).await.unwrap().as_deref(), Some("NOOP"));
        assert!(lines.line(10).await.is_err());
        assert_eq!(Lines::new(&b""[..]).line(10).await.unwrap(), None);
    }
}
