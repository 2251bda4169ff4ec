//! What may follow what in the life of one order's payment: the specification that the SQL functions implement (an
//! integration test plays the same random stories on both).
//!
//! Money is taken once at most and given back once at most, never more than was taken, whatever events and answers
//! come in whatever order. A capture that turns up late is always believed; everything else that comes late changes
//! nothing.

/// Claims after which a charge that the gateway does not know is given up.
pub const MAX_CLAIMS: u32 = 3;

/// Where the charge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// Never asked for.
    #[default]
    Absent,
    /// Asked for, not begun.
    Pending,
    /// Somebody asks the gateway, or died doing so.
    Charging,
    /// The gateway did not answer.
    Unknown,
    /// Money was taken.
    Captured,
    /// None was and none will be.
    Declined,
    /// The order was cancelled before the charge began.
    Cancelled,
}

/// What happens to a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The order asks for money.
    Requested,
    /// The order is cancelled.
    OrderCancelled,
    /// A replica takes the charge to the gateway.
    Claimed,
    /// The gateway took this much.
    Captured(i64),
    /// The gateway refused.
    Declined,
    /// The gateway never saw the charge.
    NotFound,
    /// The gateway did not answer.
    Timeout,
    /// The order asks for this much back.
    RefundRequested(i64),
    /// The gateway gave it back.
    Refunded,
    /// The gateway refused or did not answer.
    RefundFailed,
}

/// What the world is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// payment.captured
    Captured,
    /// payment.declined
    Declined,
    /// payment.unknown
    Unknown,
    /// payment.refunded
    Refunded,
}

/// The event is a defect of its sender and becomes a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// One order's payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Payment {
    /// Where the charge stands.
    pub status: Status,
    /// The order wants no more charge.
    pub order_cancelled: bool,
    /// How often the charge was begun.
    pub claims: u32,
    /// What was taken.
    pub captured: Option<i64>,
    /// What is to be given back.
    pub refund: Option<i64>,
    /// It was given back.
    pub refunded: bool,
}

impl Payment {
    /// Takes one step; a step that does not fit changes nothing.
    pub fn step(&mut self, step: Step) -> Result<Option<Told>, Refused> {
        use Status::{Absent, Cancelled, Captured, Charging, Declined, Pending, Unknown};
        match (self.status, step) {
            (Absent, Step::Requested) => self.status = Pending,
            (_, Step::OrderCancelled) => {
                self.order_cancelled = true;
                if matches!(self.status, Absent | Pending) {
                    self.status = Cancelled;
                }
            }
            (Pending, Step::Claimed) => {
                self.status = Charging;
                self.claims += 1;
            }
            (Charging | Unknown | Declined, Step::Captured(amount)) => {
                self.status = Captured;
                self.captured = Some(amount);
                return Ok(Some(Told::Captured));
            }
            (Charging, Step::NotFound) if self.claims < MAX_CLAIMS && !self.order_cancelled => self.status = Pending,
            (Charging | Unknown, Step::Declined | Step::NotFound) => {
                self.status = Declined;
                return Ok(Some(Told::Declined));
            }
            (Charging, Step::Timeout) => {
                self.status = Unknown;
                return Ok(Some(Told::Unknown));
            }
            (_, Step::RefundRequested(amount)) => {
                let captured = self.captured.ok_or(Refused)?;
                if amount > captured {
                    return Err(Refused);
                }
                self.refund = self.refund.or(Some(amount));
            }
            (_, Step::Refunded) if self.refund.is_some() && !self.refunded => {
                self.refunded = true;
                return Ok(Some(Told::Refunded));
            }
            _ => {}
        }
        Ok(None)
    }

    /// What the shop keeps of the order.
    pub fn balance(&self) -> i64 {
        let back = self.refund.filter(|_| self.refunded).unwrap_or_default();
        self.captured.unwrap_or_default() - back
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        prop::collection::vec(
            prop_oneof![
                3 => Just(Step::Requested),
                1 => Just(Step::OrderCancelled),
                4 => Just(Step::Claimed),
                3 => (0i64..200).prop_map(Step::Captured),
                1 => Just(Step::Declined),
                2 => Just(Step::NotFound),
                2 => Just(Step::Timeout),
                3 => (0i64..200).prop_map(Step::RefundRequested),
                3 => Just(Step::Refunded),
                1 => Just(Step::RefundFailed),
            ],
            0..40,
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn money_moves_once_each_way_and_never_more_back_than_came(story in steps()) {
            let (mut payment, mut told) = (Payment::default(), Vec::new());
            for step in story {
                let before = payment;
                match payment.step(step) {
                    Ok(news) => told.extend(news),
                    Err(Refused) => prop_assert_eq!(payment, before, "a refused step changes nothing"),
                }
                prop_assert!(payment.balance() >= 0);
                prop_assert!(before.captured.is_none() || payment.captured == before.captured);
                prop_assert!(!before.refunded || (payment.refunded && payment.refund == before.refund));
                prop_assert_eq!(payment.captured.is_some(), payment.status == Status::Captured);
            }
            for once in [Told::Captured, Told::Refunded] {
                prop_assert!(told.iter().filter(|news| **news == once).count() <= 1, "{:?}", told);
            }
            // After a capture the charge is over: nothing more is told of it but the refund.
            if let Some(at) = told.iter().position(|news| *news == Told::Captured) {
                prop_assert!(told[at + 1..].iter().all(|news| *news == Told::Refunded));
            }
        }

        #[test]
        fn an_order_cancelled_before_its_charge_began_is_never_charged(story in steps()) {
            let mut payment = Payment::default();
            payment.step(Step::Requested).unwrap();
            payment.step(Step::OrderCancelled).unwrap();
            for step in story {
                let _ = payment.step(step);
                prop_assert_eq!(payment.claims, 0);
                prop_assert_eq!(payment.captured, None);
            }
        }
    }

    #[test]
    fn a_timeout_is_no_decline() {
        let mut payment = Payment::default();
        let mut told = Vec::new();
        for step in [Step::Requested, Step::Claimed, Step::Timeout, Step::Timeout, Step::Captured(5)] {
            told.extend(payment.step(step).unwrap());
        }
        assert_eq!(told, [Told::Unknown, Told::Captured]);
    }

    #[test]
    fn a_charge_cut_off_by_a_crash_is_made_again_but_not_for_ever() {
        let mut payment = Payment::default();
        payment.step(Step::Requested).unwrap();
        for _ in 1..MAX_CLAIMS {
            payment.step(Step::Claimed).unwrap();
            assert_eq!(payment.step(Step::NotFound), Ok(None));
            assert_eq!(payment.status, Status::Pending);
        }
        payment.step(Step::Claimed).unwrap();
        assert_eq!(payment.step(Step::NotFound), Ok(Some(Told::Declined)));
    }
}
