//! What the inventory database promises, whoever calls it: against a real Postgres with the real migrations.
//!
//! Everything is under cfg(test), so that helpers may panic as the tests do that they serve.

#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod expected;
#[cfg(test)]
mod expiry;
#[cfg(test)]
mod locations;
#[cfg(test)]
mod merchant;
#[cfg(test)]
mod model;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod returns;
#[cfg(test)]
mod search;
#[cfg(test)]
mod support;
#[cfg(test)]
mod wishes;
