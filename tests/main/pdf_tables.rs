//! The layout of any painted pages: tables are grids, overlays lie over their columns, every place is on a page, and
//! it is the same twice. The fuzz target `pdf_tables` is of this file too.
//!
//! Bytes are read as pages of shapes and glyphs on a coarse raster, so that rules meet and text falls into cells.

use keikaku::document::{Block, Colour, Place, Table, Text};
use keikaku::read::pdf::content::{Geometry, Glyph, GlyphText, PageContent, Shape, ShapePaint};
use keikaku::read::pdf::layout;

const WIDTH: f32 = 600.0;
const HEIGHT: f32 = 850.0;

const CHARACTERS: &[char] =
    &['施', '策', '和', '5', '年', '度', '→', '・', '(', '①', 'a', 'B', ' ', '\u{3000}', '%', 'ー', '●', '1', '.', '…'];

/// Pages as some bytes paint them, six bytes a thing.
fn painted(bytes: &[u8]) -> Vec<PageContent> {
    let empty = |number| PageContent { number, width: WIDTH, height: HEIGHT, ..PageContent::default() };
    let mut pages = vec![empty(1)];
    for (six, order) in bytes.chunks_exact(6).zip(1u32..) {
        let [kind, x, y, w, h, more] = <[u8; 6]>::try_from(six).unwrap();
        let number = pages.len() as u32;
        let page = pages.last_mut().unwrap();
        // Two bits of noise a side: rules are drawn a little off.
        let x0 = f32::from(x) * 2.5 + f32::from(more & 3) * 0.4 - 10.0;
        let y0 = f32::from(y) * 3.5 + f32::from(more >> 2 & 3) * 0.4 - 10.0;
        let (x1, y1) = (x0 + f32::from(w) * 2.5, y0 + f32::from(h) * 3.5);
        let bbox = [x0, y0, x1, y1];
        let colour = Colour(if more & 16 == 0 { [0; 3] } else { [more, 200, 255] });
        let stroke = ShapePaint::Stroke { width: f32::from(more >> 5) * 0.5, dashed: more & 8 == 0 };
        let mut shape = |geometry, bbox, paint| page.shapes.push(Shape { geometry, bbox, paint, colour, order });
        match kind % 12 {
            0 | 1 => shape(Geometry::Segment([x0, y0], [x1, y0]), [x0, y0, x1, y0], stroke),
            2 | 3 => shape(Geometry::Segment([x0, y0], [x0, y1]), [x0, y0, x0, y1], stroke),
            4 => shape(Geometry::Rectangle, bbox, stroke),
            5 => shape(Geometry::Rectangle, bbox, ShapePaint::Fill),
            6 => {
                let (head, middle) = (x0 + (x1 - x0) * 0.8, (y0 + y1) / 2.0);
                let corners = vec![[x0, y0], [head, y0], [x1, middle], [head, y1], [x0, y1]];
                shape(Geometry::Polygon { corners, closed: more & 1 == 0 }, bbox, ShapePaint::Fill);
            }
            7 => shape(Geometry::Curved, bbox, if more & 2 == 0 { ShapePaint::Fill } else { stroke }),
            8 if number < 4 => pages.push(empty(number + 1)),
            _ => {
                let size = 6.0 + f32::from(more >> 5) * 2.0;
                for at in 0..u32::from(w % 16) + 1 {
                    let x0 = x0 + size * at as f32;
                    page.glyphs.push(Glyph {
                        text: GlyphText::Char(CHARACTERS[usize::from(h.wrapping_add(at as u8)) % CHARACTERS.len()]),
                        bbox: [x0, y0, x0 + size, y0 + size],
                        size,
                        rotation: if kind > 250 { 90 } else { 0 },
                        vertical: kind == 250,
                        bold: more & 1 != 0,
                        colour,
                        font: 0,
                        order,
                    });
                }
            }
        }
    }
    pages
}

fn check_place(place: &Place) {
    let Place::Page { page, bbox: [x0, y0, x1, y1] } = place else { panic!("no place on a page: {place:?}") };
    assert!((1..=4).contains(page) && x0 <= x1 && y0 <= y1, "{place:?}");
    assert!([x0, y0, x1, y1].iter().all(|side| side.is_finite()), "{place:?}");
}

fn check_text(text: &Text) {
    text.place.iter().for_each(check_place);
    text.lines.iter().for_each(|line| check_place(&line.place));
}

fn check_table(table: &Table) {
    check_place(&table.place);
    let mut covered = vec![false; table.rows as usize * table.columns as usize];
    for cell in &table.cells {
        assert!(cell.row_span >= 1 && cell.column_span >= 1, "{cell:?}");
        assert!(cell.end_row() <= table.rows && cell.end_column() <= table.columns, "{cell:?}");
        for row in cell.row..cell.end_row() {
            for column in cell.column..cell.end_column() {
                let square = &mut covered[(row * table.columns + column) as usize];
                assert!(!std::mem::replace(square, true), "two cells at {row},{column}");
            }
        }
        check_place(&cell.place);
        check_text(&cell.text);
        cell.nested.iter().for_each(check_table);
    }
    assert!(table.cells.is_sorted_by_key(|cell| (cell.row, cell.column)));
    for overlay in &table.overlays {
        assert!(0.0 <= overlay.start && overlay.start <= overlay.end, "{overlay:?}");
        assert!(overlay.end <= table.columns as f32 && overlay.row < table.rows, "{overlay:?}");
        check_place(&overlay.place);
        overlay.text.iter().for_each(check_text);
    }
}

/// Lays out what bytes paint, and checks what comes of it.
pub fn check(bytes: &[u8]) {
    let painted = painted(bytes);
    let (pages, _) = layout(painted.clone());
    assert_eq!(pages.len(), painted.len());
    for page in &pages {
        page.furniture.iter().for_each(check_text);
        for block in &page.blocks {
            match block {
                Block::Heading(heading) => check_text(&heading.text),
                Block::Paragraph(paragraph) | Block::Contents(paragraph) => check_text(&paragraph.text),
                Block::Table(table) => check_table(table),
            }
        }
    }
    assert_eq!(pages, layout(painted).0);
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::any;

    proptest::proptest! {
        #[test]
        fn any_page_is_laid_out_soundly(bytes in vec(any::<u8>(), 0..900)) {
            super::check(&bytes);
        }
    }
}
