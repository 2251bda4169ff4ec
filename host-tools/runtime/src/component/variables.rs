//! What `spin:variables` answers to the instances of a component. It can be replaced while they are at work: an instance
//! keeps what it was made with, and is not used again once that is out of date.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The variables of one component, by name.
pub type Values = HashMap<String, String>;

/// The variables that new instances are made with.
#[derive(Debug)]
pub struct Variables(RwLock<Arc<Values>>);

impl Variables {
    /// Begins with `values`.
    pub fn new(values: Values) -> Self {
        Self(RwLock::new(Arc::new(values)))
    }

    /// What an instance made now is given.
    pub fn current(&self) -> Arc<Values> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether an instance that was given `values` may be used again.
    pub fn is_current(&self, values: &Arc<Values>) -> bool {
        Arc::ptr_eq(&self.0.read().unwrap_or_else(PoisonError::into_inner), values)
    }

    /// Gives other values to instances made from now on; equal ones change nothing.
    pub fn replace(&self, values: Values) {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if **current != values {
            *current = Arc::new(values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(value: &str) -> Values {
        HashMap::from([("key".to_owned(), value.to_owned())])
    }

    #[test]
    fn who_was_made_before_a_change_keeps_the_old_values_and_is_out_of_date() {
        let variables = Variables::new(values("old"));
        let before = variables.current();
        variables.replace(values("old"));
        assert!(variables.is_current(&before), "equal values change nothing");
        variables.replace(values("new"));
        assert!(!variables.is_current(&before));
        assert_eq!((before["key"].as_str(), variables.current()["key"].as_str()), ("old", "new"));
    }
}
