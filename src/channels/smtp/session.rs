//! A connection that is ready for messages: one after the other, each in two steps.

use std::fmt::Write;

use super::{
    dots,
    outcome::{Outcome, Step, Unfit},
    reply::Reply,
    server::Timeouts,
    wire::{Wire, WireError},
};
use crate::channels::address::Address;

/// Who a message comes back to, and whom it is for. One recipient each: another's trouble is not theirs.
#[derive(Clone, Copy, Debug)]
pub struct Envelope<'a> {
    /// `None` for mail that must not come back.
    pub from: Option<&'a Address>,
    pub to: &'a Address,
}

/// What the server has said it can (RFC 5321 §4.1.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Offers {
    pub pipelining: bool,
    pub eight_bit: bool,
    pub smtputf8: bool,
    pub starttls: bool,
    pub auth_plain: bool,
    pub auth_login: bool,
    pub size: Option<usize>,
}

impl Offers {
    pub(super) fn read(reply: &Reply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines.iter().skip(1) {
            let line = line.to_ascii_uppercase().replace("AUTH=", "AUTH ");
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("PIPELINING") => offers.pipelining = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.smtputf8 = true,
                Some("STARTTLS") => offers.starttls = true,
                Some("SIZE") => {
                    offers.size = words.next().and_then(|size| size.parse().ok()).filter(|size| *size > 0);
                }
                Some("AUTH") => words.for_each(|mechanism| {
                    offers.auth_plain |= mechanism == "PLAIN";
                    offers.auth_login |= mechanism == "LOGIN";
                }),
                _ => {}
            }
        }
        offers
    }
}

pub(super) struct Session {
    wire: Wire,
    offers: Offers,
    timeouts: Timeouts,
    /// Messages whose dot was sent.
    pub messages: u32,
    /// An envelope was begun that did not end in a message: it must be taken back first.
    begun: bool,
    /// Nothing more can be said here.
    pub is_over: bool,
    out: Vec<u8>,
}

impl Session {
    pub(super) fn new(wire: Wire, offers: Offers, timeouts: Timeouts) -> Self {
        let out = Vec::with_capacity(16 * 1024);
        Self { wire, offers, timeouts, messages: 0, begun: false, is_over: false, out }
    }

    /// Everything of a message but its dot. `Err` says what became of it instead.
    pub(super) async fn prepare(&mut self, envelope: &Envelope<'_>, message: &[u8]) -> Result<(), Outcome> {
        let commands = self.commands(envelope, message).map_err(Outcome::Unfit)?;
        let reset = std::mem::replace(&mut self.begun, true);
        match self.converse(&commands, reset).await {
            Ok(None) => {}
            Ok(Some(outcome)) => return Err(outcome),
            Err(error) => return Err(self.before_the_dot(&error)),
        }
        let mut out = std::mem::take(&mut self.out);
        out.clear();
        dots::stuff(message, &mut out);
        let sent = self.wire.send(&out, self.timeouts.data_block).await;
        self.out = out;
        sent.map_err(|error| self.before_the_dot(&error))
    }

    /// The dot, and what the server says to it.
    pub(super) async fn release(&mut self) -> Outcome {
        // A server that gave up meanwhile has said so, or closed: no dot is sent then, and nothing unknown.
        match self.wire.unasked() {
            None => {}
            Some(Ok(reply)) => {
                self.is_over = true;
                return match reply.code {
                    400.. => Outcome::refused(reply, Step::Message),
                    _ => {
                        Outcome::NotTried(format!("the server spoke before the end of the message: {reply}"))
                    }
                };
            }
            Some(Err(error)) => return self.before_the_dot(&error),
        }
        self.messages += 1;
        match self.wire.send(b".\r\n", self.timeouts.data_block).await {
            Ok(()) => {}
            // All of it went or the machine would not have taken it, but for how far it got in time.
            Err(error @ WireError::Slow(_)) => return self.after_the_dot(&error),
            Err(error) => return self.before_the_dot(&error),
        }
        match self.wire.answer(self.timeouts.data_end).await {
            Ok(reply) => {
                self.begun = false;
                self.is_over |= reply.code == 421;
                let outcome = Outcome::of_the_dot(reply);
                self.is_over |= matches!(outcome, Outcome::Unknown(_));
                outcome
            }
            Err(error) => self.after_the_dot(&error),
        }
    }

