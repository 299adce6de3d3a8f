//! Pages of a PDF as pictures.
//!
//! A file that embeds no Japanese font is drawn with one of the system, where [`Fonts`] has any; else its text is
//! missing in the picture. Whoever draws files of strangers does it in a process of its own: a panic is caught here,
//! an allocation without bounds cannot be.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::FontQuery;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Pixels a point: 108 to the inch, enough for small print.
const SCALE: f32 = 1.5;

/// Pixels of one picture, whatever the page's size.
const MOST_PIXELS: f32 = 4_000_000.0;

/// The size of a page in points, as shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Size {
    pub width: f32,
    pub height: f32,
}

/// A page.
#[derive(Debug, Clone)]
pub struct Picture {
    pub size: Size,
    pub png: Png,
}

/// The picture of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Png {
    /// Its bytes.
    Drawn(Vec<u8>),
    /// It lies where it belongs already.
    Kept,
    /// It could not be drawn.
    None,
}

/// A font program and its index in the file.
pub type Font = (Arc<Vec<u8>>, u32);

/// Finds a font for Japanese text in files that embed none; it is told whether one with serifs is wanted.
pub type Fonts = Arc<dyn Fn(bool) -> Option<Font> + Send + Sync>;

/// The given pages, from 1. Those that the file does not have are left out.
pub fn pages(pdf: &[u8], numbers: &BTreeSet<u32>, fonts: &Fonts) -> BTreeMap<u32, Picture> {
    let Ok(Ok(pdf)) = catch_unwind(|| Pdf::new(pdf.to_vec())) else { return BTreeMap::new() };
    let settings = settings(fonts);
    let cache = RenderCache::new();
    let mut pictures = BTreeMap::new();
    for &number in numbers {
        let Some(page) = (number as usize).checked_sub(1).and_then(|i| pdf.pages().get(i)) else { continue };
        let (width, height) = page.render_dimensions();
        let scale = SCALE.min((MOST_PIXELS / (width * height)).sqrt());
        let fits = |points: f32| (1.0..f32::from(u16::MAX)).contains(&(points * scale));
        let drawn = || {
            let pixmap = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
            let pixmap = hayro::render(page, &cache, &settings, &RenderSettings::default(), &pixmap);
            let pixels: Vec<[u8; 3]> = pixmap.data().iter().map(|pixel| [pixel.r, pixel.g, pixel.b]).collect();
            png(pixmap.width().into(), pixmap.height().into(), &pixels)
        };
        let png = match fits(width) && fits(height) {
            true => catch_unwind(AssertUnwindSafe(drawn)).ok().flatten(),
            false => None,
        };
        pictures.insert(number, Picture { size: Size { width, height }, png: png.map_or(Png::None, Png::Drawn) });
    }
    pictures
}

fn settings(fonts: &Fonts) -> InterpreterSettings {
    let default = InterpreterSettings::default();
    let standard = default.font_resolver.clone();
    let fonts = Arc::clone(fonts);
    let resolver = move |query: &FontQuery| {
        if let FontQuery::Fallback(wanted) = query
            && wanted.character_collection.is_some()
            && let Some((data, index)) = fonts(wanted.is_serif)
        {
            return Some((data as hayro::hayro_interpret::font::FontData, index));
        }
        standard(query)
    };
    InterpreterSettings { font_resolver: Arc::new(resolver), ..default }
}

/// A small PNG: most pages have few colours once shades that no eye tells apart are one.
fn png(width: u32, height: u32, pixels: &[[u8; 3]]) -> Option<Vec<u8>> {
    // To 16 shades a channel: 0, 17 … 255.
    let coarse = |pixel: &[u8; 3]| pixel.map(|channel| ((u16::from(channel) + 8) / 17 * 17) as u8);
    let mut palette: Vec<u8> = Vec::new();
    let mut known: HashMap<[u8; 3], u8> = HashMap::new();
    let mut indexes = Vec::with_capacity(pixels.len());
    for pixel in pixels {
        let colour = coarse(pixel);
        let index = match known.get(&colour) {
            Some(&index) => index,
            None => {
                let Ok(index) = u8::try_from(known.len()) else { break };
                known.insert(colour, index);
                palette.extend(colour);
                index
            }
        };
        indexes.push(index);
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_compression(png::Compression::High);
    let data = if indexes.len() == pixels.len() {
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_palette(palette);
        indexes
    } else {
        encoder.set_color(png::ColorType::Rgb);
        pixels.concat()
    };
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&data).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}
