//! One report a module. Reports are for those who run the shop, streams and dead letters for those who operate it; only
//! the counters for Prometheus are open.
//!
//! All times are UTC: hours, days and months begin when they do there.

pub mod cohorts;
pub mod dead_letters;
pub mod figures;
pub mod funnel;
pub mod metrics;
pub mod payments;
pub mod returns;
pub mod sales;
pub mod stock_outs;
pub mod streams;
pub mod summary;
pub mod top_products;

use crate::domain::period::{MOST_DAYS, MOST_DAYS_BY_HOUR, MOST_DAYS_BY_MONTH, Period, PeriodError, Width};
use serde::{Deserialize, Serialize};
use souk_core::{money::Money, problem::Problem, token::Role};
use souk_host::{ApiError, http::Identity, identity};
use utoipa::{IntoParams, ToSchema};

/// A period.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodParams {
    /// The first hour: a date (2026-01-31, midnight UTC) or an RFC 3339 time; when left out, a day before `to`.
    from: Option<String>,
    /// Up to here, at most 400 days later; the end of the present hour, when left out.
    to: Option<String>,
}

/// What a report over time is counted by.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Hours, at most 31 days of them.
    Hour,
    /// Days, at most 400.
    #[default]
    Day,
    /// Months, at most five years.
    Month,
}

/// A period and what it is counted by.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SeriesParams {
    /// `hour` (at most 31 days of them), `day` (at most 400) or `month` (at most five years), all in UTC.
    #[serde(default)]
    #[param(inline)]
    by: By,
    /// A date (2026-01-31, midnight UTC) or an RFC 3339 time; when left out, 24 hours, 30 days or 12 months before
    /// `to`.
    from: Option<String>,
    /// Up to here; the end of the present hour, day or month, when left out.
    to: Option<String>,
}

/// One currency's orders and money.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revenue {
    /// Orders confirmed in it.
    orders: i64,
    /// What they came to on average, rounded; null without any.
    #[schema(required)]
    average_order: Option<Money>,
    /// Taken.
    captured: Money,
    /// Given back.
    refunded: Money,
    /// Taken and kept.
    net: Money,
}

impl SeriesParams {
    /// The name of the bucket, and the period.
    fn asked(&self) -> Result<(&'static str, Period), ApiError> {
        let (name, width, most_days) = match self.by {
            By::Hour => ("hour", Width::Hour, MOST_DAYS_BY_HOUR),
            By::Day => ("day", Width::Day, MOST_DAYS),
            By::Month => ("month", Width::Month, MOST_DAYS_BY_MONTH),
        };
        Ok((name, period(self.from.as_deref(), self.to.as_deref(), width, most_days)?))
    }
}

fn require_merchant(identity: &Identity) -> Result<(), ApiError> {
    identity.require(&[Role::Merchant, Role::Admin])
}

/// Events carry names and addresses, so merchants do not see them.
fn require_operator(identity: &Identity) -> Result<(), ApiError> {
    identity.require(&[Role::Admin])
}

fn period(from: Option<&str>, to: Option<&str>, width: Width, most_days: i64) -> Result<Period, ApiError> {
    Period::asked(from, to, width, most_days, identity::now_s()).map_err(|error| {
        let problem = match error {
            PeriodError::Time(_) => Problem::bad_request("invalid-period", format!("{error}.")),
            PeriodError::Empty | PeriodError::TooLong(_) => {
                Problem::unprocessable("invalid-period", format!("{error}."))
            }
        };
        problem.into()
    })
}
