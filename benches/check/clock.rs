//! Time: on the wall, and of the processor.

use std::error::Error;
use std::fs;
use std::time::{Duration, Instant};

/// What one run of something took, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Took {
    /// On the wall: what others do on the machine is in it.
    pub(crate) wall: f64,
    /// Of the processor, over all threads; what others do is not in it. Absent where the system does
    /// not say.
    pub(crate) cpu: Option<f64>,
}

/// Times one run.
pub(crate) fn time<T>(
    run: impl FnOnce() -> Result<T, Box<dyn Error>>,
) -> Result<(T, Took), Box<dyn Error>> {
    let cpu = cpu_seconds();
    let start = Instant::now();
    let given = run()?;
    let wall = start.elapsed().as_secs_f64();
    let cpu = cpu.zip(cpu_seconds()).map(|(before, after)| after - before);
    Ok((given, Took { wall, cpu }))
}

/// The seconds that the threads of this process ran, those that ended too.
#[cfg(unix)]
fn cpu_seconds() -> Option<f64> {
    use rustix::time::{ClockId, clock_gettime};

    let ran = Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).ok()?;
    Some(ran.as_secs_f64())
}

/// The system does not say.
#[cfg(not(unix))]
const fn cpu_seconds() -> Option<f64> {
    None
}

/// The most memory that this process had at once, in bytes. Linux says it.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}
