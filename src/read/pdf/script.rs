//! What a character is to a line of text: how it spaces, where a line may break before or after it.

use super::content::{Glyph, GlyphText};

/// Characters that never begin a line (the classes CL and NS of Japanese line breaking, JIS X 4051).
const NEVER_FIRST: &str =
    "、。，．・：；！？!?,.:;)]}）］｝〕〉》」』】”’ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々ゝゞヽヾ％%";

/// Characters that never end a line.
const NEVER_LAST: &str = "([{（［｛〔〈《「『【“‘￥$";

/// Marks that begin a bullet or a note when they begin a line.
const BULLETS: &str = "・･●○◎◯◆◇■□▪▫▶►▸▼▲△▽★☆✓✔☑☐※•‣◦→⇒➡➢❖◉";

pub(super) fn first_char(glyph: &Glyph) -> char {
    match &glyph.text {
        GlyphText::Char(c) => *c,
        GlyphText::Many(text) => text.chars().next().unwrap_or(' '),
    }
}

pub(super) fn last_char(glyph: &Glyph) -> char {
    match &glyph.text {
        GlyphText::Char(c) => *c,
        GlyphText::Many(text) => text.chars().next_back().unwrap_or(' '),
    }
}

pub(super) fn is_blank(glyph: &Glyph) -> bool {
    match &glyph.text {
        GlyphText::Char(c) => is_space(*c),
        GlyphText::Many(text) => text.chars().all(is_space),
    }
}

pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control() || ('\u{200B}'..='\u{200F}').contains(&c) || c == '\u{FEFF}'
}

/// Whether a character is set in a box of its own, without spaces around it: ideographs, kana, their punctuation and
/// full-width forms.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{30FF}' | '\u{31C0}'..='\u{31FF}' | '\u{3300}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A letter or digit of a script that parts words by spaces.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() && !is_cjk(c) && !is_enclosed(c)
}

/// ① and its kin: numbers to Unicode, but set like ideographs.
pub(super) fn is_enclosed(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24FF}' | '\u{2776}'..='\u{2793}' | '\u{3200}'..='\u{32FF}')
}

pub(super) fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FE}')
}

pub(super) fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

pub(super) fn never_first(c: char) -> bool {
    NEVER_FIRST.contains(c)
}

pub(super) fn never_last(c: char) -> bool {
    NEVER_LAST.contains(c)
}

/// Whether a line begins with a bullet, a dash that serves as one, or a check box.
pub(super) fn begins_bullet(line: &str) -> bool {
    let mut chars = line.chars();
    let Some(first) = chars.next() else { return false };
    let second = chars.next();
    BULLETS.contains(first) || ("-－‐–—*".contains(first) && second.is_some_and(|c| is_space(c) || is_cjk(c)))
}

/// Whether a line begins with the number of a list entry or heading: `①`, `(1)`, `1.`, `１）`, `1-2 `, `ア `, `第1章`.
pub(super) fn begins_number(line: &str) -> bool {
    let Some(first) = line.chars().next() else { return false };
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    if is_enclosed(first) {
        return true;
    }
    if let Some(inner) = line.strip_prefix(['(', '（']) {
        let number: usize = inner.chars().take_while(|c| digit(*c) || ('ア'..='ン').contains(c)).count();
        return (1..=2).contains(&number) && inner.chars().nth(number).is_some_and(|c| ")）".contains(c));
    }
    let rest = line.trim_start_matches(digit);
    let digits = line.chars().count() - rest.chars().count();
    if (1..=2).contains(&digits) {
        let mut after = rest.chars();
        return match (after.next(), after.next()) {
            (Some('.' | '．' | ')' | '）' | '、'), next) => !next.is_some_and(digit),
            (Some(' ' | '　'), Some(_)) => true,
            _ => false,
        };
    }
    false
}

/// Whether a line begins with a short label in thick brackets: `【現状と課題】`, `〔担当課：財政課〕`.
pub(super) fn begins_label(line: &str) -> bool {
    const LONGEST: usize = 16;
    let Some(rest) = line.strip_prefix(['【', '〔']) else { return false };
    rest.chars().take(LONGEST).any(|c| matches!(c, '】' | '〕' | '：' | ':'))
}

/// Appends the next visual line after a soft wrap: with a space between Latin words, else without.
pub(super) fn push_joined(text: &mut String, line: &str) {
    if let (Some(last), Some(first)) = (text.chars().next_back(), line.chars().next())
        && (is_word(last) || matches!(last, ',' | '.' | ';' | ':' | '!' | '?' | ')' | '&'))
        && (is_word(first) || matches!(first, '(' | '&'))
        && (is_word(last) || is_word(first))
    {
        text.push(' ');
    }
    text.push_str(line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings() {
        for line in ["・窓口", "- 窓口", "●窓口", "☑ 済", "－窓口"] {
            assert!(begins_bullet(line), "{line}");
        }
        for line in ["-5%", "窓口・電話", "", "—", "(1)"] {
            assert!(!begins_bullet(line), "{line}");
        }
        for line in ["①窓口", "(1) 窓口", "（２）", "1. 窓口", "１０）窓口", "2　窓口", "(ア)窓口"]
        {
            assert!(begins_number(line), "{line}");
        }
        for line in ["2023年", "1.5倍", "(仮称)", "3人", "100 件", ""] {
            assert!(!begins_number(line), "{line}");
        }
    }

    #[test]
    fn joining() {
        for (first, second, joined) in [
            ("窓口の", "改善", "窓口の改善"),
            ("open", "data", "open data"),
            ("DX", "推進", "DX推進"),
            ("推進", "DX", "推進DX"),
            ("2,", "000", "2, 000"),
            ("(a)", "b", "(a) b"),
        ] {
            let mut text = first.to_owned();
            push_joined(&mut text, second);
            assert_eq!(text, joined);
        }
    }
}
