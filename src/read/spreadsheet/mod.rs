//! Workbooks: `.xlsx`, `.xlsm`, `.xlsb`, `.xls` and `.ods` as documents; a sheet is a page.
//!
//! What a person sees is what is read: number formats are applied, formulas are their cached results, furigana and
//! hidden rows, columns and sheets are left out. A reader for each format makes a [`sheet::Workbook`] of its file;
//! [`layout`] makes blocks of each sheet.
//!
//! Fills stay on cells ([`crate::document::Cell::fill`]): only who knows which columns are years can tell a bar from a coloured head,
//! so extraction makes spans of runs of filled cells. Drawn shapes become overlays here, because only the reader
//! knows where they lie.
//!
//! The readers walk the files themselves. calamine, which the tests take as an oracle, gives values without their
//! formats for all but `.xlsx`, and no hidden rows, widths, borders or shapes for any.

mod binary;
mod colour;
mod controls;
mod drawing;
mod format;
mod layout;
mod measure;
mod ods;
mod outline;
mod package;
mod sheet;
mod xls;
mod xlsb;
mod xlsx;
mod xml;

use super::{Format, Reading};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Document, Place, SheetName, SheetRange};
use package::Package;
use sheet::{Sheet, Workbook};

/// Error values of a sheet that are reported one by one.
const ERRORS_REPORTED: usize = 50;

/// Reads a workbook whose format is known. Total: what cannot be read is left out with a diagnostic.
pub fn read(bytes: &[u8], format: Format) -> Reading {
    match open(bytes, format) {
        Ok(workbook) => reading(workbook, format),
        Err((code, message)) => Reading::failed(Some(format), Diagnostic::new(code, message, None)),
    }
}

/// Reads a file by its format's reader.
fn open(bytes: &[u8], format: Format) -> Result<Workbook, (Code, &'static str)> {
    if format == Format::Xls {
        return xls::read(bytes).map_err(|refusal| match refusal {
            xls::Refusal::Encrypted => ENCRYPTED,
            xls::Refusal::NoWorkbook => (Code::UnsupportedFormat, "the compound file holds no workbook"),
            xls::Refusal::Damaged => (Code::DamagedSource, "the compound file cannot be opened"),
        });
    }
    let mut package = Package::open(bytes).ok_or((Code::DamagedSource, "the workbook's archive cannot be opened"))?;
    match format {
        Format::Ods if !ods::is_spreadsheet(&mut package) => {
            Err((Code::UnsupportedFormat, "the OpenDocument file is no spreadsheet"))
        }
        Format::Ods if ods::is_encrypted(&mut package) => Err(ENCRYPTED),
        Format::Ods => Ok(ods::read(&mut package)),
        Format::Xlsb => Ok(xlsb::read(&mut package)),
        _ => Ok(xlsx::read(&mut package)),
    }
}

const ENCRYPTED: (Code, &str) = (Code::EncryptedSource, "the workbook needs a password");

/// Lays out every sheet that is shown.
fn reading(mut workbook: Workbook, format: Format) -> Reading {
    let mut document = Document { faithful: true, ..Document::default() };
    let mut diagnostics: Vec<Diagnostic> =
        workbook.damage.drain(..).map(|damage| Diagnostic::new(Code::DamagedSource, damage, None)).collect();
    if workbook.truncated {
        let message = "the workbook is larger than is read; the rest was left out";
        diagnostics.push(Diagnostic::new(Code::LimitExceeded, message, None));
    }
    for mut sheet in std::mem::take(&mut workbook.sheets) {
        if sheet.hidden {
            let message = format!("sheet `{}` is hidden and was left out", sheet.name);
            diagnostics.push(Diagnostic::new(Code::HiddenContentSkipped, message, None));
            continue;
        }
        sheet.settle();
        report_errors(&sheet, &mut diagnostics);
        let number = document.pages.len() as u32 + 1;
        let laid = layout::page(sheet, &workbook.styles, number);
        diagnostics.extend(laid.hidden.map(|message| Diagnostic::new(Code::HiddenContentSkipped, message, None)));
        document.pages.push(laid.page);
    }
    Reading { format: Some(format), document, diagnostics }
}

/// A diagnostic for each cell with an error value, up to a number.
fn report_errors(sheet: &Sheet, diagnostics: &mut Vec<Diagnostic>) {
    let name = SheetName::new(sheet.name.clone());
    for &(row, column, value) in sheet.errors.iter().take(ERRORS_REPORTED) {
        let place = Place::Sheet { sheet: name.clone(), range: SheetRange::new([row, column], [row, column]) };
        diagnostics.push(Diagnostic::new(
            Code::CellError,
            format!("the cell's value is an error: {value}"),
            Some(place),
        ));
    }
    let more = sheet.errors.len().saturating_sub(ERRORS_REPORTED);
    if more > 0 {
        let message = format!("{more} more cells of sheet `{}` hold errors", sheet.name);
        diagnostics.push(Diagnostic::new(Code::CellError, message, None));
    }
}

#[cfg(test)]
mod tests;
