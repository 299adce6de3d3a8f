//! Page furniture: running heads and feet, page numbers, watermarks.
//!
//! A line near an edge of the page that returns at the same place on other pages, but for its numbers, is no content.

use super::lines::VisualLine;
use super::page::Found;
use crate::document::{Place, Text};
use crate::read::text::furniture::page_number;
use std::collections::HashMap;

/// The part of a page's height at its top and bottom in which running heads and feet stand.
const EDGE: f32 = 0.12;

/// The fewest pages that make a line at their edge a running head.
const FEWEST: usize = 3;

/// The part of the pages that a running head returns on, counted from its first to its last page.
const OFTEN: f32 = 0.5;

/// How far apart the places of one running head may lie, in points.
const SAME_PLACE: f32 = 6.0;

/// Watermark letters are at least this large, in points, and this light (each channel of the colour).
const WATERMARK_SIZE: f32 = 30.0;
const WATERMARK_LIGHT: u8 = 170;

/// Takes the furniture out of pages; gives it back page by page.
pub(super) fn take(pages: &mut [Found]) -> Vec<Vec<Text>> {
    let running = running(pages);
    pages
        .iter_mut()
        .zip(running)
        .map(|(page, running)| {
            let (number, size) = (page.number, page.size);
            // A number level with other text is a figure, unless that text is a running head.
            let numbers: Vec<bool> = page.lines.iter().map(|line| is_page_number(line, size)).collect();
            let content: Vec<f32> = page
                .lines
                .iter()
                .enumerate()
                .filter(|(at, _)| !numbers[*at] && !running.contains(at))
                .map(|(_, line)| line.middle()[1])
                .collect();
            let level = |line: &VisualLine| content.iter().any(|y| (y - line.middle()[1]).abs() < 0.5 * line.size);
            let mut at = 0;
            let mut taken: Vec<VisualLine> = Vec::new();
            page.lines.retain(|line| {
                let own = running.contains(&at) || (numbers[at] && !level(line)) || is_watermark(line);
                at += 1;
                if own {
                    taken.push(line.clone());
                }
                !own
            });
            taken.into_iter().map(|line| Text::line(line.text, Place::Page { page: number, bbox: line.bbox })).collect()
        })
        .collect()
}

/// Whether a line stands at the top or the bottom of its page.
fn at_edge(line: &VisualLine, (_, height): (f32, f32)) -> bool {
    line.bbox[3] <= EDGE * height || line.bbox[1] >= (1.0 - EDGE) * height
}

/// Whether a line states the unit of the table below it, on every page of the table: `（単位：千円）`.
fn states_unit(line: &VisualLine) -> bool {
    line.text.trim_start_matches(['(', '（', '［', '[']).starts_with("単位")
}

fn is_page_number(line: &VisualLine, size: (f32, f32)) -> bool {
    // A bare number is one in the outermost lines only.
    let outermost = line.bbox[3] <= 0.09 * size.1 || line.bbox[1] >= 0.91 * size.1;
    at_edge(line, size) && page_number(&line.text).is_some_and(|(_, marked)| marked || outermost)
}

fn is_watermark(line: &VisualLine) -> bool {
    line.size >= WATERMARK_SIZE
        && line.colour.0.iter().all(|channel| *channel >= WATERMARK_LIGHT)
        && line.text.chars().count() <= 12
}

/// For each page the lines that are running heads or feet.
fn running(pages: &[Found]) -> Vec<Vec<usize>> {
    struct Seen {
        page: usize,
        line: usize,
        at: [f32; 2],
    }
    let mut by_text: HashMap<String, Vec<Seen>> = HashMap::new();
    for (p, page) in pages.iter().enumerate() {
        for (l, line) in page.lines.iter().enumerate() {
            if at_edge(line, page.size) && line.text.chars().count() <= 80 && !states_unit(line) {
                let key = line.text.chars().map(|c| if c.is_numeric() { '#' } else { c }).collect();
                by_text.entry(key).or_default().push(Seen { page: p, line: l, at: [line.bbox[0], line.bbox[1]] });
            }
        }
    }
    let mut running = vec![Vec::new(); pages.len()];
    for seen in by_text.values() {
        for one in seen {
            // Even and odd pages mirror each other: only the height must be the same.
            let near = |other: &&Seen| (one.at[1] - other.at[1]).abs() <= SAME_PLACE;
            let (mut count, mut first, mut last, mut before) = (0, usize::MAX, 0, usize::MAX);
            for other in seen.iter().filter(near) {
                if other.page != before {
                    count += 1;
                    before = other.page;
                }
                first = first.min(other.page);
                last = last.max(other.page);
            }
            if count >= FEWEST && count as f32 >= OFTEN * (last + 1 - first) as f32 {
                running[one.page].push(one.line);
            }
        }
    }
    running
}
