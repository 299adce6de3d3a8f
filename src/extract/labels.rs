//! Labels: what a label cell, a column head or a bracketed word names.

mod seen;

pub(super) use seen::remember;

use super::numbering;
use crate::document::Text;
use crate::normalise::characters::is_alphanumeric;
use crate::normalise::periods::{self, When};
use crate::record::SectionKind;
use crate::vocabulary::{Label, Level, Mark, Meaning, Vocabulary, YearWord, compact};
use std::rc::Rc;

/// A label as printed and what it may mean.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Name {
    /// Every meaning that the vocabulary has for it; the context chooses.
    pub meanings: Vec<Meaning>,
    /// As printed, normalised, brackets and colon off, ordinal kept.
    pub heading: String,
    /// The ordinal or number in it: `①` is `1`, `5-1`.
    pub ordinal: Option<String>,
    /// A time in it: 基準値(R3), 令和4年度の実施内容.
    pub when: Option<When>,
    /// A unit or remark in parentheses behind it: (千円).
    pub remark: Option<String>,
    /// Printed with 名 or 名称 behind a level word: 施策名.
    pub suffixed: bool,
    /// Known only by its ending: a guess that needs a label's place.
    pub by_ending: bool,
    /// A year with the word for its figure behind it: `2021年度(実績)`.
    pub dated: bool,
    /// Printed in brackets, with a colon or with an ordinal: sure to be a label wherever it stands.
    pub marked: bool,
}

impl Name {
    /// A label without meanings, to be given some.
    pub fn bare(heading: &str) -> Self {
        Name { heading: heading.to_owned(), ..Name::default() }
    }

    /// The label, sure to be one.
    pub fn marked(self: Rc<Self>) -> Rc<Self> {
        if self.marked { self } else { Rc::new(Name { marked: true, ..Name::clone(&self) }) }
    }

    /// Whether the label may mean a field.
    pub fn is(&self, label: Label) -> bool {
        self.meanings.contains(&Meaning::Field(label))
    }

    /// Whether the label may mean any of these fields.
    pub fn is_any(&self, labels: &[Label]) -> bool {
        labels.iter().any(|label| self.is(*label))
    }

    /// The rank of the hierarchy that it names.
    pub fn level(&self) -> Option<Level> {
        self.meanings.iter().find_map(|meaning| match meaning {
            Meaning::Level(level) => Some(*level),
            Meaning::Field(_) => None,
        })
    }

    /// The kind of section that it titles.
    pub fn section(&self) -> Option<SectionKind> {
        self.meanings.iter().find_map(|meaning| match meaning {
            Meaning::Field(label) => section_kind(*label),
            Meaning::Level(_) => None,
        })
    }

    /// Whether it names an indicator.
    pub fn is_kpi(&self) -> bool {
        self.is_any(&[Label::Kpi, Label::KpiActivity, Label::KpiOutcome])
    }

    /// Whether it heads figures.
    pub fn is_figure(&self) -> bool {
        self.is_any(&[Label::Baseline, Label::Target, Label::Actual, Label::Values])
    }
}

/// A name that means one field and is printed nowhere.
pub(super) fn field(label: Label) -> Name {
    Name { meanings: vec![Meaning::Field(label)], ..Name::default() }
}

fn section_kind(label: Label) -> Option<SectionKind> {
    Some(match label {
        Label::Vision => SectionKind::Vision,
        Label::CurrentState => SectionKind::CurrentState,
        Label::Issues => SectionKind::Issues,
        Label::StateAndIssues => SectionKind::StateAndIssues,
        Label::Overview => SectionKind::Overview,
        Label::Content => SectionKind::Content,
        Label::Effects => SectionKind::Effects,
        Label::RelatedPlans => SectionKind::RelatedPlans,
        Label::Other => SectionKind::Other,
        _ => return None,
    })
}

/// A label that a whole text is. A label is short: a longer text is none.
pub(super) fn whole(text: &Text, vocabulary: &Vocabulary) -> Option<Rc<Name>> {
    const LONGEST: usize = 180; // bytes: sixty characters
    let bytes: usize = text.lines.iter().map(|line| line.raw.len()).sum();
    if bytes == 0 || bytes > LONGEST {
        return None;
    }
    match text.lines.as_slice() {
        [line] => parse(&line.raw, vocabulary),
        lines => parse(&lines.iter().map(|line| line.raw.trim()).collect::<Vec<_>>().join(""), vocabulary),
    }
}

/// The label that a source text is.
pub(super) fn parse(raw: &str, vocabulary: &Vocabulary) -> Option<Rc<Name>> {
    if !may_be_label(raw, vocabulary) {
        return None;
    }
    seen::or_read(raw, || read(raw, vocabulary))
}

