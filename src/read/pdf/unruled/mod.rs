//! Tables without a grid of rules: found by how their texts stand below each other, with the help of colour bands and
//! of rules that run one way only.
//!
//! ```text
//! runs -> lines -> bands that look like rows (here) -> columns -> rows -> spans
//! ```
//! A table is taken where three columns or more go through several lines; two columns of running text, labels with
//! values and leaders are none.

mod columns;
mod rows;
mod spans;

use super::arrows::Drawn;
use super::content::{Glyph, Rect};
use super::flow::{self, Item, Part};
use super::frame::Frame;
use super::grid::{Lattice, Lattices};
use super::page::overlap;
use super::paths::union;
use super::rules::{self, Fill, Ink, Rule};
use super::runs::Run;
use super::script;
use super::visible::is_white;
use columns::Columns;

/// A gap between texts of one line that may part columns, in parts of the font size.
const GAP: f32 = 0.4;

/// The narrowest gap between texts of two cells, in parts of the font size.
const NARROW: f32 = 0.3;

/// The widest gap between the letters of a spaced word, in parts of the font size.
const SPACED: f32 = 6.0;

/// The widest gap between lines of one table, in parts of the font size, where nothing is drawn between them.
const APART: f32 = 2.6;

/// The widest gap between rows that fill all columns, in parts of the font size.
const ROW_APART: f32 = 4.5;

/// A line of a single text wider than this part of the lines around it is prose.
const PROSE: f32 = 0.5;

/// The part of a table's width that rules and areas between rows cover.
const ACROSS: f32 = 0.5;

/// The fewest columns and rows.
const FEWEST: usize = 3;
const FEWEST_ROWS: usize = 2;

/// The part of its squares in which a table has text at least.
const FILLED: f32 = 0.4;

/// Runs of a page that are looked at; a page with more is a picture.
const MOST: usize = 20_000;

/// Texts of one baseline.
#[derive(Debug, Clone)]
struct Line<'r> {
    runs: Vec<&'r Run>,
    bbox: Rect,
    size: f32,
    /// Whether it is a label and its value, with a colon between them.
    labelled: bool,
    /// Stretches of text from left to right, parted by gaps.
    pieces: Vec<(f32, f32)>,
}

/// What is drawn around the texts of a page, as far as it parts rows.
struct Ground<'i> {
    rules: Vec<Rule>,
    fills: Vec<&'i Fill>,
    /// Arrows and other shapes: a cell under one is no empty cell.
    drawn: Vec<Rect>,
}

/// Adds the tables without a grid of rules to the others. The rules between their rows part them and are no strokes.
pub(super) fn add(glyphs: &[Glyph], runs: &[Run], ink: &Ink, arrows: &[Drawn], found: &mut Lattices) {
    let (tables, columns) = tables(glyphs, runs, ink, arrows, found);
    found.columns = columns;
    found.strokes.retain(|stroke| {
        !tables.iter().any(|table| {
            let [x0, y0, x1, y1] = table.bbox;
            let inside = y0 - 2.0 <= stroke.at && stroke.at <= y1 + 2.0;
            inside && stroke.to.min(x1) - stroke.from.max(x0) >= ACROSS * (x1 - x0)
        })
    });
    found.tables.extend(tables);
}

