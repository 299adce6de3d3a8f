//! What an eye sees of what a page paints: glyphs that are covered, have their background's colour or are painted
//! twice are left out, and fonts whose text is garbage are told.

use super::content::{Glyph, GlyphText, PageContent, Rect};
use super::paths::contains;
use crate::document::Colour;

/// A surface that may lie under or over text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cover {
    pub bbox: Rect,
    pub order: u32,
    /// None for an image.
    pub colour: Option<Colour>,
    /// Whether it surely covers all of its box.
    pub hides: bool,
}

/// Colours no further apart than this in any channel cannot be told apart.
const SAME_COLOUR: u8 = 12;

/// Two equal glyphs that lie no further apart than this part of their size (and of their width) are one glyph
/// painted twice.
const SAME_PLACE: f32 = 0.3;

/// A second copy no further off than this part of the size makes a glyph bold; further off it is a shadow.
const BOLD_OFFSET: f32 = 0.08;

/// The height of the rows by which covers look for glyphs, in points.
const ROW: f32 = 16.0;

pub(super) fn is_white(colour: Colour) -> bool {
    same_colour(colour, Colour([255; 3]))
}

fn same_colour(a: Colour, b: Colour) -> bool {
    a.0.iter().zip(b.0).all(|(a, b)| a.abs_diff(b) <= SAME_COLOUR)
}

/// Takes out of a page the glyphs that are not seen, and those painted twice but for one. Gives those that pictures
/// lie over.
pub(super) fn leave_out_hidden(content: &mut PageContent, covers: &[Cover]) -> Vec<Glyph> {
    let mut hidden = vec![false; content.glyphs.len()];
    let below_pictures = mark_covered(content, covers, &mut hidden);
    mark_camouflaged(&content.glyphs, covers, &mut hidden);
    mark_repeated(&mut content.glyphs, &mut hidden);
    if hidden.contains(&true) {
        let mut hidden = hidden.into_iter();
        content.glyphs.retain(|_| !hidden.next().unwrap_or_default());
    }
    below_pictures
}

/// Glyphs under a surface that was painted after them; gives those under pictures.
fn mark_covered(content: &PageContent, covers: &[Cover], hidden: &mut [bool]) -> Vec<Glyph> {
    let mut below_pictures = Vec::new();
    let glyphs = &content.glyphs;
    let Some(first) = glyphs.first() else { return below_pictures };
    let mut late = covers.iter().filter(|cover| cover.hides && cover.order > first.order).peekable();
    if late.peek().is_none() {
        return below_pictures;
    }
    let rows = (content.height / ROW).ceil().clamp(1.0, 4096.0) as usize;
    let row_of = |y: f32| ((y / ROW).max(0.0) as usize).min(rows - 1);
    let mut by_row: Vec<Vec<u32>> = vec![Vec::new(); rows];
    for (index, glyph) in (0u32..).zip(glyphs) {
        by_row[row_of(middle(glyph.bbox)[1])].push(index);
    }
    for cover in late {
        for row in &by_row[row_of(cover.bbox[1])..=row_of(cover.bbox[3])] {
            for &index in row {
                let glyph = &glyphs[index as usize];
                if glyph.order > cover.order {
                    break;
                }
                if !hidden[index as usize] && contains(cover.bbox, ink(glyph)) {
                    hidden[index as usize] = true;
                    if cover.colour.is_none() {
                        below_pictures.push(glyph.clone());
                    }
                }
            }
        }
    }
    below_pictures
}

/// Glyphs in the colour of what lies below them.
fn mark_camouflaged(glyphs: &[Glyph], covers: &[Cover], hidden: &mut [bool]) {
    let mut colours: Vec<Colour> = covers.iter().filter_map(|cover| cover.colour).collect();
    colours.sort_unstable();
    colours.dedup();
    // Text in a colour that no surface has cannot vanish; most pages are done here.
    let mut judged: Vec<(Colour, bool)> = Vec::new();
    for (glyph, hidden) in glyphs.iter().zip(hidden) {
        let suspect = match judged.iter().find(|(colour, _)| *colour == glyph.colour) {
            Some(&(_, suspect)) => suspect,
            None => {
                let suspect = is_white(glyph.colour) || colours.iter().any(|&colour| same_colour(colour, glyph.colour));
                judged.push((glyph.colour, suspect));
                suspect
            }
        };
        if suspect {
            let [x, y] = middle(glyph.bbox);
            let below = covers.partition_point(|cover| cover.order < glyph.order);
            let ground = covers[..below].iter().rev().find(|cover| contains(cover.bbox, [x, y, x, y]));
            *hidden |= match ground {
                None => is_white(glyph.colour),
                // Whether text is seen on an image or in a shape that is no rectangle is not known: it is kept.
                Some(Cover { colour: Some(colour), hides: true, .. }) => same_colour(*colour, glyph.colour),
                Some(_) => false,
            };
        }
    }
}

