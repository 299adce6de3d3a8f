//! Running text as events: label lines (`【担当課】企画課`, `担当課:企画課`, `■ 取組内容`), and the text under them.

use super::labels::{self, Name};
use super::owners;
use crate::document::{Line, Text};
use crate::normalise::{characters, periods};
use crate::vocabulary::{Label, Mark, Vocabulary};
use std::ops::Range;
use std::rc::Rc;

/// A run of lines and the label that opens it, if one does.
pub(super) type Run = (Option<Rc<Name>>, Text);

/// Splits a text at its label lines. Without any, one run without a label comes back.
pub(super) fn runs(text: &Text, vocabulary: &Vocabulary) -> Vec<Run> {
    let mut runs: Vec<(Option<Rc<Name>>, Vec<Line>)> = vec![(None, Vec::new())];
    for line in &text.lines {
        for (name, rest) in split_line(line, vocabulary) {
            // owners are not followed by other text
            let ends = name.is_none()
                && runs.last().is_some_and(|(name, lines)| {
                    let owners = name.as_ref().is_some_and(|n| n.is_any(&[Label::OwnerLead, Label::OwnerRelated]));
                    owners
                        && !lines.is_empty()
                        && rest.as_ref().is_some_and(|rest| !goes_on_owners(lines, rest, vocabulary))
                });
            if name.is_some() || ends {
                runs.push((name, Vec::new()));
            }
            if let (Some(rest), Some((_, lines))) = (rest, runs.last_mut()) {
                lines.push(rest);
            }
        }
    }
    let mut runs: Vec<(Option<Rc<Name>>, Vec<Line>)> =
        runs.into_iter().flat_map(|(name, lines)| part_sentences(name, lines, vocabulary)).collect();
    runs.retain(|(name, lines)| name.is_some() || !lines.is_empty());
    runs.into_iter().map(|(name, lines)| (name, Text::of(lines))).collect()
}

/// The lines under owners that are sentences, or items among them, as a run of their own: they are no owners.
fn part_sentences(
    name: Option<Rc<Name>>,
    mut lines: Vec<Line>,
    vocabulary: &Vocabulary,
) -> Vec<(Option<Rc<Name>>, Vec<Line>)> {
    if !name.as_ref().is_some_and(|name| name.is_any(&[Label::OwnerLead, Label::OwnerRelated])) {
        return vec![(name, lines)];
    }
    let ends = |line: &Line| {
        vocabulary.marks(Mark::SentenceEnd).iter().any(|end| line.text.trim_end().ends_with(end.as_str()))
    };
    let is_name = |line: &Line| line.text.trim().is_empty() || owners::are_names(&line.text, vocabulary);
    let end = lines.iter().skip(1).position(|line| !is_name(line)).map(|i| i + 1);
    match end.filter(|&end| lines[end..].iter().any(ends)) {
        Some(end) => {
            let sentences = lines.split_off(end);
            vec![(name, lines), (None, sentences)]
        }
        None => vec![(name, lines)],
    }
}

/// Whether a line goes on the owners of the lines above it.
fn goes_on_owners(above: &[Line], line: &Line, vocabulary: &Vocabulary) -> bool {
    let open = above.last().is_some_and(|last| {
        vocabulary.marks(Mark::Separator).iter().any(|mark| last.text.trim_end().ends_with(mark.as_str()))
    });
    let sentence = vocabulary.marks(Mark::SentenceEnd).iter().any(|end| line.text.contains(end.as_str()));
    let dated = !periods::find(&line.text, vocabulary).is_empty();
    let first = line.raw.split_whitespace().next().unwrap_or_default();
    let labelled = first.len() < line.raw.trim().len() && labels::parse(first, vocabulary).is_some();
    open || !dated && !sentence && !labelled || super::owners::are_names(&line.text, vocabulary)
}

/// A cell's text as entries, where its first line begins with a label of its own: `2 現状・課題 [現状] …`.
pub(super) fn inner_entries(text: &Text, vocabulary: &Vocabulary) -> Option<Vec<(Rc<Name>, Text)>> {
    let first = text.lines.iter().position(|line| !line.raw.trim().is_empty())?;
    let line = &text.lines[first];
    if let Some((name, length)) = spaced_label(&line.raw, vocabulary) {
        let mut lines = Vec::with_capacity(text.lines.len());
        lines.extend(part(line, length..line.raw.len()));
        lines.extend(text.lines[first + 1..].iter().cloned());
        return Some(vec![(name, Text::of(lines))]);
    }
    let runs = runs(text, vocabulary);
    if runs.first().is_some_and(|(name, _)| name.is_none()) {
        return None;
    }
    Some(runs.into_iter().filter_map(|(name, text)| Some((name?, text))).collect())
}

