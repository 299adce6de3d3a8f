//! Summaries: tables one of whose columns names measures that the document describes elsewhere, whatever its head says.
//!
//! Heads do not tell them (`取組の方向性 | シート`), their content does: most entries of the column are names of measures
//! found. The heads made here let such a table be read as the list it is.

use super::alike::Names;
use super::cards::{self, Card};
use super::heads::{self, Class, Column, ColumnKind, Head};
use super::labels::{self, Name};
use super::numbering::Style;
use super::tables;
use crate::document::{Block, Cell, Document, Grid, Place, Table};
use crate::vocabulary::{Label, Level, Meaning, Vocabulary};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The head of a summary and how many rows it takes.
#[derive(Debug, Clone)]
pub(super) struct Summary {
    pub head: Head,
    pub rows: u32,
}

/// The summaries of a document by page and block index; `bodies` tells the cards that describe a measure.
pub(super) fn find(
    document: &Document,
    skipped: &BTreeSet<(usize, usize)>,
    cards: &[Card],
    bodies: &[bool],
    vocabulary: &Vocabulary,
) -> BTreeMap<(usize, usize), Summary> {
    let described: Vec<&Card> = cards.iter().zip(bodies).filter(|(_, body)| **body).map(|(card, _)| card).collect();
    let mut found = BTreeMap::new();
    if described.len() < FEWEST {
        return found;
    }
    let names: Names = described.iter().map(|card| card.name.as_str()).collect();
    let mut places: Vec<&Place> = cards.iter().map(|card| &card.place).collect();
    places.sort_by_key(|place| extent(place).0);
    for (p, page) in document.pages.iter().enumerate() {
        for (b, block) in page.blocks.iter().enumerate() {
            let Block::Table(table) = block else { continue };
            if !skipped.contains(&(p, b))
                && may_summarise(table, vocabulary)
                && !holds_any(&table.place, &places)
                && let Some(summary) = summary(table, &names, vocabulary)
            {
                found.insert((p, b), summary);
            }
        }
    }
    found
}

/// The fewest measures that a column must name.
const FEWEST: usize = 3;

/// Whether a table is small and plain enough: short texts, no figures, no years, no schedule.
fn may_summarise(table: &Table, vocabulary: &Vocabulary) -> bool {
    const LARGEST: usize = 2_000;
    const LONGEST: usize = 300; // bytes of one line: a hundred characters
    let plain = |cell: &Cell| {
        cell.nested.is_empty()
            && cell.text.lines.iter().all(|line| line.raw.len() <= LONGEST)
            && labels::whole(&cell.text, vocabulary).is_none_or(|name| !name.is_kpi() && !name.is_figure())
    };
    table.rows > FEWEST as u32
        && table.cells.len() <= LARGEST
        && table.overlays.is_empty()
        && !table.ragged
        && table.cells.iter().all(plain)
}

/// Whether a place holds one of others, which are sorted by where they begin.
fn holds_any(outer: &Place, sorted: &[&Place]) -> bool {
    let (start, end) = extent(outer);
    let from = sorted.partition_point(|place| extent(place).0 < start);
    sorted[from..].iter().take_while(|place| extent(place).0 <= end).any(|place| holds(outer, place))
}

/// The first and last line, page or row of a place.
fn extent(place: &Place) -> (u32, u32) {
    match place {
        Place::Lines { line, end_line } => (*line, *end_line),
        Place::Page { page, .. } => (*page, *page),
        Place::Sheet { range, .. } => (range.row, range.end_row),
    }
}

fn holds(outer: &Place, inner: &Place) -> bool {
    outer.union(inner) == *outer && inner.union(outer) == *outer
}

/// An entry of the column that may name measures.
struct Listed {
    row: u32,
    style: Option<Style>,
    known: bool,
}

fn summary(table: &Table, names: &Names, vocabulary: &Vocabulary) -> Option<Summary> {
    let grid = table.grid();
    let (column, entries) = (0..table.columns).find_map(|column| {
        let entries = entries(table, column, names, vocabulary);
        let known = entries.iter().filter(|entry| entry.known).count();
        (known >= FEWEST && known * 2 >= entries.len()).then_some((column, entries))
    })?;
    // the list begins with the first entry like those known
    let known = || entries.iter().filter(|entry| entry.known);
    let styles: BTreeSet<Option<Style>> = known().map(|entry| entry.style).collect();
    let numbered = !styles.contains(&None);
    let rows = entries.iter().find(|entry| entry.known || numbered && styles.contains(&entry.style))?.row;
    let heads = rows.checked_sub(1).map(|above| {
        let cells: Vec<&Cell> = table.row(above).iter().collect();
        heads::classes(&cells, vocabulary)
    });
    if heads.is_some_and(|classes| classes.iter().any(|class| matches!(class, Class::Time(_) | Class::Part(_)))) {
        return None;
    }
    let columns = columns(table, &grid, rows, column, vocabulary);
    let measure = columns.iter().position(|c| c.start <= column && column < c.end);
    Some(Summary { head: Head { columns, start: 0, measure }, rows })
}

