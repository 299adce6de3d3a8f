//! The plan's header: title, authority, status, version, dates and period, from its cover, its running heads and,
//! for the period, its body.

mod authority;
mod cover;
mod period;
mod pieces;
mod title;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Block, Document, Place, Text};
use crate::record::{HeaderPlaces, Plan, Status};
use crate::vocabulary::Vocabulary;
use cover::CoverLine;
use period::Stated;
use pieces::{Kind, Piece, Role};
use std::collections::HashMap;
use title::{Sureness, Title};

/// A cover stands on one of so many first pages.
const COVER_PAGES: usize = 3;
/// Running heads are looked for on so many pages, headings in so many blocks.
const FURNITURE_PAGES: usize = 40;
const HEADING_BLOCKS: usize = 400;
/// No title is longer, in bytes.
const LONG: usize = 300;
/// A colophon stands in so many last blocks.
const COLOPHON: usize = 30;

/// Reads the header; what the document does not say stays empty.
pub fn header(document: &Document, vocabulary: &Vocabulary, diagnostics: &mut Vec<Diagnostic>) -> Plan {
    let mut pieces = cover(document, vocabulary);
    let mut best = title::of(&pieces, vocabulary);
    if best.as_ref().is_none_or(|title| title.sureness < Sureness::Named) {
        for lines in [running_heads(document), headings(document)] {
            let (found, more) = first_titled(&lines, vocabulary);
            if found.as_ref().map(|title| title.sureness) > best.as_ref().map(|title| title.sureness) {
                best = found;
                pieces.extend(more);
                break;
            }
        }
    }
    if !pieces.iter().any(|piece| matches!(piece.kind, Kind::Status(_))) {
        // A watermark, or the title as the running head has it.
        let heads = running_heads(document).into_iter().flat_map(|line| pieces::of(&line, 0, vocabulary));
        pieces.extend(heads.filter(|piece| matches!(piece.kind, Kind::Status(Status::Draft | Status::Proposal))));
    }
    let (title, title_place) = best.map_or((String::new(), None), |title| (title.text, Some(title.place)));
    let (published, revised) = dates(&pieces, document, vocabulary);
    let period = period(&pieces, document, &title, vocabulary);
    let publisher = publisher(&pieces, (&title, title_place.as_ref()), document, vocabulary);
    let (status, status_place) = status(&pieces);
    let version = pieces.iter().find_map(|piece| match &piece.kind {
        Kind::Version(version) => Some((version.clone(), piece.place.clone())),
        _ => None,
    });
    for stated in period.iter() {
        diagnostics.extend(stated.codes.iter().map(|code| odd(*code, stated.place.clone())));
    }
    for piece in &pieces {
        if let Kind::Odd(code) = piece.kind {
            diagnostics.push(odd(code, Some(piece.place.clone())));
        }
    }
    let (publisher, publisher_place) = publisher.unzip();
    let ((version, version_place), (published, published_place)) = (version.unzip(), published.unzip());
    let (revised, revised_place) = revised.unzip();
    Plan {
        places: HeaderPlaces {
            title: title_place,
            publisher: publisher_place.flatten(),
            status: status_place,
            version: version_place,
            published: published_place,
            revised: revised_place,
            period: period.as_ref().and_then(|stated| stated.place.clone()),
        },
        publisher,
        status,
        version,
        published,
        revised,
        period: period.map(|stated| stated.period),
        title,
    }
}

fn odd(code: Code, place: Option<Place>) -> Diagnostic {
    Diagnostic::new(code, "a time in the plan's header", place)
}

/// The pieces of the first page that holds a title, and of those before it.
fn cover(document: &Document, vocabulary: &Vocabulary) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut number = 0;
    for page in document.pages.iter().take(COVER_PAGES) {
        for mut line in cover::lines(page, vocabulary) {
            if document.pages.len() > 1 {
                // A page of its own: however its lines are spaced, they are one cover.
                line.block = 0;
            }
            pieces.extend(pieces::of(&line, number, vocabulary));
            number += 1;
        }
        if title::of(&pieces, vocabulary).is_some_and(|title| title.sureness == Sureness::Named) {
            break;
        }
        number += 1;
    }
    pieces
}

/// The first named title among lines that each stand for themselves, with the pieces of its line.
fn first_titled(lines: &[CoverLine], vocabulary: &Vocabulary) -> (Option<Title>, Vec<Piece>) {
    lines
        .iter()
        .map(|line| pieces::of(line, 0, vocabulary))
        .find_map(|pieces| {
            let title = title::of(&pieces, vocabulary).filter(|title| title.sureness == Sureness::Named)?;
            Some((Some(title), pieces))
        })
        .unwrap_or_default()
}

/// Running heads and watermarks, the most frequent first.
fn running_heads(document: &Document) -> Vec<CoverLine> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut lines: Vec<CoverLine> = Vec::new();
    for line in
        document.pages.iter().take(FURNITURE_PAGES).flat_map(|page| &page.furniture).flat_map(|text| &text.lines)
    {
        let count = counts.entry(&line.raw).or_default();
        *count += 1;
        if *count == 1 && line.raw.len() < LONG && line.raw.contains(char::is_alphabetic) {
            lines.push(CoverLine {
                label: None,
                heading: false,
                block: 0,
                raw: line.raw.to_string(),
                place: line.place.clone(),
            });
        }
    }
    lines.sort_by_key(|line| std::cmp::Reverse(counts.get(line.raw.as_str()).copied()));
    lines
}

