//! The OpenAPI documents of docs/openapi/, deflated by the build (RFC 1951, without a header). A component carries the
//! one that it names.

macro_rules! documents {
    ($($name:ident = $file:literal),* $(,)?) => {
        $(
            #[doc = concat!("docs/openapi/", $file, ".json, deflated.")]
            pub const $name: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/", $file, ".deflate"));
        )*
    };
}

documents! {
    ANALYTICS = "analytics",
    CATALOG = "catalog",
    INVENTORY = "inventory",
    NOTIFICATIONS = "notifications",
    ORDERS = "orders",
    PAYMENTS = "payments",
    USERS = "users",
}

/// The text of one of them; none when the bytes are not what the build wrote.
pub fn inflate(document: &[u8]) -> Option<String> {
    String::from_utf8(miniz_oxide::inflate::decompress_to_vec(document).ok()?).ok()
}
