//! What the database promises about pieces that come back: none twice, none that was not bought, and their money once.

mod support;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use serde_json::{Value, json};
use souk_order::domain::views::{OrderView, ReturnStatus};
use support::{Shop, about, event};
use tokio_postgres::{Client, types::ToSql};
use uuid::Uuid;

fn pieces(lines: &[(&str, i32)]) -> Value {
    lines.iter().map(|(sku, quantity)| json!({"sku": sku, "quantity": quantity})).collect()
}

async fn asked(db: &Client, order: Uuid, user: Uuid, lines: &[(&str, i32)]) -> Result<String> {
    let sql = "SELECT outcome FROM request_return($1, $2, false, $3, 'Too small', 30, 'trace')";
    Ok(db.query_one(sql, &[&order, &user, &pieces(lines)]).await?.get(0))
}

/// The newest return of an order.
async fn newest(shop: &Shop, order: Uuid) -> Result<Uuid> {
    let sql =
        "SELECT return_id FROM order_returns WHERE order_id = $1 ORDER BY requested_at DESC, return_id DESC LIMIT 1";
    Ok(shop.db.query_one(sql, &[&order]).await?.get(0))
}

async fn accepted(db: &Client, order: Uuid, id: Uuid, restock: &[&str], refund: Option<i64>) -> Result<String> {
    let sql = "SELECT outcome FROM accept_return($1, $2, $3, $4, 'EUR', NULL, 'trace')";
    let params: [&(dyn ToSql + Sync); 4] = [&order, &id, &restock, &refund];
    Ok(db.query_one(sql, &params).await?.get(0))
}

async fn rejected(db: &Client, order: Uuid, id: Uuid) -> Result<String> {
    Ok(db.query_one("SELECT outcome FROM reject_return($1, $2, 'Worn', NULL)", &[&order, &id]).await?.get(0))
}

/// Asks to send pieces back and takes them in; what goes back for them.
async fn returned(shop: &Shop, order: Uuid, user: Uuid, lines: &[(&str, i32)]) -> Result<i64> {
    assert_eq!(asked(&shop.db, order, user, lines).await?, "ok");
    assert_eq!(accepted(&shop.db, order, newest(shop, order).await?, &[], None).await?, "ok");
    let told = shop.told(order).await?;
    let amount = told.iter().find_map(|event| event.pointer("/data/refund/amount_minor"));
    amount.and_then(Value::as_i64).context("nothing was told to be back")
}

#[tokio::test]
async fn a_return_is_asked_for_taken_in_and_refunded() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, order) = shop.paid("delivered").await?;
    assert_eq!(asked(&shop.db, order, user, &[("CUP", 1), ("TEA", 3)]).await?, "ok");
    let told = shop.told(order).await?.remove(0);
    assert_eq!(told["type"], "order.return_requested");
    assert_eq!((&told["data"]["reason"], &told["data"]["email"]), (&json!("Too small"), &json!("ana@souk.example")));
    let id = newest(&shop, order).await?;
    assert_eq!(told["data"]["return_id"], id.to_string());
    assert_eq!(told["data"]["lines"].as_array().map(Vec::len), Some(2));

    for _ in 0..2 {
        assert_eq!(accepted(&shop.db, order, id, &["TEA"], None).await?, "ok", "accepting again is no error");
    }
    let told = shop.told(order).await?;
    let types: Vec<_> = told.iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!(types, ["order.returned", "order.refund_requested"]);
    let restock: Vec<_> = told[0]["data"]["lines"].as_array().into_iter().flatten().map(|l| &l["restock"]).collect();
    assert_eq!(restock, [&json!(true), &json!(false)], "tea can be sold again, the cup cannot");
    assert_eq!(told[0]["data"]["refund"]["amount_minor"], 3499);
    assert_eq!(told[1]["data"]["amount"], told[0]["data"]["refund"]);
    let view: OrderView = serde_json::from_value(shop.view(order).await?)?;
    assert_eq!((view.status.as_str(), view.returns.len()), ("delivered", 1));
    assert_eq!((view.returns[0].status, view.returns[0].lines[0].restock), (ReturnStatus::Accepted, Some(true)));

    // The last cup: with it all of the order is back, and the shipping goes back, too.
    assert_eq!(returned(&shop, order, user, &[("CUP", 1)]).await?, 1999 + 490);
    assert_eq!(shop.status(order).await?, "returned");
    let sql = "SELECT refund_id FROM order_refunds WHERE order_id = $1";
    let refunds: Vec<Uuid> = shop.db.query(sql, &[&order]).await?.iter().map(|row| row.get(0)).collect();
    for refund in refunds {
        shop.apply(&[about("payment.refunded", order, json!({"refund_id": refund}))]).await?;
    }
    let view: OrderView = serde_json::from_value(shop.view(order).await?)?;
    assert_eq!((view.status.as_str(), view.refunded), ("refunded", view.total));
    assert_eq!(view.reason.as_deref(), Some("returned"));
    let history = shop.history(order).await?;
    assert_eq!(history.iter().filter(|entry| *entry == "returned").count(), 2);
    assert_eq!(history.last().map(String::as_str), Some("refunded"));
    Ok(())
}

