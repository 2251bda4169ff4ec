//! `spin:variables`: the component's own variables, as they were when the instance was made.

use crate::bindings::spin::variables::variables::{self, Error};
use crate::guest::{Guest, Host};
use crate::manifest::variables::check_name;
use wasmtime::component::Accessor;

impl variables::Host for Guest {}

impl variables::HostWithStore for Host {
    async fn get<T: Send>(accessor: &Accessor<T, Self>, name: String) -> wasmtime::Result<Result<String, Error>> {
        Ok(accessor.with(|mut access| {
            if let Err(why) = check_name(&name) {
                return Err(Error::InvalidName(format!("{name}: {why}")));
            }
            access
                .get()
                .variables
                .get(&name)
                .cloned()
                .ok_or_else(|| Error::Undefined(format!("no variable {name:?} for this component")))
        }))
    }
}
