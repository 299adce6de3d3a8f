//! The numbers that headings, names and labels begin with: `第2章`, `基本方針1`, `1-1-1`, `1-(2)`, `(3)`, `①`, `⑩-1`, `Ⅰ`, `ア`.

use crate::normalise::characters;
use crate::vocabulary::{Level, Mark, Vocabulary};

/// A text's leading number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbered {
    /// Folded to ASCII: `1-(1)`, `10-1`, `01`, `II`; kana and letters as they are.
    pub number: String,
    pub style: Style,
    /// The level word before the number (基本方針1), as printed.
    pub level: Option<(Level, String)>,
    /// Bytes of the source text that the number and its separator take.
    pub length: usize,
    /// Its parts are printed with dots between them: 4.1.1, which is `4-1-1` here.
    pub dotted: bool,
}

/// How a number is printed; headings of one style are siblings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Style {
    /// 第1部, 第1編
    Part,
    /// 第1章
    Chapter,
    /// 第1節
    Division,
    /// 基本方針1, 施策1-1: by rank of the word and depth of the number.
    Level(Level, u8),
    /// 1, 1-1, 1-1-1: by depth.
    Plain(u8),
    /// Ⅰ
    Roman,
    /// A, a
    Letter,
    /// 1-(1)
    Mixed,
    /// (1)
    Parenthesised,
    /// ①, and ①-1 by depth.
    Circled(u8),
    /// (ア), ア
    Kana,
}

impl Numbered {
    /// The number without its parentheses, for joining: `(1)` is `1`.
    pub fn bare(&self) -> &str {
        self.number.trim_matches(['(', ')'])
    }

    /// A number of this style as it is printed.
    pub fn printed(&self, number: &str) -> String {
        if self.dotted { number.replace('-', ".") } else { number.to_owned() }
    }

    /// The style and number of the whole of which it numbers a part: ⑩ of ⑩-1, 1 of 1-2.
    pub fn whole(&self) -> Option<(Style, &str)> {
        let style = match self.style {
            Style::Circled(_) => Style::Circled(1),
            Style::Plain(_) if self.number.starts_with(['I', 'V', 'X']) => Style::Roman,
            Style::Plain(_) => Style::Plain(1),
            style => style,
        };
        (self.depth() > 1).then(|| (style, self.number.split('-').next().unwrap_or_default()))
    }

    /// Whether it numbers the whole of which another numbers a part.
    pub fn is_whole_of(&self, part: &Numbered) -> bool {
        part.whole() == Some((self.style, &self.number))
    }

    /// Which one of its siblings it is: 3 of `1-3`, `(3)` and `III`.
    pub fn count(&self) -> Option<u32> {
        let last = self.bare().rsplit('-').next()?.trim_matches(['(', ')']);
        let roman = || ROMAN.iter().position(|letters| *letters == last).map(|at| at as u32 + 1);
        last.parse().ok().or_else(roman)
    }

    /// How many parts the number has: `1-2-3` has 3.
    pub fn depth(&self) -> usize {
        self.number.split('-').count()
    }
}

/// The number that a source text (raw: white space tells `1 概要` from `10年後`) begins with.
pub(super) fn leading(raw: &str, vocabulary: &Vocabulary) -> Option<Numbered> {
    let text = raw.trim_start();
    // nearly all texts begin with a word, and none of these words counts
    let first = text.chars().next()?;
    let worded = matches!(first, '\u{3041}'..='\u{3096}' | '\u{4e00}'..='\u{9fff}');
    if worded && !vocabulary.labels.begins_level(first) && !vocabulary.begins_mark(Mark::DivisionPrefix, first) {
        return None;
    }
    let skipped = raw.len() - text.len();
    let found = division(text, vocabulary).or_else(|| levelled(text, vocabulary)).or_else(|| plain(text))?;
    Some(Numbered { length: found.length + skipped, ..found })
}

