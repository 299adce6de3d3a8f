//! Visual lines: runs of glyphs that stand on one baseline, with their spaces; ruby taken out, super- and subscript
//! put in, letter-spaced words closed up.

use super::content::{Glyph, GlyphText, Rect};
use super::frame::Frame;
use super::paths::union;
use super::runs::Run;
use super::script;
use crate::document::Colour;

/// How far the baselines of one line may lie apart, in parts of the smaller font size.
const SAME_BASELINE: f32 = 0.3;

/// The largest script (super, sub, ruby) in parts of the line's font size.
const SCRIPT_SIZE: f32 = 0.76;

/// The largest ruby in parts of the font size of what it reads out.
const RUBY_SIZE: f32 = 0.62;

/// A gap between Latin letters from which on a space stands there, in parts of the font size.
const WORD_GAP: f32 = 0.2;

/// The same where a CJK character stands beside the gap: justified and letter-spaced text has gaps without spaces.
const CJK_GAP: f32 = 0.6;

/// The widest gap inside a letter-spaced word.
const WIDEST_LETTER_SPACE: f32 = 6.0;

/// How much the gaps of a letter-spaced word may differ, in parts of the font size.
const LETTER_SPACE_SPREAD: f32 = 0.45;

/// A subtitle: at most this part of its title's font size, at least so many glyphs, so far behind it in parts of its own
/// font size.
const SUBTITLE: f32 = 0.8;
const SUBTITLE_GLYPHS: usize = 4;
const SUBTITLE_GAP: f32 = 0.8;

/// One line as it is seen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct VisualLine {
    pub text: String,
    pub frame: Frame,
    pub bbox: Rect,
    /// The box as its frame sees it.
    pub seen: Rect,
    pub base: f32,
    /// Font size of most of it.
    pub size: f32,
    pub bold: bool,
    pub colour: Colour,
    /// How wide the part of it is that no break may part from its beginning.
    pub head: f32,
    /// Paint order of its first glyph.
    pub order: u32,
}

impl VisualLine {
    pub fn middle(&self) -> [f32; 2] {
        [(self.bbox[0] + self.bbox[2]) / 2.0, (self.bbox[1] + self.bbox[3]) / 2.0]
    }

    pub fn width(&self) -> f32 {
        self.seen[2] - self.seen[0]
    }
}

/// The lines of some runs from top to bottom, upright ones first. A gap wider than `part` (in parts of the font
/// size) parts a line into two.
pub(super) fn lines(glyphs: &[Glyph], runs: &[&Run], part: f32) -> Vec<VisualLine> {
    let mut sorted: Vec<&Run> = runs.to_vec();
    sorted.sort_by(|a, b| a.frame.cmp(&b.frame).then(a.base.total_cmp(&b.base)).then(a.seen[0].total_cmp(&b.seen[0])));
    let mut rows = rows(&sorted);
    join_scripts(glyphs, &mut rows);
    let mut lines = Vec::with_capacity(rows.len());
    let mut gaps = Vec::new();
    for row in &mut rows {
        row.sort_by(|a, b| a.seen[0].total_cmp(&b.seen[0]));
        let joints = joints(glyphs, row, part);
        let mut start = 0;
        for end in 1..=row.len() {
            if end == row.len() || joints[end - 1] == Joint::Part {
                lines.extend(line(glyphs, &row[start..end], &joints[start..end - 1], &mut gaps));
                start = end;
            }
        }
    }
    lines
}

/// Runs on one baseline each.
fn rows<'r>(sorted: &[&'r Run]) -> Vec<Vec<&'r Run>> {
    let mut rows: Vec<Vec<&Run>> = Vec::new();
    for &run in sorted {
        // The next baselines above: a smaller font's tolerance may leave out the very last row.
        let found = rows.iter_mut().rev().take(3).find(|row| {
            let first = row[0];
            first.frame == run.frame && (run.base - first.base).abs() <= SAME_BASELINE * run.size.min(first.size)
        });
        match found {
            Some(row) => row.push(run),
            None => rows.push(vec![run]),
        }
    }
    rows
}

