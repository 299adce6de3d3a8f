//! The lines of a paragraph or a cell: pieces of source put together, structure taken off.

use super::lines::{char_width, is_space, trimmed};
use crate::document::{Line, Place, Text};

/// Marks that begin a bullet where white space stands before them in the middle of a line: a flattened list.
const FLATTENED_BULLETS: &[(char, Begins)] =
    &[('・', Begins::BeforeText), ('◆', Begins::Always), ('•', Begins::Always), ('●', Begins::LikeItsLine)];

/// When a bullet mark after white space begins a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    Always,
    /// Where text follows it directly, or the line itself begins with the mark.
    BeforeText,
    /// Where the line itself begins with the mark, with or without a space behind it as here.
    LikeItsLine,
}

/// Check boxes as texts write them, and the characters that stand for them.
const CHECK_BOXES: &[(&str, char)] =
    &[("[x]", '☑'), ("[X]", '☑'), ("[✓]", '☑'), ("[✔]", '☑'), ("[レ]", '☑'), ("[ ]", '☐'), ("[　]", '☐')];

/// Collects hard lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    done: Vec<Line>,
    current: String,
    first: u32,
    last: u32,
    item: bool,
    /// A soft line break stands after `current`.
    wrapped: bool,
}

impl Lines {
    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.current.is_empty()
    }

    /// Whether the line in hand has no characters yet.
    pub fn at_line_start(&self) -> bool {
        self.current.is_empty()
    }

    /// Adds characters that begin on the physical line `number`; a line feed among them is a soft line break, a
    /// carriage return, vertical tab or line separator a hard one.
    pub fn push(&mut self, text: &str, mut number: u32) {
        let mut rest = text;
        while let Some(at) = rest.find(['\n', '\r', '\x0b', '\u{85}', '\u{2028}', '\u{2029}']) {
            self.push_piece(&rest[..at], number);
            let end = rest[at..].chars().next().unwrap_or('\n');
            rest = &rest[at + end.len_utf8()..];
            match end {
                '\n' => {
                    number += 1;
                    self.wrapped = !self.current.is_empty();
                }
                '\r' if rest.starts_with('\n') => {}
                _ => self.hard_break(),
            }
        }
        self.push_piece(rest, number);
    }

    /// Adds characters after a soft line break.
    pub fn push_wrapped(&mut self, text: &str, number: u32) {
        self.wrapped = !self.current.is_empty();
        self.push(text, number);
    }

    /// Adds characters without line breaks.
    fn push_piece(&mut self, piece: &str, number: u32) {
        let piece = if self.current.is_empty() || self.wrapped { piece.trim_start_matches(is_space) } else { piece };
        let Some(next) = piece.chars().next() else { return };
        if self.current.is_empty() {
            self.first = number;
        }
        if std::mem::take(&mut self.wrapped) {
            self.current.truncate(trimmed_end(&self.current));
            if let Some(last) = self.current.chars().next_back()
                && char_width(last) < 2
                && char_width(next) < 2
            {
                self.current.push(' ');
            }
        }
        self.last = number;
        self.current.push_str(piece);
    }

    /// Ends the line in hand.
    pub fn hard_break(&mut self) {
        self.wrapped = false;
        if self.current.is_empty() {
            return;
        }
        let raw = std::mem::take(&mut self.current);
        let place = Place::Lines { line: self.first, end_line: self.last };
        append(&mut self.done, raw, place, std::mem::take(&mut self.item));
    }

    /// Ends the line in hand; what follows is a list item.
    pub fn begin_item(&mut self) {
        self.hard_break();
        self.item = true;
    }

    /// What comes next is no item, whatever was begun.
    pub fn end_item(&mut self) {
        self.hard_break();
        self.item = false;
    }

    /// The lines so far; the collector is empty afterwards.
    pub fn take(&mut self) -> Text {
        self.hard_break();
        self.item = false;
        Text::of(std::mem::take(&mut self.done))
    }
}

/// The text of one physical line, its structure taken off.
pub(super) fn line(raw: &str, number: u32, item: bool) -> Vec<Line> {
    let raw = trimmed(raw);
    if raw.is_empty() {
        return Vec::new();
    }
    let mut lines = Vec::with_capacity(1);
    append(&mut lines, raw.to_owned(), Place::line(number), item);
    lines
}

/// Adds a line's characters as one line, or as several where it is a flattened list.
fn append(lines: &mut Vec<Line>, mut raw: String, place: Place, item: bool) {
    // One pass over the bytes, without branches: most lines have neither marks nor bullets.
    let (mut marks, mut bullets, mut spaces) = (false, false, false);
    for byte in raw.bytes() {
        marks |= (byte == b'*') | (byte == b'\\') | (byte == b'[') | (byte == b'`');
        // The last byte of ・, the first of •, ●, ◆.
        bullets |= (byte == 0xbb) | (byte == 0xe2);
        spaces |= byte == b' ';
    }
    if marks {
        raw = without_marks(&raw);
    }
    let whole = trimmed(&raw);
    if whole.is_empty() {
        return;
    }
    if bullets
        && (spaces || whole.starts_with('●') || whole.contains('\u{3000}'))
        && let Some(breaks) = flattened(whole)
    {
        let mut start = 0;
        for end in breaks.into_iter().chain([whole.len()]) {
            let part = trimmed(&whole[start..end]);
            if !part.is_empty() {
                lines.push(Line { raw: part.into(), item, place: place.clone(), ..Line::default() });
            }
            start = end;
        }
        return;
    }
    lines.push(Line { raw: whole.into(), item, place, ..Line::default() });
}

