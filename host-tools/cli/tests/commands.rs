//! The command itself, as an operator calls it, in private environments.

#![allow(clippy::unwrap_used, reason = "a failing helper fails its test")]

use std::fs;
use std::process::{Command, Output};

use souk_local::{Environment, Process};

fn souk(environment: &Environment, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_souk"));
    command.env_remove("SOUK_PG_URL").env_remove("SOUK_REDIS_URL");
    command.arg("--root").arg(&environment.settings().root).args(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_shop_at_rest_keeps_every_promise() {
    let environment = Environment::temporary(|_| ()).unwrap();
    environment.start_servers().await.unwrap();
    let migrated = souk(&environment, &["migrate", "--json"]);
    assert!(migrated.status.success(), "{}", stderr(&migrated));
    assert!(environment.is_running(Process::Postgres), "a server that ran goes on");

    let verified = souk(&environment, &["verify", "--wait", "5", "--json"]);
    assert!(verified.status.success(), "{}{}", stdout(&verified), stderr(&verified));
    let report: serde_json::Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!(report["ok"], true);
    assert!(report["checks"].as_array().unwrap().len() > 15);

    let status: serde_json::Value = serde_json::from_slice(&souk(&environment, &["status", "--json"]).stdout).unwrap();
    assert_eq!(status["outboxes"].as_array().unwrap().len(), 7);
    assert!(status["groups"].as_array().unwrap().iter().all(|group| group["lag"] == 0));
}

#[tokio::test]
async fn a_shop_with_a_server_for_each_service_is_verified_as_well() {
    let environment = Environment::temporary(|_| ()).unwrap();
    environment.start_servers().await.unwrap();
    environment.migrate().await.unwrap();
    let nowhere = environment.settings().root.join("elsewhere");
    let verify = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_souk"));
        command.env_remove("SOUK_PG_URL").env("SOUK_REDIS_URL", environment.redis_url());
        for service in souk_local::SERVICES {
            command.env(format!("SOUK_PG_URL_{}", service.to_uppercase()), environment.pg_url(service));
        }
        command.arg("--root").arg(&nowhere).args(["verify", "--wait", "5"]);
        command
    };
    let verified = verify().output().unwrap();
    assert!(verified.status.success(), "{}{}", stdout(&verified), stderr(&verified));

    let missing = verify().env_remove("SOUK_PG_URL_PAYMENT").output().unwrap();
    assert!(!missing.status.success(), "no database may be passed over");
    let wrong = verify().env("SOUK_PG_URL_PAYMENT", "mysql://x").output().unwrap();
    assert!(stderr(&wrong).contains("SOUK_PG_URL_PAYMENT"), "{}", stderr(&wrong));
}

#[tokio::test]
async fn a_broken_promise_is_named_and_ends_with_code_1() {
    let environment = Environment::temporary(|_| ()).unwrap();
    environment.start_servers().await.unwrap();
    environment.migrate().await.unwrap();
    let catalog = environment.connect("catalog").await.unwrap();
    catalog.batch_execute("SELECT emit('souk:catalog', 'product.changed', 1, 'lost', NULL, '{}')").await.unwrap();
    let verified = souk(&environment, &["verify"]);
    assert_eq!(verified.status.code(), Some(1));
    let text = stdout(&verified);
    assert!(text.contains("BROKEN  every event left its outbox"), "{text}");
    assert!(text.contains("catalog/1: product.changed of lost"), "{text}");

    let waited = souk(&environment, &["verify", "--wait", "0"]);
    assert!(stdout(&waited).contains("not settled in time: 1 events in the outbox of catalog"), "{}", stdout(&waited));
}

#[tokio::test]
async fn dead_letters_are_listed_shown_replayed_and_dropped() {
    let environment = Environment::temporary(|_| ()).unwrap();
    environment.start(Process::Redis).await.unwrap();
    let mut redis = environment.connect_redis().await.unwrap();
    let event = r#"{"id":"e-1","type":"order.placed","key":"k-1","data":{}}"#;
    let mut ids = Vec::new();
    for entry in ["1-0", "2-0"] {
        let fields = [
            "event",
            event,
            "error",
            "no such column",
            "group",
            "inventory",
            "source_id",
            "9-9",
            "deliveries",
            "5",
            "at",
            "now",
        ];
        let id: String =
            redis::cmd("XADD").arg("souk:order:dead").arg(entry).arg(&fields).query_async(&mut redis).await.unwrap();
        ids.push(format!("order/{id}"));
    }

    let list = stdout(&souk(&environment, &["dlq", "list"]));
    assert!(list.contains("order/1-0  order.placed of k-1  for inventory, 5 deliveries"), "{list}");
    assert!(list.contains("no such column"), "{list}");
    let shown: serde_json::Value =
        serde_json::from_slice(&souk(&environment, &["dlq", "show", &ids[0], "--json"]).stdout).unwrap();
    assert_eq!((&shown["event"]["id"], &shown["source_id"]), (&"e-1".into(), &"9-9".into()));

    let json = |args: &[&str]| serde_json::from_slice::<serde_json::Value>(&souk(&environment, args).stdout).unwrap();
    assert_eq!(json(&["dlq", "replay", &ids[0], "--json"]), serde_json::json!({"replayed": ["order/1-0"]}));
    let entries: Vec<(String, Vec<String>)> =
        redis::cmd("XRANGE").arg(&["souk:order", "-", "+"]).query_async(&mut redis).await.unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].1, ["event", event], "the stream gets the event as it was, and nothing else");
    let again = souk(&environment, &["dlq", "replay", &ids[0]]);
    assert!(!again.status.success() && stderr(&again).contains("there is no dead letter"), "{}", stderr(&again));

    assert_eq!(json(&["dlq", "drop", "--all", "--json"]), serde_json::json!({"dropped": ["order/2-0"]}));
    assert!(stdout(&souk(&environment, &["dlq", "drop", "--all"])).starts_with("0 dead letters"), "none is no error");
    let status = json(&["status", "--json"]);
    let errors = status["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "Postgres does not run: {errors:?}");
    assert!(errors[0].as_str().unwrap().contains("souk_user") && status["outboxes"] == serde_json::json!([]));
    assert_eq!(stdout(&souk(&environment, &["dlq", "list", "--json"])).trim(), "[]");
    for bad in ["order", "nowhere/1-0", "order/x"] {
        let answer = souk(&environment, &["dlq", "show", bad]);
        assert!(!answer.status.success() && stderr(&answer).lines().count() == 1, "{bad}: {}", stderr(&answer));
    }
}