/// The first headings, each as one line.
fn headings(document: &Document) -> Vec<CoverLine> {
    let line = |text: &Text| CoverLine {
        label: None,
        heading: true,
        block: 0,
        raw: text.raw().into_owned(),
        place: text.place.clone().unwrap_or_default(),
    };
    let is_short = |text: &Text| text.lines.iter().map(|line| line.raw.len()).sum::<usize>() < LONG;
    let headings = document.blocks().take(HEADING_BLOCKS).filter_map(|block| match block {
        Block::Heading(heading) if is_short(&heading.text) => Some(line(&heading.text)),
        _ => None,
    });
    headings.collect()
}

fn status(pieces: &[Piece]) -> (Status, Option<Place>) {
    let stated = pieces.iter().filter_map(|piece| match piece.kind {
        Kind::Status(status) => Some((status, Some(piece.place.clone()))),
        Kind::Date(_, Role::Final) => Some((Status::Final, Some(piece.place.clone()))),
        _ => None,
    });
    // A draft's cover may already bear the word that will decide it (策定).
    stated.min_by_key(|(status, _)| *status == Status::Final).unwrap_or_default()
}

/// An ISO date and where it stands.
type Dated = Option<(String, Place)>;

/// First date and date of the revision.
fn dates(pieces: &[Piece], document: &Document, vocabulary: &Vocabulary) -> (Dated, Dated) {
    let (published, revised) = dates_of(pieces);
    let is_blank = pieces.iter().any(|piece| piece.kind == Kind::BlankDate);
    if published.is_some() || is_blank {
        return (published, revised);
    }
    dates_of(&colophon(document, vocabulary))
}

fn dates_of(pieces: &[Piece]) -> (Dated, Dated) {
    let of = |wanted: Role| {
        pieces.iter().filter_map(move |piece| match &piece.kind {
            Kind::Date(date, role) if *role == wanted => Some((date.clone(), piece.place.clone())),
            _ => None,
        })
    };
    let first = [Role::Final, Role::Published, Role::Bare].into_iter().find_map(|wanted| of(wanted).next());
    match (first, of(Role::Revised).next_back()) {
        // The only date is this edition's.
        (None, Some(revised)) => (Some(revised), None),
        dates => dates,
    }
}

/// The dated lines at the end of the document that say what happened on their date.
fn colophon(document: &Document, vocabulary: &Vocabulary) -> Vec<Piece> {
    let Some(page) = document.pages.last() else { return Vec::new() };
    let mut pieces = Vec::new();
    for block in page.blocks.iter().rev().take(COLOPHON) {
        let Block::Paragraph(paragraph) = block else { continue };
        for line in paragraph.text.lines.iter().filter(|line| line.raw.len() < 120 && !line.raw.contains('。')) {
            let (label, raw) = match line.raw.split_once([':', '：']) {
                Some((label, raw)) => (Some(crate::vocabulary::compact(label)), raw),
                None => (None, line.raw.as_ref()),
            };
            let line = CoverLine { label, heading: false, block: 0, raw: raw.to_owned(), place: line.place.clone() };
            let parts = pieces::of(&line, 0, vocabulary);
            let dated =
                |piece: &Piece| matches!(piece.kind, Kind::Date(_, Role::Final | Role::Published | Role::Revised));
            if !parts.iter().any(|piece| matches!(piece.kind, Kind::Text(_))) {
                pieces.extend(parts.into_iter().filter(dated));
            }
        }
    }
    pieces.reverse();
    pieces
}

/// The authority on the cover, else in the title, else the one that the texts name most, which has no one place.
fn publisher(
    pieces: &[Piece],
    (title, title_place): (&str, Option<&Place>),
    document: &Document,
    vocabulary: &Vocabulary,
) -> Option<(String, Option<Place>)> {
    if let Some(name) = authority::leading(title::after_edition(title, vocabulary), vocabulary) {
        return Some((name.to_owned(), title_place.cloned()));
    }
    let mut printed = pieces.iter().filter_map(|piece| match &piece.kind {
        Kind::Authority(name, _) => Some((name.clone(), Some(piece.place.clone()))),
        _ => None,
    });
    printed.next_back().or_else(|| Some((authority::most_named(document, vocabulary)?, None)))
}

/// The period on the cover, else the one that the body states, else the years of its tables.
fn period(pieces: &[Piece], document: &Document, title: &str, vocabulary: &Vocabulary) -> Option<Stated> {
    let on_cover = pieces.iter().find_map(|piece| match piece.kind {
        Kind::Period(period) => Some(Stated { period, codes: Vec::new(), place: Some(piece.place.clone()) }),
        _ => None,
    });
    on_cover.or_else(|| period::stated(document, title, vocabulary)).or_else(|| {
        let period = period::of_columns(document, vocabulary)?;
        Some(Stated { period, codes: Vec::new(), place: None })
    })
}

#[cfg(test)]
mod tests;
