//! Blocks: the lines, boxes and tables of a page as headings, paragraphs, contents and tables in reading order.

use super::content::Rect;
use super::flow::{self, Item};
use super::grid::Lattice;
use super::lines::VisualLine;
use super::page::Found;
use super::paths::union;
use super::script;
use super::wraps::{self, Room};
use crate::document::{Block, Colour, Heading, Paragraph};
use crate::read::text::contents;
use crate::read::text::headings::{self, Form};
use std::collections::BTreeMap;

/// From this part of the body's font size on, a line stands out.
const LARGER: f32 = 1.15;

/// From this part on it is a title, whatever it says.
const TITLE: f32 = 1.45;

/// The widest gap between lines of one paragraph, in parts of the font size.
const PARAGRAPH_GAP: f32 = 0.95;

/// Text set with wide leading: the fewest wrapped lines that show it, the widest it may be, and how much gaps of one
/// leading differ, in parts of the font size.
const FEWEST_WRAPPED: usize = 4;
const WIDEST_LEADING: f32 = 1.6;
const SAME_LEADING: f32 = 0.1;

/// The largest subtitle beside its title, in parts of the title's font size.
const SUBTITLE: f32 = 0.8;

/// The most lines of a heading.
const HEADING_LINES: usize = 3;

/// The fewest lines with leaders that make a table of contents.
const CONTENTS_LINES: usize = 3;

/// How a heading is set.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Style {
    pub size: f32,
    pub bold: bool,
    pub form: Form,
}

/// A block, with what later stages ask of it.
#[derive(Debug, Clone)]
pub(super) enum Built {
    Heading(Heading, Style),
    Paragraph(Paragraph),
    Contents(Paragraph),
    Table(Box<(crate::document::Table, Lattice)>),
}

impl Built {
    pub fn block(self) -> Block {
        match self {
            Built::Heading(heading, _) => Block::Heading(heading),
            Built::Paragraph(paragraph) => Block::Paragraph(paragraph),
            Built::Contents(paragraph) => Block::Contents(paragraph),
            Built::Table(table) => Block::Table(table.0),
        }
    }
}

/// The font size of most characters outside of tables, else of most inside of them.
pub(super) fn body_size(pages: &[Found]) -> f32 {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    let loose = pages.iter().flat_map(|page| page.lines.iter().chain(page.boxes.iter().flat_map(|area| &area.lines)));
    for line in loose {
        *counts.entry((line.size * 2.0).round() as u32).or_default() += line.text.chars().count();
    }
    let most = counts.into_iter().max_by_key(|(size, count)| (*count, std::cmp::Reverse(*size)));
    most.map_or(10.5, |(size, _)| size as f32 / 2.0)
}

/// The blocks of a page.
pub(super) fn blocks(page: Found, body: f32) -> Vec<Built> {
    let Found { number, lines, boxes, tables, .. } = page;
    let mut items: Vec<Item> = lines.iter().map(|line| Item { bbox: line.bbox, line: true }).collect();
    items.extend(boxes.iter().map(|area| Item { bbox: area.bbox, line: false }));
    items.extend(tables.iter().map(|table| Item { bbox: table.lattice.bbox, line: false }));
    let columns = flow::columns(&items);

    let mut lines: Vec<Option<VisualLine>> = lines.into_iter().map(Some).collect();
    let mut boxes: Vec<Option<_>> = boxes.into_iter().map(Some).collect();
    let mut tables: Vec<Option<_>> = tables.into_iter().map(Some).collect();
    let mut out = Vec::new();
    for column in columns {
        let mut run: Vec<VisualLine> = Vec::new();
        let room = Room::around(column.items.iter().filter_map(|&at| lines.get(at)?.as_ref()));
        for at in column.items {
            if let Some(line) = lines.get_mut(at) {
                run.extend(line.take());
                continue;
            }
            text(&std::mem::take(&mut run), room, None, body, number, &mut out);
            let at = at - lines.len();
            if let Some(area) = boxes.get_mut(at) {
                let Some(area) = area.take() else { continue };
                let inner = Room::in_box(super::frame::Frame::Upright, area.bbox, 2.0);
                text(&in_order(area.lines), inner, area.fill, body, number, &mut out);
            } else if let Some(table) = tables.get_mut(at - boxes.len()).and_then(Option::take) {
                out.push(Built::Table(Box::new((table.table, table.lattice))));
            }
        }
        text(&run, room, None, body, number, &mut out);
    }
    out
}

