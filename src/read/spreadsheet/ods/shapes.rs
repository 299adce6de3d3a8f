//! Shapes drawn over an ODF table: lines, connectors, custom shapes, text boxes.

use super::styles::{Graphic, Styles, length};
use crate::document::Colour;
use crate::read::spreadsheet::colour;
use crate::read::spreadsheet::outline::{Outline, outline};
use crate::read::spreadsheet::sheet::{Shape, ShapeKind, Sheet};
use crate::read::spreadsheet::xml::Node;

/// How deep groups are followed.
const MAX_GROUPS: u32 = 16;

/// A shape, or a group's shapes, until the sizes of the table's rows and columns are known.
pub(super) struct Drawn {
    /// The cell whose corner its positions count from; none for the sheet's corner.
    cell: Option<(u32, u32)>,
    /// The cell that it ends in, and how far into it.
    end: Option<(u32, u32, i64, i64)>,
    shapes: Vec<Shape>,
}

impl Drawn {
    pub fn on_sheet(node: &Node, styles: &Styles) -> Self {
        let mut drawn = Drawn { cell: None, end: None, shapes: Vec::new() };
        shape(node, styles, MAX_GROUPS, &mut drawn.shapes);
        drawn
    }

    pub fn at_cell(node: &Node, styles: &Styles, row: u32, column: u32) -> Self {
        let mut drawn = Drawn::on_sheet(node, styles);
        drawn.cell = Some((row, column));
        drawn.end = end(node);
        drawn
    }

    /// Adds the shapes to their sheet.
    pub fn place(&self, sheet: &mut Sheet) {
        let (x, y) = self.cell.map_or((0, 0), |(row, column)| (sheet.columns.start(column), sheet.rows.start(row)));
        for shape in &self.shapes {
            let mut shape = shape.clone();
            shape.left = shape.left.saturating_add(x);
            shape.right = shape.right.saturating_add(x);
            shape.top = shape.top.saturating_add(y);
            shape.bottom = shape.bottom.saturating_add(y);
            // Where an area ends goes with the cells, its length as stated may not.
            let is_area = !matches!(shape.kind, ShapeKind::Line) && shape.bottom > shape.top;
            if let (Some((row, column, end_x, end_y)), [_], true) = (self.end, self.shapes.as_slice(), is_area) {
                let right = sheet.columns.start(column).saturating_add(end_x);
                let bottom = sheet.rows.start(row).saturating_add(end_y);
                if right > shape.left && bottom > shape.top {
                    (shape.right, shape.bottom) = (right, bottom);
                }
            }
            sheet.shapes.push(shape);
        }
    }
}

/// `table:end-cell-address`, `end-x`, `end-y`.
fn end(node: &Node) -> Option<(u32, u32, i64, i64)> {
    let address = node.attribute("end-cell-address")?;
    let range = address.rsplit('.').next()?.replace('$', "").parse::<crate::document::SheetRange>().ok()?;
    Some((range.row, range.column.into(), length(node.attribute("end-x")?)?, length(node.attribute("end-y")?)?))
}

fn shape(node: &Node, styles: &Styles, depth: u32, out: &mut Vec<Shape>) {
    if depth == 0 {
        return;
    }
    let graphic = styles.graphic(node.attribute("style-name").unwrap_or_default());
    match node.name.as_str() {
        "g" | "a" => node.children.iter().for_each(|child| shape(child, styles, depth - 1, out)),
        "line" | "connector" | "measure" => out.extend(line(node, &graphic)),
        "custom-shape" => {
            let preset = node.child("enhanced-geometry").and_then(|geometry| geometry.attribute("type"));
            out.extend(area(node, outline(preset.unwrap_or_default()), &graphic, true));
        }
        "rect" | "ellipse" | "circle" | "polygon" | "path" => out.extend(area(node, Outline::Box, &graphic, true)),
        "polyline" => out.extend(area(node, Outline::Line, &graphic, true)),
        "caption" => out.extend(area(node, Outline::Callout, &graphic, true)),
        "frame" if node.child("text-box").is_some() => out.extend(area(node, Outline::Box, &graphic, false)),
        _ => {}
    }
}

