//! The command line, and the help that teaches it.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Runs and looks after a Souk shop on this machine.
#[derive(Parser)]
#[command(
    name = "souk",
    version,
    arg_required_else_help = true,
    after_help = "Examples:\n  \
        souk up                       start everything here; Ctrl-C stops it\n  \
        souk up --detach --port 9180  the same in the background, all ports 100 higher\n  \
        souk status                   what runs, and what is on its way\n  \
        souk verify --wait 30         check every promise the shop makes\n  \
        souk import products.csv      load products from a Shopify export\n  \
        souk logs order -f            follow one service's log"
)]
pub struct Args {
    /// Where the environment is.
    #[command(flatten)]
    pub place: Place,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Which environment a command is about.
#[derive(ClapArgs)]
pub struct Place {
    /// Directory of data, secrets and logs [default: .souk in the project].
    #[arg(long, global = true, env = "SOUK_ROOT", value_name = "DIR", help_heading = "Which shop")]
    pub root: Option<PathBuf>,
    /// Folder with spin.toml [default: the nearest one at or above the current folder].
    #[arg(long, global = true, env = "SOUK_PROJECT", value_name = "DIR", help_heading = "Which shop")]
    pub project: Option<PathBuf>,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    /// Start everything: servers, databases, demo data, runtime, relay, mailer.
    Up(UpArgs),
    /// Stop what `souk up` started; data stays.
    #[command(
        after_help = "It also stops what a `souk up` that was killed left behind. To delete the data too: `make reset`."
    )]
    Down,
    /// Show processes, streams and outboxes.
    #[command(after_help = "lag is what a consumer group was not given yet, pending what it was given and has not \
        acknowledged.\nBoth go to 0 within a second or so when nothing happens.\n\n\
        Examples:\n  souk status\n  souk status --json | jq '[.groups[].lag] | add'")]
    Status(JsonArgs),
    /// Create databases and apply migrations; the servers must run, or are started for it.
    #[command(
        after_help = "`souk up` does it by itself. Each migration is applied once and never again; one that was edited \
        afterwards is an error.\n\nExample:\n  souk migrate --json   what was applied, as a list"
    )]
    Migrate(JsonArgs),
    /// Load the demo shop: accounts, products and stock. Safe to repeat.
    Seed(SeedArgs),
    /// Import products and opening stock from a CSV in Shopify's format.
    Import(ImportArgs),
    /// Check that no money, stock, event or mail was lost or doubled.
    Verify(VerifyArgs),
    /// Inspect, replay or drop events that could not be applied.
    Dlq(DlqArgs),
    /// Make the sums of the reports again.
    Analytics(AnalyticsArgs),
    /// Print logs.
    Logs(LogsArgs),
    /// Give an account a role.
    GrantRole(GrantArgs),
    /// List or rotate the keys that sign access tokens.
    Keys(KeysArgs),
}

/// `souk up`.
#[derive(ClapArgs)]
#[command(after_help = "Servers:\n  \
    A private Postgres and Redis are started under .souk, unless SOUK_PG_URL or SOUK_REDIS_URL name running ones:\n  \
    SOUK_PG_URL=postgres://admin:password@127.0.0.1:5432 SOUK_REDIS_URL=redis://127.0.0.1:6379 souk up\n\n\
    Mail:\n  \
    Mails land in the mailbox page, or are sent when SMTP_URL names a server.")]
pub struct UpArgs {
    /// Go on in the background once everything is ready.
    #[arg(long, short)]
    pub detach: bool,
    /// What runs the components.
    #[arg(long, value_enum, default_value = "souk", env = "SOUK_RUNTIME")]
    pub runtime: Runtime,
    /// The shop's port; metrics and mailbox follow at +1 to +3, Redis at +299, Postgres at +352.
    #[arg(long, env = "SOUK_PORT", default_value_t = 9080)]
    pub port: u16,
    /// The private Postgres' port, when it should not follow --port.
    #[arg(long, env = "SOUK_PG_PORT")]
    pub pg_port: Option<u16>,
    /// The private Redis' port, when it should not follow --port.
    #[arg(long, env = "SOUK_REDIS_PORT")]
    pub redis_port: Option<u16>,
    /// Fill the demo shop up to so many products.
    #[arg(long, value_name = "N", env = "SOUK_PRODUCTS")]
    pub products: Option<usize>,
    /// Load no demo data.
    #[arg(long)]
    pub no_seed: bool,
}

/// What runs the components.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Runtime {
    /// souk-runtime, from this workspace.
    Souk,
    /// A `spin` 4.x binary on PATH.
    Spin,
}

/// Commands whose only choice is the format.
#[derive(ClapArgs)]
pub struct JsonArgs {
    /// Print JSON for scripts.
    #[arg(long)]
    pub json: bool,
}

/// `souk seed`.
#[derive(ClapArgs)]
#[command(after_help = "Examples:\n  souk seed                    the demo shop\n  \
    souk seed --products 100000  the demo shop and generated products, 100,000 in all")]
pub struct SeedArgs {
    /// Products in all; what the demo shop lacks of them is generated.
    #[arg(long, value_name = "N")]
    pub products: Option<usize>,
}

