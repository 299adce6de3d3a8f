//! What Japanese typesetting does to text, from the file to the blocks (`fixtures/pdf/features`).

use crate::program::project;
use keikaku::document::{Block, Page, Text};
use keikaku::process;
use std::fs;

fn pages(name: &str) -> Vec<Page> {
    let bytes = fs::read(project().join("fixtures/pdf/features").join(name)).unwrap();
    process::document(name, &bytes).document.pages
}

/// The lines of a page's blocks, a table's cells one after the other.
fn lines(page: &Page) -> Vec<String> {
    let lines = |text: &Text| text.lines.iter().map(|line| line.text.to_string()).collect::<Vec<_>>();
    let of_block = |block: &Block| match block {
        Block::Heading(heading) => lines(&heading.text),
        Block::Paragraph(paragraph) | Block::Contents(paragraph) => lines(&paragraph.text),
        Block::Table(table) => table.cells.iter().flat_map(|cell| lines(&cell.text)).collect(),
    };
    page.blocks.iter().flat_map(of_block).collect()
}

#[test]
fn letter_spaced_titles_are_words() {
    let page = &pages("typesetting.pdf")[0];
    assert_eq!(lines(page), ["桜浜市総合計画", "みどり推進計画", "実施計画"]);
    assert!(page.blocks.iter().all(|block| matches!(block, Block::Heading(_))));
}

#[test]
fn ruby_is_left_out_and_columns_and_notes_stand_by_themselves() {
    assert_eq!(
        lines(&pages("typesetting.pdf")[1]),
        [
            "河川の浚渫を毎年行い、水害を防ぐ。",
            "面積は12m2である。",
            "一列目の初めの行は次の行に続くもので列の幅いっぱいに書かれた二つ目の行の後で終わる。",
            "二列目の初めの行も次の行に続くものだが、隣の列の行とは何の関わりもなくてここで終わる。",
            "囲みの注記は一つの段落。",
        ]
    );
}

/// With a vertical font, glyph by glyph with a horizontal one, and lying on its side: columns from right to left.
#[test]
fn vertical_pages_are_read_from_the_right() {
    let pages = pages("vertical-pages.pdf");
    for page in [0, 1, 3] {
        let read = lines(&pages[page]).concat();
        assert_eq!(
            read, "港町の計画の第一の章町は港の岸壁を直して、船の便りを増やす。第二に市場を建て直す。",
            "page {page}"
        );
    }
}

#[test]
fn vertical_heads_stand_in_their_cells() {
    assert_eq!(
        lines(&pages("vertical-pages.pdf")[2]),
        ["港湾整備", "岸壁の補修", "令和6年度に着手する", "市場整備", "市場の建替え", "令和7年度に着手する"]
    );
}