    /// Still there, as far as can be seen without asking.
    pub(super) fn is_alive(&mut self) -> bool {
        !self.is_over && self.wire.unasked().is_none()
    }

    pub(super) async fn quit(mut self) {
        if !self.is_over {
            // Whether it hears us makes no difference.
            let _ = self.wire.send(b"QUIT\r\n", self.timeouts.connect).await;
        }
    }

    fn before_the_dot(&mut self, error: &WireError) -> Outcome {
        self.is_over = true;
        Outcome::NotTried(error.to_string())
    }

    fn after_the_dot(&mut self, error: &WireError) -> Outcome {
        self.is_over = true;
        Outcome::Unknown(error.to_string())
    }

    fn commands(&self, envelope: &Envelope<'_>, message: &[u8]) -> Result<[String; 3], Unfit> {
        dots::check(message)?;
        if let Some(limit) = self.offers.size.filter(|limit| message.len() > *limit) {
            return Err(Unfit::TooLarge { size: message.len(), limit });
        }
        let headers = memchr::memmem::find(message, b"\r\n\r\n").and_then(|end| message.get(..end));
        let is_foreign = |address: Option<&Address>| address.is_some_and(Address::needs_smtputf8);
        let utf8 = is_foreign(envelope.from)
            || is_foreign(Some(envelope.to))
            || !headers.unwrap_or(message).is_ascii();
        if utf8 && !self.offers.smtputf8 {
            return Err(Unfit::NeedsSmtpUtf8);
        }
        let eight_bit = !message.is_ascii();
        if eight_bit && !self.offers.eight_bit {
            return Err(Unfit::Needs8Bit);
        }
        let from = envelope.from.map(ToString::to_string).unwrap_or_default();
        let mut mail = format!("MAIL FROM:<{from}>");
        // Writing to a String cannot fail.
        if self.offers.size.is_some() {
            let _ = write!(mail, " SIZE={}", message.len());
        }
        if eight_bit {
            mail.push_str(" BODY=8BITMIME");
        }
        if utf8 {
            mail.push_str(" SMTPUTF8");
        }
        mail.push_str("\r\n");
        Ok([mail, format!("RCPT TO:<{}>\r\n", envelope.to), "DATA\r\n".to_owned()])
    }

    /// Says the envelope. `Ok(None)` when the server waits for the body now.
    async fn converse(&mut self, commands: &[String; 3], reset: bool) -> Result<Option<Outcome>, WireError> {
        let reset = if reset { "RSET\r\n" } else { "" };
        if self.offers.pipelining {
            let all = [reset, &commands.concat()].concat();
            self.wire.send(all.as_bytes(), self.timeouts.command).await?;
        }
        if !reset.is_empty() {
            self.step(reset, self.timeouts.command).await?;
        }
        let [mail, recipient, data] = commands;
        let mut refused = None;
        for (command, step, within) in [
            (mail, Step::Mail, self.timeouts.command),
            (recipient, Step::Recipient, self.timeouts.command),
            (data, Step::Data, self.timeouts.data_start),
        ] {
            let reply = self.step(command, within).await?;
            // The server closes after this one.
            self.is_over |= reply.code == 421;
            let expected = if step == Step::Data { reply.code == 354 } else { reply.is_positive() };
            match (expected, step) {
                // Pipelined, it may want a body although nobody is to have it (RFC 2920 §3.1). An empty one
                // would do, but no dot is ever sent that the caller has not released.
                (true, Step::Data) if refused.is_some() => self.is_over = true,
                (true, _) => {}
                (false, _) if refused.is_none() => refused = Some(Outcome::refused(reply, step)),
                (false, _) => {}
            }
            if self.is_over || (refused.is_some() && !self.offers.pipelining) {
                break;
            }
        }
        Ok(refused)
    }

    /// The answer to a command, which is sent now unless all were sent together.
    async fn step(&mut self, command: &str, within: std::time::Duration) -> Result<Reply, WireError> {
        if !self.offers.pipelining {
            self.wire.send(command.as_bytes(), within).await?;
        }
        self.wire.answer(within).await
    }
}
