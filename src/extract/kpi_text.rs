//! Indicators as text: a name with its notes, sentences, and figures that names and notes state.

use super::numbering::{self, Style};
use super::prose;
use crate::document::{Line, Place, Text};
use crate::normalise::periods::{self, Bound, Precision, When};
use crate::normalise::{characters, values};
use crate::record::{Baseline, Kpi, Target, Value, ValueKind};
use crate::vocabulary::{Label, Mark, ValueWord, Vocabulary, YearWord};

/// An indicator by name alone.
pub(super) fn bare(name: String, at: Place) -> Kpi {
    Kpi {
        label: None,
        name,
        kind: None,
        unit: None,
        baseline: None,
        targets: Vec::new(),
        actuals: Vec::new(),
        notes: Vec::new(),
        at,
    }
}

/// The indicator that a cell names: its name without the notes behind it, and the notes.
pub(super) fn named(text: &Text, vocabulary: &Vocabulary) -> Kpi {
    let mut name = String::new();
    let mut notes: Vec<String> = Vec::new();
    for line in &text.lines {
        let printed = line.text.trim();
        if printed.is_empty() {
            continue;
        }
        let note = note_start(printed, vocabulary);
        let (head, tail) = printed.split_at(note.unwrap_or(printed.len()));
        if !head.trim().is_empty() {
            match notes.last_mut() {
                // a line under a note goes on with it
                Some(last) if !name.is_empty() => *last = characters::join(last, head.trim()),
                _ => name = characters::join(&name, head.trim()),
            }
        }
        if !tail.trim().is_empty() {
            notes.push(tail.trim().to_owned());
        }
    }
    let mut kpi =
        bare(characters::name(name.trim_end_matches(['(', '\u{3000}', ' '])), text.place.clone().unwrap_or_default());
    if let Some(first) = kpi.name.chars().next()
        && !first.is_alphanumeric()
        && vocabulary.is_mark_char(Mark::Bullet, first)
    {
        kpi.name.drain(..first.len_utf8());
    }
    kpi.notes = notes;
    kpi
}

/// The unit that a name ends with: `受診率(%)`, `予算額(単位:千円)`.
pub(super) fn unit_in_name(name: &str, vocabulary: &Vocabulary) -> Option<String> {
    let inside = name.trim_end().strip_suffix(')')?.rsplit_once('(')?.1.trim();
    let word = |word| vocabulary.values.words(word);
    if let Some(label) = word(ValueWord::UnitLabel).at_start_of(inside) {
        let unit = inside[label.len()..].trim();
        return word(ValueWord::Unit).contains(unit).then(|| unit.to_owned());
    }
    word(ValueWord::UnitInName).contains(inside).then(|| inside.to_owned())
}

/// Where a note (※ …) begins in a line.
fn note_start(text: &str, vocabulary: &Vocabulary) -> Option<usize> {
    let mut depth = 0usize;
    for (i, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && !c.is_alphanumeric() && (c != '(' && c != '*') && vocabulary.is_mark_char(Mark::Note, c) {
            // `DX※` marks a glossary term: a note has words behind it
            let rest = text[i + c.len_utf8()..].trim_start();
            if rest.chars().take_while(|c| !c.is_whitespace()).count() > 2 {
                return Some(i);
            }
        }
    }
    None
}

/// The parts of a text by their circled ordinals; a text without them is one part.
pub(super) fn by_ordinal(text: &Text, vocabulary: &Vocabulary) -> Vec<(Option<String>, Text)> {
    let mut parts: Vec<(Option<String>, Vec<Line>)> = vec![(None, Vec::new())];
    for line in text.lines.iter().flat_map(split_ordinals) {
        match numbering::leading(&line.raw, vocabulary) {
            Some(numbered) if matches!(numbered.style, Style::Circled(1)) && numbered.length < line.raw.len() => {
                let rest = prose::part(&line, numbered.length..line.raw.len());
                parts.push((Some(numbered.number), rest.into_iter().collect()));
            }
            _ => {
                if let Some((_, lines)) = parts.last_mut() {
                    lines.push(line);
                }
            }
        }
    }
    parts.retain(|(_, lines)| lines.iter().any(|line| !line.raw.trim().is_empty()));
    parts.into_iter().map(|(ordinal, lines)| (ordinal, Text::of(lines))).collect()
}

