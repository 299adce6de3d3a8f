//! The pages of any bytes: what is painted lies where a number says, in paint order, and the same twice.
//!
//! `cargo +nightly fuzz run pdf_pages fuzz/corpus/pdf_pages fixtures/pdf/features -- -max_len=65536`

#![no_main]

use keikaku::read::pdf::interpret::pages;
use libfuzzer_sys::fuzz_target;
use std::sync::Once;

static QUIET: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    // The PDF crates panic on some damage, which the reader catches; libFuzzer's hook would end the process at once.
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| ())));
    let read = pages(bytes);
    for page in &read.pages {
        assert!(page.glyphs.iter().all(|glyph| glyph.bbox.iter().all(|v| v.is_finite()) && glyph.size > 0.0));
        assert!(page.shapes.iter().all(|shape| shape.bbox.iter().all(|v| v.is_finite())));
        assert!(page.glyphs.is_sorted_by_key(|glyph| glyph.order));
        assert!(page.shapes.is_sorted_by_key(|shape| shape.order));
        assert!(page.width.is_finite() && page.height.is_finite());
    }
    assert_eq!(format!("{read:?}"), format!("{:?}", pages(bytes)));
});
