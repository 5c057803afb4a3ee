//! The configuration of a new cluster, by the memory of the machine. Written once, then the operator's.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
};

use super::{binaries::Binaries, folder::plain, server_user::ServerUser};

/// Docker's default `/dev/shm`. The segments of parallel queries do not fit into it.
const SMALL_SHARED_MEMORY_MIB: u64 = 64;

/// Appends our block to the new cluster's `postgresql.conf`, where the last line of a name counts.
pub(super) fn append(cluster: &Path, user: &ServerUser, binaries: &Binaries) -> io::Result<()> {
    let wal_compression = if knows_lz4(cluster, user, binaries) { "lz4" } else { "on" };
    let block = block(memory_mib(), wal_compression, shared_memory_mib());
    let mut conf = plain(OpenOptions::new().append(true)).open(cluster.join("postgresql.conf"))?;
    conf.write_all(block.as_bytes())?;
    conf.sync_all()
}

/// What a single start is told: nothing, or to be fast and forgetful.
pub(super) fn arguments(durable: bool) -> &'static [&'static str] {
    if durable {
        return &[];
    }
    &[
        "-c",
        "fsync=off",
        "-c",
        "synchronous_commit=off",
        "-c",
        "full_page_writes=off",
        "-c",
        "shared_buffers=32MB",
        "-c",
        "max_wal_size=512MB",
    ]
}

fn block(memory_mib: u64, wal_compression: &str, shared_memory_mib: Option<u64>) -> String {
    let shared_buffers = (memory_mib / 4).clamp(32, 2048);
    let cache = (memory_mib / 2).max(64);
    let mut block = format!(
        "
#------------------------------------------------------------------------------
# GROUNDSWELL: written once, when the cluster was made on a machine of {memory_mib} MB.
# Edit freely; nothing here is written again.
#------------------------------------------------------------------------------
shared_buffers = {shared_buffers}MB
effective_cache_size = {cache}MB
work_mem = 16MB
maintenance_work_mem = 256MB
max_connections = 60
wal_compression = {wal_compression}
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
track_io_timing = on
"
    );
    if shared_memory_mib.is_some_and(|mib| mib <= SMALL_SHARED_MEMORY_MIB) {
        block.push_str("max_parallel_workers_per_gather = 0\t# /dev/shm is small here\n");
    }
    block
}

/// Builds differ. `-C` prints a setting, and refuses one it does not know.
fn knows_lz4(cluster: &Path, user: &ServerUser, binaries: &Binaries) -> bool {
    let mut command = user.command(&binaries.postgres(), cluster);
    command.arg("-D").arg(cluster).args(["-c", "wal_compression=lz4", "-C", "wal_compression"]);
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// What this process may use: the machine's memory, or less when a container says so.
fn memory_mib() -> u64 {
    const MIB: u64 = 1024 * 1024;
    let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let limit =
        limits.iter().filter_map(|file| fs::read_to_string(file).ok()?.trim().parse::<u64>().ok()).min();
    let machine = machine_bytes().unwrap_or(1024 * MIB);
    limit.map_or(machine, |limit| limit.min(machine)) / MIB
}

fn machine_bytes() -> Option<u64> {
    if cfg!(target_os = "macos") {
        let output = Command::new("sysctl").args(["-n", "hw.memsize"]).output().ok()?;
        return String::from_utf8(output.stdout).ok()?.trim().parse().ok();
    }
    let info = fs::read_to_string("/proc/meminfo").ok()?;
    let total = info.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    Some(total.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// `None` where PostgreSQL does not use `/dev/shm`.
fn shared_memory_mib() -> Option<u64> {
    let mount = rustix::fs::statvfs("/dev/shm").ok()?;
    Some(mount.f_blocks * mount.f_frsize / (1024 * 1024))
}

#[cfg(test)]
mod tests {
    use super::block;

    #[test]
    fn a_quarter_of_the_memory_is_shared_but_no_more_than_2_gb() {
        assert!(block(1024, "lz4", None).contains("\nshared_buffers = 256MB\n"));
        assert!(block(65_536, "lz4", None).contains("\nshared_buffers = 2048MB\n"));
    }

    #[test]
    fn there_are_no_parallel_queries_where_shared_memory_is_small() {
        assert!(block(1024, "on", Some(64)).contains("max_parallel_workers_per_gather = 0"));
        assert!(!block(1024, "on", Some(2048)).contains("max_parallel_workers_per_gather"));
    }
}
