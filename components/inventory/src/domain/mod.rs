//! The rule of reservations, free of I/O. The SQL function `settle_reservations` is what runs; this model says in a few
//! lines what it must do, and a test holds the two against each other.

pub mod reservation;
