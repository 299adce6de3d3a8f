//! `keikaku annotate`: notes where the values stand, behind the bytes of the source.

use crate::program::{Folder, keikaku, project, run};
use keikaku::process;
use keikaku::record::PlanRecord;
use keikaku::vocabulary::Vocabulary;
use keikaku::write::annotate::{AnnotateError, Annotated, annotate};
use lopdf::{Document, Object, decode_text_string, dictionary};
use std::collections::BTreeMap;
use std::fs;

fn fixture(name: &str) -> Vec<u8> {
    fs::read(project().join("fixtures/pdf").join(name)).unwrap()
}

fn record(pdf: &[u8]) -> PlanRecord {
    process::process("plan.pdf", pdf, &Vocabulary::built_in()).record
}

/// The rectangles of a file's notes in the space of their page, by page and the pointer that the note ends with.
fn rects(pdf: &[u8]) -> BTreeMap<(usize, String), [f32; 4]> {
    let document = Document::load_mem(pdf).unwrap();
    let mut found = BTreeMap::new();
    for (page, id) in document.page_iter().enumerate() {
        for annotation in document.get_page_annotations(id).unwrap() {
            let text = annotation.get(b"Contents").map(|text| decode_text_string(text).unwrap()).unwrap_or_default();
            let pointer = text.lines().last().unwrap_or_default().to_owned();
            let rect = annotation.get(b"Rect").unwrap().as_array().unwrap();
            let rect: Vec<f32> = rect.iter().map(|number| number.as_float().unwrap()).collect();
            found.insert((page, pointer), rect.try_into().unwrap());
        }
    }
    found
}

fn titles(pdf: &[u8]) -> Vec<String> {
    let document = Document::load_mem(pdf).unwrap();
    let mut titles = Vec::new();
    let outlines = document.catalog().unwrap().get(b"Outlines").unwrap().as_reference().unwrap();
    collect(&document, document.get_dictionary(outlines).unwrap(), &mut titles);
    titles
}

fn collect(document: &Document, parent: &lopdf::Dictionary, titles: &mut Vec<String>) {
    let mut next = parent.get(b"First").and_then(Object::as_reference).ok();
    while let Some(id) = next {
        let entry = document.get_dictionary(id).unwrap();
        titles.push(decode_text_string(entry.get(b"Title").unwrap()).unwrap());
        collect(document, entry, titles);
        next = entry.get(b"Next").and_then(Object::as_reference).ok();
    }
}

#[test]
fn every_value_has_a_note_where_it_stands_and_the_source_stays() {
    for name in
        ["plans/souto-list.chromium.pdf", "plans/kirigaoka-forms.chromium.pdf", "plans/hinokawa-bands.writer.pdf"]
    {
        let source = fixture(name);
        let record = record(&source);
        let Annotated { bytes, notes, rewritten } = annotate(&source, &record).unwrap();
        assert_eq!(rewritten, None, "{name}");
        assert!(bytes.starts_with(&source) && bytes.len() > source.len(), "{name}: every byte of the source stays");
        assert_eq!(annotate(&source, &record).unwrap().bytes, bytes, "{name}: the same again");

        let rects = rects(&bytes);
        assert_eq!(rects.len(), notes, "{name}");
        let document = Document::load_mem(&bytes).unwrap();
        let mut owners = 0;
        for (i, measure) in record.measures.iter().enumerate() {
            let Some(owner) = measure.owners.first() else { continue };
            let keikaku::document::Place::Page { page, bbox } = owner.at else { panic!("{name}") };
            let Some(rect) = rects.get(&(page as usize - 1, format!("/measures/{i}/owners/0/name"))) else { continue };
            owners += 1;
            let id = document.page_iter().nth(page as usize - 1).unwrap();
            let mut node = document.get_dictionary(id).unwrap();
            while !node.has(b"MediaBox") {
                node = document.get_dictionary(node.get(b"Parent").unwrap().as_reference().unwrap()).unwrap();
            }
            let height = node.get(b"MediaBox").unwrap().as_array().unwrap()[3].as_float().unwrap();
            let expected = [bbox[0], height - bbox[3], bbox[2], height - bbox[1]];
            assert!(rect.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.01), "{name}: {rect:?} {expected:?}");
        }
        assert!(owners > 0, "{name}");

        let titles = titles(&bytes);
        for measure in &record.measures {
            assert!(titles.iter().any(|title| title.ends_with(&measure.name)), "{name}: {titles:?}");
        }
    }
}

#[test]
fn turned_and_cropped_pages_have_their_notes_at_the_same_text() {
    let source = fixture("plans/souto-list.chromium.pdf");
    let upright = rects(&annotate(&source, &record(&source)).unwrap().bytes);
    assert!(upright.len() > 50);
    for (turn, crop) in [(90, false), (180, true), (270, false), (270, true), (0, true), (-90, false)] {
        let mut document = Document::load_mem(&source).unwrap();
        for id in document.page_iter().collect::<Vec<_>>() {
            let page = document.get_dictionary_mut(id).unwrap();
            page.set("Rotate", turn);
            page.set("UserUnit", 2);
            if crop {
                page.set("CropBox", vec![12.into(), 9.into(), 1200.into(), 1500.into()]);
            }
        }
        let mut turned = Vec::new();
        document.save_to(&mut turned).unwrap();
        let found = rects(&annotate(&turned, &record(&turned)).unwrap().bytes);
        let shared = upright.iter().filter(|(key, _)| found.contains_key(*key)).count();
        assert!(shared * 10 > upright.len() * 9, "{turn} {crop}: {shared} of {}", upright.len());
        for (key, rect) in upright.iter().filter(|(key, _)| key.1.contains("/owners/") || key.1.contains("/targets/")) {
            let other = found.get(key).unwrap_or_else(|| panic!("{turn} {crop}: {key:?}"));
            assert!(
                rect.iter().zip(other).all(|(a, b)| (a - b).abs() < 2.0),
                "{turn} {crop} {key:?}: {rect:?} {other:?}"
            );
        }
    }
}

