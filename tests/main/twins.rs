//! Twins: the same plan in another notation gives the same record.
//!
//! Made from fixtures by transformation: tables as tabs, pipes and HTML; other encodings and line ends; full-width
//! digits; calendar years for eras. Each kind says what of the record may differ ([`Same`]).

use crate::program::fixtures;
use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS};
use keikaku::process;
use keikaku::vocabulary::Vocabulary;
use regex::{Captures, Regex};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

/// A small plan with what the transformations change: tables, digits, years of an era.
const PLAN: &str = "\
# 汐見市デジタル計画

令和5年3月 汐見市
計画期間 令和5年度～令和7年度

## 基本方針1 窓口を便利にする

施策名\t窓口の予約
担当課\t市民課、情報課
概要\t窓口を24時間予約できるようにする。
スケジュール\t令和5年度\t令和6年度\t令和7年度
予約の仕組み\t設計\t構築\t運用
成果指標\t基準値(令和4年度)\t令和5年度\t令和6年度\t令和7年度
予約の件数\t120件\t500件\t1,000件\t2,000件

施策名\t図書館の電子化
担当課\t図書館
概要\t電子書籍を増やす。
スケジュール\t令和5年度\t令和6年度\t令和7年度
電子書籍の購入\t準備\t購入\t購入
成果指標\t基準値(令和4年度)\t令和5年度\t令和6年度\t令和7年度
貸出の冊数\t0冊\t100冊\t200冊\t300冊
";

/// What of two records is compared.
#[derive(Clone, Copy)]
enum Same {
    /// All but the source's size and hash.
    Places,
    /// All but places and what the source prints (`raw`).
    Values,
}

/// The text fixtures, and the plan above.
fn texts() -> Vec<(String, String)> {
    let fixtures = fixtures().into_iter().filter(|(path, _)| path.starts_with("text/"));
    let texts = fixtures.filter_map(|(path, bytes)| Some((path, String::from_utf8(bytes).ok()?)));
    [("plan.txt".to_owned(), PLAN.to_owned())].into_iter().chain(texts).collect()
}

/// The record of a text, as far as it is compared.
fn record(path: &str, bytes: &[u8], same: Same) -> Value {
    let outcome = process::process(path, bytes, &Vocabulary::built_in());
    let mut record = serde_json::to_value(outcome.record).unwrap();
    record["source"].take();
    // An encoding without a mark is told by statistics, and says so.
    record["diagnostics"].as_array_mut().unwrap().retain(|diagnostic| diagnostic["code"] != "encoding-doubtful");
    if let Same::Values = same {
        strip(&mut record);
    }
    record
}

/// Takes out places and what the source prints.
fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for field in ["at", "places", "raw", "message", "heading"] {
                fields.remove(field);
            }
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// Compares each text's record with its twin's; `twin` gives none where a text cannot be written so.
fn compare(same: Same, settle: fn(Value) -> Value, twin: impl Fn(&str) -> Option<(String, Vec<u8>)>) {
    let mut compared = 0;
    let mut differing = Vec::new();
    for (path, text) in texts() {
        let Some((name, bytes)) = twin(&text) else { continue };
        compared += 1;
        let (ours, theirs) = (settle(record(&path, text.as_bytes(), same)), settle(record(&path, &bytes, same)));
        let mut differences = Vec::new();
        differ("", &ours, &theirs, &mut differences);
        if !differences.is_empty() {
            differences.truncate(8);
            differing.push(format!("{path} as {name}:\n  {}", differences.join("\n  ")));
        }
    }
    assert!(compared > 0, "no text can be written so");
    assert!(differing.is_empty(), "\n{}", differing.join("\n"));
}

/// Where two values differ.
fn differ(pointer: &str, a: &Value, b: &Value, found: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().zip(b.values()).for_each(|((key, a), b)| differ(&format!("{pointer}/{key}"), a, b, found));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| differ(&format!("{pointer}/{i}"), a, b, found));
        }
        _ if a == b => {}
        _ => {
            let short = |value: &Value| value.to_string().chars().take(160).collect::<String>();
            found.push(format!("{pointer}: {} | {}", short(a), short(b)));
        }
    }
}

/// A text as lines and tables.
enum Part<'a> {
    Line(&'a str),
    /// Its rows, and its lines as they were.
    Table(Vec<Vec<&'a str>>, Vec<&'a str>),
}

