//! Reading frames: text that stands upright, lies on its side or hangs in columns, each seen as if it ran from left
//! to right with its lines below each other.

use super::content::{Geometry, Glyph, PageContent, Rect};
use super::script;
use crate::document::{Block, Cell, Page, Place, Table, Text};

/// How a text runs over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Frame {
    /// Left to right, lines downwards.
    #[default]
    Upright,
    /// Downwards, lines to the left: text turned by a quarter, and vertical writing.
    Down,
    /// Right to left, lines upwards.
    UpsideDown,
    /// Upwards, lines to the right.
    Up,
}

impl Frame {
    pub fn of(glyph: &Glyph) -> Self {
        match (glyph.rotation, glyph.vertical) {
            (0, true) | (90, false) => Frame::Down,
            (90, true) | (180, false) => Frame::UpsideDown,
            (180, true) | (270, false) => Frame::Up,
            _ => Frame::Upright,
        }
    }

    /// A box of the page as the frame sees it: `[0]` and `[2]` along the lines, `[1]` and `[3]` across them.
    pub fn see(self, [x0, y0, x1, y1]: Rect) -> Rect {
        match self {
            Frame::Upright => [x0, y0, x1, y1],
            Frame::Down => [y0, -x1, y1, -x0],
            Frame::UpsideDown => [-x1, -y1, -x0, -y0],
            Frame::Up => [-y1, x0, -y0, x1],
        }
    }
}

/// The part of a page's glyphs that must lie on one side for the page to be read as turned.
const TURNED_SHARE: f32 = 0.8;

/// The fewest glyphs that tell how a page is turned.
const FEWEST: usize = 20;

/// How far the middles of two glyphs of one column may lie apart across it, and how far along it, in parts of their
/// size.
const HANGING_ACROSS: f32 = 0.25;
const HANGING_ALONG: std::ops::RangeInclusive<f32> = 0.7..=2.2;

/// A page turned so that most of its text stands upright, and the way back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    frame: Frame,
    width: f32,
    height: f32,
}

impl Turn {
    /// Turns a page upright whose text lies on its side or hangs in columns; other pages stay as they are.
    pub fn upright(content: &mut PageContent) -> Turn {
        hang(&mut content.glyphs);
        let mut counts = [0usize; 4];
        for glyph in &content.glyphs {
            counts[Frame::of(glyph) as usize] += 1;
        }
        let turned = [Frame::Down, Frame::UpsideDown, Frame::Up];
        let most = turned.into_iter().find(|&frame| is_most(counts[frame as usize], content.glyphs.len()));
        let frame = most.unwrap_or_default();
        let turn = Turn { frame, width: content.width, height: content.height };
        if frame != Frame::Upright {
            turn.apply(content);
        }
        turn
    }

    fn apply(self, content: &mut PageContent) {
        for glyph in &mut content.glyphs {
            glyph.bbox = self.forward(glyph.bbox);
            let degrees = [0, 90, 180, 270][self.frame as usize];
            glyph.rotation = (glyph.rotation + 360 - degrees) % 360;
        }
        let point = |p: [f32; 2]| {
            let [x, y, ..] = self.forward([p[0], p[1], p[0], p[1]]);
            [x, y]
        };
        for shape in &mut content.shapes {
            shape.bbox = self.forward(shape.bbox);
            match &mut shape.geometry {
                Geometry::Segment(a, b) => (*a, *b) = (point(*a), point(*b)),
                Geometry::Polygon { corners, .. } => corners.iter_mut().for_each(|corner| *corner = point(*corner)),
                Geometry::Rectangle | Geometry::Curved => {}
            }
        }
        content.images.iter_mut().for_each(|image| *image = self.forward(*image));
        if matches!(self.frame, Frame::Down | Frame::Up) {
            std::mem::swap(&mut content.width, &mut content.height);
        }
    }

    /// A box of the page as shown on the page as turned.
    fn forward(self, bbox: Rect) -> Rect {
        let [a, b, c, d] = self.frame.see(bbox);
        let (dx, dy) = match self.frame {
            Frame::Upright => (0.0, 0.0),
            Frame::Down => (0.0, self.width),
            Frame::UpsideDown => (self.width, self.height),
            Frame::Up => (self.height, 0.0),
        };
        [a + dx, b + dy, c + dx, d + dy]
    }

    /// A box of the page as turned on the page as shown.
    pub fn back(self, [x0, y0, x1, y1]: Rect) -> Rect {
        match self.frame {
            Frame::Upright => [x0, y0, x1, y1],
            Frame::Down => [self.width - y1, x0, self.width - y0, x1],
            Frame::UpsideDown => [self.width - x1, self.height - y1, self.width - x0, self.height - y0],
            Frame::Up => [y0, self.height - x1, y1, self.height - x0],
        }
    }

    /// Puts every place of a page back on the page as shown.
    pub fn page_back(self, page: &mut Page) {
        if self.frame == Frame::Upright {
            return;
        }
        page.size = Some((self.width, self.height));
        page.furniture.iter_mut().for_each(|text| self.text_back(text));
        for block in &mut page.blocks {
            match block {
                Block::Heading(heading) => self.text_back(&mut heading.text),
                Block::Paragraph(paragraph) | Block::Contents(paragraph) => self.text_back(&mut paragraph.text),
                Block::Table(table) => self.table_back(table),
            }
        }
    }

