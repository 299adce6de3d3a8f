//! The shared strings: rich text joined, furigana left out.

use crate::read::spreadsheet::package::Package;
use crate::read::spreadsheet::xml::{self, Xml};
use quick_xml::events::Event;
use std::io::BufRead;

/// Reads the shared strings; what is there where the part is damaged.
pub(super) fn read(package: &mut Package<'_>, part: &str) -> Vec<Box<str>> {
    let mut strings = Vec::new();
    let Some(mut xml) = package.xml(part) else { return strings };
    let (mut buffer, mut text) = (Vec::new(), String::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) if element.local_name().as_ref() == "si" => {
                text.clear();
                let whole = rich_text(&mut xml, "si", &mut text);
                strings.push(text.as_str().into());
                if !whole {
                    return strings;
                }
            }
            Ok(Event::Empty(element)) if element.local_name().as_ref() == "si" => strings.push("".into()),
            Ok(Event::Eof) | Err(_) => return strings,
            Ok(_) => {}
        }
    }
}

/// Reads the `t` elements up to the end of an element, without those of `rPh` (furigana); false at a damage.
pub(super) fn rich_text<R: BufRead>(xml: &mut Xml<R>, end: &str, out: &mut String) -> bool {
    let start = out.len();
    let (mut in_text, mut in_furigana) = (false, false);
    let mut buffer = Vec::new();
    let whole = loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => match element.local_name().as_ref() {
                "t" => in_text = true,
                "rPh" => in_furigana = true,
                _ => {}
            },
            Ok(Event::End(element)) => match element.local_name().as_ref() {
                "t" => in_text = false,
                "rPh" => in_furigana = false,
                name if name == end => break true,
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => break false,
            Ok(event) if in_text && !in_furigana => xml::push_text(&event, out),
            Ok(_) => {}
        }
    };
    unescape(out, start);
    whole
}

/// Replaces `_x000D_` and the like (ECMA-376 part 1, 22.9.2.19) from `start` on by their characters.
pub(super) fn unescape(text: &mut String, start: usize) {
    let mut from = start;
    while let Some(at) = text[from..].find("_x").map(|found| found + from) {
        let code = text.get(at + 2..at + 6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) if text[at + 6..].starts_with('_') => {
                let mut bytes = [0; 4];
                text.replace_range(at..at + 7, c.encode_utf8(&mut bytes));
                from = at + c.len_utf8();
            }
            _ => from = at + 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_characters() {
        for (text, expected) in
            [("a_x000D_\nb", "a\r\nb"), ("_x005F_x000D_", "_x000D_"), ("_x12", "_x12"), ("_xあいう_", "_xあいう_")]
        {
            let mut text = text.to_owned();
            unescape(&mut text, 0);
            assert_eq!(text, expected);
        }
    }

    #[test]
    fn furigana_is_no_text() {
        let source = "<r><t>計</t></r><rPh sb='0' eb='1'><t>ケイ</t></rPh><r><t>画 &amp; 策</t></r><phoneticPr/></si>";
        let mut text = String::new();
        assert!(rich_text(&mut lenient(source), "si", &mut text));
        assert_eq!(text, "計画 & 策");
    }

    fn lenient(source: &str) -> Xml<&[u8]> {
        let mut xml = Xml::from_reader(source.as_bytes());
        xml.config_mut().allow_unmatched_ends = true;
        xml
    }
}
