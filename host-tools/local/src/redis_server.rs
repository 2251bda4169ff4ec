//! The private Redis: an append-only file, nothing evicted, 127.0.0.1 only.

use std::fs;
use std::path::Path;

use crate::error::{FileContext, Result};
use crate::packages;
use crate::process::Launch;

pub(crate) fn launch(root: &Path, port: u16, log_dir: &Path, progress: &dyn Fn(&str)) -> Result<Launch> {
    let dir = root.join("redis");
    let program = packages::redis(log_dir, progress)?;
    fs::create_dir_all(&dir).file("create", &dir)?;
    let options: [(&str, &str); 8] = [
        ("--port", &port.to_string()),
        ("--bind", "127.0.0.1"),
        ("--dir", &dir.display().to_string()),
        ("--appendonly", "yes"),
        ("--appendfsync", "everysec"),
        ("--maxmemory-policy", "noeviction"),
        // The append-only file is the only copy that is needed.
        ("--save", ""),
        ("--daemonize", "no"),
    ];
    let args = options.iter().flat_map(|(name, value)| [(*name).into(), (*value).into()]).collect();
    Ok(Launch { program, args, env: Vec::new(), user: None, dir })
}

/// Whether the server answers PING, and what it said when not. A server that still loads its file does not yet.
pub(crate) async fn ping(url: &str) -> std::result::Result<(), String> {
    let ping = async {
        let client = redis::Client::open(url).map_err(|e| e.to_string())?;
        let mut connection = client.get_multiplexed_async_connection().await.map_err(|e| e.to_string())?;
        redis::cmd("PING").query_async::<String>(&mut connection).await.map_err(|e| e.to_string())
    };
    match tokio::time::timeout(std::time::Duration::from_secs(2), ping).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(message)) => Err(message),
        Err(_) => Err("no answer within 2 s".to_owned()),
    }
}
