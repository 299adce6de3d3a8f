//! Text from documents made safe to show: nothing in it can steer a terminal or turn the order of what is read.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character acts instead of being seen: control characters (C0, DEL, C1) but for the line feed, marks and
/// overrides of the bidirectional algorithm (Unicode UAX 9), and the line and paragraph separators.
fn acts(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with a white space for each tab and U+FFFD for every other character that acts; line feeds stay.
pub fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let seen = |c| match c {
        '\t' => ' ',
        c if acts(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    Cow::Owned(text.chars().map(seen).collect())
}

/// As [`plain`], with a white space for each line feed too.
pub fn one_line(text: &str) -> String {
    plain(text).replace('\n', " ")
}

/// The same JSON with every character that acts written as its escape.
///
/// In JSON such characters stand only inside strings, where the escape means the same.
pub fn escaped_json(json: &str) -> Cow<'_, str> {
    if !json.contains(acts) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if acts(c) {
            // All of them lie in the basic plane, so one escape is enough.
            write!(out, "\\u{:04x}", u32::from(c)).expect("a string takes all that is written to it");
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_is_left() {
        for (text, expected) in [
            ("施策1\n次", "施策1\n次"),
            ("a\tb", "a b"),
            ("\u{1b}[31mred\u{7}", "\u{fffd}[31mred\u{fffd}"),
            ("\u{9b}2J", "\u{fffd}2J"),
            ("課\u{202e}cod.exe", "課\u{fffd}cod.exe"),
            ("a\r\nb", "a\u{fffd}\nb"),
            ("\u{2066}x\u{2069}\u{200f}", "\u{fffd}x\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn escaped_json_means_the_same() {
        let text = "a\u{202e}b\u{9b}c\u{7f}d\n";
        let json = serde_json::to_string_pretty(&[text]).unwrap();
        let escaped = escaped_json(&json);
        assert!(!escaped.contains(acts));
        assert_eq!(serde_json::from_str::<Vec<String>>(&escaped).unwrap(), [text]);
    }
}
