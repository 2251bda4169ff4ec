//! Stock and reservations as a model: an order gets all its lines or none, every piece is in exactly one of available,
//! reserved and committed, and what an order has is given back exactly once.

use souk_core::{quantity::Quantity, sku::Sku};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What an order asks for: at least one line, each SKU once, lines of one SKU added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines(BTreeMap<Sku, i64>);

impl Lines {
    /// Adds lines up by SKU; none when there are no lines.
    pub fn of(lines: impl IntoIterator<Item = (Sku, Quantity)>) -> Option<Self> {
        let mut sums = BTreeMap::new();
        for (sku, quantity) in lines {
            *sums.entry(sku).or_insert(0) += i64::from(quantity.get());
        }
        (!sums.is_empty()).then_some(Self(sums))
    }

    /// SKUs and pieces, in SKU order.
    pub fn iter(&self) -> impl Iterator<Item = (&Sku, i64)> {
        self.0.iter().map(|(sku, pieces)| (sku, *pieces))
    }
}

/// Where the pieces of one SKU are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Level {
    /// Can be sold.
    pub available: i64,
    /// Promised to orders that are not paid yet.
    pub reserved: i64,
    /// Sold.
    pub committed: i64,
}

/// What happens to an order, as far as stock is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Reserve.
    Place(Lines),
    /// Paid: sell what is reserved, or take the lines now.
    Confirm(Lines),
    /// Called off: give everything back, for good.
    Cancel,
    /// Took too long: give back what is reserved.
    Expire,
}

/// Why an order got nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A SKU that is not stocked here.
    UnknownSku,
    /// Fewer pieces than asked for.
    InsufficientStock,
}

/// A line that did not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortage {
    /// The SKU.
    pub sku: Sku,
    /// Pieces asked for.
    pub requested: i64,
    /// Pieces there were.
    pub available: i64,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All lines are reserved.
    Reserved(Lines),
    /// Nothing is reserved; the lines that did not fit.
    Rejected(Refusal, Vec<Shortage>),
    /// All lines are sold.
    Committed(Lines),
    /// Paid, but the stock is gone.
    CommitFailed(Refusal),
    /// All lines are available again, because the order was called off or took too long.
    Released(Lines, Released),
}

/// Why lines were given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Released {
    /// The order was called off.
    Cancelled,
    /// The order took too long.
    Expired,
}

/// Where an order stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Its lines are reserved.
    Active(Lines),
    /// Its lines are sold.
    Committed(Lines),
    /// Its lines were reserved and given back; a payment may still come.
    Expired(Lines),
    /// It got nothing; a payment may still come.
    Rejected,
    /// Over: nothing happens to it any more.
    Cancelled,
}

/// All stock and all orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    levels: BTreeMap<Sku, Level>,
    orders: BTreeMap<Uuid, State>,
}

/// The buckets between which pieces move.
#[derive(Clone, Copy)]
enum Bucket {
    Available,
    Reserved,
    Committed,
}

impl Book {
    /// Adds pieces of a SKU to what can be sold, and makes the SKU known.
    pub fn receive(&mut self, sku: Sku, pieces: i64) {
        self.levels.entry(sku).or_default().available += pieces;
    }

    /// The level of a SKU; none when it is unknown.
    pub fn level(&self, sku: &Sku) -> Option<Level> {
        self.levels.get(sku).copied()
    }

    /// Where an order stands; none when it was never seen.
    pub fn order(&self, order: Uuid) -> Option<&State> {
        self.orders.get(&order)
    }

    /// Applies a command. None: the order is in a state where the command means nothing (a duplicate, a late event).
    pub fn apply(&mut self, order: Uuid, command: Command) -> Option<Outcome> {
        use {Bucket::*, Command::*};
        let state = self.orders.get(&order).cloned();
        let (next, outcome) = match (state, command) {
            (None, Place(lines)) => match self.shortage(&lines) {
                None => {
                    self.shift(&lines, Available, Reserved);
                    (State::Active(lines.clone()), Some(Outcome::Reserved(lines)))
                }
                Some((why, short)) => (State::Rejected, Some(Outcome::Rejected(why, short))),
            },
            (Some(State::Active(lines)), Confirm(_)) => {
                self.shift(&lines, Reserved, Committed);
                (State::Committed(lines.clone()), Some(Outcome::Committed(lines)))
            }
            (Some(State::Expired(lines)), Confirm(_)) => self.sell_late(lines.clone(), State::Expired(lines)),
            (None | Some(State::Rejected), Confirm(lines)) => self.sell_late(lines, State::Rejected),
            (Some(State::Active(lines)), Cancel) => {
                self.shift(&lines, Reserved, Available);
                (State::Cancelled, Some(Outcome::Released(lines, Released::Cancelled)))
            }
            (Some(State::Committed(lines)), Cancel) => {
                self.shift(&lines, Committed, Available);
                (State::Cancelled, Some(Outcome::Released(lines, Released::Cancelled)))
            }
            (None | Some(State::Expired(_) | State::Rejected), Cancel) => (State::Cancelled, None),
            (Some(State::Active(lines)), Expire) => {
                self.shift(&lines, Reserved, Available);
                (State::Expired(lines.clone()), Some(Outcome::Released(lines, Released::Expired)))
            }
            _ => return None,
        };
        self.orders.insert(order, next);
        outcome
    }