/// Finds the tables among the texts that stand in no ruled table, and the columns of running text.
fn tables(glyphs: &[Glyph], runs: &[Run], ink: &Ink, arrows: &[Drawn], found: &Lattices) -> (Vec<Lattice>, Vec<Rect>) {
    let drawn: Vec<Rect> = ink.drawings.iter().map(|shape| shape.bbox).collect();
    // A thin arrow's text stands above it.
    let named = |run: &Run, arrow: &Drawn| {
        let ([x0, y0, x1, _], [x, _]) = (arrow.bbox, run.middle());
        arrow.thin && x0 <= x && x <= x1 && (-2.0..=run.size).contains(&(y0 - run.bbox[3]))
    };
    let inside = |run: &Run, bbox: &Rect| {
        let [x, y] = run.middle();
        bbox[0] <= x && x <= bbox[2] && bbox[1] <= y && y <= bbox[3]
    };
    let free = |run: &&Run| {
        run.frame == Frame::Upright
            && !found.tables.iter().any(|lattice| inside(run, &lattice.bbox))
            && !drawn.iter().any(|bbox| inside(run, bbox))
            && !arrows.iter().any(|arrow| inside(run, &arrow.bbox) || named(run, arrow))
    };
    if runs.len() > MOST {
        return (Vec::new(), Vec::new());
    }
    let free: Vec<Run> = runs.iter().filter(free).flat_map(|run| parted(run, glyphs)).collect();
    let free: Vec<&Run> = free.iter().collect();
    if free.len() < FEWEST * FEWEST_ROWS || free.len() > MOST {
        return (Vec::new(), Vec::new());
    }
    let ground = Ground {
        rules: rules::joined(ink.horizontal.clone()),
        fills: ink.fills.iter().filter(|fill| !is_white(fill.colour)).collect(),
        drawn: drawn.iter().copied().chain(arrows.iter().map(|arrow| arrow.bbox)).collect(),
    };
    let mut tables = Vec::new();
    let mut columns = Vec::new();
    for (is_column, part) in parts(free, glyphs, &found.tables) {
        columns.extend(part.iter().map(|run| run.bbox).reduce(union).filter(|_| is_column));
        let lines = lines(part, glyphs);
        let bands = bands(&lines);
        let mut at = 0;
        while at < bands.len() {
            match region(&lines, &bands[at..], &ground) {
                Some((end, lattice)) => {
                    tables.push(lattice);
                    at += end;
                }
                None => at += 1,
            }
        }
    }
    tables.retain(|table: &Lattice| !found.tables.iter().any(|ruled| overlap(ruled.bbox, table.bbox) > 0.0));
    (tables, columns)
}

/// The texts of each column of running text, and (without the mark of a column) those between: no table goes from one column into the next.
fn parts<'r>(free: Vec<&'r Run>, glyphs: &[Glyph], ruled: &[Lattice]) -> Vec<(bool, Vec<&'r Run>)> {
    let lines = lines(free, glyphs);
    let mut items: Vec<Item> = Vec::new();
    let mut runs: Vec<Vec<&Run>> = Vec::new();
    for line in &lines {
        for &(x0, x1) in &line.pieces {
            let own = line.runs.iter().copied().filter(|run| x0 <= run.bbox[0] && run.bbox[2] <= x1);
            let own: Vec<&Run> = own.collect();
            let Some(bbox) = own.iter().map(|run| run.bbox).reduce(union) else { continue };
            items.push(Item { bbox, line: true });
            runs.push(own);
        }
    }
    items.extend(ruled.iter().map(|lattice| Item { bbox: lattice.bbox, line: false }));
    let own = |part: &Part| part.items.iter().filter_map(|at| runs.get(*at)).flatten().copied().collect();
    flow::text_columns(&items).into_iter().map(|part| (part.is_column, own(&part))).collect()
}

/// A run in pieces at each gap that is no space between words: cells may stand as near to each other as that.
fn parted(run: &Run, glyphs: &[Glyph]) -> Vec<Run> {
    let mut pieces = Vec::new();
    let mut start = run.glyphs.start;
    for at in run.glyphs.start + 1..run.glyphs.end {
        let (before, next) = (&glyphs[at - 1], &glyphs[at]);
        let gap = next.bbox[0] - before.bbox[2] > NARROW * run.size;
        if gap && !(script::is_word(script::last_char(before)) && script::is_word(script::first_char(next))) {
            pieces.extend(Run::of(glyphs, start..at));
            start = at;
        }
    }
    pieces.extend(Run::of(glyphs, start..run.glyphs.end));
    pieces
}

/// Lines of texts on one baseline, from top to bottom.
fn lines<'r>(mut runs: Vec<&'r Run>, glyphs: &[Glyph]) -> Vec<Line<'r>> {
    runs.sort_by(|a, b| a.base.total_cmp(&b.base).then(a.bbox[0].total_cmp(&b.bbox[0])));
    let mut groups: Vec<Vec<&Run>> = Vec::new();
    for run in runs {
        match groups.last_mut() {
            Some(group) if run.base - group[0].base <= 0.2 * group[0].size.min(run.size) => group.push(run),
            _ => groups.push(vec![run]),
        }
    }
    let mut lines: Vec<Line<'r>> = groups.into_iter().filter_map(|group| line(group, glyphs)).collect();
    lines.sort_by(|a, b| a.bbox[1].total_cmp(&b.bbox[1]));
    lines
}

