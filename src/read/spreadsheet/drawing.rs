//! DrawingML: the shapes that are drawn over a sheet (`xl/drawings/*.xml`; ECMA-376 part 1, 20.1 and 20.5).

use super::colour;
use super::outline::{self, Outline};
use super::package::Package;
use super::sheet::{Shape, ShapeKind, Sheet};
use super::xlsx::Theme;
use super::xml::{self, Node};
use crate::document::Colour;

/// How deep groups are followed.
const MAX_GROUPS: u32 = 16;
/// Shapes of one sheet.
const MAX_SHAPES: usize = 10_000;

/// Adds the shapes of a drawing part to a sheet whose rows and columns are known.
pub(super) fn read(package: &mut Package<'_>, part: &str, sheet: &mut Sheet, theme: &Theme) {
    let Some(mut part) = package.xml(part) else { return };
    let root = xml::tree(&mut part);
    let Some(drawing) = root.children.first() else { return };
    for anchor in &drawing.children {
        if let Some(frame) = frame(anchor, sheet) {
            for child in &anchor.children {
                shape(child, frame, None, theme, MAX_GROUPS, &mut sheet.shapes);
            }
        }
    }
}

/// A rectangle in EMU.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Frame {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// Where an anchor puts its shape on the sheet.
fn frame(anchor: &Node, sheet: &Sheet) -> Option<Frame> {
    let corner = |name: &str| {
        let node = anchor.child(name)?;
        let value = |name: &str| node.child(name)?.text.trim().parse::<i64>().ok();
        let (column, row) = (u32::try_from(value("col")?).ok()?, u32::try_from(value("row")?).ok()?);
        // An offset that runs over its column's edge ends there.
        let x = value("colOff").unwrap_or(0).clamp(0, sheet.columns.size(column));
        let y = value("rowOff").unwrap_or(0).clamp(0, sheet.rows.size(row));
        Some(((sheet.columns.start(column) + x) as f64, (sheet.rows.start(row) + y) as f64))
    };
    let extent = || {
        let node = anchor.child("ext")?;
        Some((node.number::<f64>("cx")?, node.number::<f64>("cy")?))
    };
    match anchor.name.as_str() {
        "twoCellAnchor" => {
            let ((left, top), (right, bottom)) = (corner("from")?, corner("to")?);
            Some(Frame { left, top, width: (right - left).max(0.0), height: (bottom - top).max(0.0) })
        }
        "oneCellAnchor" => {
            let ((left, top), (width, height)) = (corner("from")?, extent()?);
            Some(Frame { left, top, width, height })
        }
        "absoluteAnchor" => {
            let (position, (width, height)) = (anchor.child("pos")?, extent()?);
            Some(Frame { left: position.number("x")?, top: position.number("y")?, width, height })
        }
        _ => None,
    }
}

/// How a group's children lie on the sheet: their own coordinates, and the rectangle that these fill.
#[derive(Clone, Copy)]
struct Space {
    inner: Frame,
    outer: Frame,
    flipped: bool,
}

impl Space {
    fn place(&self, frame: Frame) -> Frame {
        let scale = |outer: f64, inner: f64| if inner > 0.0 { outer / inner } else { 1.0 };
        let (x, y) = (scale(self.outer.width, self.inner.width), scale(self.outer.height, self.inner.height));
        let mut left = (frame.left - self.inner.left) * x;
        let width = frame.width * x;
        if self.flipped {
            left = self.outer.width - left - width;
        }
        Frame {
            left: self.outer.left + left,
            top: self.outer.top + (frame.top - self.inner.top) * y,
            width,
            height: frame.height * y,
        }
    }
}

