//! Any bytes as a workbook of each format: cells lie inside their tables, in order, and the same twice.
//!
//! `cargo +nightly fuzz run workbook fuzz/corpus/workbook fixtures/spreadsheet -- -max_len=65536`

#![no_main]

use keikaku::document::Block;
use keikaku::read::{Format, spreadsheet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for format in [Format::Xlsx, Format::Xlsb, Format::Xls, Format::Ods] {
        let reading = spreadsheet::read(bytes, format);
        for block in reading.document.blocks() {
            if let Block::Table(table) = block {
                assert!(table.cells.is_sorted_by(|a, b| (a.row, a.column) < (b.row, b.column)));
                assert!(table.cells.iter().all(|cell| cell.end_row() <= table.rows && cell.end_column() <= table.columns));
            }
        }
        assert_eq!(reading, spreadsheet::read(bytes, format));
    }
});
