//! What a process may take from the machine.
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
