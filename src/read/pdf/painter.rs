//! The device that the PDF interpreter paints a page on: it notes glyphs, shapes and images instead of drawing them.

use super::budget::Budget;
use super::content::{Geometry, Glyph, GlyphText, PageContent, Rect, Shape, ShapePaint};
use super::fonts::Fonts;
use super::paint::{Pattern, colour};
use super::paths::{self, Outline, clipped, intersection, outlines};
use super::spans::Spans;
use super::visible::{self, Cover};
use crate::document::Colour;
use hayro_interpret::font::{Glyph as PaintedGlyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::object::Dict;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{self, Affine, BezPath, Shape as _};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, FillRule, Image, ImageDrawProps, SoftMask};
use std::collections::HashSet;

/// Above and below the baseline in thousandths of an em: the box of Japanese type.
const ASCENT: f64 = 880.0;
const DESCENT: f64 = -120.0;

/// Paint less opaque than this is not seen.
const MIN_ALPHA: f32 = 0.05;

/// Paint at least this opaque hides what is below.
const OPAQUE: f32 = 0.95;

/// Text smaller than this, in points, is not seen.
const MIN_SIZE: f32 = 0.5;

/// A fill thinner than this, in points, is a line: it hides no text.
const MIN_COVER: f32 = 3.0;

/// A stroke around glyphs wider than this part of their size makes them bold.
const BOLD_STROKE: f32 = 0.015;

/// What one page paints, while it is painted.
pub(super) struct Painter<'a, 'f> {
    page: &'f Page<'a>,
    fonts: &'f mut Fonts<'a>,
    content: PageContent,
    /// Paint operations that the page may still make.
    pub budget: Budget,
    /// Faces by their index on the page.
    faces: Vec<usize>,
    clips: Vec<Clip>,
    groups: Vec<Group>,
    spans: Spans,
    covers: Vec<Cover>,
    /// Glyphs in render mode 3: the text layer of a scan.
    recognised: Vec<Glyph>,
    /// Where in `recognised` the text starts that a clip made of glyphs would show.
    clip_text: Option<usize>,
    /// Shapes noted already, to note a shape that is painted twice once.
    seen: HashSet<(Rounded, u8, Colour)>,
    /// The shapes of the last filled path, while its stroke may follow.
    last_fill: Option<LastFill>,
    order: u32,
}

/// A box in twentieths of a point.
type Rounded = [i32; 4];

struct Clip {
    bbox: Rect,
    /// The clip's own shape where it is one and no rectangle.
    outline: Option<Outline>,
    /// Whether the box is all that is clipped to.
    exact: bool,
}

/// An open transparency group.
struct Group {
    opacity: f32,
    /// Whether it paints plainly: no mask, no blending.
    plain: bool,
}

struct LastFill {
    first_shape: usize,
    bbox: Rect,
    colour: Colour,
}

/// What came of a page.
pub(super) struct Painted {
    pub content: PageContent,
    /// The text is a scan's text layer.
    pub recognised: bool,
    /// Faces whose Unicode turned out to be garbage: the page is worth painting again.
    pub garbage: Vec<usize>,
}

impl<'a, 'f> Painter<'a, 'f> {
    pub(super) fn new(page: &'f Page<'a>, number: u32, fonts: &'f mut Fonts<'a>, budget: Budget) -> Self {
        fonts.begin_page(page);
        let (width, height) = page.render_dimensions();
        let content = PageContent { number, width, height, ..PageContent::default() };
        let clips = vec![Clip { bbox: [0.0, 0.0, width, height], outline: None, exact: true }];
        Painter {
            page,
            fonts,
            content,
            budget,
            faces: Vec::new(),
            clips,
            groups: Vec::new(),
            spans: Spans::default(),
            covers: Vec::new(),
            recognised: Vec::new(),
            clip_text: None,
            seen: HashSet::new(),
            last_fill: None,
            order: 0,
        }
    }