#[test]
fn what_a_file_has_of_its_own_is_kept() {
    let mut document = Document::load_mem(&fixture("plans/souto-list.chromium.pdf")).unwrap();
    // An outline of one entry, and a page with a list of annotations of its own.
    let page = document.page_iter().next().unwrap();
    let entry = document.add_object(
        dictionary! { "Title" => Object::string_literal("own"), "Dest" => vec![page.into(), "Fit".into()] },
    );
    let outlines =
        document.add_object(dictionary! { "Type" => "Outlines", "First" => entry, "Last" => entry, "Count" => 1 });
    document.get_dictionary_mut(entry).unwrap().set("Parent", outlines);
    document.catalog_mut().unwrap().set("Outlines", outlines);
    let own = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Text", "Contents" => Object::string_literal("own"),
        "Rect" => vec![1.into(), 2.into(), 3.into(), 4.into()],
    });
    let list = document.add_object(vec![Object::Reference(own)]);
    document.get_dictionary_mut(page).unwrap().set("Annots", list);
    let mut source = Vec::new();
    document.save_to(&mut source).unwrap();

    let record = record(&source);
    let Annotated { bytes, notes, .. } = annotate(&source, &record).unwrap();
    assert!(bytes.starts_with(&source));
    let rects = rects(&bytes);
    assert_eq!(rects.len(), notes + 1);
    assert_eq!(rects[&(0, "own".to_owned())], [1.0, 2.0, 3.0, 4.0]);
    let titles = titles(&bytes);
    assert_eq!((titles[0].as_str(), titles.len()), ("own", record.measures.len() + 2));
}

#[test]
fn encrypted_and_damaged_files() {
    for name in ["encrypted-aes128.pdf", "encrypted-aes256.pdf", "encrypted-rc4.pdf"] {
        let source = fixture(&format!("features/{name}"));
        let mut record = record(&source);
        let mut measure = self::record(&fixture("plans/souto-list.chromium.pdf")).measures.swap_remove(0);
        measure.kpis.clear();
        record.measures = vec![measure];
        let Annotated { bytes, notes, rewritten } = annotate(&source, &record).unwrap();
        assert!(bytes.starts_with(&source) && rewritten.is_none() && notes > 0, "{name}");
        assert_eq!(rects(&bytes).len(), notes, "{name}: the notes are encrypted as the rest, and read as the rest");
        let title = record.measures[0].name.as_bytes();
        assert!(!bytes.windows(title.len()).any(|window| window == title));
    }
    let locked = fixture("features/encrypted-password.pdf");
    assert!(matches!(annotate(&locked, &record(&locked)), Err(AnnotateError::Password)));
    let broken = fixture("features/broken-xref.pdf");
    let annotated = annotate(&broken, &record(&broken)).unwrap();
    assert!(annotated.rewritten.is_some_and(|why| why.contains("cross-reference")));
    assert_eq!(Document::load_mem(&annotated.bytes).unwrap().page_iter().count(), 2);
    assert!(matches!(annotate(b"no PDF", &record(&broken)), Err(AnnotateError::NoPdf)));
    // Cut anywhere, it is an error or a file, and never a panic.
    let whole = fixture("plans/hinokawa-bands.reportlab.pdf");
    let record = record(&whole);
    for cut in (0..whole.len()).step_by(whole.len() / 40) {
        let _ = annotate(&whole[..cut], &record);
    }
}

#[test]
fn the_command_refuses_what_does_not_belong_together() {
    let folder = Folder::with(&[
        ("plan.pdf", &fixture("plans/souto-list.chromium.pdf")),
        ("other.pdf", &fixture("plans/souto-list.writer.pdf")),
        ("plan.txt", "# 計画\n\n施策名\t桟橋\n".as_bytes()),
    ]);
    folder.ingested(&[]);
    let annotate = |arguments: &[&str]| run(keikaku().current_dir(folder.path("")).arg("annotate").args(arguments));
    let ran = annotate(&["in/plan.pdf", "out/records/plan.pdf.json", "-o", "review/plan.pdf"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(ran.out.contains("review/plan.pdf: ") && ran.out.contains(" notes"), "{}", ran.out);
    assert!(folder.bytes("review/plan.pdf").starts_with(&folder.bytes("in/plan.pdf")));

    for (arguments, expected) in [
        (["in/other.pdf", "out/records/plan.pdf.json", "-o", "x.pdf"], "--force"),
        (["in/plan.txt", "out/records/plan.txt.json", "-o", "x.pdf"], "not of a PDF"),
        (["in/plan.pdf", "in/plan.pdf", "-o", "x.pdf"], "holds no record"),
        (["in/plan.pdf", "out/records/plan.pdf.json", "-o", "in/plan.pdf"], "take the place of the source"),
    ] {
        let ran = annotate(&arguments);
        assert!(ran.code == Some(2) && ran.err.contains(expected), "{expected}: {}", ran.err);
        assert!(!folder.exists("x.pdf"));
    }
    let forced = annotate(&["in/other.pdf", "out/records/plan.pdf.json", "-o", "x.pdf", "--force"]);
    assert_eq!(forced.code, Some(0), "{}", forced.err);
}