/// Where bullets begin in the middle of a line; none where it is no flattened list.
fn flattened(line: &str) -> Option<Vec<usize>> {
    let mut breaks = None;
    let mut before = None;
    let mut characters = line.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let after_space = before.is_some_and(is_space);
        if before.is_some()
            && let Some((mark, begins)) = FLATTENED_BULLETS.iter().find(|(mark, _)| *mark == c)
        {
            let next = characters.peek().map(|(_, next)| *next);
            let begins = match begins {
                Begins::Always => after_space,
                Begins::BeforeText => {
                    after_space
                        && (next.is_some_and(|next| !is_space(next) && next != *mark)
                            || (line.starts_with(*mark) && next != Some(*mark)))
                }
                Begins::LikeItsLine => {
                    let spaced = |next: Option<char>| next.is_some_and(is_space);
                    line.starts_with(*mark)
                        && (after_space || spaced(next))
                        && spaced(next) == spaced(line.chars().nth(1))
                }
            };
            if begins && next.is_some() {
                breaks.get_or_insert_with(Vec::new).push(at);
            }
        }
        before = Some(c);
    }
    breaks
}

/// A line without Markdown's marks: bold, code, escapes; check boxes as characters.
fn without_marks(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let bytes = raw.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &raw[at..];
        match bytes[at] {
            b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => {
                out.push(char::from(bytes[at + 1]));
                at += 2;
            }
            b'*' => {
                let run = rest.bytes().take_while(|&byte| byte == b'*').count();
                // Two are bold, three bold and italic; longer runs are drawn or scanned.
                if !(2..=3).contains(&run) {
                    out.push_str(&rest[..run]);
                }
                at += run;
            }
            b'`' => at += 1,
            b'[' => match CHECK_BOXES.iter().find(|(written, _)| rest.starts_with(written)) {
                Some((written, character)) => {
                    out.push(*character);
                    at += written.len();
                }
                None => {
                    out.push('[');
                    at += 1;
                }
            },
            _ => {
                let plain = rest.bytes().position(|b| matches!(b, b'\\' | b'*' | b'`' | b'[')).unwrap_or(rest.len());
                let plain = plain.max(1);
                out.push_str(&rest[..plain]);
                at += plain;
            }
        }
    }
    out
}

/// The length of a text without the white space at its end.
fn trimmed_end(text: &str) -> usize {
    text.trim_end_matches(is_space).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raws(text: &str) -> Vec<String> {
        line(text, 1, false).into_iter().map(|line| line.raw.to_string()).collect()
    }

    #[test]
    fn marks_are_structure() {
        for (text, expected) in [
            ("**担当課** 情報課", "担当課 情報課"),
            ("求める人物像**", "求める人物像"),
            ("***重要***", "重要"),
            ("*1 注", "*1 注"),
            ("*****", "*****"),
            (r"1\. 概要 \| 備考", "1. 概要 | 備考"),
            (r"C:\課", r"C:\課"),
            ("[x] 市民 [ ] 職員", "☑ 市民 ☐ 職員"),
            ("[現状] 課題", "[現状] 課題"),
            ("令和__年__月", "令和__年__月"),
            ("`kpi`", "kpi"),
            ("　前後　", "前後"),
        ] {
            assert_eq!(raws(text), [expected], "{text}");
        }
        assert!(raws("****").len() == 1 && raws("**").is_empty() && raws("  ").is_empty());
    }

    #[test]
    fn flattened_lists_get_their_lines_back() {
        assert_eq!(raws("[現状] ・窓口の混雑 ・紙の申請"), ["[現状]", "・窓口の混雑", "・紙の申請"]);
        assert_eq!(raws("・ 窓口 ・ 電話"), ["・ 窓口", "・ 電話"]);
        assert_eq!(raws("1 市民サービス ◆ 窓口を減らします"), ["1 市民サービス", "◆ 窓口を減らします"]);
        assert_eq!(raws("● 窓口 (対面)● 電話"), ["● 窓口 (対面)", "● 電話"]);
        for whole in ["●●", "調査・検討", "調査 ・ 検討", "R4年度・・・開始", "年度 ・・・開始", "開発 ・", "選択 ● 済"]
        {
            assert_eq!(raws(whole), [whole]);
        }
    }

    #[test]
    fn soft_breaks_join_as_the_script_asks() {
        let mut lines = Lines::default();
        lines.push("窓口の\n  手続を Web\n form で\r\n行う。\x0b次", 3);
        let text = lines.take();
        assert_eq!(&*text.lines[0].raw, "窓口の手続を Web form で行う。");
        assert_eq!(text.lines[0].place, Place::Lines { line: 3, end_line: 6 });
        assert_eq!((text.lines[1].raw.as_ref(), &text.lines[1].place), ("次", &Place::line(6)));
    }
}