/// Equal glyphs in the same place: the last colour is seen, and fake bold is bold.
fn mark_repeated(glyphs: &mut [Glyph], hidden: &mut [bool]) {
    let mut keys: Vec<(u32, i32, u32)> = Vec::with_capacity(glyphs.len());
    for (index, glyph) in (0u32..).zip(glyphs.iter()) {
        if let GlyphText::Char(c) = glyph.text
            && c != ' '
            && !hidden[index as usize]
        {
            keys.push((c.into(), (middle(glyph.bbox)[0] * 16.0) as i32, index));
        }
    }
    keys.sort_unstable();
    for (at, &(c, x, first)) in keys.iter().enumerate() {
        let size = glyphs[first as usize].size;
        let reach = (SAME_PLACE * size * 16.0) as i32 + 1;
        for &(other, next_x, second) in &keys[at + 1..] {
            if other != c || next_x - x > reach {
                break;
            }
            let (a, b) = (first.min(second) as usize, first.max(second) as usize);
            if hidden[a] || hidden[b] {
                continue;
            }
            let Some(offset) = offset_of_copy(&glyphs[a], &glyphs[b]) else { continue };
            let colour = glyphs[b].colour;
            let bold = glyphs[b].bold || (offset > 0.0 && offset <= BOLD_OFFSET && colour == glyphs[a].colour);
            hidden[b] = true;
            glyphs[a].bold |= bold;
            glyphs[a].colour = colour;
        }
    }
}

/// How far a copy of a glyph is off, in parts of its size; none where the two are different glyphs.
fn offset_of_copy(a: &Glyph, b: &Glyph) -> Option<f32> {
    if a.rotation != b.rotation || (a.size - b.size).abs() > 0.1 * a.size {
        return None;
    }
    let (p, q) = (middle(a.bbox), middle(b.bbox));
    let near = |axis: usize| {
        let extent = a.bbox[axis + 2] - a.bbox[axis];
        (p[axis] - q[axis]).abs() <= SAME_PLACE * extent.min(a.size)
    };
    (near(0) && near(1)).then(|| (p[0] - q[0]).hypot(p[1] - q[1]) / a.size)
}

fn middle(bbox: Rect) -> [f32; 2] {
    [(bbox[0] + bbox[2]) / 2.0, (bbox[1] + bbox[3]) / 2.0]
}

/// The part of an em box where ink usually is.
fn ink(glyph: &Glyph) -> Rect {
    let [x0, y0, x1, y1] = glyph.bbox;
    let (dx, dy) = ((x1 - x0) * 0.2, (y1 - y0) * 0.2);
    [x0 + dx, y0 + dy, x1 - dx, y1 - dy]
}

/// What a Latin encoding has beyond letters, figures and the signs that Japanese documents print too.
const RARE: &str = "ƒˆ˜†‡‰Š‹ŒšœŸŽž›™";

/// Fonts whose text reads as one who knows only numbers would have chosen it: a mix of scripts that no document
/// mixes, or hardly anything but rare signs (a font of characters of one's own under the names of others). A font of
/// one foreign script is none of these.
pub(super) fn garbage_fonts(glyphs: &[Glyph]) -> Vec<u16> {
    #[derive(Default, Clone)]
    struct Count {
        all: u32,
        foreign: u32,
        scripts: u64,
        rare: u32,
        signs: u32,
    }
    let mut counts: Vec<Count> = Vec::new();
    for glyph in glyphs {
        let GlyphText::Char(c) = glyph.text else { continue };
        let font = usize::from(glyph.font);
        if font >= counts.len() {
            counts.resize(font + 1, Count::default());
        }
        counts[font].all += 1;
        if let Some(script) = foreign_script(c) {
            counts[font].foreign += 1;
            counts[font].scripts |= 1 << script;
        }
        if let Some(sign) = RARE.chars().position(|rare| rare == c) {
            counts[font].rare += 1;
            counts[font].signs |= 1 << sign;
        }
    }
    (0u16..)
        .zip(counts)
        .filter(|(_, count)| {
            let mixed = count.foreign >= 6 && count.foreign * 4 >= count.all && count.scripts.count_ones() >= 3;
            let odd = count.rare * 2 >= count.all && count.signs.count_ones() >= 3;
            mixed || odd
        })
        .map(|(font, _)| font)
        .collect()
}

