//! What the database promises about accounts and what belongs to them, whoever calls it: against a real Postgres.

#![allow(clippy::indexing_slicing, reason = "a JSON value that lacks a member fails the test that indexes it")]

mod addresses;
mod browser_session;
mod passwords;
mod profile;
mod sessions;
mod staff;
mod support;
mod verification;
