//! What stands behind a figure: its unit, its comparator, and words that change nothing.

use super::quantity::Reading;
use crate::normalise::scan::Cursor;
use crate::record::Comparator;
use crate::vocabulary::{ValueIndex, ValueWord};
use std::ops::Range;

/// Characters that a unit not in the vocabulary may have.
const LONGEST: usize = 8;
/// In running text, where words follow each other without a mark, it must be shorter.
const LONGEST_IN_PROSE: usize = 4;

/// What stands behind a unit.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Behind {
    pub comparator: Option<Comparator>,
    /// `/年`
    pub per: Option<Range<usize>>,
    /// Insides of parentheses.
    pub parentheses: Vec<Range<usize>>,
    /// Where the comparator and what is before it ends.
    pub core_end: usize,
    /// Where all of it ends.
    pub end: usize,
    /// Whether no word goes on from there.
    pub complete: bool,
}

/// Where the unit behind a figure ends (none where there is none), and what stands behind it.
///
/// Of the units that are possible the first is taken that leaves no half word behind: one of the vocabulary, else the
/// longest run of ideographs that looks like one, else none. Where every choice leaves one, the vocabulary's is taken.
pub(super) fn read(after: Cursor, words: &ValueIndex, reading: Reading) -> (Option<usize>, Behind) {
    let known = known(after, words).map(|end| (end, read_behind(at(after, end), words, reading)));
    if let Some((end, behind)) = &known
        && behind.complete
    {
        return (Some(*end), behind.clone());
    }
    let bare = read_behind(after, words, reading);
    for end in open(after, words, reading) {
        let behind = read_behind(at(after, end), words, reading);
        if behind.complete {
            return (Some(end), behind);
        }
    }
    match known {
        // In running text the first ideograph of a word is no unit (1市民).
        Some((end, behind)) if reading == Reading::Cell || !begins_word(after, end) => (Some(end), behind),
        _ => (None, bare),
    }
}

/// Whether a unit is one ideograph and more behind it make a noun of it (1市民); a verb may follow (3名除く).
fn begins_word(after: Cursor, end: usize) -> bool {
    let unit = &after.text()[after.at..end];
    let mut behind = after.text()[end..].chars();
    let verb = behind.next().is_some_and(is_unit_letter) && behind.next().is_some_and(goes_on_verb);
    unit.chars().count() == 1 && unit.starts_with(is_unit_letter) && !verb
}

/// Whether a hiragana behind an ideograph goes on with a verb rather than being a particle.
fn goes_on_verb(c: char) -> bool {
    ('ぁ'..='ゖ').contains(&c) && !PARTICLES.contains(c)
}

fn at<'t>(cursor: Cursor<'t>, at: usize) -> Cursor<'t> {
    Cursor::new(cursor.text(), at)
}

/// Particles: hiragana behind an ideograph that end a word, where others would go on with it (名を, but 除く).
const PARTICLES: &str = "をはがのにでとへもやまかよ";

/// The end of the vocabulary's unit at the cursor.
fn known(mut cursor: Cursor, words: &ValueIndex) -> Option<usize> {
    let spaced = cursor.peek().is_some_and(char::is_whitespace);
    let word = cursor.eat_any(words.words(ValueWord::Unit))?;
    if spaced && word.starts_with(is_word_letter) && !word.is_ascii() {
        return None;
    }
    let letter = word.ends_with(|c: char| c.is_ascii_alphabetic());
    (!(letter && cursor.peek().is_some_and(|c| c.is_ascii_alphanumeric()))).then_some(cursor.at)
}

/// Ends of what may be a unit though no vocabulary has it, longest first.
fn open(cursor: Cursor, words: &ValueIndex, reading: Reading) -> Vec<usize> {
    let most = if reading == Reading::Cell { LONGEST } else { LONGEST_IN_PROSE };
    let mut ends = Vec::new();
    let mut ahead = cursor;
    while ends.len() <= most && ahead.peek().is_some_and(is_unit_letter) && !at_stop(&ahead, words) {
        ahead.next();
        ends.push(ahead.at);
    }
    // A run that is longer is a clause, and no part of it is known to be a unit.
    if ends.len() > most && reading == Reading::Prose {
        return Vec::new();
    }
    ends.truncate(most);
    if reading == Reading::Prose && ahead.peek().is_some_and(goes_on_verb) {
        // The last ideograph begins a verb.
        ends.pop();
    }
    ends.retain(|end| {
        let unit = &cursor.text()[cursor.at..*end];
        let other = [
            ValueWord::Tail,
            ValueWord::Deed,
            ValueWord::Counted,
            ValueWord::About,
            ValueWord::AtLeast,
            ValueWord::AtMost,
            ValueWord::LessThan,
            ValueWord::MoreThan,
            ValueWord::Ordinal,
            ValueWord::OfWhole,
            ValueWord::BeforeAbout,
            ValueWord::BeforeAtLeast,
            ValueWord::BeforeAtMost,
        ];
        words.words(ValueWord::NoUnit).at_end_of(unit).is_none()
            && !other.iter().any(|word| words.words(*word).contains(unit))
    });
    ends.reverse();
    ends
}

