//! The rules of payment, without database or gateway: what a payment provider can be asked ([`provider`]), what to ask it
//! and how to read its answers ([`work`]), which webhooks to believe ([`signature`], [`webhook`]), and what may follow
//! what ([`lifecycle`]).

pub mod lifecycle;
pub mod outcome;
pub mod provider;
pub mod signature;
pub mod webhook;
pub mod work;
