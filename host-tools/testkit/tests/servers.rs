//! The servers keep their promises: real, private, and restartable with their data.

use redis::AsyncCommands;
use souk_testkit::{Postgres, Redis};

#[tokio::test]
async fn a_platform_database_has_an_outbox_that_the_relay_may_read_and_delete_only() {
    let postgres = Postgres::shared();
    let database = postgres.platform("user").await.unwrap();
    let client = database.connect().await.unwrap();
    client.execute("SELECT emit('souk:user', 'user.deleted', 1, 'k', NULL, '{}')", &[]).await.unwrap();

    let (relay, connection) =
        tokio_postgres::connect(&database.url_as("souk_relay"), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    assert_eq!(relay.execute("DELETE FROM outbox", &[]).await.unwrap(), 1);
    let refused = relay.execute("DELETE FROM inbox", &[]).await.unwrap_err();
    assert_eq!(refused.code(), Some(&tokio_postgres::error::SqlState::INSUFFICIENT_PRIVILEGE));
}

#[tokio::test]
async fn letters_are_those_of_a_shop_and_not_english_ones_alone() {
    let client = Postgres::shared().platform("catalog").await.unwrap().connect().await.unwrap();
    let row = client.query_one("SELECT lower('ÇINI') || '', 'São' ILIKE '%SÃO%'", &[]).await.unwrap();
    assert_eq!((row.get::<_, &str>(0), row.get::<_, bool>(1)), ("çini", true));
}

#[tokio::test]
async fn a_crashed_postgres_comes_back_on_its_port_with_its_data() {
    let mut postgres = Postgres::start().unwrap();
    let database = postgres.platform("user").await.unwrap();
    database.connect().await.unwrap().batch_execute("CREATE TABLE kept AS SELECT 7 AS n").await.unwrap();
    postgres.crash().unwrap();
    assert!(database.connect().await.is_err());
    postgres.resume().unwrap();
    let row = database.connect().await.unwrap().query_one("SELECT n FROM kept", &[]).await.unwrap();
    assert_eq!(row.get::<_, i32>(0), 7);
}

#[tokio::test]
async fn a_killed_redis_comes_back_with_what_it_answered() {
    let mut server = Redis::start().unwrap();
    let _: () = server.connect().await.unwrap().set("kept", 7).await.unwrap();
    server.crash().unwrap();
    assert!(server.connect().await.is_err());
    server.resume().unwrap();
    assert_eq!(server.connect().await.unwrap().get::<_, i32>("kept").await.unwrap(), 7);
}

#[tokio::test]
async fn ids_of_statements_after_each_other_rise_and_say_when() {
    let client = Postgres::shared().platform("user").await.unwrap().connect().await.unwrap();
    let draw = client.prepare("SELECT uuid_v7()::text, extract(epoch FROM clock_timestamp())::float8").await.unwrap();
    let mut last = String::new();
    for _ in 0..500 {
        let row = client.query_one(&draw, &[]).await.unwrap();
        let (id, now): (String, f64) = (row.get(0), row.get(1));
        assert!(id > last, "{id} after {last}");
        let hex = id.replace('-', "");
        let millis = u64::from_str_radix(&hex[..12], 16).unwrap();
        assert!((now * 1e3 - millis as f64).abs() < 1e3, "{id} at {now}");
        assert_eq!(&hex[12..13], "7", "{id} is of version 7");
        assert!(matches!(&hex[16..17], "8" | "9" | "a" | "b"), "{id} has the variant of RFC 9562");
        last = id;
    }
}
