//! Reading order: columns, side notes, boxes and tables of a page, by cutting it along its gaps.
//!
//! A recursive XY-cut (Nagy and Seth 1984): a page is a pile of bands; bands that share a gutter are columns, unless
//! what stands on both sides of the gutter are the label and value of the same line.

use super::content::Rect;

/// The narrowest gutter between columns, in points.
const GUTTER: f32 = 9.0;

/// The part of the shorter column whose lines stand level with lines of the other one that makes both a row of
/// labels and values.
const LEVEL: f32 = 0.7;

/// Columns of running text have lines at least this wide, in parts of their height.
const RUNNING: f32 = 14.0;

/// Items of a page that are put in order by cutting; more are sorted only.
const MOST: usize = 3000;

/// How deep columns may lie in columns.
const DEEPEST: usize = 24;

/// Something that stands on a page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    pub bbox: Rect,
    /// A single line, not a table or box.
    pub line: bool,
}

/// Items below each other: a column, or the whole page.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Column {
    /// In reading order.
    pub items: Vec<usize>,
}

/// The columns of a page in reading order.
pub(super) fn columns(items: &[Item]) -> Vec<Column> {
    let mut out = Vec::new();
    let mut all: Vec<usize> = (0..items.len()).collect();
    if all.len() > MOST {
        sort_level(items, &mut all);
        out.push(Column { items: all });
    } else {
        cut(items, all, DEEPEST, &mut out);
    }
    out.retain(|column| !column.items.is_empty());
    out
}

/// A column of running text, or what stands before, between and behind such columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Part {
    pub items: Vec<usize>,
    pub is_column: bool,
}

/// A page parted into its columns of running text and what stands between these stretches: nothing but what is drawn
/// whole goes from one part into another.
pub(super) fn text_columns(items: &[Item]) -> Vec<Part> {
    let all: Vec<usize> = (0..items.len()).collect();
    if all.len() > MOST {
        return vec![Part { items: all, is_column: false }];
    }
    let mut out = vec![Part::default()];
    part(items, all, DEEPEST, &mut out);
    out.retain(|part| !part.items.is_empty());
    out
}

/// Parts items into columns of running text; gives the number of items that stand in some.
fn part(items: &[Item], all: Vec<usize>, depth: usize, out: &mut Vec<Part>) -> usize {
    let bands = bands(items, all);
    let mut parted = 0;
    let mut at = 0;
    while at < bands.len() {
        let (end, gutter) = shared_gutter(items, &bands[at..]);
        let together: Vec<usize> = bands[at..at + end].concat();
        match gutter.and_then(|gutter| running_columns(items, &together, gutter, depth)) {
            Some(columns) => {
                parted += together.len();
                out.extend(columns);
                out.push(Part::default());
                at += end;
            }
            None => {
                if let Some(last) = out.last_mut() {
                    last.items.extend_from_slice(&bands[at]);
                }
                at += 1;
            }
        }
    }
    parted
}

/// The columns on both sides of a gutter, where all of them are running text or boxes beside it.
fn running_columns(items: &[Item], together: &[usize], gutter: f32, depth: usize) -> Option<Vec<Part>> {
    let (left, right): (Vec<usize>, Vec<usize>) = together.iter().partition(|&&item| items[item].bbox[2] <= gutter);
    let mut columns = Vec::new();
    let mut text = false;
    for side in [left, right] {
        if side.is_empty() {
            return None;
        }
        let boxes = side.iter().all(|&item| !items[item].line);
        if boxes || is_running(items, &side) {
            text |= !boxes;
            columns.push(Part { items: side, is_column: true });
            continue;
        }
        let count = side.len();
        let mut inner = vec![Part::default()];
        if depth == 0 || part(items, side, depth - 1, &mut inner) * 2 < count {
            return None;
        }
        text = true;
        columns.extend(inner);
    }
    text.then_some(columns)
}

/// Whether items are a column of running text: several of its lines, wide as they are, fill it.
fn is_running(items: &[Item], side: &[usize]) -> bool {
    const FULL: f32 = 0.85;
    const FEWEST: usize = 3;
    const WIDE: f32 = 10.0;
    let x0 = side.iter().map(|&item| items[item].bbox[0]).fold(f32::INFINITY, f32::min);
    let x1 = side.iter().map(|&item| items[item].bbox[2]).fold(f32::NEG_INFINITY, f32::max);
    let full = side.iter().filter(|&&item| {
        let [a, b, c, d] = items[item].bbox;
        items[item].line && c - a >= FULL * (x1 - x0) && c - a >= WIDE * (d - b)
    });
    full.count() >= FEWEST
}

