//! Stock and reservations as a model: an order gets all its lines or none, every piece is at one place in exactly one of
//! available, reserved and committed, and what an order has is given back exactly once, to where it came from.

use super::allocation::{Lines, Part, allocate};
use souk_core::sku::Sku;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What becomes of the pieces of one SKU at one place.
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
    Active(Vec<Part>),
    /// Its lines are sold.
    Committed(Vec<Part>),
    /// Its lines were reserved and given back; a payment may still come.
    Expired(Lines),
    /// It got nothing; a payment may still come.
    Rejected,
    /// Over: nothing happens to it any more.
    Cancelled,
}

/// An order gave back what it does not have. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotSold;

/// Somewhere that has stock.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    code: String,
    priority: i32,
    active: bool,
}

/// All places, stock and orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    places: Vec<Place>,
    levels: BTreeMap<Sku, BTreeMap<String, Level>>,
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
    /// Adds an active place; the lowest priority ships first.
    pub fn open(&mut self, code: &str, priority: i32) {
        self.places.push(Place { code: code.to_owned(), priority, active: true });
        self.places.sort_by(|a, b| (a.priority, &a.code).cmp(&(b.priority, &b.code)));
    }

    /// Lets a place ship, or not. False: it may not stop now, since it owes pieces or nobody else ships.
    pub fn set_active(&mut self, code: &str, active: bool) -> bool {
        let owes = self.levels.values().filter_map(|places| places.get(code)).any(|level| level.reserved > 0);
        let others = self.places.iter().any(|place| place.active && place.code != code);
        let Some(place) = self.places.iter_mut().find(|place| place.code == code) else { return false };
        if place.active && !active && (owes || !others) {
            return false;
        }
        place.active = active;
        true
    }

    /// Adds pieces of a SKU to what can be sold at a place, and makes the SKU known.
    pub fn receive(&mut self, sku: Sku, place: &str, pieces: i64) {
        self.levels.entry(sku).or_default().entry(place.to_owned()).or_default().available += pieces;
    }

    /// Moves pieces that can be sold to another place; false when there are fewer.
    pub fn transfer(&mut self, sku: &Sku, from: &str, to: &str, pieces: i64) -> bool {
        if self.available_at(sku, from) < pieces {
            return false;
        }
        self.level_mut(sku, from).available -= pieces;
        self.level_mut(sku, to).available += pieces;
        true
    }

    /// What a place has of a SKU.
    pub fn level(&self, sku: &Sku, place: &str) -> Level {
        self.levels.get(sku).and_then(|places| places.get(place)).copied().unwrap_or_default()
    }

    /// What can be sold of a SKU; none when it is unknown.
    pub fn on_sale(&self, sku: &Sku) -> Option<i64> {
        let levels = self.levels.get(sku)?;
        Some(self.shipping().iter().filter_map(|place| levels.get(*place)).map(|level| level.available).sum())
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
            (None, Place(lines)) => match self.take(&lines, Reserved) {
                Ok(parts) => (State::Active(parts), Some(Outcome::Reserved(lines))),
                Err((why, short)) => (State::Rejected, Some(Outcome::Rejected(why, short))),
            },
            (Some(State::Active(parts)), Confirm(_)) => {
                self.shift(&parts, Reserved, Committed);
                let lines = kept(&parts);
                (State::Committed(parts), lines.map(Outcome::Committed))
            }
            (Some(State::Expired(lines)), Confirm(_)) => self.sell_late(lines.clone(), State::Expired(lines)),
            (None | Some(State::Rejected), Confirm(lines)) => self.sell_late(lines, State::Rejected),
            (Some(State::Active(parts)), Cancel) => {
                self.shift(&parts, Reserved, Available);
                (State::Cancelled, kept(&parts).map(|lines| Outcome::Released(lines, Released::Cancelled)))
            }
            (Some(State::Committed(parts)), Cancel) => {
                self.shift(&parts, Committed, Available);
                (State::Cancelled, kept(&parts).map(|lines| Outcome::Released(lines, Released::Cancelled)))
            }
            (None | Some(State::Expired(_) | State::Rejected), Cancel) => (State::Cancelled, None),
            (Some(State::Active(parts)), Expire) => {
                self.shift(&parts, Reserved, Available);
                let lines = kept(&parts)?;
                (State::Expired(lines.clone()), Some(Outcome::Released(lines, Released::Expired)))
            }
            _ => return None,
        };
        self.orders.insert(order, next);
        outcome
    }

    /// Takes sold pieces of a SKU back: into stock where they came from, or out of it.
    pub fn take_back(&mut self, order: Uuid, sku: &Sku, pieces: i64, restock: bool) -> Result<(), NotSold> {
        let Some(State::Committed(parts)) = self.orders.get_mut(&order) else { return Err(NotSold) };
        let of_sku = || parts.iter().filter(|part| part.sku == *sku);
        if of_sku().map(|part| part.pieces - part.returned).sum::<i64>() < pieces {
            return Err(NotSold);
        }
        let mut missing = pieces;
        parts.sort_by(|a, b| (&a.sku, &a.place).cmp(&(&b.sku, &b.place)));
        for part in parts.iter_mut().filter(|part| part.sku == *sku) {
            let back = missing.min(part.pieces - part.returned);
            part.returned += back;
            missing -= back;
            let level = self.levels.entry(sku.clone()).or_default().entry(part.place.clone()).or_default();
            level.committed -= back;
            if restock {
                level.available += back;
            }
        }
        Ok(())
    }

    fn sell_late(&mut self, lines: Lines, otherwise: State) -> (State, Option<Outcome>) {
        match self.take(&lines, Bucket::Committed) {
            Ok(parts) => (State::Committed(parts), Some(Outcome::Committed(lines))),
            Err((why, _)) => (otherwise, Some(Outcome::CommitFailed(why))),
        }
    }

    /// Moves what can be sold into another bucket, all lines or none.
    fn take(&mut self, lines: &Lines, to: Bucket) -> Result<Vec<Part>, (Refusal, Vec<Shortage>)> {
        if let Some(shortage) = self.shortage(lines) {
            return Err(shortage);
        }
        let parts = allocate(lines, &self.shipping(), |sku, place| self.available_at(sku, place));
        self.shift(&parts, Bucket::Available, to);
        Ok(parts)
    }

    /// The lines that cannot be had, and why; none when all can.
    fn shortage(&self, lines: &Lines) -> Option<(Refusal, Vec<Shortage>)> {
        let mut why = Refusal::InsufficientStock;
        let mut short = Vec::new();
        for (sku, wanted) in lines.iter() {
            let on_sale = self.on_sale(sku);
            if on_sale.is_none() {
                why = Refusal::UnknownSku;
            }
            let available = on_sale.unwrap_or_default();
            if available < wanted {
                short.push(Shortage { sku: sku.clone(), requested: wanted, available });
            }
        }
        (!short.is_empty()).then_some((why, short))
    }

    /// The places that ship, the first preferred.
    fn shipping(&self) -> Vec<&str> {
        self.places.iter().filter(|place| place.active).map(|place| place.code.as_str()).collect()
    }

    fn available_at(&self, sku: &Sku, place: &str) -> i64 {
        self.level(sku, place).available
    }

    fn level_mut(&mut self, sku: &Sku, place: &str) -> &mut Level {
        self.levels.entry(sku.clone()).or_default().entry(place.to_owned()).or_default()
    }

    /// Moves what the parts still have.
    fn shift(&mut self, parts: &[Part], from: Bucket, to: Bucket) {
        for part in parts {
            let pieces = part.pieces - part.returned;
            let level = self.level_mut(&part.sku, &part.place);
            *level.bucket(from) -= pieces;
            *level.bucket(to) += pieces;
        }
    }
}