/// A numbered label parted by white space from text that goes on in its line: `5-1 目標指標 I 職員数`, `2 現状・課題 [現状]`.
fn spaced_label(raw: &str, vocabulary: &Vocabulary) -> Option<(Rc<Name>, usize)> {
    const WORDS: usize = 5;
    let start = raw.len() - raw.trim_start().len();
    let ends = raw[start..].char_indices().filter(|(_, c)| c.is_whitespace()).map(|(i, _)| start + i).take(WORDS);
    let mut ends: Vec<usize> = ends.collect();
    ends.push(raw.len());
    ends.into_iter().rev().find_map(|end| {
        let name = labels::parse(&raw[..end], vocabulary).filter(|name| name.ordinal.is_some())?;
        let known = name.section().is_some() || name.is_kpi() || name.is(Label::Schedule) || name.is(Label::Activities);
        known.then_some((name, end))
    })
}

/// A row of a form whose rules a conversion lost: `施策番号 1-1 施策名 ○○の推進`, two labels or more and their values, parted
/// by white space.
pub(super) fn form_line(line: &Line, vocabulary: &Vocabulary) -> Option<Vec<(Rc<Name>, Option<Line>)>> {
    const LONGEST: usize = 600; // bytes
    let raw = line.raw.trim_end();
    if raw.len() > LONGEST {
        return None;
    }
    let mut labels: Vec<(Rc<Name>, Range<usize>)> = Vec::new();
    let mut at = 0;
    for word in raw.split(char::is_whitespace) {
        let range = at..at + word.len();
        at = range.end + raw[range.end..].chars().next().map_or(0, char::len_utf8);
        if word.is_empty() {
            continue;
        }
        let named = |name: &Rc<Name>| {
            name.suffixed && name.level().is_some()
                || name.is_any(&[Label::Number, Label::Name, Label::OwnerLead, Label::OwnerRelated])
        };
        if let Some(name) = labels::parse(word, vocabulary).filter(|name| named(name) && !name.by_ending) {
            labels.push((name, range));
        } else if labels.is_empty() {
            return None;
        }
    }
    let ends = labels.iter().skip(1).map(|(_, range)| range.start).chain([raw.len()]);
    let ends: Vec<usize> = ends.collect();
    let mut entries: Vec<(Rc<Name>, Option<Line>)> =
        labels.into_iter().zip(ends).map(|((name, range), end)| (name.marked(), part(line, range.end..end))).collect();
    if let Some((name, Some(value))) = entries.last()
        && name.is_any(&[Label::OwnerLead, Label::OwnerRelated])
        && let Some((end, label, rest)) = run_on_label(&value.raw, vocabulary)
    {
        let cut = (name.clone(), part(value, 0..end));
        let text = part(value, rest..value.raw.len());
        entries.pop();
        entries.extend([cut, (label, text)]);
    }
    // every label has a value; the last may be left blank
    let full = entries.iter().rev().skip(1).all(|(_, value)| value.is_some());
    (entries.len() >= 2 && full).then_some(entries)
}

/// The label of the next line, which a conversion joined to owners: `福祉課、総務課現状と課題 相談が増えている。` gives where the owners
/// end, the label, and where its text begins.
fn run_on_label(raw: &str, vocabulary: &Vocabulary) -> Option<(usize, Rc<Name>, usize)> {
    let mut at = 0;
    for word in raw.split(char::is_whitespace) {
        let start = at;
        at += word.len() + raw[start + word.len()..].chars().next().map_or(0, char::len_utf8);
        for (i, _) in word.char_indices() {
            let owners = characters::fold(&raw[..start + i]);
            let label = || labels::parse(&word[i..], vocabulary).filter(|n| n.section().is_some() && !n.by_ending);
            if let Some(label) = label()
                && super::owners::are_names(owners.trim(), vocabulary)
            {
                return Some((start + i, label.marked(), start + word.len()));
            }
        }
    }
    None
}

