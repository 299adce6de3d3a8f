//! Holds the architecture of `src/lib.rs`: who may name whom, which crates where, what every file looks like.
//!
//! The check is of tokens, not of types: comments and literals are blanked first ([`lexer`]), then paths that start at
//! the crate's root are read off. Each rule is also held against planted breaches, so that it is known to bite.

#[path = "tidy/lexer.rs"]
mod lexer;

use lexer::{Source, lex};
use std::fs;
use std::path::{Path, PathBuf};

/// For each top-level module the ones it may name; itself it always may.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("document", &[]),
    ("diagnostic", &["document"]),
    ("record", &["document", "diagnostic"]),
    ("vocabulary", &["document", "diagnostic", "record"]),
    ("read", &["document", "diagnostic"]),
    ("normalise", &["document", "diagnostic", "record", "vocabulary"]),
    ("extract", &["document", "diagnostic", "record", "vocabulary", "normalise"]),
    ("validate", &["document", "diagnostic", "record", "vocabulary", "normalise"]),
    ("correct", &["document", "diagnostic", "record", "vocabulary", "normalise"]),
    ("compare", &["document", "diagnostic", "record", "vocabulary", "normalise"]),
    ("write", &["document", "diagnostic", "record", "vocabulary", "compare"]),
    (
        "process",
        &["document", "diagnostic", "record", "vocabulary", "read", "normalise", "extract", "correct", "validate"],
    ),
    (
        "batch",
        &[
            "document",
            "diagnostic",
            "record",
            "vocabulary",
            "read",
            "correct",
            "validate",
            "compare",
            "write",
            "process",
        ],
    ),
    (
        "cli",
        &[
            "document",
            "diagnostic",
            "record",
            "vocabulary",
            "read",
            "correct",
            "validate",
            "compare",
            "write",
            "process",
            "batch",
        ],
    ),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// What only the named parts of the source may use.
