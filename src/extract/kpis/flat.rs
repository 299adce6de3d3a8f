//! Tables of indicators whose cells a conversion printed on lines of their own, column by column or row by row:
//! `指標名 / 基準値(令和4年度) 目標値(令和11年度) / 相談件数 / 80件 / 120件`. What stands where is told by the kinds of the
//! cells and by how many there are, and by nothing else: where that does not settle it, nothing is read.

use crate::document::{Line, Place, Text};
use crate::extract::labels::{self, Name};
use crate::normalise::{periods, values};
use crate::record::ValueKind;
use crate::vocabulary::{Label, Vocabulary};

/// An indicator's name and its figures, each under its head.
pub(super) struct Row {
    pub name: Text,
    pub figures: Vec<Figure>,
}

/// A figure as printed under its head.
pub(super) struct Figure {
    pub head: Name,
    pub raw: String,
    pub place: Place,
}

/// A text that cannot be put together again.
pub(super) struct Unsettled;

enum Cell {
    Head(Name),
    Name(Line),
    Figure(String, Place),
}

/// The rows of a text that is a flattened table: one with lines that are heads of figures. None for another text.
///
/// # Errors
/// [`Unsettled`] where the cells do not make whole rows, or may make several tables.
pub(super) fn rows(text: &Text, vocabulary: &Vocabulary) -> Option<Result<Vec<Row>, Unsettled>> {
    let cells: Vec<Cell> = text.lines.iter().flat_map(|line| cells(line, vocabulary)).collect();
    let heads = cells.iter().filter(|cell| matches!(cell, Cell::Head(_))).count();
    let figures = cells.iter().filter(|cell| matches!(cell, Cell::Figure(..))).count();
    (heads > 0 && figures > 0).then(|| {
        let contiguous = cells
            .iter()
            .skip_while(|cell| !matches!(cell, Cell::Head(_)))
            .take_while(|cell| matches!(cell, Cell::Head(_)))
            .count()
            == heads;
        if contiguous { by_row(cells, heads) } else { by_column(cells, heads) }.ok_or(Unsettled)
    })
}

/// Heads side by side, then the figures of each row; the names stand before each row's figures or before all.
fn by_row(cells: Vec<Cell>, columns: usize) -> Option<Vec<Row>> {
    let mut heads = Vec::new();
    let mut names: Vec<Vec<Line>> = Vec::new();
    let mut figures: Vec<(usize, String, Place)> = Vec::new(); // with the number of names before it
    let mut open = false;
    for cell in cells {
        match cell {
            Cell::Head(head) if figures.is_empty() => heads.push(head),
            Cell::Head(_) => return None,
            Cell::Name(line) => {
                if open && !figures.is_empty() {
                    names.last_mut()?.push(line);
                } else {
                    names.push(vec![line]);
                    open = !figures.is_empty();
                }
            }
            Cell::Figure(raw, place) => {
                figures.push((names.len(), raw, place));
                open = false;
            }
        }
    }
    // a name that goes on in a second line before the first figure is not told from a second name
    let interleaved = figures.last()?.0 > figures[0].0;
    if interleaved && figures[0].0 > 1 {
        let rest = names.split_off(figures[0].0);
        let first = names.concat();
        let merged = figures[0].0 - 1;
        names = [vec![first], rest].concat();
        figures.iter_mut().for_each(|figure| figure.0 -= merged);
    }
    let rows = names.len();
    if rows == 0 || figures.len() != rows * columns {
        return None;
    }
    let mut figures = figures.into_iter();
    names
        .into_iter()
        .enumerate()
        .map(|(row, name)| {
            let own: Vec<_> = figures.by_ref().take(columns).collect();
            if interleaved && own.iter().any(|(before, ..)| *before != row + 1) {
                return None;
            }
            let under = heads.iter().cloned().zip(own);
            let figures = under.map(|(head, (_, raw, place))| Figure { head, raw, place }).collect();
            Some(Row { name: Text::of(name), figures })
        })
        .collect()
}

/// The names, then each head with the figures below it.
fn by_column(cells: Vec<Cell>, columns: usize) -> Option<Vec<Row>> {
    let mut rows: Vec<Row> = Vec::new();
    let mut columns_read: Vec<(Name, usize)> = Vec::with_capacity(columns);
    for cell in cells {
        match cell {
            Cell::Name(line) if columns_read.is_empty() => {
                rows.push(Row { name: Text::of(vec![line]), figures: Vec::new() });
            }
            Cell::Name(_) => return None,
            Cell::Head(head) => {
                if columns_read.last().is_some_and(|(_, figures)| *figures != rows.len()) {
                    return None;
                }
                columns_read.push((head, 0));
            }
            Cell::Figure(raw, place) => {
                let (head, read) = columns_read.last_mut()?;
                rows.get_mut(*read)?.figures.push(Figure { head: head.clone(), raw, place });
                *read += 1;
            }
        }
    }
    let whole = columns_read.last().is_some_and(|(_, figures)| *figures == rows.len());
    (whole && !rows.is_empty()).then_some(rows)
}