/// What the parts still have, by SKU; none when everything came back.
fn kept(parts: &[Part]) -> Option<Lines> {
    Lines::sum(parts.iter().map(|part| (part.sku.clone(), part.pieces - part.returned)))
}

impl Level {
    /// All pieces, whatever becomes of them.
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
    use souk_core::quantity::Quantity;

    const SKUS: [&str; 4] = ["A", "B", "C", "UNKNOWN"];
    const PLACES: [&str; 3] = ["east", "main", "west"];

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

    /// Six pieces of each SKU, two at each of three places.
    fn book() -> Book {
        let mut book = Book::default();
        for (n, place) in PLACES.iter().enumerate() {
            book.open(place, i32::try_from(n).unwrap());
            (0..3).for_each(|n| book.receive(sku(n), place, 2));
        }
        book
    }

    fn total(book: &Book, wanted: &Sku) -> i64 {
        PLACES.iter().map(|place| book.level(wanted, place).total()).sum()
    }

    /// What orders hold of a SKU at a place.
    fn held(book: &Book, wanted: &Sku, place: &str, pick: impl Fn(&State) -> Option<&Vec<Part>>) -> i64 {
        let parts = book.orders.values().filter_map(pick).flatten();
        parts.filter(|part| part.sku == *wanted && part.place == place).map(|part| part.pieces - part.returned).sum()
    }

