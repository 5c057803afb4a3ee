//! Looks at every mail that arrives: whether it is for whom it says, and everybody got one.

use std::sync::{
    Arc,
    atomic::{AtomicU8, AtomicU64, Ordering::Relaxed},
};

use memchr::memmem;

use super::{
    mailing::BASE_URL,
    people::{code, first_name, last_name, number_of},
    sink::Inspector,
};
use crate::{
    campaigns::tokens::{self, Link},
    crypto::Keys,
};

/// Where in a mail its first words stand at the latest.
const BEGINNING: usize = 8 * 1024;

pub(super) struct Checker {
    keys: Keys,
    /// How many each has got.
    got: Vec<AtomicU8>,
    wrong: AtomicU64,
}

/// What came of the looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub lost: u64,
    pub doubled: u64,
    pub wrong: u64,
}

impl Checker {
    /// For mail to so many, whose tokens were made with these keys.
    pub(super) fn new(keys: Keys, people: u64) -> Arc<Self> {
        let got = (0..people).map(|_| AtomicU8::new(0)).collect();
        Arc::new(Self { keys, got, wrong: AtomicU64::new(0) })
    }

    pub(super) fn inspector(self: &Arc<Self>) -> Inspector {
        let checker = Arc::clone(self);
        Arc::new(move |to: &str, wire: &[u8]| checker.look(to, wire))
    }

    fn look(&self, to: &str, wire: &[u8]) {
        let number = number_of(to);
        let got = number.and_then(|n| self.got.get(usize::try_from(n).ok()?.checked_sub(1)?));
        match (number, got) {
            (Some(n), Some(got)) if self.is_for(n, wire) => {
                got.fetch_add(1, Relaxed);
            }
            _ => {
                self.wrong.fetch_add(1, Relaxed);
            }
        }
    }

    /// Whether it greets this person by their name, and its one click is the one of whom it was made for.
    fn is_for(&self, n: u64, wire: &[u8]) -> bool {
        let beginning = unfolded(wire.get(..BEGINNING).unwrap_or(wire));
        let (first, last, code) = (first_name(n), last_name(n), code(n));
        let says = |words: &str| memmem::find(&beginning, words.as_bytes()).is_some();
        says(&format!("\r\nSubject: {first}, your offer {code}\r\n"))
            && says(&format!("Dear {first} {last} ({code}),"))
            && self.is_one_person(&beginning)
    }

    fn is_one_person(&self, mail: &[u8]) -> bool {
        let behind = |words: &str, end: u8| {
            let at = memmem::find(mail, words.as_bytes())? + words.len();
            let rest = mail.get(at..)?;
            std::str::from_utf8(rest.get(..memchr::memchr(end, rest)?)?).ok()
        };
        let token = behind(&format!("{BASE_URL}/u/"), b'>');
        let read = token.and_then(|token| tokens::read(&self.keys, token, Link::Preferences));
        let id = behind("Message-ID: <b", b'@').and_then(|id| id.split('.').nth(1));
        matches!((read, id), (Some((to, _)), Some(id)) if to.contact.simple().to_string() == id)
    }

    pub(super) fn found(&self) -> Found {
        let count =
            |is_so: fn(u8) -> bool| self.got.iter().filter(|got| is_so(got.load(Relaxed))).count() as u64;
        Found { lost: count(|got| got == 0), doubled: count(|got| got > 1), wrong: self.wrong.load(Relaxed) }
    }
}

/// Lines that quoted-printable has broken, whole again.
fn unfolded(text: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(text.len());
    let mut from = 0;
    for at in memmem::find_iter(text, b"=\r\n") {
        whole.extend_from_slice(text.get(from..at).unwrap_or_default());
        from = at + 3;
    }
    whole.extend_from_slice(text.get(from..).unwrap_or_default());
    whole
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::campaigns::tokens::Addressee;

    fn keys() -> Keys {
        Keys::parse(&"7a".repeat(32)).unwrap()
    }

    /// A mail to the so-many-th person that greets another, with the one click of a third.
    fn mail(greeted: u64, contact: Uuid, clicker: Uuid) -> Vec<u8> {
        let (first, last, code) = (first_name(greeted), last_name(greeted), code(greeted));
        let token = tokens::write(&keys(), Addressee { broadcast: 3, contact: clicker }, Link::Preferences);
        let id = contact.simple();
        format!(
            "Message-ID: <b3.{id}@x.example>\r\nSubject: {first}, your offer {code}\r\n\
             List-Unsubscribe: <{BASE_URL}/u/{token}>\r\n\r\nDear {first} =\r\n{last} ({code}),\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn a_mail_that_is_anothers_is_wrong_and_whoever_got_none_or_two_is_told() {
        let checker = Checker::new(keys(), 3);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let to = |n: u64| format!("RCPT TO:<a.b.0000.user{n}@mail1.example>");
        checker.look(&to(1), &mail(1, one, one));
        checker.look(&to(2), &mail(2, one, one));
        checker.look(&to(2), &mail(2, one, one));
        assert_eq!(checker.found(), Found { lost: 1, doubled: 1, wrong: 0 });
        checker.look(&to(3), &mail(2, one, one));
        checker.look(&to(3), &mail(3, one, other));
        checker.look(&to(9), &mail(9, one, one));
        checker.look("RCPT TO:<who@mail1.example>", &mail(1, one, one));
        assert_eq!(checker.found(), Found { lost: 1, doubled: 1, wrong: 4 });
    }
}
