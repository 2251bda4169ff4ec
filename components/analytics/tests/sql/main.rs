//! What the analytics database promises, whoever calls it: against a real Postgres with the real migrations.
//!
//! Everything is under cfg(test), so that helpers may panic as the tests do that they serve.

#[cfg(test)]
mod cohorts;
#[cfg(test)]
mod counting;
#[cfg(test)]
mod history;
#[cfg(test)]
mod recount;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod stock_outs;
#[cfg(test)]
mod support;
