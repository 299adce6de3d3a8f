//! A list of 100,000 rows by 40 columns under its heads, each row a measure: read into the document model and extracted,
//! against calamine's values of the same file.
//!
//! `cargo bench --bench spreadsheet` times the reading; `-- --test` runs each once. With `KEIKAKU_BENCH_ONCE=make` it
//! writes the list into the temporary folder, and with `=calamine`, `=read` or `=record` it reads that list once (the
//! last to the end, its record made) and prints the seconds and the process's peak memory (memory on Linux only).

use criterion::Criterion;
use keikaku::process;
use keikaku::read::{Format, spreadsheet};
use keikaku::vocabulary::Vocabulary;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{Cursor, Write};
use std::time::Instant;
use zip::write::SimpleFileOptions;

const ROWS: u32 = 100_000;
const SHEET: &str = "一覧";

/// Heads over two rows: those of one column, then groups of six years each, then one more.
const HEADS: [&str; 15] = [
    "番号",
    "基本目標",
    "施策",
    "事業名",
    "担当課",
    "関係課",
    "現状",
    "課題",
    "事業内容",
    "期待される効果",
    "事業期間",
    "区分",
    "指標名",
    "単位",
    "基準値(R5)",
];
const GROUPS: [&str; 4] = ["目標値", "実績値", "予算額(千円)", "年次計画"];
const YEARS: u32 = 6;

/// Style 1 has lines all round, style 2 groups of thousands as well.
const STYLES: &str = "<styleSheet><borders><border/><border><left style='thin'/><right style='thin'/>\
    <top style='thin'/><bottom style='thin'/></border></borders><cellXfs><xf/><xf borderId='1'/>\
    <xf borderId='1' numFmtId='3'/></cellXfs></styleSheet>";

/// A sheet while it is written: its cells, and the texts that they share.
#[derive(Default)]
struct Sheet {
    xml: String,
    texts: HashMap<String, usize>,
    strings: String,
    merges: String,
}

impl Sheet {
    fn text(&mut self, row: u32, column: u32, text: &str) {
        let next = self.texts.len();
        let index = *self.texts.entry(text.to_owned()).or_insert_with(|| {
            // writing to a String cannot fail
            let _ = write!(self.strings, "<si><t>{text}</t></si>");
            next
        });
        let _ = write!(self.xml, "<c r=\"{}{row}\" s=\"1\" t=\"s\"><v>{index}</v></c>", column_name(column));
    }

    fn number(&mut self, row: u32, column: u32, number: u32) {
        let _ = write!(self.xml, "<c r=\"{}{row}\" s=\"2\"><v>{number}</v></c>", column_name(column));
    }

    fn merge(&mut self, [column, row, end_column, end_row]: [u32; 4]) {
        let (first, last) = (column_name(column), column_name(end_column));
        let _ = write!(self.merges, "<mergeCell ref=\"{first}{row}:{last}{end_row}\"/>");
    }
}