/// Sorts by line, then from left to right.
fn sort_level(items: &[Item], all: &mut [usize]) {
    let middle = |at: usize| (items[at].bbox[1] + items[at].bbox[3]) / 2.0;
    all.sort_by(|a, b| middle(*a).total_cmp(&middle(*b)).then(items[*a].bbox[0].total_cmp(&items[*b].bbox[0])));
    // Pieces of one line differ a little in height: from left to right they are in order.
    let mut start = 0;
    for end in 1..=all.len() {
        let goes_on = end < all.len() && {
            let (first, next) = (items[all[start]].bbox, items[all[end]].bbox);
            middle(all[end]) - middle(all[start]) < 0.4 * (first[3] - first[1]).min(next[3] - next[1])
        };
        if !goes_on {
            all[start..end].sort_by(|a, b| items[*a].bbox[0].total_cmp(&items[*b].bbox[0]));
            start = end;
        }
    }
}

fn cut(items: &[Item], mut all: Vec<usize>, depth: usize, out: &mut Vec<Column>) {
    if all.len() < 2 || depth == 0 {
        sort_level(items, &mut all);
        append(out, &all);
        return;
    }
    let bands = bands(items, all);
    let mut at = 0;
    while at < bands.len() {
        let (end, gutter) = shared_gutter(items, &bands[at..]);
        let together: Vec<usize> = bands[at..at + end].concat();
        match gutter.filter(|gutter| are_columns(items, &together, *gutter)) {
            Some(gutter) => {
                let (left, right): (Vec<usize>, Vec<usize>) =
                    together.into_iter().partition(|&item| items[item].bbox[2] <= gutter);
                for side in [left, right] {
                    out.push(Column::default());
                    cut(items, side, depth - 1, out);
                }
                out.push(Column::default());
                at += end;
            }
            None => {
                let mut band = bands[at].clone();
                sort_level(items, &mut band);
                append(out, &band);
                at += 1;
            }
        }
    }
}

/// Adds items to the column in hand.
fn append(out: &mut Vec<Column>, items: &[usize]) {
    match out.last_mut() {
        Some(column) => column.items.extend_from_slice(items),
        None => out.push(Column { items: items.to_vec() }),
    }
}

/// Items that overlap in height, band below band.
fn bands(items: &[Item], mut all: Vec<usize>) -> Vec<Vec<usize>> {
    all.sort_by(|a, b| items[*a].bbox[1].total_cmp(&items[*b].bbox[1]));
    let mut bands: Vec<Vec<usize>> = Vec::new();
    let mut bottom = f32::NEG_INFINITY;
    for item in all {
        let [_, y0, _, y1] = items[item].bbox;
        // Tightly set lines overlap a little.
        let slack = if items[item].line { 0.25 * (y1 - y0) } else { 0.0 };
        match bands.last_mut() {
            Some(band) if y0 < bottom - slack => band.push(item),
            _ => bands.push(vec![item]),
        }
        bottom = bottom.max(y1);
    }
    bands
}

/// How many bands from the first one on share a gutter, and its middle. The first band must have it itself.
fn shared_gutter(items: &[Item], bands: &[Vec<usize>]) -> (usize, Option<f32>) {
    let mut shared = gutters(items, &bands[0]);
    if shared.is_empty() {
        return (1, None);
    }
    let mut end = 1;
    while end < bands.len() {
        let next: Vec<(f32, f32)> = shared.iter().flat_map(|gap| left_free(items, &bands[end], *gap)).collect();
        if next.is_empty() {
            break;
        }
        shared = next;
        end += 1;
    }
    let widest = shared.iter().copied().reduce(|a, b| if b.1 - b.0 > a.1 - a.0 { b } else { a });
    (end, widest.map(|(from, to)| (from + to) / 2.0))
}

/// The gaps between items of one band, seen from above.
fn gutters(items: &[Item], band: &[usize]) -> Vec<(f32, f32)> {
    let mut sides: Vec<(f32, f32)> = band.iter().map(|&item| (items[item].bbox[0], items[item].bbox[2])).collect();
    sides.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut gaps = Vec::new();
    let mut right = f32::INFINITY;
    for (x0, x1) in sides {
        if x0 - right >= GUTTER {
            gaps.push((right, x0));
        }
        right = if right.is_finite() { right.max(x1) } else { x1 };
    }
    gaps
}

