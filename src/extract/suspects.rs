//! Characters of a foreign script inside a Japanese word: what recognition and conversion leave behind (デバйд).
//!
//! A foreign character is suspect only where it cannot be meant: few of them, directly beside Japanese letters. A
//! phrase in another language, a Greek letter as a symbol (α版), a symbol or an emoticon is none. Variants of kanji
//! (髙, 﨑) are Japanese.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Block, Document, Table, Text};
use crate::vocabulary::{PlanWord, Vocabulary, is_simplified};
use std::ops::Range;

/// At most so many are reported of one document; a text that decodes to garbage would fill the record.
const LIMIT: usize = 100;
/// From so many letters on, a foreign run or phrase is one that somebody wrote.
const PHRASE: usize = 4;
/// Letters of the word around a suspect that a message quotes on either side.
const QUOTED: usize = 12;

/// Reports every suspect character, in document order, up to a limit.
pub fn characters(document: &Document, vocabulary: &Vocabulary, diagnostics: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    for block in document.blocks() {
        match block {
            Block::Heading(heading) => text(&heading.text, vocabulary, &mut found),
            Block::Paragraph(paragraph) | Block::Contents(paragraph) => text(&paragraph.text, vocabulary, &mut found),
            Block::Table(inner) => table(inner, vocabulary, &mut found),
        }
        if found.len() >= LIMIT {
            break;
        }
    }
    found.truncate(LIMIT);
    diagnostics.append(&mut found);
}

fn table(table_: &Table, vocabulary: &Vocabulary, found: &mut Vec<Diagnostic>) {
    for cell in &table_.cells {
        text(&cell.text, vocabulary, found);
        for nested in &cell.nested {
            table(nested, vocabulary, found);
        }
        if found.len() >= LIMIT {
            return;
        }
    }
    for overlay in table_.overlays.iter().filter_map(|overlay| overlay.text.as_ref()) {
        text(overlay, vocabulary, found);
    }
}

fn text(text: &Text, vocabulary: &Vocabulary, found: &mut Vec<Diagnostic>) {
    for line in &text.lines {
        let messages = suspects(&line.text, vocabulary).take(LIMIT.saturating_sub(found.len()));
        found
            .extend(messages.map(|message| Diagnostic::new(Code::SuspectCharacter, message, Some(line.place.clone()))));
    }
}

/// What a character that Japanese text has no use for belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Devanagari,
    Thai,
    Hangul,
    Bopomofo,
    Simplified,
    Private,
    Replacement,
}

impl Script {
    fn name(self) -> &'static str {
        match self {
            Script::Greek => "Greek",
            Script::Cyrillic => "Cyrillic",
            Script::Hebrew => "Hebrew",
            Script::Arabic => "Arabic",
            Script::Devanagari => "Devanagari",
            Script::Thai => "Thai",
            Script::Hangul => "Hangul",
            Script::Bopomofo => "Bopomofo",
            Script::Simplified => "simplified Chinese",
            Script::Private => "private use",
            Script::Replacement => "replacement character",
        }
    }
}

fn script(c: char) -> Option<Script> {
    match u32::from(c) {
        0..=0x36F | 0x3041..=0x3104 => None,
        0x4E00..=0x9FFF => is_simplified(c).then_some(Script::Simplified),
        0x370..=0x3FF => Some(Script::Greek),
        0x400..=0x52F => Some(Script::Cyrillic),
        0x5D0..=0x5EA => Some(Script::Hebrew),
        0x620..=0x64A | 0x66E..=0x6D3 => Some(Script::Arabic),
        0x904..=0x97F => Some(Script::Devanagari),
        0xE01..=0xE5B => Some(Script::Thai),
        0x1100..=0x11FF | 0x3131..=0x318E | 0xAC00..=0xD7A3 => Some(Script::Hangul),
        0x3105..=0x312F => Some(Script::Bopomofo),
        0xE000..=0xF8FF | 0xF_0000..=0x10_FFFD => Some(Script::Private),
        0xFFFD => Some(Script::Replacement),
        _ => None,
    }
}

/// A message for each run of suspect characters of a line.
fn suspects(line: &str, vocabulary: &Vocabulary) -> impl Iterator<Item = String> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let (offset, first) = line[from..].char_indices().find(|(_, c)| script(*c).is_some())?;
            let script = script(first)?;
            let start = from + offset;
            let length = line[start..].find(|c| self::script(c) != Some(script)).unwrap_or(line.len() - start);
            from = start + length;
            if is_suspect(line, start..from, script, vocabulary) {
                return Some(message(line, start..from, script));
            }
        }
    })
}

fn is_suspect(line: &str, run: Range<usize>, script: Script, vocabulary: &Vocabulary) -> bool {
    let before = line[..run.start].chars().next_back();
    let after = line[run.end..].chars().next();
    let either = |test: fn(char) -> bool| before.is_some_and(test) || after.is_some_and(test);
    let both = |test: fn(char) -> bool| before.is_some_and(test) && after.is_some_and(test);
    match script {
        Script::Replacement => either(is_japanese),
        // Alone beside a word it is a bullet or a sign of a symbol font.
        Script::Private => both(is_japanese),
        Script::Greek => line[run].chars().all(|c| !is_greek_symbol(c)) && both(is_kana),
        Script::Simplified => is_odd_ideograph(line, run, vocabulary),
        _ => {
            let beside = both(is_japanese)
                || either(|c| is_japanese(c) && !is_hiragana(c))
                || script == Script::Cyrillic && either(|c| c.is_ascii_alphabetic());
            beside && !in_phrase(line, run, script)
        }
    }
}