#[tokio::test]
async fn a_piece_gives_back_its_share_of_what_was_paid_and_all_pieces_all_of_it() -> Result<()> {
    let shop = Shop::open().await?;
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 3).await?;
    let cart = shop.load(user, None).await?["cart"].clone();
    let id: Uuid = cart["id"].as_str().context("no cart")?.parse()?;
    // 15.00 with 3.01 off and 2.76 tax on top: each tea cost 4.91 and two thirds of a cent.
    let new = json!({
        "email": "ana@souk.example", "name": "Ana", "discount_minor": 301, "shipping_minor": 490, "tax_minor": 276,
        "total_minor": 1965, "discounts": [], "promotion_codes": [], "shipping_method": "standard",
        "shipping_label": "Standard", "tax_label": "VAT 23 %", "shipping_address": {}, "payment_token": "tok_success"
    });
    let sql = "SELECT order_id FROM place_order($1, $2, $3, 'key', 'hash', $4, 'trace')";
    let row = shop.db.query_one(sql, &[&user, &id, &cart["fingerprint"].as_str(), &new]).await?;
    let order: Uuid = row.get::<_, Option<Uuid>>(0).context("no order")?;
    shop.apply(&[about("stock.reserved", order, json!({})), support::captured(order, 1965)]).await?;
    for status in ["shipped", "delivered"] {
        shop.db.query_one("SELECT move_parcel($1, $2, NULL)", &[&order, &status]).await?;
    }
    shop.told(order).await?;
    let mut back = vec![];
    for _ in 0..3 {
        back.push(returned(&shop, order, user, &[("TEA", 1)]).await?);
    }
    assert_eq!(back, [491, 492, 982], "no cent is lost to rounding");
    assert_eq!(back.iter().sum::<i64>(), 1965);
    Ok(())
}

/// An order of three teas (5.00 each) and two cups (19.99 each), with 4.90 for shipping, what codes give, and a tax of
/// which a part is on the shipping, delivered.
async fn delivered_with(
    shop: &Shop,
    discounts: &[(&str, i64)],
    (tax, on_shipping): (i64, Option<i64>),
) -> Result<(Uuid, Uuid)> {
    let user = Uuid::now_v7();
    shop.put(user, "TEA", 3).await?;
    shop.put(user, "CUP", 2).await?;
    let codes: Vec<&str> = discounts.iter().map(|(code, _)| *code).collect();
    let sql = "SELECT checkout_load($1, NULL, $2, $3)";
    let email = format!("{user}@souk.example");
    let loaded: Value = shop.db.query_one(sql, &[&user, &codes, &email]).await?.get(0);
    let said = |name: &str| loaded.pointer(&format!("/cart/{name}")).and_then(Value::as_str);
    let id: Uuid = said("id").context("no cart")?.parse()?;
    let discount: i64 = discounts.iter().map(|(_, amount)| amount).sum();
    let applied: Vec<Value> = discounts
        .iter()
        .map(|(code, amount)| json!({"code": code, "amount": {"amount_minor": amount, "currency": "EUR"}}))
        .collect();
    let total = 5498 - discount + 490 + tax;
    let new = json!({
        "email": email, "name": "Ana", "discount_minor": discount, "shipping_minor": 490, "tax_minor": tax,
        "shipping_tax_minor": on_shipping, "total_minor": total, "discounts": applied, "promotion_codes": codes,
        "shipping_method": "standard", "shipping_label": "Standard", "tax_label": "VAT", "shipping_address": {},
        "payment_token": "tok_success"
    });
    let sql = "SELECT order_id FROM place_order($1, $2, $3, 'key', 'hash', $4, 'trace')";
    let row = shop.db.query_one(sql, &[&user, &id, &said("fingerprint"), &new]).await?;
    let order: Uuid = row.get::<_, Option<Uuid>>(0).context("no order")?;
    shop.apply(&[about("stock.reserved", order, json!({})), support::captured(order, total)]).await?;
    for status in ["shipped", "delivered"] {
        shop.db.query_one("SELECT move_parcel($1, $2, NULL)", &[&order, &status]).await?;
    }
    shop.told(order).await?;
    Ok((user, order))
}

