//! Characters: widths, radicals, spaces. The contract's "Text in records", in one pass without a map of offsets.

use super::radicals;

/// The contract's normalised form of a text.
///
/// Full-width ASCII becomes half-width, half-width katakana full-width with its voiced marks composed, a radical the
/// ideograph it shows. Invisible characters go, white space becomes single spaces and none at all between a CJK
/// character and a Latin letter or digit; a letter-spaced word (`概　要`) is closed up. Everything else stays:
/// circled numbers, units in one character (㎡), variants and their selectors (葛󠄀), and a full-width `，` or `．` that
/// serves as Japanese punctuation. Folding twice gives the same as folding once.
pub fn fold(raw: &str) -> String {
    squeeze(raw, false)
}

/// The normalised form of a title or name: as [`fold`], and a space between two CJK characters goes too.
pub fn name(text: &str) -> String {
    squeeze(text, true)
}

/// Two lines that a soft wrap parted, as one: with a space between Latin words, else without.
pub fn join(first: &str, second: &str) -> String {
    let mut joined = String::with_capacity(first.len() + second.len() + 1);
    joined.push_str(first);
    push_joined(&mut joined, second);
    joined
}

/// Appends the next line after a soft wrap; see [`join`].
pub fn push_joined(text: &mut String, line: &str) {
    let line = line.trim_start();
    text.truncate(text.trim_end().len());
    if let (Some(last), Some(first)) = (text.chars().next_back(), line.chars().next()) {
        let closes_word = kind(last) == Kind::Latin || matches!(last, ',' | '.' | ';' | ':' | '!' | '?' | ')' | '&');
        let opens_word = kind(first) == Kind::Latin || matches!(first, '(' | '&');
        if closes_word && opens_word && (kind(last) == Kind::Latin || kind(first) == Kind::Latin) {
            text.push(' ');
        }
    }
    text.push_str(line);
}

/// The half-width form of a full-width ASCII character, else the character itself. Unlike [`fold`] it looks at one
/// character only, so the full-width tilde stays (it is a wave dash) and `，` becomes a comma everywhere.
pub fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5D}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// The ideograph that a radical shows, else the character itself.
pub fn unified(c: char) -> char {
    radicals::ideograph(c).unwrap_or(c)
}

/// [`char::is_alphanumeric`], quick for the characters of Japanese text.
pub fn is_alphanumeric(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | '\u{4e00}'..='\u{9fff}') || c.is_alphanumeric()
}

/// Whether a character is written without spaces around it: ideographs, kana and their punctuation.
pub fn is_cjk(c: char) -> bool {
    kind(c) == Kind::Cjk
}

/// What a character is to the space beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Latin,
    Cjk,
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        '\0'..='\u{7F}' if c.is_ascii_alphanumeric() => Kind::Latin,
        '\0'..='\u{A0}' => Kind::Other,
        '\u{3001}'..='\u{303F}' => Kind::Cjk,
        // The middle dot joins as much as it parts, a voiced mark alone is no letter: a space beside them is kept.
        '\u{30FB}' | '\u{3099}'..='\u{309C}' => Kind::Other,
        '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' => {
            Kind::Cjk
        }
        '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '\u{2E80}'..='\u{2FDF}' => Kind::Cjk,
        '，' | '．' => Kind::Cjk,
        // ① and ㎡ are numbers and letters to Unicode, but no words.
        '\u{2000}'..='\u{33FF}' => Kind::Other,
        _ if c.is_alphanumeric() => Kind::Latin,
        _ => Kind::Other,
    }
}

/// What becomes of a character before its neighbours are looked at.
enum Fate {
    Keep(char),
    Space,
    Drop,
}

