//! A cover's lines taken apart: what each piece says of the plan.

use super::cover::CoverLine;
use super::{authority, title};
use crate::diagnostic::Code;
use crate::document::Place;
use crate::normalise::characters;
use crate::normalise::periods::{self, Precision, When};
use crate::record::{Period, Status};
use crate::vocabulary::{PlanWord, Vocabulary};
use std::ops::Range;

/// A piece of a cover.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// Which line of the cover it stands in.
    pub line: usize,
    /// Whether that line is a heading.
    pub heading: bool,
    pub block: usize,
    pub place: Place,
    pub kind: Kind,
}

/// What a piece says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// The title where a label says so.
    Title(String),
    /// Anything else: the title, or a part of it, or a subtitle.
    Text(String),
    /// An authority, and whether nothing stands beside its name.
    Authority(String, bool),
    Status(Status),
    Version(String),
    /// An ISO date and what happened then.
    Date(String, Role),
    BlankDate,
    Period(Period),
    /// A time is odd.
    Odd(Code),
    /// Nothing of the header.
    Noise,
}

/// What happened on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The words do not say.
    Bare,
    /// 作成, 発行
    Published,
    /// 策定
    Final,
    /// 改訂
    Revised,
}

/// Takes a line apart.
pub(super) fn of(line: &CoverLine, number: usize, vocabulary: &Vocabulary) -> Vec<Piece> {
    let source = Source::new(&line.raw);
    let tokens = tokens(&source, vocabulary);
    let mut kinds = Vec::new();
    walk(&tokens, &source, vocabulary, &mut kinds);
    if let Some(label) = &line.label {
        kinds = labelled(label, kinds, vocabulary);
    }
    kinds
        .into_iter()
        .map(|kind| Piece { line: number, heading: line.heading, block: line.block, place: line.place.clone(), kind })
        .collect()
}

/// The pieces of a value, read in the light of its label.
fn labelled(label: &str, kinds: Vec<Kind>, vocabulary: &Vocabulary) -> Vec<Kind> {
    let is = |key: PlanWord| vocabulary.plan.words(key).contains(label);
    let role = role(label, vocabulary);
    kinds
        .into_iter()
        .map(|kind| match kind {
            Kind::Text(text) if is(PlanWord::TitleLabel) => Kind::Title(text),
            Kind::Text(text) if is(PlanWord::PublisherLabel) => match authority::leading(&text, vocabulary) {
                Some(name) => Kind::Authority(name.to_owned(), true),
                None => Kind::Noise,
            },
            Kind::Text(_) => Kind::Noise,
            Kind::Date(date, Role::Bare) => match role {
                Some(role) => Kind::Date(date, role),
                None => Kind::Noise,
            },
            Kind::Period(_) if !is(PlanWord::PeriodLabel) => Kind::Noise,
            kind => kind,
        })
        .collect()
}

/// A line without white space but between Latin words, and where white space was.
struct Source {
    text: String,
    breaks: Vec<usize>,
}

impl Source {
    fn new(raw: &str) -> Self {
        let folded = characters::fold(raw);
        let mut source = Source { text: String::with_capacity(folded.len()), breaks: Vec::new() };
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            let is_latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
            if is_latin(source.text.chars().next_back()) && is_latin(word.chars().next()) {
                source.text.push(' ');
            } else {
                source.breaks.push(source.text.len());
            }
            source.text.push_str(word);
        }
        source
    }

    fn is_break(&self, at: usize) -> bool {
        self.breaks.binary_search(&at).is_ok()
    }
}

/// A token of a line: a time that is a date or a span of years, a bracket, or the text between.
#[derive(Debug)]
struct Token {
    kind: TokenKind,
    range: Range<usize>,
}

#[derive(Debug)]
enum TokenKind {
    Text,
    Time(When),
    Open(char),
    Close,
}

fn tokens(source: &Source, vocabulary: &Vocabulary) -> Vec<Token> {
    let text = source.text.as_str();
    let mut times = periods::find(text, vocabulary).into_iter().peekable();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        while times.next_if(|time| time.range.start < at).is_some() {}
        if let Some(time) = times.next_if(|time| time.range.start == at && is_time(source, time, vocabulary)) {
            at = time.range.end;
            tokens.push(Token { kind: TokenKind::Time(time.when), range: time.range });
            continue;
        }
        let range = at..at + c.len_utf8();
        at = range.end;
        let kind = match c {
            _ if closing(c).is_some() => TokenKind::Open(c),
            ')' | ']' | '>' | '】' | '〔' | '〕' | '〉' | '》' => TokenKind::Close,
            _ => TokenKind::Text,
        };
        match (tokens.last_mut(), &kind) {
            (Some(Token { kind: TokenKind::Text, range: last }), TokenKind::Text) if !source.is_break(range.start) => {
                last.end = range.end;
            }
            _ => tokens.push(Token { kind, range }),
        }
    }
    tokens
}

