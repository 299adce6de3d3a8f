//! What PDFs do to text, one small file for each (`fixtures/pdf/features`, made by the script there): what is read
//! of their pages before any layout.

use crate::program::project;
use keikaku::diagnostic::Code;
use keikaku::document::Colour;
use keikaku::read::pdf::content::{Geometry, Glyph, GlyphText, PageContent, ShapePaint};
use keikaku::read::pdf::interpret::{Interpreted, pages};
use std::fs;

fn bytes(name: &str) -> Vec<u8> {
    fs::read(project().join("fixtures/pdf/features").join(name)).unwrap()
}

/// A file's pages, without diagnostics.
fn read(name: &str) -> Interpreted {
    let read = pages(&bytes(name));
    assert_eq!(read.diagnostics, [], "{name}");
    read
}

/// The one page of a file.
fn page(name: &str) -> PageContent {
    let [page] = <[PageContent; 1]>::try_from(read(name).pages).unwrap();
    page
}

fn said(glyph: &Glyph) -> String {
    match &glyph.text {
        GlyphText::Char(c) => c.to_string(),
        GlyphText::Many(s) => s.to_string(),
    }
}

fn text(page: &PageContent) -> String {
    page.glyphs.iter().map(said).collect()
}

/// The glyph that says something.
fn glyph<'a>(page: &'a PageContent, text: &str) -> &'a Glyph {
    page.glyphs.iter().find(|glyph| said(glyph) == text).unwrap_or_else(|| panic!("no {text}"))
}

fn codes(read: &Interpreted) -> Vec<Code> {
    read.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[track_caller]
fn assert_box(found: [f32; 4], expected: [f32; 4]) {
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.1), "{found:?} is not {expected:?}");
}

#[test]
fn fonts_say_what_they_are_asked() {
    for (name, expected, unreadable) in [
        ("predefined-cmaps.pdf", "桜浜市の計画子育て支援健康づくり𠮷野町１−２", 0),
        ("japan1-embedded.pdf", "あい亜い亜", 0),
        ("identity.pdf", "防災訓練河川", 2),
        ("type3.pdf", "税金水A", 1),
        ("marks.pdf", "☑□■★☑□■☑□✔■★→•", 1),
        // One font's program says what its ToUnicode does not; of the other nothing is passed on.
        ("garbage.pdf", "道路と橋の点検を毎年行う", 12),
    ] {
        let page = page(name);
        assert_eq!((text(&page).as_str(), page.unreadable), (expected, unreadable), "{name}");
    }
}

#[test]
fn every_kind_of_font_says_what_it_can() {
    let read: Vec<_> = read("encodings.pdf").pages.iter().map(|page| (text(page), page.unreadable)).collect();
    let expected = [
        ("河川", 0),
        ("河川", 0),
        ("河川", 0),
        ("い亜", 0),
        ("い亜", 0),
        ("河川", 0),
        ("髙﨑𠮷", 0),
        // Of an encoding that is not known, and of a font that cannot be used: the bytes are no ASCII.
        ("", 8),
        ("", 8),
        ("", 1),
        // Characters of one's own under the names of others.
        ("", 3),
    ];
    assert_eq!(read, expected.map(|(text, unreadable)| (text.to_owned(), unreadable)));
}

#[test]
fn layers_that_are_off_are_left_out() {
    let page = page("layers.pdf");
    assert_eq!(text(&page), "一つ外組");
    assert_eq!(page.shapes.len(), 1);
    assert_box(page.shapes[0].bbox, [200.0, 150.0, 250.0, 200.0]);
}

#[test]
fn glyphs_carry_box_size_and_weight() {
    let page = page("predefined-cmaps.pdf");
    let first = glyph(&page, "桜");
    // A baseline at 250 of 300 points; the em box reaches 0.88 em above it and 0.12 below.
    assert_box(first.bbox, [20.0, 300.0 - 250.0 - 10.56, 32.0, 300.0 - 250.0 + 1.44]);
    assert_eq!((first.size, first.rotation, first.vertical, first.bold), (12.0, 0, false, false));
    assert!(glyph(&page, "育").bold, "named bold");
    assert_ne!(first.font, glyph(&page, "育").font);
    assert_eq!(first.colour, Colour([0; 3]));
    let type3 = self::page("type3.pdf");
    assert_box(glyph(&type3, "税").bbox, [20.0, 41.2, 30.0, 51.2]);
    // A Type 3 font of 24 units set at half a point is one of 12 points.
    assert_eq!(glyph(&type3, "水").size, 12.0);
    assert_box(glyph(&type3, "水").bbox, [20.0, 80.0 - 10.56, 32.0, 80.0 + 1.44]);
}

#[test]
fn what_no_eye_sees_is_left_out() {
    assert_eq!(text(&page("hidden.pdf")), "見える紺地に白半透明の下表示層枠内の長い");
}

