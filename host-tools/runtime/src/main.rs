//! `souk-runtime`: the command line.

mod variables;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use souk_runtime::component::Limits;
use souk_runtime::manifest::App;
use souk_runtime::runtime::{self, Options, Running};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Runs a Spin application (spin.toml, components built with spin-sdk 6) in one process.
///
/// Variables are set with SPIN_VARIABLE_<NAME> or in a file, traces are sent when OTEL_EXPORTER_OTLP_ENDPOINT is set, and RUST_LOG
/// (for example souk_runtime=debug) sets what is logged to stderr.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the application and serve until SIGINT or SIGTERM.
    ///
    /// Prints `listening on http://ADDRESS` (and `metrics on http://ADDRESS`) on stdout once it serves; a start that
    /// is refused is one line on stderr and exit code 1. A signal lets requests under way finish (10 s at most). With
    /// --variables-file, SIGHUP reads the variables again without a pause.
    #[command(
        after_help = "Example:\n  souk-runtime up --manifest spin.toml --listen 127.0.0.1:9080 --cache-dir .cache"
    )]
    Up(Settings),
    /// Check the manifest and its components, and fill the cache, without serving.
    Check(Settings),
}

#[derive(Args)]
struct Settings {
    /// The application manifest.
    #[arg(long, short = 'f', default_value = "spin.toml")]
    manifest: PathBuf,
    /// Variables in a TOML file (`name = "value"`), which win over SPIN_VARIABLE_<NAME>; SIGHUP has it read again.
    #[arg(long, value_name = "FILE")]
    variables_file: Option<PathBuf>,
    /// Where to serve HTTP; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:9080")]
    listen: String,
    /// Where to serve Prometheus metrics (/metrics); not served by default.
    #[arg(long)]
    metrics_listen: Option<String>,
    /// Keep compiled components here, so that the next start need not compile.
    #[arg(long)]
    cache_dir: Option<PathBuf>,
    /// Write each component's output to DIR/<component>.log instead of stderr.
    #[arg(long, value_name = "DIR")]
    log_dir: Option<PathBuf>,
    /// How long a request may take until its response starts.
    #[arg(long, default_value_t = 30_000)]
    request_timeout_ms: u64,
    /// How long a response may stream.
    #[arg(long, default_value_t = 600_000)]
    stream_timeout_ms: u64,
    /// How long a component's dependencies (plug-ins) may compute in one request; over it the answer is 502.
    #[arg(long, default_value_t = 2_000)]
    dependency_timeout_ms: u64,
    /// Memory limit of one instance in MiB.
    #[arg(long, default_value_t = 128)]
    max_memory_mb: usize,
    /// Largest request body in bytes; larger ones are answered 413.
    #[arg(long, default_value_t = 2 * 1024 * 1024)]
    max_body_bytes: u64,
    /// Instances of one component at once (one request each).
    #[arg(long, default_value_t = 256)]
    max_instances: usize,
    /// Requests to one component that may wait for an instance; more are answered 503.
    #[arg(long, default_value_t = 1024)]
    max_waiting: usize,
    /// Connections to one Postgres address.
    #[arg(long, default_value_t = 16)]
    pg_pool_size: usize,
}

impl Settings {
    fn options(&self) -> Options {
        Options {
            listen: self.listen.clone(),
            metrics_listen: self.metrics_listen.clone(),
            cache_dir: self.cache_dir.clone(),
            log_dir: self.log_dir.clone(),
            limits: Limits {
                max_instances: self.max_instances.max(1),
                max_waiting: self.max_waiting,
                max_uses: 128,
                idle_timeout: Duration::from_secs(5),
                request_timeout: Duration::from_millis(self.request_timeout_ms),
                stream_timeout: Duration::from_millis(self.stream_timeout_ms),
            },
            max_memory_bytes: self.max_memory_mb.saturating_mul(1024 * 1024),
            dependency_timeout: Duration::from_millis(self.dependency_timeout_ms),
            pg_pool_size: self.pg_pool_size.max(1),
            max_body_bytes: self.max_body_bytes,
        }
    }

    fn app(&self) -> anyhow::Result<App> {
        let file = self.variables_file.as_deref().map(variables::read).transpose()?;
        Ok(App::load(&self.manifest, |name| variables::value(file.as_ref(), name))?)
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colour = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    log.with_target(false).with_ansi(colour).init();
    let result = match &cli.command {
        Command::Up(settings) => up(settings),
        Command::Check(settings) => check(settings),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", format!("{error:#}").replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the result of the command")]
fn check(settings: &Settings) -> anyhow::Result<()> {
    let app = settings.app()?;
    let checked = runtime::check(&app, &settings.options())?;
    println!(
        "{} is valid: {} routes, {} Redis channels; {} components compiled, {} found in the cache",
        settings.manifest.display(),
        app.routes.len(),
        app.redis.len(),
        checked.compiled,
        checked.found
    );
    Ok(())
}

fn up(settings: &Settings) -> anyhow::Result<()> {
    let read_at = SystemTime::now();
    let app = settings.app()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")?;
    let result = runtime.block_on(serve(settings, app, read_at));
    // Work that is still running after the drain timeout is not waited for.
    runtime.shutdown_background();
    result
}

#[expect(clippy::print_stdout, reason = "the line that says where it serves")]
async fn serve(settings: &Settings, app: App, read_at: SystemTime) -> anyhow::Result<()> {
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut hangup = Hangup::new(settings.variables_file.is_some())?;
    let running = tokio::select! {
        running = runtime::start(app, settings.options()) => running?,
        _ = interrupt.recv() => return Ok(()),
        _ = terminate.recv() => return Ok(()),
    };
    if let Some(metrics) = running.metrics_address {
        println!("metrics on http://{metrics}");
    }
    println!("listening on http://{}", running.address);
    running.show_variables_read(read_at);
    loop {
        tokio::select! {
            _ = interrupt.recv() => break,
            _ = terminate.recv() => break,
            () = hangup.next() => reload(settings, &running),
        }
    }
    running.stop().await;
    Ok(())
}

/// Reads the variables again; when that fails everything stays as it is.
fn reload(settings: &Settings, running: &Running) {
    let read_at = SystemTime::now();
    match settings.app() {
        Ok(app) => {
            running.replace_variables(&app);
            running.show_variables_read(read_at);
            tracing::info!("variables read again");
        }
        Err(error) => tracing::error!("the variables stay as they were: {error:#}"),
    }
}

/// SIGHUP, where there is something to read again; it ends the process where there is not, as it does by default.
struct Hangup(Option<Signal>);

impl Hangup {
    fn new(listen: bool) -> anyhow::Result<Self> {
        let listening = listen.then(|| signal(SignalKind::hangup())).transpose();
        listening.map(Self).context("cannot listen for SIGHUP")
    }

    async fn next(&mut self) {
        match self.0.as_mut() {
            Some(hangup) => {
                hangup.recv().await;
            }
            None => std::future::pending().await,
        }
    }
}
