//! What formats show, as a table that LibreOffice and SheetJS SSF agree with.

use super::*;

const TABLE: &str = include_str!("../../../../fixtures/spreadsheet/number-formats.tsv");

fn shown(code: &str, value: &str) -> String {
    let format = NumberFormat::parse(code);
    let mut out = String::new();
    match value.strip_prefix('\'') {
        Some(text) => format.text(text, &mut out),
        None => format.number(value.parse().unwrap(), DateSystem::From1900, &mut out),
    }
    out.trim().to_owned()
}

#[test]
fn formats_show_what_office_programs_show() {
    let rows: Vec<Vec<&str>> =
        TABLE.lines().filter(|line| !line.starts_with("# ")).map(|line| line.split('\t').collect()).collect();
    assert!(rows.len() >= 400, "{}", rows.len());
    for row in rows {
        let [code, value, expected, _] = row[..] else { panic!("{row:?} has not four columns") };
        assert_eq!(shown(code, value), expected, "`{code}` of {value}");
    }
}

#[test]
fn the_other_date_system_counts_from_1904() {
    let mut out = String::new();
    NumberFormat::parse("yyyy/m/d").number(43_920.0, DateSystem::From1904, &mut out);
    assert_eq!(out, "2024/3/31");
}

#[test]
fn a_number_that_is_no_date_is_shown_as_it_is() {
    for (code, value, expected) in [("yyyy/m/d", "-1", "-1"), ("yyyy/m/d", "1e10", "10000000000")] {
        assert_eq!(shown(code, value), expected);
    }
}

proptest::proptest! {
    #[test]
    fn any_code_shows_something(code in "[0#?.,%;\"@ymdhsegaAMP/\\[\\]<>=$*_+E0-9年件\\\\-]{0,24}", value: f64) {
        let format = NumberFormat::parse(&code);
        let mut out = String::new();
        format.number(value, DateSystem::From1900, &mut out);
        format.text("計画", &mut out);
        proptest::prop_assert!(out.len() < 100_000);
    }

    #[test]
    fn general_can_be_read_back(value in -1e15..1e15_f64) {
        let mut out = String::new();
        general(value, &mut out);
        let read: f64 = out.parse().unwrap();
        proptest::prop_assert!((read - value).abs() <= value.abs() * 1e-5 + 1e-9, "{} {}", out, value);
    }
}
