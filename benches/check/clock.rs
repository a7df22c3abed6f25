//! Time: on the wall, and of the processor.

use std::error::Error;
use std::fs;
use std::time::Instant;

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

/// The seconds that the threads of this process ran, those that ended apart. Linux says it.
fn cpu_seconds() -> Option<f64> {
    let mut nanoseconds = 0_u64;
    for task in fs::read_dir("/proc/self/task").ok()? {
        let stat = fs::read_to_string(task.ok()?.path().join("schedstat")).ok()?;
        nanoseconds += stat.split(' ').next()?.parse::<u64>().ok()?;
    }
    Some(std::time::Duration::from_nanos(nanoseconds).as_secs_f64())
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