/// Finds the tables of a text that are written with tabs or pipes.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut is_open = None;
    for line in text.lines() {
        let pipes = line.starts_with('|') && line.ends_with('|') && line.len() > 1;
        let cells: Vec<&str> = match pipes {
            true => line[1..line.len() - 1].split('|').map(str::trim).collect(),
            false => line.split('\t').collect(),
        };
        let syntax = if pipes { Some('|') } else { (cells.len() > 1).then_some('\t') };
        let is_rule = pipes && cells.iter().all(|cell| cell.contains('-') && cell.trim_matches([':', '-']).is_empty());
        match (syntax, parts.last_mut()) {
            (Some(_), Some(Part::Table(rows, lines))) if syntax == is_open => {
                lines.push(line);
                if !is_rule {
                    rows.push(cells);
                }
            }
            (Some(_), _) => parts.push(Part::Table(vec![cells], vec![line])),
            (None, _) => parts.push(Part::Line(line)),
        }
        is_open = syntax;
    }
    parts
}

/// A text with its tables written by a function.
fn with_tables(text: &str, table: fn(&[Vec<&str>]) -> String) -> Option<String> {
    let parts = parts(text);
    // A page of HTML has tables of its own.
    if text.contains("<table") || !parts.iter().any(|part| matches!(part, Part::Table(..))) {
        return None;
    }
    let mut out = String::new();
    for (i, part) in parts.iter().enumerate() {
        match part {
            Part::Line(line) => out.push_str(line),
            Part::Table(rows, lines) if is_broken(rows, parts.get(i + 1)) => out.push_str(&lines.join("\n")),
            Part::Table(rows, _) => out.push_str(table(rows).trim_end()),
        }
        out.push('\n');
    }
    Some(out)
}

/// Whether a cell of the table is broken over lines, which other syntaxes cannot say: a row that begins with a
/// sentence, or a line right below, may be the rest of a cell.
fn is_broken(rows: &[Vec<&str>], next: Option<&Part>) -> bool {
    rows.iter().any(|row| row[0].ends_with('。')) || matches!(next, Some(Part::Line(below)) if !below.trim().is_empty())
}

fn tabs(rows: &[Vec<&str>]) -> String {
    rows.iter().map(|row| row.join("\t") + "\n").collect()
}

fn pipes(rows: &[Vec<&str>]) -> String {
    rows.iter().map(|row| format!("| {} |\n", row.join(" | "))).collect()
}

fn csv(rows: &[Vec<&str>]) -> String {
    let cell = |cell: &&str| match cell.contains([',', '"']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => (*cell).to_owned(),
    };
    // As spreadsheets save it: every row has as many cells, and nothing stands right above.
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let row = |row: &Vec<&str>| {
        let cells: Vec<String> = row.iter().chain(std::iter::repeat(&"")).take(columns).map(cell).collect();
        cells.join(",") + "\n"
    };
    "\n".to_owned() + &rows.iter().map(row).collect::<String>()
}

/// In columns of the page, an ideograph two wide.
fn spaces(rows: &[Vec<&str>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width_cjk()).max();
    let starts: Vec<usize> = (0..columns)
        .scan(0, |start, column| Some(std::mem::replace(start, *start + width(column).unwrap_or(0) + 3)))
        .collect();
    rows.iter().map(|row| laid_out(row.iter().copied().zip(starts.iter().copied())) + "\n").collect()
}

/// A line of pieces that begin in columns of the page.
fn laid_out<'a>(pieces: impl Iterator<Item = (&'a str, usize)>) -> String {
    let mut line = String::new();
    for (piece, start) in pieces.filter(|(piece, _)| !piece.is_empty()) {
        let gap = if line.is_empty() { 0 } else { 2 };
        line.push_str(&" ".repeat(start.saturating_sub(line.width_cjk()).max(gap)));
        line.push_str(piece);
    }
    line
}

