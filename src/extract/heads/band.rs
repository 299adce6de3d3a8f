//! Which rows of a table are heads: where a band of them begins and how far it goes.

use super::super::labels;
use super::classes::{Class, Counts, is_part};
use crate::document::{Cell, Grid, Table};
use crate::vocabulary::Vocabulary;

/// The rows of heads, each with what its cells are.
pub(super) type Band<'a> = [(Vec<&'a Cell>, Vec<Class>)];

pub(super) fn begins_band(
    table: &Table,
    grid: &Grid<'_>,
    cells: &[&Cell],
    classes: &[Class],
    counts: Counts,
    faithful: bool,
    vocabulary: &Vocabulary,
) -> bool {
    if counts.times >= 2 && counts.late_texts == 0 {
        return counts.long_texts == 0;
    }
    let figures = classes.iter().filter(|class| matches!(class, Class::Name(name) if name.is_figure())).count();
    if counts.names + counts.times < 2 || counts.long_texts > 0 {
        return false;
    }
    // a few unknown words among known heads
    if counts.texts > 0 && (counts.names + counts.times < 3 || counts.texts > (counts.names + counts.times) / 2) {
        return false;
    }
    // labels below labels, beside values: the rows of a form; heads below a wider one are its parts
    let label_below = |(cell, class): &(&&Cell, &Class)| {
        matches!(class, Class::Name(_))
            && grid.at(cell.end_row(), cell.column).is_some_and(|below| {
                // a wider label is a group over the heads below it
                (below.column, below.column_span) == (cell.column, cell.column_span)
                    && labels::whole(&below.text, vocabulary).is_some()
            })
    };
    // one word of many (the kind of the figure, in a long list) may be a label too
    const FEW: usize = 5;
    let below = cells.iter().zip(classes).filter(label_below).count();
    if counts.texts > 0 && below > 0 && below * FEW >= counts.names {
        return false;
    }
    let Some(last) = cells.iter().zip(classes).rfind(|(_, class)| !matches!(class, Class::Blank)) else { return false };
    let row = last.0.end_row() - 1;
    if row + 1 >= table.rows {
        return false;
    }
    // a head has values under its labels; a form row without values has other labels, or nothing
    let mut under = 0;
    let mut named = 0;
    for (cell, class) in cells.iter().zip(classes) {
        if !matches!(class, Class::Name(_) | Class::Time(_) | Class::Part(_)) {
            continue;
        }
        named += 1;
        let below = grid.at(cell.end_row(), cell.column).filter(|below| !below.text.is_blank());
        under += usize::from(below.is_some_and(|below| below.column_span <= cell.column_span.max(1)));
    }
    let alternating = cells.len() >= 4 && named >= 2 && named * 2 == cells.len() && counts.blanks == named;
    if faithful && alternating && figures == 0 { under * 2 > named } else { under >= 1 }
}

/// Whether a row's cells all stand under wider heads while other heads go on beside them: the parts of groups, also
/// where a word among them is unknown.
pub(super) fn is_under_groups(
    band: &[(Vec<&Cell>, Vec<Class>)],
    cells: &[&Cell],
    classes: &[Class],
    counts: Counts,
) -> bool {
    let heads = || {
        let printed = |(_, class): &(&&Cell, &Class)| !matches!(class, Class::Blank);
        band.iter().flat_map(move |(cells, classes)| cells.iter().zip(classes).filter(printed)).map(|(cell, _)| *cell)
    };
    let mut printed = cells.iter().zip(classes).filter(|(_, class)| !matches!(class, Class::Blank));
    let under = |cell: &Cell| {
        heads().any(|head| head.column_span > 1 && head.column <= cell.column && cell.end_column() <= head.end_column())
    };
    let Some(row) = cells.first().map(|cell| cell.row) else { return false };
    // words of any kind are heads where they part each wider head and all others go on beside them
    let parts = |head: &Cell| {
        let within = |cell: &&&Cell| head.column <= cell.column && cell.end_column() <= head.end_column();
        cells.iter().filter(within).filter(|cell| !cell.text.is_blank()).count()
    };
    let beside = || heads().all(|head| head.end_row() > row || parts(head) > 1);
    (counts.names + counts.times > counts.texts || beside())
        && counts.long_texts == 0
        && heads().any(|head| head.end_row() > row && head.column_span == 1)
        && printed.all(|(cell, class)| under(cell) || matches!(class, Class::Time(_)))
}

/// Whether a row goes on with the heads above it: heads only, under or beside them.
pub(super) fn continues_band(
    band: &[(Vec<&Cell>, Vec<Class>)],
    cells: &[&Cell],
    classes: &[Class],
    counts: Counts,
) -> bool {
    if counts.texts > 0 || counts.names + counts.times == 0 {
        return false;
    }
    let (above, above_classes) = &band[band.len() - 1];
    let start = |cells: &[&Cell], classes: &[Class]| {
        cells.iter().zip(classes).find(|(_, class)| !matches!(class, Class::Blank)).map(|(cell, _)| cell.column)
    };
    // labels left of years already headed begin the body
    let first_time =
        above.iter().zip(above_classes).find(|(_, class)| matches!(class, Class::Time(_))).map(|(cell, _)| cell.column);
    let beyond = |from: u32| {
        cells.iter().zip(classes).any(|(cell, class)| !matches!(class, Class::Blank) && cell.column >= from)
    };
    if first_time.is_some_and(|from| !beyond(from)) {
        return false;
    }
    let first_above = start(above, above_classes);
    let first = start(cells, classes);
    // a row of labels that begins where the one above begins heads columns of its own, unless that one is a group
    let spanned = above.iter().any(|cell| cell.row_span > 1);
    let groups =
        above.iter().zip(above_classes).any(|(cell, class)| !matches!(class, Class::Blank) && cell.column_span > 1)
            || above_classes.windows(2).any(|pair| !matches!(pair[0], Class::Blank) && matches!(pair[1], Class::Blank));
    let finer = classes.iter().any(|class| match class {
        Class::Time(when) => is_part(when),
        Class::Part(_) => true,
        _ => false,
    });
    let figures = classes.iter().filter(|class| !matches!(class, Class::Blank)).all(|class| {
        matches!(class, Class::Time(_) | Class::Part(_)) || matches!(class, Class::Name(name) if name.is_figure())
    });
    // years under the words for figures, blank under the others: `baseline | target` over `R4 | R10`
    let under_figures =
        cells.iter().zip(classes).filter(|(_, class)| !matches!(class, Class::Blank)).all(|(cell, class)| {
            let mut over = above.iter().zip(above_classes).filter(|(over, _)| over.column == cell.column);
            matches!(class, Class::Time(_))
                && over.any(|(_, class)| matches!(class, Class::Name(name) if name.is_figure()))
        });
    under_figures || (first > first_above && (spanned || groups)) || finer || (groups && (figures || counts.names >= 2))
}
