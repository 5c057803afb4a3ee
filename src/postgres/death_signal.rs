//! The server ends with us, even after `kill -9`. The only unsafe code of the program.
#![cfg_attr(target_os = "linux", expect(unsafe_code, reason = "pre_exec; there is no other way"))]

use std::process::Command;

/// What the kernel sends to the child when the thread that spawned it ends.
#[derive(Clone, Copy)]
pub(super) enum Farewell {
    /// PostgreSQL's fast shutdown.
    StopInOrder,
    Kill,
}

/// Must be spawned by a thread that lives as long as the child may: the signal follows the *thread*.
#[cfg(target_os = "linux")]
pub(super) fn end_with_us(command: &mut Command, farewell: Farewell) {
    use rustix::process::{Signal, getpid, getppid, set_parent_process_death_signal};
    use std::os::unix::process::CommandExt;

    let parent = getpid();
    let signal = match farewell {
        Farewell::StopInOrder => Signal::INT,
        Farewell::Kill => Signal::KILL,
    };
    // Runs after setuid, which would have cleared the signal.
    let tie = move || {
        set_parent_process_death_signal(Some(signal))?;
        // The parent may have died before the line above: then nobody would ever send it.
        if getppid() == Some(parent) { Ok(()) } else { Err(rustix::io::Errno::SRCH.into()) }
    };
    // SAFETY: between fork and exec only system calls are made; nothing allocates or locks.
    unsafe {
        command.pre_exec(tie);
    }
}

/// Elsewhere there is no such signal. What stays behind is stopped by the next start.
#[cfg(not(target_os = "linux"))]
pub(super) fn end_with_us(_: &mut Command, farewell: Farewell) {
    match farewell {
        Farewell::StopInOrder | Farewell::Kill => {}
    }
}