/// The labels in a line and the texts behind them.
fn split_line(line: &Line, vocabulary: &Vocabulary) -> Vec<(Option<Rc<Name>>, Option<Line>)> {
    if let Some(entries) = form_line(line, vocabulary) {
        return entries.into_iter().map(|(name, value)| (Some(name), value)).collect();
    }
    if let Some((name, rest)) = label_line(line, vocabulary) {
        // an item of a list by its label is none of the label's own
        let rest = rest.map(|rest| Line { item: false, ..rest });
        let mut out = match rest {
            Some(rest) => match spaced_entry(&rest.raw, vocabulary) {
                Some(at) => {
                    let mut out = vec![(None, part(&rest, 0..at))];
                    out.extend(part(&rest, at..rest.raw.len()).iter().flat_map(|more| split_line(more, vocabulary)));
                    out
                }
                None => split_line(&rest, vocabulary),
            },
            None => vec![(None, None)],
        };
        if out[0].0.is_some() {
            out.insert(0, (None, None));
        }
        out[0].0 = Some(name);
        return out;
    }
    // labels in brackets inside the line: `[現状] … [課題] …`
    for (open, inside, end) in brackets(&line.raw, vocabulary) {
        if open == 0 {
            continue;
        }
        // 〔所管〕企画課　〔協力〕財政課　〔事業期間〕令和8年度～
        let enclosed = |name: &Name| {
            line.raw[open..].starts_with(&OPENING[2..]) && !name.by_ending && super::stream::opens_entry(name)
        };
        let before = line.raw[..open].trim_end();
        let parted = before.len() < open || before.ends_with(|c: char| !c.is_alphanumeric()) && !before.ends_with(',');
        if let Some(name) = labels::parse(&line.raw[inside], vocabulary)
            .filter(|name| parted && (name.section().is_some() || enclosed(name)))
        {
            let mut out = vec![(None, part(line, 0..open))];
            let rest = part(line, end..line.raw.len());
            let mut more = rest.map_or_else(|| vec![(None, None)], |rest| split_line(&rest, vocabulary));
            if more[0].0.is_some() {
                more.insert(0, (None, None));
            }
            more[0].0 = Some(name.marked());
            out.extend(more);
            return out;
        }
    }
    vec![(None, Some(line.clone()))]
}

/// Where the next label begins in a line of several, `企画課　関係課:財政課`: behind white space and before a colon.
fn spaced_entry(raw: &str, vocabulary: &Vocabulary) -> Option<usize> {
    let (colon, _) = raw.char_indices().find(|(_, c)| is_colon(*c))?;
    let (space, c) = raw[..colon].trim_end().char_indices().rfind(|(_, c)| c.is_whitespace())?;
    let at = space + c.len_utf8();
    let name = labels::parse(&raw[at..colon], vocabulary)?;
    (super::stream::opens_entry(&name) && !raw[..at].trim().is_empty()).then_some(at)
}

/// The label that a line begins with, and what follows it in the line.
pub(super) fn label_line(line: &Line, vocabulary: &Vocabulary) -> Option<(Rc<Name>, Option<Line>)> {
    let raw = line.raw.as_ref();
    let start = raw.len() - raw.trim_start().len();
    // 【担当課】企画課, and with a mark before it
    let lead = raw[start..].chars().next()?;
    let marked = vocabulary.is_mark_char(Mark::Bullet, lead);
    let from = if marked { start + lead.len_utf8() } else { start };
    let from = from + (raw[from..].len() - raw[from..].trim_start().len());
    if let Some((inside, end)) = begins_bracketed(INSIDE, &raw[from..], vocabulary)
        && let Some(name) = labels::parse(&raw[from..][inside], vocabulary)
    {
        let rest = &raw[from + end..];
        let colon = rest.trim_start();
        let rest = colon.strip_prefix([':', '\u{ff1a}']).unwrap_or(colon);
        return Some((name.marked(), part(line, raw.len() - rest.len()..raw.len())));
    }
    // 【担当課:企画課】
    if let Some((inside, end)) = begins_bracketed(LINE, &raw[from..], vocabulary)
        && raw[from + end..].trim().is_empty()
        && let Some((at, colon)) = raw[from..][inside.clone()].char_indices().find(|(_, c)| is_colon(*c))
        && let Some(name) = labels::parse(&raw[from..][inside.start..inside.start + at], vocabulary)
    {
        let value = from + inside.start + at + colon.len_utf8()..from + inside.end;
        return Some((name.marked(), part(line, value)));
    }
    // 担当課:企画課
    const LABEL: usize = 75; // bytes: twenty-five characters
    if let Some(colon) = raw.char_indices().take_while(|(i, _)| *i <= start + LABEL).find(|(_, c)| is_colon(*c)) {
        let (at, c) = colon;
        if let Some(name) = labels::parse(&raw[..at], vocabulary) {
            return Some((name.marked(), part(line, at + c.len_utf8()..raw.len())));
        }
    }
    // ■取組内容 alone in its line
    if raw.len() <= 2 * LABEL
        && let Some(name) = labels::parse(raw, vocabulary).filter(|name| name.marked || stands_alone(name))
    {
        return Some((name, None));
    }
    // ○担当課　企画課
    let body = &raw[from..];
    let space = body.find(|c: char| c.is_whitespace() || c == '\u{2026}')?;
    if space > LABEL {
        return None;
    }
    let name = labels::parse(&body[..space], vocabulary)?;
    let rest = &body[space..];
    let dated =
        || name.is(Label::Schedule) && periods::find(rest, vocabulary).first().is_some_and(|m| m.range.start < 8);
    let owner = name.is_any(&[Label::OwnerLead, Label::OwnerRelated, Label::Period]) || dated();
    (owner || marked && (name.section().is_some() || name.is_kpi()))
        .then(|| (name.marked(), part(line, from + space..raw.len())))
}