/// The cells that a line holds: heads, or a name, figures, or a name and the figures behind it.
fn cells(line: &Line, vocabulary: &Vocabulary) -> Vec<Cell> {
    let text = line.text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    let raw = line.raw.trim();
    let words: Vec<&str> = raw.split_whitespace().collect();
    if let Some(head) = head(raw, vocabulary) {
        return vec![Cell::Head(head)];
    }
    if let Some(heads) = words.iter().map(|word| head(word, vocabulary)).collect::<Option<Vec<Name>>>() {
        return heads.into_iter().map(Cell::Head).collect();
    }
    if is_indicator_head(raw, vocabulary) {
        return Vec::new();
    }
    let behind = words.iter().rev().take_while(|word| is_figure(word, vocabulary)).count();
    let figures = words[words.len() - behind..].iter().map(|word| Cell::Figure((*word).to_owned(), line.place.clone()));
    match words.get(words.len() - behind) {
        _ if behind == words.len() => figures.collect(),
        Some(first) => {
            let end = first.as_ptr() as usize - line.raw.as_ptr() as usize;
            let name = crate::extract::prose::part(line, 0..end).map(Cell::Name);
            name.into_iter().chain(figures).collect()
        }
        None => vec![Cell::Name(line.clone())],
    }
}

/// A head of figures: a baseline's or target's label, or a year.
fn head(word: &str, vocabulary: &Vocabulary) -> Option<Name> {
    if let Some(name) = labels::parse(word, vocabulary) {
        let figure = name.is_any(&[Label::Baseline, Label::Target, Label::Actual]);
        return (figure && !name.is_kpi()).then(|| Name::clone(&name));
    }
    let when = periods::parse(word, vocabulary)?;
    let target = Name::bare(word);
    Some(Name { meanings: labels::field(Label::Target).meanings, when: Some(when), ..target })
}

fn is_indicator_head(text: &str, vocabulary: &Vocabulary) -> bool {
    labels::parse(text, vocabulary).is_some_and(|name| name.is_kpi() && !name.by_ending)
}

fn is_figure(word: &str, vocabulary: &Vocabulary) -> bool {
    !matches!(values::parse(word, None, vocabulary).kind, ValueKind::Milestone)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows as `name: head raw, …`; nothing where the text is no such table, `?` where it cannot be settled.
    fn read(lines: &str) -> String {
        let vocabulary = Vocabulary::built_in();
        let line = |(number, raw): (usize, &str)| Line {
            text: crate::normalise::characters::fold(raw).into(),
            ..Text::line(raw, Place::line(number as u32 + 1)).lines[0].clone()
        };
        let text = Text::of(lines.lines().enumerate().map(line).collect());
        match rows(&text, &vocabulary) {
            None => String::new(),
            Some(Err(Unsettled)) => "?".to_owned(),
            Some(Ok(rows)) => rows
                .iter()
                .map(|row| {
                    let figure =
                        |f: &Figure| format!("{} {}", f.head.when.as_ref().map_or(0, |w| w.fiscal_year()), f.raw);
                    let figures: Vec<String> = row.figures.iter().map(figure).collect();
                    format!("{}: {}", row.name.joined().replace('\n', ""), figures.join(", "))
                })
                .collect::<Vec<_>>()
                .join("; "),
        }
    }

    #[test]
    fn cells_on_lines_of_their_own_make_rows() {
        let table = [
            ("件数\n基準値(R4) 目標値(R8)\n80件\n120件", "件数: 2022 80件, 2026 120件"),
            (
                "指標名\n件数\n人数\n基準値(R4)\n目標値(R8)\n8件\n9件\n1人\n2人",
                "件数: 2022 8件, 2026 9件; 人数: 2022 1人, 2026 2人",
            ),
            (
                "件数\n人数\n基準値(R4)\n8件\n1人\n目標値(R8)\n9件\n2人",
                "件数: 2022 8件, 2026 9件; 人数: 2022 1人, 2026 2人",
            ),
            (
                "基準値(R4) 目標値(R8)\n件数 8件\n9件\n利用した\n人の数 1人\n2人",
                "件数: 2022 8件, 2026 9件; 利用した人の数: 2022 1人, 2026 2人",
            ),
            ("令和6年度 令和7年度\n件数 8件 9件", "件数: 2024 8件, 2025 9件"),
        ];
        for (lines, rows) in table {
            assert_eq!(read(lines), rows, "{lines}");
        }
    }

    #[test]
    fn what_does_not_make_whole_rows_is_not_guessed() {
        for lines in
            ["件数\n人数\n基準値(R4)\n目標値(R8)\n8件\n9件\n1人", "件数\n基準値(R4)\n8件\n件数\n目標値(R8)\n9件"]
        {
            assert_eq!(read(lines), "?", "{lines}");
        }
        assert_eq!(read("相談件数\n開催回数"), "");
    }
}