#[test]
fn what_is_painted_twice_is_there_once() {
    let page = page("repeated.pdf");
    assert_eq!(text(&page), "重点施策太字影付き人々々11");
    for (text, bold) in [("重", true), ("策", true), ("太", true), ("影", false), ("人", false)] {
        assert_eq!(glyph(&page, text).bold, bold, "{text}");
    }
    assert_eq!(glyph(&page, "影").colour, Colour([0; 3]), "the text, not its shadow");
}

#[test]
fn spans_say_their_actual_text() {
    let page = page("actual-text.pdf");
    assert_eq!(text(&page), "令和株式会社一行二行外");
    assert_eq!(page.unreadable, 1, "only the glyph outside of every span");
    assert_box(glyph(&page, "令").bbox, [20.0, 39.44, 32.0, 51.44]);
    assert_box(glyph(&page, "株式会社").bbox, [60.0, 39.44, 72.0, 51.44]);
}

#[test]
fn turned_pages_and_turned_text() {
    let read = read("rotated.pdf");
    let [turned, sides, cropped] = read.pages.as_slice() else { panic!("three pages") };
    assert_eq!((turned.width, turned.height), (300.0, 400.0));
    let first = glyph(turned, "横");
    assert_eq!(first.rotation, 0, "it stands upright as shown");
    assert_box(first.bbox, [50.0, 100.0 - 10.56, 62.0, 100.0 + 1.44]);
    assert_box(turned.shapes[0].bbox, [40.0, 90.0, 140.0, 95.0]);
    for (text, rotation) in [("上", 0), ("右", 90), ("下", 180), ("左", 270)] {
        assert_eq!(glyph(sides, text).rotation, rotation, "{text}");
    }
    assert_eq!((cropped.width, cropped.height), (200.0, 150.0));
    let first = glyph(cropped, "裁");
    assert_eq!(first.rotation, 0);
    assert_box(first.bbox, [10.0, 140.0 - 8.8, 20.0, 140.0 + 1.2]);
}

#[test]
fn vertical_text_advances_downwards() {
    let page = page("vertical.pdf");
    // The origin of a vertical glyph is the middle of its top.
    for (index, c) in ["縦", "書", "き"].iter().enumerate() {
        let top = 50.0 + 20.0 * index as f32;
        let glyph = glyph(&page, c);
        assert_box(glyph.bbox, [190.0, top, 210.0, top + 20.0]);
        assert!(glyph.vertical && glyph.rotation == 0 && glyph.size == 20.0, "{glyph:?}");
    }
    assert_box(glyph(&page, "あ").bbox, [90.0, 50.0, 110.0, 70.0]);
    assert_box(glyph(&page, " ").bbox, [90.0, 70.0, 110.0, 80.0]);
    assert_box(glyph(&page, "い").bbox, [90.0, 80.0, 110.0, 100.0]);
}

#[test]
fn annotations_show_their_appearance() {
    let page = page("annotations.pdf");
    assert_eq!(text(&page), "本文注記記入値見える層の注記", "what is hidden, or in a layer that is off, is not there");
    assert_box(glyph(&page, "注").bbox, [22.0, 95.0 - 8.8, 32.0, 95.0 + 1.2]);
}

