//! `keikaku inspect`: shows what the reader made of a document.

use super::{Outcome, Verdict, complain, print, print_json};
use crate::batch::{self, limits, worker};
use crate::diagnostic::Severity;
use crate::read::pdf::drawing;
use crate::read::{Format, Reading};
use crate::write::{self, Layout, model, plain};
use crate::{document, process};
use clap::Args;
use std::path::PathBuf;
use std::thread;

/// Show what the reader made of a document: blocks, tables with spans and arrows, places
#[derive(Args)]
#[command(after_help = "\
This is where to look when a value is missing from a record. Text is shown in its normalised form, behind it its place:
‹L3-5› lines, ‹p2 [x0 y0 x1 y1]› a box on a page in points from the top left, ‹Sheet1!B4:F9› cells.

A page of a PDF can be drawn: its text as decoded, and over it the lines, the tables with their cells and spans, and the \
arrows with the columns they were given. Furniture is grey; text that is in no line that was found is orange. A browser \
shows the drawing, and the text and numbers of what the pointer rests on.

Examples:
  keikaku inspect plan.txt | less -S
  keikaku inspect plan.pdf --page 12
  keikaku inspect plan.pdf --page 12 --svg page12.svg
  keikaku inspect plan.xlsx --json | jq '.pages[0].blocks'

Exit codes: 0 all well, 1 the document could not be read, 2 the run itself broke.")]
pub struct Arguments {
    file: PathBuf,
    /// Only this page or sheet, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    page: Option<u32>,
    /// Print the document model as JSON, with raw and normalised text
    #[arg(long)]
    json: bool,
    /// Draw the page of a PDF into this file instead of printing it
    #[arg(long, value_name = "OUT.svg", requires = "page", conflicts_with = "json")]
    svg: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let bytes = batch::load(&arguments.file, batch::Limits::default().bytes)
        .map_err(|error| format!("{}: {error}", arguments.file.display()))?;
    let name = arguments.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    limits::cap_memory(batch::Limits::default().memory)?;
    // What the reader catches of a damaged file is in its diagnostics.
    std::panic::set_hook(Box::new(|_| {}));
    let drawn = arguments.page.filter(|_| arguments.svg.is_some());
    let read = move || {
        let reading = process::document(&name, &bytes);
        let drawing = drawn.filter(|_| reading.format == Some(Format::Pdf)).and_then(|page| drawing::svg(&bytes, page));
        (reading, drawing)
    };
    let (Reading { format, mut document, diagnostics }, drawing) = thread::Builder::new()
        .stack_size(worker::STACK)
        .spawn(read)?
        .join()
        .map_err(|_| format!("{}: reading it panicked", arguments.file.display()))?;

    if let Some(page) = arguments.page {
        if !document.pages.iter().any(|shown| shown.number == page) {
            let pages = document.pages.len();
            return Err(format!("{} has no page {page} (pages: {pages})", arguments.file.display()).into());
        }
        document.pages.retain(|shown| shown.number == page);
        document.outline.clear();
    }
    for diagnostic in &diagnostics {
        let at =
            diagnostic.at.as_ref().map_or(String::new(), |at: &document::Place| format!("  ‹{}›", model::place(at)));
        complain(&format!("{}: {}{at}", diagnostic.code.name(), plain::one_line(&diagnostic.message)));
    }
    if let Some(path) = &arguments.svg {
        let Some(drawing) = drawing else {
            return Err(format!("{} is no PDF: only its pages can be drawn", arguments.file.display()).into());
        };
        write::file(path, drawing.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))?;
    } else if arguments.json {
        print_json(&write::json(&document, Layout::Pretty))?;
    } else {
        print(&model::text(&document))?;
    }
    let unread = format.is_none() || diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    Ok(if unread { Verdict::Trouble } else { Verdict::Well })
}
