//! Ways to misbehave.

use crate::{Answer, text};
use std::hint::black_box;
use std::time::Duration;

pub fn panic() -> Answer {
    panic!("on purpose");
}

pub fn spin_forever() -> Answer {
    let mut n = 0_u64;
    loop {
        n = black_box(n.wrapping_add(1));
    }
}

pub async fn sleep(ms: u64) -> Answer {
    spin_sdk::time::sleep(Duration::from_millis(ms)).await;
    text("slept")
}

/// Allocates and touches so many MiB.
pub fn allocate(mb: u64) -> Answer {
    let bytes = usize::try_from(mb << 20).unwrap_or(usize::MAX);
    let mut memory = Vec::<u8>::with_capacity(bytes);
    memory.resize(bytes, 1);
    text(black_box(&memory).len().to_string())
}

#[allow(clippy::print_stdout, reason = "what the host does with output is under test")]
pub fn print() -> Answer {
    println!("a line on stdout");
    eprintln!("a line on stderr");
    text("printed")
}