/// The lines of a box in reading order.
fn in_order(lines: Vec<VisualLine>) -> Vec<VisualLine> {
    let items: Vec<Item> = lines.iter().map(|line| Item { bbox: line.bbox, line: true }).collect();
    let mut lines: Vec<Option<VisualLine>> = lines.into_iter().map(Some).collect();
    flow::columns(&items).into_iter().flat_map(|column| column.items).filter_map(|at| lines[at].take()).collect()
}

/// Lines in reading order as headings, paragraphs and contents.
fn text(lines: &[VisualLine], room: Room, fill: Option<Colour>, body: f32, page: u32, out: &mut Vec<Built>) {
    let lines = level(lines);
    let widest = PARAGRAPH_GAP.max(leading(&lines, room) + SAME_LEADING);
    let mut start = 0;
    while start < lines.len() {
        let mut end = start + 1;
        while end < lines.len() && {
            let before = &lines[end - 1];
            let gap = if is_full(before, room) { widest } else { PARAGRAPH_GAP };
            belongs(before, &lines[end], gap, &lines[start..end])
        } {
            end += 1;
        }
        group(&lines[start..end], room, fill, body, page, out);
        start = end;
    }
}

/// Whether a line runs into the right margin.
fn is_full(line: &VisualLine, room: Room) -> bool {
    line.seen[2] >= room.right - 1.5 * line.size
}

/// The gap in which most wrapped lines of running text follow each other, in parts of the font size; 0 where there are
/// few of them or it is too wide for text that runs on.
fn leading(lines: &[VisualLine], room: Room) -> f32 {
    let wrapped = lines.windows(2).filter(|pair| {
        let (line, next) = (&pair[0], &pair[1]);
        line.frame == next.frame
            && (line.size - next.size).abs() <= 0.1 * line.size
            && is_full(line, room)
            && (next.seen[0] - room.left).abs() <= 1.5 * line.size
    });
    let mut gaps: Vec<f32> = wrapped.map(|pair| (pair[1].seen[1] - pair[0].seen[3]) / pair[0].size).collect();
    if gaps.len() < FEWEST_WRAPPED {
        return 0.0;
    }
    gaps.sort_by(f32::total_cmp);
    let usual = gaps[gaps.len() / 2];
    if usual <= WIDEST_LEADING { usual } else { 0.0 }
}

/// Pieces of one line that stand beside each other put together.
fn level(lines: &[VisualLine]) -> Vec<VisualLine> {
    let mut out: Vec<VisualLine> = Vec::with_capacity(lines.len());
    for line in lines {
        match out.last_mut() {
            Some(last)
                if last.frame == line.frame
                    && line.size > SUBTITLE * last.size
                    && (last.base - line.base).abs() <= 0.35 * last.size.min(line.size)
                    && line.seen[0] >= last.seen[2] =>
            {
                last.text.push(' ');
                last.text.push_str(&line.text);
                last.bbox = union(last.bbox, line.bbox);
                last.seen = union(last.seen, line.seen);
                last.bold &= line.bold;
            }
            _ => out.push(line.clone()),
        }
    }
    out
}

