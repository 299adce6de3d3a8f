//! Properties that hold for every text.

use super::{characters, periods, values};
use crate::vocabulary::{Era, Vocabulary};
use proptest::prelude::*;
use std::sync::LazyLock;

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::built_in);

/// Texts of the characters that the parsers look for, and of any others.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[0-9０-９〇一二五十百千万億元令和平成昭年度月日末上下期四半RHQFYrs'.,．，:：/／~～〜ー－△▲+%％()（）（、。・→からまで中以上下内超約円件人回時間分割第延累計位 \u{3000}]{0,24}",
        1 => "[ -~ﾊﾞﾟｶ゛\u{3099}\u{200B}\u{FE00}\u{E0100}ｦ⼾⿊漢字かなカナ①㎡，．１Ａ \u{3000}\t]{0,24}",
        1 => any::<String>(),
    ]
}

fn numeral(number: i32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let tens = match number / 10 {
        0 => String::new(),
        1 => "十".to_owned(),
        tens => format!("{}十", DIGITS[tens as usize]),
    };
    format!("{tens}{}", DIGITS[(number % 10) as usize])
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c })
        .collect()
}

/// A fiscal year in every notation that plans use.
fn notations(fiscal_year: i32) -> Vec<String> {
    let (era, name, letter, sign) = match fiscal_year {
        2019.. => (fiscal_year - 2018, "令和", 'R', '㋿'),
        1989.. => (fiscal_year - 1988, "平成", 'H', '㍻'),
        _ => (fiscal_year - 1925, "昭和", 'S', '㍼'),
    };
    let mut all = vec![
        format!("{name}{era}年度"),
        format!("{name} {era} 年度"),
        format!("{sign}{era}年度"),
        format!("{letter}{era}年度"),
        format!("{name}{}年度", numeral(era)),
        format!("{fiscal_year}年度"),
        format!("FY{fiscal_year}"),
        format!("{fiscal_year}({name}{era})年度"),
        format!("{name}{era}年度({fiscal_year})"),
        format!("{name}{era}({fiscal_year})年度"),
        format!("{fiscal_year}年度({letter}{era})"),
    ];
    if era == 1 {
        all.push(format!("{name}元年度"));
    }
    if letter == 'R' {
        all.push(format!("{letter}{era}"));
    }
    let wide: Vec<String> = all.iter().map(|text| full_width(text)).collect();
    all.extend(wide);
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn folding_twice_is_folding_once(text in texts()) {
        let folded = characters::fold(&text);
        prop_assert_eq!(&characters::fold(&folded), &folded);
        let name = characters::name(&text);
        prop_assert_eq!(&characters::name(&name), &name);
        prop_assert_eq!(characters::name(&folded), name);
    }

    #[test]
    fn folding_keeps_what_is_already_folded(text in "[一-龠ぁ-んァ-ヶ。、]{0,40}") {
        prop_assert_eq!(characters::fold(&text), text);
    }

    #[test]
    fn joining_adds_at_most_a_space(first in "[a-z漢字かな]{0,8}", second in "[a-z漢字かな]{0,8}") {
        let joined = characters::join(&first, &second);
        let candidates = [format!("{first}{second}"), format!("{first} {second}")];
        prop_assert!(candidates.contains(&joined), "{}", joined);
    }

    #[test]
    fn mentions_stand_in_the_text(text in texts()) {
        let mut end = 0;
        for mention in periods::find(&text, &VOCABULARY) {
            prop_assert!(mention.range.start >= end && mention.range.end > mention.range.start);
            prop_assert!(text.get(mention.range.clone()).is_some());
            end = mention.range.end;
        }
        periods::parse(&text, &VOCABULARY);
    }

    #[test]
    fn heads_have_one_answer_a_cell(cells in prop::collection::vec(texts(), 0..6)) {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let heads = periods::heads(&cells, &VOCABULARY);
        prop_assert_eq!(heads.len(), cells.len());
        prop_assert_eq!(periods::heads_under(&heads, &cells, &VOCABULARY).len(), cells.len());
        prop_assert_eq!(periods::heads_under(&[], &cells, &VOCABULARY).len(), cells.len());
    }

    #[test]
    fn values_keep_their_source(text in texts(), unit in prop::option::of(texts())) {
        let value = values::parse(&text, unit.as_deref(), &VOCABULARY);
        prop_assert_eq!(&value.raw, &text);
        let numbers = [value.number, value.of, value.from, value.to, value.min, value.max];
        prop_assert!(numbers.iter().flatten().all(|number| number.0.is_finite()));
        values::is_doubtful(&value, &VOCABULARY);
    }

    #[test]
    fn figures_stand_in_the_text(text in texts()) {
        let mut end = 0;
        for figure in values::figures_in(&text, &VOCABULARY) {
            prop_assert!(figure.range.start >= end, "{:?}", figure);
            prop_assert_eq!(text.get(figure.range.clone()), Some(figure.value.raw.as_str()));
            end = figure.range.end;
        }
    }

    /// What is printed in full width says the same.
    #[test]
    fn width_changes_no_value(number in 0..2_000_000u32, unit in "(件|人|千円|%|時間/月|)", behind in "(以上|以下|程度|)") {
        let text = format!("{number}{unit}{behind}");
        let value = |text: &str| crate::record::Value { raw: String::new(), ..values::parse(text, None, &VOCABULARY) };
        prop_assert_eq!(value(&text), value(&full_width(&text)));
        prop_assert_eq!(value(&text).number.map(|n| n.0), Some(f64::from(number)));
    }
}

#[test]
fn a_fiscal_year_is_the_same_in_every_notation() {
    for (year, text) in (1950..2050).flat_map(|year| notations(year).into_iter().map(move |text| (year, text))) {
        let when = periods::parse(&text, &VOCABULARY);
        assert_eq!(when.as_ref().map(periods::When::fiscal_year), Some(year), "{text}");
        let found = periods::find(&format!("市は{text}に実施する"), &VOCABULARY);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].when.fiscal_year(), year, "{text}");
        assert!(found[0].when.codes.is_empty(), "{text}");
    }
}

#[test]
fn a_range_holds_both_ends_in_every_notation() {
    for (first, years, sign) in (2019..2030).flat_map(|first| [(first, 1, '～'), (first, 4, '〜'), (first, 9, '-')]) {
        for (a, b) in notations(first).iter().zip(notations(first + years)) {
            let text = format!("{a}{sign}{b}");
            let when = periods::parse(&text, &VOCABULARY).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(when.period.start.to_string(), format!("{first}-04"), "{text}");
            assert_eq!(when.period.end.to_string(), format!("{}-03", first + years + 1), "{text}");
        }
    }
}

/// Where the eras meet: what is in its era, before it, after it.
#[test]
fn eras_meet_without_a_gap() {
    assert_eq!(VOCABULARY.years.eras().iter().filter(|(_, era)| *era == Era::Reiwa).count(), 3);
    for (old, new) in [("昭和64年1月7日", "平成元年1月8日"), ("平成31年4月30日", "令和元年5月1日")]
    {
        for text in [old, new] {
            assert!(periods::parse(text, &VOCABULARY).unwrap().codes.is_empty(), "{text}");
        }
    }
}
