//! Whole texts: the same table in every syntax, what places hold, what damaged texts give.

use super::*;
use crate::document::{OverlayShape, Place, Table, Text};
use proptest::prelude::*;

fn read_text(text: &str) -> Reading {
    read(text.as_bytes(), Format::Text)
}

fn blocks(text: &str) -> Vec<Block> {
    read_text(text).document.pages.into_iter().flat_map(|page| page.blocks).collect()
}

/// The blocks of a text in a line each: `H 概要`, `P 一/二`, `T 2x3`.
fn outline(blocks: &[Block]) -> Vec<String> {
    let text = |text: &Text| {
        let line = |line: &crate::document::Line| format!("{}{}", if line.item { "*" } else { "" }, line.raw);
        text.lines.iter().map(line).collect::<Vec<_>>().join("/")
    };
    let show = |block: &Block| match block {
        Block::Heading(heading) => format!("H{} {}", heading.level, text(&heading.text)),
        Block::Paragraph(paragraph) => format!("P {}", text(&paragraph.text)),
        Block::Contents(paragraph) => format!("C {}", text(&paragraph.text)),
        Block::Table(table) => format!("T {}", rows(table).join(" ; ")),
    };
    blocks.iter().map(show).collect()
}

/// The rows of a table: cells parted by `|`, their lines by `/`, nested tables in brackets.
fn rows(table: &Table) -> Vec<String> {
    let cell = |cell: &crate::document::Cell| {
        let nested: String = cell.nested.iter().map(|table| format!("[{}]", rows(table).join(" ; "))).collect();
        let lines = cell.text.lines.iter().map(|line| line.raw.clone()).collect::<Vec<_>>().join("/");
        let span = match (cell.row_span, cell.column_span) {
            (1, 1) => String::new(),
            (rows, columns) => format!("{{{rows}x{columns}}}"),
        };
        format!("{span}{lines}{nested}")
    };
    (0..table.rows).map(|row| table.row(row).iter().map(cell).collect::<Vec<_>>().join("|")).collect()
}

fn tables(text: &str) -> Vec<Table> {
    blocks(text)
        .into_iter()
        .filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None })
        .collect()
}

fn lines_of(place: &Place) -> (u32, u32) {
    match place {
        Place::Lines { line, end_line } => (*line, *end_line),
        other => panic!("{other:?}"),
    }
}

mod syntaxes {
    //! One table, written in every syntax.

    use super::super::lines::width;

    pub type Grid = Vec<Vec<String>>;

    pub fn tabs(grid: &Grid) -> String {
        grid.iter().map(|row| row.join("\t") + "\n").collect()
    }

    pub fn pipes(grid: &Grid) -> String {
        let row = |row: &Vec<String>| format!("| {} |\n", row.join(" | "));
        let rule = format!("|{}\n", "---|".repeat(grid[0].len()));
        row(&grid[0]) + &rule + &grid[1..].iter().map(row).collect::<String>()
    }

    pub fn bare_pipes(grid: &Grid) -> String {
        grid.iter().map(|row| format!("| {} |\n", row.join(" | "))).collect()
    }

    pub fn html(grid: &Grid) -> String {
        let row = |row: &Vec<String>| {
            format!("<tr>{}</tr>\n", row.iter().map(|cell| format!("<td>{cell}</td>")).collect::<String>())
        };
        format!("<table border=\"1\">\n{}</table>\n", grid.iter().map(row).collect::<String>())
    }

    pub fn flat_html(grid: &Grid) -> String {
        html(grid).replace('\n', " ").replace("</td>", "") + "\n"
    }

    pub fn commas(grid: &Grid) -> String {
        let cell = |cell: &String| if cell.contains(',') { format!("\"{cell}\"") } else { cell.clone() };
        grid.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(",") + "\n").collect()
    }

    pub fn spaces(grid: &Grid) -> String {
        let widest = |column: usize| grid.iter().map(|row| width(&row[column])).max().unwrap_or(0) + 2;
        let row = |row: &Vec<String>| {
            let cells = row.iter().enumerate();
            let padded = cells.map(|(column, cell)| format!("{cell}{}", " ".repeat(widest(column) - width(cell))));
            padded.collect::<String>().trim_end().to_owned() + "\n"
        };
        grid.iter().map(row).collect()
    }

    pub fn drawn(grid: &Grid) -> String {
        let rule = format!("+{}\n", "------+".repeat(grid[0].len()));
        grid.iter().map(|row| format!("{rule}| {} |\n", row.join(" | "))).collect::<String>() + &rule
    }
}

