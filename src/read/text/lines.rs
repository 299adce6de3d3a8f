//! The physical lines of a text: where each begins and ends, its number, the gaps and page breaks before it.

use unicode_width::UnicodeWidthChar;

/// A line that prints something. Blank lines are not kept; the next line knows of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SourceLine {
    /// Byte offsets of its characters in the text, without the line end.
    pub start: usize,
    pub end: usize,
    /// From 1.
    pub number: u32,
    /// Whether a blank line or a page break stands before it.
    pub gap: bool,
    /// Whether a running head or a page number was taken out before it.
    pub after_furniture: bool,
    /// Whether it is the first of a new page, or of a column of text on it.
    pub page_break: bool,
    /// The page it stands on, from 0.
    pub page: u32,
}

/// A text and its lines.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub text: &'a str,
    pub lines: Vec<SourceLine>,
}

impl<'a> Source<'a> {
    /// Finds the lines: ended by LF or CR LF, or by CR in a text that has no LF; a form feed begins a new page.
    pub fn new(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let only_cr = !text.contains('\n');
        let mut lines = Vec::new();
        let (mut number, mut gap, mut page, mut start) = (1, false, 0, 0);
        let mut close = |start: usize, end: usize, number: u32, gap: &mut bool, page: u32| {
            if is_blank(&text[start..end]) {
                *gap = true;
                return;
            }
            let page_break = lines.last().is_some_and(|last: &SourceLine| last.page != page);
            let gap = std::mem::take(gap) || page_break;
            lines.push(SourceLine { start, end, number, gap, after_furniture: false, page_break, page });
        };
        for (at, byte) in bytes.iter().enumerate() {
            if *byte > b'\r' {
                continue;
            }
            match byte {
                b'\n' | b'\r' if *byte == b'\n' || only_cr => {
                    let end = if at > start && bytes[at - 1] == b'\r' { at - 1 } else { at };
                    close(start, end, number, &mut gap, page);
                    number += 1;
                    start = at + 1;
                }
                b'\x0c' => {
                    if start < at {
                        close(start, at, number, &mut gap, page);
                    }
                    page += 1;
                    start = at + 1;
                }
                _ => {}
            }
        }
        if start < text.len() {
            close(start, text.len(), number, &mut gap, page);
        }
        Source { text, lines }
    }

    /// The characters of a line.
    pub fn get(&self, line: usize) -> &'a str {
        let SourceLine { start, end, .. } = self.lines[line];
        &self.text[start..end]
    }

    /// The characters from the beginning of one line to the end of another, line ends among them.
    pub fn span(&self, first: usize, last: usize) -> &'a str {
        &self.text[self.lines[first].start..self.lines[last].end]
    }
}

/// Every line, blank ones too, without its end: ended as by [`Source::new`].
pub(super) fn shown(text: &str) -> impl Iterator<Item = &str> {
    let end = if text.contains('\n') { '\n' } else { '\r' };
    text.split_terminator(end).map(|line| line.trim_end_matches('\r'))
}

/// Whether nothing is printed. Tabs are: they are the blank cells of a row.
fn is_blank(line: &str) -> bool {
    line.chars().all(|c| c != '\t' && is_space(c))
}

/// White space, also of zero width.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// A text without white space at its ends.
pub(super) fn trimmed(text: &str) -> &str {
    // Most texts begin and end with a character that is plainly no space: graphic ASCII, kana, an ideograph. The
    // ideographic space is E3 80 80.
    let solid = |character: &[u8]| match character {
        [0xe3, rest @ ..] => rest != [0x80, 0x80],
        [first, ..] => first.is_ascii_graphic() || (0xe4..=0xec).contains(first),
        [] => false,
    };
    let bytes = text.as_bytes();
    let last = match bytes {
        [.., last] if last.is_ascii() => std::slice::from_ref(last),
        [.., a, b, c] => &[*a, *b, *c],
        _ => &[],
    };
    if solid(&bytes[..bytes.len().min(3)]) && solid(last) {
        return text;
    }
    text.trim_matches(is_space)
}

/// Columns that a text takes where an ideograph takes two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

/// Columns that a character takes where an ideograph takes two.
pub(super) fn char_width(c: char) -> usize {
    match c {
        '\0'..='\x7f' => usize::from(c >= ' '),
        'ぁ'..='ゖ' | 'ァ'..='ー' | '\u{4e00}'..='\u{9fff}' => 2,
        _ => c.width_cjk().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(u32, &str, bool, bool)> {
        let source = Source::new(text);
        (0..source.lines.len())
            .map(|i| {
                (
                    source.lines[i].number,
                    source.get(i).trim_end_matches('\r'),
                    source.lines[i].gap,
                    source.lines[i].page_break,
                )
            })
            .collect()
    }

    #[test]
    fn every_line_end_counts_once() {
        for end in ["\n", "\r\n", "\r", "\r\r\n"] {
            let text = ["一", "", "　 ", "二", "\t", "三"].join(end);
            assert_eq!(
                lines(&text),
                [(1, "一", false, false), (4, "二", true, false), (5, "\t", false, false), (6, "三", false, false)],
                "{end:?}"
            );
        }
    }

    #[test]
    fn lines_are_shown_at_their_numbers() {
        for end in ["\n", "\r\n", "\r", "\r\r\n"] {
            let text = ["一", "", "　 ", "\x0c二", "\t三", ""].join(end);
            let shown: Vec<&str> = shown(&text).collect();
            assert_eq!(shown, ["一", "", "　 ", "\x0c二", "\t三"], "{end:?}");
            for (number, line, ..) in lines(&text) {
                assert!(shown[number as usize - 1].contains(line.trim_end_matches('\r')), "{end:?} {number}");
            }
        }
    }

    #[test]
    fn form_feeds_begin_pages() {
        assert_eq!(
            lines("一\n\x0c二\n三\x0c四\x0c"),
            [(1, "一", false, false), (2, "二", true, true), (3, "三", false, false), (3, "四", true, true)]
        );
    }

    #[test]
    fn ideographs_are_two_wide() {
        assert_eq!(width("令和5年度"), 9);
        assert_eq!(width("①・→A"), 7);
    }
}
