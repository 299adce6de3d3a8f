//! Colours: the indexed palette, theme colours and tints.

use crate::document::Colour;

/// A colour from its hexadecimal form: `RRGGBB`, `AARRGGBB` or with a `#` before it.
pub(super) fn hexadecimal(text: &str) -> Option<Colour> {
    let digits = text.trim_start_matches('#');
    let digits = if digits.len() == 8 { digits.get(2..)? } else { digits };
    if digits.len() != 6 {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    Some(from_rgb(value))
}

/// A colour from 0xRRGGBB.
pub(super) const fn from_rgb(value: u32) -> Colour {
    Colour([(value >> 16) as u8, (value >> 8) as u8, value as u8])
}

/// A colour of the default indexed palette (ECMA-376 part 1, 18.8.27); none for the system colours from 64 on.
pub(super) fn indexed(index: u32) -> Option<Colour> {
    INDEXED.get(index as usize).copied().map(from_rgb)
}

pub(super) const INDEXED: [u32; 64] = [
    0x000000, 0xffffff, 0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0xff00ff, 0x00ffff, 0x000000, 0xffffff, 0xff0000,
    0x00ff00, 0x0000ff, 0xffff00, 0xff00ff, 0x00ffff, 0x800000, 0x008000, 0x000080, 0x808000, 0x800080, 0x008080,
    0xc0c0c0, 0x808080, 0x9999ff, 0x993366, 0xffffcc, 0xccffff, 0x660066, 0xff8080, 0x0066cc, 0xccccff, 0x000080,
    0xff00ff, 0xffff00, 0x00ffff, 0x800080, 0x800000, 0x008080, 0x0000ff, 0x00ccff, 0xccffff, 0xccffcc, 0xffff99,
    0x99ccff, 0xff99cc, 0xcc99ff, 0xffcc99, 0x3366ff, 0x33cccc, 0x99cc00, 0xffcc00, 0xff9900, 0xff6600, 0x666699,
    0x969696, 0x003366, 0x339966, 0x003300, 0x333300, 0x993300, 0x993366, 0x333399, 0x333333,
];

/// The theme of Office 2013 and later, where a workbook has none: light 1, dark 1, light 2, dark 2, six accents,
/// hyperlink, followed hyperlink.
pub(super) const OFFICE_THEME: [u32; 12] = [
    0xffffff, 0x000000, 0xe7e6e6, 0x44546a, 0x4472c4, 0xed7d31, 0xa5a5a5, 0xffc000, 0x5b9bd5, 0x70ad47, 0x0563c1,
    0x954f72,
];

/// A colour other than white: white grounds are drawn to hide the grid, not to mark a cell.
pub(super) fn unless_white(colour: Colour) -> Option<Colour> {
    (colour.0 != [255; 3]).then_some(colour)
}

/// The preset colours of DrawingML that people choose; the rest of the 140 do not occur in a palette.
pub(super) fn named(name: &str) -> Option<Colour> {
    let value = match name {
        "black" => 0x000000,
        "white" => 0xffffff,
        "red" => 0xff0000,
        "green" => 0x008000,
        "lime" => 0x00ff00,
        "blue" => 0x0000ff,
        "yellow" => 0xffff00,
        "orange" => 0xffa500,
        "gray" | "grey" => 0x808080,
        "purple" => 0x800080,
        "pink" => 0xffc0cb,
        "navy" => 0x000080,
        "aqua" | "cyan" => 0x00ffff,
        "magenta" | "fuchsia" => 0xff00ff,
        _ => return None,
    };
    Some(from_rgb(value))
}

/// Lightens (tint above 0) or darkens a colour in its luminance (ECMA-376 part 1, 18.8.19).
pub(super) fn tinted(colour: Colour, tint: f64) -> Colour {
    if tint == 0.0 || !tint.is_finite() {
        return colour;
    }
    let (hue, saturation, luminance) = to_hsl(colour);
    let tint = tint.clamp(-1.0, 1.0);
    let luminance = if tint < 0.0 { luminance * (1.0 + tint) } else { luminance * (1.0 - tint) + tint };
    from_hsl(hue, saturation, luminance)
}

/// Multiplies a colour's luminance and adds to it (DrawingML `lumMod`, `lumOff`).
pub(super) fn with_luminance(colour: Colour, factor: f64, offset: f64) -> Colour {
    let (hue, saturation, luminance) = to_hsl(colour);
    from_hsl(hue, saturation, (luminance * factor + offset).clamp(0.0, 1.0))
}

/// Hue in sixths of the circle, saturation and luminance from 0 to 1.
fn to_hsl(colour: Colour) -> (f64, f64, f64) {
    let [r, g, b] = colour.0.map(|part| f64::from(part) / 255.0);
    let (max, min) = (r.max(g).max(b), r.min(g).min(b));
    let (luminance, range) = ((max + min) / 2.0, max - min);
    if range == 0.0 {
        return (0.0, 0.0, luminance);
    }
    let saturation = range / (1.0 - (2.0 * luminance - 1.0).abs()).max(f64::EPSILON);
    let hue = if max == r {
        ((g - b) / range).rem_euclid(6.0)
    } else if max == g {
        (b - r) / range + 2.0
    } else {
        (r - g) / range + 4.0
    };
    (hue, saturation.min(1.0), luminance)
}

fn from_hsl(hue: f64, saturation: f64, luminance: f64) -> Colour {
    let chroma = (1.0 - (2.0 * luminance - 1.0).abs()) * saturation;
    let second = chroma * (1.0 - (hue % 2.0 - 1.0).abs());
    let (r, g, b) = match hue as u8 {
        0 => (chroma, second, 0.0),
        1 => (second, chroma, 0.0),
        2 => (0.0, chroma, second),
        3 => (0.0, second, chroma),
        4 => (second, 0.0, chroma),
        _ => (chroma, 0.0, second),
    };
    let base = luminance - chroma / 2.0;
    Colour([r, g, b].map(|part| ((part + base) * 255.0).round().clamp(0.0, 255.0) as u8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tints_are_those_of_excel() {
        // Accent 1 of the Office theme, 80 % lighter and 25 % darker, as Excel's palette shows them.
        assert_eq!(tinted(from_rgb(0x4472c4), 0.799_981_688_894_314_4), from_rgb(0xdae3f3));
        assert_eq!(tinted(from_rgb(0x4472c4), -0.249_977_111_117_893), from_rgb(0x2f5597));
        assert_eq!(tinted(from_rgb(0x123456), 0.0), from_rgb(0x123456));
    }

    #[test]
    fn hexadecimal_colours() {
        assert_eq!(hexadecimal("FFDDEBF7"), Some(from_rgb(0xddebf7)));
        assert_eq!(hexadecimal("#ddebf7"), Some(from_rgb(0xddebf7)));
        assert_eq!(hexadecimal("あいう"), None);
    }
}
