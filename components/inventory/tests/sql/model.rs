//! The SQL functions against the model: the same events, duplicated and shuffled, with pieces that move and come back and
//! locations that come and go, must end in the same stock at each location, the same states and the same outcomes.

use crate::support::*;
use anyhow::{Result, ensure};
use proptest::{prelude::*, test_runner::Config};
use serde_json::{Value, json};
use souk_core::{quantity::Quantity, sku::Sku};
use souk_inventory::domain::{
    allocation::{Lines, Part},
    reservation::{Book, Command, Outcome, Refusal, Released, State},
};
use std::collections::BTreeMap;
use tokio_postgres::Client;
use uuid::Uuid;

const ORDERS: usize = 6;
const STOCKED: usize = 3;
const OPENING: i64 = 6;
/// Locations in the order in which they ship, with their priority and what they have of each SKU.
const PLACES: [(&str, i32, i64); 3] = [("east", 10, 2), ("main", 100, 3), ("west", 200, 1)];

#[derive(Debug, Clone)]
enum Step {
    /// Events in one batch: kind and order.
    Batch(Vec<(Kind, usize)>),
    /// An event of an earlier batch comes once more.
    Again(usize),
    /// The time of these orders' reservations is over.
    Expire(Vec<usize>),
    /// Pieces of a SKU go from one place to another.
    Transfer { sku: usize, from: usize, to: usize, pieces: i64 },
    /// A place stops or starts to ship.
    SetActive(usize, bool),
    /// Pieces of an order come back.
    Return { order: usize, sku: usize, pieces: i64, restock: bool },
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Place,
    Confirm,
    Cancel,
    Reject,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kind = prop_oneof![
        4 => Just(Kind::Place), 3 => Just(Kind::Confirm), 1 => Just(Kind::Cancel), 1 => Just(Kind::Reject)];
    let step = prop_oneof![
        5 => prop::collection::vec((kind, 0..ORDERS), 1..6).prop_map(Step::Batch),
        2 => (0..20usize).prop_map(Step::Again),
        2 => prop::collection::vec(0..ORDERS, 1..4).prop_map(Step::Expire),
        2 => (0..STOCKED, 0..3usize, 1..3usize, 1..4i64)
            .prop_map(|(sku, from, by, pieces)| Step::Transfer { sku, from, to: (from + by) % 3, pieces }),
        1 => (0..3usize, any::<bool>()).prop_map(|(place, active)| Step::SetActive(place, active)),
        3 => (0..ORDERS, 0..=STOCKED, 1..4i64, any::<bool>())
            .prop_map(|(order, sku, pieces, restock)| Step::Return { order, sku, pieces, restock }),
    ];
    prop::collection::vec(step, 1..16)
}

fn order_lines() -> impl Strategy<Value = Vec<Vec<(usize, i64)>>> {
    prop::collection::vec(prop::collection::vec((0..=STOCKED, 1..4i64), 1..4), ORDERS)
}

/// One case: SKUs and orders of its own, so that cases share a database.
struct Case {
    skus: Vec<String>,
    orders: Vec<Uuid>,
    lines: Vec<Vec<(usize, i64)>>,
    book: Book,
    expected: Vec<(String, Value)>,
    sent: Vec<Value>,
}

impl Case {
    async fn new(db: &Client, lines: Vec<Vec<(usize, i64)>>) -> Result<Self> {
        // Locations are shared: what an earlier case left behind there must not be in the way of this one.
        db.execute("UPDATE reservations SET expires_at = now() WHERE status = 'active'", &[]).await?;
        expire(db).await?;
        let tag = Uuid::now_v7().simple().to_string();
        let skus: Vec<String> = (0..=STOCKED).map(|n| format!("{tag}-{n}")).collect();
        let opening: Vec<(&str, i64)> = skus.iter().take(STOCKED).map(|sku| (sku.as_str(), 0)).collect();
        open(db, &opening).await?;
        let mut book = Book::default();
        for (place, priority, pieces) in PLACES {
            set_active(db, place, true).await?;
            book.open(place, priority);
            for (sku, _) in &opening {
                receive(db, sku, place, pieces).await?;
                book.receive(Sku::parse(sku)?, place, pieces);
            }
        }
        db.execute("DELETE FROM outbox", &[]).await?;
        let orders = (0..ORDERS).map(|_| Uuid::now_v7()).collect();
        Ok(Self { skus, orders, lines, book, expected: Vec::new(), sent: Vec::new() })
    }