fn fate(c: char) -> Fate {
    match c {
        '\u{21}'..='\u{7E}' => Fate::Keep(c),
        ' ' | '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{A0}' => Fate::Space,
        '\u{3001}'..='\u{301B}' | '\u{3041}'..='\u{9FFF}' => Fate::Keep(c),
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{AD}' => Fate::Drop,
        '\u{3000}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' => {
            Fate::Space
        }
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => Fate::Drop,
        // Interlinear annotation and object marks that converters leave behind.
        '\u{FFF9}'..='\u{FFFC}' => Fate::Drop,
        // The same wave dash, as JIS X 0208 tables other than Windows' decode it.
        '\u{301C}' | '\u{223C}' => Fate::Keep('～'),
        '\u{FF5E}' => Fate::Keep(c),
        '\u{FF01}'..='\u{FF5D}' => Fate::Keep(narrow(c)),
        '\u{FF61}'..='\u{FF9F}' => Fate::Keep(radicals::full_kana(c).unwrap_or(c)),
        '\u{2E80}'..='\u{2FD5}' => Fate::Keep(radicals::ideograph(c).unwrap_or(c)),
        '￠' => Fate::Keep('¢'),
        '￡' => Fate::Keep('£'),
        '￢' => Fate::Keep('¬'),
        '￥' => Fate::Keep('¥'),
        '￩' => Fate::Keep('←'),
        '￪' => Fate::Keep('↑'),
        '￫' => Fate::Keep('→'),
        '￬' => Fate::Keep('↓'),
        '￭' => Fate::Keep('■'),
        '￮' => Fate::Keep('○'),
        _ => Fate::Keep(c),
    }
}

/// Kana with a voiced (゛) or semi-voiced (゜) mark, composed.
fn voiced(kana: char, mark: char) -> Option<char> {
    let next = |by: u32| char::from_u32(u32::from(kana) + by);
    let mark = match mark {
        '\u{3099}' => '゛',
        '\u{309A}' => '゜',
        _ => mark,
    };
    match (mark, kana) {
        ('゛', 'ウ') => Some('ヴ'),
        ('゛', 'う') => Some('ゔ'),
        ('゛', 'ワ') => Some('ヷ'),
        ('゛', 'ヲ') => Some('ヺ'),
        ('゛', 'ゝ' | 'ヽ') => next(1),
        (
            '゛',
            'か' | 'き' | 'く' | 'け' | 'こ' | 'さ' | 'し' | 'す' | 'せ' | 'そ' | 'た' | 'ち' | 'つ' | 'て' | 'と',
        ) => next(1),
        (
            '゛',
            'カ' | 'キ' | 'ク' | 'ケ' | 'コ' | 'サ' | 'シ' | 'ス' | 'セ' | 'ソ' | 'タ' | 'チ' | 'ツ' | 'テ' | 'ト',
        ) => next(1),
        ('゛', 'は' | 'ひ' | 'ふ' | 'へ' | 'ほ' | 'ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ') => next(1),
        ('゜', 'は' | 'ひ' | 'ふ' | 'へ' | 'ほ' | 'ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ') => next(2),
        _ => None,
    }
}