/// Whether a run belongs to a phrase of its script, over spaces and marks.
fn in_phrase(line: &str, run: Range<usize>, script: Script) -> bool {
    let of_phrase = |c: &char| self::script(*c) == Some(script) || !c.is_alphanumeric();
    let before = line[..run.start].chars().rev().take(2 * PHRASE).take_while(of_phrase);
    let after = line[run.start..].chars().take_while(of_phrase).take(3 * PHRASE);
    before.chain(after).filter(|c| self::script(*c) == Some(script)).count() >= PHRASE
}

/// Whether simplified ideographs are damage of a Japanese word rather than Chinese.
fn is_odd_ideograph(line: &str, run: Range<usize>, vocabulary: &Vocabulary) -> bool {
    let word = word(line, run);
    let length = word.chars().count();
    let simplified = word.chars().filter(|&c| is_simplified(c)).count();
    let plausible = if word.contains(is_kana) { simplified <= 2 } else { simplified == 1 && (2..=6).contains(&length) };
    plausible
        && simplified < length
        && !vocabulary.plan.words(PlanWord::ForeignWord).iter().any(|foreign| word.contains(foreign))
}

fn message(line: &str, run: Range<usize>, script: Script) -> String {
    let shown: String = line[run.clone()].chars().take(QUOTED).collect();
    let codes: String = shown.chars().map(|c| format!("U+{:04X} ", u32::from(c))).collect();
    format!("\"{shown}\" ({codes}{}) in \"{}\"", script.name(), word(line, run))
}

/// The word around a run: Japanese and Latin letters and digits, so many on either side as a message quotes.
fn word(line: &str, run: Range<usize>) -> &str {
    let of_word = |c: &char| is_japanese(*c) || c.is_ascii_alphanumeric() || script(*c).is_some();
    let size = |c: char| c.len_utf8();
    let before: usize = line[..run.start].chars().rev().take(QUOTED).take_while(of_word).map(size).sum();
    let after: usize = line[run.start..].chars().take_while(of_word).take(3 * QUOTED).map(size).sum();
    &line[run.start - before..run.start + after]
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}')
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{30FC}')
}

fn is_japanese(c: char) -> bool {
    is_kana(c)
        || matches!(c, '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
        || matches!(c, '\u{4E00}'..='\u{9FFF}') && !is_simplified(c)
}

/// Whether a Greek letter serves as a symbol: those that look like no Latin letter.
fn is_greek_symbol(c: char) -> bool {
    !matches!(
        c,
        'Α' | 'Β'
            | 'Ε'
            | 'Ζ'
            | 'Η'
            | 'Ι'
            | 'Κ'
            | 'Μ'
            | 'Ν'
            | 'Ο'
            | 'Ρ'
            | 'Τ'
            | 'Υ'
            | 'Χ'
            | 'ι'
            | 'κ'
            | 'ν'
            | 'ο'
            | 'υ'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Page, Paragraph, Place};
    use crate::normalise;

    fn found(line: &str) -> Vec<String> {
        let paragraph = Paragraph { text: Text::line(line, Place::line(3)) };
        let page = Page { number: 1, blocks: vec![Block::Paragraph(paragraph)], ..Page::default() };
        let mut document = Document { pages: vec![page], ..Document::default() };
        normalise::document(&mut document);
        let mut diagnostics = Vec::new();
        characters(&document, &Vocabulary::built_in(), &mut diagnostics);
        assert!(diagnostics.iter().all(|one| one.code == Code::SuspectCharacter && one.at == Some(Place::line(3))));
        diagnostics.into_iter().map(|one| one.message).collect()
    }

    #[test]
    fn a_foreign_letter_in_a_japanese_word_is_suspect() {
        for (line, count) in [
            ("デジタルデバйд対策", 1),
            ("セキュリтィ研修", 1),
            ("セキュリтィ研修とサーбス改善", 2),
            ("ВPRの推進", 1),
            ("窓口サー비ス", 1),
            ("環境й", 1),
            ("オンライنン申請", 1),
            ("ㄧ般会計", 1),
            ("业務の見直し", 1),
            ("見直し计画", 1),
            ("計画の进捗を管理", 1),
            ("市民サ\u{FFFD}ビス", 1),
            ("高\u{E123}市", 1),
            ("サービΖス", 1),
            ("デバйд\u{3000}デバйд", 2),
        ] {
            assert_eq!(found(line).len(), count, "{line}: {:?}", found(line));
        }
        assert_eq!(found("(2)デジタルデバйд対策"), [r#""йд" (U+0439 U+0434 Cyrillic) in "デジタルデバйд対策""#]);
    }

    #[test]
    fn what_is_meant_is_not_suspect() {
        for line in [
            "α版のリリース",
            "プラスαの取組",
            "含有量は5μg以下",
            "ΔTとΣ値",
            "ロシア語(Привет)で案内",
            "Москва市との交流",
            "ロシアのДа свидания運動",
            "顔文字(゜Д゜)",
            "Д",
            "☆重点 ○継続 ★新規",
            "髙橋﨑雄𠮷野",
            "英語、简体中文、한국어で案内",
            "中国語(简体字)",
            "请在这里办理手续",
            "한국어の案内",
            "ภาษาไทยでの案内",
            "\u{F06C}市民サービス",
            "日本 \u{FFFD} ",
            "①～⑩ ㎡ ℃ № ㈱",
        ] {
            assert_eq!(found(line), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn a_document_of_garbage_is_reported_up_to_a_limit() {
        assert_eq!(found(&"サйビス、".repeat(10_000)).len(), LIMIT);
    }
}
