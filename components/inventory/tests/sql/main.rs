//! What the inventory database promises, whoever calls it: against a real Postgres with the real migrations.

mod concurrency;
mod expiry;
mod merchant;
mod model;
mod orders;
mod support;
