//! The private servers and databases, for real: in a temporary directory, on free ports.

use std::fs;
use std::time::{Duration, Instant};

use souk_local::{Environment, Process, SERVICES};

#[tokio::test]
async fn data_survives_a_stop_and_a_kill() {
    let environment = Environment::temporary(|_| ()).unwrap();
    environment.start_servers().await.unwrap();
    assert!(!environment.migrate().await.unwrap().is_empty(), "a fresh machine has something to migrate");
    assert_eq!(environment.migrate().await.unwrap(), [], "a second run finds nothing to do");

    let catalog = environment.connect("catalog").await.unwrap();
    catalog.execute("SELECT emit('souk:catalog', 'test', 1, 'k', NULL, '{}')", &[]).await.unwrap();
    let mut redis = environment.connect_redis().await.unwrap();
    let _: () = redis::cmd("SET").arg("kept").arg("yes").query_async(&mut redis).await.unwrap();

    environment.stop_all().await.unwrap();
    assert!(environment.status().iter().all(|status| status.pid.is_none()));
    environment.start_servers().await.unwrap();
    environment.kill(Process::Postgres).await.unwrap();
    environment.kill(Process::Redis).await.unwrap();
    environment.start_servers().await.unwrap();

    let catalog = environment.connect("catalog").await.unwrap();
    let rows: i64 = catalog.query_one("SELECT count(*) FROM outbox", &[]).await.unwrap().get(0);
    assert_eq!(rows, 1);
    let mut redis = environment.connect_redis().await.unwrap();
    let kept: String = redis::cmd("GET").arg("kept").query_async(&mut redis).await.unwrap();
    assert_eq!(kept, "yes");
}

#[tokio::test]
async fn no_role_reaches_what_is_not_its_own() {
    let environment = Environment::temporary(|_| ()).unwrap();
    environment.start(Process::Postgres).await.unwrap();
    environment.migrate().await.unwrap();
    let connect = |url: String| async move {
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        Ok::<_, tokio_postgres::Error>(client)
    };

    let other = environment.pg_url("order").replace("/souk_order", "/souk_payment");
    assert!(connect(other).await.is_err(), "order may not enter payment's database");
    for service in SERVICES {
        let relay = connect(environment.relay_pg_url(service)).await.unwrap();
        relay.execute("DELETE FROM outbox", &[]).await.unwrap();
        assert!(relay.execute("DELETE FROM inbox", &[]).await.is_err(), "the relay may touch the outbox only");
        let zone: String = relay.query_one("SHOW timezone", &[]).await.unwrap().get(0);
        assert_eq!(zone, "UTC");
    }
}

#[tokio::test]
async fn what_a_crash_left_behind_does_not_stop_the_next_start() {
    let environment = Environment::temporary(|_| ()).unwrap();
    let root = environment.settings().root.clone();
    // A first start that was killed while initdb ran, and a pid file whose pid is somebody else's now.
    fs::create_dir(root.join("pg.new")).unwrap();
    fs::write(root.join("pg.new/half"), "made").unwrap();
    fs::write(root.join("run/postgres.pid"), format!("{} 1\n", std::process::id())).unwrap();
    environment.start(Process::Postgres).await.unwrap();

    // A lock file that names a live process which is no Postgres: this test.
    environment.kill(Process::Postgres).await.unwrap();
    let lock = root.join("pg/postmaster.pid");
    let text = fs::read_to_string(&lock).unwrap();
    let (_, rest) = text.split_once('\n').unwrap();
    fs::write(&lock, format!("{}\n{rest}", std::process::id())).unwrap();
    environment.start(Process::Postgres).await.unwrap();

    // A server that runs although its pid file is gone is taken over, not started twice.
    let pid = environment.pid(Process::Postgres).unwrap();
    fs::remove_file(root.join("run/postgres.pid")).unwrap();
    environment.start(Process::Postgres).await.unwrap();
    assert_eq!(environment.pid(Process::Postgres), Some(pid));
}

#[tokio::test]
async fn given_servers_are_used_and_left_running() {
    let host = Environment::temporary(|_| ()).unwrap();
    host.start_servers().await.unwrap();
    let (postgres, redis) = (host.postgres().clone(), host.redis().clone());

    let guest = Environment::temporary(|settings| {
        settings.postgres = Some(postgres);
        settings.redis = Some(redis);
    })
    .unwrap();
    guest.start_servers().await.unwrap();
    guest.migrate().await.unwrap();
    guest.connect("order").await.unwrap();
    guest.stop_all().await.unwrap();
    assert!(host.is_running(Process::Postgres) && host.is_running(Process::Redis));

    host.stop(Process::Redis).await.unwrap();
    let message = guest.start(Process::Redis).await.unwrap_err().to_string();
    assert!(message.contains("redis at 127.0.0.1") && message.contains("does not answer"), "{message}");
}

#[tokio::test]
async fn a_taken_port_is_reported_and_nothing_is_started() {
    let environment = Environment::temporary(|_| ()).unwrap();
    let port = environment.settings().ports.redis;
    let _listener = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let message = environment.start(Process::Redis).await.unwrap_err().to_string();
    assert!(message.contains(&format!("port {port} (Redis)")) && message.contains("SOUK_REDIS_PORT"), "{message}");
    assert!(!environment.is_running(Process::Redis));
}

#[tokio::test]
async fn a_temporary_environment_leaves_nothing_behind() {
    let environment = Environment::temporary(|_| ()).unwrap();
    environment.start_servers().await.unwrap();
    let root = environment.settings().root.clone();
    let pid = environment.pid(Process::Postgres).unwrap();
    drop(environment);
    assert!(!root.exists());
    let deadline = Instant::now() + Duration::from_secs(10);
    while fs::read_link(format!("/proc/{pid}/cwd")).is_ok() {
        assert!(Instant::now() < deadline, "Postgres still runs");
        std::thread::yield_now();
    }
}
