//! What the binary can be told to do.

pub mod verify_isolation;

use std::process::ExitCode;

pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
