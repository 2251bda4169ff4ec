//! The shapes that leave the service where Postgres makes the JSON, for the OpenAPI document. Nothing reads that JSON again
//! on its way out; the tests read it as these types, so that neither can change without the other.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A place that has stock.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Its code, which never changes.
    #[schema(pattern = "^[a-z0-9-]{1,32}$")]
    pub code: String,
    /// Its name for people.
    pub name: String,
    /// The lowest ships first.
    pub priority: i32,
    /// Whether it ships. What an inactive location has is not on sale.
    pub active: bool,
}

/// All locations.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocationList {
    /// In the order of their priority.
    pub items: Vec<Location>,
}

/// What one location has of a SKU.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocationStock {
    /// The location's code.
    pub location: String,
    /// Its name.
    pub name: String,
    /// Whether it ships.
    pub active: bool,
    /// Pieces that are neither reserved nor sold.
    pub available: i64,
    /// Pieces promised to orders that are not paid yet.
    pub reserved: i64,
    /// Pieces sold.
    pub committed: i64,
    /// Pieces that came in and were not written off: the sum of the three.
    pub received: i64,
}

/// Where the pieces of a SKU are.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockByLocation {
    /// The SKU.
    pub sku: String,
    /// Pieces on sale: what the active locations have together.
    pub available: i64,
    /// At how many pieces on sale it counts as low.
    pub threshold: i64,
    /// The day on which more is expected; null when nobody has said, or the day has passed.
    #[schema(required, format = Date)]
    pub expected_on: Option<String>,
    /// What the product is called; null when the catalogue has not said.
    #[schema(required)]
    pub title: Option<String>,
    /// What tells this SKU from others of the product, as in `Large / Blue`; empty when nothing does.
    pub variant: String,
    /// The product's name in addresses; null when the catalogue has not said.
    #[schema(required)]
    pub slug: Option<String>,
    /// In the order in which they ship, those that do not ship last.
    pub locations: Vec<LocationStock>,
}

/// How many there are of a SKU.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LowStock {
    /// The SKU.
    pub sku: String,
    /// What the product is called; null when the catalogue has not said.
    #[schema(required)]
    pub title: Option<String>,
    /// What tells this SKU from others of the product, as in `Large / Blue`; empty when nothing does.
    pub variant: String,
    /// The product's name in addresses; null when the catalogue has not said.
    #[schema(required)]
    pub slug: Option<String>,
    /// Pieces that can be sold.
    pub available: i64,
    /// Pieces promised to orders that are not paid yet.
    pub reserved: i64,
    /// Pieces sold.
    pub committed: i64,
    /// At how many pieces it counts as low here.
    pub threshold: i64,
    /// The day on which more is expected; null when nobody has said, or the day has passed.
    #[schema(required, format = Date)]
    pub expected_on: Option<String>,
}

/// A page of them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LowStockPage {
    /// In SKU order.
    pub items: Vec<LowStock>,
    /// Send it as `cursor` for the next page; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A SKU's threshold.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The SKU.
    pub sku: String,
    /// At how many pieces on sale it counts as low.
    pub threshold: i64,
    /// Whether that is the shop's default.
    pub is_default: bool,
}

/// What a location had of a SKU.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Pieces that were neither reserved nor sold.
    pub available: i64,
    /// Pieces promised to orders that were not paid yet.
    pub reserved: i64,
    /// Pieces sold.
    pub committed: i64,
}

/// What made the pieces move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LedgerMovement {
    /// The first figure of an import.
    Opened,
    /// Goods came in.
    Received,
    /// A count was corrected.
    Adjusted,
    /// Moved to or from `counterpart`.
    Transferred,
    /// Promised to an order.
    Reserved,
    /// An order was paid for.
    Committed,
    /// A promise ended.
    Released,
    /// An order was paid for whose promise had ended.
    SoldLate,
    /// Sold pieces came back into stock.
    Returned,
    /// Sold pieces came back and cannot be sold again.
    WrittenOff,
    /// Nothing moved: a person said when more is expected (`expected_on`), or that nobody knows any more.
    Expected,
}

/// One movement of one SKU at one location. Entries are never changed: a mistake is corrected by a new one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerEntry {
    /// Grows with time.
    pub id: i64,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub at: String,
    /// Where.
    pub location: String,
    /// What.
    pub movement: LedgerMovement,
    /// The other location of a transfer.
    #[schema(required)]
    pub counterpart: Option<String>,
    /// What the location had.
    pub before: Level,
    /// What it had then.
    pub after: Level,
    /// The day that a person named, in an entry of `expected`; null when nobody knows, and in all others.
    #[schema(required, format = Date)]
    pub expected_on: Option<String>,
    /// Why: what a person wrote, else `order`, `return` or `expected`.
    pub reason: String,
    /// The order that moved them; null when a person did.
    #[schema(required)]
    pub order_id: Option<Uuid>,
    /// The person who moved them; null when an order did.
    #[schema(required)]
    pub actor: Option<Uuid>,
}

/// What a SKU is called.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The SKU.
    pub sku: String,
    /// What the product is called; null when the catalogue has not said.
    #[schema(required)]
    pub title: Option<String>,
    /// What tells this SKU from others of the product, as in `Large / Blue`; empty when nothing does.
    pub variant: String,
    /// The product's name in addresses; null when the catalogue has not said.
    #[schema(required)]
    pub slug: Option<String>,
}

/// A page of a SKU's ledger.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerPage {
    /// Whose ledger it is.
    pub product: Named,
    /// Newest first.
    pub items: Vec<LedgerEntry>,
    /// Send it as `cursor` for the next page; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// Pieces of one SKU that an order has, had or bought from one location.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReservationLine {
    /// The SKU.
    pub sku: String,
    /// The location that ships them.
    pub location: String,
    /// Pieces.
    pub quantity: i64,
    /// Pieces of these that came back after they were sold.
    pub returned: i64,
}

/// One order's reservation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reservation {
    /// The order.
    pub order_id: Uuid,
    /// Its number, as the shopper knows it; null when nothing told it yet.
    #[schema(required)]
    pub order_number: Option<String>,
    /// active, committed, released or rejected.
    pub status: String,
    /// cancelled or expired, when released.
    #[schema(required)]
    pub release_reason: Option<String>,
    /// RFC 3339, when active.
    #[schema(required, format = DateTime)]
    pub expires_at: Option<String>,
    /// RFC 3339.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// What it holds, held or sold; empty when it never held anything.
    pub lines: Vec<ReservationLine>,
}

/// A page of reservations.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReservationPage {
    /// Newest order first.
    pub items: Vec<Reservation>,
    /// Send it as `cursor` for the next page; null on the last.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

/// A wish to be told when a SKU is back.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// The SKU.
    pub sku: String,
    /// Since when, RFC 3339.
    #[schema(format = DateTime)]
    pub since: String,
}
