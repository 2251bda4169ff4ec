//! `souk up` and `souk down` themselves, as an operator calls them, each in a place of its own.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failing helper fails its test")]

use serde_json::{Value, json};
use souk_local::Environment;
use souk_tests::{api::Api, wait};
use std::{
    env, fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    process::{Command, Output},
};

/// A folder and free ports; whatever still runs there ends with the test.
struct Place(Environment);

impl Place {
    fn new() -> Self {
        Self(Environment::temporary(|_| ()).unwrap())
    }

    fn souk(&self, args: &[&str]) -> Command {
        let settings = self.0.settings();
        let mut command = Command::new(settings.bin_dir.join("souk"));
        for variable in ["SOUK_PG_URL", "SOUK_REDIS_URL", "SOUK_RUNTIME", "SOUK_PORT", "SOUK_PRODUCTS"] {
            command.env_remove(variable);
        }
        command.current_dir(&settings.project).arg("--root").arg(&settings.root).args(args);
        command
    }

    /// `souk up` on this place's ports, without the demo shop.
    fn up(&self, args: &[&str]) -> Command {
        let mut command = self.souk(&["up", "--no-seed", "--port"]);
        command.arg(self.0.settings().ports.gateway.to_string()).args(args);
        command
    }

    fn api(&self) -> Api {
        Api::new(self.0.gateway_url())
    }

    fn pid(&self, process: &str) -> Option<u64> {
        let status: Value = serde_json::from_slice(&finished(self.souk(&["status", "--json"])).stdout).unwrap();
        status["processes"].as_array().unwrap().iter().find(|found| found["process"] == process).unwrap()["pid"]
            .as_u64()
    }
}

fn finished(mut command: Command) -> Output {
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::test]
async fn a_shop_goes_up_is_looked_after_and_goes_down() {
    let place = Place::new();
    let up = finished(place.up(&["--detach"]));
    assert!(up.status.success(), "{}", text(&up.stderr));
    let said = text(&up.stdout);
    let address = format!("http://localhost:{}", place.0.settings().ports.gateway);
    assert!(said.contains("Souk is up.") && said.contains(&address), "{said}");
    assert!(!said.contains("demo-password"), "nobody is told of accounts that are not there: {said}");
    place.api().get("/api/catalog/products").await.unwrap().expect(200).unwrap();

    let again = finished(place.up(&["--detach"]));
    assert!(again.status.success() && text(&again.stdout).contains(&address), "{}", text(&again.stderr));
    let beside = finished(place.up(&[]));
    let error = text(&beside.stderr);
    assert_eq!(beside.status.code(), Some(1), "{error}");
    assert!(error.lines().count() == 1 && error.contains("souk down"), "{error}");

    let killed = place.pid("runtime").unwrap();
    assert!(Command::new("kill").args(["-9", &killed.to_string()]).status().unwrap().success());
    wait::until("the runtime to be started again", || async {
        place.api().get("/api/catalog/products").await?.expect(200)?;
        Ok(place.pid("runtime").filter(|pid| *pid != killed))
    })
    .await
    .unwrap();

    let down = finished(place.souk(&["down"]));
    assert!(down.status.success() && text(&down.stdout).contains("stopped"), "{}", text(&down.stderr));
    for process in ["postgres", "redis", "runtime", "relay", "mailer"] {
        assert_eq!(place.pid(process), None, "{process} runs on");
    }
    assert!(text(&finished(place.souk(&["down"])).stdout).contains("nothing runs"));
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_in_one_line() {
    let place = Place::new();
    let port = place.0.settings().ports.gateway;
    let _holder = TcpListener::bind(("127.0.0.1", port)).unwrap();
    for args in [&[][..], &["--detach"]] {
        let up = finished(place.up(args));
        let error = text(&up.stderr);
        assert_eq!(up.status.code(), Some(1), "{error}");
        let errors: Vec<&str> = error.lines().filter(|line| line.starts_with("souk: ")).collect();
        assert_eq!(errors.len(), 1, "{error}");
        assert!(errors[0].contains(&format!("port {port}")) && errors[0].contains("--port"), "{error}");
    }
    let status = finished(place.souk(&["status"]));
    assert!(text(&status.stderr).contains("nothing was started"), "{}", text(&status.stderr));
}

/// Takes the flags of `spin up` and runs the application with the runtime of this repository.
const STAND_IN: &str = r#"#!/bin/sh
[ "$1" = --version ] && { echo "spin 4.0.2 (stand-in)"; exit; }
[ "$1" = up ] || { echo "unknown command $1" >&2; exit 2; }
shift
while [ $# -gt 0 ]; do
  case $1 in
    -f) manifest=$2 ;;
    --listen) listen=$2 ;;
    --log-dir) logs=$2 ;;
    --state-dir) ;;
    *) echo "unknown flag $1" >&2; exit 2 ;;
  esac
  shift 2
done
exec "$STAND_IN_FOR" up --manifest "$manifest" --listen "$listen" --log-dir "$logs" --cache-dir "$STAND_IN_CACHE"
"#;

#[tokio::test]
async fn the_same_shop_runs_on_the_spin_on_path() {
    let place = Place::new();
    let settings = place.0.settings();
    let folder = settings.root.join("stand-in");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("spin"), STAND_IN).unwrap();
    fs::set_permissions(folder.join("spin"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = place.up(&["--detach", "--runtime", "spin"]);
    command.env("PATH", format!("{}:{}", folder.display(), env::var("PATH").unwrap()));
    command.env("STAND_IN_FOR", settings.bin_dir.join("souk-runtime")).env("STAND_IN_CACHE", &settings.cache_dir);
    let up = finished(command);
    assert!(up.status.success(), "{}", text(&up.stderr));
    assert!(!text(&up.stdout).contains("(components)"), "Spin has no such page of metrics: {}", text(&up.stdout));

    // It takes the signing key, the databases and the streams: each comes to Spin by the environment.
    let account = json!({"email": "ana@tests.example", "password": "a-long-test-password", "name": "Ana"});
    place.api().post("/api/users/register", &account).await.unwrap().expect(201).unwrap();
    let mails = place.0.connect("notification").await.unwrap();
    wait::until("the welcome to be written", || async {
        let sql = "SELECT FROM messages WHERE recipient = 'ana@tests.example' AND status = 'delivered'";
        Ok(mails.query_opt(&format!("{sql} LIMIT 1"), &[]).await?.map(drop))
    })
    .await
    .unwrap();
    let down = finished(place.souk(&["down"]));
    assert!(down.status.success(), "{}", text(&down.stderr));
}