/// A number as administrations give them, where a label says that it is one: `1101`, `R6-02`, `A-3-1`.
pub(super) fn code(text: &str) -> Option<Numbered> {
    const LONGEST: usize = 12;
    let number: String = characters::fold(text);
    let fits = number.len() <= LONGEST
        && number.contains(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
    let depth = number.split('-').count() as u8;
    fits.then_some(Numbered { number, style: Style::Plain(depth), level: None, length: text.len(), dotted: false })
}

/// `第2章 …`
fn division(text: &str, vocabulary: &Vocabulary) -> Option<Numbered> {
    let rest = vocabulary.after_mark(Mark::DivisionPrefix, text)?;
    let (number, rest) = counter(rest.trim_start())?;
    let rest = rest.trim_start();
    let kinds = [(Mark::Part, Style::Part), (Mark::Chapter, Style::Chapter), (Mark::Division, Style::Division)];
    let (style, rest) = kinds.iter().find_map(|(mark, style)| Some((*style, vocabulary.after_mark(*mark, rest)?)))?;
    let length = text.len() - after_separator(rest).len();
    Some(Numbered { number, style, level: None, length, dotted: false })
}

/// `基本方針1 …`, `施策①:…`, `基本目標Ⅰ …`
fn levelled(text: &str, vocabulary: &Vocabulary) -> Option<Numbered> {
    // 【基本戦略1】滞在型観光の推進
    if let Some(open) =
        text.chars().next().filter(|c| !c.is_alphanumeric() && vocabulary.is_mark_char(Mark::OpenBracket, *c))
    {
        let inner = &text[open.len_utf8()..];
        let (close, c) = inner
            .char_indices()
            .find(|(_, c)| !c.is_alphanumeric() && vocabulary.is_mark_char(Mark::CloseBracket, *c))?;
        let numbered = levelled(inner[..close].trim(), vocabulary)?;
        let rest = &inner[close + c.len_utf8()..];
        let whole = numbered.length >= inner[..close].trim().len() && !rest.trim().is_empty();
        return whole.then(|| Numbered { length: text.len() - after_separator(rest).len(), ..numbered });
    }
    let (level, word, rest) = level_word(text, vocabulary)?;
    let rest = rest.trim_start();
    let (mut number, mut after) = counter(rest)?;
    let mut depth = 1;
    while let Some((part, further)) = after.strip_prefix(is_dash).and_then(|rest| counter(rest.trim_start())) {
        number = format!("{number}-{part}");
        after = further;
        depth += 1;
    }
    // `施策一覧`: a kanji numeral that runs on into a word is part of it
    let kanji = rest.starts_with(|c| kanji_digit(c).is_some());
    if kanji && after.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    // `施策3年目`: a counter that runs on into a word of its own is no number of the level
    if after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let length = text.len() - after_separator(after).len();
    Some(Numbered { number, style: Style::Level(level, depth), level: Some((level, word)), length, dotted: false })
}

/// The level word that a source text begins with, as normalised, and what follows it.
fn level_word<'t>(text: &'t str, vocabulary: &Vocabulary) -> Option<(Level, String, &'t str)> {
    if let Some((level, bytes)) = vocabulary.labels.leading_level(text) {
        return Some((level, text[..bytes].to_owned(), &text[bytes..]));
    }
    // a PDF may print ideographs as radicals
    const LONGEST: usize = 16;
    if text.chars().take(LONGEST).all(|c| characters::unified(c) == c) {
        return None;
    }
    let unified: String = text.chars().take(LONGEST).map(characters::unified).collect();
    let (level, bytes) = vocabulary.labels.leading_level(&unified)?;
    let word = unified[..bytes].to_owned();
    let rest = text.char_indices().nth(word.chars().count()).map_or("", |(at, _)| &text[at..]);
    Some((level, word, rest))
}

fn plain(text: &str) -> Option<Numbered> {
    let first = text.chars().next()?;
    if let Some(number) = circled(first) {
        let mut rest = &text[first.len_utf8()..];
        let mut number = number.to_string();
        let mut depth = 1;
        if let Some((part, further)) = rest.strip_prefix(is_dash).and_then(digits) {
            number = format!("{number}-{part}");
            rest = further;
            depth = 2;
        }
        return Some(numbered(text, rest, number, Style::Circled(depth)));
    }
    if let Some(number) = roman(first) {
        // Ⅰ-1
        let rest = &text[first.len_utf8()..];
        if rest.starts_with(is_dash)
            && let Some(parts) = dashed(text, number.to_owned(), rest).filter(|numbered| numbered.depth() > 1)
        {
            return Some(parts);
        }
        return Some(numbered(text, &text[first.len_utf8()..], number.to_owned(), Style::Roman));
    }
    if first == '(' || first == '\u{ff08}' {
        let inner = &text[first.len_utf8()..];
        let close = inner.find([')', '\u{ff09}'])?;
        let body = inner[..close].trim();
        let rest = &inner[close + inner[close..].chars().next()?.len_utf8()..];
        let (number, style) = parenthesised(body)?;
        return Some(numbered(text, rest, number, style));
    }
    if let Some((number, rest)) = digits(text) {
        return dashed(text, number, rest);
    }
    let rest = &text[first.len_utf8()..];
    // A1, B-2: a letter and a number that stand by themselves (R5 and H30 are years)
    if let Some(letter) =
        fold_letter(first).filter(|c| c.is_ascii_uppercase() && !matches!(c, 'R' | 'H' | 'S' | 'T' | 'M'))
        && let Some((part, after)) = digits(rest.strip_prefix(is_dash).unwrap_or(rest))
        && part.len() <= 2
        && after.chars().next().is_none_or(char::is_whitespace)
    {
        let dash = if rest.starts_with(is_dash) { "-" } else { "" };
        return Some(numbered(text, after, format!("{letter}{dash}{part}"), Style::Letter));
    }
    let separated = rest.starts_with(|c: char| c.is_whitespace() || matches!(c, '.' | ')' | '\u{ff0e}' | '\u{ff09}'));
    if separated && is_kana_counter(first) {
        return Some(numbered(text, rest, first.to_string(), Style::Kana));
    }
    if separated && fold_letter(first).is_some() && !rest.starts_with(char::is_whitespace) {
        return Some(numbered(text, rest, fold_letter(first)?.to_string(), Style::Letter));
    }
    None
}