fn line<'r>(mut runs: Vec<&'r Run>, glyphs: &[Glyph]) -> Option<Line<'r>> {
    runs.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
    let bbox = runs.iter().map(|run| run.bbox).reduce(union)?;
    let size = runs.iter().map(|run| run.size).fold(0.0, f32::max);
    let mut pieces: Vec<(f32, f32)> = Vec::new();
    for (at, run) in runs.iter().enumerate() {
        let spaced = at > 0 && is_spaced(runs[at - 1], run, glyphs);
        match pieces.last_mut() {
            Some(last) if spaced || run.bbox[0] - last.1 < GAP * size => last.1 = last.1.max(run.bbox[2]),
            _ => pieces.push((run.bbox[0], run.bbox[2])),
        }
    }
    let ends = runs.iter().flat_map(|run| [run.glyphs.start, run.glyphs.end - 1]);
    let labelled = ends.into_iter().any(|at| is_colon(&glyphs[at]));
    Some(Line { runs, bbox, size, labelled, pieces })
}

/// Whether two texts belong together though a gap parts them: letters of a spaced word, a colon behind its label.
fn is_spaced(before: &Run, run: &Run, glyphs: &[Glyph]) -> bool {
    let letter =
        |run: &Run| run.glyphs.len() == 1 && script::is_ideograph(script::first_char(&glyphs[run.glyphs.start]));
    let gap = run.bbox[0] - before.bbox[2];
    let colon = is_colon(&glyphs[run.glyphs.start]);
    gap <= SPACED * run.size && (colon || letter(before) && (letter(run) || gap <= run.size))
}

fn is_colon(glyph: &Glyph) -> bool {
    matches!(script::first_char(glyph), ':' | '\u{ff1a}')
}

