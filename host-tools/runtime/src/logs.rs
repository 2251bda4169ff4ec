//! Where a component's stdout and stderr go: to the runtime's stderr, each line prefixed with the component's id, or to
//! one file per component.

use bytes::Bytes;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

/// A line longer than this is written in pieces.
const LINE_BYTES: usize = 8 * 1024;

/// The log of one component.
#[derive(Clone)]
pub struct ComponentLog {
    prefix: Arc<str>,
    file: Option<Arc<Mutex<File>>>,
}

impl ComponentLog {
    /// A log into `dir/<id>.log`, or to stderr without a folder.
    pub fn new(id: &str, dir: Option<&Path>) -> io::Result<Self> {
        let file = match dir {
            Some(dir) => {
                let file = OpenOptions::new().create(true).append(true).open(dir.join(format!("{id}.log")))?;
                Some(Arc::new(Mutex::new(file)))
            }
            None => None,
        };
        Ok(Self { prefix: format!("[{id}] ").into(), file })
    }

    /// The guest's stdout.
    pub fn stdout(&self) -> LogStream {
        LogStream { log: self.clone(), line: Arc::default() }
    }

    /// The guest's stderr.
    pub fn stderr(&self) -> LogStream {
        self.stdout()
    }

    fn write_lines(&self, lines: &[u8]) {
        let result = match &self.file {
            Some(file) => file.lock().unwrap_or_else(PoisonError::into_inner).write_all(lines),
            None => {
                let mut out = Vec::with_capacity(lines.len() + self.prefix.len());
                for line in lines.split_inclusive(|byte| *byte == b'\n') {
                    out.extend_from_slice(self.prefix.as_bytes());
                    out.extend_from_slice(line);
                }
                io::stderr().write_all(&out)
            }
        };
        // A log that cannot be written has nowhere to be reported.
        drop(result);
    }
}

/// One output stream of an instance; lines of different instances do not mix.
#[derive(Clone)]
pub struct LogStream {
    log: ComponentLog,
    line: Arc<Mutex<Vec<u8>>>,
}

impl LogStream {
    fn push(&self, bytes: &[u8]) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        line.extend_from_slice(bytes);
        if let Some(end) = line.iter().rposition(|byte| *byte == b'\n') {
            let rest = line.split_off(end + 1);
            self.log.write_lines(&line);
            *line = rest;
        }
        if line.len() > LINE_BYTES {
            line.push(b'\n');
            self.log.write_lines(&line);
            line.clear();
        }
    }
}

impl Drop for LogStream {
    fn drop(&mut self) {
        if Arc::strong_count(&self.line) == 1 {
            let mut line = std::mem::take(&mut *self.line.lock().unwrap_or_else(PoisonError::into_inner));
            if !line.is_empty() {
                line.push(b'\n');
                self.log.write_lines(&line);
            }
        }
    }
}

impl IsTerminal for LogStream {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for LogStream {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for LogStream {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.push(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl OutputStream for LogStream {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(1024 * 1024)
    }
}

#[async_trait::async_trait]
impl Pollable for LogStream {
    async fn ready(&mut self) {}
}
