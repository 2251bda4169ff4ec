//! The shapes of the API's answers. Carts, orders and promotions are written as JSON by the database (migrations V2 on);
//! that its documents are these shapes, field for field, is tested in tests/.

mod aftercare;
mod all;
mod cart;
mod order;
mod promotion;
mod quote;

pub use aftercare::{RefundStatus, RefundView, ReturnLine, ReturnStatus, ReturnView};
pub use all::{AllOrdersPage, AnyOrder};
pub use cart::{CartItem, CartView};
pub use order::{OrderItem, OrderPage, OrderSummary, OrderView, TimelineEntry};
pub use promotion::{PromotionPage, PromotionView};
pub use quote::{AppliedDiscount, QuoteView, ShippingOption, discounts};