    proptest! {
        #[test]
        fn pieces_are_neither_made_nor_lost_and_belong_to_orders(
            steps in prop::collection::vec((0..5u128, command(), 0..3usize, 0..3usize), 0..40)
        ) {
            let mut book = book();
            for (order, command, from, to) in steps {
                book.apply(Uuid::from_u128(order), command);
                book.transfer(&sku(0), PLACES[from], PLACES[to], 1);
                let back = book.take_back(Uuid::from_u128(order), &sku(1), 1, true);
                prop_assert!(back.is_ok() || back == Err(NotSold));
                for n in 0..3 {
                    let sku = sku(n);
                    prop_assert_eq!(total(&book, &sku), 6);
                    for place in PLACES {
                        let level = book.level(&sku, place);
                        prop_assert!(level.available >= 0 && level.reserved >= 0 && level.committed >= 0);
                        let reserved =
                            held(&book, &sku, place, |s| if let State::Active(parts) = s { Some(parts) } else { None });
                        let sold =
                            held(&book, &sku, place, |s| if let State::Committed(parts) = s { Some(parts) } else { None });
                        prop_assert_eq!((level.reserved, level.committed), (reserved, sold));
                    }
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
                        prop_assert_eq!(PLACES.iter().map(|p| after.level(sku, p).reserved).sum::<i64>(), pieces);
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
            prop_assert!((0..3).all(|n| book.on_sale(&sku(n)) == Some(6)), "everything is back");
        }
    }

    #[test]
    fn three_hundred_buyers_of_a_hundred_pieces_at_three_places_get_a_hundred() {
        let mut book = Book::default();
        for (place, pieces) in PLACES.iter().zip([50, 30, 20]) {
            book.open(place, 1);
            book.receive(sku(0), place, pieces);
        }
        let one = Lines::of([(sku(0), Quantity::new(1).unwrap())]).unwrap();
        let outcomes = (0..300).map(|n| book.apply(Uuid::from_u128(n), Command::Place(one.clone())));
        let (got, refused): (Vec<_>, Vec<_>) =
            outcomes.partition(|outcome| matches!(outcome, Some(Outcome::Reserved(_))));
        assert_eq!((got.len(), refused.len()), (100, 200));
    }

    #[test]
    fn what_came_back_is_not_given_back_again() {
        let (mut book, order) = (book(), Uuid::from_u128(1));
        let three = Lines::of([(sku(0), Quantity::new(3).unwrap())]).unwrap();
        book.apply(order, Command::Confirm(three));
        assert_eq!(book.take_back(order, &sku(0), 4, true), Err(NotSold));
        assert_eq!(book.take_back(order, &sku(0), 1, true), Ok(()));
        assert_eq!(book.take_back(order, &sku(0), 1, false), Ok(()));
        let last = Lines::of([(sku(0), Quantity::new(1).unwrap())]).unwrap();
        assert_eq!(book.apply(order, Command::Cancel), Some(Outcome::Released(last, Released::Cancelled)));
        assert_eq!((book.on_sale(&sku(0)), total(&book, &sku(0))), (Some(5), 5), "one was written off");
    }

    #[test]
    fn a_place_that_owes_pieces_goes_on_shipping() {
        let (mut book, order) = (book(), Uuid::from_u128(1));
        book.apply(order, Command::Place(Lines::of([(sku(0), Quantity::new(1).unwrap())]).unwrap()));
        assert!(!book.set_active("east", false));
        assert!(book.set_active("main", false) && book.on_sale(&sku(0)) == Some(3));
        book.apply(order, Command::Cancel);
        assert!(book.set_active("east", false) && !book.set_active("west", false), "somebody must ship");
    }
}