fn closing(open: char) -> Option<char> {
    Some(match open {
        '(' => ')',
        '[' => ']',
        '<' => '>',
        '【' => '】',
        '〔' => '〕',
        '〈' => '〉',
        '《' => '》',
        _ => return None,
    })
}

/// Whether a time is a date or a span rather than a part of a title: a year by itself is a date only where nothing
/// but its word (`2021年策定`) stands beside it.
fn is_time(source: &Source, time: &periods::Mention, vocabulary: &Vocabulary) -> bool {
    match time.when.precision {
        Precision::Month | Precision::Day | Precision::Range => true,
        Precision::FiscalYear | Precision::Half | Precision::Quarter => false,
        Precision::Year => {
            let text = source.text.as_str();
            let is_end = |c: char| closing(c).is_some() || matches!(c, ')' | ']' | '】' | '>');
            let before =
                text[..time.range.start].chars().next_back().is_none_or(is_end) || source.is_break(time.range.start);
            let behind = &text[time.range.end..];
            let end = behind.char_indices().find(|(at, c)| is_end(*c) || source.is_break(time.range.end + at));
            let behind = &behind[..end.map_or(behind.len(), |(at, _)| at)];
            before && (behind.is_empty() || role(behind, vocabulary).is_some())
        }
    }
}

fn walk(tokens: &[Token], source: &Source, vocabulary: &Vocabulary, out: &mut Vec<Kind>) {
    let mut walk = Walk { source, vocabulary, text: None, out };
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at = match &token.kind {
            TokenKind::Time(when) => walk.time(when, token, tokens, at),
            TokenKind::Open(open) => match matching(tokens, at, *open) {
                Some(close) => {
                    let mut inner = Vec::new();
                    self::walk(&tokens[at + 1..close], source, vocabulary, &mut inner);
                    walk.group(inner, token.range.start..tokens[close].range.end);
                    close + 1
                }
                None => walk.grow(token.range.clone(), at),
            },
            TokenKind::Text | TokenKind::Close => walk.grow(token.range.clone(), at),
        };
    }
    walk.flush();
}

