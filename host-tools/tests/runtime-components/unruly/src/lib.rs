//! Satisfies `test:greeting/greet` and `souk:checkout/shipping`, and misbehaves as the name to greet or the city to
//! ship to says: `loop`, `trap`, `recurse`, `allocate`, `network` or `garbage`. Any other is served well.
#![allow(
    missing_docs,
    unsafe_code,
    clippy::panic,
    reason = "test component: failing on purpose is its job, and the bindings expand to unsafe code"
)]

use exports::souk::checkout::shipping::{Cart, Rate, Refusal};
use std::hint::black_box;
use std::net::TcpStream;

wit_bindgen::generate!({
    inline: "
        package test:unruly;
        world unruly {
            export test:greeting/greet@0.1.0;
            export souk:checkout/shipping@0.1.0;
        }
    ",
    path: ["../greeter/wit", "../../../../wit/checkout"],
    world: "test:unruly/unruly",
    generate_all,
});

struct Unruly;

impl exports::test::greeting::greet::Guest for Unruly {
    fn greet(name: String) -> String {
        misbehave(&name).unwrap_or_else(|| format!("Hello, {name}"))
    }
}

impl exports::souk::checkout::shipping::Guest for Unruly {
    fn rates(cart: Cart) -> Result<Vec<Rate>, Refusal> {
        let label = misbehave(&cart.destination.city).unwrap_or_else(|| "By hand".to_owned());
        Ok(vec![Rate { method: "standard".to_owned(), label, amount_minor: 100 }])
    }
}

/// Does as `how` says; a text only where that is the misbehaviour, or where it was survived.
fn misbehave(how: &str) -> Option<String> {
    match how {
        "loop" => spin_forever(),
        "trap" => panic!("on purpose"),
        "recurse" => Some(recurse(black_box(u64::MAX)).to_string()),
        "allocate" => allocate(),
        "network" => Some(format!("{:?}", TcpStream::connect("127.0.0.1:9"))),
        "garbage" => Some(not_utf8()),
        _ => None,
    }
}

fn spin_forever() -> ! {
    let mut n = 0_u64;
    loop {
        n = black_box(n.wrapping_add(1));
    }
}

fn recurse(depth: u64) -> u64 {
    if depth == 0 { 0 } else { black_box(recurse(black_box(depth - 1))) + 1 }
}

/// Touches what it takes, without end.
fn allocate() -> ! {
    let mut taken = Vec::new();
    loop {
        taken.push(black_box(vec![1_u8; 1 << 20]));
    }
}

fn not_utf8() -> String {
    // SAFETY: none; a plug-in in another language may return such bytes too, and the caller must not see them.
    unsafe { String::from_utf8_unchecked(vec![0xff; 8]) }
}

export!(Unruly);
