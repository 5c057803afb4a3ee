//! What a server's answer means, for people and for rules: is the mailbox gone, or are we unwelcome?
//!
//! Providers say it in words, and use the codes as they please: the words are asked first, from the
//! particular to the general, then the enhanced code (RFC 3463 and its registry), then the code. The class
//! of the code alone (4 or 5) says whether to try again; this says why.

use crate::channels::smtp::Enhanced;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody is there, or not any more.
    MailboxUnknown,
    MailboxFull,
    /// Who we are, or our network, is not wanted: lists, reputation, policy.
    Blocked,
    /// Too much at once.
    Throttled,
    /// Unknown to it still; later it will not be.
    Greylisted,
    /// What the message says, or how large it is.
    Content,
    /// Who we are was not proven: sign-in, SPF, DKIM, DMARC.
    Auth,
    Other,
}

use Reason::{Auth, Blocked, Content, Greylisted, MailboxFull, MailboxUnknown, Throttled};

/// In lower case; the first that is found decides.
const WORDS: &[(&str, Reason)] = &[
    ("greylist", Greylisted),
    ("graylist", Greylisted),
    ("grey list", Greylisted),
    ("postgrey", Greylisted),
    // Proof of who we are, before the general words about policy that surround it.
    ("dmarc", Auth),
    ("dkim", Auth),
    ("spf", Auth),
    ("unauthenticated", Auth),
    ("authentication", Auth),
    ("authenticat", Auth),
    ("username and password", Auth),
    ("required authentication level", Auth),
    ("relay access denied", Auth),
    ("relaying denied", Auth),
    ("unable to relay", Auth),
    ("relay not permitted", Auth),
    // Room.
    ("quota", MailboxFull),
    ("mailbox full", MailboxFull),
    ("mailbox is full", MailboxFull),
    ("inbox is full", MailboxFull),
    ("out of storage", MailboxFull),
    ("storage full", MailboxFull),
    ("insufficient storage", MailboxFull),
    ("exceeded storage", MailboxFull),
    // Pace.
    ("too quickly", Throttled),
    ("rate limit", Throttled),
    ("ratelimit", Throttled),
    ("unusual rate", Throttled),
    ("unexpected volume", Throttled),
    ("too many", Throttled),
    ("throttl", Throttled),
    ("server busy", Throttled),
    ("maximum number of", Throttled),
    ("exceeded the rate", Throttled),
    ("sending rate", Throttled),
    ("rate that", Throttled),
    // Lists of senders, before “rejected” and “not exist” get a word in.
    ("spamhaus", Blocked),
    ("spamcop", Blocked),
    ("barracudacentral", Blocked),
    ("sorbs", Blocked),
    ("rbl", Blocked),
    ("dnsbl", Blocked),
    ("block list", Blocked),
    ("blocklist", Blocked),
    ("blacklist", Blocked),
    ("black list", Blocked),
    ("blocked using", Blocked),
    ("banned sending ip", Blocked),
    ("poor reputation", Blocked),
    ("bad reputation", Blocked),
    ("low reputation", Blocked),
    ("ptr record", Blocked),
    ("reverse dns", Blocked),
    ("policy reasons", Blocked),
    ("local policy", Blocked),
    ("policy restrictions", Blocked),
    ("ask your postmaster", Blocked),
    ("support.proofpoint.com", Blocked),
    // The message itself.
    ("unsolicited", Content),
    ("suspicion of spam", Content),
    ("spam message", Content),
    ("considered spam", Content),
    ("looks like spam", Content),
    ("spam content", Content),
    ("spam score", Content),
    ("identified as spam", Content),
    ("classified as spam", Content),
    ("detected as spam", Content),
    ("virus", Content),
    ("malware", Content),
    ("phishing", Content),
    ("content denied", Content),
    ("content rejected", Content),
    ("content restrictions", Content),
    ("message content", Content),
    ("size limit", Content),
    ("message too large", Content),
    ("message size exceeds", Content),
    ("suspicious url", Content),
    ("uribl", Content),
    // Nobody there.
    ("user unknown", MailboxUnknown),
    ("unknown user", MailboxUnknown),
    ("unknown recipient", MailboxUnknown),
    ("recipient unknown", MailboxUnknown),
    ("recipientnotfound", MailboxUnknown),
    ("recipient not found", MailboxUnknown),
    ("no such user", MailboxUnknown),
    ("no such recipient", MailboxUnknown),
    ("no such mailbox", MailboxUnknown),
    ("no mailbox", MailboxUnknown),
    ("does not exist", MailboxUnknown),
    ("doesn't exist", MailboxUnknown),
    ("doesn't have a", MailboxUnknown),
    ("not exist", MailboxUnknown),
    ("mailbox not found", MailboxUnknown),
    ("mailbox unavailable", MailboxUnknown),
    ("user not found", MailboxUnknown),
    ("invalid recipient", MailboxUnknown),
    ("invalid mailbox", MailboxUnknown),
    ("mailbox disabled", MailboxUnknown),
    ("account disabled", MailboxUnknown),
    ("account is disabled", MailboxUnknown),
    ("account has been disabled", MailboxUnknown),
    ("inactive", MailboxUnknown),
    ("no longer available", MailboxUnknown),
    ("no longer valid", MailboxUnknown),
    ("not a valid mailbox", MailboxUnknown),
    ("unrouteable address", MailboxUnknown),
    ("recipient address rejected: access denied", MailboxUnknown),
    ("not our customer", MailboxUnknown),
    // General words last.
    ("deferred due to", Throttled),
    ("temporarily deferred", Throttled),
    ("spam", Content),
    ("blocked", Blocked),
    ("not accepting mail from", Blocked),
    ("access denied", Blocked),
    ("reputation", Blocked),
    ("banned", Blocked),
    ("policy", Blocked),
];

