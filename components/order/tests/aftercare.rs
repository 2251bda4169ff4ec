//! Random histories of what happens to a paid order: parcels, cancellations, returns, refunds and what payment says of
//! them, in any order. After each step the books must agree, by the same statements that `souk verify` runs.

mod support;

use anyhow::{Context, Result, ensure};
use proptest::{
    sample::select,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::json;
use souk_order::domain::{
    status::Status,
    views::{OrderView, RefundStatus, ReturnStatus},
};
use std::collections::BTreeSet;
use support::{Shop, about};
use uuid::Uuid;

/// What [`Shop::paid`] paid, and the pieces that it bought.
const TOTAL: i64 = 5988;
const PIECES: u32 = 5;

const BOOKS: [&str; 2] = [
    include_str!("../../../host-tools/cli/src/verify/sql/order_refunds.sql"),
    include_str!("../../../host-tools/cli/src/verify/sql/order_returns.sql"),
];

#[derive(Debug, Clone, Copy)]
enum Step {
    Ships,
    Arrives,
    ShopperCancels,
    GivesPartBack(i64),
    GivesRestBack,
    AsksForReturn(&'static str, i32),
    Accepts,
    AcceptsForNothing,
    Rejects,
    OldestRefundIsBack,
    NewestRefundIsBack,
    NewestRefundFails,
}

const STEPS: [Step; 16] = [
    Step::Ships,
    Step::Arrives,
    Step::Arrives,
    Step::ShopperCancels,
    Step::GivesPartBack(988),
    Step::GivesPartBack(2500),
    Step::GivesRestBack,
    Step::AsksForReturn("TEA", 1),
    Step::AsksForReturn("TEA", 3),
    Step::AsksForReturn("CUP", 2),
    Step::Accepts,
    Step::AcceptsForNothing,
    Step::Rejects,
    Step::OldestRefundIsBack,
    Step::NewestRefundIsBack,
    Step::NewestRefundFails,
];

async fn take(shop: &Shop, (user, order): (Uuid, Uuid), step: Step) -> Result<()> {
    let key = Uuid::now_v7().to_string();
    let give = async |amount: Option<i64>| {
        shop.ask("refund_order($1, $2, 'EUR', 'why', NULL, NULL, $3, 'hash', NULL)", &[&order, &amount, &key]).await
    };
    let newest = "SELECT max(return_id::text)::uuid FROM order_returns WHERE order_id = $1 AND status = 'requested'";
    let answer = async |call: &str| -> Result<()> {
        let id: Option<Uuid> = shop.db.query_one(newest, &[&order]).await?.get(0);
        shop.ask(call, &[&order, &id]).await.map(drop)
    };
    // Payment books a refund that it once called failed as long as there is room for it, and tells only what it booked.
    let settle = async |type_: &str, first: &str| -> Result<()> {
        let sql = format!(
            "SELECT refund_id FROM order_refunds r JOIN orders o ON o.id = r.order_id
             WHERE order_id = $1 AND (r.status <> 'failed' OR o.refund_minor + r.amount_minor <= o.captured_minor)
             ORDER BY requested_at {first}, refund_id {first} LIMIT 1"
        );
        let Some(row) = shop.db.query_opt(&sql, &[&order]).await? else { return Ok(()) };
        let refund: Uuid = row.get(0);
        shop.apply(&[about(type_, order, json!({"refund_id": refund, "code": "c", "message": "No."}))]).await.map(drop)
    };
    match step {
        Step::Ships => shop.ask("move_parcel($1, 'shipped', NULL)", &[&order]).await.map(drop),
        Step::Arrives => shop.ask("move_parcel($1, 'delivered', NULL)", &[&order]).await.map(drop),
        Step::ShopperCancels => shop.ask("cancel_order($1, $2, false, NULL)", &[&order, &user]).await.map(drop),
        Step::GivesPartBack(amount) => give(Some(amount)).await.map(drop),
        Step::GivesRestBack => give(None).await.map(drop),
        Step::AsksForReturn(sku, quantity) => {
            let lines = json!([{"sku": sku, "quantity": quantity}]);
            let call = "request_return($1, $2, false, $3, 'why', 30, NULL)";
            shop.ask(call, &[&order, &user, &lines]).await.map(drop)
        }
        Step::Accepts => answer("accept_return($1, $2, '{}', NULL, NULL, NULL, NULL)").await,
        Step::AcceptsForNothing => answer("accept_return($1, $2, '{}', 0, 'EUR', NULL, NULL)").await,
        Step::Rejects => answer("reject_return($1, $2, 'no', NULL)").await,
        Step::OldestRefundIsBack => settle("payment.refunded", "ASC").await,
        Step::NewestRefundIsBack => settle("payment.refunded", "DESC").await,
        Step::NewestRefundFails => settle("payment.refund_failed", "DESC").await,
    }
}

/// The order, after it was checked that what it shows fits together and that the books agree.
async fn sound(shop: &Shop, order: Uuid) -> Result<OrderView> {
    for sql in BOOKS {
        let row = shop.db.query_one(sql, &[]).await?;
        ensure!(row.get::<_, Vec<String>>(1).is_empty(), "{:?}", row.get::<_, Vec<String>>(2));
    }
    let view: OrderView = serde_json::from_value(shop.view(order).await?)?;
    let done = view.refunds.iter().filter(|refund| refund.status == RefundStatus::Refunded);
    ensure!(view.refunded.amount_minor == done.map(|refund| refund.amount.amount_minor).sum::<i64>());
    let is_refunded = view.refunded.amount_minor == TOTAL;
    ensure!((view.status == Status::Refunded) == is_refunded, "{:?} with {} back", view.status, view.refunded);
    let accepted = view.returns.iter().filter(|one| one.status == ReturnStatus::Accepted);
    let pieces: u32 = accepted.flat_map(|one| &one.lines).map(|line| line.quantity).sum();
    ensure!(
        (view.status == Status::Returned) == (pieces == PIECES && !is_refunded),
        "{:?}, {pieces} back",
        view.status
    );
    // Of an order that was called off all money is back or asked for, unless payment refused.
    if view.status == Status::Cancelled && view.refunds.iter().all(|refund| refund.status != RefundStatus::Failed) {
        ensure!(view.refunds.iter().map(|refund| refund.amount.amount_minor).sum::<i64>() == TOTAL);
    }
    shop.told(order).await?;
    Ok(view)
}

#[tokio::test]
async fn after_every_step_of_any_history_the_books_agree() -> Result<()> {
    let shop = Shop::open().await?;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let histories = proptest::collection::vec(select(STEPS.to_vec()), 5..25);
    let mut seen = BTreeSet::new();
    for n in 0..120 {
        let history = histories.new_tree(&mut runner).map_err(|why| anyhow::anyhow!("{why}"))?.current();
        let paid = shop.paid(if n % 2 == 0 { "confirmed" } else { "delivered" }).await?;
        for (at, step) in history.iter().enumerate() {
            let so_far = || format!("{:?}", history.get(..=at));
            take(&shop, paid, *step).await.with_context(so_far)?;
            seen.insert(sound(&shop, paid.1).await.with_context(so_far)?.status.as_str());
        }
    }
    let every = ["cancelled", "confirmed", "delivered", "refunded", "returned", "shipped"];
    assert_eq!(seen, BTreeSet::from(every), "the histories went everywhere");
    Ok(())
}
