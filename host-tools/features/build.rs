//! Only here so that the build dependencies above are resolved.

fn main() {}
