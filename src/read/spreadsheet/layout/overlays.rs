//! Drawn shapes: over a table they are its overlays, elsewhere their text is a paragraph.

use super::{Context, Frame, View};
use crate::document::{Block, Overlay, OverlayShape, Paragraph, Place, SheetName, SheetRange, Table, Text};
use crate::read::spreadsheet::sheet::{Axis, Shape, ShapeKind};

/// The grid lines of a table in EMU from the sheet's corner.
struct Grid {
    block: usize,
    rows: Vec<i64>,
    columns: Vec<i64>,
}

/// A part of a row's height, or of a shape's width, from which on it counts as covered.
const MOST: f64 = 0.5;
/// A frame without fill and text over more rows than this highlights them; it is no bar.
const FRAME_ROWS: u32 = 2;

/// The cells under each shape that may be an overlay: row and end row, column and end column, visible.
pub(super) fn visible(shapes: &[Shape], view: &View, rows: &Axis, columns: &Axis) -> Vec<[u32; 4]> {
    let spans = shapes.iter().filter(|shape| overlay_shape(shape.kind).is_some());
    spans
        .map(|shape| {
            let (row, _) = view.rows.index(rows.position(shape.top.midpoint(shape.bottom)));
            let (column, _) = view.columns.index(columns.position(shape.left));
            let (last, _) = view.columns.index(columns.position(shape.right - 1));
            [row, row + 1, column, last + 1]
        })
        .collect()
}

/// Puts a sheet's shapes where they belong.
pub(super) fn place(context: &mut Context, shapes: &[Shape], rows: &Axis, columns: &Axis) {
    if shapes.is_empty() {
        return;
    }
    let view = &context.view;
    let grids: Vec<Grid> = context.frames.iter().map(|frame| grid(frame, view, rows, columns)).collect();
    let mut drawn: Vec<Vec<(usize, Overlay)>> = grids.iter().map(|_| Vec::new()).collect();
    let mut texts = Vec::new();
    for (i, shape) in shapes.iter().enumerate() {
        let place = shape_place(shape, &view.sheet, rows, columns);
        let over = grids.iter().position(|grid| covers(grid, shape));
        match (over, overlay_shape(shape.kind)) {
            (Some(table), Some(kind)) => {
                drawn[table].extend(overlay(shape, kind, &grids[table], place).map(|it| (i, it)))
            }
            _ if !shape.text.trim().is_empty() => texts.push((over, shape, place)),
            _ => {}
        }
    }
    texts.retain(|(over, shape, _)| !over.is_some_and(|table| label(shape, shapes, &mut drawn[table])));
    for (grid, overlays) in grids.iter().zip(drawn) {
        if let Block::Table(table) = &mut context.blocks[grid.block] {
            add(table, overlays.into_iter().map(|(_, overlay)| overlay).collect());
        }
    }
    for (_, shape, place) in texts {
        insert(&mut context.blocks, shape, place);
    }
}

fn grid(frame: &Frame, view: &View, rows: &Axis, columns: &Axis) -> Grid {
    // A line stands before the row that follows it; hidden rows between have no height.
    let lines = |at: &[u32], visible: &super::Visible, axis: &Axis| {
        at.iter().map(|&line| axis.start(visible.sheet(line))).collect()
    };
    Grid {
        block: frame.block,
        rows: lines(&frame.rows, &view.rows, rows),
        columns: lines(&frame.columns, &view.columns, columns),
    }
}

fn overlay_shape(kind: ShapeKind) -> Option<OverlayShape> {
    match kind {
        ShapeKind::Arrow => Some(OverlayShape::Arrow),
        ShapeKind::Chevron => Some(OverlayShape::Chevron),
        ShapeKind::Bar => Some(OverlayShape::Bar),
        ShapeKind::Line => Some(OverlayShape::Line),
        ShapeKind::Text | ShapeKind::Callout => None,
    }
}

/// Whether a shape's middle, and most of its width, lies over a table.
fn covers(grid: &Grid, shape: &Shape) -> bool {
    let (Some((&left, &right)), Some((&top, &bottom))) =
        (grid.columns.first().zip(grid.columns.last()), grid.rows.first().zip(grid.rows.last()))
    else {
        return false;
    };
    let middle = shape.top.midpoint(shape.bottom);
    let width = shape.right.min(right) - shape.left.max(left);
    (top..bottom).contains(&middle) && width >= 0 && width as f64 >= MOST * (shape.right - shape.left) as f64
}

/// A shape as an overlay of the table that it lies on.
fn overlay(shape: &Shape, kind: OverlayShape, grid: &Grid, place: Place) -> Option<Overlay> {
    let middle = shape.top.midpoint(shape.bottom);
    let (row, row_span) = rows(shape, middle, &grid.rows);
    let text = (!shape.text.trim().is_empty()).then(|| super::table::text(shape.text.as_str().into(), &place));
    let is_frame = kind == OverlayShape::Bar && text.is_none() && shape.colour.is_none();
    let (start, end) = (column(shape.left, &grid.columns), column(shape.right, &grid.columns));
    if end <= start || (is_frame && row_span > FRAME_ROWS) {
        return None;
    }
    Some(Overlay { shape: kind, row, row_span, start, end, text, colour: shape.colour, place })
}

