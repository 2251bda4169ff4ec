//! What may follow what in the life of one order's payment: the specification that the SQL functions implement (an
//! integration test plays the same random stories on both).
//!
//! Money is taken once at most, each refund given back once at most, and never more than was taken, whatever events and
//! answers come in whatever order. A capture that turns up late is believed; nearly everything else that comes late
//! changes nothing.

/// Claims after which a charge that the gateway does not know is given up.
pub const MAX_CLAIMS: u32 = 3;

/// Where the payment stands.
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
    /// Money is held until somebody decides.
    Authorized,
    /// What is held is to be taken.
    Capturing,
    /// What is held is to be let go.
    Voiding,
    /// Money was taken.
    Captured,
    /// None was and none will be.
    Declined,
    /// It was held and let go.
    Voided,
    /// The order was cancelled before the charge began.
    Cancelled,
}

/// What happens to a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The order asks for money, for the how-manieth time.
    Requested(u32),
    /// The order is cancelled.
    OrderCancelled,
    /// A replica takes what is due to the gateway.
    Claimed,
    /// Nobody captured in time.
    HoldExpired,
    /// Staff has what is held captured.
    CaptureWished,
    /// Staff has what is held let go.
    VoidWished,
    /// The gateway says something of the charge.
    Answered(Answer),
    /// The order asks for this much back, under this id.
    RefundRequested(usize, i64),
    /// The gateway gave it back.
    Refunded(usize),
    /// The gateway refused.
    RefundDeclined(usize),
    /// The gateway did not answer.
    RefundTimeout(usize),
}

/// What the gateway may say of a charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It holds the money.
    Authorized,
    /// It took this much.
    Captured(i64),
    /// It refused.
    Declined,
    /// It never saw the charge.
    NotFound,
    /// It let the hold go.
    Voided,
    /// It holds the money and does not let it be taken.
    CaptureRefused,
    /// It was asked about the charge and did not answer.
    Timeout,
    /// It was asked to take what it holds and did not answer.
    CaptureUnknown,
    /// It was asked to let go what it holds and did not answer.
    VoidUnknown,
}

/// What the world is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// payment.authorized
    Authorized,
    /// payment.captured
    Captured,
    /// payment.declined
    Declined,
    /// payment.unknown
    Unknown,
    /// payment.voided
    Voided,
    /// payment.refunded
    Refunded,
    /// payment.refund_failed
    RefundFailed,
}

/// The event is a defect of its sender and becomes a dead letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundStatus {
    /// It is owed.
    Requested,
    /// It was made.
    Refunded,
    /// The gateway refused it for good.
    Failed,
}

/// One refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refund {
    /// Its id.
    pub id: usize,
    /// How much.
    pub amount: i64,
    /// Where it stands.
    pub status: RefundStatus,
}

/// Why a charge was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decline {
    /// The gateway said no, which is for good: the order may ask again.
    ByGateway,
    /// It cannot be found, and may turn up after all.
    NotCharged,
}

/// One order's payment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Payment {
    /// Where it stands.
    pub status: Status,
    /// The order wants no more charge.
    pub order_cancelled: bool,
    /// The number of the attempt.
    pub attempt: u32,
    /// How often it was begun.
    pub claims: u32,
    /// What was taken.
    pub captured: Option<i64>,
    /// What is or was to be given back.
    pub refunds: Vec<Refund>,
    decline: Option<Decline>,
    /// The world knows that the outcome is not known.
    is_doubted: bool,
}

impl Payment {
    /// Takes one step and says what the world is told; a step that does not fit changes nothing.
    pub fn step(&mut self, step: Step) -> Result<Vec<Told>, Refused> {
        use Status::{Absent, Authorized, Cancelled, Capturing, Charging, Declined, Pending, Voiding};
        match (self.status, step) {
            (Absent, Step::Requested(attempt)) => self.begin(attempt),
            (Declined, Step::Requested(attempt))
                if attempt > self.attempt && self.decline == Some(Decline::ByGateway) && !self.order_cancelled =>
            {
                self.begin(attempt);
            }
            (status, Step::OrderCancelled) => {
                self.order_cancelled = true;
                self.status = match status {
                    Absent | Pending => Cancelled,
                    Authorized => Voiding,
                    other => other,
                };
            }
            (Pending, Step::Claimed) => {
                self.status = Charging;
                self.claims += 1;
            }
            (Authorized, Step::HoldExpired | Step::VoidWished) => self.status = Voiding,
            (Authorized, Step::CaptureWished) => self.status = Capturing,
            (_, Step::Answered(answer)) => return Ok(self.answered(answer)),
            (_, Step::RefundRequested(id, amount)) => self.request_refund(id, amount)?,
            (_, Step::Refunded(id)) => return Ok(self.settle_refund(id, RefundStatus::Refunded)),
            (_, Step::RefundDeclined(id)) => return Ok(self.settle_refund(id, RefundStatus::Failed)),
            _ => {}
        }
        Ok(vec![])
    }

