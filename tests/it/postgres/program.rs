//! A program that runs the embedded server and can be killed: the only thing here that knows which.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
};

/// Starts the server in `root`, prints `kept N` for each row, `ready`, then `acknowledged N` for ever.
pub fn command(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_groundswell"));
    // The log would stand between the lines that are read.
    command.args(["hold", "--log", "off"]).arg(root).env_remove("DATABASE_URL");
    command
}

pub struct Program {
    child: Child,
    pub lines: Receiver<String>,
}

impl Program {
    pub fn start(root: &Path) -> Self {
        let mut child =
            command(root).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (said, lines) = channel();
        for stream in [
            Box::new(child.stdout.take().unwrap()) as Box<dyn std::io::Read + Send>,
            Box::new(child.stderr.take().unwrap()),
        ] {
            let said = said.clone();
            thread::spawn(move || {
                BufReader::new(stream).lines().map_while(Result::ok).all(|line| said.send(line).is_ok())
            });
        }
        Self { child, lines }
    }

    pub fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// `kill -9`, and the lines that were still under way.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.lines.iter().collect()
    }
}