fn read(raw: &str, vocabulary: &Vocabulary) -> Option<Name> {
    let printed = crate::normalise::characters::fold(raw);
    let (inner, mut marked) = unwrap(printed.trim(), vocabulary);
    let heading = inner.to_owned();
    let numbered = numbering::leading(unwrap(raw.trim(), vocabulary).0, vocabulary).filter(|n| n.level.is_none());
    let mut ordinal = None;
    let mut rest: &str = inner;
    if let Some(found) = &numbered {
        // the normalised text has lost the space that parts number and word: find the word again from its end
        let tail = crate::normalise::characters::fold(&unwrap(raw.trim(), vocabulary).0[found.length..]);
        if !tail.is_empty() && inner.ends_with(tail.as_str()) {
            rest = &inner[inner.len() - tail.len()..];
            ordinal = Some(found.number.clone());
            marked = true;
        }
    }
    let mut name = lookup(rest, vocabulary)?;
    // `○新規・継続` is a choice that was made, not the label of the choices
    let first = printed.trim().chars().next();
    if name.is(Label::Category) && first.is_some_and(|c| matches!(c, '\u{25cb}' | '\u{25ef}')) {
        return None;
    }
    name.heading = heading;
    name.marked |= marked;
    if ordinal.is_some() {
        name.ordinal = ordinal;
    }
    Some(name)
}

/// A quick look before [`parse`]: most texts end like no label does.
fn may_be_label(raw: &str, vocabulary: &Vocabulary) -> bool {
    let text = raw.trim_end();
    let text = text.strip_suffix([':', '\u{ff1a}']).map_or(text, str::trim_end);
    let mut from_end = text.chars().rev().filter(|c| !c.is_whitespace());
    let Some(last) = from_end.next() else { return false };
    // what normalisation changes, and brackets and ordinals behind a label, need the whole look
    if !is_plain(last) {
        return true;
    }
    let before = from_end.next().filter(|c| is_plain(*c));
    vocabulary.labels.may_end_with(before, last)
        || periods::may_end(last, vocabulary) && periods::may_hold(raw, vocabulary)
}

/// Whether a character is kana or an ideograph that normalisation leaves as it is.
fn is_plain(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}' | '\u{3001}' | '\u{3002}' | '\u{4e00}'..='\u{9fff}')
}

/// Brackets, a leading mark and a colon off; whether there were brackets or a colon.
fn unwrap<'t>(text: &'t str, vocabulary: &Vocabulary) -> (&'t str, bool) {
    let mut inner = text;
    let mut marked = false;
    if let Some(rest) = inner.strip_suffix([':', '\u{ff1a}']) {
        (inner, marked) = (rest.trim_end(), true);
    }
    let first = inner.chars().next();
    if let Some(c) = first.filter(|c| !is_alphanumeric(*c) && !is_bracket(*c, vocabulary, Mark::OpenBracket))
        && vocabulary.is_mark_char(Mark::Bullet, c)
    {
        (inner, marked) = (inner[c.len_utf8()..].trim_start(), true);
    }
    if let (Some(open), Some(close)) = (inner.chars().next(), inner.chars().next_back())
        && is_bracket(open, vocabulary, Mark::OpenBracket)
        && is_bracket(close, vocabulary, Mark::CloseBracket)
        && inner.len() > open.len_utf8() + close.len_utf8()
    {
        (inner, marked) = (inner[open.len_utf8()..inner.len() - close.len_utf8()].trim(), true);
    }
    (inner, marked)
}

pub(super) fn is_bracket(c: char, vocabulary: &Vocabulary, mark: Mark) -> bool {
    vocabulary.is_mark_char(mark, c)
}

/// The meanings of a label text without its ordinal.
fn lookup(text: &str, vocabulary: &Vocabulary) -> Option<Name> {
    let mut name = Name::default();
    let mut word = compact(text);
    if word.is_empty() {
        return None;
    }
    loop {
        if let Some(meanings) = known(&word, vocabulary, &mut name) {
            // 具体的な取組(インプット): the parenthesis says which
            let remark = name.remark.as_deref().map_or(&[][..], |remark| vocabulary.labels.meanings(remark));
            let finer =
                remark.iter().find(|m| matches!(m, Meaning::Field(Label::ActivityInput | Label::ActivityOutput)));
            name.meanings = finer.map_or(meanings, |finer| vec![*finer]);
            return Some(settle(name));
        }
        let shorter = strip_remark(&word, &mut name, vocabulary)
            .or_else(|| strip_ordinal(&word, &mut name))
            .or_else(|| strip_time(&word, &mut name, vocabulary));
        match shorter {
            Some(shorter) if !shorter.is_empty() => word = shorter,
            Some(_) if name.when.is_some() => return dated_figure(name, vocabulary),
            _ => break,
        }
    }
    let ending = || vocabulary.labels.ending(&word).filter(|_| word.chars().count() <= 40);
    name.meanings = composed(&word, vocabulary).or_else(|| Some(vec![Meaning::Field(ending()?)]))?;
    name.by_ending = !name.is_any(&[Label::OwnerLead, Label::OwnerRelated]);
    Some(settle(name))
}

