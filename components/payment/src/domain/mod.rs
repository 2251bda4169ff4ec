//! The rules of payment, without database or gateway: what to ask the gateway and how to read its answer ([`work`]),
//! and what may follow what ([`lifecycle`]).

pub mod lifecycle;
pub mod work;