/// What a column lists, cell by cell, and of cells that hold several numbered names each of these.
fn entries(table: &Table, column: u32, names: &Names, vocabulary: &Vocabulary) -> Vec<Listed> {
    let cells = table.cells.iter().filter(|cell| cell.column == column && !cell.text.is_blank());
    let list = |cell: &Cell| -> Vec<Listed> {
        cards::names_in(&[&cell.text], vocabulary)
            .into_iter()
            .map(|(name, number)| Listed {
                row: cell.row,
                style: number.map(|number| number.style),
                known: names.first_alike(&name).is_some(),
            })
            .collect()
    };
    cells.flat_map(list).collect()
}

/// The columns of a summary: the policies left of the names, the names, and what else its head names.
fn columns(table: &Table, grid: &Grid<'_>, rows: u32, names: u32, vocabulary: &Vocabulary) -> Vec<Column> {
    let mut starts: Vec<u32> = table.cells.iter().filter(|cell| cell.row >= rows).map(|cell| cell.column).collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([table.columns]);
    let body = |column: u32| table.cells.iter().filter(move |cell| cell.row >= rows && cell.column == column);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| {
            let head = rows.checked_sub(1).and_then(|row| grid.at(row, start)).map(|cell| &cell.text);
            let label = head.and_then(|text| labels::whole(text, vocabulary));
            let heading = head.map(|text| text.joined().replace('\n', "")).unwrap_or_default();
            let printed = || body(start).filter(|cell| !cell.text.is_blank());
            let numbers = printed().all(|cell| tables::is_bare_number(cell, vocabulary));
            let meaning = if start == names {
                Some(Meaning::Field(Label::Name))
            } else if start < names && numbers {
                Some(Meaning::Field(Label::Number))
            } else if start < names {
                // ranks stand left of what they hold together, merged down or printed once
                let level = label.as_ref().and_then(|name| name.level());
                let merged = printed().any(|cell| cell.row_span > 1) || printed().count() < body(start).count();
                level.or(merged.then_some(Level::Goal)).map(Meaning::Level)
            } else {
                None
            };
            let kind = match (meaning, label) {
                (Some(meaning), label) => {
                    let heading = match (meaning, &label) {
                        // a word of no rank names none
                        (Meaning::Level(_), Some(name)) if name.level().is_some() => name.heading.clone(),
                        _ => String::new(),
                    };
                    ColumnKind::Field(Rc::new(Name { meanings: vec![meaning], heading, ..Name::default() }))
                }
                (None, Some(name)) if name.level().is_none() && name.section().is_none() => ColumnKind::Field(name),
                _ => ColumnKind::Other,
            };
            Column { start, end, kind, heading }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use crate::extract::{Extraction, plan, sample};
    use crate::vocabulary::Vocabulary;

    /// Three measures as forms, and before them whatever lists them.
    fn read(before: &str) -> Extraction {
        let forms: String = [("(1)", "朝市の再開"), ("(2)", "駅前広場の緑化"), ("(1)", "古民家の活用")]
            .map(|(number, name)| {
                format!("\n\n|施策名|{number} {name}|\n|担当課|まちづくり課|\n|概要|地域とともに{name}を進める。|")
            })
            .concat();
        plan(&sample::document(&format!("# 浜風市にぎわい計画\n\n{before}{forms}")), &Vocabulary::built_in())
    }

    fn missing(found: &Extraction) -> usize {
        found.diagnostics.iter().filter(|d| d.code == Code::MeasureListedWithoutBody).count()
    }

    #[test]
    fn a_table_that_mostly_names_measures_is_a_summary_whatever_its_head_says() {
        for head in ["|基本方針|取組の方向性|シート|", "|ねらい|このようなことをします|様式|", "|方針|施策名|頁|"]
        {
            let found = read(&format!(
                "{head}\n|1 にぎわい|(1) 朝市の再開|1-1|\n||(2) 駅前広場の緑化|1-2|\n|2 まちなみ|(1) 古民家の活用|2-1|\n\
                 |3 海辺|(1) 桟橋の改修|―|\n||(2) 松林の手入れ|―|"
            ));
            assert_eq!(found.measures.len(), 3, "{head}");
            assert_eq!(missing(&found), 2, "{head}");
            let titles: Vec<&str> = found.policies.iter().map(|policy| policy.title.as_str()).collect();
            assert_eq!(titles, ["にぎわい", "まちなみ", "海辺"], "{head}");
        }
    }

    #[test]
    fn a_table_of_other_things_is_no_summary() {
        for table in [
            "|会場|団体|回数|\n|1 公民館|朝市の再開|3|\n||歌の会|2|\n||踊りの会|1|\n||茶の会|5|",
            "|年月|できごと|\n|4月|朝市の再開|\n|5月|駅前広場の緑化|\n|6月|田植え|\n|7月|花火|\n|8月|盆踊り|\n|9月|祭り|",
        ] {
            let found = read(table);
            assert_eq!((found.measures.len(), missing(&found), found.policies.len()), (3, 0, 0), "{table}");
        }
    }

    #[test]
    fn a_group_of_parts_is_not_missing() {
        let source = "|番号と名称|説明|\n|① 水辺|まとめ|\n|①-1 川の清掃|毎月|\n|①-2 池の再生|毎年|\n|② 里山の保全|通年|\n\n\
            |事業名|①-1 川の清掃|\n|担当課|環境課|\n\n|事業名|①-2 池の再生|\n|担当課|環境課|\n\n\
            |事業名|② 里山の保全|\n|担当課|農林課|";
        let found = plan(&sample::document(source), &Vocabulary::built_in());
        assert_eq!((found.measures.len(), missing(&found)), (3, 0));
    }
}
