//! The table finder and the rest of the layout on what any bytes paint; what is checked stands in the tests.
//!
//! `cargo +nightly fuzz run pdf_tables -- -max_len=4096`

#![no_main]

#[path = "../../tests/main/pdf_tables.rs"]
mod pdf_tables;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| pdf_tables::check(bytes));
