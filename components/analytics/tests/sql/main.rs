//! What the analytics database promises, whoever calls it: against a real Postgres with the real migrations.
//!
//! Everything is under cfg(test), so that helpers may panic as the tests do that they serve.

#[cfg(test)]
mod counting;
#[cfg(test)]
mod recount;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod support;