/// The list. The same rows give the same bytes: nothing in it is drawn by lot.
fn list(rows: u32) -> Vec<u8> {
    let mut sheet = Sheet::default();
    sheet.xml.push_str("<worksheet><sheetData><row r=\"1\">");
    sheet.text(1, 0, "霧野市総合計画　事業一覧");
    sheet.xml.push_str("</row><row r=\"3\">");
    let fields = HEADS.len() as u32;
    let last = fields + GROUPS.len() as u32 * YEARS;
    for (column, head) in (0..).zip(HEADS).chain([(last, "備考")]) {
        sheet.text(3, column, head);
        sheet.merge([column, 3, column, 4]);
    }
    for (group, head) in (0..).zip(GROUPS) {
        let column = fields + group * YEARS;
        sheet.text(3, column, head);
        sheet.merge([column, 3, column + YEARS - 1, 3]);
    }
    sheet.xml.push_str("</row><row r=\"4\">");
    for column in fields..last {
        sheet.text(4, column, &format!("R{}", 6 + (column - fields) % YEARS));
    }
    sheet.xml.push_str("</row>");
    for i in 0..rows {
        let (row, a) = (5 + i, i.wrapping_mul(31) % 5000);
        let _ = write!(sheet.xml, "<row r=\"{row}\">");
        sheet.number(row, 0, i + 1);
        let texts = [
            format!("基本目標{} 暮らしを支えるまち", 1 + i * 5 / rows),
            format!("施策{} 地域の取組の推進", 1 + i * 50 / rows),
            format!("地域の取組を支える事業その{}", i + 1),
            format!("地域{}課", a % 40),
            format!("市民{}課、支援{}課", a % 17, a % 13),
            format!("地域の担い手が{a}人ほど不足している。"),
            format!("担い手の確保と育成が{}地区で必要である。", a % 100),
            format!("講座を年{}回開き、担い手を育てる。", a % 20),
            format!("担い手が増え、地域の取組が続く({})。", a % 50),
            "令和6年度～令和11年度".to_owned(),
            if a % 3 == 0 { "新規" } else { "継続" }.to_owned(),
            format!("講座の参加者数{}", a % 10),
            "人".to_owned(),
        ];
        for (column, text) in (1..).zip(&texts) {
            sheet.text(row, column, text);
        }
        sheet.number(row, fields - 1, a);
        for year in 0..YEARS {
            sheet.number(row, fields + year, a + year * 10 + 1);
        }
        for year in 0..2 {
            sheet.number(row, fields + YEARS + year, a + year * 10);
        }
        for year in 0..YEARS {
            sheet.number(row, fields + 2 * YEARS + year, a * 3 + year);
        }
        for (year, step) in (0..).zip(["検討", "実施", "実施", "実施", "実施", "検証"]) {
            sheet.text(row, fields + 3 * YEARS + year, step);
        }
        sheet.text(row, last, &format!("令和{}年度に見直す。", 6 + a % 3));
        sheet.xml.push_str("</row>");
    }
    let Sheet { xml, strings, merges, .. } = sheet;
    package(
        &format!("{xml}</sheetData><mergeCells>{merges}</mergeCells></worksheet>"),
        &format!("<sst>{strings}</sst>"),
    )
}

fn package(sheet: &str, strings: &str) -> Vec<u8> {
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
    part(
        "xl/workbook.xml",
        &format!("<workbook><sheets><sheet name='{SHEET}' sheetId='1' r:id='rId1'/></sheets></workbook>"),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id='rId1' Type='http://x/worksheet' Target='worksheets/sheet1.xml'/></Relationships>",
    );
    part("xl/styles.xml", STYLES);
    part("xl/sharedStrings.xml", strings);
    part("xl/worksheets/sheet1.xml", sheet);
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

fn read(bytes: &[u8]) -> usize {
    spreadsheet::read(bytes, Format::Xlsx).document.blocks().count()
}

fn record(bytes: &[u8]) -> usize {
    process::process("list.xlsx", bytes, &Vocabulary::built_in()).record.measures.len()
}

fn with_calamine(bytes: &[u8]) -> usize {
    use calamine::Reader;
    let mut workbook: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("the list");
    workbook.worksheet_range(SHEET).expect("the sheet").used_cells().count()
}

/// Reads the list once and prints the seconds, and the peak memory above what was there before.
fn once(which: &str) {
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
    let bytes = std::fs::read(&path).expect("the list, which KEIKAKU_BENCH_ONCE=make makes");
    let (before, start) = (peak(), Instant::now());
    let found = match which {
        "calamine" => with_calamine(&bytes),
        "record" => record(&bytes),
        _ => read(&bytes),
    };
    let seconds = start.elapsed().as_secs_f64();
    println!("{which}: {found}, {seconds:.1} s, {} MB above {before} MB", peak() - before);
}

fn main() {
    if let Ok(which) = std::env::var("KEIKAKU_BENCH_ONCE") {
        return once(&which);
    }
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let bytes = list(ROWS);
    let mut group = criterion.benchmark_group("list of 100,000 × 40");
    group.bench_function("keikaku, document model", |bencher| bencher.iter(|| read(black_box(&bytes))));
    group.bench_function("calamine, values only", |bencher| bencher.iter(|| with_calamine(black_box(&bytes))));
    group.finish();
    criterion.final_summary();
}
