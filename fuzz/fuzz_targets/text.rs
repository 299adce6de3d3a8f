//! Any bytes as a text, from reading to record; what is checked stands in the tests.
//!
//! `cargo +nightly fuzz run text fuzz/corpus/text fixtures/text -- -max_len=16384`

#![no_main]

#[path = "../../tests/main/text_damage.rs"]
mod text_damage;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| text_damage::check(bytes));