fn line(node: &Node, graphic: &Graphic) -> Option<Shape> {
    let at = |name: &str| node.attribute(name).and_then(length);
    let (x, y) = ([at("x1")?, at("x2")?], [at("y1")?, at("y2")?]);
    // A line that falls or rises more than it runs is no span.
    if (y[1] - y[0]).abs() > (x[1] - x[0]).abs() {
        return None;
    }
    let kind = if graphic.has_head { ShapeKind::Arrow } else { ShapeKind::Line };
    Some(Shape::new(kind, x, y, text(node), graphic.stroke_colour))
}

fn area(node: &Node, outline: Outline, graphic: &Graphic, painted: bool) -> Option<Shape> {
    let at = |name: &str| node.attribute(name).and_then(length);
    let (width, height) = (at("width")?, at("height")?);
    let (x, y, upright) = match node.attribute("transform") {
        Some(transform) => turned(transform, width, height)?,
        None => ([at("x")?, at("x")? + width], [at("y")?, at("y")? + height], false),
    };
    let (filled, stroked) = (graphic.filled.unwrap_or(painted), graphic.stroked.unwrap_or(painted));
    let text = text(node);
    let kind = match outline.kind(upright, graphic.has_head) {
        Some(ShapeKind::Bar) if !filled && !stroked => ShapeKind::Text,
        Some(kind) => kind,
        None => ShapeKind::Text,
    };
    if kind == ShapeKind::Text && text.is_empty() {
        return None;
    }
    let fill: Option<Colour> = graphic.fill_colour.filter(|_| filled).and_then(colour::unless_white);
    Some(Shape::new(kind, x, y, text, fill.or(graphic.stroke_colour.filter(|_| stroked))))
}

/// The box of a shape that `rotate (angle) translate (x y)` places, and whether it stands upright.
fn turned(transform: &str, width: i64, height: i64) -> Option<([i64; 2], [i64; 2], bool)> {
    let arguments = |name: &str| {
        let start = transform.find(name)? + name.len();
        let inside = transform[start..].trim_start().strip_prefix('(')?;
        Some(inside.split(')').next().unwrap_or_default().split([' ', ',']).filter(|part| !part.is_empty()))
    };
    let mut offset = arguments("translate")?.map(length);
    let (left, top) = (offset.next()??, offset.next().flatten().unwrap_or(0));
    let angle = arguments("rotate").and_then(|mut it| it.next()?.parse::<f64>().ok()).unwrap_or(0.0);
    let (sin, cos) = angle.sin_cos();
    let corners = [(0, 0), (width, 0), (0, height), (width, height)].map(|(x, y)| {
        let (x, y) = (x as f64, y as f64);
        (left + (x * cos + y * sin) as i64, top + (y * cos - x * sin) as i64)
    });
    let bounds = |get: fn(&(i64, i64)) -> i64| {
        let values = corners.iter().map(get);
        [values.clone().min().unwrap_or(0), values.max().unwrap_or(0)]
    };
    Some((bounds(|corner| corner.0), bounds(|corner| corner.1), sin.abs() > cos.abs()))
}

/// The paragraphs in a shape.
fn text(node: &Node) -> String {
    let mut lines = Vec::new();
    paragraphs(node, &mut lines);
    lines.join("\n").trim_matches(['\n', ' ']).to_owned()
}

fn paragraphs(node: &Node, lines: &mut Vec<String>) {
    for child in &node.children {
        match child.name.as_str() {
            "p" | "h" => {
                let mut line = String::new();
                inline(child, &mut line);
                lines.push(line);
            }
            "desc" | "title" => {}
            _ => paragraphs(child, lines),
        }
    }
}

/// A paragraph's characters. A node keeps its own apart from its children's; a shape's text is spans only.
fn inline(node: &Node, line: &mut String) {
    line.push_str(&node.text);
    for child in &node.children {
        match child.name.as_str() {
            "line-break" => line.push('\n'),
            "s" => line.push(' '),
            "ruby-text" => {}
            _ => inline(child, line),
        }
    }
}