#[test]
fn shapes_are_reduced_to_what_they_look_like() {
    let page = page("shapes.pdf");
    let shape = |bbox: [f32; 4]| {
        let near = |a: [f32; 4]| a.iter().zip(bbox).all(|(a, b)| (a - b).abs() < 0.6);
        page.shapes.iter().filter(|shape| near(shape.bbox)).collect::<Vec<_>>()
    };
    let only = |bbox: [f32; 4]| match shape(bbox).as_slice() {
        [shape] => *shape,
        other => panic!("{bbox:?}: {other:?} of {:?}", page.shapes),
    };
    // filled, then stroked in another colour: a ground and the rule around it
    let both: Vec<_> = shape([20.0, 20.0, 80.0, 40.0]).iter().map(|shape| (shape.paint, shape.colour)).collect();
    let rule = ShapePaint::Stroke { width: 1.0, dashed: false };
    assert_eq!(both, [(ShapePaint::Fill, Colour([204, 230, 255])), (rule, Colour([0, 0, 0]))]);
    let white = only([100.0, 20.0, 160.0, 40.0]);
    assert_eq!(white.paint, ShapePaint::Stroke { width: 1.0, dashed: false }, "a white filling is no more than paper");
    for side in
        [[180.0, 20.0, 240.0, 22.0], [180.0, 38.0, 240.0, 40.0], [180.0, 20.0, 182.0, 40.0], [238.0, 20.0, 240.0, 40.0]]
    {
        assert_eq!(only(side).geometry, Geometry::Rectangle, "a side of the frame");
    }
    assert_eq!(only([20.0, 60.0, 380.0, 60.0]).geometry, Geometry::Segment([20.0, 60.0], [380.0, 60.0]));
    assert_eq!(only([20.0, 70.0, 380.0, 70.0]).paint, ShapePaint::Stroke { width: 1.0, dashed: true });
    assert_eq!(only([50.0, 100.0, 150.0, 150.0]).colour, Colour([255, 0, 0]), "cut to its clip");
    assert_eq!(only([49.5, 140.0, 150.5, 140.0]).colour, Colour([0, 0, 0]), "the line too");
    let is_arrow =
        |geometry: &Geometry| matches!(geometry, Geometry::Polygon { corners, closed: true } if corners.len() == 7);
    assert!(is_arrow(&only([200.0, 120.0, 280.0, 160.0]).geometry));
    let gradient = only([300.0, 120.0, 380.0, 160.0]);
    assert!(is_arrow(&gradient.geometry), "a flooded clip has the clip's shape: {gradient:?}");
    assert_eq!(gradient.colour, Colour([128, 0, 128]), "the middle of the gradient");
    assert_eq!(only([20.0, 180.0, 80.0, 200.0]).colour, Colour([0, 102, 0]), "the ink of the hatching");
    assert_eq!(only([100.0, 180.0, 160.0, 200.0]).geometry, Geometry::Rectangle, "rounded");
    assert!(page.shapes.iter().any(|shape| shape.geometry == Geometry::Curved));
    assert_eq!(only([20.0, 230.0, 60.0, 250.0]).geometry, Geometry::Rectangle, "the first of two");
    assert_eq!(only([80.0, 230.0, 120.0, 250.0]).geometry, Geometry::Rectangle, "the second of two");
    let corners = vec![[200.0, 250.0], [240.0, 250.0], [240.0, 230.0]];
    assert_eq!(only([200.0, 230.0, 240.0, 250.0]).geometry, Geometry::Polygon { corners, closed: false });
    assert_eq!(page.shapes.len(), 19);
    assert!(page.shapes.is_sorted_by_key(|shape| shape.order));
}

#[test]
fn text_that_a_flooded_clip_shows_is_seen() {
    assert_eq!(text(&page("clip-text.pdf")), "見出し見");
}

#[test]
fn a_scan_is_a_picture_with_or_without_recognised_text() {
    let read = pages(&bytes("scan.pdf"));
    assert_eq!(codes(&read), [Code::RecognisedText; 2]);
    assert_eq!(read.pages.iter().map(text).collect::<Vec<_>>(), ["認識文字", "", "頁", "下敷き"]);
    assert!(read.pages.iter().all(|page| page.images == [[0.0, 0.0, 400.0, 300.0]]));
}

#[test]
fn pictures_are_boxes_and_never_unpacked() {
    let page = page("pictures.pdf");
    assert_eq!(page.images.len(), 2);
    assert_box(page.images[0], [0.0, 0.0, 100.0, 100.0]);
    assert_box(page.images[1], [200.0, 150.0, 300.0, 200.0]);
    assert_eq!(text(&page), "上", "what lies under a picture is hidden, what is white on it is seen");
}

#[test]
fn outlines_are_followed_to_their_end() {
    let outline = read("outlined.pdf").outline;
    let entries: Vec<_> = outline.iter().map(|entry| (entry.level, entry.title.as_str(), entry.page)).collect();
    assert_eq!(
        entries,
        [(1, "第1章　総論", Some(1)), (2, "目的", Some(2)), (1, "Annex …", Some(3)), (1, "外部", None)]
    );
}

#[test]
fn files_are_read_however_they_are_built() {
    for name in [
        "encrypted-rc4.pdf",
        "encrypted-aes128.pdf",
        "encrypted-aes256.pdf",
        "linearised.pdf",
        "object-streams.pdf",
        "truncated.pdf",
        "broken-xref.pdf",
    ] {
        assert_eq!(read(name).pages.iter().map(text).collect::<Vec<_>>(), ["桜浜市", "みどり計画"], "{name}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    for (content, code) in [
        (bytes("encrypted-password.pdf"), Code::EncryptedSource),
        (b"%PDF-1.7\n".to_vec(), Code::UnreadableSource),
        (bytes("truncated.pdf")[..200].to_vec(), Code::UnreadableSource),
    ] {
        let read = pages(&content);
        assert_eq!((codes(&read), read.pages.len()), (vec![code], 0));
    }
}

#[test]
fn a_page_that_paints_without_end_costs_only_itself() {
    let read = pages(&bytes("doubling.pdf"));
    assert_eq!(codes(&read), [Code::LimitExceeded]);
    assert_eq!(read.pages.iter().map(text).collect::<Vec<_>>(), ["前", "後"]);
}