/// The script of a character that Japanese documents do not print; scripts are numbered, 0 to 63.
fn foreign_script(c: char) -> Option<u32> {
    let code = u32::from(c);
    match code {
        0..0x250 | 0x370..0x530 | 0x1E00..0x2800 => None,
        // From Armenian to the Phonetic Extensions, a script has about 128 characters.
        0x250..0x370 => Some(0),
        0x530..0x1E00 => Some(1 + (code - 0x530) / 128),
        0x2800..0x2E80 => Some(52),
        0x2E80..0xA000 => None,
        // Yi, Vai, Javanese …
        0xA000..0xAC00 => Some(53 + (code - 0xA000) / 1024),
        0xAC00..0xD800 => Some(56),
        0xFB00..0xFE00 => Some(57),
        0xFE70..0xFF00 => Some(58),
        0x1_0000..0x1_F000 => Some(59),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyph(c: char, x: f32, order: u32) -> Glyph {
        Glyph { order, ..Glyph::plain(c, x, 10.0) }
    }

    fn seen(glyphs: Vec<Glyph>, covers: &[Cover]) -> Vec<Glyph> {
        let mut content = PageContent { height: 100.0, width: 100.0, glyphs, ..PageContent::default() };
        leave_out_hidden(&mut content, covers);
        content.glyphs
    }

    fn cover(order: u32, colour: [u8; 3], hides: bool) -> Cover {
        Cover { bbox: [0.0, 0.0, 50.0, 50.0], order, colour: Some(Colour(colour)), hides }
    }

    #[test]
    fn what_lies_over_text_hides_it() {
        let text = || vec![glyph('市', 10.0, 5), glyph('町', 70.0, 6)];
        assert_eq!(seen(text(), &[cover(9, [255; 3], true)]), [glyph('町', 70.0, 6)]);
        assert_eq!(seen(text(), &[cover(9, [255; 3], false)]).len(), 2);
        assert_eq!(seen(text(), &[cover(1, [255; 3], true)]).len(), 2);
    }

    #[test]
    fn text_in_the_colour_of_its_ground_is_not_seen() {
        let white = || Glyph { colour: Colour([255; 3]), ..glyph('市', 10.0, 5) };
        assert_eq!(seen(vec![white()], &[]).len(), 0, "white on paper");
        assert_eq!(seen(vec![white()], &[cover(1, [0, 0, 160], true)]).len(), 1, "white on blue");
        assert_eq!(seen(vec![white()], &[cover(1, [250, 255, 255], true)]).len(), 0, "white on white");
        let image = Cover { colour: None, ..cover(1, [0; 3], false) };
        assert_eq!(seen(vec![white()], &[image]).len(), 1, "white on a picture");
        let layers = [cover(1, [0, 0, 160], true), cover(2, [255; 3], true)];
        assert_eq!(seen(vec![white()], &layers).len(), 0, "white on white on blue");
        assert_eq!(seen(vec![glyph('市', 10.0, 5)], &[cover(1, [4, 4, 4], true)]).len(), 0, "black on black");
    }

    #[test]
    fn text_painted_twice_is_there_once() {
        let bold = |x| Glyph { bold: true, ..glyph('市', x, 1) };
        assert_eq!(seen(vec![glyph('市', 10.0, 1), glyph('市', 10.3, 2)], &[]), [bold(10.0)], "fake bold");
        assert_eq!(seen(vec![glyph('市', 10.0, 1), glyph('市', 10.0, 2)], &[]), [glyph('市', 10.0, 1)], "repeated");
        let grey = Glyph { colour: Colour([180; 3]), ..glyph('市', 12.0, 1) };
        let shadowed = seen(vec![grey.clone(), glyph('市', 10.0, 2)], &[]);
        assert_eq!(shadowed, [Glyph { colour: Colour([0; 3]), ..grey }], "shadow");
        assert_eq!(seen(vec![glyph('々', 10.0, 1), glyph('々', 20.0, 2)], &[]).len(), 2, "neighbours");
        let mut dots = [glyph('.', 10.0, 1), glyph('.', 12.5, 2)];
        dots.iter_mut().for_each(|dot| dot.bbox[2] = dot.bbox[0] + 2.5);
        assert_eq!(seen(dots.to_vec(), &[]).len(), 2, "narrow neighbours");
    }

    #[test]
    fn a_mix_of_scripts_is_garbage() {
        let text = |s: &str| s.chars().map(|c| glyph(c, 0.0, 0)).collect::<Vec<_>>();
        for (s, garbage) in [
            ("令和5年度の取組として、窓口を3か所に増やす。", false),
            ("ยินดีต้อนรับสู่เมืองของเรา", false),
            ("Microsoft™ et cœur : ‰, Žofín, Škoda", false),
            ("™—›™œ›Ÿ˜", true),
            ("환영합니다 우리 도시", false),
            ("֭՛Ւ\u{5CA}֪ב\u{60C}\u{903}\u{E01}\u{1200}\u{10D0}", true),
        ] {
            assert_eq!(!garbage_fonts(&text(s)).is_empty(), garbage, "{s}");
        }
    }
}
