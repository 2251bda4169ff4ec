//! The rule of stock and reservations, free of I/O. The SQL functions `settle_reservations`, `transfer_stock` and
//! `change_location` are what runs; this model says in a few lines what they must do, and a test holds the two against
//! each other.

pub mod allocation;
pub mod day;
pub mod location;
pub mod reservation;
pub mod search;
