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

/// A mail server that knows some kinds of recipients: `busy@` is refused for now the first three times, `gone@` for good,
/// a mail to `strict@` is refused once it was read, one to `shaky@` breaks the connection in its middle the first two
/// times, everybody else is taken.
#[derive(Default)]
struct Server {
    asked: Mutex<HashMap<String, u32>>,
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
        let (mut line, mut to) = (String::new(), String::new());
        while stream.read_line(&mut line).await? > 0 {
            let answer = match line.get(..4).unwrap_or_default() {
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    if to.contains("shaky@") && self.times(&to) <= 2 {
                        stream.read_line(&mut line).await?;
                        return Ok(());
                    }
                    let mail = read_mail(&mut stream).await?;
                    if to.contains("strict@") {
                        "554 5.7.1 we do not like what it says"
                    } else {
                        self.taken.lock().unwrap().push(mail);
                        "250 taken"
                    }
                }
                "RCPT" => {
                    to.clone_from(&line);
                    self.recipient(&line)
                }
                "QUIT" => return stream.write_all(b"221 bye\r\n").await,
                _ => "250 ok",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
            line.clear();
        }
        Ok(())
    }

    fn recipient(&self, line: &str) -> &'static str {
        if line.contains("gone@") {
            return "550 5.1.1 no such mailbox";
        }
        let mut asked = self.asked.lock().unwrap();
        let times = asked.entry(line.to_owned()).or_default();
        *times += 1;
        if line.contains("busy@") && *times <= 3 { "451 4.2.1 come back later" } else { "250 ok" }
    }

    /// How often a recipient was asked for.
    fn times(&self, line: &str) -> u32 {
        self.asked.lock().unwrap().get(line).copied().unwrap_or_default()
    }

    /// How often the mail with this id was taken.
    fn taken(&self, id: Uuid) -> usize {
        self.taken.lock().unwrap().iter().filter(|mail| mail.contains(&id.to_string())).count()
    }
}

/// Up to the line with a dot.
async fn read_mail(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let (mut mail, mut line) = (String::new(), String::new());
    while stream.read_line(&mut line).await? > 0 && line != ".\r\n" {
        mail.push_str(&line);
        line.clear();
    }
    Ok(mail)
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
    let (redis_server, ids) = (Redis::start()?, [(); 4].map(|()| Uuid::now_v7()));
    let (server, delivery) = mail_server().await?;
    let mut redis = redis_server.connect().await?;
    for (id, name) in ids.iter().zip(["busy", "gone", "strict", "ana"]) {
        queue(&mut redis, *id, &format!("{name}@souk.example")).await?;
    }
    let mailer = Running::start(&redis_server, delivery).await?;
    let reports: HashMap<_, _> =
        settled(&mut redis, 4).await.into_iter().map(|(type_, id, error)| (id, (type_, error))).collect();
    let [busy, gone, strict, ana] = ids.map(|id| reports[&id.to_string()].clone());
    assert_eq!(busy, ("mail.delivered".to_owned(), None), "it came back later");
    assert_eq!(gone, ("mail.bounced".to_owned(), Some("550 5.1.1 no such mailbox".to_owned())));
    let words = "554 5.7.1 we do not like what it says".to_owned();
    assert_eq!(strict, ("mail.failed".to_owned(), Some(words)), "which is not held against the address");
    assert_eq!(ana, ("mail.delivered".to_owned(), None), "nobody else has to wait");
    assert_eq!(ids.map(|id| server.taken(id)), [1, 0, 0, 1]);
    assert_eq!(server.times("RCPT TO:<busy@souk.example>\r\n"), 4);
    let metrics = support::get(mailer.address, "/metrics").await?;
    assert!(metrics.contains("{outcome=\"bounced\"} 1") && metrics.contains("{outcome=\"failed\"} 1"), "{metrics}");
    mailer.stop().await
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_middle_of_a_mail_is_no_delivery() -> Result<()> {
    let (redis_server, id) = (Redis::start()?, Uuid::now_v7());
    let (server, delivery) = mail_server().await?;
    let mut redis = redis_server.connect().await?;
    queue(&mut redis, id, "shaky@souk.example").await?;
    let mailer = Running::start(&redis_server, delivery).await?;
    assert_eq!(settled(&mut redis, 1).await, [("mail.delivered".to_owned(), id.to_string(), None)]);
    assert_eq!((server.taken(id), server.times("RCPT TO:<shaky@souk.example>\r\n")), (1, 3));
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
