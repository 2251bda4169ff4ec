//! Which mails there are, and where their words stand. `letter` says how a template is written.

use super::locale::Locale;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A kind of mail that people can or cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// About the account itself.
    Account,
    /// About an order.
    Orders,
    /// About goods that somebody waits for. Can be switched off.
    Stock,
}

macro_rules! templates {
    ($($(#[$doc:meta])* $name:ident $file:literal $category:ident),* $(,)?) => {
        /// One of the mails.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Template { $($(#[$doc])* $name),* }

        impl Template {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in messages and events.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $file),* }
            }

            /// Which kind of mail it is.
            pub fn category(self) -> Category {
                match self { $(Self::$name => Category::$category),* }
            }

            /// What it says in `locale`. A template that is missing in a language does not compile.
            pub fn source(self, locale: Locale) -> &'static str {
                match (self, locale) {
                    $(
                        (Self::$name, Locale::En) => include_str!(concat!("../../templates/en/", $file, ".txt")),
                        (Self::$name, Locale::Pt) => include_str!(concat!("../../templates/pt/", $file, ".txt")),
                    )*
                }
            }
        }
    };
}

templates! {
    /// An account was opened.
    Welcome "welcome" Account,
    /// The link that proves an address.
    VerifyEmail "verify_email" Account,
    /// The link to a new password.
    ResetPassword "reset_password" Account,
    /// The password is another.
    PasswordChanged "password_changed" Account,
    /// An order is paid, its goods are set aside.
    OrderConfirmed "order_confirmed" Orders,
    /// There is not enough of something.
    OrderRejected "order_rejected" Orders,
    /// An order was called off.
    OrderCancelled "order_cancelled" Orders,
    /// An order is on its way.
    OrderShipped "order_shipped" Orders,
    /// An order has arrived.
    OrderDelivered "order_delivered" Orders,
    /// Somebody wants to send something back.
    ReturnRequested "return_requested" Orders,
    /// What was sent back has arrived.
    OrderReturned "order_returned" Orders,
    /// Money went back.
    PaymentRefunded "payment_refunded" Orders,
    /// Something can be bought again.
    BackInStock "back_in_stock" Stock,
}

impl Template {
    /// Whether it carries a link that opens an account: what it was made from is then not kept.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::VerifyEmail | Self::ResetPassword)
    }
}
