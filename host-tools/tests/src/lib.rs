//! What the tests of the whole shop share: a private shop on free ports, shoppers and a merchant who use its API, and
//! conditions to wait for.

pub mod api;
pub mod load;
pub mod project;
pub mod promql;
pub mod run;
pub mod shop;
pub mod shopper;
pub mod wait;
