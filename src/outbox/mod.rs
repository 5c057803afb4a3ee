//! The ledger of what is on its way: one row for each message to one person.
//!
//! Owns `channel_outbox`. Always true: a message that was asked for twice is there once; what is handed to
//! a server was written down as such before; what may have been delivered is never sent again by itself; an
//! address that is suppressed, or whose owner has opted out, is refused at the last moment, whoever asks.
//!
//! - [`arrived`]: what is heard later of a message whose fate was not known

pub mod arrived;
