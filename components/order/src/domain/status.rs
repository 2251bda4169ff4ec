//! The states of an order and the moves between them. `order_may_become` in migrations/V10__refunds.sql is the same table,
//! enforced by a trigger; tests/process.rs compares the two.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where an order stands. Being paid is not a state of its own: the capture confirms the order in the same moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Accepted; stock is being reserved.
    Placed,
    /// Stock is reserved; the payment is being made.
    Reserved,
    /// Paid.
    Confirmed,
    /// On its way.
    Shipped,
    /// Arrived.
    Delivered,
    /// Sent back, all of it.
    Returned,
    /// There was not enough stock; nothing was charged.
    Rejected,
    /// Called off; what was captured is being given back.
    Cancelled,
    /// All of the money is back.
    Refunded,
}

impl Status {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Placed,
        Self::Reserved,
        Self::Confirmed,
        Self::Shipped,
        Self::Delivered,
        Self::Returned,
        Self::Rejected,
        Self::Cancelled,
        Self::Refunded,
    ];

    /// Whether an order may go from this state to `next`.
    pub fn may_become(self, next: Self) -> bool {
        use Status::{Cancelled, Confirmed, Delivered, Placed, Refunded, Rejected, Reserved, Returned, Shipped};
        matches!(
            (self, next),
            (Placed, Reserved | Rejected | Cancelled)
                | (Reserved, Confirmed | Cancelled)
                | (Confirmed, Shipped | Cancelled)
                | (Shipped, Delivered | Refunded)
                | (Delivered, Returned | Refunded)
                | (Returned | Rejected | Cancelled, Refunded)
        )
    }

    /// Whether the shopper may still cancel.
    pub fn is_cancellable(self) -> bool {
        self.may_become(Self::Cancelled)
    }

    /// The name in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Reserved => "reserved",
            Self::Confirmed => "confirmed",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Returned => "returned",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Refunded => "refunded",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_order_ever_comes_back_to_a_state_it_left() {
        // Follow every path: the table has no circle, so a path is never longer than the number of states.
        fn longest(from: Status, steps: usize) -> usize {
            assert!(steps < Status::ALL.len(), "the table has a circle through {from:?}");
            let next = Status::ALL.into_iter().filter(|next| from.may_become(*next));
            next.map(|next| longest(next, steps + 1)).max().unwrap_or(steps)
        }
        assert_eq!(
            longest(Status::Placed, 0),
            6,
            "placed, reserved, confirmed, shipped, delivered, returned, refunded"
        );
    }

    #[test]
    fn nothing_is_confirmed_without_a_reservation_and_shipped_goods_are_not_cancelled() {
        let before = |status: Status| Status::ALL.into_iter().filter(|s| s.may_become(status)).collect::<Vec<_>>();
        assert_eq!(before(Status::Confirmed), [Status::Reserved]);
        assert_eq!(before(Status::Reserved), [Status::Placed]);
        assert!(!Status::Shipped.is_cancellable() && !Status::Delivered.is_cancellable());
    }

    #[test]
    fn names_are_those_of_the_json() {
        for status in Status::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        }
    }
}
