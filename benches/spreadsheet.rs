//! A list of 100,000 rows by 40 columns read into the document model, against calamine's values of the same file.
//!
//! `cargo bench --bench spreadsheet`; `-- --test` runs each once. With `KEIKAKU_BENCH_MEMORY=keikaku` or `=calamine`
//! it reads the list once and prints the process's peak memory instead (Linux).

use criterion::Criterion;
use keikaku::read::{Format, spreadsheet};
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const ROWS: u32 = 100_000;
const COLUMNS: u32 = 40;

/// The list: half of its cells texts (of 5,000 different ones), half formatted numbers, all with borders.
fn list(rows: u32) -> Vec<u8> {
    const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId='176' formatCode='#,##0&quot;件&quot;'/></numFmts>\
        <borders><border/><border><left style='thin'/><right style='thin'/><top style='thin'/><bottom style='thin'/>\
        </border></borders><cellXfs><xf/><xf borderId='1'/><xf borderId='1' numFmtId='176'/>\
        <xf borderId='1' numFmtId='10'/></cellXfs></styleSheet>";
    let mut strings = String::from("<sst>");
    for i in 0..5000 {
        let _ = write!(strings, "<si><t>地域の取組その{i}</t></si>");
    }
    strings.push_str("</sst>");
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, content: &str| {
        writer.start_file(name, SimpleFileOptions::default()).expect("a zip in memory");
        writer.write_all(content.as_bytes()).expect("a zip in memory");
    };
    part("[Content_Types].xml", "<Types/>");
    part(
        "_rels/.rels",
        "<Relationships><Relationship Id='r' Type='/officeDocument' Target='xl/workbook.xml'/></Relationships>",
    );
    part("xl/workbook.xml", "<workbook><sheets><sheet name='一覧' sheetId='1' r:id='rId1'/></sheets></workbook>");
    part(
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id='rId1' Type='http://x/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
    );
    part("xl/styles.xml", STYLES);
    part("xl/sharedStrings.xml", &strings);
    let names: Vec<String> = (0..COLUMNS).map(column_name).collect();
    let mut sheet = String::from("<worksheet><sheetData>");
    for row in 1..=rows {
        let _ = write!(sheet, "<row r=\"{row}\">");
        for (i, name) in names.iter().enumerate() {
            let number = row.wrapping_mul(31).wrapping_add(i as u32 * 7) % 5000;
            let _ = match i % 4 {
                0 | 1 => write!(sheet, "<c r=\"{name}{row}\" s=\"1\" t=\"s\"><v>{number}</v></c>"),
                2 => write!(sheet, "<c r=\"{name}{row}\" s=\"2\"><v>{number}</v></c>"),
                _ => write!(sheet, "<c r=\"{name}{row}\" s=\"3\"><v>0.{number:04}</v></c>"),
            };
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    part("xl/worksheets/sheet1.xml", &sheet);
    writer.finish().expect("a zip in memory").into_inner()
}

fn column_name(column: u32) -> String {
    let letter = |i: u32| char::from(b'A' + i as u8);
    if column < 26 {
        letter(column).to_string()
    } else {
        [letter(column / 26 - 1), letter(column % 26)].iter().collect()
    }
}

fn with_keikaku(bytes: &[u8]) -> usize {
    spreadsheet::read(bytes, Format::Xlsx).document.blocks().count()
}

fn with_calamine(bytes: &[u8]) -> usize {
    use calamine::Reader;
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("the list");
    workbook.worksheet_range("一覧").expect("the sheet").used_cells().count()
}

/// Reads the list once and prints the peak memory before and after, in MB.
fn memory(which: &str) {
    let peak = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    let path = std::env::temp_dir().join("keikaku-bench-list.xlsx");
    if which == "make" {
        std::fs::write(&path, list(ROWS)).expect("the temporary folder");
        return;
    }
    let bytes = std::fs::read(&path).expect("the list, which KEIKAKU_BENCH_MEMORY=make makes");
    let before = peak();
    let found = if which == "calamine" { with_calamine(&bytes) } else { with_keikaku(&bytes) };
    println!("{which}: {found}, {} MB above {before} MB", peak() - before);
}

fn main() {
    if let Ok(which) = std::env::var("KEIKAKU_BENCH_MEMORY") {
        return memory(&which);
    }
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let bytes = list(ROWS);
    let mut group = criterion.benchmark_group("list of 100,000 × 40");
    group.bench_function("keikaku", |bencher| bencher.iter(|| with_keikaku(black_box(&bytes))));
    group.bench_function("calamine, values only", |bencher| bencher.iter(|| with_calamine(black_box(&bytes))));
    group.finish();
    criterion.final_summary();
}