/// A text with its pieces changed; in one that is aligned by spaces each begins where it did, `stretch` times as far
/// to the right.
fn changed(text: &str, stretch: usize, change: impl Fn(&str) -> String) -> String {
    let aligned = Regex::new(r"\S {3,}\S").unwrap();
    if !aligned.is_match(text) {
        return change(text);
    }
    // A number and what it numbers stay together.
    let piece = Regex::new(r"(?:[0-9]+-[0-9]+ +)?\S+(?: \S+)*").unwrap();
    let line = |line: &str| {
        let pieces: Vec<(String, usize)> = piece
            .find_iter(line)
            .map(|piece| (change(piece.as_str()), line[..piece.start()].width_cjk() * stretch))
            .collect();
        let page = if line.starts_with('\x0c') { "\x0c" } else { "" };
        page.to_owned() + &laid_out(pieces.iter().map(|(piece, start)| (piece.as_str(), *start)))
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn html(rows: &[Vec<&str>]) -> String {
    let row = |row: &Vec<&str>| row.iter().map(|cell| format!("<td>{cell}</td>")).collect::<String>();
    let rows: String = rows.iter().map(|cells| format!("<tr>{}</tr>\n", row(cells))).collect();
    format!("<table>\n{rows}</table>\n")
}

#[test]
fn table_syntax_does_not_matter() {
    for (name, table) in [
        ("tabs", tabs as fn(&[Vec<&str>]) -> String),
        ("pipes", pipes),
        ("HTML", html),
        ("CSV", csv),
        ("spaces", spaces),
    ] {
        // Two lines with a comma may be a sentence.
        let small = |part: &Part| matches!(part, Part::Table(rows, _) if rows.len() < 3 || rows.iter().all(|row| row.len() < 3));
        let twin = |text: &str| {
            let doubtful = name == "CSV" && parts(text).iter().any(small);
            // What is laid out in columns has no marks of HTML, and a cell behind the head's last column makes one more.
            let wider =
                |part: &Part| matches!(part, Part::Table(rows, _) if rows.iter().any(|row| row.len() > rows[0].len()));
            // Only dumps of workbooks write a break in a cell as two characters.
            let unwritable = name == "spaces" && (text.contains('<') || parts(text).iter().any(wider))
                || matches!(name, "HTML" | "spaces") && text.contains("\\n");
            if doubtful || unwritable { None } else { Some((name.to_owned(), with_tables(text, table)?.into_bytes())) }
        };
        compare(Same::Values, |record| record, twin);
    }
}

fn encoded(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    let (bytes, _, unmappable) = encoding.encode(text);
    (!unmappable).then(|| bytes.into_owned())
}

#[test]
fn the_encoding_does_not_matter() {
    for encoding in [SHIFT_JIS, EUC_JP, ISO_2022_JP] {
        compare(Same::Places, |record| record, |text| Some((encoding.name().to_owned(), encoded(text, encoding)?)));
    }
    for (name, bytes) in [
        ("UTF-8 with BOM", (|text| format!("\u{feff}{text}").into_bytes()) as fn(&str) -> Vec<u8>),
        ("UTF-16LE", |text| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16BE", |text| format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("CRLF", |text| text.replace('\n', "\r\n").into_bytes()),
    ] {
        compare(Same::Places, |record| record, |text| Some((name.to_owned(), bytes(text))));
    }
}

#[test]
fn the_width_of_digits_does_not_matter() {
    let wide = |c: char| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xfee0).unwrap_or(c) } else { c };
    // Digits of markup and of its attributes stay as they are.
    let mark = Regex::new(r"<[^>]*>").unwrap();
    let change = |text: &str| {
        let mut out = String::new();
        let mut end = 0;
        for found in mark.find_iter(text) {
            out.extend(text[end..found.start()].chars().map(wide));
            out.push_str(found.as_str());
            end = found.end();
        }
        out.extend(text[end..].chars().map(wide));
        out
    };
    // What was squeezed to single spaces does not stand in columns that could be stretched.
    let squeezed = Regex::new(r"(?m) {3,}\S+(?: \S+){3,}$").unwrap();
    let twin = |text: &str| {
        let stretched = changed(text, 2, change);
        (!squeezed.is_match(text)).then(|| ("full-width digits".to_owned(), stretched.into_bytes()))
    };
    compare(Same::Values, |record| record, twin);
}

/// `令和5年` as `2023年`, line by line; an era's first year and a year after its end stay, for their diagnostics.
///
/// A line with a year that leans on an era before it (`令和5年度～7年度`), or with both notations, stays as it is.
fn calendar_years(text: &str) -> String {
    let leaning = Regex::new(r"(?:^|[^0-9令和平成昭])[0-9]{1,2}年|[0-9]{4}").unwrap();
    let era = Regex::new(r"(令和|平成)([0-9]+)年").unwrap();
    let year = |found: &Captures| match (&found[1], found[2].parse::<i32>()) {
        ("令和", Ok(number @ 2..)) => format!("{}年", 2018 + number),
        ("平成", Ok(number @ 2..=30)) => format!("{}年", 1988 + number),
        _ => found[0].to_owned(),
    };
    let line = |line| if leaning.is_match(line) { line.to_owned() } else { era.replace_all(line, year).into_owned() };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_notation_of_years_does_not_matter() {
    // Names and texts hold the years as printed: both are brought to the same notation before they are compared.
    fn settle(mut value: Value) -> Value {
        match &mut value {
            Value::String(text) => *text = calendar_years(text),
            Value::Array(items) => items.iter_mut().for_each(|item| *item = settle(item.take())),
            Value::Object(fields) => {
                // An identity may be made from the name.
                fields.remove("id");
                fields.values_mut().for_each(|field| *field = settle(field.take()));
            }
            _ => {}
        }
        value
    }
    compare(Same::Values, settle, |text| {
        let twin = changed(text, 1, calendar_years);
        (twin != text).then(|| ("calendar years".to_owned(), twin.into_bytes()))
    });
}

/// The comparison itself: it sees what differs, and the transformations transform.
#[test]
fn twins_are_told_apart() {
    let mut differences = Vec::new();
    let value = |year: i32| serde_json::json!({ "measures": [{ "kpis": [{ "fiscal_year": year }] }] });
    differ("", &value(2023), &value(2024), &mut differences);
    assert_eq!(differences, ["/measures/0/kpis/0/fiscal_year: 2023 | 2024"]);

    let plan = record("plan.txt", PLAN.as_bytes(), Same::Places);
    let targets = plan.pointer("/measures/1/kpis/0/targets").and_then(Value::as_array).map(Vec::len);
    assert_eq!((plan["measures"].as_array().unwrap().len(), targets), (2, Some(3)), "there is something to compare");

    let in_pipes = with_tables(PLAN, pipes).unwrap();
    assert!(in_pipes.contains("| 施策名 | 窓口の予約 |") && !in_pipes.contains('\t'));
    assert_eq!(with_tables(&in_pipes, tabs).as_deref(), Some(PLAN));
    assert!(with_tables(PLAN, html).unwrap().contains("<tr><td>担当課</td><td>図書館</td></tr>"));
    assert!(calendar_years(PLAN).contains("計画期間 2023年度～2025年度"));
    assert_eq!(calendar_years("令和5年度～7年度\n令和5年度\t令和6年度"), "令和5年度～7年度\n2023年度\t2024年度");
    assert!(encoded("①㈱髙", SHIFT_JIS).is_some() && encoded("𠮷", SHIFT_JIS).is_none());
}

/// A plan as a workbook of each kind, as the CSV and the PDF that an office program makes of it.
#[test]
fn the_same_plan_in_every_format() {
    for plan in ["akanegahara-indicators", "kuresaka-register"] {
        the_same_in_every_format(plan);
    }
}

fn the_same_in_every_format(plan: &str) {
    let plans: Vec<(String, Value)> = fixtures()
        .into_iter()
        .filter(|(path, _)| path.starts_with(&format!("spreadsheet/{plan}.")))
        .map(|(path, bytes)| {
            let mut plan = record(&path, &bytes, Same::Values);
            let fields = plan.as_object_mut().unwrap();
            fields.retain(|field, _| matches!(field.as_str(), "policies" | "measures"));
            (path, plan)
        })
        .collect();
    let formats: Vec<&str> = plans.iter().filter_map(|(path, _)| path.rsplit('.').next()).collect();
    assert_eq!(formats, ["csv", "ods", "pdf", "xls", "xlsx"]);
    let (first, ours) = &plans[0];
    assert_eq!(ours["measures"].as_array().map(Vec::len), Some(4));
    for (path, theirs) in &plans[1..] {
        let mut differences = Vec::new();
        differ("", ours, theirs, &mut differences);
        assert!(differences.is_empty(), "{first} | {path}:\n  {}", differences.join("\n  "));
    }
}

/// Prints of one plan by several producers: `fixtures/pdf/plans/NAME.PRODUCER.pdf`.
#[test]
fn prints_of_a_plan_give_its_record() {
    let mut plans: std::collections::BTreeMap<String, Vec<(String, Value)>> = std::collections::BTreeMap::new();
    for (path, bytes) in
        fixtures().into_iter().filter(|(path, _)| path.starts_with("pdf/plans/") && path.ends_with(".pdf"))
    {
        let name = path.split('.').next().unwrap_or_default().to_owned();
        let mut record = record(&path, &bytes, Same::Values);
        record["diagnostics"].take();
        plans.entry(name).or_default().push((path, record));
    }
    let mut differing = Vec::new();
    let mut compared = 0;
    for (first, others) in plans.values().filter_map(|prints| prints.split_first()) {
        for other in others {
            compared += 1;
            let (mut ours, mut theirs) = (first.1.clone(), other.1.clone());
            if other.0.contains(".writer.") {
                // Without rules nothing shows how far a cell reaches.
                [&mut ours, &mut theirs].into_iter().for_each(without_ends);
            }
            let mut differences = Vec::new();
            differ("", &ours, &theirs, &mut differences);
            if !differences.is_empty() {
                differing.push(format!("{} and {}:\n  {}", first.0, other.0, differences.join("\n  ")));
            }
        }
    }
    assert!(compared >= 4, "{compared} prints compared");
    assert!(differing.is_empty(), "\n{}", differing.join("\n"));
}

/// Takes out where the items of schedules end, and how that is known.
fn without_ends(record: &mut Value) {
    for measure in record["measures"].as_array_mut().into_iter().flatten() {
        for item in measure["schedule"].as_array_mut().into_iter().flatten() {
            item["end"].take();
            item["basis"].take();
        }
    }
}