/// Adds a shape, connector or group. At the top its place is the anchor's; in a group it is its own transform's.
fn shape(node: &Node, anchor: Frame, space: Option<&Space>, theme: &Theme, depth: u32, out: &mut Vec<Shape>) {
    if out.len() >= MAX_SHAPES || depth == 0 {
        return;
    }
    match node.name.as_str() {
        "AlternateContent" => {
            let drawn = |name: &str| node.child(name).filter(|choice| !choice.children.is_empty());
            if let Some(choice) = drawn("Choice").or_else(|| drawn("Fallback")) {
                choice.children.iter().for_each(|child| shape(child, anchor, space, theme, depth - 1, out));
            }
        }
        "grpSp" => {
            let properties = node.child("grpSpPr").and_then(|properties| properties.child("xfrm"));
            let outer = place(properties, anchor, space);
            let inner = properties.and_then(|it| rectangle(it, "chOff", "chExt")).unwrap_or(outer);
            let flipped = properties.is_some_and(|it| it.attribute("flipH") == Some("1"));
            let space = Space { inner, outer, flipped };
            node.children.iter().for_each(|child| shape(child, outer, Some(&space), theme, depth - 1, out));
        }
        "sp" | "cxnSp" if !is_hidden(node) => {
            let Some(properties) = node.child("spPr") else { return };
            let transform = properties.child("xfrm");
            let frame = turned(place(transform, anchor, space), transform);
            out.extend(drawn(node, properties, frame, theme));
        }
        _ => {}
    }
}

fn is_hidden(node: &Node) -> bool {
    node.children.iter().find_map(|child| child.child("cNvPr")).is_some_and(|it| it.attribute("hidden") == Some("1"))
}

fn place(transform: Option<&Node>, anchor: Frame, space: Option<&Space>) -> Frame {
    match (space, transform.and_then(|transform| rectangle(transform, "off", "ext"))) {
        (Some(space), Some(own)) => space.place(own),
        _ => anchor,
    }
}

fn rectangle(transform: &Node, offset: &str, extent: &str) -> Option<Frame> {
    let (offset, extent) = (transform.child(offset)?, transform.child(extent)?);
    let number = |node: &Node, name: &str| node.number::<f64>(name).filter(|value| value.is_finite());
    Some(Frame {
        left: number(offset, "x")?,
        top: number(offset, "y")?,
        width: number(extent, "cx")?,
        height: number(extent, "cy")?,
    })
}

/// Degrees that a transform turns its shape, from 0 to 360.
fn rotation(transform: Option<&Node>) -> f64 {
    const UNITS: f64 = 60_000.0;
    let turn = transform.and_then(|transform| transform.number::<f64>("rot")).unwrap_or(0.0) / UNITS;
    if turn.is_finite() { turn.rem_euclid(360.0) } else { 0.0 }
}

fn is_upright(degrees: f64) -> bool {
    (45.0..135.0).contains(&degrees) || (225.0..315.0).contains(&degrees)
}

/// A shape turned by about a right angle lies across the rectangle that its transform states. The anchor may state
/// either; the sides' lengths tell which.
fn turned(frame: Frame, transform: Option<&Node>) -> Frame {
    if !is_upright(rotation(transform)) {
        return frame;
    }
    let stated = transform.and_then(|transform| rectangle(transform, "off", "ext"));
    let already = stated.is_some_and(|stated| (stated.width > stated.height) != (frame.width > frame.height));
    if already {
        return frame;
    }
    let (x, y) = (frame.left + frame.width / 2.0, frame.top + frame.height / 2.0);
    Frame { left: x - frame.height / 2.0, top: y - frame.width / 2.0, width: frame.height, height: frame.width }
}

fn drawn(node: &Node, properties: &Node, frame: Frame, theme: &Theme) -> Option<Shape> {
    let style = node.child("style");
    let line = properties.child("ln");
    let fill = paint(properties, style, "fillRef", theme);
    let stroke = match line {
        Some(line) if has_paint(line) => paint(line, None, "", theme),
        _ => reference(style, "lnRef", theme),
    };
    let text = node.child("txBody").map(body_text).unwrap_or_default();
    let preset = properties.child("prstGeom").and_then(|geometry| geometry.attribute("prst"));
    let has_head = |end: &str| {
        let kind = line.and_then(|line| line.child(end)).and_then(|end| end.attribute("type"));
        matches!(kind, Some("triangle" | "arrow" | "stealth"))
    };
    let outline = match preset {
        None if node.name == "cxnSp" || fill == Paint::None => Outline::Line,
        None => Outline::Box,
        Some(preset) => outline::outline(preset),
    };
    let upright = is_upright(rotation(properties.child("xfrm")));
    let kind = match outline.kind(upright, has_head("headEnd") || has_head("tailEnd")) {
        Some(ShapeKind::Bar) if fill == Paint::None && stroke == Paint::None => return text_only(text, frame),
        Some(kind) => kind,
        None => return text_only(text, frame),
    };
    let is_line = outline == Outline::Line;
    // A line that falls or rises more than it runs is no span.
    if is_line && frame.height > frame.width {
        return None;
    }
    let own = [fill.colour().and_then(colour::unless_white).filter(|_| !is_line), stroke.colour()];
    Some(shape_at(kind, frame, text, own.into_iter().flatten().next()))
}

