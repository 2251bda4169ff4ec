//! The program as it is started: what it cannot use is said in one line.

#![allow(clippy::unwrap_used, reason = "a failing helper fails its test")]

use std::net::TcpListener;
use std::process::Command;

/// What it says on stderr before it gives up.
fn refusal(args: &[&str], environment: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_souk-mailer"));
    let output = command.env_clear().envs(environment.iter().copied()).args(args).output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert_eq!(message.trim_end().lines().count(), 1, "{message}");
    assert!(message.starts_with("souk-mailer: "), "{message}");
    message
}

#[test]
fn a_port_that_is_taken_is_named_with_what_to_do() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = holder.local_addr().unwrap().to_string();
    let message = refusal(&["--listen", &address], &[]);
    assert!(message.contains(&address) && message.contains("--listen"), "{message}");
}

#[test]
fn a_sender_that_is_none_is_shown_with_an_example() {
    let message = refusal(&["--listen", "127.0.0.1:0", "--from", "nobody"], &[]);
    assert!(message.contains("nobody") && message.contains("hello@souk.example"), "{message}");
}

#[test]
fn a_password_in_a_wrong_address_is_not_shown() {
    for (name, url) in [("SMTP_URL", "mail://me:hush@mail.example"), ("MAILER_REDIS_URL", "rodis://:hush@127.0.0.1")] {
        let folder = std::env::temp_dir().join(format!("souk-mailer-command-{}", std::process::id()));
        let folder = folder.to_string_lossy();
        let message = refusal(&["--listen", "127.0.0.1:0", "--mail-dir", &folder], &[(name, url)]);
        assert!(!message.contains("hush") && message.contains(name), "{message}");
    }
}
