//! The source as it looks, with the boxes of values on it: PDF pages as pictures, sheets as grids, texts as lines.
//!
//! Every element that shows a place carries in `data-v` the numbers of the values that stand there, the smallest
//! place first. Only what holds values is shown.

mod lines;
mod pages;
mod sheets;

use super::labels::both;
use super::marks::{Mark, extent};
use super::picture::Picture;
use crate::document::{Document, Place};
use crate::write::markup::escaped;
use std::collections::BTreeMap;

/// What is known of a source.
#[derive(Debug)]
pub enum Source<'a> {
    /// Pages of a PDF by number, as pictures.
    Pages(&'a BTreeMap<u32, Picture>),
    /// A workbook as its reader found it.
    Sheets(&'a Document),
    /// The lines of a text.
    Lines(&'a [String]),
    /// It cannot be shown.
    Absent(&'a Absence),
}

/// Why a source cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Absence {
    /// It is not where sources are looked for.
    Missing,
    /// Its bytes are not those that the record was read from.
    Changed,
    /// What failed, in English.
    Failed(String),
}

/// A value to be shown at its place.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'a> {
    pub number: usize,
    pub mark: &'a Mark<'a>,
    pub at: &'a Place,
    /// Whether its place is a whole card, in which other values stand.
    pub is_card: bool,
}

/// Values that stand at the same place.
struct Box<'a> {
    at: &'a Place,
    /// The first to be chosen first.
    spots: Vec<Spot<'a>>,
}

impl Box<'_> {
    fn is_card(&self) -> bool {
        self.spots.iter().all(|spot| spot.is_card)
    }

    /// Whether nothing stands there but diagnostics.
    fn is_doubt(&self) -> bool {
        self.spots.iter().all(|spot| spot.mark.pointer.starts_with("/diagnostics/"))
    }

    /// Names the box for who does not see it.
    fn label(&self) -> String {
        const LONGEST: usize = 40;
        let text: String = self.spots[0].mark.text.chars().take(LONGEST).collect();
        escaped(&text.replace('\n', " "))
    }
}

/// The source with the boxes of the given values.
pub fn html(source: &Source, spots: &[Spot]) -> String {
    match source {
        Source::Pages(pictures) => pages::html(pictures, &boxes(spots)),
        Source::Sheets(document) => sheets::html(document, &boxes(spots)),
        Source::Lines(lines) => lines::html(lines, &boxes(spots)),
        Source::Absent(absence) => {
            let (ja, en) = match absence {
                Absence::Missing => (
                    "原本が見つからないため、画像なしで表示しています。",
                    "The source was not found; values are shown without it.",
                ),
                Absence::Changed => (
                    "原本が読み取り時から変わっているため、画像なしで表示しています。",
                    "The source is no longer the one that was read; values are shown without it.",
                ),
                Absence::Failed(_) => ("原本を表示できません。", "The source cannot be shown."),
            };
            let why = if let Absence::Failed(why) = absence { escaped(why) } else { String::new() };
            format!("<p class=\"absent\">{} <bdi>{why}</bdi></p>", both(ja, en))
        }
    }
}

/// Values by place, large places before the small ones that may lie over them.
fn boxes<'a>(spots: &[Spot<'a>]) -> Vec<Box<'a>> {
    let mut boxes: Vec<Box> = Vec::new();
    let mut known: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for &spot in spots {
        let next = boxes.len();
        let i = *known.entry(crate::write::model::place(spot.at)).or_insert(next);
        if i == next {
            boxes.push(Box { at: spot.at, spots: Vec::new() });
        }
        boxes[i].spots.push(spot);
    }
    boxes.sort_by(|a, b| extent(b.at).total_cmp(&extent(a.at)));
    boxes
}

/// The `data-v` of what shows these boxes, of which the last is the smallest.
fn numbers<'a, 'b: 'a>(boxes: impl DoubleEndedIterator<Item = &'a Box<'b>>) -> String {
    let numbers = boxes.rev().flat_map(|shown| shown.spots.iter().map(|spot| spot.number.to_string()));
    numbers.collect::<Vec<_>>().join(" ")
}