fn text_only(text: String, frame: Frame) -> Option<Shape> {
    (!text.trim().is_empty()).then(|| shape_at(ShapeKind::Text, frame, text, None))
}

fn shape_at(kind: ShapeKind, frame: Frame, text: String, colour: Option<Colour>) -> Shape {
    // Casts saturate, so a coordinate beyond all sense stays in range.
    let x = [frame.left as i64, (frame.left + frame.width) as i64];
    let y = [frame.top as i64, (frame.top + frame.height) as i64];
    Shape::new(kind, x, y, text, colour)
}

/// How an area or line is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Paint {
    None,
    Colour(Colour),
    /// Painted, in a colour that is not known (a picture).
    Unknown,
}

impl Paint {
    fn colour(self) -> Option<Colour> {
        if let Paint::Colour(colour) = self { Some(colour) } else { None }
    }
}

const PAINTS: [&str; 6] = ["noFill", "solidFill", "gradFill", "pattFill", "blipFill", "grpFill"];

fn has_paint(node: &Node) -> bool {
    node.children.iter().any(|child| PAINTS.contains(&child.name.as_str()))
}

/// The paint that a node states, else the one its style refers to.
fn paint(node: &Node, style: Option<&Node>, reference_name: &str, theme: &Theme) -> Paint {
    let Some(paint) = node.children.iter().find(|child| PAINTS.contains(&child.name.as_str())) else {
        return reference(style, reference_name, theme);
    };
    let colours = match paint.name.as_str() {
        "noFill" => return Paint::None,
        "solidFill" => Some(paint),
        "gradFill" => paint.find("gs"),
        "pattFill" => paint.child("fgClr"),
        _ => None,
    };
    colours.and_then(|node| colour_in(node, theme)).map_or(Paint::Unknown, Paint::Colour)
}

/// The paint that a shape's style names: none at index 0.
fn reference(style: Option<&Node>, name: &str, theme: &Theme) -> Paint {
    let Some(reference) = style.and_then(|style| style.child(name)) else { return Paint::None };
    match reference.number::<u32>("idx") {
        None | Some(0) => Paint::None,
        Some(_) => colour_in(reference, theme).map_or(Paint::Unknown, Paint::Colour),
    }
}

/// The colour among a node's children, with its changes of luminance.
fn colour_in(node: &Node, theme: &Theme) -> Option<Colour> {
    let (node, base) = node.children.iter().find_map(|child| {
        let value = child.attribute("val").unwrap_or_default();
        let colour = match child.name.as_str() {
            "srgbClr" => colour::hexadecimal(value),
            "sysClr" => child.attribute("lastClr").and_then(colour::hexadecimal),
            "schemeClr" => theme.named(value),
            "prstClr" => colour::named(value),
            _ => None,
        };
        Some((child, colour?))
    })?;
    let part = |name: &str| node.child(name).and_then(|it| it.number::<f64>("val")).map(|value| value / 100_000.0);
    let colour = match (part("lumMod"), part("lumOff")) {
        (None, None) => base,
        (factor, offset) => colour::with_luminance(base, factor.unwrap_or(1.0), offset.unwrap_or(0.0)),
    };
    Some(match (part("tint"), part("shade")) {
        (Some(tint), _) => colour::tinted(colour, 1.0 - tint),
        (_, Some(shade)) => colour::tinted(colour, shade - 1.0),
        _ => colour,
    })
}

/// A text body: a line a paragraph or break.
fn body_text(body: &Node) -> String {
    let mut text = String::new();
    for paragraph in body.children.iter().filter(|child| child.name == "p") {
        if !text.is_empty() {
            text.push('\n');
        }
        for run in &paragraph.children {
            match run.name.as_str() {
                "r" | "fld" => text.push_str(run.child("t").map_or("", |t| t.text.as_str())),
                "br" => text.push('\n'),
                _ => {}
            }
        }
    }
    text.trim_matches(['\n', ' ']).to_owned()
}
