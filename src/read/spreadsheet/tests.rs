//! Whole workbooks through the reader: what is shown, where, and what broken files give.

use super::*;
use crate::document::{Block, Cell, OverlayShape, Page, Table};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;

const FIXTURES: &[(&str, Format, &[u8])] = &[
    ("kazehana-forms.xlsx", Format::Xlsx, include_bytes!("../../../fixtures/spreadsheet/kazehana-forms.xlsx")),
    ("kazehana-forms.xls", Format::Xls, include_bytes!("../../../fixtures/spreadsheet/kazehana-forms.xls")),
    ("kazehana-forms.ods", Format::Ods, include_bytes!("../../../fixtures/spreadsheet/kazehana-forms.ods")),
    ("hoshikawa-bars.xlsx", Format::Xlsx, include_bytes!("../../../fixtures/spreadsheet/hoshikawa-bars.xlsx")),
    ("hoshikawa-bars.xls", Format::Xls, include_bytes!("../../../fixtures/spreadsheet/hoshikawa-bars.xls")),
    ("hoshikawa-bars.ods", Format::Ods, include_bytes!("../../../fixtures/spreadsheet/hoshikawa-bars.ods")),
    ("tsukimino-marks.xlsx", Format::Xlsx, include_bytes!("../../../fixtures/spreadsheet/tsukimino-marks.xlsx")),
    ("tsukimino-marks.xls", Format::Xls, include_bytes!("../../../fixtures/spreadsheet/tsukimino-marks.xls")),
    ("tsukimino-marks.ods", Format::Ods, include_bytes!("../../../fixtures/spreadsheet/tsukimino-marks.ods")),
    ("akanegahara.xlsx", Format::Xlsx, include_bytes!("../../../fixtures/spreadsheet/akanegahara-indicators.xlsx")),
    ("akanegahara.xls", Format::Xls, include_bytes!("../../../fixtures/spreadsheet/akanegahara-indicators.xls")),
    ("akanegahara.ods", Format::Ods, include_bytes!("../../../fixtures/spreadsheet/akanegahara-indicators.ods")),
    ("kuretake-framed.xlsx", Format::Xlsx, include_bytes!("../../../fixtures/spreadsheet/kuretake-framed.xlsx")),
    ("minatogawa.xlsx", Format::Xlsx, include_bytes!("../../../fixtures/spreadsheet/minatogawa-quarters.xlsx")),
    ("shiosai-policies.xlsx", Format::Xlsx, include_bytes!("../../../fixtures/spreadsheet/shiosai-policies.xlsx")),
    ("tsubakino-long.ods", Format::Ods, include_bytes!("../../../fixtures/spreadsheet/tsubakino-long.ods")),
    ("nagisa-list.xlsb", Format::Xlsb, include_bytes!("../../../fixtures/spreadsheet/nagisa-list.xlsb")),
];

fn fixture(name: &str) -> Reading {
    let (_, format, bytes) = FIXTURES.iter().find(|fixture| fixture.0 == name).unwrap();
    read(bytes, *format)
}

/// A package of the given parts.
fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const WORKBOOK: &str = "<workbook><sheets><sheet name='一覧' r:id='rId1'/></sheets></workbook>";
const RELATIONS: &str =
    "<Relationships><Relationship Id='rId1' Type='x/worksheet' Target='worksheets/sheet1.xml'/></Relationships>";
/// Style 1 has lines all round, style 2 a colour, style 3 shows per cent.
const STYLES: &str = "<styleSheet><fonts><font><sz val='11'/><name val='Calibri'/></font></fonts>\
    <fills><fill><patternFill patternType='none'/></fill><fill><patternFill patternType='gray125'/></fill>\
    <fill><patternFill patternType='solid'><fgColor rgb='FF9DC3E6'/></patternFill></fill></fills>\
    <borders><border/><border><left style='thin'/><right style='thin'/><top style='thin'/><bottom style='thin'/></border></borders>\
    <cellXfs><xf/><xf borderId='1'/><xf fillId='2'/><xf numFmtId='9'/></cellXfs></styleSheet>";

