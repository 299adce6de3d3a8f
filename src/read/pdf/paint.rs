//! The colour of a paint, patterns included.

use super::budget::Budget;
use crate::document::Colour;
use hayro_interpret::color::ColorSpace;
use hayro_interpret::font::GlyphRun;
use hayro_interpret::kurbo::{Affine, BezPath};
use hayro_interpret::pattern::{self, TilingPattern};
use hayro_interpret::shading::{Shading, ShadingType};
use hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask};

/// A paint as one colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pattern {
    pub colour: Colour,
    pub alpha: f32,
    /// Whether it covers all of what it fills.
    pub solid: bool,
}

/// What stands for a pattern that tells no colour.
const GREY: Colour = Colour([128, 128, 128]);

/// The one colour that tells most of a paint: a gradient's middle, the ink of a hatching. Interpreting a hatching
/// costs `budget`.
pub(super) fn colour(paint: &Paint<'_>, budget: &mut Budget) -> Pattern {
    match paint {
        Paint::Color(colour) => {
            let rgba = colour.to_rgba();
            let [r, g, b, _] = rgba.to_rgba8();
            Pattern { colour: Colour([r, g, b]), alpha: rgba.components()[3], solid: true }
        }
        Paint::Pattern(pattern) => match &**pattern {
            pattern::Pattern::Shading(shading) => Pattern {
                colour: middle_of_gradient(&shading.shading).unwrap_or(GREY),
                alpha: shading.opacity,
                solid: false,
            },
            pattern::Pattern::Tiling(tiling) => {
                Pattern { colour: ink_of_tiling(tiling, budget).unwrap_or(GREY), alpha: tiling.opacity, solid: false }
            }
        },
    }
}

fn middle_of_gradient(shading: &Shading) -> Option<Colour> {
    let ShadingType::RadialAxial { domain, function, .. } = &*shading.shading_type else { return None };
    let mut components = vec![0.0; function.num_outputs()];
    function.eval(&[(domain[0] + domain[1]) / 2.0], &mut components)?;
    Some(rgb(&shading.color_space, &components))
}

fn rgb(space: &ColorSpace, components: &[f32]) -> Colour {
    let [r, g, b, _] = space.to_rgba(components, 1.0).to_rgba8();
    Colour([r, g, b])
}

/// The last colour but white that one tile paints.
fn ink_of_tiling(tiling: &TilingPattern<'_>, budget: &mut Budget) -> Option<Colour> {
    let mut ink = Ink { colour: None, budget };
    tiling.interpret(&mut ink, Affine::IDENTITY, false);
    ink.colour
}

/// A device that only looks at colours.
struct Ink<'b> {
    colour: Option<Colour>,
    budget: &'b mut Budget,
}

impl Ink<'_> {
    fn note(&mut self, paint: &Paint<'_>) {
        self.budget.spend(1);
        if let Paint::Color(colour) = paint {
            let [r, g, b, _] = colour.to_rgba().to_rgba8();
            if [r, g, b] != [255; 3] {
                self.colour = Some(Colour([r, g, b]));
            }
        }
    }
}

impl<'a> Device<'a> for Ink<'_> {
    fn draw_path(&mut self, _: &BezPath, props: DrawProps<'a>, _: &DrawMode) {
        self.note(&props.paint);
    }
    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.note(&props.paint);
    }
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn push_clip_path(&mut self, _: &ClipPath) {
        self.budget.spend(1);
    }
    fn pop_clip(&mut self) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_transparency_group(&mut self) {}
}
