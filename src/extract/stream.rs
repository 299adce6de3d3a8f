//! The document as one stream of events, without what is no content: model pages, contents, glossary.

use super::alike::alike;
use super::contents::Contents;
use super::events::{Entry, Event, Piece, Title};
use super::headlines::{self, Headlines};
use super::numbering::{Numbered, Style};
use super::summaries::Summary;
use super::tables::{self, Context, titles};
use super::{labels, prose};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Block, Cell, Document, Line, Page, Place, Table, Text};
use crate::normalise::characters;
use crate::normalise::periods::{self, Precision, When};
use crate::normalise::values;
use crate::vocabulary::{Label, Mark, Vocabulary, compact};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The events of a document. `skipped` are blocks (page and block index) that other parts of the extractor own,
/// `summaries` tables of which is known how they are read.
pub(super) fn events<'a>(
    document: &'a Document,
    skipped: &BTreeSet<(usize, usize)>,
    summaries: &BTreeMap<(usize, usize), Summary>,
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Event<'a>> {
    let mut context = Context { vocabulary, faithful: document.faithful, year: None, money: None, unit: None };
    let headlines = Headlines::find(document, skipped, vocabulary);
    let contents = Contents::of(document, vocabulary);
    let mut out = Vec::new();
    for (p, page) in document.pages.iter().enumerate() {
        let start = out.len();
        // a sheet that says how the others are to be filled in
        if let Some(name) = page.name.as_deref().filter(|name| is_template(name, vocabulary)) {
            diagnostics.push(template_skipped(name, page.blocks.iter().find_map(Block::place)));
            continue;
        }
        for (b, block) in page.blocks.iter().enumerate() {
            context.year = year_over(block, context.year.take(), vocabulary);
            // what a title says of a table it does not say of another behind it
            let ended = b > 0 && is_past(&page.blocks[b - 1], block);
            context.money = money_over(block, context.money.take().filter(|_| !ended), vocabulary);
            context.unit = unit_over(block, context.unit.take(), vocabulary);
            if skipped.contains(&(p, b)) {
                continue;
            }
            match block {
                Block::Heading(heading) => {
                    let named = heading.text.lines.first().filter(|_| headlines.items && heading.text.lines.len() == 1);
                    if !named.is_some_and(|line| item(line, vocabulary, &mut out)) {
                        head(&heading.text, heading.level, vocabulary, &mut out);
                    }
                }
                Block::Paragraph(paragraph)
                    if paragraph.text.lines.first().is_some_and(|line| contents.lists(line)) =>
                {
                    part(&paragraph.text, vocabulary, &mut out);
                }
                Block::Paragraph(paragraph) => {
                    let own = |l: usize| headlines.has(p, b, l);
                    paragraph_events(&paragraph.text, own, vocabulary, &mut out);
                }
                Block::Table(table) if lists_persons(table, vocabulary) => {}
                Block::Table(table) => match summaries.get(&(p, b)) {
                    Some(Summary { head, rows }) => {
                        tables::listed(table, (head.clone(), *rows), &context, &mut out, diagnostics);
                    }
                    None => match titles::events(table, &page.blocks[b + 1..], vocabulary) {
                        Some(titled) => out.extend(titled),
                        None => tables::events(table, &context, &mut out, diagnostics),
                    },
                },
                Block::Contents(_) => {}
            }
        }
        if let Some(title) = sheet_title(page, &out[start..], vocabulary) {
            out.insert(start, Event::heading(title));
        }
    }
    out
}

/// Whether a table lists persons: a committee's members, with what they belong to.
fn lists_persons(table: &Table, vocabulary: &Vocabulary) -> bool {
    let persons = vocabulary.marks(Mark::Person);
    let heads = table.row(0);
    let names = |cell: &Cell| persons.contains(&compact(&cell.text.joined()));
    let measures = |cell: &Cell| labels::whole(&cell.text, vocabulary).is_some_and(|name| name.level().is_some());
    table.rows > 1 && heads.iter().any(names) && !heads.iter().any(measures)
}

/// The year that the tables below a block are about: the one that a heading or a caption states.
fn year_over(block: &Block, before: Option<When>, vocabulary: &Vocabulary) -> Option<When> {
    const CAPTION: usize = 40;
    let (text, heading) = match block {
        Block::Heading(heading) => (&heading.text, true),
        Block::Paragraph(paragraph) => (&paragraph.text, false),
        Block::Table(_) | Block::Contents(_) => return before,
    };
    let joined = text.joined();
    if joined.chars().count() > CAPTION {
        return before.filter(|_| !heading);
    }
    match periods::find(&joined, vocabulary).as_slice() {
        [one] if one.when.precision == Precision::FiscalYear => Some(one.when.clone()),
        _ => before.filter(|_| !heading),
    }
}

