//! What a process may take from the machine, and what it took.
//!
//! On Unix the address space of a process is capped by the kernel (`RLIMIT_AS`): an allocation beyond the cap fails,
//! which ends the process before the machine swaps. macOS takes the cap and does not enforce it; Windows has none
//! that a process can set for itself without a job object. There the clock alone bounds a document.

use std::io;

/// Caps the address space of this process, for good, and turns off core dumps, which would be as large as the cap.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub fn cap_memory(bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let cap = |resource, value: u64| {
        let value = getrlimit(resource).maximum.map_or(value, |hard| hard.min(value));
        setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) })
    };
    cap(Resource::Core, 0)?;
    cap(Resource::As, bytes)?;
    Ok(())
}

/// Does nothing: see the module.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn cap_memory(_bytes: u64) -> io::Result<()> {
    Ok(())
}

/// The largest resident memory of this process since [`forget_peak_memory`], in bytes; none where the system (other
/// than Linux) does not say.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? << 10)
}

/// Begins to count [`peak_memory`] anew. Where that is not possible it goes on to count from the process's start.
pub fn forget_peak_memory() {
    if cfg!(target_os = "linux") {
        let _ = std::fs::write("/proc/self/clear_refs", "5");
    }
}
