//! What a worker does for the review site: the pages of one record.

use super::{Review, Reviewed, fonts};
use crate::process;
use crate::read;
use crate::record::PlanRecord;
use crate::write::report::picture::{self, Fonts, Picture, Png};
use crate::write::report::{Absence, Plan, Source, pages_with_values, plan};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

/// The pages of a record: what they are, and the bytes of each.
///
/// # Panics
/// For a record that is none of this version: the worker dies of it, and its parent goes on.
pub fn make(path: &str, review: &Review, source: &[u8], record: &[u8]) -> (Reviewed, Vec<Vec<u8>>) {
    let record: PlanRecord = serde_json::from_slice(record).expect("a record of this version");
    let (pictures, document, lines);
    let absence;
    let source = match (&review.absence, record.source.format.as_str()) {
        (Some(absence), _) => Source::Absent(absence),
        (None, "pdf") => {
            let mut wanted = pages_with_values(&record);
            let kept: BTreeMap<u32, Picture> = review
                .kept
                .iter()
                .filter(|(page, _)| wanted.remove(page))
                .map(|(page, &size)| (*page, Picture { size, png: Png::Kept }))
                .collect();
            // A file of which all is there need not even be opened.
            let drawn =
                if wanted.is_empty() { BTreeMap::new() } else { picture::pages(source, &wanted, &system_fonts()) };
            pictures = kept.into_iter().chain(drawn).collect();
            Source::Pages(&pictures)
        }
        (None, "xlsx" | "xlsb" | "xls" | "ods") => {
            document = catch_unwind(AssertUnwindSafe(|| process::document(path, source).document)).unwrap_or_default();
            Source::Sheets(&document)
        }
        (None, _) => match read::text::shown_lines(source) {
            Some(shown) => {
                lines = shown;
                Source::Lines(&lines)
            }
            None => {
                absence = Absence::Failed(String::new());
                Source::Absent(&absence)
            }
        },
    };
    let pictured = match source {
        Source::Pages(pictures) => {
            let shown = pictures.iter().filter(|(_, picture)| picture.png != Png::None);
            shown.map(|(page, picture)| (*page, picture.size)).collect()
        }
        _ => BTreeMap::new(),
    };
    let Review { record: record_path, is_shared, changes, .. } = review;
    let shown = Plan { record: &record, record_path, is_shared: *is_shared, source, changes };
    let (files, row, found) = plan(&shown);
    let (files, bytes) = files.into_iter().unzip();
    (Reviewed { row, found, files, pictured }, bytes)
}

/// The system's Japanese fonts, looked for once, when first a file needs one.
fn system_fonts() -> Fonts {
    static FOUND: OnceLock<[Option<picture::Font>; 2]> = OnceLock::new();
    Arc::new(|serif| FOUND.get_or_init(|| [fonts::japanese(false), fonts::japanese(true)])[usize::from(serif)].clone())
}
