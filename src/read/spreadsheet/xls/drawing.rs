//! Shapes of a sheet: OfficeArt records ([MS-ODRAW]) and the objects that go with them.

use crate::document::Colour;
use crate::read::spreadsheet::binary::{u16_at, u32_at};
use crate::read::spreadsheet::colour;
use crate::read::spreadsheet::outline::{Outline, numbered};
use crate::read::spreadsheet::sheet::{Shape, ShapeKind, Sheet};

/// How deep groups are followed.
const MAX_GROUPS: u32 = 16;
const MAX_SHAPES: usize = 10_000;

/// What the OBJ and TXO records say of a shape.
#[derive(Debug, Default)]
pub(super) struct Object {
    /// Type of the object ([MS-XLS] 2.5.143).
    kind: u16,
    /// Of a check box: whether it is ticked.
    is_checked: bool,
    pub text: String,
}

const CHECK_BOX: u16 = 0x0b;
const OPTION_BUTTON: u16 = 0x0c;
const NOTE: u16 = 0x19;

impl Object {
    pub fn read(data: &[u8]) -> Self {
        let mut object = Object::default();
        let mut at = 0;
        while let (Some(kind), Some(length)) = (u16_at(data, at), u16_at(data, at + 2)) {
            match kind {
                // The common properties, and the two forms of a check box's state.
                0x15 => object.kind = u16_at(data, at + 4).unwrap_or(0),
                0x0a | 0x12 => object.is_checked |= u16_at(data, at + 4) == Some(1),
                0 => break,
                _ => {}
            }
            at += 4 + usize::from(length);
        }
        object
    }
}

/// Adds the shapes of a drawing to a sheet whose rows and columns are known.
pub(super) fn place(drawing: &[u8], objects: Vec<Object>, palette: &[Colour], sheet: &mut Sheet) {
    let mut reader = Reader { objects: objects.into_iter(), palette, sheet };
    reader.container(drawing, None, MAX_GROUPS);
}

/// A rectangle: left, top, right, bottom.
type Frame = [f64; 4];

/// How a group's children lie on the sheet: their own coordinates, and the rectangle that these fill.
#[derive(Clone, Copy)]
struct Space {
    inner: Frame,
    outer: Frame,
}

impl Space {
    fn place(&self, frame: Frame) -> Frame {
        let map = |value: f64, axis: usize| {
            let (start, end) = (self.inner[axis], self.inner[axis + 2]);
            let scale = if end > start { (self.outer[axis + 2] - self.outer[axis]) / (end - start) } else { 1.0 };
            self.outer[axis] + (value - start) * scale
        };
        [map(frame[0], 0), map(frame[1], 1), map(frame[2], 0), map(frame[3], 1)]
    }
}

/// Types of OfficeArt records.
const GROUP: u16 = 0xf003;
const SHAPE: u16 = 0xf004;

struct Reader<'a> {
    /// In the order of the shapes that have one.
    objects: std::vec::IntoIter<Object>,
    palette: &'a [Colour],
    sheet: &'a mut Sheet,
}

/// The atoms of a shape.
#[derive(Default)]
struct Atoms {
    kind: u16,
    flags: u32,
    /// The coordinates of a group's children.
    inner: Option<Frame>,
    properties: Vec<(u16, u32)>,
    anchor: Option<Frame>,
    child_anchor: Option<Frame>,
    object: Option<Object>,
}

