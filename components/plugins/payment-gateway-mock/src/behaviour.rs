//! What a token makes happen, and how the references carry it on.

/// The name and the meaning of each token that is authorized sooner or later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Success,
    TimeoutCharged,
    TimeoutNotCharged,
    CaptureTimeoutCharged,
    CaptureTimeoutNotCharged,
    CaptureDeclined,
    VoidTimeout,
    RefundTimeout,
    RefundDeclined,
}

const NAMES: [(&str, Behaviour); 9] = [
    ("success", Behaviour::Success),
    ("timeout_charged", Behaviour::TimeoutCharged),
    ("timeout_not_charged", Behaviour::TimeoutNotCharged),
    ("capture_timeout_charged", Behaviour::CaptureTimeoutCharged),
    ("capture_timeout_not_charged", Behaviour::CaptureTimeoutNotCharged),
    ("capture_declined", Behaviour::CaptureDeclined),
    ("void_timeout", Behaviour::VoidTimeout),
    ("refund_timeout", Behaviour::RefundTimeout),
    ("refund_declined", Behaviour::RefundDeclined),
];

impl Behaviour {
    /// What a token makes happen, or the code and message with which it is declined.
    pub(crate) fn of_token(token: &str) -> Result<Self, (&'static str, &'static str)> {
        match token.strip_prefix("tok_") {
            Some("declined") => Err(("card_declined", "The card was declined. Try another card.")),
            Some("insufficient_funds") => {
                Err(("insufficient_funds", "The card has insufficient funds. Try another card."))
            }
            name => name
                .and_then(Self::named)
                .ok_or(("invalid_token", "The payment details cannot be used. Enter them again.")),
        }
    }

    /// The reference of a hold (`au`) or a charge (`ch`): `mock_<kind>_<key>`, with the behaviour's name before the key
    /// unless it is the ordinary one.
    pub(crate) fn reference(self, kind: &str, key: &str) -> String {
        match NAMES.iter().find(|(_, behaviour)| *behaviour == self && self != Self::Success) {
            Some((name, _)) => format!("mock_{kind}_{name}_{key}"),
            None => format!("mock_{kind}_{key}"),
        }
    }

    /// The behaviour and the key that a reference of this kind carries.
    pub(crate) fn of_reference<'a>(kind: &str, reference: &'a str) -> Option<(Self, &'a str)> {
        let rest = reference.strip_prefix("mock_")?.strip_prefix(kind)?.strip_prefix('_')?;
        Some(rest.rsplit_once('_').map_or((Self::Success, rest), |(name, key)| match Self::named(name) {
            Some(behaviour) => (behaviour, key),
            None => (Self::Success, rest),
        }))
    }

    fn named(name: &str) -> Option<Self> {
        NAMES.iter().find_map(|(known, behaviour)| (*known == name).then_some(*behaviour))
    }
}