fn grid(text: &str) -> syntaxes::Grid {
    text.lines().map(|line| line.split('|').map(str::to_owned).collect()).collect()
}

#[test]
fn a_table_reads_the_same_in_every_syntax() {
    let grid = grid(
        "施策名|担当課|令和5年度|令和6年度|令和7年度\n窓口の改善|市民課、情報課|10件|1,200件|30%以上\n\
         電話受付|総務課||調査・検討|→\n研修の実施|人事課|-|2回|\n利用者の声|広報課|○|○|○",
    );
    let expected: Vec<String> = grid.iter().map(|row| row.join("|")).collect();
    for (syntax, write) in [
        ("tabs", syntaxes::tabs as fn(&syntaxes::Grid) -> String),
        ("pipes", syntaxes::pipes),
        ("bare pipes", syntaxes::bare_pipes),
        ("html", syntaxes::html),
        ("flat html", syntaxes::flat_html),
        ("commas", syntaxes::commas),
        ("spaces", syntaxes::spaces),
        ("drawn", syntaxes::drawn),
    ] {
        let text = format!("第1章 施策\n\n{}\n本文です。\n", write(&grid));
        let tables = tables(&text);
        assert_eq!(tables.len(), 1, "{syntax}\n{text}");
        // Trailing blanks are not printed where only spaces part cells.
        let trimmed = |row: String| row.trim_end_matches('|').to_owned();
        let found: Vec<String> = rows(&tables[0]).into_iter().map(trimmed).collect();
        assert_eq!(found, expected.iter().cloned().map(trimmed).collect::<Vec<_>>(), "{syntax}\n{text}");
        assert!(!tables[0].ragged, "{syntax}");
        let first = if syntax == "drawn" { 4 } else { 3 };
        assert_eq!(lines_of(&tables[0].place).0, 3, "{syntax}");
        if syntax != "flat html" {
            assert!(lines_of(&tables[0].cells[0].place).0 >= first, "{syntax}");
        }
    }
}

#[test]
fn ragged_rows_and_blank_cells() {
    let tables = tables("名称\t\t\n一\t二\t\t\n\t\t三\n");
    assert_eq!(rows(&tables[0]), ["名称||", "一|二||", "||三"]);
    assert!(tables[0].ragged);
    assert_eq!((tables[0].rows, tables[0].columns), (3, 4));
}

#[test]
fn markup_in_cells() {
    for (cell, expected) in [
        ("<ul style=\"list-style-type: none\"> <li>窓口</li> <li>電話</li> </ul>", "窓口/電話"),
        ("<p>現状です。</p> <p>課題です。</p>", "現状です。/課題です。"),
        ("窓口<br>電話<br/>郵送", "窓口/電話/郵送"),
        ("<div style=\"a>b\">窓口</div>", "窓口"),
        ("<input checked=\"\" type=\"checkbox\"/> 市民 <input type=\"checkbox\"/> 職員", "☑ 市民 ☐ 職員"),
        ("[x] 市民 [ ] 職員", "☑ 市民 ☐ 職員"),
        ("**太字**と<u>下線</u>と<small>※注</small>", "太字と下線と※注"),
        ("<b>5-1 指標</b> 利用者の数", "5-1 指標/利用者の数"),
        ("<b>市民</b>の声", "市民の声"),
        ("A&amp;B&nbsp;&lt;5", "A&B\u{a0}<5"),
        ("<共創チーム> <基盤チーム>", "<共創チーム> <基盤チーム>"),
        ("<ol><li>一<ul><li>二</li></ul></li><li>三</li></ol>", "一/二/三"),
        ("<table><tr><td>一</td><td>二</td></tr></table>", "[一|二]"),
    ] {
        let tabs = tables(&format!("項目\t{cell}\n担当課\t市民課\n"));
        assert_eq!(rows(&tabs[0])[0], format!("項目|{expected}"), "{cell}");
        let pipes = tables(&format!("| 項目 | {cell} |\n| 担当課 | 市民課 |\n"));
        assert_eq!(rows(&pipes[0])[0], format!("項目|{expected}"), "{cell}");
    }
}