    /// Leaves out what no eye sees.
    pub(super) fn finish(mut self) -> Painted {
        self.content.unreadable += self.spans.finish(&mut self.content.glyphs);
        if self.fonts.is_one_unusable() {
            self.content.unreadable = self.content.unreadable.max(1);
        }
        let (known, garbage): (Vec<u16>, Vec<u16>) = visible::garbage_fonts(&self.content.glyphs)
            .into_iter()
            .partition(|&font| self.fonts.face(self.faces[usize::from(font)]).distrusted);
        let garbage = garbage.into_iter().map(|font| self.faces[usize::from(font)]).collect();
        // What the font's program says was asked for already, and is no better.
        let before = self.content.glyphs.len();
        self.content.glyphs.retain(|glyph| !known.contains(&glyph.font));
        self.content.unreadable += (before - self.content.glyphs.len()) as u32;
        // A page that shows nothing but pictures may carry, unseen or below them, the text that was recognised in them.
        self.recognised.extend(visible::leave_out_hidden(&mut self.content, &self.covers));
        let recognised =
            self.content.glyphs.is_empty() && !self.content.images.is_empty() && !self.recognised.is_empty();
        if recognised {
            self.content.glyphs = self.recognised;
            self.content.glyphs.sort_by_key(|glyph| glyph.order);
            visible::leave_out_hidden(&mut self.content, &[]);
        }
        Painted { content: self.content, recognised, garbage }
    }

    fn next_order(&mut self) -> u32 {
        self.order += 1;
        self.order
    }

    fn clip(&self) -> Rect {
        self.clips.last().map_or([0.0; 4], |clip| clip.bbox)
    }

    fn push_clip(&mut self, bbox: kurbo::Rect, outline: Option<Outline>, exact: bool) {
        self.budget.spend(8);
        let nothing = [f32::MAX, f32::MAX, f32::MAX, f32::MAX];
        let bbox = intersection(self.clip(), rect(bbox)).unwrap_or(nothing);
        let exact = exact && self.clips.last().is_none_or(|clip| clip.exact);
        self.clips.push(Clip { bbox, outline, exact });
    }

