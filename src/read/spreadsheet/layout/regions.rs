//! Cutting a sheet at blank rows, then at blank columns, as long as that finds parts.

use super::items::Item;
use std::collections::BTreeSet;

/// The indices of a part's items, in row-major order.
pub(super) type Region = Vec<u32>;

/// How deep parts are cut into parts.
const MAX_DEPTH: u32 = 8;

/// The parts of a sheet in reading order.
pub(super) fn regions(items: &[Item]) -> Vec<Region> {
    let all: Region = (0..items.len() as u32).collect();
    let mut regions = Vec::new();
    if items.iter().any(Item::has_text) {
        cut(items, all, MAX_DEPTH, &mut regions);
    }
    join_continued(items, regions)
}

/// Joins a list to the one before it that it goes on with after one blank row: the same columns, and no head of its
/// own.
fn join_continued(items: &[Item], regions: Vec<Region>) -> Vec<Region> {
    let mut joined: Vec<Region> = Vec::new();
    for region in regions {
        match joined.last_mut() {
            Some(before) if continues(items, before, &region) => before.extend(region),
            _ => joined.push(region),
        }
    }
    joined
}

/// In how many columns rows of a list have texts at least: forms are left as they are drawn.
const LIST_COLUMNS: usize = 3;

fn continues(items: &[Item], before: &[u32], region: &[u32]) -> bool {
    let columns = |region: &[u32]| -> BTreeSet<u32> { region.iter().map(|&i| items[i as usize].column).collect() };
    let texts = |region: &[u32], row: u32| -> Vec<u32> {
        region.iter().copied().filter(|&i| items[i as usize].row == row && items[i as usize].has_text()).collect()
    };
    let (Some(&first), Some(&last)) = (region.first(), before.iter().rfind(|&&i| items[i as usize].has_text())) else {
        return false;
    };
    let row = items[first as usize].row;
    let end = before.iter().map(|&i| items[i as usize].end_row).max();
    if end.is_none_or(|end| end + 1 != row) || columns(region) != columns(before) {
        return false;
    }
    let (own, other) = (texts(region, row), texts(before, items[last as usize].row));
    let shared = columns(&own).intersection(&columns(&other)).count();
    // A head looks different from the rows above it, or at least repeats what the first head says.
    let look = |i: &u32| (items[*i as usize].style.bold, items[*i as usize].style.fill);
    let is_plain = own.iter().all(|i| other.iter().any(|j| look(i) == look(j)));
    let repeats = own.iter().map(|&i| &items[i as usize]).any(|item| {
        before.iter().map(|&i| &items[i as usize]).any(|it| it.column == item.column && it.text == item.text)
    });
    shared >= LIST_COLUMNS && is_plain && !repeats
}

fn cut(items: &[Item], region: Region, depth: u32, out: &mut Vec<Region>) {
    let mut bands =
        bands(items, &region, |item| item.fills_rows().then_some((item.row, item.end_row)), |item| item.row);
    bands.retain(|band| band.iter().any(|&i| items[i as usize].has_text()));
    let last = bands.len() == 1;
    for band in bands {
        let parts = beside(items, band);
        if depth == 0 || (last && parts.len() == 1) {
            out.extend(parts);
        } else {
            parts.into_iter().for_each(|part| cut(items, part, depth - 1, out));
        }
    }
}

/// Parts side by side: cut at blank columns, but only where both sides are tables.
pub(super) fn beside(items: &[Item], band: Region) -> Vec<Region> {
    let columns =
        bands(items, &band, |item| item.fills_columns().then_some((item.column, item.end_column)), |item| item.column);
    let mut parts: Vec<Region> = Vec::new();
    let mut open = false;
    for column in columns {
        let is_table = is_table(items, &column);
        match parts.last_mut() {
            Some(last) if !(open && is_table) => {
                last.extend(column);
                open = self::is_table(items, last);
            }
            _ => {
                parts.push(column);
                open = is_table;
            }
        }
    }
    for part in &mut parts {
        part.sort_unstable();
    }
    parts
}

/// Whether a part has at least two columns and two rows of text.
fn is_table(items: &[Item], part: &[u32]) -> bool {
    let mut texts = part.iter().map(|&i| &items[i as usize]).filter(|item| item.has_text());
    let Some(first) = texts.next() else { return false };
    let (mut rows, mut columns) = (false, false);
    for item in texts {
        rows |= item.row != first.row;
        columns |= item.column != first.column;
    }
    rows && columns
}

/// Groups items whose intervals touch or overlap. Items without an interval go where they lie, or nowhere.
fn bands(
    items: &[Item],
    region: &[u32],
    interval: impl Fn(&Item) -> Option<(u32, u32)>,
    at: impl Fn(&Item) -> u32,
) -> Vec<Region> {
    let mut intervals: Vec<(u32, u32)> = region.iter().filter_map(|&i| interval(&items[i as usize])).collect();
    intervals.sort_unstable();
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for (start, end) in intervals {
        match spans.last_mut() {
            Some(span) if start <= span.1 => span.1 = span.1.max(end),
            _ => spans.push((start, end)),
        }
    }
    let mut bands = vec![Region::new(); spans.len()];
    for &i in region {
        let position = at(&items[i as usize]);
        if let Some(band) = spans.partition_point(|span| span.0 <= position).checked_sub(1)
            && position < spans[band].1
        {
            bands[band].push(i);
        }
    }
    bands
}