async fn code(shop: &Shop, name: &str, skus: &[&str], categories: &[&str]) -> Result<()> {
    let new = json!({
        "code": name, "label": name, "benefit": {"kind": "percentage", "basis_points": 5000}, "min_subtotal": null,
        "skus": skus, "categories": categories, "combinable": true, "valid_from": null, "valid_until": null,
        "active": true, "max_uses": null, "max_uses_per_shopper": null
    });
    assert_eq!(shop.ask("promotion_create($1)", &[&new]).await?.0, "ok");
    Ok(())
}

/// What each line was cheaper by, by its position.
async fn shares(shop: &Shop, order: Uuid) -> Result<Vec<(i16, i64)>> {
    let sql = "SELECT position, discount_minor FROM order_line_discounts WHERE order_id = $1 ORDER BY position";
    Ok(shop.db.query(sql, &[&order]).await?.iter().map(|row| (row.get(0), row.get(1))).collect())
}

#[tokio::test]
async fn a_piece_gives_back_what_was_paid_for_it_and_no_discount_of_others() -> Result<()> {
    let shop = Shop::open().await?;
    code(&shop, "TEAS", &["TEA"], &[]).await?;
    // Half of 15.00 off the tea only. No tax, so that every cent can be seen.
    let (user, order) = delivered_with(&shop, &[("TEAS", 750)], (0, None)).await?;
    assert_eq!(shares(&shop, order).await?, [(1, 750)]);
    assert_eq!(returned(&shop, order, user, &[("CUP", 1)]).await?, 1999, "a cup cost its full price");
    assert_eq!(returned(&shop, order, user, &[("TEA", 2)]).await?, 500, "a tea cost half of it");
    assert_eq!(returned(&shop, order, user, &[("CUP", 1), ("TEA", 1)]).await?, 1999 + 250 + 490);
    assert_eq!(shop.count("SELECT refund_minor FROM orders").await?, 5498 - 750 + 490);
    Ok(())
}

#[tokio::test]
async fn the_tax_on_the_shipping_goes_back_with_the_shipping() -> Result<()> {
    let shop = Shop::open().await?;
    // 20 % of 54.98 and of 4.90.
    let (user, order) = delivered_with(&shop, &[], (1100 + 98, Some(98))).await?;
    assert_eq!(returned(&shop, order, user, &[("CUP", 2)]).await?, 3998 + 799, "20 % of 39.98, and no more");
    assert_eq!(returned(&shop, order, user, &[("TEA", 3)]).await?, 1500 + 301 + 490 + 98);
    Ok(())
}

#[tokio::test]
async fn discounts_are_shared_out_to_the_cent_and_never_above_what_a_line_costs() -> Result<()> {
    let shop = Shop::open().await?;
    code(&shop, "CUPS", &["CUP"], &[]).await?;
    code(&shop, "ALL", &[], &["c"]).await?;
    code(&shop, "TEAS", &["TEA"], &[]).await?;
    // Of 12.34 the cups take all; of the 10.01 after it the tea takes 1500 parts of 4264, which is 3.52.
    let (_, order) = delivered_with(&shop, &[("CUPS", 1234), ("ALL", 1001)], (0, None)).await?;
    assert_eq!(shares(&shop, order).await?, [(1, 352), (2, 1234 + 649)]);
    // A plug-in may give more for the tea than it costs: the rest is off the cups.
    let (_, order) = delivered_with(&shop, &[("TEAS", 2000)], (0, None)).await?;
    assert_eq!(shares(&shop, order).await?.iter().map(|(_, share)| share).sum::<i64>(), 2000);
    // All of the goods for nothing: what goes back at last is shipping and tax.
    let (user, order) = delivered_with(&shop, &[("ALL", 5498)], (113, Some(113))).await?;
    assert_eq!(shares(&shop, order).await?, [(1, 1500), (2, 3998)]);
    assert_eq!(returned(&shop, order, user, &[("CUP", 2)]).await?, 0);
    assert_eq!(returned(&shop, order, user, &[("TEA", 3)]).await?, 490 + 113);
    Ok(())
}

