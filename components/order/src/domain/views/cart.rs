//! Carts.

use serde::{Deserialize, Serialize};
use souk_core::money::Money;
use utoipa::ToSchema;
use uuid::Uuid;

/// A line of a cart at today's price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CartItem {
    /// What is to be bought.
    pub sku: String,
    /// Name of the product and its variant.
    pub title: String,
    /// Address name of the product's page.
    pub slug: String,
    /// Picture of the product.
    pub image_url: Option<String>,
    /// Pieces, 1 to 1000.
    pub quantity: u32,
    /// Price of one.
    pub unit_price: Money,
    /// Price of all.
    pub line_total: Money,
    /// False once it can no longer be bought; such a line must be taken out before checkout, and does not count.
    pub available: bool,
}

/// A shopper's open cart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename = "Cart")]
#[schema(as = Cart)]
pub struct CartView {
    /// Null until something was put in.
    pub id: Option<Uuid>,
    /// Grows with each change.
    pub version: u64,
    /// In the order in which they were put in.
    pub items: Vec<CartItem>,
    /// Sum of the lines that are available.
    pub subtotal: Money,
}
