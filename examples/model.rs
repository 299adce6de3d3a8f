//! Prints the document model of a file: `cargo run --example model -- FILE`.

use keikaku::document::{Block, Place, Table, Text};

fn main() {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path).expect("a readable file");
        let reading = keikaku::read::read(&bytes, &path);
        println!("== {path} {:?} {:?}", reading.format, reading.diagnostics);
        for page in &reading.document.pages {
            println!("-- page {}", page.number);
            for text in &page.furniture {
                println!("   furniture {}", show(text));
            }
            for block in &page.blocks {
                match block {
                    Block::Heading(heading) => println!("H{} {}", heading.level, show(&heading.text)),
                    Block::Paragraph(paragraph) => println!("P  {}", show(&paragraph.text)),
                    Block::Contents(paragraph) => println!("C  {}", show(&paragraph.text)),
                    Block::Table(table) => show_table(table, 0),
                }
            }
        }
    }
}

fn at(place: &Place) -> String {
    match place {
        Place::Lines { line, end_line } if line == end_line => format!("{line}"),
        Place::Lines { line, end_line } => format!("{line}-{end_line}"),
        other => format!("{other:?}"),
    }
}

fn show(text: &Text) -> String {
    let lines: Vec<String> = text
        .lines
        .iter()
        .map(|line| format!("{}{}", if line.item { "* " } else { "" }, line.raw.replace('\n', "⏎")))
        .collect();
    format!("[{}] {}", text.place.as_ref().map(at).unwrap_or_default(), lines.join(" / "))
}

fn show_table(table: &Table, depth: usize) {
    let indent = " ".repeat(depth * 8);
    let ragged = if table.ragged { " ragged" } else { "" };
    println!("{indent}T  [{}] {}x{}{ragged}", at(&table.place), table.rows, table.columns);
    for row in 0..table.rows {
        let cells: Vec<String> = table
            .row(row)
            .iter()
            .map(|cell| {
                let span = match (cell.row_span, cell.column_span) {
                    (1, 1) => String::new(),
                    (rows, columns) => format!("{{{rows}x{columns}}}"),
                };
                let lines: Vec<String> = cell
                    .text
                    .lines
                    .iter()
                    .map(|line| format!("{}{}", if line.item { "* " } else { "" }, line.raw))
                    .collect();
                format!("{span}{}", lines.join(" / "))
            })
            .collect();
        println!("{indent}   {row}: |{}|", cells.join("|"));
        for cell in table.row(row) {
            cell.nested.iter().for_each(|table| show_table(table, depth + 1));
        }
    }
    for overlay in &table.overlays {
        println!(
            "{indent}   ~{:?} row {} columns {}..{} {}",
            overlay.shape,
            overlay.row,
            overlay.start,
            overlay.end,
            overlay.text.as_ref().map(show).unwrap_or_default()
        );
    }
}
