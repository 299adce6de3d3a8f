//! The review site: records as pages that open from a folder, each value beside its place in the source.
//!
//! Pure: records and sources in, files out. [`plan()`] makes the pages of one record, [`overview()`] those about all
//! of them. A page's text gets on it by [`value`] and [`crate::write::markup`] alone, so nothing of a document is
//! markup; the pages allow no script, style or picture but the site's own, and none of them is inline.
//!
//! - [`marks`] lists the values of a record; [`value`] writes one; [`measure`], [`gantt`] and [`chart`] the cards.
//! - [`source`] shows the source with the boxes of values, PDF pages as drawn by [`picture`].
//! - `assets/` holds the style and the script: choosing values and boxes, sorting and searching, languages.

mod chart;
mod gantt;
mod labels;
pub(in crate::write) mod marks;
mod measure;
mod overview;
pub mod picture;
mod plan;
mod source;
mod value;

pub use overview::{Entry, EntryKind, Row, overview};
pub use plan::{Plan, plan};
pub use source::{Absence, Source};

use labels::both;
use std::collections::BTreeSet;

/// The pages of a plan that hold values.
pub fn pages_with_values(record: &crate::record::PlanRecord) -> BTreeSet<u32> {
    let marks = marks::Marks::of(record);
    let places = marks.all().iter().filter_map(|mark| mark.at);
    places
        .filter_map(|at| if let crate::document::Place::Page { page, .. } = at { Some(*page) } else { None })
        .collect()
}

/// A file of the site: its path below the folder it is made for, with `/`, and its bytes.
pub type File = (String, Vec<u8>);

/// The style and the script of all pages, at the site's root.
pub const ASSETS: [(&str, &str); 2] =
    [("site.css", include_str!("assets/site.css")), ("site.js", include_str!("assets/site.js"))];

/// Only the site's own files. `'self'` does not mean them in every browser where the page was opened from a folder;
/// on a page from a server `file:` gives nothing.
const POLICY: &str = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file:; \
    base-uri 'none'; form-action 'none'";

/// The head of a page whose assets lie at `root`, up to its body. `title` and `root` are HTML already.
fn head(title: &str, root: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"ja\"><head><meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<link rel=\"stylesheet\" href=\"{root}site.css\">\n\
         <script src=\"{root}site.js\" defer></script>\n"
    )
}

/// The switch of the language.
fn language_switch() -> String {
    "<span class=\"languages\" role=\"group\" aria-label=\"言語 / Language\">\
     <button type=\"button\" data-language=\"ja\" lang=\"ja\">日本語</button>\
     <button type=\"button\" data-language=\"en\" lang=\"en\">English</button></span>"
        .to_owned()
}

/// Writes a fact: a label, and what `write` writes.
fn fact(page: &mut value::Page, ja: &str, en: &str, write: impl FnOnce(&mut value::Page)) {
    page.html(&format!("<div class=\"fact\"><dt>{}</dt><dd>", both(ja, en)));
    write(page);
    page.html("</dd></div>");
}