const ONLY_UNDER: &[(&str, &[&str])] = &[
    ("hayro_interpret", &["read/pdf/", "write/"]),
    ("hayro_font", &["read/pdf/", "write/"]),
    ("hayro_cmap", &["read/pdf/", "write/"]),
    ("hayro", &["read/pdf/", "write/"]),
    ("skrifa", &["read/pdf/", "write/"]),
    ("lopdf", &["write/"]),
    ("png", &["write/report/"]),
    ("calamine", &["read/spreadsheet/"]),
    ("zip", &["read/spreadsheet/", "read/format.rs"]),
    ("quick_xml", &["read/spreadsheet/", "write/export/"]),
    ("rusqlite", &["write/export/"]),
    ("parquet", &["write/export/"]),
    ("csv", &["read/text/", "write/export/"]),
    ("rust_xlsxwriter", &["write/export/"]),
    ("scraper", &["read/text/"]),
    ("chardetng", &["read/text/"]),
    ("encoding_rs", &["read/"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("ctrlc", &["cli/"]),
    ("jiff", &["cli/"]),
    ("ignore", &["batch/"]),
    ("rustix", &["batch/"]),
    ("tempfile", &["write/"]),
    ("jsonschema", &["validate/"]),
    ("std::fs", &["batch/", "write/"]),
    ("std::process", &["batch/", "cli/mod.rs", "main.rs"]),
    ("std::net", &[]),
    ("std::time", &["batch/", "cli/"]),
];

const LONGEST: usize = 600;

const NAMELESS: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc"];

/// What is wrong with a file; `path` is below the project, with `/`.
fn breaches(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !text.starts_with("//! ") {
        found.push(format!("{path}: does not begin with a `//!` head that says what it is for"));
    }
    let lines = text.lines().count();
    if lines > LONGEST {
        found.push(format!("{path}: {lines} lines, more than {LONGEST}"));
    }
    for part in path.trim_end_matches(".rs").split('/') {
        if NAMELESS.contains(&part) {
            found.push(format!("{path}: `{part}` is no name of what a module is about"));
        }
    }
    if let Some(below) = path.strip_prefix("src/") {
        source_breaches(path, below, &lex(text), &mut found);
    }
    found
}

fn source_breaches(path: &str, below: &str, source: &Source, found: &mut Vec<String>) {
    let module = below.split(['/', '.']).next().unwrap_or_default();
    let depth = below.trim_end_matches("/mod.rs").matches('/').count() + 1;
    let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == module) else {
        found.push(format!("{path}: `{module}` is not in the table of who may name whom"));
        return;
    };
    for (line, root) in source.names_at_root(depth) {
        let known = MAY_NAME.iter().any(|(name, _)| *name == root);
        if known && root != module && !allowed.contains(&root.as_str()) {
            found.push(format!("{path}:{line}: `{module}` may not name `{root}`"));
        }
    }
    for (line, used) in source.paths() {
        for (thing, places) in ONLY_UNDER {
            let names_it = used.strip_prefix(thing).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
            if names_it && !places.iter().any(|place| below.starts_with(place)) {
                found.push(format!("{path}:{line}: `{thing}` is used outside {places:?}"));
            }
        }
    }
    // A `tests.rs` stands under `#[cfg(test)]` where it is declared.
    if module == "extract" && !below.ends_with("/tests.rs") {
        for (line, literal) in source.literals.iter().filter(|(_, literal)| holds_japanese(literal)) {
            found.push(format!("{path}:{line}: {literal:?} belongs into src/vocabulary/*.toml"));
        }
    }
}

/// Whether a literal holds kana or ideographs, written or as escapes; the ends of their blocks may stand in ranges.
fn holds_japanese(literal: &str) -> bool {
    const ENDS: [char; 15] = [
        '\u{3041}',
        '\u{3096}',
        '\u{30a1}',
        '\u{30a2}',
        '\u{30f3}',
        '\u{30fa}',
        '\u{30fc}',
        '\u{3400}',
        '\u{4dbf}',
        '\u{4e00}',
        '\u{9fff}',
        '\u{f900}',
        '\u{faff}',
        '\u{20000}',
        '\u{3ffff}',
    ];
    let escapes =
        literal.split("\\u{").skip(1).filter_map(|rest| u32::from_str_radix(rest.split_once('}')?.0, 16).ok());
    let mut escaped = escapes.filter_map(char::from_u32);
    literal.chars().any(is_japanese) || escaped.any(|c| is_japanese(c) && !ENDS.contains(&c))
}

/// Kana and ideographs; punctuation and marks may stand in logic.
fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn the_source_is_tidy() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches", "fuzz/fuzz_targets", "examples"] {
        rust_files(&root.join(folder), &mut files);
    }
    files.sort();
    assert!(files.len() > 20, "the source was not found");
    let found: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let path = file.strip_prefix(root).unwrap().iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>();
            breaches(&path.join("/"), &fs::read_to_string(file).unwrap())
        })
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_table_names_every_module() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')) {
            assert!(MAY_NAME.iter().any(|(module, _)| *module == name), "{name}");
        }
    }
}