fn is_colon(c: char) -> bool {
    matches!(c, ':' | '\u{ff1a}')
}

/// Owners in brackets behind a sentence, `…を進める。【下水道課】` or `…を進める。(担当:下水道課)`: where the sentence ends, and
/// the owners.
pub(super) fn owner_behind(line: &Line, vocabulary: &Vocabulary) -> Option<(usize, Range<usize>)> {
    let raw = line.raw.trim_end();
    let inner = raw.strip_suffix(CLOSING)?;
    let open = inner.rfind(OPENING)?;
    let before = raw[..open].trim_end();
    if !vocabulary.marks(Mark::SentenceEnd).iter().any(|end| before.ends_with(end.as_str())) {
        return None;
    }
    let mut inside = open + inner[open..].chars().next()?.len_utf8()..inner.len();
    let mut told = false;
    if let Some((at, colon)) = raw[inside.clone()].char_indices().find(|(_, c)| is_colon(*c)) {
        let label = labels::parse(&raw[inside.start..inside.start + at], vocabulary)?;
        told = label.is_any(&[Label::OwnerLead, Label::OwnerRelated]);
        inside.start += at + colon.len_utf8();
    }
    (told || super::owners::are_names(&characters::fold(&raw[inside.clone()]), vocabulary))
        .then_some((before.len(), inside))
}

/// Brackets that owners stand in behind what they own.
pub(super) const OPENING: [char; 6] = ['(', '\u{ff08}', '[', '\u{ff3b}', '\u{3010}', '\u{3014}'];
pub(super) const CLOSING: [char; 6] = [')', '\u{ff09}', ']', '\u{ff3d}', '\u{3011}', '\u{3015}'];

/// Whether a line that is a label and nothing else is one even without a mark.
fn stands_alone(name: &Name) -> bool {
    let telling = name.section().is_some()
        || name.is_kpi()
        || name.is_any(&[Label::OwnerLead, Label::OwnerRelated, Label::Schedule]);
    telling && !name.by_ending && name.when.is_none()
}

/// Bytes of the longest text in brackets: thirty characters of a label, two hundred of a line of owners.
const INSIDE: usize = 90;
const LINE: usize = 600;

/// The bracketed stretch that a text begins with: its inside, and where it ends.
fn begins_bracketed(longest: usize, text: &str, vocabulary: &Vocabulary) -> Option<(Range<usize>, usize)> {
    let first = text.chars().next().filter(|c| !characters::is_alphanumeric(*c))?;
    labels::is_bracket(first, vocabulary, Mark::OpenBracket).then_some(())?;
    let first = brackets_up_to(longest, text, vocabulary).next().filter(|(open, ..)| *open == 0);
    first.map(|(_, inside, end)| (inside, end))
}

/// The bracketed stretches of a text: where one opens, its inside, where it ends.
fn brackets<'t>(text: &'t str, vocabulary: &'t Vocabulary) -> impl Iterator<Item = (usize, Range<usize>, usize)> + 't {
    brackets_up_to(INSIDE, text, vocabulary)
}

fn brackets_up_to<'t>(
    longest: usize,
    text: &'t str,
    vocabulary: &'t Vocabulary,
) -> impl Iterator<Item = (usize, Range<usize>, usize)> + 't {
    let opens = text
        .char_indices()
        .filter(|(_, c)| !characters::is_alphanumeric(*c) && labels::is_bracket(*c, vocabulary, Mark::OpenBracket));
    opens.filter_map(move |(open, c)| {
        let inside = open + c.len_utf8();
        let (close, c) = text[inside..]
            .char_indices()
            .take_while(|(i, _)| *i <= longest)
            .find(|(_, c)| !c.is_alphanumeric() && labels::is_bracket(*c, vocabulary, Mark::CloseBracket))?;
        (close > 0).then(|| (open, inside..inside + close, inside + close + c.len_utf8()))
    })
}

/// A stretch of a line; none where nothing is printed in it.
pub(super) fn part(line: &Line, range: Range<usize>) -> Option<Line> {
    let raw = line.raw[range].trim();
    let text = characters::fold(raw);
    (!raw.is_empty()).then(|| Line { raw: raw.into(), text: text.into(), item: line.item, place: line.place.clone() })
}