    fn event(&self, kind: Kind, order: usize) -> Value {
        let lines: Vec<(&str, i64)> = self.lines[order].iter().map(|(sku, q)| (self.skus[*sku].as_str(), *q)).collect();
        let event_type = match kind {
            Kind::Place => "order.placed",
            Kind::Confirm => "order.confirmed",
            Kind::Cancel => "order.cancelled",
            Kind::Reject => "order.rejected",
        };
        order_event(event_type, self.orders[order], &lines)
    }

    fn model(&mut self, order: usize, command: Command) {
        let id = self.orders[order];
        if let Some(outcome) = self.book.apply(id, command) {
            self.expected.push(as_event(id, outcome));
        }
    }

    fn model_event(&mut self, kind: Kind, order: usize) {
        let lines = self.lines[order].iter().map(|(sku, quantity)| {
            (Sku::parse(&self.skus[*sku]).expect("a SKU"), Quantity::new(*quantity).expect("a quantity"))
        });
        let lines = Lines::of(lines).expect("lines");
        let command = match kind {
            Kind::Place => Command::Place(lines),
            Kind::Confirm => Command::Confirm(lines),
            Kind::Cancel | Kind::Reject => Command::Cancel,
        };
        self.model(order, command);
    }

    async fn run(&mut self, db: &Client, step: Step) -> Result<()> {
        match step {
            Step::Batch(events) => {
                let batch: Vec<Value> = events.iter().map(|(kind, order)| self.event(*kind, *order)).collect();
                apply(db, &batch).await?;
                self.sent.extend(batch);
                events.into_iter().for_each(|(kind, order)| self.model_event(kind, order));
            }
            Step::Again(n) => {
                if let Some(event) = self.sent.get(n % self.sent.len().max(1)) {
                    ensure!(apply(db, std::slice::from_ref(event)).await? == 0, "a duplicate had an effect");
                }
            }
            Step::Expire(orders) => {
                for order in orders {
                    let sql = "UPDATE reservations SET expires_at = now() - interval '1 second' \
                               WHERE order_id = $1 AND status = 'active'";
                    db.execute(sql, &[&self.orders[order]]).await?;
                    expire(db).await?;
                    self.model(order, Command::Expire);
                }
            }
            Step::Transfer { sku, from, to, pieces } => {
                let (from, to) = (PLACES[from].0, PLACES[to].0);
                let answer = transfer(db, &self.skus[sku], (from, to), pieces, None).await?;
                let moved = self.book.transfer(&Sku::parse(&self.skus[sku])?, from, to, pieces);
                ensure!(answer["outcome"] == if moved { "done" } else { "not_enough" }, "{answer}, model {moved}");
            }
            Step::SetActive(place, active) => {
                let answer = set_active(db, PLACES[place].0, active).await?;
                let changed = self.book.set_active(PLACES[place].0, active);
                ensure!((answer["outcome"] == "done") == changed, "{answer}, model {changed}");
            }
            Step::Return { order, sku, pieces, restock } => {
                let event = returned(Uuid::now_v7(), self.orders[order], &[(&self.skus[sku], pieces, restock)]);
                let applied = apply(db, std::slice::from_ref(&event)).await;
                let modelled = self.book.take_back(self.orders[order], &Sku::parse(&self.skus[sku])?, pieces, restock);
                match (applied, modelled) {
                    (Ok(_), Ok(())) => self.sent.push(event),
                    (Err(error), Err(_)) => {
                        ensure!(error.code().is_some_and(|code| code.code() == "SK001"), "{error}");
                    }
                    other => ensure!(false, "{event}: {other:?}"),
                }
            }
        }
        Ok(())
    }

