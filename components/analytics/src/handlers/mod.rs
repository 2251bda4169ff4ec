//! One report a module. Reports are for those who run the shop; only the counters for Prometheus are open.

pub mod funnel;
pub mod metrics;
pub mod sales;
pub mod summary;
pub mod top_products;

use crate::domain::period::{Period, PeriodError, Width};
use serde::{Deserialize, Serialize};
use souk_core::{money::Money, problem::Problem, token::Role};
use souk_host::{ApiError, http::Identity, identity};
use utoipa::{IntoParams, ToSchema};

/// A period.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PeriodParams {
    /// The first hour: a date or an RFC 3339 time; when left out, a day before `to`.
    from: Option<String>,
    /// Up to here, at most 400 days later; now, when left out.
    to: Option<String>,
}

/// Money of one currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct Revenue {
    /// Taken.
    captured: Money,
    /// Given back.
    refunded: Money,
    /// The difference.
    net: Money,
}

fn require_merchant(identity: &Identity) -> Result<(), ApiError> {
    identity.require(&[Role::Merchant, Role::Admin])
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