/// `2021年度(実績)`: a year, and in parentheses which figure of it.
fn dated_figure(mut name: Name, vocabulary: &Vocabulary) -> Option<Name> {
    let figure = |m: &&Meaning| matches!(m, Meaning::Field(Label::Baseline | Label::Target | Label::Actual));
    let remark = name.remark.take()?;
    name.meanings = vocabulary.labels.meanings(&remark).iter().filter(figure).copied().collect();
    name.dated = true;
    (!name.meanings.is_empty()).then_some(name)
}

/// A year before or behind what is done makes the label one year's activities.
fn settle(mut name: Name) -> Name {
    let year_of_doing = name.when.is_some() && name.is_any(&[Label::Content, Label::Overview]) && !name.is_figure();
    if year_of_doing && !name.meanings.contains(&Meaning::Field(Label::Schedule)) {
        name.meanings = vec![Meaning::Field(Label::Activities)];
    }
    name
}

/// The word itself, a level word with 名, a label with 等, or a compound of labels that mean the same.
fn known(word: &str, vocabulary: &Vocabulary, name: &mut Name) -> Option<Vec<Meaning>> {
    let meanings = |word: &str| Some(vocabulary.labels.meanings(word)).filter(|found| !found.is_empty());
    if let Some(found) = meanings(word) {
        return Some(found.to_vec());
    }
    for suffix in vocabulary.marks(Mark::NameSuffix) {
        if let Some(stem) = word.strip_suffix(suffix.as_str())
            && let Some(found) = meanings(stem)
        {
            let levels: Vec<Meaning> = found.iter().filter(|m| matches!(m, Meaning::Level(_))).copied().collect();
            if !levels.is_empty() {
                name.suffixed = true;
                return Some(levels);
            }
            return Some(found.to_vec());
        }
    }
    // 計画策定時実績, 現状の値: what the word before the figure says
    for suffix in vocabulary.marks(Mark::FigureSuffix) {
        let stem = word.strip_suffix(suffix.as_str()).and_then(meanings).unwrap_or_default();
        let figures: Vec<Meaning> = stem
            .iter()
            .filter(|m| matches!(m, Meaning::Field(Label::Baseline | Label::Target | Label::CurrentState)))
            .map(|m| if *m == Meaning::Field(Label::Target) { *m } else { Meaning::Field(Label::Baseline) })
            .collect();
        if !figures.is_empty() {
            return Some(figures);
        }
    }
    for suffix in vocabulary.marks(Mark::LabelSuffix) {
        if let Some(found) = word.strip_suffix(suffix.as_str()).and_then(meanings) {
            return Some(found.to_vec());
        }
    }
    if !word.chars().any(|c| vocabulary.begins_mark(Mark::Compound, c)) {
        return None;
    }
    if let Some(levels) = named_with_text(word, vocabulary) {
        name.suffixed = true;
        return Some(levels);
    }
    compound(word, vocabulary)
}

/// A label put together of words, where the vocabulary lacks it as a whole.
fn composed(word: &str, vocabulary: &Vocabulary) -> Option<Vec<Meaning>> {
    Some(vocabulary.labels.composed(word)).filter(|meanings| !meanings.is_empty())
}

/// `措置の名称・内容`, `事業名及び内容`: names with what they name below them.
fn named_with_text(word: &str, vocabulary: &Vocabulary) -> Option<Vec<Meaning>> {
    vocabulary.marks(Mark::Compound).iter().find_map(|joint| {
        let (first, rest) = parted(word, joint)?;
        let stem = vocabulary.marks(Mark::NameSuffix).iter().find_map(|suffix| first.strip_suffix(suffix.as_str()))?;
        let levels = vocabulary.labels.meanings(stem).iter().filter(|m| matches!(m, Meaning::Level(_)));
        let levels: Vec<Meaning> = levels.copied().collect();
        let text = |m: &Meaning| matches!(m, Meaning::Field(label) if section_kind(*label).is_some());
        let texts = vocabulary.labels.meanings(rest).iter().any(text)
            || compound(rest, vocabulary).is_some_and(|m| m.iter().any(text));
        (texts && !levels.is_empty()).then_some(levels)
    })
}

