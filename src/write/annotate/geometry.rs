//! From places as shown to a page's own space.
//!
//! Places count from the top left of the page as shown, y downwards; the space of a page (ISO 32000-1, 8.3.2.3) from
//! wherever its boxes say, y upwards, before `/Rotate` turns it. What is shown is the crop box within the media box.
//! Both count in the page's units: `/UserUnit`, which says how large these are, is no matter here.

use super::update::Update;
use lopdf::{Object, ObjectId};

/// A4 in points, which a page is where it does not say.
const A4: [f32; 4] = [0.0, 0.0, 595.0, 842.0];

/// How a page lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    /// The lower left corner of what is shown, before it is turned.
    x: f32,
    y: f32,
    /// Its size, before it is turned.
    width: f32,
    height: f32,
    /// By how much it is turned clockwise: 0, 90, 180 or 270.
    turn: i64,
}

impl Frame {
    pub fn of(update: &Update, page: ObjectId) -> Self {
        let inherited = |field: &[u8]| update.inherited(page, field).and_then(|object| rectangle(object, update));
        let media = inherited(b"MediaBox").unwrap_or(A4);
        let crop = inherited(b"CropBox").unwrap_or(media);
        let turn = update.inherited(page, b"Rotate").and_then(|turn| turn.as_i64().ok()).unwrap_or(0);
        Frame::new(media, crop, turn)
    }

    fn new(media: [f32; 4], crop: [f32; 4], turn: i64) -> Self {
        let [x0, y0] = [media[0].max(crop[0]), media[1].max(crop[1])];
        let [x1, y1] = [media[2].min(crop[2]), media[3].min(crop[3])];
        let (width, height) = (x1 - x0, y1 - y0);
        let (width, height) =
            if width <= 0.0 || height <= 0.0 { (A4[2], A4[3]) } else { (width.max(1.0), height.max(1.0)) };
        let turn = turn.rem_euclid(360);
        Frame { x: x0, y: y0, width, height, turn: if turn % 90 == 0 { turn } else { 0 } }
    }

    /// A point as shown, in the page's space.
    pub fn point(&self, x: f32, y: f32) -> [f32; 2] {
        let [x, y] = match self.turn {
            90 => [y, x],
            180 => [self.width - x, y],
            270 => [self.width - y, self.height - x],
            _ => [x, self.height - y],
        };
        [self.x + x, self.y + y]
    }

    /// A box as shown, as a rectangle of the page's space.
    pub fn rect(&self, [x0, y0, x1, y1]: [f32; 4]) -> [f32; 4] {
        let ([ax, ay], [bx, by]) = (self.point(x0, y0), self.point(x1, y1));
        [ax.min(bx), ay.min(by), ax.max(bx), ay.max(by)]
    }

    /// The corners of a box as shown: upper left, upper right, lower left, lower right.
    pub fn corners(&self, [x0, y0, x1, y1]: [f32; 4]) -> [f32; 8] {
        let [a, b, c, d] = [self.point(x0, y0), self.point(x1, y0), self.point(x0, y1), self.point(x1, y1)];
        [a[0], a[1], b[0], b[1], c[0], c[1], d[0], d[1]]
    }
}

/// A rectangle, whichever of its corners it names.
fn rectangle(object: &Object, update: &Update) -> Option<[f32; 4]> {
    let numbers: Vec<f32> = object
        .as_array()
        .ok()?
        .iter()
        .map_while(|number| update.resolved(number)?.as_float().ok().filter(|number| number.is_finite()))
        .collect();
    let [a, b, c, d] = numbers.try_into().ok()?;
    Some([f32::min(a, c), f32::min(b, d), f32::max(a, c), f32::max(b, d)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_of_turned_pages_go_where_they_are_shown() {
        // 200 wide, 100 high, its lower left at (10, 20).
        let media = [0.0, 0.0, 500.0, 500.0];
        let crop = [10.0, 20.0, 210.0, 120.0];
        for (turn, top_left, bottom_right) in [
            (0, [10.0, 120.0], [210.0, 20.0]),
            (90, [10.0, 20.0], [210.0, 120.0]),
            (180, [210.0, 20.0], [10.0, 120.0]),
            (270, [210.0, 120.0], [10.0, 20.0]),
            (-90, [210.0, 120.0], [10.0, 20.0]),
            (45, [10.0, 120.0], [210.0, 20.0]),
        ] {
            let frame = Frame::new(media, crop, turn);
            let (width, height) = if turn.rem_euclid(180) == 90 { (100.0, 200.0) } else { (200.0, 100.0) };
            assert_eq!(frame.point(0.0, 0.0), top_left, "{turn}");
            assert_eq!(frame.point(width, height), bottom_right, "{turn}");
            assert_eq!(frame.rect([0.0, 0.0, width, height]), crop, "{turn}");
        }
    }

    #[test]
    fn a_page_without_a_size_is_taken_for_a4() {
        let frame = Frame::new([0.0, 0.0, 0.0, 0.0], [5.0, 5.0, 5.0, 5.0], 0);
        assert_eq!((frame.width, frame.height), (595.0, 842.0));
    }
}
