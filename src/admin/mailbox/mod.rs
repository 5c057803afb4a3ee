//! What mail the system sends, and how each message stands. What is written in it stays unread: it may hold
//! links that sign in. In development the built-in mailbox shows that too.

pub mod routes;
mod views;