/// The token that closes the bracket at `open`.
fn matching(tokens: &[Token], open: usize, bracket: char) -> Option<usize> {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match &token.kind {
            TokenKind::Open(c) if *c == bracket => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

struct Walk<'w> {
    source: &'w Source,
    vocabulary: &'w Vocabulary,
    /// The text not yet given out.
    text: Option<Range<usize>>,
    out: &'w mut Vec<Kind>,
}

impl Walk<'_> {
    /// Adds to the text; a space before it begins a new one. The next token is `at + 1`.
    fn grow(&mut self, range: Range<usize>, at: usize) -> usize {
        if self.source.is_break(range.start) {
            self.flush();
        }
        self.text = Some(self.text.take().map_or(range.start, |text| text.start)..range.end);
        at + 1
    }

    /// A bracketed group: out of the text where it says something of the header, else a part of the text.
    fn group(&mut self, inner: Vec<Kind>, range: Range<usize>) {
        let speaks = |kind: &Kind| !matches!(kind, Kind::Text(_) | Kind::Noise | Kind::Authority(..));
        if inner.iter().any(speaks) {
            self.flush();
            self.out.extend(inner.into_iter().filter(speaks));
        } else {
            self.text = Some(self.text.take().map_or(range.start, |text| text.start)..range.end);
        }
    }

    /// A date or a span of years with the words that belong to it; returns the next token.
    fn time(&mut self, when: &When, token: &Token, tokens: &[Token], at: usize) -> usize {
        let next = tokens.get(at + 1).filter(|next| matches!(next.kind, TokenKind::Text));
        let behind = next.map_or("", |next| &self.source.text[next.range.clone()]);
        let joined = next.is_some_and(|next| !self.source.is_break(next.range.start));
        let before = self.text.clone().map_or("", |text| &self.source.text[text]).to_owned();
        self.out.extend(when.codes.iter().map(|code| Kind::Odd(*code)));
        let Some(date) = when.date.clone().filter(|_| when.precision != Precision::Range) else {
            return self.span(when, &before, behind, joined, at);
        };
        let words = |key: PlanWord| self.vocabulary.plan.words(key);
        if joined && words(PlanWord::VersionEnding).contains(behind) {
            self.flush();
            self.out.push(Kind::Version(format!("{}{behind}", &self.source.text[token.range.clone()])));
            self.out.push(Kind::Date(date, Role::Bare));
            return at + 2;
        }
        // `策定:令和4年3月 改定:令和7年3月`: a colon gives a word to what follows it
        let labels = |word: &str| word.trim_end().ends_with(':');
        if labels(&before)
            && let Some(role) = role(&before, self.vocabulary)
        {
            self.text = None;
            self.out.push(Kind::Date(date, role));
            return at + 1;
        }
        if let Some(role) = role(behind, self.vocabulary).filter(|_| !labels(behind)) {
            self.flush();
            self.out.push(Kind::Date(date, role));
            return at + 2;
        }
        if let Some(role) = role(&before, self.vocabulary) {
            self.text = None;
            self.out.push(Kind::Date(date, role));
            return at + 1;
        }
        const SENTENCE: usize = 6;
        let is_bare = !joined
            || !behind.contains(char::is_alphanumeric)
            || authority::whole(behind, self.vocabulary).is_some()
            || title::ends_with_kind(behind, self.vocabulary);
        if is_bare {
            self.flush();
            self.out.push(Kind::Date(date, Role::Bare));
            return at + 1;
        }
        if behind.chars().count() >= SENTENCE {
            // A part of a phrase: 令和4年6月補正予算に計上した事業.
            return self.grow(token.range.clone(), at);
        }
        // Another word makes it another date: 現在, 提出.
        self.flush();
        self.out.push(Kind::Noise);
        at + 2
    }

    fn span(&mut self, when: &When, before: &str, behind: &str, joined: bool, at: usize) -> usize {
        let words = |key: PlanWord| self.vocabulary.plan.words(key);
        let label = before.trim_matches(|c: char| !c.is_alphanumeric());
        let is_period = words(PlanWord::Period).at_end_of(label).is_some();
        let is_own =
            !is_period || words(PlanWord::PeriodLabel).contains(label) || words(PlanWord::Period).contains(label);
        if is_period {
            self.text = None;
        }
        self.flush();
        self.out.push(if is_own { Kind::Period(when.period) } else { Kind::Noise });
        // `までの5年間`, but not a title that the span stands before.
        let lasts = joined && !title::ends_with_kind(behind, self.vocabulary);
        at + 1 + usize::from(lasts)
    }

    fn flush(&mut self) {
        if let Some(text) = self.text.take() {
            classify(&self.source.text[text], self.vocabulary, self.out);
        }
    }
}

/// What happened on a date, by the word beside it.
fn role(word: &str, vocabulary: &Vocabulary) -> Option<Role> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let word = match super::cover::counted(word, vocabulary) {
        Some((_, end)) => {
            let rest = &word[end..];
            let count = vocabulary.plan.words(PlanWord::EditionCount).at_start_of(rest).unwrap_or_default();
            &rest[count.len()..]
        }
        None => word,
    };
    let role_of = |word: &str| {
        let is = |key: PlanWord| vocabulary.plan.words(key).contains(word);
        match () {
            () if is(PlanWord::Final) => Some(Role::Final),
            () if is(PlanWord::Revised) => Some(Role::Revised),
            () if is(PlanWord::Published) => Some(Role::Published),
            () => None,
        }
    };
    role_of(word).or_else(|| {
        let ending = vocabulary.plan.words(PlanWord::DateEnding).at_end_of(word)?;
        role_of(&word[..word.len() - ending.len()])
    })
}

/// What a text without times and brackets says; status and version behind a title are pieces of their own.
fn classify(text: &str, vocabulary: &Vocabulary, out: &mut Vec<Kind>) {
    let marks = |c: char| !c.is_alphanumeric() && closing(c).is_none() && !matches!(c, '「' | '『' | '～' | '〜');
    let mut text = text.trim_start_matches(marks);
    text = text.trim_end_matches([':', '、', '・', '-', ' ', '|', '/']);
    if text.is_empty() {
        return;
    }
    let words = |key: PlanWord| vocabulary.plan.words(key);
    if let Some(status) = status(text, vocabulary) {
        out.push(Kind::Status(status));
    } else if is_version(text, vocabulary) {
        out.push(Kind::Version(text.to_owned()));
    } else if let Some(date) = periods::parse(text, vocabulary).filter(is_date).and_then(|when| when.date) {
        // `2024.3`, which is a time only by itself.
        out.push(Kind::Date(date, Role::Bare));
    } else if is_blank_date(text, vocabulary) {
        out.push(Kind::BlankDate);
    } else if words(PlanWord::Final).contains(text) {
        out.push(Kind::Status(Status::Final));
    } else if role(text, vocabulary).is_some() || is_attachment(text, vocabulary) || text.starts_with(['～', '〜', '!'])
    {
        out.push(Kind::Noise);
    } else if let Some((name, alone)) = authority::whole(text, vocabulary) {
        out.push(Kind::Authority(name.to_owned(), alone));
    } else {
        let mut behind = Vec::new();
        while let Some((rest, kind)) = strip_end(text, vocabulary) {
            text = rest;
            behind.push(kind);
        }
        out.push(Kind::Text(text.to_owned()));
        out.extend(behind);
    }
}

