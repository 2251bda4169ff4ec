//! The checkout process of one order as a pure machine: what happens to it, what it becomes, what it tells others.
//!
//! The database runs this machine (migrations V5 on), many orders in one statement. What the shop gives back of its own
//! accord (part refunds, returns) is not in it: that never leads back into the process. This is its specification:
//! property tests here show what no sequence of happenings can reach, and tests/process.rs runs random sequences through
//! both and compares them after each step.

use super::status::Status;

/// What can happen to an order, in whatever order and however often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    /// stock.reserved
    StockReserved,
    /// stock.rejected
    StockRejected,
    /// stock.released because the reservation ran out
    ReservationExpired,
    /// stock.released because the order was cancelled: the answer to what this service told
    StockReleased,
    /// stock.commit_failed
    CommitFailed,
    /// payment.captured, of exactly the total or (as no gateway should) of something else
    PaymentCaptured {
        /// Whether the amount is the order's total.
        exact: bool,
    },
    /// payment.declined
    PaymentDeclined,
    /// payment.unknown
    PaymentUnknown,
    /// payment.refunded
    PaymentRefunded,
    /// payment.refund_failed
    RefundFailed,
    /// The shopper cancels.
    ShopperCancels,
    /// It waited too long for stock or payment.
    TimedOut,
    /// A merchant hands it to the carrier.
    Ships,
    /// The carrier delivers it.
    Arrives,
}

impl Happening {
    /// Every happening.
    pub const ALL: [Self; 15] = [
        Self::StockReserved,
        Self::StockRejected,
        Self::ReservationExpired,
        Self::StockReleased,
        Self::CommitFailed,
        Self::PaymentCaptured { exact: true },
        Self::PaymentCaptured { exact: false },
        Self::PaymentDeclined,
        Self::PaymentUnknown,
        Self::PaymentRefunded,
        Self::RefundFailed,
        Self::ShopperCancels,
        Self::TimedOut,
        Self::Ships,
        Self::Arrives,
    ];
}

/// Event types that the order service tells others.
pub type Told = &'static str;

/// One order in the process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Where it stands.
    pub status: Status,
    /// Whether money was captured, and if so whether it was exactly the total.
    pub captured: Option<bool>,
    /// Whether the money was asked back.
    pub refund_requested: bool,
    /// Whether payment said that it cannot give it back; somebody of the shop then has to.
    pub refund_failed: bool,
    /// Why it ended, once it did.
    pub reason: Option<&'static str>,
}

impl Default for Process {
    fn default() -> Self {
        Self { status: Status::Placed, captured: None, refund_requested: false, refund_failed: false, reason: None }
    }
}

impl Process {
    /// Lets `happening` happen and returns what is told because of it. What does not fit the state does nothing.
    pub fn apply(&mut self, happening: Happening) -> Vec<Told> {
        use Status::{Cancelled, Confirmed, Delivered, Placed, Refunded, Rejected, Reserved, Shipped};
        match (happening, self.status) {
            (Happening::StockReserved, Placed) if self.captured.is_some() => {
                self.status = Confirmed;
                vec!["order.confirmed"]
            }
            (Happening::StockReserved, Placed) => {
                self.status = Reserved;
                vec!["order.payment_requested"]
            }
            (Happening::StockRejected, Placed) => self.end(Rejected, "insufficient_stock", "order.rejected"),
            (Happening::PaymentCaptured { exact }, status) if self.captured.is_none() => {
                self.captured = Some(exact);
                match status {
                    Reserved if exact => {
                        self.status = Confirmed;
                        vec!["order.confirmed"]
                    }
                    Placed | Reserved if !exact => self.end(Cancelled, "payment_declined", "order.cancelled"),
                    Rejected | Cancelled => self.ask_refund(),
                    _ => vec![],
                }
            }
            (Happening::PaymentDeclined, Placed | Reserved) if self.captured.is_none() => {
                self.end(Cancelled, "payment_declined", "order.cancelled")
            }
            (Happening::ReservationExpired, Placed | Reserved) => {
                self.end(Cancelled, "stock_expired", "order.cancelled")
            }
            (Happening::CommitFailed, Confirmed) => self.end(Cancelled, "stock_commit_failed", "order.cancelled"),
            (Happening::ShopperCancels, Placed | Reserved | Confirmed) => {
                self.end(Cancelled, "by_shopper", "order.cancelled")
            }
            (Happening::TimedOut, Placed | Reserved) => self.end(Cancelled, "payment_timeout", "order.cancelled"),
            // Also after it failed: a provider that said no may give the money back all the same.
            (Happening::PaymentRefunded, Rejected | Cancelled) if self.refund_requested => {
                self.status = Refunded;
                self.refund_failed = false;
                vec![]
            }
            (Happening::RefundFailed, Rejected | Cancelled) if self.refund_requested => {
                self.refund_failed = true;
                vec![]
            }
            (Happening::Ships, Confirmed) => {
                self.status = Shipped;
                vec!["order.shipped"]
            }
            (Happening::Arrives, Shipped) => {
                self.status = Delivered;
                vec!["order.delivered"]
            }
            _ => vec![],
        }
    }

