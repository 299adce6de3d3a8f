//! Columns aligned with spaces, as fixed-width prints and layout-keeping converters make them.
//!
//! ```text
//! lines -> their pieces (pieces) -> the ones that leave the same columns of the page blank (region)
//!       -> rows: which lines make each (rows)
//!       -> cells: the pieces of a row that stand under each other, in the columns of the table (cells)
//! ```
//! Before that, tables whose columns were squeezed are read by the order of their words (words).
//!
//! Ideographs are taken to be two columns wide, or one (as `pdftotext -layout` counts them), whichever makes more of
//! the lines a table.

mod cells;
mod pieces;
mod region;
mod rows;
mod series;
mod words;

use super::super::lines::trimmed;
use super::Budget;
use crate::document::Table;
pub(in super::super) use pieces::Pieces;
use pieces::may_begin;
use region::Region;
use std::cmp::Ordering;

/// How many lines tell which width ideographs have.
const SAMPLE: usize = 60;

/// Whether a table begins on a line in the middle of prose: one of pieces, and those below it in the same columns.
pub(in super::super) fn begins(pieces: &Pieces, at: usize) -> bool {
    let line = trimmed(pieces.source.get(at));
    may_begin(line) && (words::begins(pieces, at) || layout(pieces, at).is_some())
}

/// The table that begins on a line, and the index of the line after it.
pub(in super::super) fn read(pieces: &Pieces, first: usize, budget: &mut Budget) -> Option<(Table, usize)> {
    if !may_begin(pieces.source.get(first)) {
        return None;
    }
    if let Some(squeezed) = words::read(pieces, first, budget) {
        return Some(squeezed);
    }
    let (sampled, ideograph) = layout(pieces, first)?;
    let region =
        if sampled.lines.len() < SAMPLE { sampled } else { Region::grow(pieces, first, ideograph, usize::MAX)? };
    cells::build(pieces.source, &region, budget)
}

/// The first lines of a table, and how many columns an ideograph takes in it.
fn layout(pieces: &Pieces, first: usize) -> Option<(Region, usize)> {
    let by = |ideograph| Region::grow(pieces, first, ideograph, SAMPLE).filter(|region| region.is_table(pieces.source));
    let score =
        |region: &Option<Region>| region.as_ref().map_or(0, |region| region.lines.len() * region.columns().len());
    let (wide, narrow) = (pieces::alignment(pieces.source, first, 2), pieces::alignment(pieces.source, first, 1));
    // Where the pieces under each other do not tell, the longer table does.
    let ideograph = match wide.cmp(&narrow) {
        Ordering::Greater => 2,
        Ordering::Less => 1,
        Ordering::Equal if score(&by(2)) >= score(&by(1)) => 2,
        Ordering::Equal => 1,
    };
    by(ideograph).map(|region| (region, ideograph))
}

#[cfg(test)]
mod tests {
    use super::super::super::lines::Source;
    use super::*;

    fn table(text: &str) -> Option<Vec<String>> {
        let source = Source::new(text);
        let (table, _) = read(&Pieces::new(&source), 0, &mut Budget::default())?;
        let row =
            |row| table.row(row).iter().map(|cell| cell.text.raw().replace('\n', "⏎")).collect::<Vec<_>>().join("|");
        Some((0..table.rows).map(row).collect())
    }

    #[test]
    fn ideographs_of_two_columns_or_one() {
        let wide = "\
施策名          担当課      令和5年度  令和6年度
窓口の改善      市民課      10件       20件
電話受付の拡充  情報政策課             30件
";
        let narrow = "\
施策名       担当課     令和5年度  令和6年度
窓口の改善     市民課     10件    20件
電話受付の拡充   情報政策課          30件
";
        let expected =
            ["施策名|担当課|令和5年度|令和6年度", "窓口の改善|市民課|10件|20件", "電話受付の拡充|情報政策課||30件"];
        assert_eq!(table(wide).unwrap(), expected);
        assert_eq!(table(narrow).unwrap(), expected);
    }

    #[test]
    fn wrapped_cells_go_on() {
        let text = "\
項目    内容
概要    窓口の混雑を減らすため、オンラインで行え
        る手続を増やします。
担当課  市民課
";
        let expected =
            ["項目|内容", "概要|窓口の混雑を減らすため、オンラインで行える手続を増やします。", "担当課|市民課"];
        assert_eq!(table(text).unwrap(), expected);
    }

    #[test]
    fn blank_first_cells_are_rows_of_their_own() {
        let text = "\
方針    施策              令和5年度
方針1   窓口の改善        10件
        電話受付の拡充    20件
方針2   研修の実施        5回
";
        let expected = ["方針|施策|令和5年度", "方針1|窓口の改善|10件", "|電話受付の拡充|20件", "方針2|研修の実施|5回"];
        assert_eq!(table(text).unwrap(), expected);
    }

    #[test]
    fn rows_parted_by_blank_lines() {
        let text = "\
施策名      窓口の改善

担当課      市民課

            窓口の混雑を減らすため、オンラインで行え
①現状と課
            る手続を増やすとともに、電話で受け付ける
題
            時間を延ばす。
";
        let expected = [
            "施策名|窓口の改善",
            "担当課|市民課",
            "①現状と課題|窓口の混雑を減らすため、オンラインで行える手続を増やすとともに、電話で受け付ける時間を延ばす。",
        ];
        assert_eq!(table(text).unwrap(), expected);
    }

    #[test]
    fn labels_in_the_middle_of_their_rows() {
        let text = "\
施策名          窓口の改善
担当課          市民課
             窓口の混雑を減らすため、オンラインで行える手続を増やすととも
現状と課題        に、電話で受け付ける時間を延ばしてきたが、待ち時間は減ってい
             ない。
             ・予約の受付
取組の内容
             ・案内の見直し
関係課          総務課
";
        let expected = [
            "施策名|窓口の改善",
            "担当課|市民課",
            "現状と課題|窓口の混雑を減らすため、オンラインで行える手続を増やすとともに、電話で受け付ける時間を\
             延ばしてきたが、待ち時間は減っていない。",
            "取組の内容|・予約の受付⏎・案内の見直し",
            "関係課|総務課",
        ];
        assert_eq!(table(text).unwrap(), expected);
    }

    #[test]
    fn spaced_titles_and_prose_are_no_tables() {
        for text in [
            "目        次\n令  和  五  年\n",
            "                令和5年10月\n                港北町\n",
            "    本市では、窓口の混雑を減らします。\n    電話の受付を広げます。\n",
            "窓口の改善  (再掲)\n本市では、窓口の混雑を減らすため、手続を増やします。\n",
        ] {
            assert_eq!(table(text), None, "{text}");
        }
    }
}
