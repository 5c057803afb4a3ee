//! The embedded PostgreSQL against real processes, real kills and a real server.
//!
//! What ties these tests to a program is [`program::command`] alone.

mod kills;
mod leftovers;
mod program;
mod starting;
mod workplace;