    fn end(&mut self, status: Status, reason: &'static str, told: Told) -> Vec<Told> {
        self.status = status;
        self.reason = Some(reason);
        let mut all = vec![told];
        if self.captured.is_some() {
            all.extend(self.ask_refund());
        }
        all
    }

    fn ask_refund(&mut self) -> Vec<Told> {
        self.refund_requested = true;
        vec!["order.refund_requested"]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prelude::*, sample::select};

    fn run(happenings: &[Happening]) -> (Process, Vec<Told>, Vec<(Status, Status)>) {
        let (mut process, mut told, mut moves) = (Process::default(), vec![], vec![]);
        for happening in happenings {
            let was = process.status;
            told.extend(process.apply(*happening));
            if process.status != was {
                moves.push((was, process.status));
            }
        }
        (process, told, moves)
    }

    fn happenings() -> impl Strategy<Value = Vec<Happening>> {
        proptest::collection::vec(select(Happening::ALL.to_vec()), 0..30)
    }

    #[test]
    fn an_order_goes_from_placed_to_delivered() {
        use Happening::{Arrives, PaymentCaptured, Ships, StockReserved};
        let (process, told, _) = run(&[StockReserved, PaymentCaptured { exact: true }, Ships, Arrives]);
        assert_eq!(process.status, Status::Delivered);
        assert_eq!(told, ["order.payment_requested", "order.confirmed", "order.shipped", "order.delivered"]);
    }

    #[test]
    fn a_capture_that_crosses_a_cancellation_is_refunded() {
        use Happening::{PaymentCaptured, PaymentRefunded, ShopperCancels, StockReserved};
        let crossed = [StockReserved, ShopperCancels, PaymentCaptured { exact: true }, PaymentRefunded];
        let (process, told, _) = run(&crossed);
        assert_eq!(process.status, Status::Refunded);
        assert_eq!(told, ["order.payment_requested", "order.cancelled", "order.refund_requested"]);
    }

    proptest! {
        #[test]
        fn every_move_is_in_the_table(happenings in happenings()) {
            for (was, becomes) in run(&happenings).2 {
                // A capture that was heard of before its reservation passes through reserved in one step.
                let direct = was.may_become(becomes);
                let through_reserved = was == Status::Placed && becomes == Status::Confirmed;
                prop_assert!(direct || through_reserved, "{was:?} to {becomes:?}");
            }
        }

        #[test]
        fn nothing_is_confirmed_without_a_capture_of_its_total(happenings in happenings()) {
            let (process, told, _) = run(&happenings);
            if told.contains(&"order.confirmed") {
                prop_assert_eq!(process.captured, Some(true));
            }
            if matches!(process.status, Status::Confirmed | Status::Shipped | Status::Delivered) {
                prop_assert!(told.contains(&"order.confirmed"));
            }
        }

        #[test]
        fn no_order_that_ended_keeps_money(happenings in happenings()) {
            let (process, _, _) = run(&happenings);
            if matches!(process.status, Status::Rejected | Status::Cancelled | Status::Refunded) {
                prop_assert_eq!(process.captured.is_some(), process.refund_requested);
                prop_assert!(process.reason.is_some());
            } else {
                prop_assert!(!process.refund_requested);
            }
        }

        #[test]
        fn nothing_is_told_twice(happenings in happenings()) {
            let (_, mut told, _) = run(&happenings);
            told.sort_unstable();
            let all = told.len();
            told.dedup();
            prop_assert_eq!(told.len(), all);
        }

        #[test]
        fn repeating_what_happened_changes_nothing(happenings in happenings(), which in select(Happening::ALL.to_vec())) {
            let (mut once, _, _) = run(&happenings);
            once.apply(which);
            let mut twice = once.clone();
            prop_assert!(twice.apply(which).is_empty());
            prop_assert_eq!(once, twice);
        }
    }
}
