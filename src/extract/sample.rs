//! Documents for tests, written as a small markup.

use crate::document::{Block, Cell, Document, Heading, Line, Page, Paragraph, Place, Table, Text};
use crate::normalise;

/// A normalised document: blank lines part blocks, `# ` begins a heading (`## ` a lower one), `|` a row of a table,
/// `^` a running head, `---` a new page. Places count the lines.
pub(super) fn document(source: &str) -> Document {
    let mut document = Document::default();
    let mut line = 0;
    for (number, page) in source.split("---").enumerate() {
        let mut page_ = Page { number: number as u32 + 1, ..Page::default() };
        for block in page.trim().split("\n\n") {
            let block = block.lines().map(str::trim_start).collect::<Vec<_>>().join("\n");
            if let Some(head) = block.strip_prefix("^ ") {
                page_.furniture.push(text(head, &mut line));
            } else {
                page_.blocks.push(self::block(&block, &mut line));
            }
        }
        document.pages.push(page_);
    }
    normalise::document(&mut document);
    document
}

fn block(source: &str, line: &mut u32) -> Block {
    if let Some(heading) = source.strip_prefix("## ") {
        Block::Heading(Heading { level: 2, text: text(heading, line) })
    } else if let Some(heading) = source.strip_prefix("# ") {
        Block::Heading(Heading { level: 1, text: text(heading, line) })
    } else if source.starts_with('|') {
        Block::Table(table(source, line))
    } else {
        Block::Paragraph(Paragraph { text: text(source, line) })
    }
}

fn table(source: &str, line: &mut u32) -> Table {
    let mut table = Table::default();
    for (row, cells) in source.lines().enumerate() {
        let cells = cells.trim_end().strip_prefix('|').and_then(|cells| cells.strip_suffix('|')).unwrap();
        for (column, cell) in cells.split('|').enumerate() {
            let text = text(cell.trim(), line);
            let (row, column) = (row as u32, column as u32);
            let place = text.place.clone().unwrap_or_default();
            table.cells.push(Cell { row, column, row_span: 1, column_span: 1, text, place, ..Cell::default() });
            table.columns = table.columns.max(column + 1);
        }
        table.rows = row as u32 + 1;
    }
    table
}

fn text(raw: &str, line: &mut u32) -> Text {
    let lines = raw.split('\n').map(|raw| {
        *line += 1;
        Line { raw: raw.into(), place: Place::line(*line), ..Line::default() }
    });
    Text::of(lines.collect())
}