#[test]
fn a_cell_runs_over_lines() {
    for text in [
        "項目\t<div><p>一です。</p>\n<p>二です。</p></div>\t備考\n担当課\t市民課\t\n",
        "項目\t<ul>\n<li>一です。</li>\n\n<li>二です。</li>\n</ul>\t備考\n担当課\t市民課\t\n",
        "項目\t\"一です。\n二です。\"\t備考\n担当課\t市民課\t\n",
    ] {
        let tables = tables(text);
        assert_eq!(rows(&tables[0]), ["項目|一です。/二です。|備考", "担当課|市民課|"], "{text}");
        let last = text.lines().count() as u32;
        assert_eq!(lines_of(&tables[0].cells[1].place), (1, last - 1), "{text}");
        assert_eq!(lines_of(&tables[0].cells[2].place), (last - 1, last - 1), "{text}");
    }
    // Markup that is never closed is no reason to swallow the next row.
    assert_eq!(rows(&tables("項目\t<p>一\n担当課\t<p>市民課</p>\n")[0]), ["項目|一", "担当課|市民課"]);
    assert_eq!(rows(&tables("項目\t\"一\n担当課\t\"市民課\"\n")[0]), ["項目|\"一", "担当課|\"市民課\""]);
}

#[test]
fn torn_rows_are_mended_only_where_that_is_sure() {
    let torn = "番号\t施策\t担当\n1\t窓口の改善を\n進めます\t市民課\n2\t電話\t総務課\n3\t研修\t人事課\n";
    assert_eq!(
        rows(&tables(torn)[0]),
        ["番号|施策|担当", "1|窓口の改善を進めます|市民課", "2|電話|総務課", "3|研修|人事課"]
    );
    assert!(!tables(torn)[0].ragged);
    let unsure = "番号\t施策\t担当\n1\t窓口\n2\t電話\n3\t研修\t人事課\n";
    assert_eq!(rows(&tables(unsure)[0]), ["番号|施策|担当", "1|窓口", "2|電話", "3|研修|人事課"]);
}

#[test]
fn damaged_pipe_tables() {
    for (text, expected) in [
        ("- | 項目 | 内容 |\n- |---|---|\n- | 一 | 二 |\n", vec!["項目|内容", "一|二"]),
        ("- | | |\n|---|---|\n| 一 | 二 |\n", vec!["一|二"]),
        ("| | |\n|--|--|\n| 一 | 二 |\n", vec!["一|二"]),
        ("項目 | 内容\n--- | :--:\n一 | 二\n", vec!["項目|内容", "一|二"]),
        ("| 項目 | a \\| b |\n| 一 | 二 |\n", vec!["項目|a | b", "一|二"]),
        ("| 項目 | 内容\n| 一 | 二\n", vec!["項目|内容", "一|二"]),
        ("| 項目 | 一です。\n二です。 |\n| 担当 | 三 |\n", vec!["項目|一です。/二です。", "担当|三"]),
        ("| 年度 | 値 |\n|---|---|\n| -- | -- |\n", vec!["年度|値", "--|--"]),
        ("│項目│内容│\n├──┼──┤\n│一　│二　│\n", vec!["項目|内容", "一|二"]),
    ] {
        assert_eq!(rows(&tables(text)[0]), expected, "{text}");
    }
}

#[test]
fn html_tables_with_spans() {
    let text = "<table>\n<thead><tr><th rowspan=2>施策<th colspan=\"2\">目標\n<tr><th>R5<th>R6</thead>\n\
                <tr><td>窓口<td>1<td>2\n</table>\n";
    assert_eq!(rows(&tables(text)[0]), ["{2x1}施策|{1x2}目標", "R5|R6", "窓口|1|2"]);
    let table = &tables(text)[0];
    assert_eq!(lines_of(&table.place), (1, 5));
    assert_eq!(lines_of(&table.row(2)[0].place), (4, 4));
    // A span that runs past the end, or into a cell from above, is cut.
    let text = "<table><tr><td>一<td rowspan=9>二<tr><td colspan=5>三</table>";
    assert_eq!(rows(&tables(text)[0]), ["一|{2x1}二", "三"]);
}

#[test]
fn html_without_its_end_does_not_swallow_the_text() {
    let text = "<table>\n<tr><td>一</td></tr>\n\n## 次の章\n\n本文です。\n";
    assert_eq!(outline(&blocks(text)), ["T 一", "H2 次の章", "P 本文です。"]);
}

