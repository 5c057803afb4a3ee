//! Causes as people read them.

/// Why somebody was left out.
pub fn skipped(key: &str) -> &'static str {
    match key {
        "no_address" => "No e-mail address",
        "suppressed" => "The address is suppressed",
        "opted_out" => "Unsubscribed before",
        "paused" => "Paused e-mail for a while",
        _ => "Left out",
    }
}

/// Why a mail came back or was refused. Keys are those of `channels::replies`, however they are written.
pub fn cause(key: &str) -> &'static str {
    match key.replace('_', "").to_lowercase().as_str() {
        "mailboxunknown" => "Nobody has that address, or not any more",
        "mailboxfull" => "The mailbox is full",
        "blocked" => "Their server does not want mail from us",
        "throttled" => "Too much at once for their server",
        "greylisted" => "Their server asked to try again later, until it was too late",
        "content" => "Refused for what it says, or its size",
        "auth" => "Their server wants proof of who we are",
        "address" => "The address cannot be written to",
        "" | "other" => "Another reason",
        _ => "The server refused it",
    }
}

/// Whether it comes back for ever.
pub fn bounce(key: &str) -> &'static str {
    match key {
        "hard" => "for good",
        "soft" => "this once",
        _ => "",
    }
}