/// Moves scripts into the lines that they stand at, and takes ruby out.
fn join_scripts(glyphs: &[Glyph], rows: &mut Vec<Vec<&Run>>) {
    let size = |row: &[&Run]| row.iter().map(|run| run.size).fold(0.0, f32::max);
    for at in 0..rows.len() {
        let own = size(&rows[at]);
        for other in [at.wrapping_sub(1), at + 1] {
            if rows.get(other).is_none_or(|other| other.is_empty() || own > SCRIPT_SIZE * size(other)) {
                continue;
            }
            let small = std::mem::take(&mut rows[at]);
            for run in small {
                match script_of(glyphs, run, &rows[other]) {
                    Script::None => rows[at].push(run),
                    Script::Ruby => {}
                    Script::Beside => rows[other].push(run),
                }
            }
        }
    }
    rows.retain(|row| !row.is_empty());
}

enum Script {
    None,
    Ruby,
    Beside,
}

fn script_of(glyphs: &[Glyph], run: &Run, line: &[&Run]) -> Script {
    let (mut over, mut nearest) = (0.0, f32::INFINITY);
    let mut base: Option<&Run> = None;
    for other in line.iter().filter(|other| other.frame == run.frame) {
        over += (run.seen[2].min(other.seen[2]) - run.seen[0].max(other.seen[0])).max(0.0);
        let gap = (run.seen[0] - other.seen[2]).max(other.seen[0] - run.seen[2]);
        if gap < nearest {
            (nearest, base) = (gap, Some(*other));
        }
    }
    let Some(base) = base.filter(|base| run.size <= SCRIPT_SIZE * base.size) else { return Script::None };
    let height = run.seen[3] - run.seen[1];
    let shared = run.seen[3].min(base.seen[3]) - run.seen[1].max(base.seen[1]);
    // Ruby stands over what it reads out (in vertical writing to the right of it, which its frame sees as over it).
    let above = run.seen[3] <= base.seen[1] + 0.4 * base.size && run.seen[3] >= base.seen[1] - 0.35 * base.size;
    let kana = || {
        let mut chars = run.glyphs(glyphs).iter().filter(|glyph| !script::is_blank(glyph));
        chars.all(|glyph| script::is_kana(script::first_char(glyph)))
    };
    if above && run.size <= RUBY_SIZE * base.size && over >= 0.6 * (run.seen[2] - run.seen[0]) && kana() {
        return Script::Ruby;
    }
    let beside = nearest <= 0.5 * base.size && nearest >= -0.3 * run.size;
    if beside && shared >= 0.5 * height { Script::Beside } else { Script::None }
}

/// What stands between two runs of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// Nothing that the gap itself does not say.
    Gap,
    /// Nothing: a letter-spaced word.
    Tight,
    /// A wide space in a word of two characters (区　分).
    Wide,
    /// The line ends.
    Part,
}

fn joints(glyphs: &[Glyph], row: &[&Run], part: f32) -> Vec<Joint> {
    let single = |run: &Run| run.glyphs.len() == 1 && script::is_cjk(script::first_char(&glyphs[run.glyphs.start]));
    let gap = |at: usize| (row[at + 1].seen[0] - row[at].seen[2]) / row[at].size.min(row[at + 1].size);
    // A subtitle set smaller behind a title is a piece of its own.
    let smaller = |at: usize| {
        let (title, beside) = (row[at], row[at + 1]);
        part.is_finite() && beside.size <= SUBTITLE * title.size && beside.glyphs.len() >= SUBTITLE_GLYPHS
    };
    let mut joints: Vec<Joint> = (1..row.len())
        .map(|at| {
            if gap(at - 1) > part || smaller(at - 1) && gap(at - 1) >= SUBTITLE_GAP { Joint::Part } else { Joint::Gap }
        })
        .collect();
    let mut start = 0;
    while start < row.len() {
        let mut end = start + 1;
        let (mut least, mut most) = (f32::INFINITY, 0.0_f32);
        while end < row.len() && single(row[start]) && single(row[end]) {
            let next = gap(end - 1);
            if !(0.2..=WIDEST_LETTER_SPACE).contains(&next) || most.max(next) - least.min(next) > LETTER_SPACE_SPREAD {
                break;
            }
            (least, most) = (least.min(next), most.max(next));
            end += 1;
        }
        match end - start {
            0 | 1 => {}
            // Two characters are a word only where nothing else stands as near.
            2 => {
                let before = start == 0 || gap(start - 1) > most + 1.0;
                let after = end == row.len() || gap(end - 1) > most + 1.0;
                if before && after && most <= 4.0 {
                    joints[start] = Joint::Wide;
                }
            }
            _ => joints[start..end - 1].fill(Joint::Tight),
        }
        start = end;
    }
    joints
}