/// As [`str::split_once`], but quick for a short joint: a search for a character needs no preparation.
fn parted<'w>(word: &'w str, joint: &str) -> Option<(&'w str, &'w str)> {
    let mut starts = word.match_indices(joint.chars().next()?);
    let (at, _) = starts.find(|(at, _)| word[*at..].starts_with(joint))?;
    Some((&word[..at], &word[at + joint.len()..]))
}

fn compound(word: &str, vocabulary: &Vocabulary) -> Option<Vec<Meaning>> {
    if word.chars().count() > 2 * vocabulary.labels.longest() {
        return None;
    }
    for joint in vocabulary.marks(Mark::Compound) {
        let Some((first, rest)) = parted(word, joint) else { continue };
        let first = vocabulary.labels.meanings(first);
        let rest = match vocabulary.labels.meanings(rest) {
            [] => compound(rest, vocabulary).unwrap_or_default(),
            found => found.to_vec(),
        };
        let both: Vec<Meaning> = first.iter().filter(|meaning| rest.contains(meaning)).copied().collect();
        if !both.is_empty() {
            return Some(both);
        }
        let has = |meanings: &[Meaning], label| meanings.contains(&Meaning::Field(label));
        if has(first, Label::CurrentState) && has(&rest, Label::Issues) {
            return Some(vec![Meaning::Field(Label::StateAndIssues)]);
        }
        // of several ranks in one head (項目/施策) the last, lowest one
        let levels = |meanings: &[Meaning]| meanings.iter().any(|m| matches!(m, Meaning::Level(_)));
        if levels(first) && levels(&rest) || has(first, Label::Kpi) && levels(&rest) {
            return Some(rest);
        }
        // two different sections under one head are the first's
        let sections =
            |m: &[Meaning]| m.iter().any(|m| matches!(m, Meaning::Field(label) if section_kind(*label).is_some()));
        if sections(first) && (sections(&rest) || levels(&rest)) {
            return Some(first.to_vec());
        }
    }
    None
}

/// `基準値(R3)` without its parenthesis, whose content is noted.
fn strip_remark(word: &str, name: &mut Name, vocabulary: &Vocabulary) -> Option<String> {
    let body = word.strip_suffix(')')?;
    let open = body.rfind('(')?;
    let inside = &body[open + 1..];
    // behind a label four digits are a year without its word
    let year = inside.len() == 4 && inside.bytes().all(|b| b.is_ascii_digit()) && inside.starts_with(['1', '2']);
    let bare = year.then(|| periods::parse(&format!("FY{inside}"), vocabulary)).flatten();
    match periods::parse(inside, vocabulary).or(bare) {
        Some(when) => name.when = Some(when),
        None => name.remark = Some(inside.to_owned()),
    }
    Some(body[..open].to_owned())
}

/// `目標指標①`, `指標2`, `KPI-1`, `目標指標Ⅱ`, `目標指標II` without the ordinal.
fn strip_ordinal(word: &str, name: &mut Name) -> Option<String> {
    let last = word.chars().next_back()?;
    if let Some(number) = numbering::circled(last) {
        name.ordinal.get_or_insert(number.to_string());
        return Some(word[..word.len() - last.len_utf8()].to_owned());
    }
    let stem = word
        .trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, 'I' | 'V' | '\u{2160}'..='\u{216b}' | '-' | '.'));
    let tail = &word[stem.len()..];
    let letters = stem.chars().next_back().is_some_and(|c| c.is_ascii_alphabetic());
    if tail.is_empty()
        || tail.len() > 4 && !tail.starts_with(|c: char| !c.is_ascii())
        || letters && tail.starts_with('I')
    {
        return None;
    }
    name.ordinal.get_or_insert(tail.trim_matches('-').to_owned());
    Some(stem.to_owned())
}

/// `令和4年度の実施内容`, `R8目標値`, `現状値令和4年度` without the time.
fn strip_time(word: &str, name: &mut Name, vocabulary: &Vocabulary) -> Option<String> {
    if !periods::may_hold(word, vocabulary) {
        return None;
    }
    let mention = periods::find(word, vocabulary).into_iter().next()?;
    let rest = if mention.range.start == 0 {
        let rest = &word[mention.range.end..];
        let within = vocabulary.years.words(YearWord::Within).at_start_of(rest).unwrap_or_default();
        rest[within.len()..].trim_start_matches([':', '\u{ff1a}'])
    } else if mention.range.end == word.len() {
        word[..mention.range.start].trim_end_matches([':', '\u{ff1a}', '('])
    } else {
        return None;
    };
    name.when = Some(mention.when);
    Some(rest.to_owned())
}