    fn sell_late(&mut self, lines: Lines, otherwise: State) -> (State, Option<Outcome>) {
        match self.shortage(&lines) {
            None => {
                self.shift(&lines, Bucket::Available, Bucket::Committed);
                (State::Committed(lines.clone()), Some(Outcome::Committed(lines)))
            }
            Some((why, _)) => (otherwise, Some(Outcome::CommitFailed(why))),
        }
    }

    /// The lines that cannot be had, and why; none when all can.
    fn shortage(&self, lines: &Lines) -> Option<(Refusal, Vec<Shortage>)> {
        let mut why = Refusal::InsufficientStock;
        let mut short = Vec::new();
        for (sku, wanted) in lines.iter() {
            let level = self.level(sku);
            let available = level.map_or(0, |level| level.available);
            if level.is_none() {
                why = Refusal::UnknownSku;
            }
            if available < wanted {
                short.push(Shortage { sku: sku.clone(), requested: wanted, available });
            }
        }
        (!short.is_empty()).then_some((why, short))
    }

    fn shift(&mut self, lines: &Lines, from: Bucket, to: Bucket) {
        for (sku, pieces) in lines.iter() {
            let level = self.levels.entry(sku.clone()).or_default();
            *level.bucket(from) -= pieces;
            *level.bucket(to) += pieces;
        }
    }
}

impl Level {
    /// All pieces, wherever they are.
    pub fn total(self) -> i64 {
        self.available + self.reserved + self.committed
    }

    fn bucket(&mut self, bucket: Bucket) -> &mut i64 {
        match bucket {
            Bucket::Available => &mut self.available,
            Bucket::Reserved => &mut self.reserved,
            Bucket::Committed => &mut self.committed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SKUS: [&str; 4] = ["A", "B", "C", "UNKNOWN"];

    fn sku(n: usize) -> Sku {
        Sku::parse(SKUS[n]).unwrap()
    }

    fn lines() -> impl Strategy<Value = Lines> {
        prop::collection::vec((0..SKUS.len(), 1..4i64), 1..4)
            .prop_map(|lines| Lines::of(lines.into_iter().map(|(n, q)| (sku(n), Quantity::new(q).unwrap()))).unwrap())
    }

    fn command() -> impl Strategy<Value = Command> {
        prop_oneof![
            3 => lines().prop_map(Command::Place),
            2 => lines().prop_map(Command::Confirm),
            1 => Just(Command::Cancel),
            1 => Just(Command::Expire),
        ]
    }

    fn book() -> Book {
        let mut book = Book::default();
        (0..3).for_each(|n| book.receive(sku(n), 5));
        book
    }

    fn held(book: &Book, wanted: &Sku, pick: impl Fn(&State) -> Option<&Lines>) -> i64 {
        let lines = book.orders.values().filter_map(pick);
        lines.flat_map(Lines::iter).filter(|(sku, _)| *sku == wanted).map(|(_, pieces)| pieces).sum()
    }

    proptest! {
        #[test]
        fn pieces_are_neither_made_nor_lost_and_belong_to_orders(
            steps in prop::collection::vec((0..5u128, command()), 0..40)
        ) {
            let mut book = book();
            for (order, command) in steps {
                book.apply(Uuid::from_u128(order), command);
                for (sku, level) in &book.levels {
                    prop_assert_eq!(level.total(), 5);
                    prop_assert!(level.available >= 0 && level.reserved >= 0 && level.committed >= 0);
                    let reserved = held(&book, sku, |s| if let State::Active(lines) = s { Some(lines) } else { None });
                    let sold = held(&book, sku, |s| if let State::Committed(lines) = s { Some(lines) } else { None });
                    prop_assert_eq!((level.reserved, level.committed), (reserved, sold));
                }
            }
        }

        #[test]
        fn an_order_gets_all_its_lines_or_none(wanted in lines()) {
            let before = book();
            let mut after = before.clone();
            let order = Uuid::from_u128(1);
            match after.apply(order, Command::Place(wanted.clone())) {
                Some(Outcome::Reserved(got)) => {
                    prop_assert_eq!(&got, &wanted);
                    for (sku, pieces) in got.iter() {
                        prop_assert_eq!(after.level(sku).unwrap().reserved, pieces);
                    }
                }
                Some(Outcome::Rejected(_, short)) => {
                    prop_assert!(!short.is_empty());
                    prop_assert_eq!(&after.levels, &before.levels);
                }
                other => prop_assert!(false, "{:?}", other),
            }
        }

        #[test]
        fn a_cancelled_order_never_holds_anything_again(
            steps in prop::collection::vec(command(), 0..6), late in prop::collection::vec(command(), 0..6)
        ) {
            let (mut book, order) = (book(), Uuid::from_u128(1));
            for step in steps {
                book.apply(order, step);
            }
            book.apply(order, Command::Cancel);
            let closed = book.clone();
            for step in late {
                prop_assert_eq!(book.apply(order, step), None);
            }
            prop_assert_eq!(&book, &closed);
            prop_assert!((0..3).all(|n| book.level(&sku(n)).unwrap().available == 5));
        }
    }

    #[test]
    fn three_hundred_buyers_of_a_hundred_pieces_get_a_hundred() {
        let mut book = Book::default();
        book.receive(sku(0), 100);
        let one = Lines::of([(sku(0), Quantity::new(1).unwrap())]).unwrap();
        let outcomes = (0..300).map(|n| book.apply(Uuid::from_u128(n), Command::Place(one.clone())));
        let (got, refused): (Vec<_>, Vec<_>) =
            outcomes.partition(|outcome| matches!(outcome, Some(Outcome::Reserved(_))));
        assert_eq!((got.len(), refused.len()), (100, 200));
    }
}
