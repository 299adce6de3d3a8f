//! Damaged PDF files: whatever their bytes are, they cost nothing but themselves.

use crate::program::{Folder, fixtures};
use keikaku::read::pdf::interpret::pages;
use std::{panic, thread};

/// Every PDF fixture but the one that paints without end, which is as slow as the budget allows.
fn files() -> Vec<(String, Vec<u8>)> {
    let mut files = fixtures();
    files.retain(|(name, _)| name.ends_with(".pdf") && !name.ends_with("doubling.pdf"));
    files
}

/// A generator of numbers that gives the same at every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    /// Damages a file in one to eight places: a byte, a digit, a stretch cut out, doubled or moved, the end cut off.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(8) {
            if bytes.is_empty() {
                return;
            }
            let at = self.below(bytes.len());
            let end = (at + 1 + self.below(40)).min(bytes.len());
            match self.below(16) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..end)),
                2 => {
                    let stretch = bytes[at..end].to_vec();
                    let to = self.below(bytes.len());
                    bytes.splice(to..to, stretch);
                }
                3..=7 => match bytes[at..].iter().position(u8::is_ascii_digit) {
                    Some(digit) => bytes[at + digit] = b"0123456789-."[self.below(12)],
                    None => bytes[at] = 0,
                },
                _ => bytes[at] = self.below(256) as u8,
            }
        }
    }
}

/// Nothing in a damaged file may panic past the reader, hang it, or come out as no number.
#[test]
fn what_is_read_of_damaged_files_is_sound() {
    let mut numbers = Numbers(2023);
    // Panics inside of the PDF crates are expected here, and here only.
    let (here, hook) = (thread::current().id(), panic::take_hook());
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() != here {
            hook(info);
        }
    }));
    for (_, whole) in files() {
        for _ in 0..50 {
            let mut damaged = whole.clone();
            numbers.damage(&mut damaged);
            for page in pages(&damaged).pages {
                assert!(page.glyphs.iter().all(|glyph| glyph.bbox.iter().all(|v| v.is_finite()) && glyph.size > 0.0));
                assert!(page.shapes.iter().all(|shape| shape.bbox.iter().all(|v| v.is_finite())));
            }
        }
    }
    drop(panic::take_hook());
}

#[test]
fn two_thousand_damaged_files_are_ingested() {
    const FILES: usize = 2000;
    let mut numbers = Numbers(2026);
    let whole = files();
    let damaged: Vec<(String, Vec<u8>)> = (0..FILES)
        .map(|at| {
            let mut bytes = whole[at % whole.len()].1.clone();
            numbers.damage(&mut bytes);
            (format!("{at:04}.pdf"), bytes)
        })
        .collect();
    let documents: Vec<(&str, &[u8])> = damaged.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let folder = Folder::with(&documents);
    let ran = folder.ingested(&["--format", "ndjson", "--quiet"]);
    assert!(matches!(ran.code, Some(0 | 1)), "{:?}", ran.code);
    let manifest = folder.json("out/run.json");
    assert_eq!(manifest["documents"].as_array().unwrap().len(), FILES);
    let records = String::from_utf8(folder.bytes("out/records.ndjson")).unwrap();
    let mut read = 0;
    for (line, (name, _)) in records.lines().zip(&damaged) {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(record["source"]["path"], name.as_str());
        let diagnostics = record["diagnostics"].as_array().unwrap();
        for code in ["worker-crashed", "schema-violation"] {
            assert!(diagnostics.iter().all(|diagnostic| diagnostic["code"] != code), "{name}: {diagnostics:?}");
        }
        read += usize::from(record["source"]["pages"] != 0);
    }
    assert!(read > FILES / 2, "the damage leaves most files readable: {read}");
}