impl Reader<'_> {
    /// Reads the records of a container. In a group, the first shape is the group itself.
    fn container(&mut self, data: &[u8], space: Option<Space>, depth: u32) {
        let mut space = space;
        let mut first = true;
        for (kind, _, content) in atoms(data) {
            match kind {
                SHAPE => {
                    let shape = self.shape(content);
                    if let (true, Some(inner)) = (first, shape.inner) {
                        // The drawing's outermost group has no place of its own.
                        space = shape.frame(space).map(|outer| Space { inner, outer });
                    } else {
                        self.add(shape, space);
                    }
                    first = false;
                }
                GROUP | 0xf002 if depth > 0 => self.container(content, space, depth - 1),
                _ => {}
            }
        }
    }

    fn shape(&mut self, data: &[u8]) -> Atoms {
        let mut shape = Atoms::default();
        for (kind, instance, content) in atoms(data) {
            match kind {
                0xf009 => shape.inner = coordinates(content),
                0xf00a => {
                    shape.kind = instance;
                    shape.flags = u32_at(content, 4).unwrap_or(0);
                }
                0xf00b => {
                    let properties = content.chunks_exact(6).take(usize::from(instance));
                    shape.properties.extend(properties.filter_map(|it| Some((u16_at(it, 0)?, u32_at(it, 2)?))));
                }
                0xf00f => shape.child_anchor = coordinates(content),
                0xf010 => shape.anchor = self.anchor(content),
                0xf011 => shape.object = self.objects.next(),
                _ => {}
            }
        }
        shape
    }

    /// A cell anchor: columns and rows, and 1024ths and 256ths of them.
    fn anchor(&self, data: &[u8]) -> Option<Frame> {
        let at = |i: usize| u16_at(data, 2 + 2 * i).map(u32::from);
        let x = |column: u32, part: u32| {
            let (start, size) = (self.sheet.columns.start(column), self.sheet.columns.size(column));
            start as f64 + size as f64 * f64::from(part.min(1024)) / 1024.0
        };
        let y = |row: u32, part: u32| {
            let (start, size) = (self.sheet.rows.start(row), self.sheet.rows.size(row));
            start as f64 + size as f64 * f64::from(part.min(256)) / 256.0
        };
        Some([x(at(0)?, at(1)?), y(at(2)?, at(3)?), x(at(4)?, at(5)?), y(at(6)?, at(7)?)])
    }

    fn add(&mut self, mut shape: Atoms, space: Option<Space>) {
        const DELETED_OR_BACKGROUND: u32 = 0x8 | 0x400;
        let object = shape.object.take().unwrap_or_default();
        let Some(frame) = shape.frame(space).filter(|_| shape.flags & DELETED_OR_BACKGROUND == 0) else { return };
        match object.kind {
            NOTE => return,
            CHECK_BOX | OPTION_BUTTON => {
                let [left, top, _, bottom] = frame.map(|at| at as i64);
                return self.sheet.check(left, top, bottom, object.is_checked, &object.text);
            }
            _ => {}
        }
        if self.sheet.shapes.len() < MAX_SHAPES {
            self.sheet.shapes.extend(self.drawn(&shape, frame, object.text));
        }
    }

    fn drawn(&self, shape: &Atoms, frame: Frame, text: String) -> Option<Shape> {
        let turn = shape.property(0x0004).map_or(0.0, |fixed| f64::from(fixed as i32) / 65_536.0).rem_euclid(360.0);
        let upright = (45.0..135.0).contains(&turn) || (225.0..315.0).contains(&turn);
        let outline = numbered(shape.kind);
        let is_line = outline == Outline::Line;
        // Each switch has a bit that says whether it is set at all.
        let switch =
            |id: u16, bit: u32| shape.property(id).filter(|bits| bits & bit << 16 != 0).map(|bits| bits & bit != 0);
        let filled = !is_line && switch(0x01bf, 0x10).unwrap_or(true);
        let stroked = switch(0x01ff, 0x8).unwrap_or(true);
        // 1, 2 and 5 are triangle, stealth and open arrow; the others are diamonds and circles.
        let has_head = [0x01d0, 0x01d1].iter().any(|&id| matches!(shape.property(id), Some(1 | 2 | 5)));
        let text = text.trim_matches(['\n', ' ', '\0']).to_owned();
        // Pictures and controls say nothing here.
        if matches!(shape.kind, 75 | 201) {
            return None;
        }
        let kind = match outline.kind(upright, has_head) {
            Some(ShapeKind::Bar) if !filled && !stroked => ShapeKind::Text,
            Some(kind) => kind,
            None => ShapeKind::Text,
        };
        if kind == ShapeKind::Text && text.is_empty() {
            return None;
        }
        let (x, y) = ([frame[0] as i64, frame[2] as i64], [frame[1] as i64, frame[3] as i64]);
        // A line that falls or rises more than it runs is no span.
        if is_line && (y[1] - y[0]).abs() > (x[1] - x[0]).abs() {
            return None;
        }
        let fill = shape.property(0x0181).and_then(|value| self.colour(value)).filter(|_| filled);
        let line = shape.property(0x01c0).and_then(|value| self.colour(value)).filter(|_| stroked);
        Some(Shape::new(kind, x, y, text, fill.and_then(colour::unless_white).or(line)))
    }

    /// A colour: blue, green and red, or an index into the palette.
    fn colour(&self, value: u32) -> Option<Colour> {
        let [red, green, blue, flags] = value.to_le_bytes();
        match flags {
            0 => Some(Colour([red, green, blue])),
            flags if flags & 0x08 != 0 => self.palette.get(usize::from(red)).copied(),
            _ => None,
        }
    }
}

impl Atoms {
    fn property(&self, id: u16) -> Option<u32> {
        self.properties.iter().find(|(known, _)| known & 0x3fff == id).map(|(_, value)| *value)
    }

    /// Where it lies on the sheet.
    fn frame(&self, space: Option<Space>) -> Option<Frame> {
        match (self.child_anchor, space) {
            (Some(own), Some(space)) => Some(space.place(own)),
            _ => self.anchor,
        }
    }
}

fn coordinates(data: &[u8]) -> Option<Frame> {
    let at = |i: usize| u32_at(data, 4 * i).map(|value| f64::from(value as i32));
    Some([at(0)?, at(1)?, at(2)?, at(3)?])
}

/// The records in a container: type, instance and content. One that runs over the end is cut there.
fn atoms(data: &[u8]) -> impl Iterator<Item = (u16, u16, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (options, kind, length) = (u16_at(data, at)?, u16_at(data, at + 2)?, u32_at(data, at + 4)? as usize);
        let start = at + 8;
        let end = start.saturating_add(length).min(data.len());
        at = end;
        Some((kind, options >> 4, data.get(start..end)?))
    })
}
