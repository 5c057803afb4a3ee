//! Commands and their answers: what was said so far, and what may be said next.

use super::Limits;

/// What is done about a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Say(String),
    /// The message comes now.
    Message,
    SayAndClose(String),
}

/// How the other side speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Smtp,
    /// As many answers to a message as it has recipients.
    Lmtp,
}

#[derive(Debug, Default)]
pub(super) struct Talk {
    protocol: Option<Protocol>,
    has_sender: bool,
    /// Those of ours that the message is for.
    pub to: Vec<String>,
    faults: u32,
}

impl Talk {
    pub(super) fn is_lmtp(&self) -> bool {
        self.protocol == Some(Protocol::Lmtp)
    }

    /// The envelope is over.
    pub(super) fn forget(&mut self) {
        self.has_sender = false;
        self.to.clear();
    }

    /// The answer to this line; `knows` says which addresses are ours.
    pub(super) fn hear(
        &mut self,
        line: &str,
        knows: impl Fn(&str) -> bool,
        (name, limits): (&str, &Limits),
    ) -> Next {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let said = match verb.to_ascii_uppercase().as_str() {
            "EHLO" => Ok(self.greet(Protocol::Smtp, name, limits)),
            "LHLO" => Ok(self.greet(Protocol::Lmtp, name, limits)),
            "HELO" => {
                self.greet(Protocol::Smtp, name, limits);
                Ok(format!("250 {name}"))
            }
            "MAIL" => self.mail(rest, limits),
            "RCPT" => self.recipient(rest, knows, limits),
            "DATA" if self.to.is_empty() => Err("503 5.5.1 Say first whom it is for"),
            "DATA" => return Next::Message,
            "RSET" => {
                self.forget();
                Ok("250 2.0.0 Ok".to_owned())
            }
            "NOOP" => Ok("250 2.0.0 Ok".to_owned()),
            "QUIT" => return Next::SayAndClose("221 2.0.0 Goodbye".to_owned()),
            "VRFY" => Err("252 2.1.5 Try it"),
            _ => Err("502 5.5.1 This is not spoken here"),
        };
        match said {
            Ok(said) => Next::Say(said),
            Err(_) if self.faults >= limits.faults => {
                Next::SayAndClose("421 4.7.0 Too many mistakes".to_owned())
            }
            Err(said) => {
                self.faults += 1;
                Next::Say(said.to_owned())
            }
        }
    }

    fn greet(&mut self, protocol: Protocol, name: &str, limits: &Limits) -> String {
        self.forget();
        self.protocol = Some(protocol);
        format!(
            "250-{name}\r\n250-PIPELINING\r\n250-SIZE {}\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES",
            limits.size
        )
    }

    fn mail(&mut self, rest: &str, limits: &Limits) -> Result<String, &'static str> {
        let (_, options) = path(rest, "FROM:").ok_or("501 5.5.4 MAIL FROM:<address>")?;
        if self.protocol.is_none() {
            return Err("503 5.5.1 Say EHLO first");
        }
        if self.has_sender {
            return Err("503 5.5.1 One message at a time");
        }
        let size = options.split(' ').find_map(|option| option.strip_prefix("SIZE=")?.parse::<usize>().ok());
        if size.is_some_and(|size| size > limits.size) {
            return Err("552 5.3.4 Too large");
        }
        self.has_sender = true;
        Ok("250 2.1.0 Ok".to_owned())
    }

    fn recipient(
        &mut self,
        rest: &str,
        knows: impl Fn(&str) -> bool,
        limits: &Limits,
    ) -> Result<String, &'static str> {
        let (to, _) = path(rest, "TO:").ok_or("501 5.5.4 RCPT TO:<address>")?;
        if !self.has_sender {
            return Err("503 5.5.1 Say MAIL first");
        }
        if !knows(&to) {
            return Err("550 5.1.1 There is no such address here");
        }
        if self.to.len() >= limits.recipients {
            return Err("452 4.5.3 Too many recipients");
        }
        self.to.push(to);
        Ok("250 2.1.5 Ok".to_owned())
    }
}

/// The address of `FROM:<address> OPTIONS`, and the options in upper case.
fn path(rest: &str, before: &str) -> Option<(String, String)> {
    let rest = rest.trim_start();
    let after = rest
        .get(before.len()..)
        .filter(|_| rest.get(..before.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(before)))?;
    let (address, options) = after.trim_start().strip_prefix('<')?.split_once('>')?;
    Some((address.to_owned(), options.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(talk: &mut Talk, line: &str) -> String {
        let limits = Limits { recipients: 2, faults: 3, size: 1000, ..Limits::default() };
        match talk.hear(line, |to| to.starts_with("b+"), ("bounces.test", &limits)) {
            Next::Say(said) | Next::SayAndClose(said) => said.chars().take(3).collect(),
            Next::Message => "354".to_owned(),
        }
    }

    #[test]
    fn one_thing_follows_the_other() {
        let mut talk = Talk::default();
        for (line, code) in [
            ("MAIL FROM:<>", "503"),
            ("ehlo mx.test", "250"),
            ("RCPT TO:<b+1@x.test>", "503"),
            ("mail from:<> size=900 body=8bitmime", "250"),
            ("DATA", "503"),
        ] {
            assert_eq!(hear(&mut talk, line), code, "{line}");
        }
        let mut talk = Talk::default();
        for (line, code) in [
            ("LHLO mx.test", "250"),
            ("MAIL FROM:<> SIZE=1001", "552"),
            ("MAIL FROM:<a@b.test>", "250"),
            ("RCPT TO:<b+1@x.test>", "250"),
            ("RCPT TO: <b+2@x.test> NOTIFY=NEVER", "250"),
            ("RCPT TO:<b+3@x.test>", "452"),
            ("DATA", "354"),
            ("RSET", "250"),
            ("DATA", "503"),
            ("QUIT", "221"),
        ] {
            assert_eq!(hear(&mut talk, line), code, "{line}");
        }
        assert!(talk.is_lmtp() && talk.to.is_empty());
    }

    #[test]
    fn who_guesses_addresses_is_soon_shown_out() {
        let mut talk = Talk::default();
        hear(&mut talk, "HELO mx.test");
        hear(&mut talk, "MAIL FROM:<>");
        for _ in 0..3 {
            assert_eq!(hear(&mut talk, "RCPT TO:<somebody@x.test>"), "550");
        }
        assert_eq!(hear(&mut talk, "RCPT TO:<somebody@x.test>"), "421");
    }

    #[test]
    fn what_is_no_command_is_no_command() {
        for line in
            ["", "é", "MAIL", "MAIL FROM:", "MAIL FROM:<x", "RCPT TO:x@y.test", "STARTTLS", "GET / HTTP/1.1"]
        {
            assert!(hear(&mut Talk::default(), line).starts_with('5'), "{line:?}");
        }
    }
}