#[tokio::test]
async fn however_pieces_come_back_all_of_them_give_back_all_of_the_money() -> Result<()> {
    let shop = Shop::open().await?;
    code(&shop, "TEAS", &["TEA"], &[]).await?;
    code(&shop, "ALL", &[], &[]).await?;
    let ways: [&[&[(&str, i32)]]; 4] = [
        &[&[("TEA", 1)], &[("TEA", 1)], &[("CUP", 1)], &[("TEA", 1)], &[("CUP", 1)]],
        &[&[("CUP", 2)], &[("TEA", 3)]],
        &[&[("TEA", 2), ("CUP", 1)], &[("CUP", 1), ("TEA", 1)]],
        &[&[("TEA", 3), ("CUP", 2)]],
    ];
    let bills: [(&[(&str, i64)], _); 4] = [
        (&[("TEAS", 500), ("ALL", 333)], (917, Some(113))),
        (&[("TEAS", 1)], (1, None)),
        (&[], (1377, Some(0))),
        (&[("ALL", 5498)], (113, Some(112))),
    ];
    for (discounts, tax) in bills {
        for way in ways {
            let (user, order) = delivered_with(&shop, discounts, tax).await?;
            let total: i64 = 5498 - discounts.iter().map(|(_, amount)| amount).sum::<i64>() + 490 + tax.0;
            let mut back = 0;
            for lines in way {
                let value = returned(&shop, order, user, lines).await?;
                assert!(value >= 0, "{lines:?} of {way:?} gives back {value}");
                back += value;
            }
            assert_eq!(back, total, "{discounts:?} {way:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn no_piece_is_sent_back_twice_however_many_ask_at_once() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, order) = shop.paid("delivered").await?;
    let tabs = try_join_all((0..8).map(|_| shop.database.connect())).await?;
    let outcomes = try_join_all(tabs.iter().map(|tab| asked(tab, order, user, &[("TEA", 2)]))).await?;
    assert_eq!(outcomes.iter().filter(|outcome| *outcome == "ok").count(), 1, "{outcomes:?}");
    assert!(outcomes.iter().all(|outcome| ["ok", "too_many"].contains(&outcome.as_str())));
    assert_eq!(asked(&shop.db, order, user, &[("TEA", 1)]).await?, "ok");
    let error = shop.db.execute("UPDATE order_returned_pieces SET asked = 4", &[]).await.unwrap_err();
    let constraint = error.as_db_error().and_then(|error| error.constraint());
    assert_eq!(constraint, Some("order_returned_pieces_add_up"));
    Ok(())
}

#[tokio::test]
async fn a_declined_return_leaves_its_pieces_with_the_shopper() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, order) = shop.paid("delivered").await?;
    asked(&shop.db, order, user, &[("CUP", 2)]).await?;
    let id = newest(&shop, order).await?;
    for _ in 0..2 {
        assert_eq!(rejected(&shop.db, order, id).await?, "ok", "declining again is no error");
    }
    assert_eq!(accepted(&shop.db, order, id, &[], None).await?, "settled");
    let view: OrderView = serde_json::from_value(shop.view(order).await?)?;
    assert_eq!((view.returns[0].status, view.returns[0].answer.as_deref()), (ReturnStatus::Rejected, Some("Worn")));
    assert_eq!(shop.history(order).await?.last().map(String::as_str), Some("return_rejected"));
    assert_eq!(asked(&shop.db, order, user, &[("CUP", 2)]).await?, "ok", "its pieces can be asked for again");
    assert_eq!(shop.count("SELECT count(*) FROM order_refunds").await?, 0);
    Ok(())
}

#[tokio::test]
async fn a_return_is_accepted_or_declined_and_never_both() -> Result<()> {
    let shop = Shop::open().await?;
    let other = shop.database.connect().await?;
    for _ in 0..10 {
        let (user, order) = shop.paid("delivered").await?;
        asked(&shop.db, order, user, &[("TEA", 1)]).await?;
        let id = newest(&shop, order).await?;
        let (yes, no) = futures::join!(accepted(&shop.db, order, id, &[], None), rejected(&other, order, id));
        let (yes, no) = (yes?, no?);
        assert!([("ok", "settled"), ("settled", "ok")].contains(&(yes.as_str(), no.as_str())), "{yes} and {no}");
        let refunds = "SELECT count(*) FROM order_refunds WHERE order_id = $1";
        let refunds: i64 = shop.db.query_one(refunds, &[&order]).await?.get(0);
        assert_eq!(refunds, i64::from(yes == "ok"));
    }
    Ok(())
}

#[tokio::test]
async fn only_what_has_arrived_lately_goes_back_to_its_shop() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, shipped) = shop.paid("shipped").await?;
    assert_eq!(asked(&shop.db, shipped, user, &[("TEA", 1)]).await?, "not_delivered");
    let (user, order) = shop.paid("delivered").await?;
    assert_eq!(asked(&shop.db, order, Uuid::now_v7(), &[("TEA", 1)]).await?, "not_found", "another's order");
    assert_eq!(asked(&shop.db, order, user, &[("TEA", 1), ("POT", 1)]).await?, "unknown_line");
    assert_eq!(asked(&shop.db, order, user, &[("TEA", 4)]).await?, "too_many");
    shop.db.execute("UPDATE orders SET status_at = now() - interval '31 days' WHERE id = $1", &[&order]).await?;
    assert_eq!(asked(&shop.db, order, user, &[("TEA", 1)]).await?, "too_late");
    assert_eq!(shop.count("SELECT count(*) FROM order_returns").await?, 0);
    let call = "request_return($1, $2, true, $3, 'Agreed by phone', 30, NULL)";
    assert_eq!(shop.ask(call, &[&order, &Uuid::max(), &pieces(&[("TEA", 1)])]).await?.0, "ok", "support may");
    Ok(())
}