/// Whether a block goes on to something else than the table before it: not a table with the same heads.
fn is_past(before: &Block, block: &Block) -> bool {
    let Block::Table(before) = before else { return false };
    let heads = |table: &Table| table.row(0).iter().map(|cell| cell.text.raw().into_owned()).collect::<Vec<String>>();
    !matches!(block, Block::Table(next) if heads(next) == heads(before))
}

/// The kind of money that the tables below a block are about, with its unit: `概算事業費(千円)`.
fn money_over(block: &Block, before: Option<String>, vocabulary: &Vocabulary) -> Option<String> {
    let (text, heading) = match block {
        Block::Heading(heading) => (&heading.text, true),
        Block::Paragraph(paragraph) => (&paragraph.text, false),
        Block::Table(_) | Block::Contents(_) => return before,
    };
    let title = text.lines.iter().rev().find(|line| !line.raw.trim().is_empty());
    let raw = title.map(|line| line.raw.trim()).unwrap_or_default();
    tables::money_titled(raw, vocabulary).or_else(|| before.filter(|_| !heading))
}

/// The unit of money that the caption of the tables below states: its last line ends with `(単位:千円)`.
fn unit_over(block: &Block, before: Option<String>, vocabulary: &Vocabulary) -> Option<String> {
    let (text, heading) = match block {
        Block::Heading(heading) => (&heading.text, true),
        Block::Paragraph(paragraph) => (&paragraph.text, false),
        Block::Table(_) | Block::Contents(_) => return before,
    };
    let line = text.lines.iter().rev().map(|line| line.text.trim()).find(|line| !line.is_empty());
    let stated = line.and_then(|line| {
        let inner = line.strip_suffix([')', ']'])?;
        let inner = &inner[inner.rfind(['(', '['])? + 1..];
        let (label, unit) = inner.split_once([':', '\u{ff1a}'])?;
        let unit = unit.trim();
        let is_unit = labels::parse(label.trim(), vocabulary).is_some_and(|name| name.is(Label::Unit));
        let probe = values::parse(&format!("1{unit}"), None, vocabulary);
        (is_unit && probe.unit.as_deref() == Some(unit) && probe.base.is_some()).then(|| unit.to_owned())
    });
    stated.or_else(|| before.filter(|_| !heading))
}

/// A sheet's name as the heading of what is on it: one that a level's word numbers (方針1 …), or that stands over a list.
fn sheet_title<'a>(page: &Page, events: &[Event<'_>], vocabulary: &Vocabulary) -> Option<Title<'a>> {
    let raw = page.name.as_deref()?;
    let place = page.blocks.iter().find_map(Block::place)?;
    let mut text = Text::line(raw, place.clone());
    text.lines[0].text = characters::fold(raw).into();
    let title = tables::title(Cow::Owned(text), Some(0), place, vocabulary);
    let levelled = title.numbered.as_ref().is_some_and(|numbered| numbered.level.is_some());
    let lists = events.iter().any(|event| matches!(event, Event::Entry(entry) if entry.measure));
    let ranked = events.iter().any(
        |event| matches!(event, Event::Entry(entry) if entry.listed && !entry.measure && entry.name.level().is_some()),
    );
    let names = title.name.chars().any(|c| !c.is_ascii() && c.is_alphabetic())
        && !is_plain(&title.name, vocabulary)
        && labels::parse(&title.name, vocabulary).is_none();
    // what the sheet says itself goes before its name
    let said = events.iter().any(|event| match event {
        Event::Heading(own) => {
            let numbered = |title: &Title<'_>| title.numbered.as_ref().map(|n| (n.number.clone(), n.style));
            alike(&own.name, &title.name) || numbered(own).is_some() && numbered(own) == numbered(&title)
        }
        _ => false,
    });
    (names && !said && (levelled || lists && !ranked && title.numbered.is_none())).then_some(title)
}