fn is_date(when: &When) -> bool {
    matches!(when.precision, Precision::Month | Precision::Day)
}

fn status(text: &str, vocabulary: &Vocabulary) -> Option<Status> {
    let words = |key: PlanWord| vocabulary.plan.words(key);
    if words(PlanWord::Draft).contains(text) {
        Some(Status::Draft)
    } else {
        words(PlanWord::Proposal).contains(text).then_some(Status::Proposal)
    }
}

/// A title without the status or version at its end, and that.
fn strip_end<'t>(text: &'t str, vocabulary: &Vocabulary) -> Option<(&'t str, Kind)> {
    let is_title = |rest: &str| title::ends_with_kind(rest, vocabulary);
    for (key, status) in [(PlanWord::Draft, Status::Draft), (PlanWord::Proposal, Status::Proposal)] {
        let words = vocabulary.plan.words(key).iter();
        if let Some(rest) = words.filter_map(|word| text.strip_suffix(word)).find(|rest| is_title(rest)) {
            return Some((rest.trim_end(), Kind::Status(status)));
        }
    }
    let start = version_start(text, vocabulary)?;
    let rest = text[..start].trim_end();
    is_title(rest).then(|| (rest, Kind::Version(text[start..].to_owned())))
}

fn is_version(text: &str, vocabulary: &Vocabulary) -> bool {
    version_start(text, vocabulary) == Some(0)
}

/// Where the version at the end of a text begins: `改訂版`, `第1.0版`, `Ver.1.2`, `令和6年度版`.
fn version_start(text: &str, vocabulary: &Vocabulary) -> Option<usize> {
    let words = |key: PlanWord| vocabulary.plan.words(key);
    let whole = words(PlanWord::Version).at_end_of(text).map(|word| text.len() - word.len());
    let ending = words(PlanWord::VersionEnding).at_end_of(text);
    let body = &text[..text.len() - ending.map_or(0, str::len)];
    let digits = body.trim_end_matches(|c: char| {
        c.is_ascii_digit() || c == '.' || crate::normalise::numbers::kanji(c.encode_utf8(&mut [0; 4])).is_some()
    });
    let counted = if digits.len() < body.len() {
        let era = vocabulary.years.eras().iter().find(|(name, _)| digits.ends_with(name.as_str()));
        let prefix = words(PlanWord::VersionPrefix).at_end_of(digits).map(str::len);
        let prefix = prefix.or(era.map(|(name, _)| name.len()));
        let is_latin = prefix.is_some_and(|length| digits[digits.len() - length..].is_ascii());
        (ending.is_some() || is_latin).then(|| digits.len() - prefix.unwrap_or(0))
    } else {
        None
    };
    match (whole, counted) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// A date whose numbers are still to be filled in: `令和 年 月`, `令和○年○月`.
fn is_blank_date(text: &str, vocabulary: &Vocabulary) -> bool {
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return false;
    }
    let holders = vocabulary.plan.words(PlanWord::Placeholder);
    let is_holder = |c: char| c.is_whitespace() || c.is_ascii_digit() || holders.contains(c.encode_utf8(&mut [0; 4]));
    let bare: String = text.chars().filter(|&c| !is_holder(c)).collect();
    vocabulary.plan.words(PlanWord::BlankDate).contains(&bare)
}

/// Where a paper belongs (`資料1`, `議案第37号`), which is no title.
fn is_attachment(text: &str, vocabulary: &Vocabulary) -> bool {
    let Some(word) = vocabulary.plan.words(PlanWord::Attachment).at_start_of(text) else { return false };
    const LONGEST: usize = 8;
    let rest = &text[word.len()..];
    rest.chars().count() <= LONGEST
        && (rest.is_empty() || rest.contains(|c: char| c.is_numeric()) && !title::ends_with_kind(rest, vocabulary))
}
