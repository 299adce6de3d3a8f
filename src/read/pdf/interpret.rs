//! From bytes to what each page paints.
//!
//! The PDF crates are known here and in `annotations`, `fonts`, `outline`, `paint`, `painter`, `paths` and `spans` only. They were
//! seen to panic on damaged files, so every page is interpreted inside of [`catch_unwind`]; whoever runs this with
//! files of strangers runs it in a process of its own (a stack overflow or an allocation without bounds cannot be
//! caught) and silences its panic hook.
//!
//! Images are never decoded. The text layer of a scan (render mode 3) was recognised by a machine that nobody
//! checked: it is left out where a page shows other text, and where it is all that a page has it is passed on with
//! a diagnostic.

use super::annotations;
use super::budget::{Budget, BudgetSpent};
use super::content::PageContent;
use super::fonts::Fonts;
use super::outline;
use super::painter::{Painted, Painter};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{OutlineEntry, Place};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::kurbo::Rect;
use hayro_interpret::{Context, InterpreterCache, InterpreterSettings, RenderContent, TransformExt, interpret_page};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Pages read of one document.
const MAX_PAGES: usize = 10_000;

/// Paint operations (glyphs, path segments, clips, images) of one page. A dense map has some hundred thousand.
const PAGE_BUDGET: u32 = 1_500_000;

/// Paint operations of one document.
const DOCUMENT_BUDGET: u32 = 20_000_000;

/// What a PDF file paints.
#[derive(Debug, Clone, Default)]
pub struct Interpreted {
    /// In document order. A page that could not be read to its end holds what was painted until then.
    pub pages: Vec<PageContent>,
    pub outline: Vec<OutlineEntry>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Interprets the pages of a PDF file. Total: whatever the bytes are, the result says in its diagnostics what could
/// not be read.
pub fn pages(bytes: &[u8]) -> Interpreted {
    let refused = |code, message: &str| Interpreted {
        diagnostics: vec![Diagnostic::new(code, message, None)],
        ..Interpreted::default()
    };
    let pdf = match catch_unwind(|| Pdf::new(bytes.to_vec())) {
        Ok(Ok(pdf)) => pdf,
        Ok(Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected))) => {
            return refused(Code::EncryptedSource, "The file is encrypted and needs a password.");
        }
        Ok(Err(LoadPdfError::Decryption(_))) => {
            return refused(Code::EncryptedSource, "The file is encrypted in a way that is not read.");
        }
        Ok(Err(LoadPdfError::Invalid)) | Err(_) => {
            return refused(Code::UnreadableSource, "The file begins as a PDF but no page is found in it.");
        }
    };
    let mut interpreted = Interpreted::default();
    let cache = InterpreterCache::new();
    let mut fonts = Fonts::new();
    let mut left = DOCUMENT_BUDGET;
    for (page, number) in pdf.pages().iter().zip(1u32..).take(MAX_PAGES) {
        if left == 0 {
            let message = format!("The file paints without end; it was read up to page {}.", number - 1);
            interpreted.diagnostics.push(Diagnostic::new(Code::LimitExceeded, message, None));
            break;
        }
        let budget = Budget(PAGE_BUDGET.min(left));
        let mut attempt = interpret(&pdf, page, number, budget, &cache, &mut fonts);
        if !attempt.painted.garbage.is_empty() {
            attempt.painted.garbage.iter().for_each(|&face| fonts.distrust(face));
            attempt = interpret(&pdf, page, number, budget, &cache, &mut fonts);
        }
        left -= budget.0 - attempt.left.0;
        let content = attempt.painted.content;
        let at = || Some(Place::Page { page: number, bbox: [0.0, 0.0, content.width, content.height] });
        let problem = match attempt.end {
            End::Whole => None,
            End::Spent => Some((Code::LimitExceeded, "paints without end; it was cut off")),
            End::Panic => Some((Code::DamagedSource, "could not be read to its end")),
        };
        if let Some((code, what)) = problem {
            interpreted.diagnostics.push(Diagnostic::new(code, format!("Page {number} {what}."), at()));
        }
        if attempt.painted.recognised {
            let message = format!("Page {number} is a picture; its text is what a machine recognised in it.");
            interpreted.diagnostics.push(Diagnostic::new(Code::RecognisedText, message, at()));
        }
        interpreted.pages.push(content);
    }
    if pdf.pages().len() > MAX_PAGES {
        let message = format!("The file has {} pages; the first {MAX_PAGES} were read.", pdf.pages().len());
        interpreted.diagnostics.push(Diagnostic::new(Code::LimitExceeded, message, None));
    }
    interpreted.outline = catch_unwind(AssertUnwindSafe(|| outline::entries(&pdf))).unwrap_or_default();
    interpreted
}

/// One page's interpretation.
struct Attempt {
    painted: Painted,
    left: Budget,
    end: End,
}

/// How it ended.
enum End {
    Whole,
    Spent,
    Panic,
}

fn interpret<'a>(
    pdf: &'a Pdf,
    page: &Page<'a>,
    number: u32,
    budget: Budget,
    cache: &InterpreterCache<'a>,
    fonts: &mut Fonts<'a>,
) -> Attempt {
    let settings = InterpreterSettings { render_content: RenderContent::PAGE, ..fonts.settings.clone() };
    let mut painter = Painter::new(page, number, fonts, budget);
    let run = catch_unwind(AssertUnwindSafe(|| {
        let (width, height) = page.render_dimensions();
        let transform = page.initial_transform(true).to_kurbo();
        let bbox = Rect::new(0.0, 0.0, width.into(), height.into());
        let mut context = Context::new(transform, bbox, cache, pdf.xref(), settings);
        interpret_page(page, &mut context, &mut painter);
        annotations::paint(page, &mut context, &mut painter);
    }));
    let end = match run {
        Ok(()) => End::Whole,
        Err(cause) if cause.is::<BudgetSpent>() => End::Spent,
        Err(_) => End::Panic,
    };
    Attempt { left: painter.budget, painted: painter.finish(), end }
}