/// Subject and detail of the enhanced code, whatever its class.
const ENHANCED: &[(u16, u16, Reason)] = &[
    (1, 1, MailboxUnknown),
    (1, 2, MailboxUnknown),
    (1, 3, MailboxUnknown),
    (1, 6, MailboxUnknown),
    (1, 10, MailboxUnknown),
    (2, 1, MailboxUnknown),
    (2, 2, MailboxFull),
    (2, 3, Content),
    (3, 1, MailboxFull),
    (3, 4, Content),
    (4, 4, MailboxUnknown),
    (4, 5, Throttled),
    (6, 0, Content),
    (7, 0, Blocked),
    (7, 1, Blocked),
    (7, 3, Auth),
    (7, 8, Auth),
    (7, 9, Auth),
    (7, 14, Auth),
    (7, 20, Auth),
    (7, 21, Auth),
    (7, 22, Auth),
    (7, 23, Auth),
    (7, 24, Auth),
    (7, 25, Blocked),
    (7, 26, Auth),
    (7, 27, Blocked),
    (7, 28, Throttled),
];

const CODES: &[(u16, Reason)] = &[
    (421, Throttled),
    (452, MailboxFull),
    (530, Auth),
    (535, Auth),
    (550, MailboxUnknown),
    (551, MailboxUnknown),
    (552, MailboxFull),
    (553, MailboxUnknown),
];

pub fn reason(code: u16, enhanced: Option<Enhanced>, text: &str) -> Reason {
    let lower = text.to_lowercase();
    let by_words = WORDS.iter().find(|(words, _)| lower.contains(words)).map(|(_, reason)| *reason);
    let by_enhanced = || {
        let Enhanced(_, subject, detail) = enhanced?;
        ENHANCED.iter().find(|(s, d, _)| (*s, *d) == (subject, detail)).map(|(_, _, reason)| *reason)
    };
    let by_code = || CODES.iter().find(|(known, _)| *known == code).map(|(_, reason)| *reason);
    by_words.or_else(by_enhanced).or_else(by_code).unwrap_or(Reason::Other)
}