#[tokio::test]
async fn sums_are_made_again_from_the_streams_and_from_the_facts() {
    let environment = Environment::temporary(|_| ()).unwrap();
    environment.start_servers().await.unwrap();
    environment.migrate().await.unwrap();
    let mut redis = environment.connect_redis().await.unwrap();
    let sign_up = |n: u8| {
        format!(
            r#"{{"id":"01900000-0000-7000-8000-0000000000{n:02}","type":"user.registered","version":1,"key":"k",
                "occurred_at":"2026-03-01T10:00:00Z","traceparent":null,"data":{{}}}}"#
        )
    };
    let no_stock = sign_up(50).replace("user.registered", "stock.changed");
    // Bad events stand among good ones, in one batch.
    for event in (10..40).map(sign_up).chain(["no event".to_owned(), no_stock, sign_up(41)]) {
        let added: redis::RedisResult<String> =
            redis::cmd("XADD").arg(&["souk:user", "*", "event", &event]).query_async(&mut redis).await;
        added.unwrap();
    }
    let json = |output: &Output| serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();

    let replayed = souk(&environment, &["analytics", "replay", "--json"]);
    assert_eq!(replayed.status.code(), Some(1), "two events are refused: {}", stderr(&replayed));
    assert_eq!((&json(&replayed)["read"], &json(&replayed)["added"]), (&33.into(), &31.into()));
    assert_eq!(json(&replayed)["refused"].as_array().map(Vec::len), Some(2), "{}", stdout(&replayed));
    assert_eq!(json(&souk(&environment, &["analytics", "replay", "--json"]))["added"], 0, "nothing counts twice");
    assert!(stderr(&souk(&environment, &["analytics", "replay"])).contains("user/"), "refused events are named");

    let analytics = environment.connect("analytics").await.unwrap();
    analytics.execute("UPDATE totals SET events = 7 WHERE metric = 'sign_ups'", &[]).await.unwrap();
    let rebuilt = souk(&environment, &["analytics", "rebuild", "--json"]);
    assert_eq!(json(&rebuilt), serde_json::json!({"sums": 2, "wrong_before": 1}), "{}", stderr(&rebuilt));
    let sums = analytics.query_one("SELECT events FROM totals WHERE metric = 'sign_ups'", &[]).await.unwrap();
    assert_eq!(sums.get::<_, i64>(0), 31);
}

#[tokio::test]
async fn a_file_with_bad_rows_is_reported_and_not_imported() {
    let environment = Environment::temporary(|_| ()).unwrap();
    let file = environment.settings().root.join("products.csv");
    fs::write(&file, "Handle,Title,Variant SKU,Variant Price\ncup,Cup,CUP,4.00\npot,Pot,POT,4.005\n").unwrap();
    let path = file.to_str().unwrap();

    // No shop runs: whoever tried to send something would fail with another message.
    let refused = souk(&environment, &["import", path]);
    assert_eq!(refused.status.code(), Some(1));
    let text = stderr(&refused);
    assert!(text.contains("error: line 3, Variant Price: \"4.005\" has more than the 2 decimals of EUR"), "{text}");
    assert!(text.contains("nothing was imported"), "{text}");

    let report: serde_json::Value =
        serde_json::from_slice(&souk(&environment, &["import", path, "--partial", "--dry-run", "--json"]).stdout)
            .unwrap();
    assert_eq!((&report["products"], &report["left_out"]), (&1.into(), &1.into()));
    assert_eq!(report["errors"][0]["line"], 3);

    let missing = souk(&environment, &["import", "no-such.csv"]);
    assert!(stderr(&missing).starts_with("souk: reading no-such.csv"), "{}", stderr(&missing));
}

#[test]
fn a_place_where_nothing_was_started_is_said_in_one_line() {
    let root = std::env::temp_dir().join(format!("souk-empty-{}", std::process::id()));
    let output = Command::new(env!("CARGO_BIN_EXE_souk"))
        .env_remove("SOUK_PG_URL")
        .arg("--root")
        .arg(&root)
        .arg("status")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("run `souk up` first"), "{}", stderr(&output));
    assert!(!root.exists(), "looking makes nothing");
}