#[test]
fn drawings_become_overlays() {
    let text = "取組\tR5\tR6\tR7\n窓口\t→→→\t\t\n電話\t[進捗バー]\t\t\n研修\t[進捗: R5～R6]\t\t\n広報\t→\t→\t\n工事\t■■ 実施\t\t\n";
    let table = &tables(text)[0];
    let shapes: Vec<(OverlayShape, u32, f32, f32)> =
        table.overlays.iter().map(|overlay| (overlay.shape, overlay.row, overlay.start, overlay.end)).collect();
    use OverlayShape::*;
    assert_eq!(shapes, [(Arrow, 1, 1.0, 2.0), (Lost, 2, 1.0, 2.0), (Stated, 3, 1.0, 2.0), (Bar, 5, 1.0, 2.0)]);
    assert_eq!(rows(table)[1..], ["窓口|||", "電話|||", "研修|||", "広報|→|→|", "工事|実施||"]);
    assert_eq!(table.overlays[2].text.as_ref().map(Text::raw).as_deref(), Some("R5～R6"));
}

#[test]
fn headings_prose_and_lists() {
    let text = "\
第1章 計画の概要

1 趣旨

本市では、窓口の混雑を減らすために、オンライン
申請の範囲を広げるとともに、電話の受付時間を夜
まで延ばします。
これにより、市民の負担を軽くします。

(1) 進め方
毎年度、進み具合を確かめます。
① 計画
② 実行

【担当課】

- 市民課
- 情報課
  (兼務)

推進体制

町長を本部長とする推進本部を置きます。
";
    assert_eq!(
        outline(&blocks(text)),
        [
            "H1 第1章 計画の概要",
            "H2 1 趣旨",
            "P 本市では、窓口の混雑を減らすために、オンライン申請の範囲を広げるとともに、電話の受付時間を夜まで延ばします。/これにより、市民の負担を軽くします。",
            "P (1) 進め方/毎年度、進み具合を確かめます。/① 計画/② 実行",
            "H3 【担当課】",
            "P *市民課/*情報課/(兼務)",
            "H4 推進体制",
            "P 町長を本部長とする推進本部を置きます。",
        ]
    );
}

#[test]
fn contents_in_every_form() {
    for text in [
        "目次\n\n1 概要 ........ 3\n2 現状 ........ 5\n\n1 概要\n\n本文です。\n",
        "目次\n\n1 概要\t3\n2 現状\t5\n3 課題\t7\n\n1 概要\n\n本文です。\n",
        "# 目次\n\n| | |\n|--|--|\n| 1 概要 | 3P |\n| 2 現状 | 5P |\n| 3 課題 | 7P |\n\n1 概要\n\n本文です。\n",
    ] {
        let blocks = blocks(text);
        assert!(matches!(blocks[1], Block::Contents(_)), "{text}\n{:?}", outline(&blocks));
        assert_eq!(blocks.len(), 4, "{text}");
    }
}

#[test]
fn tables_go_on_over_page_breaks() {
    let text =
        "番号\t施策\t担当\n1\t窓口\t市民課\n- 1 -\n\x0c番号\t施策\t担当\n2\t電話\t総務課\n\n\x0c3\t研修\t人事課\n";
    let tables = tables(text);
    assert_eq!(tables.len(), 1, "{tables:?}");
    assert_eq!(rows(&tables[0]), ["番号|施策|担当", "1|窓口|市民課", "2|電話|総務課", "3|研修|人事課"]);
    // A form a page is a table a page.
    assert_eq!(super::tests::tables("施策名\t窓口\n担当\t市民課\n\x0c施策名\t電話\n担当\t総務課\n").len(), 2);
}

