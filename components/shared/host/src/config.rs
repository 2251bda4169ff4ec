//! The component's variables, read once per instance.

use crate::error::ApiError;
use send_wrapper::SendWrapper;
use std::{cell::RefCell, collections::HashMap, future::Future};

thread_local! {
    static VALUES: RefCell<HashMap<String, String>> = RefCell::new(HashMap::new());
}

/// The value of the variable `name`. A missing variable is a deployment error: it is logged, the caller gets a 500.
pub fn get(name: &str) -> impl Future<Output = Result<String, ApiError>> + Send {
    let name = name.to_owned();
    SendWrapper::new(async move {
        if let Some(value) = VALUES.with_borrow(|values| values.get(&name).cloned()) {
            return Ok(value);
        }
        match spin_sdk::variables::get(&name).await {
            Ok(value) => {
                VALUES.with_borrow_mut(|values| values.insert(name, value.clone()));
                Ok(value)
            }
            // The error names the variable, never its value.
            Err(error) => Err(ApiError::defect(&format!("variable {name}: {error:?}"))),
        }
    })
}

/// The variable `name` as a number of its type.
pub async fn number<T: std::str::FromStr>(name: &str) -> Result<T, ApiError> {
    get(name).await?.trim().parse().map_err(|_| ApiError::defect(&format!("variable {name} is not a number")))
}