/// `①… ②…` in one line, as two.
fn split_ordinals(line: &Line) -> Vec<Line> {
    let begins = line.raw.trim_start().chars().next().and_then(numbering::circled) == Some(1);
    if !begins {
        return vec![line.clone()];
    }
    let mut expected = 1;
    let mut cuts = Vec::new();
    let mut before = ' ';
    for (i, c) in line.raw.char_indices() {
        if numbering::circled(c) == Some(expected) && (before.is_whitespace() || i == 0 || expected == 1) {
            cuts.push(i);
            expected += 1;
        }
        before = c;
    }
    cuts.push(line.raw.len());
    cuts.windows(2).filter_map(|cut| prose::part(line, cut[0]..cut[1])).collect()
}

/// Whether an indicator is written as sentences.
pub(super) fn is_prose(text: &Text, vocabulary: &Vocabulary) -> bool {
    let ends = vocabulary.marks(Mark::SentenceEnd);
    let body: Vec<&str> = text
        .lines
        .iter()
        .map(|line| line.text.as_ref())
        .map(|line| &line[..note_start(line, vocabulary).unwrap_or(line.len())])
        .collect();
    let outside = outside_parentheses(&body.join("\n"));
    ends.iter().any(|end| outside.trim_end().ends_with(end.as_str()) || outside.contains(&format!("{end}\n")))
}

