//! The scripts on a real Redis: which fills get through, and when lists are void.

use super::*;
use anyhow::Result;
use redis::aio::MultiplexedConnection;
use souk_testkit::Redis as Server;

async fn fill(redis: &mut MultiplexedConnection, revision: u64, value: &str) -> Result<bool> {
    Ok(redis::cmd("EVAL").arg(FILL).arg(1).arg("p").arg(revision).arg(value).arg(60).query_async(redis).await?)
}

async fn void(redis: &mut MultiplexedConnection, keys: &[(&str, u64)]) -> Result<()> {
    let mut command = redis::cmd("EVAL");
    command.arg(INVALIDATE).arg(keys.len());
    for (key, _) in keys {
        command.arg(key);
    }
    command.arg(60);
    for (_, revision) in keys {
        command.arg(revision);
    }
    Ok(command.query_async(redis).await?)
}

async fn value(redis: &mut MultiplexedConnection, key: &str) -> Result<Option<String>> {
    Ok(redis::cmd("GET").arg(key).query_async(redis).await?)
}

#[tokio::test]
async fn a_reader_that_comes_late_cannot_bring_an_old_page_back() -> Result<()> {
    let server = Server::start()?;
    let mut redis = server.connect().await?;
    // One reader takes revision 1 and is held up; the product becomes revision 2; the cache is told.
    void(&mut redis, &[("p", 2)]).await?;
    assert!(!fill(&mut redis, 1, "1+\"a\"\nold").await?);
    assert_eq!(value(&mut redis, "p").await?.as_deref(), Some("2!"));
    // A reader with the new row need not wait.
    assert!(fill(&mut redis, 2, "2+\"b\"\nnew").await?);
    assert!(!fill(&mut redis, 1, "1+\"a\"\nold").await?);
    assert!(!fill(&mut redis, 0, "0-").await?);
    assert_eq!(value(&mut redis, "p").await?.as_deref(), Some("2+\"b\"\nnew"));
    Ok(())
}

#[tokio::test]
async fn telling_the_cache_again_does_not_void_what_is_new() -> Result<()> {
    let server = Server::start()?;
    let mut redis = server.connect().await?;
    fill(&mut redis, 2, "2+\"b\"\nnew").await?;
    void(&mut redis, &[("p", 2), ("q", 7)]).await?;
    void(&mut redis, &[("p", 1)]).await?;
    assert_eq!(value(&mut redis, "p").await?.as_deref(), Some("2+\"b\"\nnew"));
    assert_eq!(value(&mut redis, "q").await?.as_deref(), Some("7!"));
    void(&mut redis, &[("p", 10)]).await?;
    assert_eq!(value(&mut redis, "p").await?.as_deref(), Some("10!"), "revisions are numbers, not text");
    Ok(())
}

#[tokio::test]
async fn absence_gives_way_to_the_product_once_it_is_there() -> Result<()> {
    let server = Server::start()?;
    let mut redis = server.connect().await?;
    assert!(fill(&mut redis, 0, "0-").await?);
    void(&mut redis, &[("p", 1)]).await?;
    assert!(!fill(&mut redis, 0, "0-").await?);
    assert!(fill(&mut redis, 1, "1+\"a\"\nthere").await?);
    Ok(())
}

#[tokio::test]
async fn everything_in_the_cache_ends_by_itself() -> Result<()> {
    let server = Server::start()?;
    let mut redis = server.connect().await?;
    fill(&mut redis, 1, "1+\"a\"\nx").await?;
    void(&mut redis, &[("q", 1)]).await?;
    for key in ["p", "q"] {
        let ttl: i64 = redis::cmd("TTL").arg(key).query_async(&mut redis).await?;
        assert!((1..=60).contains(&ttl), "{key}: {ttl}");
    }
    Ok(())
}

#[tokio::test]
async fn changes_make_no_new_generation_while_the_last_one_is_young() -> Result<()> {
    let server = Server::start()?;
    let mut redis = server.connect().await?;
    let script = redis::Script::new(NEW_GENERATION_UNLESS_YOUNG);
    let change = async |redis: &mut MultiplexedConnection| -> Result<u64> {
        let _: i64 = script.key("generation").key("young").invoke_async(redis).await?;
        Ok(redis::cmd("GET").arg("generation").query_async(redis).await?)
    };
    assert_eq!(change(&mut redis).await?, 1);
    let young_for_ms: i64 = redis::cmd("PTTL").arg("young").query_async(&mut redis).await?;
    assert!((-2..=1000).contains(&young_for_ms) && young_for_ms != -1, "{young_for_ms}");
    // Time is stopped, as it were: the generation stays young however long the next lines take.
    let _: String = redis::cmd("SET").arg("young").arg("1").query_async(&mut redis).await?;
    for _ in 0..20 {
        assert_eq!(change(&mut redis).await?, 1);
    }
    let _: i64 = redis::cmd("DEL").arg("young").query_async(&mut redis).await?;
    assert_eq!(change(&mut redis).await?, 2);
    Ok(())
}