/// The parts of a gap that a band leaves free, where they are wide enough.
fn left_free(items: &[Item], band: &[usize], gap: (f32, f32)) -> Vec<(f32, f32)> {
    let mut free = vec![gap];
    for &item in band {
        let [x0, _, x1, _] = items[item].bbox;
        free = free
            .into_iter()
            .flat_map(|(from, to)| {
                if x1 <= from || x0 >= to { [(from, to), (0.0, 0.0)] } else { [(from, x0.min(to)), (x1.max(from), to)] }
            })
            .filter(|(from, to)| to - from >= GUTTER)
            .collect();
    }
    free
}

/// Whether what stands on both sides of a gutter is read one side after the other.
fn are_columns(items: &[Item], together: &[usize], gutter: f32) -> bool {
    let (left, right): (Vec<usize>, Vec<usize>) = together.iter().partition(|&&item| items[item].bbox[2] <= gutter);
    if left.is_empty() || right.is_empty() {
        return false;
    }
    // Boxes and tables side by side in one row are read across; so is a line beside each of them.
    if left.len() == 1 && right.len() == 1 {
        return false;
    }
    let (short, long) = if left.len() <= right.len() { (&left, &right) } else { (&right, &left) };
    // One box or table beside several things has its lines to itself.
    if let [only] = short.as_slice()
        && !items[*only].line
    {
        return true;
    }
    let middle = |item: &usize| (items[*item].bbox[1] + items[*item].bbox[3]) / 2.0;
    let mut heights: Vec<f32> = long.iter().map(middle).collect();
    heights.sort_by(f32::total_cmp);
    let level = |item: &&usize| {
        let (at, [_, y0, _, y1]) = (middle(item), items[**item].bbox);
        let reach = 0.3 * (y1 - y0);
        let next = heights.partition_point(|height| *height < at - reach);
        heights.get(next).is_some_and(|height| *height <= at + reach)
    };
    let share = short.iter().filter(level).count() as f32 / short.len() as f32;
    let running = |side: &[usize]| {
        let wide = side.iter().filter(|&&item| {
            let [x0, y0, x1, y1] = items[item].bbox;
            !items[item].line || x1 - x0 >= RUNNING * (y1 - y0)
        });
        side.len() >= 2 && wide.count() * 2 >= side.len()
    };
    share < LEVEL || running(&left) && running(&right) || running_columns(items, together, gutter, DEEPEST).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(x: f32, y: f32, width: f32) -> Item {
        Item { bbox: [x, y, x + width, y + 10.0], line: true }
    }

    fn order(items: &[Item]) -> Vec<usize> {
        columns(items).into_iter().flat_map(|column| column.items).collect()
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        // A title over two columns of running text, a line below both.
        let items = [
            line(50.0, 10.0, 400.0),
            line(50.0, 40.0, 200.0),
            line(300.0, 40.0, 200.0),
            line(50.0, 54.0, 200.0),
            line(300.0, 54.0, 200.0),
            line(50.0, 68.0, 120.0),
            line(50.0, 100.0, 450.0),
        ];
        assert_eq!(order(&items), [0, 1, 3, 5, 2, 4, 6]);
    }

    #[test]
    fn labels_and_values_are_read_across() {
        let items = [
            line(50.0, 10.0, 40.0),
            line(150.0, 10.0, 60.0),
            line(50.0, 30.0, 40.0),
            line(150.0, 30.0, 60.0),
            line(50.0, 50.0, 40.0),
            line(150.0, 50.0, 60.0),
        ];
        assert_eq!(order(&items), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_side_note_stands_by_itself() {
        let items = [
            line(50.0, 10.0, 300.0),
            line(380.0, 16.0, 60.0),
            line(50.0, 24.0, 300.0),
            line(380.0, 29.0, 60.0),
            line(50.0, 38.0, 300.0),
        ];
        assert_eq!(order(&items), [0, 2, 4, 1, 3]);
        let beside = Item { bbox: [380.0, 8.0, 440.0, 28.0], line: false };
        let items = [line(50.0, 10.0, 300.0), beside, line(50.0, 24.0, 300.0), line(50.0, 38.0, 100.0)];
        assert_eq!(order(&items), [0, 2, 3, 1]);
    }
}