/// A paragraph whose first line titles a part of the document.
fn part<'a>(paragraph: &'a Text, vocabulary: &Vocabulary, out: &mut Vec<Event<'a>>) {
    let Some((first, rest)) = paragraph.lines.split_first() else { return };
    let own = Text::of(vec![first.clone()]);
    out.push(Event::heading(tables::title(Cow::Owned(own), Some(TOP), first.place.clone(), vocabulary)));
    if !rest.is_empty() {
        text(Cow::Owned(Text::of(rest.to_vec())), vocabulary, out);
    }
}

/// A paragraph, cut at the headlines inside it.
fn paragraph_events<'a>(
    paragraph: &'a Text,
    headline: impl Fn(usize) -> bool,
    vocabulary: &Vocabulary,
    out: &mut Vec<Event<'a>>,
) {
    if !(0..paragraph.lines.len()).any(&headline) {
        text(Cow::Borrowed(paragraph), vocabulary, out);
        return;
    }
    let mut before: Vec<Line> = Vec::new();
    for (l, line) in paragraph.lines.iter().enumerate() {
        if !headline(l) {
            before.push(line.clone());
            continue;
        }
        if !before.is_empty() {
            text(Cow::Owned(Text::of(std::mem::take(&mut before))), vocabulary, out);
        }
        if !item(line, vocabulary, out) {
            if let Some(title) = headlines::enclosed(&line.raw, vocabulary) {
                let own =
                    Text::of(vec![Line { raw: title.into(), text: characters::fold(title).into(), ..line.clone() }]);
                let title = tables::title(Cow::Owned(own), Some(ITEM), line.place.clone(), vocabulary);
                out.push(Event::heading(Title { item: true, ..title }));
                continue;
            }
            let own = Text::of(vec![line.clone()]);
            out.push(Event::heading(tables::title(Cow::Owned(own), Some(LOWEST), line.place.clone(), vocabulary)));
        }
    }
    if !before.is_empty() {
        text(Cow::Owned(Text::of(before)), vocabulary, out);
    }
}

/// `○ 空き家バンク事業(住宅課)`: a headline and its owner.
fn item(line: &Line, vocabulary: &Vocabulary, out: &mut Vec<Event<'_>>) -> bool {
    let Some((name, owners)) = headlines::named_item(line, vocabulary) else { return false };
    let (Some(name), Some(owners)) = (prose::part(line, name), prose::part(line, owners)) else { return false };
    let place = line.place.clone();
    let name = Text::of(vec![Line { item: false, ..name }]);
    let title = tables::title(Cow::Owned(name), Some(ITEM), place.clone(), vocabulary);
    out.push(Event::heading(Title { item: true, ..title }));
    let role = labels::field(Label::OwnerLead);
    out.push(entry(role, Some(Text::of(vec![Line { item: false, ..owners }])), place));
    true
}

/// `3 施策の概要　　基本戦略1 ○○`: where in a numbered heading another one begins that a level's word numbers.
fn heading_inside(line: &Line, vocabulary: &Vocabulary) -> Option<usize> {
    let raw = line.raw.as_ref();
    let first = super::numbering::leading(raw, vocabulary).filter(|numbered| numbered.level.is_none())?;
    let spaces = raw.char_indices().filter(|(at, c)| c.is_whitespace() && *at > first.length);
    spaces.map(|(at, c)| at + c.len_utf8()).find(|&at| {
        super::numbering::leading(&raw[at..], vocabulary).is_some_and(|inner| {
            let number = raw[at..].get(..inner.length).unwrap_or_default();
            inner.level.is_some() && number.ends_with(char::is_whitespace) && inner.length < raw[at..].len()
        })
    })
}