/// Lines that overlap in height, as ranges of lines.
fn bands(lines: &[Line<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut bands: Vec<std::ops::Range<usize>> = Vec::new();
    let mut bottom = f32::NEG_INFINITY;
    for (at, line) in lines.iter().enumerate() {
        let slack = 0.2 * (line.bbox[3] - line.bbox[1]);
        match bands.last_mut() {
            Some(band) if line.bbox[1] < bottom - slack => band.end = at + 1,
            _ => bands.push(at..at + 1),
        }
        bottom = bottom.max(line.bbox[3]);
    }
    bands
}

/// The most texts that a line of a band has.
fn widest(lines: &[Line<'_>]) -> usize {
    lines.iter().map(|line| line.pieces.len()).max().unwrap_or(0)
}

/// How many texts stand beside each other in a band, whichever of its lines they are in: a head of one line in the
/// middle of its neighbours' two.
fn across(lines: &[Line<'_>]) -> usize {
    let size = lines.iter().map(|line| line.size).fold(0.0, f32::max);
    let mut pieces: Vec<(f32, f32)> = lines.iter().flat_map(|line| line.pieces.iter().copied()).collect();
    pieces.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut right = f32::NEG_INFINITY;
    let mut count = 0;
    for (x0, x1) in pieces {
        count += usize::from(x0 - right >= GAP * size);
        right = right.max(x1);
    }
    count
}

/// The table that begins with the first band, and how many bands it takes.
fn region(lines: &[Line<'_>], bands: &[std::ops::Range<usize>], ground: &Ground<'_>) -> Option<(usize, Lattice)> {
    if across(&lines[bands[0].clone()]) < FEWEST {
        return None;
    }
    let first = bands[0].start;
    let mut end = 1;
    // The last band that surely belongs to it.
    let mut sure = 1;
    let head = bands[0].len();
    let mut columns = Columns::of(&lines[bands[0].clone()], head);
    let mut bbox = around(&lines[bands[0].clone()]);
    while end < bands.len() {
        let band = &lines[bands[end].clone()];
        let next = around(band);
        let size = band.iter().map(|line| line.size).fold(0.0, f32::max);
        let gap = next[1] - bbox[3];
        let close = gap <= APART * size || ground.lies_between(bbox, next);
        // Rows far apart whose texts stand where all the columns are.
        let row = gap <= ROW_APART * size && widest(band) == columns.len() && columns.begin(band);
        if !close && !row {
            break;
        }
        if widest(band) == 1 {
            let alone = next[2] - next[0] > PROSE * (bbox[2] - bbox[0]) || !columns.hold(next);
            if alone || end - sure >= 3 {
                break;
            }
            end += 1;
            // A line close below goes on with a cell of the row above it.
            if sure == end - 1 && next[1] - bbox[3] <= 0.8 * size {
                sure = end;
                bbox = union(bbox, next);
            }
            continue;
        }
        let with = Columns::of(&lines[first..bands[end].end], head);
        if with.len() < FEWEST || with.len() * 10 < columns.len() * 6 {
            break;
        }
        end += 1;
        if widest(band) >= FEWEST || columns.len() >= FEWEST && columns.begin(band) {
            columns = with;
            sure = end;
            bbox = union(bbox, next);
        }
    }
    let lines = &lines[first..bands[sure - 1].end];
    let columns = Columns::of(lines, head);
    let labelled = lines.iter().filter(|line| line.labelled).count() * 2 >= lines.len();
    if labelled || sure < FEWEST_ROWS || columns.len() < FEWEST || columns.run_on(lines) {
        return None;
    }
    let xs = columns.edges(bbox, &ground.fills);
    let ys = rows::edges(lines, &columns, bbox, ground);
    let lattice = spans::lattice(lines, xs, ys, &ground.fills)?;
    let squares = lattice.columns() * lattice.rows();
    let filled: usize = lattice
        .faces
        .iter()
        .filter(|face| {
            lines.iter().flat_map(|line| &line.runs).any(|run| holds(face.bbox, run.middle()))
                || ground.is_under(face.bbox)
        })
        .map(|face| face.row_span * face.column_span)
        .sum();
    (lattice.rows() >= FEWEST_ROWS && filled as f32 >= FILLED * squares as f32).then_some((sure, lattice))
}

fn around(lines: &[Line<'_>]) -> Rect {
    lines.iter().map(|line| line.bbox).reduce(union).unwrap_or_default()
}

fn holds([x0, y0, x1, y1]: Rect, [x, y]: [f32; 2]) -> bool {
    x0 <= x && x <= x1 && y0 <= y && y <= y1
}

impl Ground<'_> {
    /// Whether a shape is drawn over a cell.
    fn is_under(&self, [x0, y0, x1, y1]: Rect) -> bool {
        self.drawn.iter().any(|[a, b, c, d]| {
            let middle = (b + d) / 2.0;
            y0 <= middle && middle <= y1 && c.min(x1) - a.max(x0) >= 0.3 * (x1 - x0)
        })
    }

    /// Whether a rule or the edge of an area runs between two bands, over most of the first one's width.
    fn lies_between(&self, above: Rect, below: Rect) -> bool {
        self.edges(above).iter().any(|y| above[3] - 2.0 <= *y && *y <= below[1] + 2.0)
    }

    /// Where rules and edges of areas run over most of a box's width, from top to bottom.
    fn edges(&self, [x0, y0, x1, y1]: Rect) -> Vec<f32> {
        let enough = |covered: f32| covered >= ACROSS * (x1 - x0);
        let reach = y1 - y0 + 200.0;
        let near = |y: f32| y0 - reach <= y && y <= y1 + reach;
        let rules = self.rules.iter().filter(|rule| near(rule.at) && enough(rule.to.min(x1) - rule.from.max(x0)));
        let mut edges: Vec<f32> = rules.map(|rule| rule.at).collect();
        for (row, fills) in self.rows_of_fills() {
            let covered: f32 = fills.iter().map(|fill| (fill.bbox[2].min(x1) - fill.bbox[0].max(x0)).max(0.0)).sum();
            if near(row.0) && enough(covered) {
                edges.extend([row.0, row.1]);
            }
        }
        edges.sort_by(f32::total_cmp);
        edges
    }

    /// Areas with the same upper and lower edges.
    fn rows_of_fills(&self) -> Vec<((f32, f32), Vec<&Fill>)> {
        let mut rows: Vec<((f32, f32), Vec<&Fill>)> = Vec::new();
        for &fill in &self.fills {
            let [_, y0, _, y1] = fill.bbox;
            match rows.iter_mut().rev().take(40).find(|(row, _)| (row.0 - y0).abs() <= 1.5 && (row.1 - y1).abs() <= 1.5)
            {
                Some((_, fills)) => fills.push(fill),
                None => rows.push(((y0, y1), vec![fill])),
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::super::runs;
    use super::*;
    use crate::document::Colour;

    /// Glyphs of 10 pt: texts with where they begin, in points.
    fn glyphs(texts: &[(f32, f32, &str)]) -> Vec<Glyph> {
        let text = |(x, y, text): &(f32, f32, &str)| {
            let (x, y) = (*x, *y);
            let glyph = move |(at, c): (usize, char)| Glyph::plain(c, x + 10.0 * at as f32, y);
            text.chars().enumerate().map(glyph).collect::<Vec<_>>()
        };
        texts.iter().flat_map(text).collect()
    }

    fn found(texts: &[(f32, f32, &str)], fills: &[Rect]) -> Vec<Lattice> {
        let glyphs = glyphs(texts);
        let fill = |bbox: &Rect| Fill { bbox: *bbox, colour: Colour([200, 220, 255]), order: 0, over: false };
        let ink = Ink { fills: fills.iter().map(fill).collect(), ..Ink::default() };
        tables(&glyphs, &runs::runs(&glyphs), &ink, &[], &Lattices::default()).0
    }

    /// Cells as (row, column, rows, columns).
    fn cells(lattice: &Lattice) -> Vec<(usize, usize, usize, usize)> {
        lattice.faces.iter().map(|face| (face.row, face.column, face.row_span, face.column_span)).collect()
    }

    #[test]
    fn texts_below_each_other_are_columns() {
        let texts = [
            (10.0, 10.0, "番号"),
            (60.0, 10.0, "取組名"),
            (200.0, 10.0, "担当課"),
            (10.0, 30.0, "一"),
            (60.0, 30.0, "窓口の改善をする"),
            (200.0, 30.0, "市民課"),
            // The second line of a cell.
            (60.0, 41.0, "取組"),
            (10.0, 60.0, "二"),
            (60.0, 60.0, "電話の改善"),
            (200.0, 60.0, "総務課"),
        ];
        let tables = found(&texts, &[]);
        let [table] = tables.as_slice() else { panic!("{tables:?}") };
        assert_eq!((table.rows(), table.columns()), (3, 3));
        assert_eq!(table.face_at(70.0, 46.0), table.face_at(70.0, 35.0));
    }

    #[test]
    fn bands_of_colour_part_rows_and_columns() {
        let texts = [
            (12.0, 10.0, "指標"),
            (92.0, 10.0, "前年"),
            (152.0, 10.0, "今年"),
            (12.0, 24.0, "件数"),
            (92.0, 24.0, "三件"),
            (152.0, 24.0, "四件"),
            (12.0, 35.0, "人数"),
            (92.0, 35.0, "五人"),
            (152.0, 35.0, "六人"),
            (12.0, 46.0, "割合"),
            (92.0, 46.0, "七割"),
            (152.0, 46.0, "八割"),
        ];
        let fills = [[10.0, 8.0, 90.0, 22.0], [90.0, 8.0, 150.0, 22.0], [150.0, 8.0, 200.0, 22.0]];
        let tables = found(&texts, &fills);
        let [table] = tables.as_slice() else { panic!("{tables:?}") };
        assert_eq!(table.rows(), 4);
        assert_eq!(table.xs, [10.0, 90.0, 150.0, 200.0]);
    }

    #[test]
    fn a_label_in_the_middle_of_its_rows_spans_them() {
        let mut texts = vec![(10.0, 10.0, "柱"), (80.0, 10.0, "事業名"), (200.0, 10.0, "課名")];
        for (at, name) in ["甲の事業", "乙の事業", "丙の事業", "丁の事業"].into_iter().enumerate() {
            texts.push((80.0, 30.0 + 20.0 * at as f32, name));
            texts.push((200.0, 30.0 + 20.0 * at as f32, "総務課"));
        }
        // Two rows each: the labels stand between them.
        texts.extend([(10.0, 40.0, "安全"), (10.0, 80.0, "福祉")]);
        let tables = found(&texts, &[]);
        let [table] = tables.as_slice() else { panic!("{tables:?}") };
        assert_eq!(
            cells(table).iter().filter(|cell| cell.1 == 0).collect::<Vec<_>>(),
            [&(0, 0, 1, 1), &(1, 0, 2, 1), &(3, 0, 2, 1)]
        );
    }

    #[test]
    fn prose_and_labelled_lines_are_no_tables() {
        let line = "窓口の混雑を減らすための取組を進めている";
        let mut columns = Vec::new();
        for at in 0..6 {
            for x in [10.0, 230.0, 450.0] {
                columns.push((x, 10.0 + 14.0 * at as f32, line));
            }
        }
        let labelled = [
            (10.0, 10.0, "団体名"),
            (60.0, 10.0, "："),
            (120.0, 10.0, "海辺市"),
            (10.0, 30.0, "策定日"),
            (60.0, 30.0, "："),
            (120.0, 30.0, "四月"),
        ];
        let spaced = [
            (10.0, 10.0, "目"),
            (50.0, 10.0, "次"),
            (90.0, 10.0, "表"),
            (10.0, 40.0, "本"),
            (50.0, 40.0, "文"),
            (90.0, 40.0, "集"),
        ];
        for (what, texts) in [("columns of prose", &columns[..]), ("labels", &labelled), ("spaced words", &spaced)] {
            assert_eq!(found(texts, &[]).len(), 0, "{what}");
        }
    }
}