fn outside_parentheses(text: &str) -> String {
    let mut depth = 0usize;
    text.chars()
        .filter(|c| {
            match c {
                '(' | '\u{300c}' => depth += 1,
                ')' | '\u{300d}' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// One indicator a sentence, with the deadlines that it states.
pub(super) fn sentences(text: &Text, vocabulary: &Vocabulary) -> Vec<Kpi> {
    let ends = vocabulary.marks(Mark::SentenceEnd);
    let mut out: Vec<Kpi> = Vec::new();
    for line in &text.lines {
        let printed = line.text.trim();
        let mut depth = 0usize;
        let mut start = 0;
        let mut cuts = Vec::new();
        for (i, c) in printed.char_indices() {
            match c {
                '(' | '\u{300c}' => depth += 1,
                ')' | '\u{300d}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && ends.iter().any(|end| end == c.encode_utf8(&mut [0; 4]) as &str) {
                cuts.push((start, i + c.len_utf8()));
                start = i + c.len_utf8();
            }
        }
        if start < printed.len() {
            cuts.push((start, printed.len()));
        }
        for (from, to) in cuts {
            let sentence = printed[from..to].trim();
            let sentence = super::cards::clean_name(sentence, vocabulary);
            if sentence.is_empty() {
                continue;
            }
            if vocabulary.after_mark(Mark::Note, &sentence).is_some()
                && let Some(last) = out.last_mut()
            {
                last.notes.push(sentence);
                continue;
            }
            out.push(sentence_kpi(sentence, line.place.clone(), vocabulary));
        }
    }
    out
}

fn sentence_kpi(sentence: String, at: Place, vocabulary: &Vocabulary) -> Kpi {
    let deadlines: Vec<When> = periods::find(&sentence, vocabulary)
        .into_iter()
        .map(|mention| mention.when)
        .filter(|when| when.bound == Bound::By)
        .collect();
    let figures: Vec<Value> = figures(&sentence, vocabulary);
    let mut kpi = bare(sentence, at.clone());
    for (i, when) in deadlines.iter().enumerate() {
        let figure = match figures.as_slice() {
            [one] => Some(one.clone()),
            many if many.len() == deadlines.len() => Some(many[i].clone()),
            _ => None,
        };
        let value =
            figure.unwrap_or_else(|| Value { raw: kpi.name.clone(), kind: ValueKind::Milestone, ..Value::default() });
        kpi.targets.push(Target { fiscal_year: Some(when.fiscal_year()), indicator: None, value, at: at.clone() });
    }
    let mut units: Vec<Option<&String>> =
        kpi.targets.iter().filter(|t| t.value.number.is_some()).map(|t| t.value.unit.as_ref()).collect();
    units.dedup();
    if let [Some(unit)] = units.as_slice() {
        kpi.unit = Some((*unit).clone());
    }
    kpi
}

/// The figures of a sentence that may be its target: not those of a scope in parentheses, nor a rate of doing (年1回).
fn figures(sentence: &str, vocabulary: &Vocabulary) -> Vec<Value> {
    let mut depth = 0usize;
    let mut opens: Vec<usize> = Vec::new();
    let mut inside: Vec<(usize, usize)> = Vec::new();
    for (i, c) in sentence.char_indices() {
        match c {
            '(' => {
                if depth == 0 {
                    opens.push(i);
                }
                depth += 1;
            }
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0
                    && let Some(open) = opens.pop()
                {
                    inside.push((open, i));
                }
            }
            _ => {}
        }
    }
    let years = vocabulary.years.words(YearWord::Year);
    values::figures_in(sentence, vocabulary)
        .into_iter()
        .filter(|figure| {
            match inside.iter().find(|(open, close)| *open < figure.range.start && figure.range.end <= *close) {
                // a count in parentheses counts only where it is all that stands there
                Some((open, close)) => sentence[open + 1..*close].trim() == sentence[figure.range.clone()].trim(),
                None => years.at_end_of(&sentence[..figure.range.start]).is_none(),
            }
        })
        .map(|figure| values::parse(sentence[figure.range].trim(), None, vocabulary))
        .filter(|value| value.kind == ValueKind::Number)
        .collect()
}

/// A figure with the time it is of.
pub(super) struct Stated {
    pub fiscal_year: Option<i32>,
    pub as_of: Option<String>,
    pub value: Value,
}

/// The figure that a note states for a time: `※2021年3月末現在:79手続`.
pub(super) fn stated(note: &str, vocabulary: &Vocabulary) -> Option<Stated> {
    let mention = periods::find(note, vocabulary).into_iter().next()?;
    let rest = &note[mention.range.end..];
    let colon = rest.find([':', '\u{ff1a}'])?;
    const BETWEEN: usize = 36; // bytes: a dozen characters of 末現在, 実績, 時点
    if colon > BETWEEN {
        return None;
    }
    let after = rest[colon..].trim_start_matches([':', '\u{ff1a}', ' ']);
    let mut raw = after.trim();
    // the closing parenthesis of the note itself
    if raw.ends_with(')') && !raw.contains('(') {
        raw = raw.trim_end_matches(')');
    }
    let mut value = values::parse(raw, None, vocabulary);
    if value.kind == ValueKind::Milestone
        && let Some(open) = raw.find('(')
    {
        value = values::parse(raw[..open].trim(), None, vocabulary);
    }
    let figure = matches!(value.kind, ValueKind::Number | ValueKind::Ratio);
    figure.then(|| dated_value(&mention.when, value))
}

fn dated_value(when: &When, value: Value) -> Stated {
    let exact = matches!(when.precision, Precision::Month | Precision::Day);
    Stated {
        fiscal_year: (!exact).then(|| when.fiscal_year()),
        as_of: if exact { when.date.clone() } else { None },
        value,
    }
}

/// The figure that a name states in its parenthesis: `○○時間(令和4年度実績:12.63時間/月)`.
pub(super) fn stated_in_parentheses(name: &str, vocabulary: &Vocabulary) -> Option<Stated> {
    // of a sentence, before its end
    let name =
        vocabulary.marks(Mark::SentenceEnd).iter().find_map(|end| name.strip_suffix(end.as_str())).unwrap_or(name);
    let open = name.rfind('(')?;
    let inside = name[open + 1..].strip_suffix(')')?;
    stated(inside, vocabulary).or_else(|| labelled(inside, vocabulary))
}

/// `基準値:令和4年度 12.3%`, `R4現状値 12.3%`
fn labelled(inside: &str, vocabulary: &Vocabulary) -> Option<Stated> {
    let (label, rest) = inside.split_once([':', '\u{ff1a}'])?;
    let label = super::labels::parse(label, vocabulary)
        .filter(|name| name.is(Label::Baseline) || name.is(Label::CurrentState))?;
    let mention = periods::find(rest, vocabulary).into_iter().next();
    let (when, raw) = match (&mention, &label.when) {
        (Some(mention), _) if mention.range.start == 0 => (&mention.when, &rest[mention.range.end..]),
        (_, Some(when)) => (when, rest),
        _ => return None,
    };
    let value = values::parse(raw.trim(), None, vocabulary);
    matches!(value.kind, ValueKind::Number | ValueKind::Ratio).then(|| dated_value(when, value))
}

/// The year that a note gives a baseline: `※基準値は令和3年度の実績`.
pub(super) fn baseline_year(note: &str, vocabulary: &Vocabulary) -> Option<i32> {
    let words = vocabulary.words.labels.get(&crate::vocabulary::Label::Baseline)?;
    if !words.iter().any(|word| note.contains(word.as_str())) {
        return None;
    }
    let word_at = words.iter().filter_map(|word| note.find(word.as_str())).min()?;
    let mentions = periods::find(note, vocabulary);
    mentions.into_iter().find(|mention| mention.range.start > word_at).map(|mention| mention.when.fiscal_year())
}

/// A figure's time and the figure: `90%(令和8年度)`, `R8: 90%`; the label's own time where the cell has none.
/// An indicator with its target in one line, `貸与率 95%(令和10年度末)`; none for a line that is more or less than that.
pub(super) fn aimed(line: &Line, vocabulary: &Vocabulary) -> Option<Kpi> {
    let text = line.raw.trim();
    let parts = |c: char| c.is_whitespace() || matches!(c, ':' | '\u{ff1a}');
    let cuts: Vec<usize> = text.char_indices().filter(|(_, c)| parts(*c)).map(|(at, _)| at).collect();
    cuts.into_iter().rev().find_map(|at| {
        let (when, raw) = dated(text[at..].trim_start_matches(parts), None, vocabulary);
        let value = values::parse(&raw, None, vocabulary);
        let figure = matches!(value.kind, ValueKind::Number | ValueKind::Ratio | ValueKind::Change | ValueKind::Range)
            && value.unit.is_some();
        let name = super::cards::clean_name(text[..at].trim_end_matches(parts), vocabulary);
        let named = name.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        // `交付率 ※令和3年3月末現在:21.6%` states where it begins
        let dated = || periods::find(&name, vocabulary).last().is_some_and(|mention| mention.range.end == name.len());
        let noted = || [name.as_str(), raw.as_str()].iter().any(|text| note_start(text, vocabulary).is_some());
        (figure && named && !noted() && !dated()).then(|| {
            let mut kpi = bare(name, line.place.clone());
            let fiscal_year = when.map(|when| when.fiscal_year());
            kpi.targets.push(Target { fiscal_year, indicator: None, value, at: line.place.clone() });
            kpi
        })
    })
}

pub(super) fn dated(raw: &str, label: Option<&When>, vocabulary: &Vocabulary) -> (Option<When>, String) {
    let text = raw.trim();
    if label.is_none()
        && let Some(mention) = periods::find(text, vocabulary).into_iter().next()
    {
        let before = text[..mention.range.start].trim_end();
        let after = text[mention.range.end..].trim_start();
        let closed = after.strip_prefix([')', '\u{ff09}', ']', '\u{3011}', ':', '\u{ff1a}']);
        if before.is_empty() || before == "(" || before == "\u{ff08}" {
            let rest = closed.unwrap_or(after).trim();
            if !rest.is_empty() && values::parse(rest, None, vocabulary).kind != ValueKind::Milestone {
                return (Some(mention.when), rest.to_owned());
            }
        } else if let Some(figure) = before.strip_suffix(['(', '\u{ff08}'])
            && closed.is_some_and(|rest| rest.trim().is_empty())
        {
            return (Some(mention.when), figure.trim().to_owned());
        }
    }
    (label.cloned(), text.to_owned())
}

/// Indicators that lines state with their figures: `○○率 50%(令和4年度)→60%(令和9年度)`, or with a target alone of a year
/// from the plan's first on. Items beside them may be sentences; empty where a line is neither.
pub(super) fn changes(text: &Text, begins: Option<i32>, vocabulary: &Vocabulary) -> Vec<Kpi> {
    let of = |line: &Line| Text::of(vec![line.clone()]);
    let planned =
        |kpi: &Kpi| kpi.targets.iter().all(|t| t.fiscal_year.zip(begins).is_some_and(|(year, begins)| year >= begins));
    let (mut out, mut found, mut items) = (Vec::new(), false, true);
    let mut rest: Vec<Line> = Vec::new();
    for line in text.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        let stated = (!is_prose(&of(line), vocabulary))
            .then(|| change(line, vocabulary).or_else(|| aimed(line, vocabulary).filter(planned)))
            .flatten();
        found |= stated.is_some();
        if stated.is_some() || rest.is_empty() {
            items &= line.item;
        }
        match stated {
            Some(kpi) if rest.is_empty() => out.push(kpi),
            // what goes on below an item is not known to end there
            Some(_) => return Vec::new(),
            None => rest.push(line.clone()),
        }
    }
    if rest.is_empty() {
        return out;
    }
    let rest = Text::of(rest);
    if !found || !items || !is_prose(&rest, vocabulary) {
        return Vec::new();
    }
    out.extend(sentences(&rest, vocabulary));
    out
}

/// An indicator whose line states its first figure and, behind arrows, its targets.
fn change(line: &Line, vocabulary: &Vocabulary) -> Option<Kpi> {
    const ARROWS: [char; 4] = ['\u{2192}', '\u{21d2}', '\u{27a1}', '\u{21e8}'];
    const PARTS: [char; 5] = [' ', '\u{3000}', ':', '\u{ff1a}', '('];
    let (before, after) = line.text.trim().split_once(ARROWS)?;
    let first = values::figures_in(before, vocabulary).pop()?;
    let (mut base_when, _) = ended(&before[first.range.start..], vocabulary);
    let name = before[..first.range.start].trim_end_matches(PARTS).trim();
    let name = match periods::find(name, vocabulary).into_iter().next_back() {
        Some(mention) if mention.range.end >= name.len() => {
            base_when = base_when.or(Some(mention.when.clone()));
            name[..mention.range.start].trim_end_matches(PARTS).trim_end_matches('\u{3001}')
        }
        _ => name,
    };
    let name = super::cards::clean_name(name, vocabulary);
    if name.is_empty() {
        return None;
    }
    let mut kpi = bare(name, line.place.clone());
    let at = || line.place.clone();
    let value = values::parse(before[first.range.clone()].trim(), None, vocabulary);
    let fiscal_year = base_when.map(|when| when.fiscal_year());
    kpi.baseline = Some(Baseline { fiscal_year, as_of: None, value, at: at() });
    for target in after.split(ARROWS) {
        let (when, target) = ended(target, vocabulary);
        let value = values::parse(target.trim(), None, vocabulary);
        kpi.targets.push(Target { fiscal_year: Some(when?.fiscal_year()), indicator: None, value, at: at() });
    }
    Some(kpi)
}

/// A figure and the time in parentheses behind it, or before it.
fn ended<'t>(text: &'t str, vocabulary: &Vocabulary) -> (Option<When>, &'t str) {
    match periods::find(text, vocabulary).into_iter().next() {
        Some(mention) => {
            let figure = text[..mention.range.start].trim_end_matches(['(', ' ', '\u{3000}', '[', '\u{ff08}']);
            let figure = if figure.trim().is_empty() {
                text[mention.range.end..].trim_start_matches([':', '\u{ff1a}', ' ', ')', '\u{3000}'])
            } else {
                figure
            };
            (Some(mention.when), figure)
        }
        None => (None, text),
    }
}
