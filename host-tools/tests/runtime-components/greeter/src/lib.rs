//! Satisfies `test:greeting/greet`, for the runtime tests of component dependencies.
#![allow(missing_docs, unsafe_code, reason = "test component; the bindings expand to unsafe code")]

wit_bindgen::generate!({ world: "greeter", path: "wit" });

struct Greeter;

impl exports::test::greeting::greet::Guest for Greeter {
    fn greet(name: String) -> String {
        format!("Hello, {name}")
    }
}

export!(Greeter);