    fn begin(&mut self, attempt: u32) {
        *self = Self {
            status: Status::Pending,
            attempt,
            order_cancelled: self.order_cancelled,
            refunds: std::mem::take(&mut self.refunds),
            ..Self::default()
        };
    }

    fn answered(&mut self, answer: Answer) -> Vec<Told> {
        use Status::{Authorized, Captured, Capturing, Charging, Declined, Pending, Unknown, Voided, Voiding};
        match (self.status, answer) {
            (status, Answer::Captured(amount)) if status != Captured && self.claims > 0 => {
                (self.status, self.captured, self.decline) = (Captured, Some(amount), None);
                vec![Told::Captured]
            }
            (Charging | Unknown, Answer::Authorized) => {
                self.is_doubted = false;
                self.status = if self.order_cancelled { Voiding } else { Authorized };
                if self.order_cancelled { vec![] } else { vec![Told::Authorized] }
            }
            (Authorized | Charging | Unknown | Capturing | Voiding, Answer::Voided)
            | (Voiding, Answer::Declined | Answer::NotFound) => {
                self.status = Voided;
                // An order that waits for its money learns that none will come.
                let waits = !self.order_cancelled && self.decline.is_none();
                if waits { vec![Told::Voided, Told::Declined] } else { vec![Told::Voided] }
            }
            (Charging, Answer::NotFound) if self.claims < MAX_CLAIMS && !self.order_cancelled => {
                self.status = Pending;
                vec![]
            }
            (Charging | Unknown | Capturing, Answer::Declined | Answer::NotFound | Answer::CaptureRefused) => {
                self.status = if answer == Answer::CaptureRefused { Voiding } else { Declined };
                let is_final = answer != Answer::NotFound;
                self.decline = Some(if is_final { Decline::ByGateway } else { Decline::NotCharged });
                vec![Told::Declined]
            }
            (Charging | Unknown | Capturing | Voiding, Answer::Timeout) => {
                self.doubt(if self.status == Charging { Unknown } else { self.status })
            }
            (Charging | Unknown | Capturing, Answer::CaptureUnknown) if !self.order_cancelled => self.doubt(Capturing),
            (Charging | Unknown | Capturing | Voiding, Answer::CaptureUnknown | Answer::VoidUnknown) => {
                self.doubt(Voiding)
            }
            _ => vec![],
        }
    }

    /// Told once; a hold that is to be let go is nobody's worry.
    fn doubt(&mut self, status: Status) -> Vec<Told> {
        self.status = status;
        if status == Status::Voiding || std::mem::replace(&mut self.is_doubted, true) {
            return vec![];
        }
        vec![Told::Unknown]
    }

    fn request_refund(&mut self, id: usize, amount: i64) -> Result<(), Refused> {
        let captured = self.captured.ok_or(Refused)?;
        match self.refunds.iter().find(|refund| refund.id == id) {
            Some(known) if known.amount == amount => Ok(()),
            None if self.promised() + amount <= captured => {
                self.refunds.push(Refund { id, amount, status: RefundStatus::Requested });
                Ok(())
            }
            _ => Err(Refused),
        }
    }

    /// A refund that failed and was made all the same is booked if there is room for it.
    fn settle_refund(&mut self, id: usize, outcome: RefundStatus) -> Vec<Told> {
        let room = self.captured.unwrap_or_default() - self.promised();
        let Some(refund) = self.refunds.iter_mut().find(|refund| refund.id == id) else { return vec![] };
        match (refund.status, outcome) {
            (RefundStatus::Requested, RefundStatus::Refunded) => {}
            (RefundStatus::Failed, RefundStatus::Refunded) if refund.amount <= room => {}
            (RefundStatus::Requested, RefundStatus::Failed) => {
                refund.status = outcome;
                return vec![Told::RefundFailed];
            }
            _ => return vec![],
        }
        refund.status = outcome;
        vec![Told::Refunded]
    }

    /// What is or will be given back.
    pub fn promised(&self) -> i64 {
        let counts = |refund: &&Refund| refund.status != RefundStatus::Failed;
        self.refunds.iter().filter(counts).map(|refund| refund.amount).sum()
    }

    /// What the shop keeps of the order.
    pub fn balance(&self) -> i64 {
        let made = |refund: &&Refund| refund.status == RefundStatus::Refunded;
        let back: i64 = self.refunds.iter().filter(made).map(|refund| refund.amount).sum();
        self.captured.unwrap_or_default() - back
    }
}

#[cfg(test)]
mod tests;
