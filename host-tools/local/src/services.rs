// The services that own a database. build.rs includes this file too, so it holds nothing else.

/// The services that own a database: database and login role are both named `souk_<service>`.
pub const SERVICES: [&str; 7] = ["user", "catalog", "inventory", "order", "payment", "notification", "analytics"];