    fn place_back(self, place: &mut Place) {
        if let Place::Page { bbox, .. } = place {
            *bbox = self.back(*bbox);
        }
    }

    fn text_back(self, text: &mut Text) {
        text.lines.iter_mut().for_each(|line| self.place_back(&mut line.place));
        text.place.iter_mut().for_each(|place| self.place_back(place));
    }

    fn table_back(self, table: &mut Table) {
        self.place_back(&mut table.place);
        for Cell { text, nested, place, .. } in &mut table.cells {
            self.place_back(place);
            self.text_back(text);
            nested.iter_mut().for_each(|table| self.table_back(table));
        }
        for overlay in &mut table.overlays {
            self.place_back(&mut overlay.place);
            overlay.text.iter_mut().for_each(|text| self.text_back(text));
        }
    }
}

fn is_most(count: usize, all: usize) -> bool {
    all >= FEWEST && count as f32 >= all as f32 * TURNED_SHARE
}

/// Marks the glyphs of a page as set vertically that only hang one below the other, where most of the page does:
/// vertical writing made with a font for horizontal writing. (On other pages they may be a table's column.)
fn hang(glyphs: &mut [Glyph]) {
    let middle = |b: Rect| [(b[0] + b[2]) / 2.0, (b[1] + b[3]) / 2.0];
    let hangs_below = |above: &Glyph, glyph: &Glyph| {
        let ([x, y], [next_x, next_y]) = (middle(above.bbox), middle(glyph.bbox));
        // Dashes and Latin letters lie on their side in a column.
        let upright = |glyph: &Glyph| glyph.rotation == 0 || glyph.rotation == 90 && !glyph.vertical;
        let one = above.rotation == 0 || glyph.rotation == 0;
        one && upright(above)
            && upright(glyph)
            && (next_x - x).abs() <= HANGING_ACROSS * glyph.size
            && HANGING_ALONG.contains(&((next_y - y) / glyph.size))
    };
    let printed: Vec<usize> = (0..glyphs.len()).filter(|&at| !script::is_blank(&glyphs[at])).collect();
    let mut hanging = vec![false; glyphs.len()];
    for pair in printed.windows(2) {
        if hangs_below(&glyphs[pair[0]], &glyphs[pair[1]]) {
            hanging[pair[0]] = true;
            hanging[pair[1]] = true;
        }
    }
    if is_most(hanging.iter().filter(|hangs| **hangs).count(), printed.len()) {
        let upright = glyphs.iter_mut().zip(hanging).filter(|(glyph, _)| glyph.rotation == 0);
        upright.for_each(|(glyph, hangs)| glyph.vertical |= hangs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_there_and_back_changes_nothing() {
        for frame in [Frame::Upright, Frame::Down, Frame::UpsideDown, Frame::Up] {
            let turn = Turn { frame, width: 600.0, height: 800.0 };
            let bbox = [10.0, 20.0, 110.0, 32.0];
            assert_eq!(turn.back(turn.forward(bbox)), bbox, "{frame:?}");
            let [x0, y0, x1, y1] = turn.forward([0.0, 0.0, 600.0, 800.0]);
            assert_eq!((x0, y0), (0.0, 0.0), "{frame:?}");
            assert_eq!(x1 * y1, 480_000.0);
        }
    }

    #[test]
    fn lines_run_on_in_every_frame() {
        // A glyph and the next one of its line, then one of the next line.
        for (frame, next, below) in [
            (Frame::Upright, [10.0, 0.0], [0.0, 10.0]),
            (Frame::Down, [0.0, 10.0], [-10.0, 0.0]),
            (Frame::UpsideDown, [-10.0, 0.0], [0.0, -10.0]),
            (Frame::Up, [0.0, -10.0], [10.0, 0.0]),
        ] {
            let at = |[dx, dy]: [f32; 2]| frame.see([100.0 + dx, 100.0 + dy, 110.0 + dx, 110.0 + dy]);
            let (first, next, below) = (at([0.0, 0.0]), at(next), at(below));
            assert_eq!((next[0] - first[0], next[1] - first[1]), (10.0, 0.0), "{frame:?}");
            assert_eq!((below[0] - first[0], below[1] - first[1]), (0.0, 10.0), "{frame:?}");
        }
    }

    #[test]
    fn only_a_page_that_hangs_is_read_as_vertical() {
        let glyph = |x: f32, y: f32| Glyph::plain('町', x, y);
        let column = (0..30).map(|n| glyph(200.0, 12.0 * n as f32));
        let line = (0..30).map(|n| glyph(10.0 * n as f32, 500.0));
        let mut table: Vec<Glyph> = column.clone().chain(line).collect();
        hang(&mut table);
        assert!(table.iter().all(|glyph| !glyph.vertical), "a table's column");
        let mut page: Vec<Glyph> = column.collect();
        hang(&mut page);
        assert!(page.iter().all(|glyph| glyph.vertical));
        let mut few = page[..5].to_vec();
        few.iter_mut().for_each(|glyph| glyph.vertical = false);
        hang(&mut few);
        assert!(few.iter().all(|glyph| !glyph.vertical), "too few to tell");
    }
}