#[test]
fn planted_breaches_are_found() {
    for (path, text, expected) in [
        ("src/read/a.rs", "//! A.\nuse crate::record::Plan;\n", "may not name `record`"),
        ("src/read/a.rs", "//! A.\nuse crate::{document::Text, vocabulary};\n", "may not name `vocabulary`"),
        ("src/read/a.rs", "//! A.\nuse crate::{\n    document::{Text, Line},\n    extract::plan,\n};\n", "`extract`"),
        ("src/read/a.rs", "//! A.\nfn f() { super::super::extract::plan() }\n", "may not name `extract`"),
        ("src/read/text/a.rs", "//! A.\nuse super::super::super::extract;\n", "may not name `extract`"),
        ("src/read/mod.rs", "//! A.\nuse super::normalise;\n", "may not name `normalise`"),
        ("src/document/mod.rs", "//! A.\nuse crate::diagnostic::Code;\n", "may not name `diagnostic`"),
        ("src/extract/a.rs", "//! A.\nfn f() { crate::read::read(b\"\", \"\"); }\n", "may not name `read`"),
        ("src/process.rs", "//! A.\nuse crate::batch;\n", "may not name `batch`"),
        ("src/main.rs", "//! A.\nfn main() { keikaku::batch::ingest() }\n", "may not name `batch`"),
        ("src/new/mod.rs", "//! A.\n", "not in the table"),
        ("src/read/text/a.rs", "//! A.\nuse hayro_interpret::Device;\n", "`hayro_interpret` is used outside"),
        ("src/extract/a.rs", "//! A.\nfn f() -> calamine::Data { todo!() }\n", "`calamine` is used outside"),
        ("src/batch/a.rs", "//! A.\nuse clap::Args;\n", "`clap` is used outside"),
        ("src/read/a.rs", "//! A.\nuse std::fs::File;\n", "`std::fs` is used outside"),
        ("src/read/a.rs", "//! A.\nuse std::{fs, io};\n", "`std::fs` is used outside"),
        ("src/cli/a.rs", "//! A.\nuse std::{\n    collections::BTreeMap,\n    fs::{self, File},\n};\n", "`std::fs`"),
        ("src/batch/a.rs", "//! A.\nuse std::net::TcpStream;\n", "`std::net` is used outside"),
        ("src/extract/a.rs", "//! A.\nconst A: &str = \"施策\";\n", "belongs into"),
        ("src/extract/a.rs", "//! A.\nfn f(c: char) -> bool { c == '年' }\n", "belongs into"),
        ("src/extract/a.rs", "//! A.\nfn f(c: char) -> bool { c == '\\u{5143}' }\n", "belongs into"),
        ("src/extract/a.rs", "//! A.\nfn f(s: &str) -> bool { s == r#\"目標\"# }\n", "belongs into"),
        ("src/extract/a.rs", "use std::io;\n", "does not begin with"),
        ("src/read/util.rs", "//! A.\n", "no name of what"),
        ("src/common/a.rs", "//! A.\n", "no name of what"),
        ("tests/main/helpers.rs", "//! A.\n", "no name of what"),
    ] {
        let found = breaches(path, text);
        assert!(found.iter().any(|breach| breach.contains(expected)), "{path} {text:?}: {found:?}");
    }
    let long = format!("//! A.\n{}", "\n".repeat(LONGEST));
    assert!(breaches("tests/a.rs", &long)[0].contains("601 lines"));
}

#[test]
fn what_is_allowed_is_no_breach() {
    for (path, text) in [
        (
            "src/extract/a.rs",
            "//! 施策を見つける。\n/// 施策 `use crate::read;`\n// use crate::read;\nuse crate::record::Plan;\n",
        ),
        ("src/extract/a.rs", "//! A.\n/* crate::read /* 年 */ */\nconst A: &[char] = &['、', '・', '\\'', '→'];\n"),
        (
            "src/extract/a.rs",
            "//! A.\nfn f<'a>(s: &'a str) -> &'a str { s }\n#[cfg(test)]\nmod tests {\n    use crate::read;\n    const A: &str = \"施策\";\n}\n",
        ),
        (
            "src/extract/a.rs",
            "//! A.\nfn f(c: char) -> bool { matches!(c, '\\u{4e00}'..='\\u{9FFF}' | '\\u{3001}') }\n",
        ),
        ("src/read/text/a.rs", "//! A.\nuse super::super::Reading;\nuse super::table;\nuse crate::read::Format;\n"),
        ("src/read/pdf/a.rs", "//! A.\nuse hayro_interpret::Device;\n"),
        ("src/read/a.rs", "//! A.\nconst A: &str = \"crate::record\";\nfn f(zip: u8) -> u8 { zip }\n"),
        ("src/cli/a.rs", "//! A.\nuse crate::{batch, write::json};\nuse clap::Args;\nuse std::{io, path::Path};\n"),
        ("src/batch/a.rs", "//! A.\nuse std::fs::{self, File};\n"),
        ("src/read/a.rs", "//! A.\nfn f(a: &[u8], b: &[u8]) { for _ in a.iter().zip(b) {} }\n"),
    ] {
        assert_eq!(breaches(path, text), [""; 0], "{path} {text:?}");
    }
}