/// `1`, `1-1`, `1.2`, `1-(1)`, after whose first digits `rest` follows.
fn dashed(text: &str, first: String, mut rest: &str) -> Option<Numbered> {
    let (mut number, mut depth, mut mixed) = (first, 1u8, false);
    let mut dotted = true;
    while let Some(next) = rest.strip_prefix(|c| is_dash(c) || matches!(c, '.' | '\u{ff0e}')) {
        let dashed = rest.starts_with(is_dash);
        if let Some((part, further)) = digits(next) {
            number = format!("{number}-{part}");
            rest = further;
        } else if let Some((part, further)) = in_parentheses(next) {
            number = format!("{number}-({part})");
            rest = further;
            mixed = true;
        } else if let Some(part) = next.chars().next().and_then(circled) {
            number = format!("{number}-{part}");
            rest = &next[next.chars().next()?.len_utf8()..];
        } else {
            break;
        }
        depth += 1;
        dotted &= !dashed;
    }
    if depth == 1
        && let Some((part, further)) = in_parentheses(rest)
    {
        // `1(2)…`
        number = format!("{number}-({part})");
        (rest, depth, mixed) = (further, 2, true);
    }
    let separator = rest.chars().next();
    let separated = separator.is_none_or(|c| c.is_whitespace() || is_separator(c));
    let date_like = number.split('-').any(|part| part.trim_matches(['(', ')']).len() > 3);
    // a single number needs something behind it that parts it from the words (`10年後` is no number); so does one
    // whose last part runs into a unit, but `1-1行政` is how converters print a heading
    let closed = text[..text.len() - rest.len()].ends_with([')', '\u{ff09}']);
    let parted = separated || closed || (depth > 1 && separator.is_some_and(|c| !c.is_ascii() && !is_unit_like(c)));
    if !parted || date_like || rest.starts_with(['%', '/', ',']) {
        return None;
    }
    let style = if mixed { Style::Mixed } else { Style::Plain(depth) };
    Some(Numbered { dotted: dotted && depth > 1 && !mixed, ..numbered(text, rest, number, style) })
}

fn in_parentheses(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix(['(', '\u{ff08}'])?;
    let (part, rest) = digits(inner.trim_start())?;
    Some((part, rest.trim_start().strip_prefix([')', '\u{ff09}'])?))
}

fn parenthesised(body: &str) -> Option<(String, Style)> {
    if let Some((number, "")) = digits(body) {
        return (number.len() <= 2).then(|| (format!("({number})"), Style::Parenthesised));
    }
    let mut chars = body.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if is_kana_counter(c) => Some((c.to_string(), Style::Kana)),
        (Some(c), None) if kanji_digit(c).is_some() => Some((format!("({})", kanji_digit(c)?), Style::Parenthesised)),
        (Some(c), None) => Some((fold_letter(c)?.to_string(), Style::Letter)),
        _ => None,
    }
}

fn numbered(text: &str, rest: &str, number: String, style: Style) -> Numbered {
    Numbered { number, style, level: None, length: text.len() - after_separator(rest).len(), dotted: false }
}

/// What follows the white space and punctuation behind a number.
fn after_separator(rest: &str) -> &str {
    let trimmed = rest.trim_start();
    trimmed.strip_prefix(is_separator).unwrap_or(trimmed).trim_start()
}

fn is_separator(c: char) -> bool {
    matches!(c, '.' | ')' | ':' | '\u{ff0e}' | '\u{ff09}' | '\u{ff1a}' | '\u{3001}' | '|')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' | '\u{30fc}' | '\u{ff70}')
}

/// Characters that make `2-3日` a figure rather than a heading.
fn is_unit_like(c: char) -> bool {
    matches!(c, '%' | '\u{ff05}' | '\u{ff5e}' | '\u{301c}')
}

/// ASCII or full-width digits at the start of a text, folded.
fn digits(text: &str) -> Option<(String, &str)> {
    let end = text.find(|c: char| fold_digit(c).is_none()).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].chars().filter_map(fold_digit).collect(), &text[end..]))
}