fn line(glyphs: &[Glyph], row: &[&Run], joints: &[Joint], gaps: &mut Vec<f32>) -> Option<VisualLine> {
    let first = row.first()?;
    let frame = first.frame;
    // Gaps between neighbours that print, to tell how loosely the line is set.
    gaps.clear();
    let mut before: Option<&Glyph> = None;
    let (mut printed, mut bold) = (0usize, 0usize);
    let mut bytes = 0;
    for glyph in row.iter().flat_map(|run| run.glyphs(glyphs)) {
        if script::is_blank(glyph) {
            before = None;
            continue;
        }
        if let Some(before) = before {
            gaps.push((frame.see(glyph.bbox)[0] - frame.see(before.bbox)[2]) / glyph.size.max(0.5));
        }
        before = Some(glyph);
        printed += 1;
        bold += usize::from(glyph.bold);
        bytes += 3;
    }
    let loose = if gaps.len() < 3 {
        0.0
    } else {
        let middle = gaps.len() / 2;
        gaps.select_nth_unstable_by(middle, f32::total_cmp).1.max(0.0)
    };

    let mut text = String::with_capacity(bytes + 8);
    let mut end: Option<(char, f32, f32)> = None;
    for (index, run) in row.iter().enumerate() {
        let joint = if index == 0 { Joint::Gap } else { joints[index - 1] };
        for (at, glyph) in run.glyphs(glyphs).iter().enumerate() {
            if script::is_blank(glyph) {
                if !text.ends_with(script::is_space) {
                    text.push(if script::first_char(glyph) == '\u{3000}' { '\u{3000}' } else { ' ' });
                }
                continue;
            }
            let seen = frame.see(glyph.bbox);
            let c = script::first_char(glyph);
            let joint = if at == 0 { joint } else { Joint::Gap };
            if let Some((last, x1, size)) = end
                && !text.ends_with(script::is_space)
            {
                match joint {
                    Joint::Wide => text.push('\u{3000}'),
                    Joint::Gap if is_space(last, c, (seen[0] - x1) / size.min(glyph.size).max(0.5), loose) => {
                        text.push(' ');
                    }
                    _ => {}
                }
            }
            match &glyph.text {
                GlyphText::Char(c) => text.push(*c),
                GlyphText::Many(many) => text.push_str(many),
            }
            end = Some((script::last_char(glyph), seen[2], glyph.size));
        }
    }
    let size = row.iter().max_by_key(|run| run.glyphs.len()).map_or(first.size, |run| run.size);
    let main = row.iter().find(|run| run.size == size).unwrap_or(first);
    let bbox = row.iter().map(|run| run.bbox).reduce(union)?;
    Some(VisualLine {
        text,
        frame,
        bbox,
        seen: frame.see(bbox),
        base: main.base,
        size,
        bold: bold * 2 > printed,
        colour: glyphs[main.glyphs.start].colour,
        head: head(glyphs, row, frame),
        order: row.iter().map(|run| run.order).min().unwrap_or(0),
    })
}

/// Whether a gap between two characters is a space.
fn is_space(before: char, after: char, gap: f32, loose: f32) -> bool {
    let words = script::is_word(before) && script::is_word(after)
        || !script::is_cjk(before) && !script::is_cjk(after) && !script::is_enclosed(before);
    gap > if words { WORD_GAP } else { CJK_GAP } + 1.3 * loose
}

/// How wide the beginning of a line is up to the first place where a break is allowed.
fn head(glyphs: &[Glyph], row: &[&Run], frame: Frame) -> f32 {
    let Some(first) = row.first() else { return 0.0 };
    let start = first.seen[0];
    let mut end = start;
    let mut before: Option<char> = None;
    for glyph in first.glyphs(glyphs) {
        let c = script::first_char(glyph);
        let holds = match before {
            None => true,
            Some(before) => {
                script::never_last(before) || script::never_first(c) || (script::is_word(before) && script::is_word(c))
            }
        };
        if !holds {
            break;
        }
        end = frame.see(glyph.bbox)[2];
        before = Some(script::last_char(glyph));
    }
    end - start
}
