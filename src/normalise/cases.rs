//! Every case that normalising is known by, as one table: `cases.toml`.

use super::{characters, periods, values};
use crate::record::{Comparator, Value, ValueKind};
use crate::vocabulary::Vocabulary;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Tables of a text and what is expected of it, by what is done with the text.
type Cases = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn cases() {
    let cases: Cases = toml::from_str(include_str!("cases.toml")).unwrap();
    let vocabulary = Vocabulary::built_in();
    let mut wrong = String::new();
    let mut count = 0;
    for (table, rows) in &cases {
        for (text, expected) in rows {
            count += 1;
            let found = match table.as_str() {
                "fold" => characters::fold(text),
                "name" => characters::name(text),
                "join" => text.split_once('⏎').map(|(a, b)| characters::join(a, b)).unwrap(),
                "parse" => periods::parse(text, &vocabulary).as_ref().map_or("no".to_owned(), show_when),
                "find" => show_mentions(text, &vocabulary),
                "heads" => show_heads(&periods::heads(&columns(text), &vocabulary)),
                "heads_under" => {
                    let (parents, cells) = text.split_once("//").unwrap();
                    let parents = periods::heads(&columns(parents), &vocabulary);
                    show_heads(&periods::heads_under(&parents, &columns(cells), &vocabulary))
                }
                "value" => {
                    let value = values::parse(text, None, &vocabulary);
                    assert_eq!(value.raw, *text);
                    let doubt = if values::is_doubtful(&value, &vocabulary) { "?" } else { "" };
                    show_value(&value) + doubt
                }
                "value_with_unit" => {
                    let (text, unit) = text.split_once("//").unwrap();
                    show_value(&values::parse(text.trim(), Some(unit.trim()), &vocabulary))
                }
                "figures" => show_figures(text, &vocabulary),
                other => panic!("no such table: {other}"),
            };
            if found != *expected {
                writeln!(wrong, "{table}: {text}\n  expected {expected}\n  found    {found}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(count >= 450, "only {count} cases");
}

fn columns(row: &str) -> Vec<&str> {
    row.split('|').map(str::trim).collect()
}

/// `2023-04..2024-03 FiscalYear`, then `By` or `From`, the date and the codes where there are any.
fn show_when(when: &periods::When) -> String {
    let mut shown = format!("{}..{} {:?}", when.period.start, when.period.end, when.precision);
    if when.bound != periods::Bound::In {
        write!(shown, " {:?}", when.bound).unwrap();
    }
    if let Some(date) = &when.date {
        write!(shown, " {date}").unwrap();
    }
    for code in &when.codes {
        write!(shown, " {}", code.name()).unwrap();
    }
    shown
}

/// `令和5年度=2023 By; …`: the text and the fiscal year of each mention.
fn show_mentions(text: &str, vocabulary: &Vocabulary) -> String {
    let mentions = periods::find(text, vocabulary).into_iter().map(|mention| {
        let mut shown = format!("{}={}", &text[mention.range], mention.when.fiscal_year());
        if mention.when.bound != periods::Bound::In {
            write!(shown, " {:?}", mention.when.bound).unwrap();
        }
        shown
    });
    mentions.collect::<Vec<_>>().join("; ")
}

/// Fiscal years as numbers, other times by their months, `-` for none.
fn show_heads(heads: &[Option<periods::When>]) -> String {
    let heads = heads.iter().map(|head| match head {
        None => "-".to_owned(),
        Some(when) if when.precision == periods::Precision::FiscalYear => when.fiscal_year().to_string(),
        Some(when) if when.period.start == when.period.end => when.period.start.to_string(),
        Some(when) => format!("{}..{}", when.period.start, when.period.end),
    });
    heads.collect::<Vec<_>>().join(" | ")
}

/// `number 10 時間/月 le`, `ratio 150 of 800 手続`, `range 4 to 5 件`, `milestone` …; then the base, then `also` values.
fn show_value(value: &Value) -> String {
    let number = |number: Option<crate::record::Number>| number.map_or("?".to_owned(), |n| n.0.to_string());
    let mut shown = match value.kind {
        ValueKind::Number => format!("number {}", number(value.number)),
        ValueKind::Ratio => format!("ratio {} of {}", number(value.number), number(value.of)),
        ValueKind::Change => format!("change {} to {}", number(value.from), number(value.to)),
        ValueKind::Range => format!("range {} to {}", number(value.min), number(value.max)),
        ValueKind::Milestone => "milestone".to_owned(),
        ValueKind::Deferred => "deferred".to_owned(),
        ValueKind::Pending => "pending".to_owned(),
        ValueKind::None => "none".to_owned(),
    };
    if let Some(unit) = &value.unit {
        write!(shown, " {unit}").unwrap();
    }
    if let Some(comparator) = value.comparator {
        let word = match comparator {
            Comparator::Eq => "eq",
            Comparator::Ge => "ge",
            Comparator::Le => "le",
            Comparator::Gt => "gt",
            Comparator::Lt => "lt",
            Comparator::Approx => "approx",
        };
        write!(shown, " {word}").unwrap();
    }
    if let Some(base) = &value.base {
        write!(shown, " = {} {}", base.number.0, base.unit).unwrap();
    }
    for also in &value.also {
        write!(shown, "; also {} [{}]", show_value(also), also.raw).unwrap();
    }
    shown
}

/// `90%=number 90 %; …`
fn show_figures(text: &str, vocabulary: &Vocabulary) -> String {
    let figures = values::figures_in(text, vocabulary).into_iter();
    figures
        .map(|figure| format!("{}={}", &text[figure.range], show_value(&figure.value)))
        .collect::<Vec<_>>()
        .join("; ")
}
