//! A page as SVG: what was found on it, drawn over what it paints. It shows why a value is missing.
//!
//! From bottom to top: shapes and pictures, pale; the text as it was decoded, grey where it is furniture and orange
//! where nothing found holds it; lines and headings; tables with every cell; overlays with the columns they were given.
//! Each thing says its text and its numbers when the pointer rests on it.

use super::content::{Geometry, Glyph, GlyphText, PageContent, Rect, Shape, ShapePaint};
use super::interpret::{self, Interpreted};
use super::script;
use super::{frame::Frame, layout};
use crate::document::{Block, Cell, Document, Overlay, Place, Table, Text};
use std::fmt::{self, Write as _};

/// Room around the page for what is written beside it, in points.
const MARGIN: f32 = 24.0;

/// Where the baseline lies in an em box, from its bottom.
const DESCENT: f32 = 0.12;

const STYLE: &str = "
.paper{fill:#fff;stroke:#999;stroke-width:.5}
.shape{opacity:.5}
.picture{fill:#ddd;fill-opacity:.4;stroke:#bbb;stroke-width:.5;stroke-dasharray:3 2}
text{font-family:'Noto Sans CJK JP','Noto Sans JP','Yu Gothic','Hiragino Sans','IPAGothic',sans-serif;fill:#111}
.turned{text-anchor:middle;dominant-baseline:central}
.grey text,text.grey{fill:#aaa}
.lost text{fill:#e06c00}
.lost rect{fill:none;stroke:#e06c00;stroke-width:.5}
.line{fill:none;stroke:#4a90d9;stroke-width:.3}
.heading{fill:#2e9e4f;fill-opacity:.08;stroke:#2e9e4f;stroke-width:.7}
.contents{fill:none;stroke:#8a8a2a;stroke-width:.4;stroke-dasharray:2 1}
.furniture{fill:none;stroke:#aaa;stroke-width:.5;stroke-dasharray:1 1}
.table{fill:none;stroke:#d0021b;stroke-width:1.6}
.cell{fill:#d0021b;fill-opacity:.02;stroke:#d0021b;stroke-width:.5}
.inner .table,.inner .cell{stroke:#7b3fb5;fill:#7b3fb5;fill-opacity:.04}
.overlay rect{fill:#d4149a;fill-opacity:.05;stroke:#d4149a;stroke-width:.5;stroke-dasharray:2 1}
.overlay path{fill:none;stroke:#d4149a;stroke-width:1.6}
text.note{font-size:5px;fill:#555;paint-order:stroke;stroke:#fff;stroke-width:1.2}
.table-note text.note{fill:#d0021b}
.overlay text.note{fill:#d4149a}
text.heading-note{font-size:6px;fill:#2e9e4f;stroke:none}
text.key{font-size:8px}
";

/// Draws a page of a PDF file, counted from 1; none where the file has no such page.
pub fn svg(bytes: &[u8], page: u32) -> Option<String> {
    let Interpreted { pages, .. } = interpret::pages(bytes);
    let painted = pages.iter().find(|content| content.number == page)?.clone();
    let document = Document { pages: layout(pages).0, ..Document::default() };
    Some(draw(&painted, &document))
}

fn draw(painted: &PageContent, document: &Document) -> String {
    let mut drawing = Drawing { out: String::new(), page: painted.number };
    let (width, height) = (painted.width + 2.0 * MARGIN, painted.height + 2.0 * MARGIN);
    let out = &mut drawing.out;
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"{} {} {width} {height}\">\n<style>{STYLE}</style>",
        -MARGIN, -MARGIN
    );
    let paper = [0.0, 0.0, painted.width, painted.height];
    let _ = writeln!(out, "<rect class=\"paper\" {}/>", Area(paper));
    painted.shapes.iter().for_each(|shape| write_shape(out, shape));
    for &picture in &painted.images {
        let _ = writeln!(out, "<rect class=\"picture\" {}><title>picture</title></rect>", Area(picture));
    }
    let found = Found::on(painted.number, document);
    drawing.glyphs(&painted.glyphs, &found);
    drawing.blocks(document);
    drawing.key(painted, &found);
    drawing.out.push_str("</svg>\n");
    drawing.out
}

/// Where the text of a page was found to be.
struct Found {
    content: Vec<Rect>,
    furniture: Vec<Rect>,
}

impl Found {
    fn on(page: u32, document: &Document) -> Found {
        let mut found = Found { content: Vec::new(), furniture: Vec::new() };
        let mut note = |text: &Text| {
            found.content.extend(text.lines.iter().filter_map(|line| on_page(&line.place, page)));
        };
        for block in document.blocks() {
            match block {
                Block::Heading(heading) => note(&heading.text),
                Block::Paragraph(paragraph) | Block::Contents(paragraph) => note(&paragraph.text),
                Block::Table(table) => each_text(table, &mut note),
            }
        }
        let own = document.pages.iter().filter(|own| own.number == page).flat_map(|own| &own.furniture);
        found.furniture = own.filter_map(|text| on_page(text.place.as_ref()?, page)).collect();
        found
    }

    /// How a glyph is drawn.
    fn class(&self, glyph: &Glyph) -> &'static str {
        let [x0, y0, x1, y1] = glyph.bbox;
        let (x, y) = ((x0 + x1) / 2.0, (y0 + y1) / 2.0);
        let holds = |all: &[Rect]| all.iter().any(|b| b[0] <= x && x <= b[2] && b[1] <= y && y <= b[3]);
        match () {
            () if holds(&self.content) => "text",
            () if holds(&self.furniture) => "grey",
            () => "lost",
        }
    }
}

fn each_text(table: &Table, note: &mut impl FnMut(&Text)) {
    for cell in &table.cells {
        note(&cell.text);
        cell.nested.iter().for_each(|inner| each_text(inner, note));
    }
    table.overlays.iter().filter_map(|overlay| overlay.text.as_ref()).for_each(note);
}

fn on_page(place: &Place, page: u32) -> Option<Rect> {
    match place {
        Place::Page { page: own, bbox } if *own == page => Some(*bbox),
        _ => None,
    }
}

/// A picture in the making.
struct Drawing {
    out: String,
    page: u32,
}

impl Drawing {
    /// The page's text, in groups of one class and one stretch each.
    fn glyphs(&mut self, glyphs: &[Glyph], found: &Found) {
        let printed: Vec<(&Glyph, &str)> =
            glyphs.iter().filter(|glyph| !script::is_blank(glyph)).map(|glyph| (glyph, found.class(glyph))).collect();
        for group in printed.chunk_by(|(a, class), (b, other)| class == other && goes_on(a, b)) {
            let &(first, class) = &group[0];
            let _ = write!(self.out, "<g class=\"{class}\" font-size=\"{}\">", first.size);
            if class == "lost" {
                for (glyph, _) in group {
                    let _ =
                        write!(self.out, "<rect {}><title>in no line that was found</title></rect>", Area(glyph.bbox));
                }
            }
            write_glyphs(&mut self.out, group.iter().map(|(glyph, _)| *glyph));
            self.out.push_str("</g>\n");
        }
    }

    /// What was found, block by block; the parts of a table that began on an earlier page too.
    fn blocks(&mut self, document: &Document) {
        for page in &document.pages {
            let own = page.number == self.page;
            for (block, number) in page.blocks.iter().zip(1..) {
                match block {
                    Block::Heading(heading) if own => {
                        let level = heading.level;
                        self.text("heading", &format!("block {number}, heading of level {level}"), &heading.text);
                        self.label("note heading-note", &heading.text.place, &format!("H{level} #{number}"));
                    }
                    Block::Paragraph(paragraph) if own => {
                        self.text("line", &format!("block {number}, paragraph"), &paragraph.text);
                        self.label("note", &paragraph.text.place, &format!("¶ #{number}"));
                    }
                    Block::Contents(paragraph) if own => {
                        self.text("contents", &format!("block {number}, contents"), &paragraph.text);
                    }
                    Block::Heading(_) | Block::Paragraph(_) | Block::Contents(_) => {}
                    Block::Table(table) => {
                        let name = match own {
                            true => format!("table #{number}"),
                            false => format!("table #{number} of page {}", page.number),
                        };
                        self.table(table, &name);
                    }
                }
            }
            if own {
                page.furniture.iter().for_each(|text| self.text("furniture", "furniture", text));
            }
        }
    }

    fn text(&mut self, class: &str, what: &str, text: &Text) {
        for line in &text.lines {
            if let Some(bbox) = on_page(&line.place, self.page) {
                self.rect(class, bbox, &format!("{what}\n{}", line.raw));
            }
        }
    }

    fn rect(&mut self, class: &str, bbox: Rect, title: &str) {
        let _ = writeln!(self.out, "<rect class=\"{class}\" {}><title>{}</title></rect>", Area(bbox), Escaped(title));
    }

    fn label(&mut self, class: &str, place: &Option<Place>, label: &str) {
        if let Some([x0, y0, ..]) = place.as_ref().and_then(|place| on_page(place, self.page)) {
            self.note(class, x0, y0 - 1.0, label);
        }
    }

    fn note(&mut self, class: &str, x: f32, y: f32, label: &str) {
        let _ = writeln!(self.out, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", Escaped(label));
    }

    fn table(&mut self, table: &Table, name: &str) {
        let cells: Vec<(&Cell, Rect)> =
            table.cells.iter().filter_map(|cell| Some((cell, on_page(&cell.place, self.page)?))).collect();
        let Some(whole) = cells.iter().map(|(_, bbox)| *bbox).reduce(super::paths::union) else { return };
        self.out.push_str("<g class=\"table-note\">\n");
        for &(cell, bbox) in &cells {
            let Cell { row, column, row_span, column_span, .. } = cell;
            let spans = format!("{row_span} × {column_span}");
            let fill = cell.fill.map_or(String::new(), |fill| format!(", {fill}"));
            let title = format!("row {row}, column {column}, {spans}{fill}");
            self.rect("cell", bbox, &format!("{title}\n{}", cell.text.raw()));
            let spans = if spans == "1 × 1" { String::new() } else { format!(" ({spans})") };
            self.note("note", bbox[0] + 1.0, bbox[1] + 5.0, &format!("{row},{column}{spans}"));
            self.text("line", &title, &cell.text);
        }
        let ragged = if table.ragged { ", ragged" } else { "" };
        let size = format!("{name}: {} rows, {} columns{ragged}", table.rows, table.columns);
        let _ = writeln!(self.out, "<rect class=\"table\" {} pointer-events=\"none\"/>", Area(whole));
        self.note("note", whole[0], whole[1] - 1.5, &size);
        self.out.push_str("</g>\n");
        let edges = Edges::of(&cells);
        for overlay in &table.overlays {
            if let Some(bbox) = on_page(&overlay.place, self.page) {
                self.overlay(overlay, bbox, &edges);
            }
        }
        for inner in table.cells.iter().flat_map(|cell| &cell.nested) {
            self.out.push_str("<g class=\"inner\">\n");
            self.table(inner, &format!("table in {name}"));
            self.out.push_str("</g>\n");
        }
    }

    /// A box around the shape and its text, and a measure from its first column to its last.
    fn overlay(&mut self, overlay: &Overlay, bbox: Rect, edges: &Edges) {
        let Overlay { shape, row, row_span, start, end, .. } = overlay;
        let text = overlay.text.as_ref().map(Text::raw).unwrap_or_default();
        let colour = overlay.colour.map_or(String::new(), |colour| format!(", {colour}"));
        let name = format!("{shape:?}").to_lowercase();
        let label = format!("{name} {start:.2}–{end:.2}");
        let rows = if *row_span > 1 { format!("rows {row} to {}", row + row_span - 1) } else { format!("row {row}") };
        self.out.push_str("<g class=\"overlay\">\n");
        self.rect("", bbox, &format!("{label}, {rows}{colour}\n{text}"));
        if let (Some(from), Some(to)) = (edges.at(*start), edges.at(*end)) {
            let _ = writeln!(self.out, "<path d=\"{}\"/>", edges.measure(bbox, from, to));
        }
        self.note("note", bbox[0] + 1.0, bbox[3] - 1.5, &label);
        self.out.push_str("</g>\n");
    }

    /// What the colours mean, and what the page is.
    fn key(&mut self, painted: &PageContent, found: &Found) {
        let lost = painted.glyphs.iter().filter(|glyph| !script::is_blank(glyph) && found.class(glyph) == "lost");
        let unread = match (lost.count(), painted.unreadable) {
            (0, 0) => String::new(),
            (lost, unreadable) => format!("; {lost} characters in no line, {unreadable} unreadable"),
        };
        let PageContent { number, width, height, .. } = painted;
        let head = format!("page {number}, {width:.0} × {height:.0} pt{unread}");
        self.note("key", 0.0, -10.0, &head);
        let mut x = 0.0;
        for (colour, what) in [
            ("#d0021b", "table, cell row,column (rows × columns)"),
            ("#7b3fb5", "table in a cell"),
            ("#d4149a", "overlay from–to column"),
            ("#2e9e4f", "heading"),
            ("#4a90d9", "line"),
            ("#aaa", "furniture"),
            ("#e06c00", "in no line"),
        ] {
            let y = height + 14.0;
            let _ =
                writeln!(self.out, "<text class=\"key\" x=\"{x}\" y=\"{y}\" style=\"fill:{colour}\">■ {what}</text>");
            x += 16.0 + 4.2 * what.len() as f32;
        }
    }
}

/// Where the columns of a table begin and end on the page, along the axis that they follow each other on: a table on
/// a turned page runs upwards or downwards.
struct Edges {
    /// 0 where columns follow each other sideways, 1 where they do upwards or downwards.
    axis: usize,
    /// By column; none where no cell begins or ends there.
    at: Vec<Option<f32>>,
}

impl Edges {
    fn of(cells: &[(&Cell, Rect)]) -> Edges {
        let middle = |b: Rect| [(b[0] + b[2]) / 2.0, (b[1] + b[3]) / 2.0];
        let neighbours = cells.iter().zip(cells.iter().skip(1)).find(|((a, _), (b, _))| a.row == b.row);
        let (axis, forwards) = neighbours.map_or((0, true), |((_, a), (_, b))| {
            let ([ax, ay], [bx, by]) = (middle(*a), middle(*b));
            if (bx - ax).abs() >= (by - ay).abs() { (0, bx >= ax) } else { (1, by >= ay) }
        });
        let columns = cells.iter().map(|(cell, _)| cell.end_column() as usize).max().unwrap_or(0);
        let mut at = vec![None; columns + 1];
        for (cell, bbox) in cells {
            let (from, to) = if forwards { (bbox[axis], bbox[axis + 2]) } else { (bbox[axis + 2], bbox[axis]) };
            at[cell.column as usize] = Some(from);
            at[cell.end_column() as usize].get_or_insert(to);
        }
        Edges { axis, at }
    }

    /// The place of a fractional column.
    fn at(&self, column: f32) -> Option<f32> {
        let from = self.at.get(column as usize).copied().flatten()?;
        let part = column.fract();
        if part == 0.0 {
            return Some(from);
        }
        let to = self.at.get(column as usize + 1).copied().flatten()?;
        Some(from + part * (to - from))
    }

    /// A path between two places, with a stroke across at both ends, along the far side of a box.
    fn measure(&self, bbox: Rect, from: f32, to: f32) -> String {
        let across = bbox[3 - self.axis];
        let point = |along: f32, off: f32| match self.axis {
            0 => format!("{along:.1} {:.1}", across + off),
            _ => format!("{:.1} {along:.1}", across + off),
        };
        let end = |along: f32| format!("M{}L{}", point(along, -4.0), point(along, 4.0));
        format!("M{}L{}{}{}", point(from, 0.0), point(to, 0.0), end(from), end(to))
    }
}

/// Whether a glyph goes on where the one before it ends: not every program that draws SVG places each for itself.
fn goes_on(a: &Glyph, b: &Glyph) -> bool {
    let gap = (b.bbox[0] - a.bbox[2]).abs();
    let alike = a.size == b.size && a.rotation == b.rotation && a.vertical == b.vertical;
    alike && a.bbox[3] == b.bbox[3] && gap <= 0.1 * a.size
}

/// Glyphs of one line: upright ones as one text in which each has its place, others one by one.
fn write_glyphs<'a>(out: &mut String, glyphs: impl Iterator<Item = &'a Glyph>) {
    let (mut xs, mut text, mut base) = (String::new(), String::new(), 0.0);
    for glyph in glyphs {
        let [x0, y0, x1, y1] = glyph.bbox;
        match &glyph.text {
            // What takes one code unit: only for those is it sure which of the places is theirs.
            GlyphText::Char(c) if Frame::of(glyph) == Frame::Upright && c.len_utf16() == 1 && is_writable(*c) => {
                let _ = write!(xs, "{x0:.1} ");
                text.push(*c);
                base = y1 - DESCENT * glyph.size;
            }
            GlyphText::Char(c) => {
                let (x, y) = ((x0 + x1) / 2.0, (y0 + y1) / 2.0);
                let c = Escaped(c.encode_utf8(&mut [0; 4])).to_string();
                let turn = glyph.rotation;
                let _ = write!(
                    out,
                    "<text class=\"turned\" transform=\"translate({x:.1} {y:.1}) rotate({turn})\">{c}</text>"
                );
            }
            GlyphText::Many(many) => {
                let (width, base) = (x1 - x0, y1 - DESCENT * glyph.size);
                let _ = write!(
                    out,
                    "<text x=\"{x0:.1}\" y=\"{base:.1}\" textLength=\"{width:.1}\" \
                     lengthAdjust=\"spacingAndGlyphs\">{}</text>",
                    Escaped(many)
                );
            }
        }
    }
    if !text.is_empty() {
        let _ = write!(out, "<text x=\"{}\" y=\"{base:.1}\">{}</text>", xs.trim_end(), Escaped(&text));
    }
}

fn write_shape(out: &mut String, shape: &Shape) {
    let Shape { geometry, bbox, paint, colour, .. } = shape;
    let paint = match paint {
        ShapePaint::Fill => format!("fill=\"{colour}\""),
        ShapePaint::Stroke { width, dashed } => {
            let dashes = if *dashed { " stroke-dasharray=\"2 1\"" } else { "" };
            format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\"{dashes}", width.max(0.2))
        }
    };
    let _ = match geometry {
        Geometry::Segment([x0, y0], [x1, y1]) => {
            writeln!(out, "<path class=\"shape\" d=\"M{x0} {y0}L{x1} {y1}\" {paint}/>")
        }
        Geometry::Rectangle => writeln!(out, "<rect class=\"shape\" {} {paint}/>", Area(*bbox)),
        Geometry::Polygon { corners, closed } => {
            let corners: Vec<String> = corners.iter().map(|[x, y]| format!("{x} {y}")).collect();
            let end = if *closed { "Z" } else { "" };
            writeln!(out, "<path class=\"shape\" d=\"M{}{end}\" {paint}/>", corners.join("L"))
        }
        Geometry::Curved => {
            let round = ((bbox[2] - bbox[0]).min(bbox[3] - bbox[1]) / 2.0).max(0.0);
            writeln!(out, "<rect class=\"shape\" {} rx=\"{round}\" {paint}/>", Area(*bbox))
        }
    };
}

/// A box as attributes.
struct Area(Rect);

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [x0, y0, x1, y1] = self.0;
        write!(f, "x=\"{x0:.1}\" y=\"{y0:.1}\" width=\"{:.1}\" height=\"{:.1}\"", x1 - x0, y1 - y0)
    }
}

/// Whether XML can hold a character at all.
fn is_writable(c: char) -> bool {
    !matches!(c, '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Text as XML content; what XML cannot hold is a replacement character.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                c if is_writable(c) => f.write_char(c)?,
                _ => f.write_char(char::REPLACEMENT_CHARACTER)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Colour, Line, OverlayShape, Page};

    fn at(bbox: Rect) -> Place {
        Place::Page { page: 2, bbox }
    }

    fn cell(row: u32, column: u32, bbox: Rect, text: &str) -> Cell {
        let text = if text.is_empty() { Text::default() } else { Text::line(text, at(bbox)) };
        Cell { row, column, row_span: 1, column_span: 1, text, place: at(bbox), ..Cell::default() }
    }

    fn arrow(bbox: Rect) -> Overlay {
        let (start, end, colour) = (1.25, 2.5, Some(Colour([0, 128, 0])));
        Overlay { shape: OverlayShape::Arrow, row: 1, row_span: 1, start, end, text: None, colour, place: at(bbox) }
    }

    fn drawn(table: Table) -> String {
        let glyph = |c: char, x: f32| Glyph::plain(c, x, 300.0);
        let glyphs = vec![glyph('<', 10.0), glyph('\u{1}', 20.0), glyph('𠮷', 200.0)];
        let content = PageContent { number: 2, width: 400.0, height: 400.0, glyphs, ..PageContent::default() };
        let heading = crate::document::Heading { level: 3, text: Text::line("<b>&\"", at([10.0, 300.0, 30.0, 310.0])) };
        let first = Page { number: 1, blocks: vec![Block::Table(table)], ..Page::default() };
        let second = Page {
            number: 2,
            blocks: vec![Block::Heading(heading)],
            furniture: vec![Text { lines: Vec::<Line>::new(), place: Some(at([195.0, 295.0, 215.0, 315.0])) }],
            ..Page::default()
        };
        draw(&content, &Document { pages: vec![first, second], ..Document::default() })
    }

    fn grid(turned: bool) -> Table {
        let mut cells = Vec::new();
        for (row, column) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
            let (x, y) = (100.0 * column as f32, 50.0 * row as f32);
            let bbox = if turned { [y, 300.0 - x - 100.0, y + 50.0, 300.0 - x] } else { [x, y, x + 100.0, y + 50.0] };
            cells.push(cell(row, column, bbox, ""));
        }
        let bbox = if turned { [60.0, 50.0, 90.0, 175.0] } else { [125.0, 60.0, 250.0, 90.0] };
        Table { rows: 2, columns: 3, cells, overlays: vec![arrow(bbox)], place: at([0.0; 4]), ..Table::default() }
    }

    #[test]
    fn overlays_are_measured_by_their_columns() {
        let upright = drawn(grid(false));
        assert!(upright.contains("M125.0 90.0L250.0 90.0"), "{upright}");
        assert!(upright.contains("arrow 1.25–2.50, row 1, #008000"), "{upright}");
        // Read from below: columns follow each other upwards.
        let turned = drawn(grid(true));
        assert!(turned.contains("M90.0 175.0L90.0 50.0"), "{turned}");
    }

    #[test]
    fn parts_of_tables_and_nested_tables_are_drawn_on_their_page() {
        let mut table = grid(false);
        table.cells[2].nested = vec![Table {
            rows: 1,
            columns: 1,
            cells: vec![cell(0, 0, [210.0, 5.0, 290.0, 45.0], "中")],
            ..Table::default()
        }]
        .into();
        table.cells[3].place = Place::Page { page: 1, bbox: [0.0; 4] };
        let svg = drawn(table);
        assert!(svg.contains("table #1 of page 1: 2 rows, 3 columns"), "{svg}");
        assert!(svg.contains("table in table #1 of page 1: 1 rows"), "{svg}");
        assert!(svg.contains(">1,2<") && !svg.contains(">1,0<"), "{svg}");
    }

    #[test]
    fn text_is_drawn_by_where_it_was_found_and_cannot_be_markup() {
        let svg = drawn(grid(false));
        assert!(svg.contains("&lt;b&gt;&amp;&quot;"), "{svg}");
        assert!(!svg.contains("<b>") && !svg.contains('\u{1}'), "{svg}");
        assert!(svg.contains("H3 #1"), "{svg}");
        let grey = svg.lines().find(|line| line.contains('𠮷')).unwrap();
        assert!(grey.starts_with("<g class=\"grey\""), "{grey}");
    }
}
