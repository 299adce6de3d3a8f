//! Which character a glyph of an embedded font program stands for, and which characters a reader could have meant.

use hayro_interpret::font::OutlineFontData;
use hayro_interpret::hayro_cmap::BfString;
use std::collections::HashMap;

/// From glyph to character, by an embedded program's cmap and, for glyphs that are not in it, by glyph names.
pub(super) fn characters_of_program(data: &OutlineFontData) -> HashMap<u32, char> {
    let mut map = HashMap::new();
    let Some(font) = skrifa::Font::new(data.data.clone(), 0) else { return map };
    let charmap = font.charmap();
    // By Macintosh Roman nothing but Latin letters can be said, so that says little of a Japanese font.
    if charmap.has_unicode() && !charmap.unicode_is_mac_roman() {
        for (code, glyph) in charmap.unicodes() {
            if let Some(c) = char::from_u32(code) {
                // Of several characters the first in Unicode order, but the ideograph rather than its radical.
                let known = map.entry(glyph.to_u32()).or_insert(c);
                if matches!(*known, '\u{2E80}'..='\u{2FDF}') {
                    *known = c;
                }
            }
        }
    }
    for (glyph, name) in font.glyph_names() {
        if !name.is_synthesized()
            && let Some(c) = character_of_name(name.as_str())
        {
            map.entry(glyph.to_u32()).or_insert(c);
        }
    }
    map
}

/// The character of a glyph name that spells its code (`uni3042`, `u20BB7`) or is a letter itself; suffixes
/// (`.vert`) are taken off. See the Adobe Glyph List Specification.
fn character_of_name(name: &str) -> Option<char> {
    let name = name.split('.').next().unwrap_or_default();
    let code = |digits: &str| {
        let hex = (4..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)).flatten()
    };
    if let Some(c) = name.strip_prefix("uni").or_else(|| name.strip_prefix('u')).and_then(code) {
        return Some(c);
    }
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(c), None) if c.is_ascii_alphabetic() => Some(c),
        _ => None,
    }
}

/// A text if a reader could have meant it; white space of every kind as a space.
pub(super) fn usable(text: BfString) -> Option<BfString> {
    match text {
        BfString::Char('\t' | '\n' | '\r' | '\u{A0}') => Some(BfString::Char(' ')),
        BfString::Char(c) => is_usable(c).then_some(BfString::Char(c)),
        BfString::String(s) => {
            let s: String = s.chars().filter(|&c| c != '\0' && !is_variation_selector(c)).collect();
            let mut characters = s.chars();
            match (characters.next(), characters.next()) {
                (Some(c), None) => usable(BfString::Char(c)),
                (Some(_), Some(_)) if s.chars().all(is_usable) => Some(BfString::String(s)),
                _ => None,
            }
        }
    }
}

fn is_usable(c: char) -> bool {
    let noncharacter = u32::from(c) & 0xFFFE == 0xFFFE || matches!(c, '\u{FDD0}'..='\u{FDEF}');
    !c.is_control() && c != char::REPLACEMENT_CHARACTER && !is_private(c) && !noncharacter
}

/// What chooses between forms of the character before it.
fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

pub(super) fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyph_names_that_spell_a_character() {
        for (name, expected) in [
            ("uni3042", Some('あ')),
            ("uni3042.vert", Some('あ')),
            ("u20BB7", Some('𠮷')),
            ("A", Some('A')),
            ("union", None),
            ("uni30", None),
            ("g12", None),
            (".notdef", None),
            ("uniD800", None),
        ] {
            assert_eq!(character_of_name(name), expected, "{name}");
        }
    }

    #[test]
    fn text_that_no_reader_could_mean() {
        for c in ['\0', '\u{1}', '\u{FFFD}', '\u{E123}', '\u{F0FE}', '\u{FFFF}', '\u{F1234}'] {
            assert_eq!(usable(BfString::Char(c)), None, "{c:?}");
        }
        assert_eq!(usable(BfString::String("葛\u{E0100}".into())), Some(BfString::Char('葛')));
        assert_eq!(usable(BfString::Char('\t')), Some(BfString::Char(' ')));
        assert_eq!(usable(BfString::String("株式\0".into())), Some(BfString::String("株式".into())));
    }
}