/// A workbook of one sheet, from what stands in its `worksheet` element.
fn workbook(sheet: &str) -> Vec<u8> {
    let sheet = format!("<worksheet>{sheet}</worksheet>");
    zipped(&[
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn read_sheet(sheet: &str) -> Reading {
    read(&workbook(sheet), Format::Xlsx)
}

/// The blocks of a page, a line each: titles with #, tables as their rows.
fn lines(page: &Page) -> Vec<String> {
    let mut lines = Vec::new();
    for block in &page.blocks {
        match block {
            Block::Heading(heading) => lines.push(format!("# {}", heading.text.raw())),
            Block::Paragraph(paragraph) | Block::Contents(paragraph) => lines.push(paragraph.text.raw().into_owned()),
            Block::Table(table) => lines.extend((0..table.rows).map(|row| row_line(table, row))),
        }
    }
    lines
}

fn row_line(table: &Table, row: u32) -> String {
    let cell = |cell: &Cell| match cell.column_span {
        1 => cell.text.raw().replace('\n', "/"),
        span => format!("{}×{span}", cell.text.raw().replace('\n', "/")),
    };
    format!("|{}|", table.row(row).iter().map(cell).collect::<Vec<_>>().join("|"))
}

fn codes(reading: &Reading) -> Vec<Code> {
    reading.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

fn first_lines(sheet: &str) -> Vec<String> {
    lines(&read_sheet(sheet).document.pages[0])
}

#[test]
fn cells_show_what_a_person_sees() {
    let cells = [
        ("<c><v>0.5</v></c>", "0.5"),
        ("<c s='3'><v>0.8</v></c>", "80%"),
        ("<c t='str'><f>A1&amp;B1</f><v>結果 &lt;2&gt;</v></c>", "結果 <2>"),
        ("<c t='inlineStr'><is><r><t>計</t></r><rPh><t>ケイ</t></rPh><r><t>画</t></r></is></c>", "計画"),
        ("<c t='b'><v>1</v></c>", "TRUE"),
        ("<c t='str'><v>上_x000D_\n下</v></c>", "上/下"),
        ("<c t='d'><v>2024-03-31</v></c>", "45382"),
        ("<c s='1' t='s'><v>99</v></c>", ""),
    ];
    for (cell, expected) in cells {
        let shown = first_lines(&format!("<sheetData><row><c><v>1</v></c>{cell}<c><v>2</v></c></row></sheetData>"));
        assert_eq!(shown, [format!("|1|{expected}|2|")], "{cell}");
    }
}

#[test]
fn titles_and_notes_stand_outside_the_table() {
    let ruled = |text: &str| format!("<c s='1' t='str'><v>{text}</v></c>");
    let sheet = format!(
        "<sheetData><row r='1'><c r='B1' t='str'><v>指標一覧</v></c></row>\
         <row r='2'><c r='B2' t='str'><v>市の計画</v></c><c r='D2' t='str'><v>（単位：人）</v></c></row>\
         <row r='3'><c r='B3' t='str' s='1'><v>番号</v></c>{}{}</row><row r='4'><c r='B4' t='str' s='1'><v>1</v></c>{}<c s='1'/></row>\
         <row r='5'><c r='B5' s='1'/><c s='1'/><c s='1'/></row>\
         <row r='6'><c r='B6' t='str'><v>※注記</v></c></row></sheetData>",
        ruled("指標"),
        ruled("値"),
        ruled("人口")
    );
    let expected = ["指標一覧", "市の計画", "（単位：人）", "|番号|指標|値|", "|1|人口||", "※注記"];
    assert_eq!(first_lines(&sheet), expected);
}

#[test]
fn tables_are_cut_at_blank_rows_and_columns() {
    let table = |row: u32, column: char| {
        let next = char::from(column as u8 + 1);
        format!(
            "<c r='{column}{row}' t='str' s='1'><v>{column}{row}</v></c><c r='{next}{row}' t='str' s='1'><v>x</v></c>"
        )
    };
    let mut rows = String::new();
    for row in [2, 3, 5, 6] {
        let right = if row < 5 { table(row, 'E') } else { String::new() };
        rows.push_str(&format!("<row r='{row}'>{}{right}</row>", table(row, 'B')));
    }
    let reading = read_sheet(&format!("<sheetData>{rows}</sheetData>"));
    let places: Vec<String> = reading.document.pages[0]
        .blocks
        .iter()
        .map(|block| match block {
            Block::Table(Table { place: Place::Sheet { range, .. }, .. }) => range.to_string(),
            block => panic!("{block:?}"),
        })
        .collect();
    assert_eq!(places, ["B2:C3", "E2:F3", "B5:C6"]);
}

#[test]
fn hidden_rows_and_columns_are_left_out() {
    let sheet = "<cols><col min='2' max='2' width='9' hidden='1'/></cols><sheetData>\
        <row r='1'><c r='A1'><v>1</v></c><c r='B1'><v>2</v></c><c r='C1'><v>3</v></c></row>\
        <row r='2' hidden='1'><c r='A2'><v>4</v></c></row>\
        <row r='3'><c r='A3'><v>5</v></c><c r='C3'><v>6</v></c></row></sheetData>\
        <mergeCells><mergeCell ref='A1:B1'/></mergeCells>";
    let reading = read_sheet(sheet);
    assert_eq!(lines(&reading.document.pages[0]), ["|1|3|", "|5|6|"]);
    assert_eq!(codes(&reading), [Code::HiddenContentSkipped]);
    let Block::Table(table) = &reading.document.pages[0].blocks[0] else { panic!() };
    let Place::Sheet { range, .. } = &table.cells[3].place else { panic!() };
    assert_eq!(range.to_string(), "C3");
}

#[test]
fn error_values_are_diagnostics() {
    let reading =
        read_sheet("<sheetData><row><c t='e'><v>#REF!</v></c><c><v>1</v></c><c><v>2</v></c></row></sheetData>");
    assert_eq!(codes(&reading), [Code::CellError]);
    assert!(reading.diagnostics[0].message.contains("#REF!"));
    assert_eq!(lines(&reading.document.pages[0]), ["|1|2|"]);
}

#[test]
fn a_formula_without_a_result_is_reported() {
    let reading = read_sheet(
        "<sheetData><row><c><f>A2+1</f></c><c><v>1</v></c><c t='str'><f>B1</f><v></v></c></row></sheetData>",
    );
    assert_eq!(codes(&reading), [Code::CellError]);
}

#[test]
fn a_body_without_rules_stays_with_its_head() {
    let row = |row: u32, style: &str, texts: [&str; 3]| {
        let cells = texts.map(|text| format!("<c {style} t='str'><v>{text}</v></c>"));
        format!("<row r='{row}'>{}</row>", cells.concat())
    };
    let sheet = format!(
        "<sheetData>{}{}{}<row r='4'><c t='str'><v>※注</v></c></row></sheetData>",
        row(1, "s='1'", ["番号", "取組", "課"]),
        row(2, "", ["1", "窓口", "市民課"]),
        row(3, "", ["2", "道路", "土木課"])
    );
    assert_eq!(first_lines(&sheet), ["|番号|取組|課|", "|1|窓口|市民課|", "|2|道路|土木課|", "※注"]);
}

#[test]
fn a_list_goes_on_after_a_blank_row() {
    let row = |row: u32, style: u8, first: &str| {
        let cells = [first, "b", "c", "d"].map(|text| format!("<c s='{style}' t='str'><v>{text}{row}</v></c>"));
        format!("<row r='{row}'>{}</row>", cells.concat())
    };
    let tables = |rows: &[String]| {
        let reading = read_sheet(&format!("<sheetData>{}</sheetData>", rows.concat()));
        reading.document.pages[0].blocks.len()
    };
    assert_eq!(tables(&[row(1, 2, "h"), row(2, 1, "x"), row(4, 1, "y"), row(5, 1, "z")]), 1);
    // With a head of its own it is another table.
    assert_eq!(tables(&[row(1, 2, "h"), row(2, 1, "x"), row(4, 2, "h"), row(5, 1, "z")]), 2);
    assert_eq!(tables(&[row(1, 2, "h"), row(2, 1, "x"), row(5, 1, "y"), row(6, 1, "z")]), 2);
}

#[test]
fn the_same_sheets_in_all_formats_give_the_same_tables() {
    for stem in ["akanegahara", "tsukimino-marks", "hoshikawa-bars", "kazehana-forms"] {
        let read = |extension: &str| {
            let reading = fixture(&format!("{stem}.{extension}"));
            reading.document.pages.iter().map(lines).collect::<Vec<_>>()
        };
        let expected = read("xlsx");
        assert!(expected.iter().flatten().count() > 6, "{stem}");
        assert_eq!(read("xls"), expected, "{stem}");
        assert_eq!(read("ods"), expected, "{stem}");
    }
}

#[test]
fn number_formats_reach_the_cells() {
    let shown = lines(&fixture("akanegahara.xlsx").document.pages[0]);
    assert!(shown.iter().any(|line| line.contains("|億円|1,234.5|1,250.0|")), "{shown:#?}");
    assert!(shown.iter().any(|line| line.contains("|千円|△1,200|0|500|1,500|")), "{shown:#?}");
    let shown = lines(&fixture("nagisa-list.xlsb").document.pages[0]);
    assert!(shown.iter().any(|line| line.ends_with("|R7|R8|R9|")), "{shown:#?}");
    assert!(shown.iter().any(|line| line.ends_with("|35%|40%|45%|")), "{shown:#?}");
    assert!(!shown.iter().any(|line| line.contains("廃止")), "{shown:#?}");
}

#[test]
fn shapes_are_overlays_of_their_rows() {
    let overlays = |name: &str, page: usize| -> Vec<(OverlayShape, u32, i64, i64, String)> {
        let reading = fixture(name);
        let tables = reading.document.pages[page].blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        });
        let overlays = tables.flat_map(|table| &table.overlays).map(|it| {
            let text = it.text.as_ref().map_or(String::new(), |text| text.raw().into_owned());
            (it.shape, it.row, it.start.floor() as i64, it.end.ceil() as i64, text)
        });
        overlays.collect()
    };
    use OverlayShape::{Arrow, Bar, Chevron};
    let text = String::from;
    let first =
        [(Arrow, 2, 1, 3, text("選定")), (Arrow, 3, 2, 5, text("順次運用")), (Arrow, 4, 3, 5, text("予約枠の拡大"))];
    assert_eq!(overlays("kazehana-forms.xlsx", 1), first);
    assert_eq!(overlays("kazehana-forms.ods", 1), first);
    // Excel's block arrows are freeforms in the .xls that LibreOffice writes.
    let bars = first.map(|(shape, row, start, end, text)| (if row == 3 { shape } else { Bar }, row, start, end, text));
    assert_eq!(overlays("kazehana-forms.xls", 1), bars);
    let second = [
        (Arrow, 2, 1, 2, text("")),
        (Chevron, 3, 2, 4, text("設置")),
        (Chevron, 3, 4, 5, text("増設")),
        (Arrow, 4, 1, 5, text("")),
    ];
    assert_eq!(overlays("kazehana-forms.xlsx", 2), second);
    assert_eq!(overlays("kazehana-forms.ods", 2), second);
}

#[test]
fn lines_alone_make_cells() {
    let shown = lines(&fixture("kuretake-framed.xlsx").document.pages[0]);
    assert!(shown.contains(&"|取組名|公民館の無線ＬＡＮ整備×4|".to_owned()), "{shown:#?}");
    assert!(
        shown.contains(
            &"|取組内容|・町内９館に機器を置く。/・利用の手引きを作る。/・利用の状況を毎年調べる。×4|".to_owned()
        ),
        "{shown:#?}"
    );
    assert!(shown.contains(&"|工程|整備の設計・施工×2|運用×2|".to_owned()), "{shown:#?}");
    assert!(shown.contains(&"|目的|☑利便性の向上||☐業務の効率化||".to_owned()), "{shown:#?}");
}

#[test]
fn colours_stay_on_cells() {
    let reading = fixture("hoshikawa-bars.xlsx");
    let Block::Table(table) = reading.document.pages[0].blocks.last().unwrap() else { panic!() };
    let filled: Vec<u32> = table.row(2).iter().filter(|cell| cell.fill.is_some()).map(|cell| cell.column).collect();
    assert_eq!(filled, [3, 4, 5, 6]);
}

/// Every text that calamine finds stands in the document at the same place, but for what is hidden.
#[test]
fn nothing_that_calamine_finds_is_lost() {
    for (name, format, bytes) in FIXTURES {
        let found = texts(&read(bytes, *format).document);
        let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes.to_vec())).unwrap();
        use calamine::Reader;
        let (mut missing, mut seen) = (Vec::new(), 0);
        for (sheet, range) in workbook.worksheets() {
            let (top, left) = range.start().unwrap_or_default();
            for (row, column, value) in range.used_cells() {
                let calamine::Data::String(text) = value else { continue };
                seen += 1;
                let at = (sheet.clone(), row as u32 + top, column as u32 + left);
                if !text.trim().is_empty()
                    && !found.iter().any(|((name, r, c), shown)| {
                        (name, *r, u32::from(*c)) == (&at.0, at.1, at.2) && shown.contains(first_line(text))
                    })
                {
                    missing.push((at, text.clone()));
                }
            }
        }
        let hidden = |text: &str| {
            ["廃止", "1-9", "総務課", "旧", "→", "要確認", "内部メモ", "公開しない", "保健課", "3"]
                .iter()
                .any(|part| text.contains(part))
        };
        // The lines of a framed cell are one cell, at the place of the first.
        missing.retain(|(_, text)| !hidden(text) && !text.starts_with("・利用"));
        assert!(seen > 10 && missing.is_empty(), "{name}: {missing:#?}");
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default().trim_end()
}

/// All texts with the cell that they begin in.
fn texts(document: &Document) -> Vec<((String, u32, u16), String)> {
    let at = |place: &Place, text: String| match place {
        Place::Sheet { sheet, range } => ((sheet.to_string(), range.row, range.column), text),
        place => panic!("{place:?}"),
    };
    let mut texts = Vec::new();
    for block in document.blocks() {
        match block {
            Block::Heading(heading) => {
                texts.push(at(heading.text.place.as_ref().unwrap(), heading.text.raw().into_owned()))
            }
            Block::Paragraph(it) | Block::Contents(it) => {
                texts.push(at(it.text.place.as_ref().unwrap(), it.text.raw().into_owned()))
            }
            Block::Table(table) => {
                texts.extend(table.cells.iter().map(|cell| at(&cell.place, cell.text.raw().into_owned())))
            }
        }
    }
    texts
}

/// What is broken, the parts of the package, and the lines still read.
type Broken<'a> = (&'a str, &'a [(&'a str, &'a [u8])], &'a [&'a str]);

#[test]
fn broken_packages_are_damaged_sources() {
    let sheet = b"<worksheet><sheetData><row><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>";
    let external = "<Relationships><Relationship Id='rId1' Type='x/worksheet' Target='http://example.jp/a.xml' TargetMode='External'/></Relationships>";
    let itself = "<Relationships><Relationship Id='rId1' Type='x/worksheet' Target='workbook.xml'/></Relationships>";
    let cases: &[Broken] = &[
        ("no workbook part", &[("xl/worksheets/sheet1.xml", sheet)], &["|1|2|"]),
        (
            "no relationships",
            &[("xl/workbook.xml", WORKBOOK.as_bytes()), ("xl/worksheets/sheet1.xml", sheet)],
            &["|1|2|"],
        ),
        (
            "a relationship to the workbook itself",
            &[
                ("xl/workbook.xml", WORKBOOK.as_bytes()),
                ("xl/_rels/workbook.xml.rels", itself.as_bytes()),
                ("xl/worksheets/sheet1.xml", sheet),
            ],
            &["|1|2|"],
        ),
        (
            "no sheet part",
            &[("xl/workbook.xml", WORKBOOK.as_bytes()), ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes())],
            &[],
        ),
        (
            "a sheet elsewhere",
            &[("xl/workbook.xml", WORKBOOK.as_bytes()), ("xl/_rels/workbook.xml.rels", external.as_bytes())],
            &[],
        ),
        (
            "a sheet cut off",
            &[("xl/workbook.xml", WORKBOOK.as_bytes()), ("xl/worksheets/sheet1.xml", &sheet[..45])],
            &["1"],
        ),
        (
            "a sheet that is none",
            &[("xl/workbook.xml", WORKBOOK.as_bytes()), ("xl/worksheets/sheet1.xml", b"<a><b")],
            &[],
        ),
    ];
    for (what, parts, expected) in cases {
        let reading = read(&zipped(parts), Format::Xlsx);
        let shown: Vec<String> = reading.document.pages.iter().flat_map(lines).collect();
        assert_eq!(shown, *expected, "{what}");
        assert!(codes(&reading).contains(&Code::DamagedSource), "{what}");
    }
    let text = zipped(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")]);
    assert_eq!(codes(&read(&text, Format::Ods)), [Code::UnsupportedFormat]);
    for format in [Format::Xlsx, Format::Xlsb, Format::Xls, Format::Ods] {
        assert_eq!(codes(&read(b"PK\x03\x04 broken", format)), [Code::DamagedSource]);
    }
}

#[test]
fn encrypted_workbooks_say_so() {
    let manifest = b"<m:manifest><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>";
    let ods = zipped(&[("META-INF/manifest.xml", manifest), ("content.xml", b"\x01\x02")]);
    assert_eq!(codes(&read(&ods, Format::Ods)), [Code::EncryptedSource]);
    assert_eq!(codes(&read(&compound("EncryptedPackage", &[0; 64]), Format::Xls)), [Code::EncryptedSource]);
    // BOF, then FILEPASS.
    let records = b"\x09\x08\x04\x00\x00\x06\x05\x00\x2f\x00\x02\x00\x01\x00";
    assert_eq!(codes(&read(&compound("Workbook", records), Format::Xls)), [Code::EncryptedSource]);
    assert_eq!(codes(&read(&compound("WordDocument", records), Format::Xls)), [Code::UnsupportedFormat]);
}

/// A compound file of one stream.
fn compound(name: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    bytes.resize(512 * 4, 0);
    let mut put = |at: usize, value: &[u8]| bytes[at..at + value.len()].copy_from_slice(value);
    put(30, &[9, 0, 6, 0]);
    put(48, &1_u32.to_le_bytes());
    put(60, &u32::MAX.to_le_bytes());
    put(68, &u32::MAX.to_le_bytes());
    put(76, &[0; 4]);
    put(80, &[0xff; 432]);
    // The sector table, the directory, the stream.
    put(512, &[0xfd, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff]);
    let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    put(1024, &units);
    put(1024 + 64, &(units.len() as u16 + 2).to_le_bytes());
    put(1024 + 66, &[2]);
    put(1024 + 116, &2_u32.to_le_bytes());
    put(1024 + 120, &(content.len() as u32).to_le_bytes());
    put(1536, content);
    bytes
}

#[test]
fn defined_entities_are_not_expanded() {
    let strings =
        "<!DOCTYPE s [<!ENTITY a 'xxxxxxxxxx'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><sst><si><t>値&b;</t></si></sst>";
    let sheet = "<worksheet><sheetData><row><c t='s'><v>0</v></c></row></sheetData></worksheet>";
    let bytes = zipped(&[
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]);
    let reading = read(&bytes, Format::Xlsx);
    assert_eq!(lines(&reading.document.pages[0]), ["値\u{fffd}"]);
    assert_eq!(codes(&reading), [Code::CellError]);
}

#[test]
fn styled_but_empty_rows_cost_little() {
    let mut sheet = String::from("<sheetData><row r='1'><c r='A1'><v>1</v></c><c r='XFD1'><v>2</v></c></row>");
    for row in 2..=300_000 {
        sheet.push_str(&format!("<row r='{row}' s='1'><c s='1'/><c s='2'/></row>"));
    }
    sheet.push_str("</sheetData>");
    let reading = read_sheet(&sheet);
    assert_eq!(lines(&reading.document.pages[0]), ["1", "2"]);
}

#[test]
fn a_bomb_of_text_ends_at_the_limit() {
    let text = "あ".repeat(8 << 20);
    let reading = read_sheet(&format!("<sheetData><row><c><v>1</v></c><c t='str'><v>{text}</v></c></row></sheetData>"));
    assert!(codes(&reading).contains(&Code::LimitExceeded));
    assert_eq!(lines(&reading.document.pages[0]), ["1"]);
}

#[test]
fn merges_that_overlap_or_lie_outside_do_no_harm() {
    let sheet = "<sheetData><row r='1'><c r='A1'><v>1</v></c><c r='B1'><v>2</v></c></row><row r='2'><c r='B2'><v>3</v></c></row></sheetData>\
        <mergeCells><mergeCell ref='A1:B1'/><mergeCell ref='B1:B2'/><mergeCell ref='ZZZ9:ZZZ99999999'/><mergeCell ref='A2:A1048576'/>\
        <mergeCell ref='C1:XFD1048576'/><mergeCell ref='nonsense'/></mergeCells>";
    assert_eq!(first_lines(sheet), ["1", "3"]);
}

/// A package with bytes of one of its parts changed, its checksums right.
fn mutated(bytes: &[u8], part: usize, changes: &[(u32, u8)]) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for i in 0..archive.len() {
        let mut file = archive.by_index(i).unwrap();
        let mut content = Vec::new();
        file.read_to_end(&mut content).unwrap();
        parts.push((file.name().unwrap().into_owned(), content));
    }
    let part = part % parts.len();
    change(&mut parts[part].1, changes);
    zipped(&parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect::<Vec<_>>())
}

fn change(bytes: &mut [u8], changes: &[(u32, u8)]) {
    for &(at, byte) in changes {
        let length = bytes.len().max(1);
        if let Some(place) = bytes.get_mut(at as usize % length) {
            *place = byte;
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn mutated_workbooks_never_panic(
        which in 0..FIXTURES.len(),
        part: proptest::sample::Index,
        changes in proptest::collection::vec((proptest::num::u32::ANY, proptest::num::u8::ANY), 1..40),
        cut in proptest::option::of(0..60_000_usize),
    ) {
        let (_, format, bytes) = FIXTURES[which];
        let mut bytes = if format == Format::Xls {
            let mut bytes = bytes.to_vec();
            change(&mut bytes, &changes);
            bytes
        } else {
            mutated(bytes, part.index(40), &changes)
        };
        bytes.truncate(cut.unwrap_or(usize::MAX));
        let reading = read(&bytes, format);
        proptest::prop_assert!(reading.document.pages.len() < 1000);
    }
}