/// Whether a line belongs to the paragraph of the ones before it.
fn belongs(before: &VisualLine, line: &VisualLine, widest: f32, paragraph: &[VisualLine]) -> bool {
    let count = paragraph.len();
    let size = before.size.min(line.size);
    let gap = line.seen[1] - before.seen[3];
    let usual = match paragraph {
        [.., a, b] => b.seen[1] - a.seen[3],
        _ => gap,
    };
    before.frame == line.frame
        && (before.size - line.size).abs() <= 0.12 * before.size.max(line.size)
        && before.bold == line.bold
        && gap <= widest * size.max(1.0)
        && gap >= -0.6 * size
        && (count < 2 || gap <= usual + 0.5 * size)
        && contents::is_leader_line(&before.text) == contents::is_leader_line(&line.text)
}

/// One group of lines: contents, a heading, or a paragraph with the headings among its lines.
fn group(lines: &[VisualLine], room: Room, fill: Option<Colour>, body: f32, page: u32, out: &mut Vec<Built>) {
    let Some(first) = lines.first() else { return };
    let all: Vec<&VisualLine> = lines.iter().collect();
    let leaders = lines.iter().filter(|line| contents::is_leader_line(&line.text)).count();
    if leaders == lines.len() {
        contents_lines(&all, page, out);
        return;
    }
    let room =
        if fill.is_some() { room } else { Room { right: room.right.max(Room::around(lines.iter()).right), ..room } };
    let title = first.size >= TITLE * body && lines.len() <= HEADING_LINES;
    if title || lines.len() <= 2 {
        let text = wraps::text(&all, room, page);
        if (title || text.lines.len() == 1)
            && let Some(style) = style(first, &text.raw(), fill, body, title, lines.len())
        {
            out.push(Built::Heading(Heading { level: 1, text }, style));
            return;
        }
    }
    // A first line that is numbered and set off from what follows titles it.
    if lines.len() > 1
        && let Some(style) = style(first, &first.text, fill, body, false, 1)
        && style.form != Form::Plain
        && first.seen[2] < room.right - 4.0 * first.size
        && !script::begins_number(&lines[1].text)
        && !script::begins_bullet(&lines[1].text)
        && !style_is_mark(&style)
    {
        out.push(Built::Heading(Heading { level: 1, text: wraps::text(&all[..1], room, page) }, style));
        group(&lines[1..], room, fill, body, page, out);
        return;
    }
    out.push(Built::Paragraph(Paragraph { text: wraps::text(&all, room, page) }));
}

fn style_is_mark(style: &Style) -> bool {
    matches!(style.form, Form::Mark(_))
}

fn contents_lines(lines: &[&VisualLine], page: u32, out: &mut Vec<Built>) {
    let text = wraps::text(lines, Room { left: 0.0, right: f32::INFINITY }, page);
    match out.last_mut() {
        Some(Built::Contents(before)) => before.text.lines.extend(text.lines),
        _ => out.push(Built::Contents(Paragraph { text })),
    }
}

/// The style of a line that is a heading; none for other lines.
fn style(first: &VisualLine, text: &str, fill: Option<Colour>, body: f32, title: bool, lines: usize) -> Option<Style> {
    let form = headings::form(text.split('\n').next().unwrap_or(text));
    if lines > 1 && !title && !(first.bold || first.size >= LARGER * body) {
        return None;
    }
    let stands_out = first.size >= LARGER * body || first.bold || fill.is_some_and(is_dark);
    let form = match form {
        None if title && !text.ends_with('。') => Form::Plain,
        None => return None,
        Some(form) => form,
    };
    let numbered = match &form {
        // (1) and below may as well count the entries of a list.
        Form::Numbered(rank) => *rank < 40,
        Form::Labelled(..) => true,
        Form::Level(_) | Form::Mark(_) | Form::Plain => false,
    };
    let marked = matches!(form, Form::Mark('【' | '■' | '◆' | '▶' | '▼'));
    if title || stands_out || numbered || (marked && first.text.chars().count() <= 30) {
        let size = (first.size * 2.0).round() / 2.0;
        return Some(Style { size, bold: first.bold, form });
    }
    None
}

fn is_dark(Colour(channels): Colour) -> bool {
    channels.iter().map(|channel| u32::from(*channel)).sum::<u32>() < 3 * 140
}

