//! `souk grant-role`: the way to the first admin, who can then give roles through the API.

use std::process::ExitCode;

use anyhow::{Result, bail};
use souk_local::Environment;

use crate::args::{GrantArgs, Place};
use crate::{context, output};

pub async fn run(place: &Place, args: &GrantArgs) -> Result<ExitCode> {
    let environment = context::existing(place)?;
    if !grant(&environment, &args.email, &args.role).await? {
        bail!("there is no account {}: register it first", args.email);
    }
    output::line(format!("{} is {} from the next sign-in on", args.email, args.role));
    Ok(ExitCode::SUCCESS)
}

/// False when there is no such account.
pub async fn grant(environment: &Environment, email: &str, role: &str) -> Result<bool> {
    let users = environment.connect("user").await?;
    match users.query_one("SELECT grant_role($1::text, $2::text)", &[&email, &role]).await {
        Ok(row) => Ok(row.try_get(0)?),
        Err(e) => match e.as_db_error() {
            Some(db) => bail!("{}", db.message()),
            None => Err(e.into()),
        },
    }
}