    /// The index on this page of a run's font.
    fn font(&mut self, glyph: &PaintedGlyph<'a>) -> u16 {
        let face = self.fonts.face_of(self.page, glyph);
        let index = self.faces.iter().position(|&known| known == face).unwrap_or_else(|| {
            self.faces.push(face);
            self.faces.len() - 1
        });
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// A glyph as painted; none where it is clipped away or too small.
    fn glyph(&mut self, glyph: &PaintedGlyph<'a>, transform: Affine, vertical: bool, face: usize) -> Option<Placed> {
        let [a, b, c, d, ..] = transform.as_coeffs();
        let mut size = (c.hypot(d) * 1000.0) as f32;
        let em = match glyph {
            PaintedGlyph::Outline(outline) if vertical => self.fonts.vertical_em(self.page, face, outline),
            PaintedGlyph::Outline(outline) => {
                [0.0, DESCENT, f64::from(outline.advance_width().unwrap_or_default()), ASCENT]
            }
            PaintedGlyph::Type3(type3) => {
                let advance = f64::from(type3.advance_width().unwrap_or_default());
                // A Type 3 font may state any size and make it good in its matrix; wider than twice its height, a
                // glyph is taken to be square.
                let em = if advance > 2000.0 { advance } else { 1000.0 };
                size *= (em / 1000.0) as f32;
                [0.0, DESCENT * em / 1000.0, advance, ASCENT * em / 1000.0]
            }
        };
        let bbox = rect(transform.transform_rect_bbox(kurbo::Rect::new(em[0], em[1], em[2], em[3])));
        let middle = [(bbox[0] + bbox[2]) / 2.0, (bbox[1] + bbox[3]) / 2.0];
        if size.is_nan() || size < MIN_SIZE || !bbox.iter().all(|v| v.is_finite()) || !within(middle, self.clip()) {
            return None;
        }
        let rotation = (b.atan2(a).to_degrees() / 90.0).round().rem_euclid(4.0) as u16 * 90;
        Some(Placed { bbox, size, rotation })
    }

    fn note_shape(&mut self, outline: Outline, paint: ShapePaint, colour: Colour) {
        let order = self.next_order();
        let kind = match (&outline.geometry, paint) {
            (Geometry::Segment(..), _) => 0,
            (Geometry::Rectangle, ShapePaint::Fill) => 1,
            (Geometry::Rectangle, ShapePaint::Stroke { .. }) => 2,
            // Other shapes are not told by their boxes.
            _ => 3,
        };
        if kind == 3 || self.seen.insert((rounded(outline.bbox), kind, colour)) {
            self.content.shapes.push(Shape { geometry: outline.geometry, bbox: outline.bbox, paint, colour, order });
        }
    }

    fn fill(&mut self, path: &BezPath, transform: Affine, rule: FillRule, colour: Colour, opaque: bool) {
        let mut parts = Vec::new();
        outlines(path, transform, true, |outline| parts.push(outline));
        let several = parts.len() > 1;
        if several {
            parts = paths::without_holes(parts, rule == FillRule::EvenOdd);
        }
        let first_shape = self.content.shapes.len();
        let mut whole: Option<Rect> = None;
        for part in parts {
            let Some(clip) = self.clips.last() else { return };
            // A fill that floods its clip has the clip's shape: so gradients are painted.
            let flooded = clip.outline.as_ref().filter(|_| paths::contains(part.bbox, clip.bbox));
            let part = flooded.cloned().unwrap_or(part);
            let exact = clip.exact && !several;
            whole = Some(whole.map_or(part.bbox, |whole| paths::union(whole, part.bbox)));
            let Some(part) = clipped(part, clip.bbox, 0.0) else { continue };
            if part.bbox[2] - part.bbox[0] >= MIN_COVER && part.bbox[3] - part.bbox[1] >= MIN_COVER {
                let hides = part.geometry == Geometry::Rectangle && exact && opaque;
                self.covers.push(Cover { bbox: part.bbox, order: self.order + 1, colour: Some(colour), hides });
            }
            self.note_shape(part, ShapePaint::Fill, colour);
        }
        self.last_fill = whole.map(|bbox| LastFill { first_shape, bbox, colour });
    }

    fn stroke(&mut self, path: &BezPath, transform: Affine, width: f32, dashed: bool, colour: Colour) {
        let paint = ShapePaint::Stroke { width, dashed };
        let clip = self.clip();
        let mut parts = Vec::new();
        let mut whole: Option<Rect> = None;
        outlines(path, transform, false, |part| {
            whole = Some(whole.map_or(part.bbox, |whole| paths::union(whole, part.bbox)));
            parts.extend(clipped(part, clip, width / 2.0 + 0.5));
        });
        // A path that was filled and is now stroked is one shape: its outline where the filling is the paper's
        // white, both where a rectangle is framed in another colour (a cell), else its filling.
        if let (Some(fill), Some(whole)) = (self.last_fill.take(), whole)
            && rounded(fill.bbox) == rounded(whole)
        {
            let framed = colour != fill.colour && parts.iter().all(|part| part.geometry == Geometry::Rectangle);
            match (visible::is_white(fill.colour), framed) {
                (true, _) => self.content.shapes.truncate(fill.first_shape),
                (false, true) => {}
                (false, false) => return,
            }
        }
        for part in parts {
            if width >= MIN_COVER {
                // A band drawn as a thick line: what is white on it is seen.
                let [x0, y0, x1, y1] = part.bbox;
                let bbox = [x0 - width / 2.0, y0 - width / 2.0, x1 + width / 2.0, y1 + width / 2.0];
                self.covers.push(Cover { bbox, order: self.order + 1, colour: Some(colour), hides: false });
            }
            self.note_shape(part, paint, colour);
        }
    }

    fn is_opaque(&self, alpha: f32, blend: BlendMode, mask: Option<&SoftMask<'a>>) -> bool {
        self.opacity(alpha) >= OPAQUE
            && blend == BlendMode::Normal
            && mask.is_none()
            && self.groups.iter().all(|group| group.plain)
    }

    /// The opacity of a paint within the open groups.
    fn opacity(&self, alpha: f32) -> f32 {
        self.groups.iter().fold(alpha, |opacity, group| opacity * group.opacity)
    }
}

/// Where and how large a glyph is painted.
struct Placed {
    bbox: Rect,
    size: f32,
    rotation: u16,
}

fn rect(r: kurbo::Rect) -> Rect {
    [r.x0.min(r.x1) as f32, r.y0.min(r.y1) as f32, r.x0.max(r.x1) as f32, r.y0.max(r.y1) as f32]
}

fn within([x, y]: [f32; 2], bbox: Rect) -> bool {
    x >= bbox[0] && x <= bbox[2] && y >= bbox[1] && y <= bbox[3]
}

fn rounded(bbox: Rect) -> Rounded {
    bbox.map(|v| (v * 20.0).round() as i32)
}

fn is_finite(transform: Affine) -> bool {
    transform.as_coeffs().iter().all(|c| c.is_finite())
}

impl<'a> Device<'a> for Painter<'a, '_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.budget.spend(1 + path.elements().len() / 2);
        self.clip_text = None;
        let Pattern { colour, alpha, solid } = colour(&props.paint, &mut self.budget);
        if self.opacity(alpha) < MIN_ALPHA || !is_finite(props.transform) {
            return;
        }
        match mode {
            DrawMode::Fill(rule) => {
                let opaque = solid && self.is_opaque(alpha, props.blend_mode, props.soft_mask.as_ref());
                self.fill(path, props.transform, *rule, colour, opaque);
            }
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => {
                let width = stroke.line_width * props.transform.determinant().abs().sqrt() as f32;
                let dashed = !stroke.dash_array.is_empty();
                self.stroke(path, props.transform, width, dashed, colour);
            }
            DrawMode::Invisible => {}
        }
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let glyphs = run.glyphs();
        self.budget.spend(glyphs.len());
        self.last_fill = None;
        let Some(first) = glyphs.first() else { return };
        let Pattern { colour, alpha, .. } = colour(&props.paint, &mut self.budget);
        let invisible = matches!(mode, DrawMode::Invisible);
        if self.opacity(alpha) < MIN_ALPHA {
            return;
        }
        if invisible {
            self.clip_text.get_or_insert(self.recognised.len());
        } else {
            self.clip_text = None;
        }
        let font = self.font(first);
        let Some(&face) = self.faces.get(usize::from(font)) else { return };
        let face_is_bold = self.fonts.face(face).bold;
        let vertical = run.writing_mode() == WritingMode::Vertical;
        let stroke = match mode {
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => stroke.line_width,
            _ => 0.0,
        };
        for glyph in glyphs {
            let transform = props.transform * glyph.transform();
            let Some(Placed { bbox, size, rotation }) = self.glyph(glyph, transform, vertical, face) else { continue };
            let text = match self.fonts.unicode(self.page, face, glyph) {
                Some(BfString::Char(c)) => GlyphText::Char(c),
                Some(BfString::String(s)) => GlyphText::Many(s.into()),
                None if self.spans.replaces() && !invisible => GlyphText::Char(char::REPLACEMENT_CHARACTER),
                None => {
                    self.content.unreadable += u32::from(!invisible);
                    continue;
                }
            };
            let width = stroke * props.transform.determinant().abs().sqrt() as f32;
            let bold = face_is_bold || width > BOLD_STROKE * size;
            let order = self.next_order();
            let glyph = Glyph { text, bbox, size, rotation, vertical, bold, colour, font, order };
            if invisible { self.recognised.push(glyph) } else { self.content.glyphs.push(glyph) }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.budget.spend(1);
        self.clip_text = None;
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let bbox = props.transform.transform_rect_bbox(kurbo::Rect::new(0.0, 0.0, width, height));
        let order = self.next_order();
        let Some(clip) = self.clips.last() else { return };
        let Some(bbox) = intersection(rect(bbox), clip.bbox).filter(|b| b.iter().all(|v| v.is_finite())) else {
            return;
        };
        let hides = match &image {
            Image::Raster(raster) => {
                let dict = raster.stream().dict();
                let masked =
                    dict.contains_key(b"SMask") || dict.contains_key(b"Mask") || dict.contains_key(b"SMaskInData");
                clip.exact && !masked && self.is_opaque(1.0, props.blend_mode, props.soft_mask.as_ref())
            }
            Image::Stencil(_) => false,
        };
        self.covers.push(Cover { bbox, order, colour: None, hides });
        self.content.images.push(bbox);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let mut parts = Vec::new();
        outlines(&clip.path, Affine::IDENTITY, true, |outline| parts.push(outline));
        let rectangle = matches!(parts.as_slice(), [Outline { geometry: Geometry::Rectangle, .. }]);
        // Text may be painted by clipping to its glyphs and flooding the clip.
        if let Some(from) = self.clip_text.take().filter(|_| !rectangle) {
            let bbox = rect(clip.path.bounding_box());
            let shown = |glyph: &mut Glyph| paths::intersection(glyph.bbox, bbox).is_some();
            self.content.glyphs.extend(self.recognised.extract_if(from.., shown));
        }
        let outline = if parts.len() == 1 && !rectangle { parts.pop() } else { None };
        self.push_clip(clip.path.bounding_box(), outline, rectangle);
    }

    fn push_clip_rect(&mut self, rect: &kurbo::Rect) {
        self.push_clip(*rect, None, true);
    }

    fn pop_clip(&mut self) {
        if self.clips.len() > 1 {
            self.clips.pop();
        }
    }

    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, blend: BlendMode) {
        self.budget.spend(1);
        self.groups.push(Group { opacity, plain: mask.is_none() && blend == BlendMode::Normal });
    }

    fn pop_transparency_group(&mut self) {
        self.groups.pop();
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        self.budget.spend(1);
        self.spans.begin(properties, self.content.glyphs.len());
    }

    fn end_marked_content(&mut self) {
        self.content.unreadable += self.spans.end(&mut self.content.glyphs);
    }
}