/// Turns runs of lines that lead to page numbers under a title of contents into contents, page by page.
pub(super) fn find_contents(blocks: &mut Vec<Built>) {
    let titled = blocks.iter().position(|block| match block {
        Built::Heading(heading, _) => headings::titles_contents(&heading.text.raw()),
        Built::Paragraph(paragraph) => headings::titles_contents(&paragraph.text.raw()),
        _ => false,
    });
    let leaders: usize = blocks
        .iter()
        .map(|block| if let Built::Contents(contents) = block { contents.text.lines.len() } else { 0 })
        .sum();
    if titled.is_none() && leaders < CONTENTS_LINES {
        for block in blocks.iter_mut() {
            if let Built::Contents(contents) = block {
                *block = Built::Paragraph(contents.clone());
            }
        }
        return;
    }
    let from = titled.map_or(0, |at| at + 1);
    let is_entry = |text: &crate::document::Text| {
        text.lines.iter().all(|line| contents::is_entry(&line.raw) || contents::is_leader_line(&line.raw))
    };
    // Between lines of contents stand their subtitles.
    let last = blocks.iter().rposition(|block| match block {
        Built::Contents(_) => true,
        Built::Heading(heading, _) => titled.is_some() && is_entry(&heading.text),
        Built::Paragraph(paragraph) => titled.is_some() && is_entry(&paragraph.text),
        Built::Table(_) => false,
    });
    let Some(last) = last else { return };
    let first = blocks.iter().position(|block| matches!(block, Built::Contents(_))).unwrap_or(from).max(from);
    let first = if titled.is_some() { from } else { first };
    if first > last || blocks[first..=last].iter().any(|block| matches!(block, Built::Table(_))) {
        return;
    }
    let mut lines = Vec::new();
    for block in blocks.drain(first..=last) {
        match block {
            Built::Heading(heading, _) => lines.extend(heading.text.lines),
            Built::Paragraph(paragraph) | Built::Contents(paragraph) => lines.extend(paragraph.text.lines),
            Built::Table(_) => {}
        }
    }
    blocks.insert(first, Built::Contents(Paragraph { text: crate::document::Text::of(lines) }));
}

/// Gives every heading its level: larger ones stand above smaller ones, and among those of one size their forms say.
pub(super) fn set_levels(pages: &mut [Vec<Built>]) {
    let mut styles: Vec<Style> = Vec::new();
    for block in pages.iter().flatten() {
        if let Built::Heading(_, style) = block {
            styles.push(style.clone());
        }
    }
    let mut sizes: Vec<f32> = styles.iter().map(|style| style.size).collect();
    sizes.sort_by(|a, b| b.total_cmp(a));
    sizes.dedup();
    let mut levels = vec![0u8; styles.len()];
    let mut above = 0u8;
    for size in sizes {
        let of_size: Vec<usize> = (0..styles.len()).filter(|&at| styles[at].size == size).collect();
        let forms: Vec<Form> = of_size.iter().map(|&at| styles[at].form.clone()).collect();
        let own = headings::levels(&forms);
        let most = own.iter().copied().max().unwrap_or(0);
        for (at, level) in of_size.into_iter().zip(own) {
            levels[at] = above.saturating_add(level);
        }
        above = above.saturating_add(most);
    }
    let mut levels = levels.into_iter();
    for block in pages.iter_mut().flatten() {
        if let Built::Heading(heading, _) = block {
            heading.level = levels.next().unwrap_or(1).max(1);
        }
    }
}

/// The box of a block, where it has one.
pub(super) fn bbox(block: &Built) -> Option<Rect> {
    let place = match block {
        Built::Heading(heading, _) => heading.text.place.as_ref()?,
        Built::Paragraph(paragraph) | Built::Contents(paragraph) => paragraph.text.place.as_ref()?,
        Built::Table(table) => return Some(table.1.bbox),
    };
    match place {
        crate::document::Place::Page { bbox, .. } => Some(*bbox),
        _ => None,
    }
}
