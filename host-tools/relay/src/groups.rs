//! Creates consumer groups. They start at the beginning of the stream, so whatever was published before is delivered.

use redis::RedisResult;
use redis::aio::ConnectionManager;

/// Creates the `(stream, group)` pairs that are missing, streams included. Returns how many it created.
pub(crate) async fn create(
    redis: &mut ConnectionManager,
    pairs: impl Iterator<Item = (&str, &str)>,
) -> RedisResult<usize> {
    let mut pipeline = redis::pipe();
    pipeline.ignore_errors();
    for (stream, group) in pairs {
        pipeline.cmd("XGROUP").arg("CREATE").arg(stream).arg(group).arg("0").arg("MKSTREAM");
    }
    if pipeline.is_empty() {
        return Ok(0);
    }
    let replies: Vec<RedisResult<redis::Value>> = pipeline.query_async(redis).await?;
    let mut created = 0;
    for reply in replies {
        match reply {
            Ok(_) => created += 1,
            Err(error) if error.code() == Some("BUSYGROUP") => {} // exists already
            Err(error) => return Err(error),
        }
    }
    Ok(created)
}
