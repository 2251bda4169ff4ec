//! Delivery into a folder: exactly once, whatever restarts, and a mailbox that shows mails without running them.

mod support;

use anyhow::Result;
use redis::AsyncCommands;
use souk_testkit::{Redis, eventually};
use support::{MailDir, Running, get, queue, queue_raw, settled};
use uuid::Uuid;

#[tokio::test]
async fn a_queued_mail_becomes_one_file_and_one_report() -> Result<()> {
    let (server, mails, id) = (Redis::start()?, MailDir::new(), Uuid::now_v7());
    let mut redis = server.connect().await?;
    // Queued before the mailer, and so its group, was ever there.
    queue(&mut redis, id, "ana@souk.example").await?;
    let mailer = Running::start(&server, mails.delivery()).await?;
    assert_eq!(settled(&mut redis, 1).await, [("mail.delivered".to_owned(), id.to_string(), None)]);
    assert_eq!(mails.files(), [format!("{id}.eml")]);
    mailer.stop().await
}

#[tokio::test]
async fn repeated_events_and_restarts_in_mid_delivery_never_repeat_a_mail() -> Result<()> {
    let (server, mails) = (Redis::start()?, MailDir::new());
    let mut redis = server.connect().await?;
    let ids: Vec<Uuid> = (0..400).map(|_| Uuid::now_v7()).collect();
    for id in ids.iter().chain(&ids) {
        queue(&mut redis, *id, "ana@souk.example").await?;
    }
    for round in 1..=4 {
        let mailer = Running::start(&server, mails.delivery()).await?;
        eventually("it has begun to write", || async { (mails.files().len() >= round * 40).then_some(()) }).await;
        mailer.kill();
    }
    let mailer = Running::start(&server, mails.delivery()).await?;
    let reports = settled(&mut redis, ids.len()).await;
    assert!(reports.iter().all(|(type_, _, _)| type_ == "mail.delivered"));
    let mut files = mails.files();
    files.sort();
    assert_eq!(files, ids.iter().map(|id| format!("{id}.eml")).collect::<Vec<_>>());
    mailer.stop().await
}

#[tokio::test]
async fn an_outage_of_redis_loses_nothing() -> Result<()> {
    let (mut server, mails) = (Redis::start()?, MailDir::new());
    let mut redis = server.connect().await?;
    let mailer = Running::start(&server, mails.delivery()).await?;
    queue(&mut redis, Uuid::now_v7(), "ana@souk.example").await?;
    settled(&mut redis, 1).await;
    server.crash()?;
    eventually("it notices", || async {
        get(mailer.address, "/metrics").await.ok()?.contains("redis_up 0").then_some(())
    })
    .await;
    server.resume()?;
    let mut redis = server.connect().await?;
    queue(&mut redis, Uuid::now_v7(), "ana@souk.example").await?;
    settled(&mut redis, 2).await;
    assert_eq!(mails.files().len(), 2);
    mailer.stop().await
}

#[tokio::test]
async fn what_cannot_be_delivered_is_reported_or_parked_and_holds_up_nothing() -> Result<()> {
    let (server, mails, bad, good) = (Redis::start()?, MailDir::new(), Uuid::now_v7(), Uuid::now_v7());
    let mut redis = server.connect().await?;
    queue_raw(&mut redis, "not an event").await?;
    queue(&mut redis, bad, "not an address").await?;
    queue(&mut redis, good, "ana@souk.example").await?;
    let mailer = Running::start(&server, mails.delivery()).await?;
    let reports = settled(&mut redis, 2).await;
    assert_eq!((reports[0].0.as_str(), reports[0].1.clone()), ("mail.failed", bad.to_string()));
    assert_eq!((reports[1].0.as_str(), reports[1].1.clone()), ("mail.delivered", good.to_string()));
    let parked: redis::streams::StreamRangeReply = redis.xrange_all("souk:notification:dead").await?;
    assert_eq!(parked.ids.len(), 1);
    assert_eq!(parked.ids[0].get::<String>("event").as_deref(), Some("not an event"));
    assert_eq!(parked.ids[0].get::<String>("group").as_deref(), Some("mailer"));
    mailer.stop().await
}

#[tokio::test]
async fn the_mailbox_lists_newest_first_and_never_runs_what_is_in_a_mail() -> Result<()> {
    let (server, mails) = (Redis::start()?, MailDir::new());
    let mut redis = server.connect().await?;
    let ids: Vec<Uuid> = (0..45).map(|_| Uuid::now_v7()).collect();
    for id in &ids {
        queue(&mut redis, *id, "ana@souk.example").await?;
    }
    let mailer = Running::start(&server, mails.delivery()).await?;
    settled(&mut redis, ids.len()).await;

    let list = get(mailer.address, "/").await?;
    let (newest, before) = (list.find(&ids[44].to_string()).unwrap(), list.find(&ids[43].to_string()).unwrap());
    assert!(newest < before && !list.contains(&format!("/mails/{}", ids[4])));
    assert!(list.contains(&format!("/?before={}", ids[5])), "{list}");
    let older = get(mailer.address, &format!("/?before={}", ids[5])).await?;
    assert!(older.contains(&ids[0].to_string()) && older.contains(&ids[4].to_string()));

    let frame = get(mailer.address, &format!("/mails/{}", ids[0])).await?;
    assert!(frame.contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\""), "{frame}");
    let html = get(mailer.address, &format!("/mails/{}/html", ids[0])).await?;
    let policy = html.lines().find(|line| line.starts_with("content-security-policy:")).unwrap();
    assert!(policy.contains("sandbox ") && !policy.contains("allow-scripts") && policy.contains("default-src 'none'"));
    let raw = get(mailer.address, &format!("/mails/{}/raw", ids[0])).await?;
    assert!(raw.contains("content-type: text/plain") && raw.contains("Message-ID: <"), "{raw}");
    for missing in ["/mails/../../etc/passwd", "/mails/x", &format!("/mails/{}", Uuid::nil()), "/nothing"] {
        assert!(get(mailer.address, missing).await?.starts_with("HTTP/1.1 404"), "{missing}");
    }
    assert!(get(mailer.address, "/healthz").await?.starts_with("HTTP/1.1 200"));
    mailer.stop().await
}