/// Ideographs, katakana and Latin letters other than ASCII, of which units are made.
fn is_unit_letter(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー' | '々' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '\u{3380}'..='\u{33DF}')
}

fn at_stop(cursor: &Cursor, words: &ValueIndex) -> bool {
    words.words(ValueWord::UnitStop).at_start_of(cursor.rest()).is_some()
}

/// Whether what stands behind a figure makes it an ordinal: a word for one that is no part of a unit (2期, but 2期間).
pub(super) fn is_ordinal(cursor: Cursor, words: &ValueIndex) -> bool {
    let ordinal = words.words(ValueWord::Ordinal).at_start_of(cursor.rest());
    let unit = words.words(ValueWord::Unit).at_start_of(cursor.rest());
    ordinal.is_some_and(|ordinal| unit.is_none_or(|unit| unit.len() < ordinal.len()))
}

/// Whether a sign is a dash, which also joins.
pub(super) fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '‐' | '–' | '—' | '―' | '−' | 'ー' | '─' | '━')
}

const COMPARATORS: [(ValueWord, Comparator); 5] = [
    (ValueWord::AtLeast, Comparator::Ge),
    (ValueWord::AtMost, Comparator::Le),
    (ValueWord::MoreThan, Comparator::Gt),
    (ValueWord::LessThan, Comparator::Lt),
    (ValueWord::About, Comparator::Approx),
];

fn read_behind(after: Cursor, words: &ValueIndex, reading: Reading) -> Behind {
    let mut behind = Behind {
        comparator: None,
        per: None,
        parentheses: Vec::new(),
        core_end: after.at,
        end: after.at,
        complete: false,
    };
    let mut cursor = after;
    let mut deed = false;
    loop {
        if behind.comparator.is_none()
            && let Some(comparator) = eat_comparator(&mut cursor, words)
        {
            behind.comparator = Some(comparator);
            behind.core_end = cursor.at;
        } else if behind.per.is_none()
            && let Some(per) = eat_per(&mut cursor, words, reading)
        {
            behind.per = Some(per);
            behind.core_end = cursor.at;
        } else if reading == Reading::Prose {
            break;
        } else if cursor.eat_any(words.words(ValueWord::Tail)).is_some() {
        } else if !deed && cursor.eat_any(words.words(ValueWord::Deed)).is_some() {
            deed = true;
        } else {
            let mut ahead = cursor;
            ahead.skip_space();
            let Some(inside) = eat_parenthesis(&mut ahead) else { break };
            behind.parentheses.push(inside);
            cursor = ahead;
        }
    }
    behind.end = cursor.at;
    behind.complete = match (cursor.peek(), reading) {
        (None, _) => true,
        (Some(c), Reading::Cell) => !is_word_letter(c),
        (Some(c), Reading::Prose) => {
            let goes_on =
                [ValueWord::Tail, ValueWord::Deed, ValueWord::NoUnit, ValueWord::UnitStop, ValueWord::OfWhole];
            !is_unit_letter(c) && !c.is_ascii_alphanumeric()
                || goes_on.iter().any(|word| words.words(*word).at_start_of(cursor.rest()).is_some())
        }
    };
    behind
}

fn is_word_letter(c: char) -> bool {
    is_unit_letter(c) || matches!(c, 'ぁ'..='ゖ') || c.is_ascii_alphanumeric()
}

fn eat_comparator(cursor: &mut Cursor, words: &ValueIndex) -> Option<Comparator> {
    let longest = COMPARATORS.iter().filter_map(|(word, comparator)| {
        let mut ahead = *cursor;
        ahead.eat_any(words.words(*word)).map(|_| (ahead, *comparator))
    });
    let (after, comparator) = longest.max_by_key(|(after, _)| after.at)?;
    *cursor = after;
    Some(comparator)
}

/// `/月`, `/人・月`
fn eat_per(cursor: &mut Cursor, words: &ValueIndex, reading: Reading) -> Option<Range<usize>> {
    let start = cursor.at;
    let mut ahead = *cursor;
    let mut end = None;
    let mut sign = '/';
    while ahead.eat_char(sign) {
        let time = ahead.eat_any(words.words(ValueWord::Per)).map(|_| ahead.at);
        let unit = time.or_else(|| known(ahead, words)).or_else(|| open(ahead, words, reading).first().copied());
        let Some(unit) = unit else { break };
        ahead.at = unit;
        end = Some(unit);
        sign = '・';
    }
    cursor.at = end?;
    Some(start..cursor.at)
}

/// Characters that a parenthesis in a value may hold.
const LONGEST_PARENTHESIS: usize = 300;

/// Reads a parenthesis and gives its inside; nothing where it does not close.
pub(super) fn eat_parenthesis(cursor: &mut Cursor) -> Option<Range<usize>> {
    let mut ahead = *cursor;
    if !ahead.eat_char('(') {
        return None;
    }
    let start = ahead.at;
    let mut depth = 1;
    for _ in 0..LONGEST_PARENTHESIS {
        let end = ahead.at;
        match ahead.next()? {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            *cursor = ahead;
            return Some(start..end);
        }
    }
    None
}
