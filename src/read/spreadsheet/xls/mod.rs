//! The binary workbooks of Excel 97 to 2003 (BIFF8), and of Excel 5 and 95 (BIFF5) as far as values go: [MS-XLS].

mod cells;
mod cfb;
mod drawing;
mod globals;
mod records;

pub(super) use cfb::CompoundFile;

use super::sheet::{Room, Sheet, Workbook};
use globals::Globals;
use records::{Records, kind};

/// Why an `.xls` is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Encrypted,
    /// A compound file without a workbook: another program's document.
    NoWorkbook,
    Damaged,
}

/// Reads a workbook from its bytes.
///
/// # Errors
/// Where the file is no compound file, holds no workbook, or needs a password.
pub(super) fn read(bytes: &[u8]) -> Result<Workbook, Refusal> {
    let file = CompoundFile::open(bytes).ok_or(Refusal::Damaged)?;
    if file.contains("EncryptedPackage") {
        return Err(Refusal::Encrypted);
    }
    let stream = file.stream("Workbook").or_else(|| file.stream("Book")).ok_or(Refusal::NoWorkbook)?;
    let globals = Globals::read(&stream).ok_or(Refusal::Encrypted)?;
    let mut workbook = Workbook::default();
    let mut room = Room::default();
    for entry in &globals.sheets {
        let mut sheet = Sheet { name: entry.name.clone(), hidden: entry.hidden, ..Sheet::default() };
        if !sheet.hidden && !cells::read(&stream, entry.start, &globals, &mut sheet, &mut room) {
            workbook.damage.push(format!("sheet `{}` is damaged", sheet.name));
        }
        workbook.sheets.push(sheet);
    }
    if globals.sheets.is_empty() {
        workbook.damage.push("the workbook lists no sheet".to_owned());
    }
    workbook.styles = globals.styles;
    workbook.truncated = room.exceeded;
    Ok(workbook)
}

/// Whether a record of a sheet begins at a position of the stream.
fn starts_at(stream: &[u8], start: usize) -> bool {
    Records { bytes: stream, at: start }.next().is_some_and(|record| record.kind == kind::START)
}
