//! Pages put together from their blocks: tables joined over page breaks, furniture, heading levels.

use super::blocks::Blocks;
use super::headings::{self, Form};
use super::lines::{Source, SourceLine, trimmed};
use crate::document::{Block, Page, Place, Table, Text};

/// The pages of a text.
pub(super) fn assemble(source: &Source, parts: Vec<Blocks>, furniture: &[SourceLine]) -> Vec<Page> {
    let last = source.lines.iter().chain(furniture).map(|line| line.page).max().unwrap_or(0);
    let mut pages: Vec<Page> = (1..=last + 1).map(|number| Page { number, ..Page::default() }).collect();
    for Blocks { page, blocks, continuing } in parts {
        for (index, block) in blocks.into_iter().enumerate() {
            let block = match block {
                Block::Table(table) if continuing.contains(&index) => match last_table(&mut pages[..=page as usize]) {
                    Some(first) => match join(first, table) {
                        None => continue,
                        Some(table) => Block::Table(table),
                    },
                    None => Block::Table(table),
                },
                block => block,
            };
            pages[page as usize].blocks.push(block);
        }
    }
    for line in furniture {
        let text = Text::line(trimmed(&source.text[line.start..line.end]), Place::line(line.number));
        pages[line.page as usize].furniture.push(text);
    }
    pages
}

/// The table that is the last block so far.
fn last_table(pages: &mut [Page]) -> Option<&mut Table> {
    match pages.iter_mut().rev().find_map(|page| page.blocks.last_mut())? {
        Block::Table(table) => Some(table),
        _ => None,
    }
}

/// Adds a table to the one that it goes on, without the head rows that it repeats; gives it back where it is a
/// table of its own: of another width, or one that begins with the same label (a form a page), numbered or not.
fn join(first: &mut Table, next: Table) -> Option<Table> {
    let row = |table: &Table, row: u32| -> Vec<String> {
        table.row(row).iter().map(|cell| cell.text.raw().into_owned()).collect()
    };
    if first.columns != next.columns {
        return Some(next);
    }
    let (head, begin) = (row(first, 0), row(&next, 0));
    let filled = head.iter().filter(|text| !text.is_empty()).count();
    let repeated = if head == begin && filled >= 2 && filled * 2 >= head.len() { 1 } else { 0 };
    let word = |row: &[String]| -> String {
        row.first().map(|text| text.chars().filter(|c| !c.is_numeric()).collect()).unwrap_or_default()
    };
    let same = head.first() == begin.first() || !word(&head).is_empty() && word(&head) == word(&begin);
    if repeated == 0 && (same || next.cells.is_empty()) {
        return Some(next);
    }
    let shift = first.rows;
    for mut cell in next.cells {
        if cell.row >= repeated {
            cell.row = cell.row - repeated + shift;
            first.cells.push(cell);
        }
    }
    for mut overlay in next.overlays {
        if overlay.row >= repeated {
            overlay.row = overlay.row - repeated + shift;
            first.overlays.push(overlay);
        }
    }
    first.rows += next.rows - repeated;
    first.ragged |= next.ragged;
    first.place = first.place.union(&next.place);
    None
}

/// Gives every heading the level that its form has in this text.
pub(super) fn set_levels(pages: &mut [Page], forms: &[Form]) {
    let levels = headings::levels(forms);
    let blocks = pages.iter_mut().flat_map(|page| &mut page.blocks);
    let headings = blocks.filter_map(|block| if let Block::Heading(heading) = block { Some(heading) } else { None });
    for (heading, level) in headings.zip(levels) {
        heading.level = level;
    }
}
