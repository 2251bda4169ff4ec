//! Delivery by SMTP, against a mail server that does what each test tells it.

#![allow(clippy::unwrap_used)] // also in the mail server: panicking is how a test fails

mod support;

use anyhow::Result;
use redis::AsyncCommands;
use souk_mailer::config::Delivery;
use souk_testkit::{Redis, eventually};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use support::{Running, queue, settled};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

/// A mail server that knows three kinds of recipients: `busy@` is refused for now the first three times, `gone@` for
/// good, everybody else is taken.
#[derive(Default)]
struct Server {
    refused: Mutex<HashMap<String, u32>>,
    taken: Mutex<Vec<String>>,
}

impl Server {
    async fn start(listener: TcpListener) -> Arc<Self> {
        let server = Arc::new(Self::default());
        let accepting = Arc::clone(&server);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Arc::clone(&accepting).serve(stream));
            }
        });
        server
    }

    async fn serve(self: Arc<Self>, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 test\r\n").await?;
        let mut line = String::new();
        while stream.read_line(&mut line).await? > 0 {
            let answer = match line.get(..4).unwrap_or_default() {
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    self.take(&mut stream).await?;
                    "250 taken"
                }
                "RCPT" => self.recipient(&line),
                "QUIT" => return stream.write_all(b"221 bye\r\n").await,
                _ => "250 ok",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
            line.clear();
        }
        Ok(())
    }

    async fn take(&self, stream: &mut BufReader<TcpStream>) -> std::io::Result<()> {
        let (mut mail, mut line) = (String::new(), String::new());
        while stream.read_line(&mut line).await? > 0 && line != ".\r\n" {
            mail.push_str(&line);
            line.clear();
        }
        self.taken.lock().unwrap().push(mail);
        Ok(())
    }

    fn recipient(&self, line: &str) -> &'static str {
        if line.contains("gone@") {
            return "550 5.1.1 no such mailbox";
        }
        let mut refused = self.refused.lock().unwrap();
        let times = refused.entry(line.to_owned()).or_default();
        *times += 1;
        if line.contains("busy@") && *times <= 3 { "451 4.2.1 come back later" } else { "250 ok" }
    }

    /// How often the mail with this id was taken.
    fn taken(&self, id: Uuid) -> usize {
        self.taken.lock().unwrap().iter().filter(|mail| mail.contains(&id.to_string())).count()
    }
}

async fn mail_server() -> Result<(Arc<Server>, Delivery)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let delivery = Delivery::Smtp(format!("smtp://{}", listener.local_addr()?));
    Ok((Server::start(listener).await, delivery))
}

#[tokio::test]
async fn a_mail_is_sent_once_though_its_event_comes_twice() -> Result<()> {
    let (redis_server, id) = (Redis::start()?, Uuid::now_v7());
    let (server, delivery) = mail_server().await?;
    let mut redis = redis_server.connect().await?;
    queue(&mut redis, id, "ana@souk.example").await?;
    queue(&mut redis, id, "ana@souk.example").await?;
    let mailer = Running::start(&redis_server, delivery).await?;
    let reports = settled(&mut redis, 1).await;
    assert!(reports.iter().all(|report| *report == ("mail.delivered".to_owned(), id.to_string(), None)));
    assert_eq!(server.taken(id), 1);
    mailer.stop().await
}

#[tokio::test]
async fn refused_for_now_is_tried_again_and_refused_for_good_is_reported() -> Result<()> {
    let (redis_server, busy, gone) = (Redis::start()?, Uuid::now_v7(), Uuid::now_v7());
    let (server, delivery) = mail_server().await?;
    let mut redis = redis_server.connect().await?;
    queue(&mut redis, busy, "busy@souk.example").await?;
    queue(&mut redis, gone, "gone@souk.example").await?;
    let mailer = Running::start(&redis_server, delivery).await?;
    let reports: HashMap<_, _> =
        settled(&mut redis, 2).await.into_iter().map(|(type_, id, error)| (id, (type_, error))).collect();
    assert_eq!(reports[&busy.to_string()], ("mail.delivered".to_owned(), None));
    let (type_, error) = &reports[&gone.to_string()];
    assert_eq!(type_, "mail.failed");
    assert!(error.as_deref().unwrap().contains("no such mailbox"), "{error:?}");
    assert_eq!((server.taken(busy), server.taken(gone)), (1, 0));
    mailer.stop().await
}

#[tokio::test]
async fn a_mail_server_that_is_away_only_delays() -> Result<()> {
    let (redis_server, id) = (Redis::start()?, Uuid::now_v7());
    let mut redis = redis_server.connect().await?;
    let address = {
        let reserved = TcpListener::bind("127.0.0.1:0").await?;
        reserved.local_addr()?
    };
    queue(&mut redis, id, "ana@souk.example").await?;
    let mailer = Running::start(&redis_server, Delivery::Smtp(format!("smtp://{address}"))).await?;
    eventually("it has tried twice", || async {
        let metrics = support::get(mailer.address, "/metrics").await.ok()?;
        let line = metrics.lines().find(|line| line.starts_with("souk_mailer_deferred_total "))?;
        (line.rsplit(' ').next()?.parse::<u32>().ok()? >= 2).then_some(())
    })
    .await;
    let server = Server::start(TcpListener::bind(address).await?).await;
    assert_eq!(settled(&mut redis, 1).await, [("mail.delivered".to_owned(), id.to_string(), None)]);
    assert_eq!(server.taken(id), 1);
    mailer.stop().await
}

#[tokio::test]
async fn what_waits_when_the_mailer_stops_is_sent_by_the_next() -> Result<()> {
    let (redis_server, id) = (Redis::start()?, Uuid::now_v7());
    let mut redis = redis_server.connect().await?;
    queue(&mut redis, id, "ana@souk.example").await?;
    let nobody = Running::start(&redis_server, Delivery::Smtp("smtp://127.0.0.1:1".to_owned())).await?;
    eventually("it has read the mail", || {
        let mut redis = redis.clone();
        async move {
            let pending: redis::streams::StreamPendingReply =
                redis.xpending("souk:notification", "mailer").await.ok()?;
            (pending.count() == 1).then_some(())
        }
    })
    .await;
    nobody.stop().await?;
    let (server, delivery) = mail_server().await?;
    let mailer = Running::start(&redis_server, delivery).await?;
    settled(&mut redis, 1).await;
    assert_eq!(server.taken(id), 1);
    mailer.stop().await
}