fn head<'a>(text: &'a Text, level: u8, vocabulary: &Vocabulary, out: &mut Vec<Event<'a>>) {
    let place = text.place.clone().unwrap_or_default();
    if let [line] = text.lines.as_slice()
        && let Some(at) = heading_inside(line, vocabulary)
        && let (Some(outer), Some(inner)) = (prose::part(line, 0..at), prose::part(line, at..line.raw.len()))
    {
        for part in [outer, inner] {
            let title = Cow::Owned(Text::of(vec![part]));
            out.push(Event::heading(tables::title(title, Some(level), place.clone(), vocabulary)));
        }
        return;
    }
    if let [line] = text.lines.as_slice()
        && let Some(entries) = prose::form_line(line, vocabulary)
    {
        out.extend(
            entries
                .into_iter()
                .map(|(name, value)| entry(name, value.map(|value| Text::of(vec![value])), place.clone())),
        );
        return;
    }
    let title = tables::title(Cow::Borrowed(text), Some(level), place.clone(), vocabulary);
    // a heading that is a label opens an entry; a chapter, or a part's plain title, does not
    let division = title.numbered.as_ref().is_some_and(|numbered| {
        matches!(numbered.style, Style::Part | Style::Chapter)
            || matches!(numbered.style, Style::Plain(_) | Style::Division | Style::Roman)
                && is_plain(&title.name, vocabulary)
    });
    if !division
        && title.numbered.as_ref().is_none_or(|numbered| numbered.level.is_none())
        && let Some(name) = labels::whole(text, vocabulary).filter(|name| opens_entry(name))
    {
        // a section of its own among numbered ones closes what stands before it: 1 ○○, 2 ○○, 3 成果指標
        if (name.is_kpi() || name.is(Label::Schedule)) && follows_parts(&title, out) {
            out.push(Event::heading(title));
        }
        out.push(entry(name.marked(), None, place));
        return;
    }
    if let [line] = text.lines.as_slice()
        && let Some((name, Some(rest))) = prose::label_line(line, vocabulary)
        && (opens_entry(&name) || name.is(Label::Number))
    {
        let rest = Text::of(vec![rest]);
        if name.is(Label::Number) && named_number(&rest, vocabulary) {
            let place = rest.place.clone().unwrap_or_default();
            out.push(Event::heading(tables::title(Cow::Owned(rest), Some(level), place, vocabulary)));
            return;
        }
        out.push(entry(name, Some(rest), place));
        return;
    }
    // a short line under an empty label is its value, whatever it looks like
    let waiting = matches!(out.last(), Some(Event::Entry(entry)) if !entry.listed && entry.is_empty() && entry.name.is_any(&[Label::OwnerLead, Label::OwnerRelated, Label::Period]));
    if waiting && title.numbered.is_none() {
        out.push(Event::Text(Cow::Borrowed(text)));
        return;
    }
    out.push(Event::heading(title));
}

/// Whether a numbered heading goes on the count of one that other headings stand under.
fn follows_parts(title: &Title<'_>, events: &[Event<'_>]) -> bool {
    let Some(own) = &title.numbered else { return false };
    let headings = || {
        events.iter().rev().filter_map(|event| match event {
            Event::Heading(title) => Some(title.as_ref()),
            _ => None,
        })
    };
    let alike = |title: &&Title<'_>| title.numbered.as_ref().is_some_and(|other| other.style == own.style);
    let Some(before) = headings().position(|title| alike(&title)) else { return false };
    let last = headings().find(alike).and_then(|title| title.numbered.as_ref()).and_then(Numbered::count);
    before > 0 && last.zip(own.count()).is_some_and(|(last, own)| last + 1 == own)
}

/// Whether a heading titles a part of a document in words that any plan uses.
fn is_plain(name: &str, vocabulary: &Vocabulary) -> bool {
    vocabulary.is_plain(&compact(name))
}

/// A numbered line of its own right above labelled text is a heading, whatever the reader took it for.
pub(super) fn promote_headings<'a>(events: &mut [Event<'a>], vocabulary: &Vocabulary) {
    const TITLE: usize = 50;
    for i in 0..events.len() {
        let labelled = match events.get(i + 1) {
            Some(Event::Entry(entry)) => !entry.listed && opens_entry(&entry.name),
            _ => false,
        };
        let Event::Text(text) = &events[i] else { continue };
        let Cow::Borrowed(text) = text else { continue };
        let [line] = text.lines.as_slice() else { continue };
        let sentence =
            vocabulary.marks(Mark::SentenceEnd).iter().any(|end| line.text.trim_end().ends_with(end.as_str()));
        if labelled && !sentence && line.text.chars().count() <= TITLE {
            let title = tables::title(*text, Some(LOWEST), line.place.clone(), vocabulary);
            if title.numbered.as_ref().is_some_and(|numbered| numbered.level.is_none()) && !title.name.is_empty() {
                events[i] = Event::heading(title);
            }
        }
    }
}

/// The level of titles that only the contents tell.
const TOP: u8 = 1;

/// The level of headings that only their number tells.
const LOWEST: u8 = 9;

/// The level of items that name their owners.
const ITEM: u8 = 10;

/// Whether a label says what the text behind or under it is.
pub(super) fn opens_entry(name: &labels::Name) -> bool {
    name.section().is_some()
        || name.is_kpi()
        || name.is_figure()
        || name.is_any(&[
            Label::OwnerLead,
            Label::OwnerRelated,
            Label::Schedule,
            Label::Activities,
            Label::Period,
            Label::Budget,
            Label::Category,
            Label::ScheduleItem,
        ])
}

