//! The demo shop's accounts. They exist only where the demo is loaded.

/// Email, password and display name of an account.
pub struct DemoAccount {
    pub email: &'static str,
    pub password: &'static str,
    pub name: &'static str,
}

/// May do everything.
pub const ADMIN: DemoAccount =
    DemoAccount { email: "admin@souk.example", password: "admin-demo-password", name: "Amina, who runs the demo shop" };

/// Buys things.
pub const SHOPPER: DemoAccount =
    DemoAccount { email: "shopper@souk.example", password: "shopper-demo-password", name: "Sam Shopper" };