/// `souk import`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  souk import products.csv\n  souk import products.csv --partial --currency USD\n  \
    souk import products.csv --url http://shop.internal:8080 --email me@shop.example --password ...\n\n\
    Products are matched by handle: importing a file again changes only what differs. Stock figures open the stock of\n\
    SKUs that have none yet; a SKU with history keeps it (use the inventory API to correct it)."
)]
pub struct ImportArgs {
    /// A product CSV as Shopify exports it.
    pub file: PathBuf,
    /// Import the good products although others have bad rows.
    #[arg(long)]
    pub partial: bool,
    /// Only read and check the file.
    #[arg(long)]
    pub dry_run: bool,
    /// The currency of the file's prices.
    #[arg(long, default_value = "EUR", value_name = "CODE")]
    pub currency: String,
    /// The shop's address [default: the one on this machine].
    #[arg(long, env = "SOUK_URL")]
    pub url: Option<String>,
    /// A merchant's or admin's account [default: the demo admin].
    #[arg(long, env = "SOUK_EMAIL")]
    pub email: Option<String>,
    /// Its password.
    #[arg(long, env = "SOUK_PASSWORD", hide_env_values = true)]
    pub password: Option<String>,
    /// An access token, instead of email and password.
    #[arg(long, env = "SOUK_TOKEN", hide_env_values = true, conflicts_with_all = ["email", "password"])]
    pub token: Option<String>,
    /// Print JSON for scripts.
    #[arg(long)]
    pub json: bool,
}

/// `souk verify`.
#[derive(ClapArgs)]
#[command(after_help = "Exit code: 0 when every promise holds, 1 when one is broken.\n\n\
    Examples:\n  souk verify                    now, with orders under way\n  \
    souk verify --wait 60 --json   after a load test: wait for the last event, then check\n\n\
    Elsewhere: SOUK_REDIS_URL, and SOUK_PG_URL_<SERVICE> for each service, as in\n  \
    SOUK_PG_URL_ORDER=postgres://souk_order:PASSWORD@127.0.0.1:15433/souk_order (scripts/cluster/souk sets them)")]
pub struct VerifyArgs {
    /// First wait until every order, event and mail has settled, at most so long.
    #[arg(long, value_name = "SECONDS")]
    pub wait: Option<u64>,
    /// Print JSON for scripts.
    #[arg(long)]
    pub json: bool,
}

/// `souk dlq`.
#[derive(ClapArgs)]
#[command(after_help = "Examples:\n  souk dlq list\n  souk dlq show order/1732270000000-0\n  \
    souk dlq replay order/1732270000000-0    after the cause is mended\n  souk dlq replay --all\n  \
    souk dlq drop inventory/1732270000000-0  when the event must never be applied")]
pub struct DlqArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: DlqCommand,
}

/// What to do with dead letters.
#[derive(Subcommand)]
pub enum DlqCommand {
    /// One line for each dead letter.
    List(JsonArgs),
    /// Everything about one: error, event, history.
    Show {
        /// STREAM/ENTRY, as `list` prints it.
        id: String,
        /// Print JSON for scripts.
        #[arg(long)]
        json: bool,
    },
    /// Put events back on their stream; consumers that have applied them skip them.
    Replay(DlqSelection),
    /// Delete dead letters for good.
    Drop(DlqSelection),
}

/// Which dead letters.
#[derive(ClapArgs)]
pub struct DlqSelection {
    /// STREAM/ENTRY, as `list` prints it.
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub ids: Vec<String>,
    /// Every dead letter.
    #[arg(long)]
    pub all: bool,
    /// Print JSON for scripts.
    #[arg(long)]
    pub json: bool,
}

/// `souk analytics`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  souk analytics rebuild   after a defect in the sums: the facts have everything\n  \
    souk analytics replay    after events were lost on their way, or into an empty database\n\n\
    Facts are kept for good. Streams are trimmed once every consumer has read them: a replay brings back only what they\n\
    still hold. Neither counts an event twice, and the shop may run meanwhile."
)]
pub struct AnalyticsArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: AnalyticsCommand,
}

/// Where sums are made again from.
#[derive(Subcommand)]
pub enum AnalyticsCommand {
    /// From the facts; says how many sums were wrong.
    Rebuild(JsonArgs),
    /// From the events that the streams still hold; those already counted are passed over.
    Replay(JsonArgs),
}

/// `souk logs`.
#[derive(ClapArgs)]
#[command(after_help = "Examples:\n  souk logs                what every process said last\n  \
    souk logs order -f       follow one service\n  souk logs postgres -n 200")]
pub struct LogsArgs {
    /// A service (order), a process (runtime, relay, mailer, postgres, redis), or souk itself; all of them without it.
    pub name: Option<String>,
    /// Go on printing what is added.
    #[arg(long, short)]
    pub follow: bool,
    /// Lines to begin with.
    #[arg(long, short = 'n', default_value_t = 40)]
    pub lines: usize,
}

/// `souk grant-role`.
#[derive(ClapArgs)]
#[command(after_help = "Example:\n  souk grant-role me@shop.example merchant\n\n\
    The role is in the tokens issued from then on: sign in again.")]
pub struct GrantArgs {
    /// The account's address.
    pub email: String,
    /// customer, support, merchant or admin.
    pub role: String,
}

/// `souk keys`.
#[derive(ClapArgs)]
#[command(
    after_help = "Examples:\n  souk keys list\n  souk keys rotate                 no request fails, nobody is signed out\n  \
    souk keys rotate --keep-days 0   drop every key that was retired before, with the tokens that it signed\n\n\
    A key that leaked: rotate, and then again with --keep-days 0."
)]
pub struct KeysArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// What to do with signing keys.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// One line for each key.
    List(JsonArgs),
    /// Have a new key sign: publish it, sign with it, and drop keys that were retired long ago.
    Rotate {
        /// Days that a key still verifies after it was replaced; a guest's token lives 30.
        #[arg(long, value_name = "DAYS", default_value_t = 31)]
        keep_days: u64,
        /// Print JSON for scripts.
        #[arg(long)]
        json: bool,
    },
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}
