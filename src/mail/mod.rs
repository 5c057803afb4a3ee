//! The system's own mail.

pub mod transport;