/// Any counter: digits, ①, Ⅰ, 一, (1).
fn counter(text: &str) -> Option<(String, &str)> {
    if let Some(found) = digits(text) {
        return Some(found);
    }
    if let Some((part, rest)) = in_parentheses(text) {
        return Some((part, rest));
    }
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    if let Some(number) = circled(first) {
        return Some((number.to_string(), rest));
    }
    if let Some(number) = roman(first) {
        return Some((number.to_owned(), rest));
    }
    if let Some(letter) = fold_letter(first).filter(|_| !rest.starts_with(|c| fold_letter(c).is_some())) {
        return Some((letter.to_string(), rest));
    }
    let end = text.find(|c: char| kanji_digit(c).is_none()).unwrap_or(text.len());
    let mut value = 0;
    for c in text[..end].chars() {
        let digit = kanji_digit(c)?;
        value = match digit {
            10 => value.max(1) * 10,
            _ if value % 10 == 0 => value + digit,
            _ => return None,
        };
    }
    (value > 0 && value < 100).then(|| (value.to_string(), &text[end..]))
}

fn fold_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '\u{ff10}'..='\u{ff19}' => char::from_digit(c as u32 - 0xff10, 10),
        _ => None,
    }
}

fn fold_letter(c: char) -> Option<char> {
    match c {
        'A'..='Z' | 'a'..='z' => Some(c),
        '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => char::from_u32(c as u32 - 0xfee0),
        _ => None,
    }
}

/// ① to ㊿ and ❶ to ❿ (Unicode Enclosed Alphanumerics, Enclosed CJK, Dingbats).
pub(super) fn circled(c: char) -> Option<u32> {
    let c = c as u32;
    match c {
        0x2460..=0x2473 => Some(c - 0x2460 + 1),
        0x3251..=0x325f => Some(c - 0x3251 + 21),
        0x32b1..=0x32bf => Some(c - 0x32b1 + 36),
        0x2776..=0x277f => Some(c - 0x2776 + 1),
        _ => None,
    }
}

const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

/// Ⅰ to Ⅻ and their small forms, in ASCII letters.
fn roman(c: char) -> Option<&'static str> {
    let c = c as u32;
    match c {
        0x2160..=0x216b => Some(ROMAN[(c - 0x2160) as usize]),
        0x2170..=0x217b => Some(ROMAN[(c - 0x2170) as usize]),
        _ => None,
    }
}

/// Katakana letters, which count paragraphs in public documents.
fn is_kana_counter(c: char) -> bool {
    matches!(c, '\u{30a2}'..='\u{30f3}')
}

/// 一 to 十.
fn kanji_digit(c: char) -> Option<u32> {
    Some(match c as u32 {
        0x4e00 => 1,
        0x4e8c => 2,
        0x4e09 => 3,
        0x56db => 4,
        0x4e94 => 5,
        0x516d => 6,
        0x4e03 => 7,
        0x516b => 8,
        0x4e5d => 9,
        0x5341 => 10,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_numbers() {
        let vocabulary = Vocabulary::built_in();
        for (text, number, rest) in [
            ("第2章 計画の概要", "2", "計画の概要"),
            ("第十二章　資料", "12", "資料"),
            ("基本方針1 市民", "1", "市民"),
            ("基本\u{2f45}針2 産業", "2", "産業"),
            ("基本目標Ⅱ：未来", "II", "未来"),
            ("基本目標二　未来", "2", "未来"),
            ("施策①：窓口", "1", "窓口"),
            ("施策1-2 窓口", "1-2", "窓口"),
            ("【基本戦略１】滞在型観光の推進", "1", "滞在型観光の推進"),
            ("＜施策2-1＞ 窓口", "2-1", "窓口"),
            ("1-1行政手続", "1-1", "行政手続"),
            ("Ⅱ－2 担い手の育成", "II-2", "担い手の育成"),
            ("１－１－２　相談", "1-1-2", "相談"),
            ("1-(1) 普及", "1-(1)", "普及"),
            ("(1)策定の趣旨", "(1)", "策定の趣旨"),
            ("⑩-1 市民", "10-1", "市民"),
            ("① 概要", "1", "概要"),
            ("01 収納", "01", "収納"),
            ("1. 概要", "1", "概要"),
            ("(ア) 目的", "ア", "目的"),
            ("Ⅲ 推進", "III", "推進"),
        ] {
            let found = leading(text, &vocabulary).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.number.as_str(), &text[found.length..]), (number, rest), "{text}");
        }
        for text in [
            "10年後の姿",
            "3か月以内に",
            "2021年度",
            "50%",
            "1,000件",
            "概要",
            "令和5年度",
            "施策の内容",
            "施策一覧",
            "取組一体化",
            "2-3日",
        ] {
            assert_eq!(leading(text, &vocabulary).filter(|n| n.depth() == 1), None, "{text}");
        }
    }
}