    async fn compare(&self, db: &Client) -> Result<()> {
        let mut last_figure = BTreeMap::new();
        let mut happened = Vec::new();
        for (kind, key, mut data) in emitted(db).await? {
            match kind.as_str() {
                "stock.changed" => drop(last_figure.insert(key, data["available"].clone())),
                "stock.low" => {}
                _ => {
                    data.as_object_mut().map(|data| data.remove("expires_at"));
                    happened.push((kind, data));
                }
            }
        }
        ensure!(happened == self.expected, "events {happened:#?}\nmodel {:#?}", self.expected);
        for sku in self.skus.iter().take(STOCKED) {
            let parsed = Sku::parse(sku)?;
            for (place, ..) in PLACES {
                let modelled = self.book.level(&parsed, place);
                let level = level_at(db, sku, place).await?;
                ensure!(
                    level == (modelled.available, modelled.reserved, modelled.committed),
                    "{sku} at {place} {level:?} {modelled:?}"
                );
            }
            let on_sale: i64 = db.query_one("SELECT available FROM on_sale WHERE sku = $1", &[sku]).await?.get(0);
            ensure!(self.book.on_sale(&parsed) == Some(on_sale), "{sku}: {on_sale} on sale");
            if let Some(figure) = last_figure.get(sku) {
                ensure!(*figure == on_sale, "the last stock.changed of {sku} says {figure}");
            } else {
                ensure!(on_sale == OPENING, "{sku} changed and nobody was told");
            }
        }
        for order in &self.orders {
            let sql = "SELECT coalesce(release_reason, status) FROM reservations WHERE order_id = $1";
            let state: Option<String> = db.query_opt(sql, &[order]).await?.map(|row| row.get(0));
            let modelled = self.book.order(*order).map(|state| match state {
                State::Active(_) => "active",
                State::Committed(_) => "committed",
                State::Expired(_) => "expired",
                State::Rejected => "rejected",
                State::Cancelled => "cancelled",
            });
            ensure!(state.as_deref() == modelled, "{order}: {state:?}, model {modelled:?}");
            if let Some(State::Active(parts) | State::Committed(parts)) = self.book.order(*order) {
                self.compare_parts(db, *order, parts).await?;
            }
        }
        let broken = violations(db).await?;
        ensure!(broken.is_empty(), "{broken:?}");
        Ok(())
    }

    /// Which location ships what, and what came back of it.
    async fn compare_parts(&self, db: &Client, order: Uuid, parts: &[Part]) -> Result<()> {
        let sql = "SELECT sku, location, quantity, returned FROM reservation_lines WHERE order_id = $1 \
                   ORDER BY sku, location";
        let rows = db.query(sql, &[&order]).await?;
        let stored: Vec<(String, String, i64, i64)> =
            rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect();
        let mut modelled: Vec<(String, String, i64, i64)> =
            parts.iter().map(|part| (part.sku.to_string(), part.place.clone(), part.pieces, part.returned)).collect();
        modelled.sort();
        ensure!(stored == modelled, "{order}: {stored:?}, model {modelled:?}");
        Ok(())
    }
}

fn as_event(order: Uuid, outcome: Outcome) -> (String, Value) {
    let lines_json = |lines: &Lines| -> Value {
        lines.iter().map(|(sku, quantity)| json!({"sku": sku, "quantity": quantity})).collect::<Vec<_>>().into()
    };
    let reason = |refusal| match refusal {
        Refusal::UnknownSku => "unknown_sku",
        Refusal::InsufficientStock => "insufficient_stock",
    };
    let (kind, data) = match outcome {
        Outcome::Reserved(lines) => ("reserved", json!({"order_id": order, "lines": lines_json(&lines)})),
        Outcome::Committed(lines) => ("committed", json!({"order_id": order, "lines": lines_json(&lines)})),
        Outcome::CommitFailed(why) => ("commit_failed", json!({"order_id": order, "reason": reason(why)})),
        Outcome::Released(lines, why) => {
            let why = if why == Released::Expired { "expired" } else { "cancelled" };
            ("released", json!({"order_id": order, "lines": lines_json(&lines), "reason": why}))
        }
        Outcome::Rejected(why, short) => {
            let short: Vec<Value> = short
                .iter()
                .map(|s| json!({"sku": s.sku, "requested": s.requested, "available": s.available}))
                .collect();
            ("rejected", json!({"order_id": order, "reason": reason(why), "lines": short}))
        }
    };
    (format!("stock.{kind}"), data)
}

#[test]
fn any_sequence_of_events_ends_as_the_model_says() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_database, db) = runtime.block_on(async {
        let (database, db) = shop(&[]).await.unwrap();
        for (place, priority, _) in PLACES.iter().filter(|(place, ..)| *place != "main") {
            locate(&db, place, *priority).await.unwrap();
        }
        (database, db)
    });
    let config = Config { cases: 96, failure_persistence: None, ..Config::default() };
    proptest!(config, |(lines in order_lines(), steps in steps())| {
        let outcome = runtime.block_on(async {
            let mut case = Case::new(&db, lines).await?;
            for step in steps {
                case.run(&db, step).await?;
            }
            case.compare(&db).await
        });
        prop_assert!(outcome.is_ok(), "{:#}", outcome.unwrap_err());
    });
}
