//! Glyphs that were painted one after the other on one baseline: the smallest pieces that the layout moves about.

use super::content::{Glyph, Rect};
use super::frame::Frame;
use super::paths::union;
use super::script;
use std::ops::Range;

/// The widest gap inside a run, in parts of the font size. Letter-spaced text is wider; it is put together in lines.
const WIDEST_GAP: f32 = 0.55;

/// How far a glyph may step back over the one before it (kerning, half-width punctuation).
const WIDEST_OVERLAP: f32 = 0.75;

/// The widest stretch of painted blanks inside a run.
const WIDEST_BLANKS: f32 = 3.2;

/// How far baselines of one run may differ, in parts of the font size.
const BASELINE: f32 = 0.12;

/// Where the baseline lies in an em box, from its bottom.
const DESCENT: f32 = 0.12;

/// Glyphs of one run: they stay together, whatever lies below them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    /// Of the page's glyphs. The first and the last one print something.
    pub glyphs: Range<usize>,
    pub frame: Frame,
    pub bbox: Rect,
    /// The box as its frame sees it.
    pub seen: Rect,
    /// Where the baseline lies across the lines of the frame.
    pub base: f32,
    pub size: f32,
    /// Paint order of its first glyph.
    pub order: u32,
}

impl Run {
    /// A run of some glyphs; none where nothing of them prints.
    pub fn of(glyphs: &[Glyph], mut range: Range<usize>) -> Option<Run> {
        while !range.is_empty() && script::is_blank(&glyphs[range.start]) {
            range.start += 1;
        }
        while !range.is_empty() && script::is_blank(&glyphs[range.end - 1]) {
            range.end -= 1;
        }
        let own = &glyphs[range.clone()];
        let first = own.first()?;
        let bbox = own.iter().filter(|glyph| !script::is_blank(glyph)).map(|glyph| glyph.bbox).reduce(union)?;
        let frame = Frame::of(first);
        let seen = frame.see(bbox);
        let one = frame.see(first.bbox);
        // Columns of vertical writing hang on their middle, as do glyphs without an em box.
        let base = one[3] - (one[3] - one[1]) * DESCENT;
        Some(Run { glyphs: range, frame, bbox, seen, base, size: first.size.max(0.5), order: first.order })
    }

    pub fn middle(&self) -> [f32; 2] {
        [(self.bbox[0] + self.bbox[2]) / 2.0, (self.bbox[1] + self.bbox[3]) / 2.0]
    }

    pub fn glyphs<'a>(&self, all: &'a [Glyph]) -> &'a [Glyph] {
        &all[self.glyphs.clone()]
    }

    /// The run parted before the glyph of the page with this index.
    pub fn split(self, all: &[Glyph], at: usize) -> [Option<Run>; 2] {
        let Range { start, end } = self.glyphs;
        let at = at.clamp(start, end);
        [Run::of(all, start..at), Run::of(all, at..end)]
    }
}

/// The runs of a page, in paint order.
pub(super) fn runs(glyphs: &[Glyph]) -> Vec<Run> {
    let mut runs = Vec::with_capacity(glyphs.len() / 8 + 4);
    let mut start = 0;
    // The last glyph that prints of the run in hand, as its frame sees it.
    let mut last: Option<(Rect, &Glyph)> = None;
    for (index, glyph) in glyphs.iter().enumerate() {
        if script::is_blank(glyph) {
            continue;
        }
        let frame = Frame::of(glyph);
        let seen = frame.see(glyph.bbox);
        let goes_on = last.is_some_and(|(before, glyph_before)| {
            let size = glyph.size.max(glyph_before.size).max(0.5);
            let blanks = index > 0 && script::is_blank(&glyphs[index - 1]);
            let widest = if blanks { WIDEST_BLANKS } else { WIDEST_GAP };
            let gap = seen[0] - before[2];
            Frame::of(glyph_before) == frame
                && (seen[3] - before[3]).abs() <= BASELINE * size
                && (glyph.size - glyph_before.size).abs() <= 0.1 * size
                && gap <= widest * size
                && gap >= -WIDEST_OVERLAP * size
        });
        if !goes_on {
            runs.extend(Run::of(glyphs, start..index));
            start = index;
        }
        last = Some((seen, glyph));
    }
    runs.extend(Run::of(glyphs, start..glyphs.len()));
    runs
}