/// The first row of which a shape covers the most part, and how many; at least the row of its middle.
fn rows(shape: &Shape, middle: i64, lines: &[i64]) -> (u32, u32) {
    let at = |y: i64| lines.partition_point(|&line| line <= y).saturating_sub(1).min(lines.len().saturating_sub(2));
    let row = at(middle);
    let is_covered = |row: usize| {
        let (top, bottom) = (lines[row], lines[row + 1]);
        (shape.bottom.min(bottom) - shape.top.max(top)) as f64 > MOST * (bottom - top) as f64
    };
    let first = (0..row).rev().take_while(|&row| is_covered(row)).count();
    let after = (row + 1..lines.len().saturating_sub(1)).take_while(|&row| is_covered(row)).count();
    let first = row - first;
    (first as u32, (row + after - first + 1) as u32)
}

/// A position as columns from the table's left edge.
fn column(x: i64, lines: &[i64]) -> f32 {
    let (Some(&first), Some(&last)) = (lines.first(), lines.last()) else { return 0.0 };
    let x = x.clamp(first, last);
    let column = lines.partition_point(|&line| line <= x).saturating_sub(1).min(lines.len().saturating_sub(2));
    let (left, right) = (lines[column], lines.get(column + 1).copied().unwrap_or(last));
    let fraction = if right > left { (x - left) as f32 / (right - left) as f32 } else { 0.0 };
    // Hundredths of a column are all that the eye tells.
    column as f32 + (fraction * 100.0).round() / 100.0
}

/// Gives a text without a frame to the arrow or line that it stands on or just above; whether there was one.
fn label(text: &Shape, shapes: &[Shape], overlays: &mut [(usize, Overlay)]) -> bool {
    if text.kind != ShapeKind::Text {
        return false;
    }
    let height = (text.bottom - text.top).max(1);
    let nearest = overlays
        .iter_mut()
        .filter(|(_, overlay)| overlay.text.is_none())
        .filter_map(|(i, overlay)| {
            let shape = &shapes[*i];
            let shared = text.right.min(shape.right) - text.left.max(shape.left);
            let distance = (text.top.midpoint(text.bottom) - shape.top.midpoint(shape.bottom)).abs();
            (shared as f64 >= MOST * (text.right - text.left).min(shape.right - shape.left) as f64
                && distance <= height)
                .then_some((distance, overlay))
        })
        .min_by_key(|(distance, _)| *distance);
    let Some((_, overlay)) = nearest else { return false };
    overlay.text = Some(super::table::text(text.text.as_str().into(), &overlay.place));
    true
}

fn add(table: &mut Table, mut overlays: Vec<Overlay>) {
    overlays.sort_by(|a, b| {
        (a.row, a.start, a.end).partial_cmp(&(b.row, b.start, b.end)).unwrap_or(std::cmp::Ordering::Equal)
    });
    table.overlays.extend(overlays);
}

/// Adds a shape's text as a paragraph, before the first block that begins below it.
fn insert(blocks: &mut Vec<Block>, shape: &Shape, place: Place) {
    let text: Text = super::table::text(shape.text.as_str().into(), &place);
    let row = first_row(&place);
    let at = blocks.iter().position(|block| first_row(block_place(block)) > row).unwrap_or(blocks.len());
    blocks.insert(at, Block::Paragraph(Paragraph { text }));
}

fn block_place(block: &Block) -> &Place {
    const NOWHERE: &Place = &Place::Lines { line: 0, end_line: 0 };
    match block {
        Block::Heading(heading) => heading.text.place.as_ref().unwrap_or(NOWHERE),
        Block::Paragraph(paragraph) | Block::Contents(paragraph) => paragraph.text.place.as_ref().unwrap_or(NOWHERE),
        Block::Table(table) => &table.place,
    }
}

fn first_row(place: &Place) -> u32 {
    if let Place::Sheet { range, .. } = place { range.row } else { 0 }
}

/// The cells under a shape.
fn shape_place(shape: &Shape, sheet: &SheetName, rows: &Axis, columns: &Axis) -> Place {
    use crate::read::spreadsheet::sheet::{MAX_COLUMNS, MAX_ROWS};
    let (row, column) = (rows.position(shape.top).min(MAX_ROWS - 1), columns.position(shape.left).min(MAX_COLUMNS - 1));
    // An end on a line belongs to the cell before it.
    let end_row = rows.position(shape.bottom - 1).clamp(row, MAX_ROWS - 1);
    let end_column = columns.position(shape.right - 1).clamp(column, MAX_COLUMNS - 1);
    let range = SheetRange::new([row, column], [end_row, end_column]);
    Place::Sheet { sheet: sheet.clone(), range }
}