/// Running text; owners in brackets behind its sentences come after it.
fn text<'a>(text: Cow<'a, Text>, vocabulary: &Vocabulary, out: &mut Vec<Event<'a>>) {
    let mut owners: Vec<Line> = Vec::new();
    let mut lines: Vec<Line> = Vec::new();
    for line in &text.lines {
        match prose::owner_behind(line, vocabulary) {
            Some((end, inside)) => {
                owners.extend(prose::part(line, inside).map(|line| Line { item: false, ..line }));
                lines.extend(prose::part(line, 0..end));
            }
            None => lines.push(line.clone()),
        }
    }
    if owners.is_empty() {
        labelled_text(text, vocabulary, out);
        return;
    }
    labelled_text(Cow::Owned(Text::of(lines)), vocabulary, out);
    let text = Text::of(owners);
    let place = text.place.clone().unwrap_or_default();
    out.push(entry(labels::field(Label::OwnerLead), Some(text), place));
}

fn labelled_text<'a>(text: Cow<'a, Text>, vocabulary: &Vocabulary, out: &mut Vec<Event<'a>>) {
    let runs = prose::runs(&text, vocabulary);
    if let [(None, _)] = runs.as_slice() {
        // a label alone in its paragraph
        if let Some(name) = labels::whole(&text, vocabulary).filter(|name| opens_entry(name) && text.lines.len() == 1) {
            out.push(entry(name, None, text.place.clone().unwrap_or_default()));
        } else {
            out.push(Event::Text(text));
        }
        return;
    }
    for (name, run) in runs {
        match name {
            // `事業番号:1 ○○事業` is the head of a measure
            Some(name) if name.is(Label::Number) && named_number(&run, vocabulary) => {
                let place = run.place.clone().unwrap_or_default();
                out.push(Event::heading(tables::title(Cow::Owned(run), Some(LOWEST), place, vocabulary)));
            }
            Some(name) => {
                let place = run.place.clone().or_else(|| text.place.clone()).unwrap_or_default();
                out.push(entry(name, (!run.lines.is_empty()).then_some(run), place));
            }
            None => out.push(Event::Text(Cow::Owned(run))),
        }
    }
}

/// Whether a text is a number and a title.
fn named_number(text: &Text, vocabulary: &Vocabulary) -> bool {
    let [line] = text.lines.as_slice() else { return false };
    let raw = line.raw.trim();
    super::numbering::leading(raw, vocabulary)
        .is_some_and(|numbered| raw[numbered.length..].chars().filter(|c| c.is_alphabetic()).count() >= 2)
}

fn entry<'a>(name: impl Into<Rc<labels::Name>>, value: Option<Text>, place: Place) -> Event<'a> {
    let value = value.map(|text| Piece {
        place: text.place.clone().unwrap_or_else(|| place.clone()),
        text: Cow::Owned(text),
        row: 0,
    });
    Event::Entry(Entry::new(name, value, place))
}

/// Takes out the parts under a heading that explains a model form, and says so.
pub(super) fn skip_templates<'a>(
    events: Vec<Event<'a>>,
    vocabulary: &Vocabulary,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Event<'a>> {
    let depths = super::outline::depths(&events);
    let mut out = Vec::with_capacity(events.len());
    let mut skipping: Option<usize> = None;
    for (event, depth) in events.into_iter().zip(depths) {
        if let (Event::Heading(title), Some(depth)) = (&event, depth) {
            if skipping.is_some_and(|from| depth <= from) {
                skipping = None;
            }
            if skipping.is_none() && is_template(&title.name, vocabulary) {
                skipping = Some(depth);
                diagnostics.push(template_skipped(&title.name, Some(title.place.clone())));
            }
        }
        if skipping.is_none() {
            out.push(event);
        }
    }
    out
}

/// Whether a title is that of a model form or of its explanation.
fn is_template(title: &str, vocabulary: &Vocabulary) -> bool {
    const HEADING: usize = 30;
    let words = vocabulary.words.labels.get(&Label::Template).map_or(&[][..], Vec::as_slice);
    title.chars().count() <= HEADING && words.iter().any(|word| title.contains(word.as_str()))
}

fn template_skipped(title: &str, place: Option<Place>) -> Diagnostic {
    Diagnostic::new(Code::TemplateSkipped, format!("`{title}` explains a model form and was left out"), place)
}