#[tokio::test]
async fn the_shop_decides_what_goes_back_within_what_was_paid() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, order) = shop.paid("delivered").await?;
    asked(&shop.db, order, user, &[("CUP", 1)]).await?;
    let id = newest(&shop, order).await?;
    assert_eq!(accepted(&shop.db, order, id, &[], Some(5989)).await?, "over_capture");
    assert_eq!(accepted(&shop.db, order, id, &["TEA"], None).await?, "unknown_line", "tea is not in the return");
    assert_eq!(accepted(&shop.db, Uuid::now_v7(), id, &[], None).await?, "not_found");
    assert_eq!(shop.count("SELECT count(*) FROM order_returns WHERE status = 'requested'").await?, 1);
    assert_eq!(accepted(&shop.db, order, id, &["CUP"], Some(0)).await?, "ok");
    let (told, refunds) = (shop.told(order).await?, shop.count("SELECT count(*) FROM order_refunds").await?);
    assert_eq!((told[1]["data"]["refund"]["amount_minor"].as_i64(), refunds), (Some(0), 0));
    Ok(())
}

#[tokio::test]
async fn a_deleted_account_leaves_no_words_of_its_owner() -> Result<()> {
    let shop = Shop::open().await?;
    let (user, order) = shop.paid("delivered").await?;
    asked(&shop.db, order, user, &[("TEA", 1)]).await?;
    shop.apply(&[event("user.deleted", user, json!({"user_id": user}))]).await?;
    let view: OrderView = serde_json::from_value(shop.view(order).await?)?;
    assert_eq!((view.shipping_address, view.returns[0].reason.as_str()), (None, ""));
    let whom = "SELECT count(*) FROM orders WHERE email LIKE 'ana%' OR name <> '' OR shipping_address <> '{}'";
    assert_eq!(shop.count(whom).await?, 0);
    Ok(())
}