/// Whether a character only modifies the one before it: variation selectors, combining marks.
fn modifies(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{20D0}'..='\u{20FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// The first character of what follows that will be printed, and whether white space stands before it.
fn next_printed(rest: &str) -> Option<(char, bool)> {
    let mut spaced = false;
    for c in rest.chars() {
        match fate(c) {
            Fate::Keep(c) => return Some((c, spaced)),
            Fate::Space => spaced = true,
            Fate::Drop => {}
        }
    }
    None
}

/// Whether the character before `rest` is a word of its own: what follows is white space or nothing.
fn ends_word(rest: &str) -> bool {
    for c in rest.chars() {
        match fate(c) {
            Fate::Keep(c) if modifies(c) || is_voiced_mark(c) => {}
            Fate::Keep(_) => return false,
            Fate::Space => return true,
            Fate::Drop => {}
        }
    }
    true
}

fn squeeze(raw: &str, close: bool) -> String {
    let mut out = String::with_capacity(raw.len());
    // The last character in `out` that is no modifier, and whether it is a word of its own so far.
    let mut last: Option<char> = None;
    let mut alone = false;
    // How many letters have been words of their own up to here, digits between them not counted.
    let mut letters = 0;
    let mut spaced = false;
    let mut at = 0;
    while let Some(source) = raw[at..].chars().next() {
        let plain = plain_run(&raw.as_bytes()[at..]);
        let (c, end) = if plain > 0 {
            (source, at + plain)
        } else {
            let end = at + source.len_utf8();
            match fate(source) {
                Fate::Space => {
                    spaced = true;
                    at = end;
                    continue;
                }
                Fate::Drop => {
                    at = end;
                    continue;
                }
                Fate::Keep(c) if modifies(c) && !spaced && last.is_some() => {
                    out.push(c);
                    at = end;
                    continue;
                }
                Fate::Keep(_) if is_japanese_punctuation(source, last, &raw[end..]) => (source, end),
                Fate::Keep(c) => (c, end),
            }
        };
        if is_voiced_mark(c) && !spaced {
            let kana = last.filter(|&kana| out.ends_with(kana));
            if let Some(composed) = kana.and_then(|kana| voiced(kana, c)) {
                out.pop();
                out.push(composed);
                last = Some(composed);
                at = end;
                continue;
            }
        }
        if let Some(last) = last.filter(|_| spaced) {
            letters = match alone {
                true if is_letter(last) => letters + 1,
                true if last.is_ascii_digit() => letters,
                _ => 0,
            };
            let rest = &raw[at + source.len_utf8()..];
            let keep = match (kind(last), kind(c)) {
                (Kind::Latin, Kind::Cjk) | (Kind::Cjk, Kind::Latin) => false,
                (Kind::Cjk, Kind::Cjk) => {
                    let letter_spaced = alone && is_letter(last) && is_letter(c) && ends_word(rest);
                    !close && !letter_spaced
                }
                // 令 和 1 0 年
                (Kind::Latin, Kind::Latin) if letters >= 2 && last.is_ascii_digit() && c.is_ascii_digit() => {
                    !(alone && ends_word(rest))
                }
                _ => true,
            };
            if keep {
                out.push(' ');
            }
        }
        let starts_word = last.is_none() || spaced;
        spaced = false;
        if plain > 0 {
            let run = &raw[at..end];
            out.push_str(run);
            last = run.chars().next_back();
            alone = starts_word && run.len() == source.len_utf8();
        } else {
            out.push(c);
            last = Some(c);
            alone = starts_word;
        }
        at = end;
    }
    out
}

/// Length in bytes of the ASCII, kana, ideographs and CJK punctuation at the start of a text: what folding leaves as it is. Reads UTF-8 by lead byte, so that long texts are copied and not looked at twice.
fn plain_run(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match bytes[at..] {
            [0x21..=0x7E, ..] => at += 1,
            // One space between words of ASCII
            [b' ', next @ 0x21..=0x7E, ..] if at > 0 && is_plain_pair(bytes[at - 1], next) => at += 2,
            // U+4000 to U+9FFF
            [0xE4..=0xE9, _, _, ..] => at += 3,
            // U+3001 to U+301B, and kana but for the voiced marks U+3099 to U+309C
            [0xE3, 0x80, 0x81..=0x9B, ..] | [0xE3, 0x81, 0x81..=0xBF, ..] | [0xE3, 0x83, _, ..] => at += 3,
            [0xE3, 0x82, 0x80..=0x98 | 0x9D..=0xBF, ..] => at += 3,
            _ => return at,
        }
    }
}

/// Whether the space between two characters of ASCII stays in any case: between digits it may be letter spacing.
fn is_plain_pair(before: u8, after: u8) -> bool {
    before.is_ascii_graphic() && !(before.is_ascii_digit() && after.is_ascii_digit())
}

fn is_voiced_mark(c: char) -> bool {
    matches!(c, '゛' | '゜' | '\u{3099}' | '\u{309A}')
}

/// Whether a full-width `，` or `．` is punctuation of Japanese text rather than part of a number, a Latin word or a
/// numbered label.
fn is_japanese_punctuation(source: char, before: Option<char>, rest: &str) -> bool {
    if !matches!(source, '，' | '．') {
        return false;
    }
    let Some(before) = before.filter(char::is_ascii_alphanumeric) else { return true };
    let after = next_printed(rest).is_some_and(|(c, _)| c.is_ascii_alphanumeric());
    !(after || source == '．' && before.is_ascii_digit())
}

fn is_letter(c: char) -> bool {
    kind(c) == Kind::Cjk && !matches!(c, '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{303F}' | '，' | '．')
}
