//! ActualText: what a span of glyphs says in place of what its glyphs decode to (PDF 32000-1, 14.9.4).

use super::content::{Glyph, GlyphText};
use super::paths::union;
use super::strings::text_string;
use hayro_interpret::hayro_syntax::object::{Dict, String as Bytes};

/// Open spans deeper than this are not followed.
const MAX_DEPTH: usize = 64;

/// The open marked-content spans of a page.
#[derive(Default)]
pub(super) struct Spans {
    open: Vec<Span>,
    /// Spans begun beyond `MAX_DEPTH`.
    ignored: usize,
}

struct Span {
    /// None for a span without ActualText, and inside of one that has it.
    text: Option<String>,
    first_glyph: usize,
}

impl Spans {
    /// Whether the glyphs painted now will be replaced.
    pub(super) fn replaces(&self) -> bool {
        self.open.iter().any(|span| span.text.is_some())
    }

    pub(super) fn begin(&mut self, properties: Option<&Dict<'_>>, first_glyph: usize) {
        if self.open.len() >= MAX_DEPTH {
            self.ignored += 1;
            return;
        }
        let text = properties.filter(|_| !self.replaces()).and_then(|dict| dict.get::<Bytes<'_>>(b"ActualText"));
        self.open.push(Span { text: text.map(|bytes| text_string(bytes.as_bytes())), first_glyph });
    }

    /// Ends the innermost span and gives the number of glyphs that stayed unreadable.
    pub(super) fn end(&mut self, glyphs: &mut Vec<Glyph>) -> u32 {
        if self.ignored > 0 {
            self.ignored -= 1;
            return 0;
        }
        match self.open.pop() {
            Some(Span { text: Some(text), first_glyph }) => replace(glyphs, first_glyph.min(glyphs.len()), &text),
            _ => 0,
        }
    }

    /// Ends the spans that a page left open.
    pub(super) fn finish(&mut self, glyphs: &mut Vec<Glyph>) -> u32 {
        let mut unreadable = 0;
        self.ignored = 0;
        while !self.open.is_empty() {
            unreadable += self.end(glyphs);
        }
        unreadable
    }
}

fn replace(glyphs: &mut Vec<Glyph>, from: usize, text: &str) -> u32 {
    let span = &mut glyphs[from..];
    let characters = || text.chars().filter(|&c| !c.is_control() && c != '\u{AD}');
    let count = characters().count();
    if span.is_empty() {
        return 0;
    }
    if count == 0 {
        glyphs.truncate(from);
    } else if count == span.len() {
        for (glyph, c) in span.iter_mut().zip(characters()) {
            glyph.text = GlyphText::Char(c);
        }
    } else if on_one_line(span) {
        let bbox = span.iter().map(|glyph| glyph.bbox).reduce(union);
        let first = &mut span[0];
        first.text = GlyphText::Many(characters().collect());
        first.bbox = bbox.unwrap_or(first.bbox);
        glyphs.truncate(from + 1);
    } else {
        // One box for several lines would place the text nowhere; the glyphs say it themselves, but for those that
        // are unreadable.
        let before = glyphs.len();
        let mut index = 0;
        glyphs.retain(|glyph| {
            index += 1;
            index <= from || glyph.text != GlyphText::Char(char::REPLACEMENT_CHARACTER)
        });
        return u32::try_from(before - glyphs.len()).unwrap_or(u32::MAX);
    }
    0
}

/// Whether glyphs stand on one line: across its direction, all of them share a part of the first.
fn on_one_line(span: &[Glyph]) -> bool {
    let Some(first) = span.first() else { return true };
    let axis = usize::from((first.rotation % 180 == 0) != first.vertical);
    span.iter().all(|glyph| {
        let middle = (glyph.bbox[axis] + glyph.bbox[axis + 2]) / 2.0;
        glyph.rotation == first.rotation && middle >= first.bbox[axis] && middle <= first.bbox[axis + 2]
    })
}