#[test]
fn pages_of_html() {
    let page = "<!DOCTYPE html>\n<html><head><title>計画</title><style>p{}</style></head>\n<body>\n<nav>案内</nav>\n\
                <h1>港北町計画</h1>\n<p>本文<br>です。</p>\n<ul><li>一<ul><li>二</li></ul></li></ul>\n\
                <dl><dt>担当課</dt><dd>市民課</dd><dt>期間</dt><dd>R5</dd><dd>R6</dd></dl>\n\
                <details><summary>詳細</summary>中身</details><pre>一\n二</pre>\n<footer>連絡先</footer></body></html>";
    let reading = read(page.as_bytes(), Format::Html);
    assert!(reading.document.faithful);
    assert_eq!(
        outline(&reading.document.pages[0].blocks),
        ["H1 港北町計画", "P 本文/です。", "P *一/*二", "T 担当課|市民課 ; 期間|R5/R6", "H7 詳細", "P 中身", "P 一/二"]
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let codes = |bytes: &[u8]| -> Vec<Code> {
        read(bytes, Format::Text).diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
    };
    assert_eq!(codes(b" \n\n"), [Code::EmptySource]);
    assert_eq!(codes("計画\u{fffd}".as_bytes()), []);
    assert_eq!(codes(&[0x81, 0xff, 0, 0, 0, 1, 2, 3].repeat(50)), [Code::UnsupportedFormat]);
}

/// Pieces that texts of every syntax are made of, whole and torn.
const PIECES: &[&str] = &[
    "計画",
    "令和5年度",
    " ",
    "  ",
    "　",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\x0c",
    "|",
    "| a | b |\n",
    "|---|---|\n",
    "- ",
    "# ",
    "## 章\n",
    "第1章 概要\n",
    "(1) 窓口\n",
    "①",
    "・",
    " ・",
    "**",
    "[x]",
    "[進捗バー]",
    "→→",
    "▶",
    "<table>",
    "</table>",
    "<tr>",
    "<td rowspan=3>",
    "<td colspan=2>",
    "</td>",
    "<ul>",
    "<li>",
    "</ul>",
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<br>",
    "<div ",
    ">",
    "<script>",
    "<!--",
    "-->",
    "<dl><dt>",
    "<dd>",
    "<h2>",
    "&amp;",
    "&#",
    ",",
    "\"",
    "1,2,3\n",
    "......3\n",
    "目次\n",
    "- 3 -\n",
    "```\n",
    "====\n",
    "+--+--+\n",
    "│",
    "a    b    c\n",
    "あ    い\n",
    "\\",
    "。",
    "\u{feff}",
    "\u{2028}",
    "<",
];

fn places_are_inside(table: &Table, last: u32) -> bool {
    let inside = |place: &Place| matches!(place, Place::Lines { line, end_line } if 1 <= *line && line <= end_line && *end_line <= last);
    let text =
        |text: &Text| text.lines.iter().all(|line| inside(&line.place)) && text.place.as_ref().is_none_or(inside);
    inside(&table.place)
        && table.overlays.iter().all(|overlay| inside(&overlay.place))
        && table.cells.iter().all(|cell| {
            inside(&cell.place) && text(&cell.text) && cell.nested.iter().all(|nested| places_are_inside(nested, last))
        })
}

/// Whether cells are sorted, in the grid, and do not overlap.
fn is_sound(table: &Table) -> bool {
    let mut covered = vec![false; (table.rows * table.columns) as usize];
    let mut free = |cell: &crate::document::Cell| {
        (cell.row..cell.end_row()).all(|row| {
            (cell.column..cell.end_column()).all(|column| {
                let at = (row * table.columns + column) as usize;
                row < table.rows && column < table.columns && !std::mem::replace(&mut covered[at], true)
            })
        })
    };
    table.cells.is_sorted_by_key(|cell| (cell.row, cell.column))
        && table.cells.iter().all(&mut free)
        && table.cells.iter().flat_map(|cell| &cell.nested).all(is_sound)
}

fn check(reading: &Reading, text: &str) {
    let last = text.split('\n').count() as u32;
    let inside = |place: &Place| lines_of(place).0 >= 1 && lines_of(place).1 <= last;
    for page in &reading.document.pages {
        for block in &page.blocks {
            match block {
                Block::Heading(heading) => assert!(heading.text.lines.iter().all(|line| inside(&line.place))),
                Block::Paragraph(paragraph) | Block::Contents(paragraph) => {
                    assert!(paragraph.text.lines.iter().all(|line| inside(&line.place)));
                }
                Block::Table(table) => {
                    assert!(places_are_inside(table, last), "{table:?}");
                    assert!(is_sound(table), "{table:?}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_and_its_places_lie_in_it(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        let text = pieces.concat();
        for format in [Format::Text, Format::Html, Format::Csv, Format::Tsv] {
            check(&read(text.as_bytes(), format), &text);
        }
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in [Format::Text, Format::Html, Format::Csv] {
            read(&bytes, format);
        }
    }

    #[test]
    fn any_table_reads_the_same_in_every_syntax(
        grid in (2usize..6, 2usize..6).prop_flat_map(|(columns, rows)| {
            prop::collection::vec(prop::collection::vec("[一二三あいうa-c]{1,6}", columns), rows)
        }),
    ) {
        let expected: Vec<String> = grid.iter().map(|row| row.join("|")).collect();
        for write in [syntaxes::tabs, syntaxes::pipes, syntaxes::bare_pipes, syntaxes::html, syntaxes::flat_html, syntaxes::drawn] {
            let text = format!("本文です。\n\n{}", write(&grid));
            prop_assert_eq!(tables(&text).iter().flat_map(rows).collect::<Vec<_>>(), expected.clone(), "{}", text);
        }
    }
}
