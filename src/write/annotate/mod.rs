//! A copy of a PDF in which every value of its record is marked: a highlight and a note where it stands, and an
//! outline of the measures. For people who review in a PDF viewer.
//!
//! The copy is the source, to the last byte, and an incremental update behind it (ISO 32000-1, 7.5.6). Only a file
//! whose cross-reference data is damaged is written anew, and [`Annotated::rewritten`] says so. An encrypted file stays
//! encrypted; since AES asks for random bytes, two copies of one differ.
//!
//! - [`notes`] says what is noted where; [`geometry`] maps places as shown to the page's own space.
//! - [`outline`] adds the measures to the file's outline; [`update`] is the file with what changes in it.
//!
//! `lopdf` was seen to be sound, but not proven on files of strangers: callers run this on a stack of its own, under a
//! cap on memory, and catch panics.

mod geometry;
mod notes;
mod outline;
mod update;

use crate::record::PlanRecord;
use geometry::Frame;
use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary, text_string};
use notes::{Note, Shape};
use update::Update;

/// A copy with notes.
#[derive(Debug)]
pub struct Annotated {
    pub bytes: Vec<u8>,
    /// Number of notes.
    pub notes: usize,
    /// Why the file was written anew and its bytes are others; none where they stayed.
    pub rewritten: Option<&'static str>,
}

/// Why a PDF cannot have notes.
#[derive(Debug, thiserror::Error)]
pub enum AnnotateError {
    #[error("it is no PDF")]
    NoPdf,
    #[error("it needs a password")]
    Password,
    #[error("it is encrypted and damaged, so it can be neither added to nor written anew")]
    EncryptedAndDamaged,
    #[error("it has {found} pages, but the record is of one with {expected}")]
    Pages { found: usize, expected: u32 },
    #[error("it cannot be read: {0}")]
    Unreadable(lopdf::Error),
    #[error("it cannot be added to: {0}")]
    Unwritable(lopdf::Error),
}

/// The colours of marks (RGB): the frames of measures, and the grounds of values.
const FRAME: [f32; 3] = [0.16, 0.35, 0.65];
const GROUND: [f32; 3] = [1.0, 0.93, 0.45];
const DOUBTFUL: [f32; 3] = [1.0, 0.72, 0.6];
const CORRECTED: [f32; 3] = [0.7, 0.93, 0.7];

/// Who is named as the author of the notes.
const AUTHOR: &str = "keikaku";

/// The annotation flag Print (ISO 32000-1, table 165).
const PRINT: i64 = 4;

/// Makes the copy of `source` with the values of `record` marked.
///
/// # Errors
/// A source that is no PDF, needs a password, has not the record's pages, or is damaged beyond use.
pub fn annotate(source: &[u8], record: &PlanRecord) -> Result<Annotated, AnnotateError> {
    let mut update = Update::open(source)?;
    let pages = update.pages();
    if pages.len() != record.source.pages as usize {
        return Err(AnnotateError::Pages { found: pages.len(), expected: record.source.pages });
    }
    let notes = notes::of(record);
    let failed = AnnotateError::Unwritable;
    let looks = Looks::add(&mut update).map_err(failed)?;
    let mut count = 0;
    for (&page, number) in pages.iter().zip(1u32..) {
        let frame = Frame::of(&update, page);
        let mut annotations = Vec::new();
        for note in notes.iter().filter(|note| note.page == number) {
            count += 1;
            let annotation = annotation(note, page, &frame, &looks, count);
            annotations.push(Object::Reference(update.add(annotation).map_err(failed)?));
        }
        if !annotations.is_empty() {
            add_to_page(&mut update, page, annotations).map_err(failed)?;
        }
    }
    let measures = notes::measures(record);
    outline::add(&mut update, &pages, &measures).map_err(failed)?;
    let rewritten = update.damage();
    Ok(Annotated { bytes: update.save()?, notes: count, rewritten })
}

/// The appearances of marks, each one for all marks of its kind: a viewer stretches the unit square over the mark.
struct Looks {
    ground: ObjectId,
    doubtful: ObjectId,
    corrected: ObjectId,
}

impl Looks {
    fn add(update: &mut Update) -> Result<Self, lopdf::Error> {
        // Multiplied with the page, so that what is printed stays to be read.
        let multiply = update.add(dictionary! { "Type" => "ExtGState", "BM" => "Multiply" })?;
        let mut look = |[r, g, b]: [f32; 3]| {
            let content = format!("/M gs {r} {g} {b} rg 0 0 1 1 re f");
            let form = dictionary! {
                "Type" => "XObject",
                "Subtype" => "Form",
                "BBox" => vec![0.into(), 0.into(), 1.into(), 1.into()],
                "Group" => dictionary! { "S" => "Transparency" },
                "Resources" => dictionary! { "ExtGState" => dictionary! { "M" => multiply } },
            };
            update.add(Stream::new(form, content.into_bytes()))
        };
        Ok(Looks { ground: look(GROUND)?, doubtful: look(DOUBTFUL)?, corrected: look(CORRECTED)? })
    }
}

fn annotation(note: &Note, page: ObjectId, frame: &Frame, looks: &Looks, number: usize) -> Dictionary {
    let rect = frame.rect(note.bbox);
    let mut annotation = dictionary! {
        "Type" => "Annot",
        "P" => page,
        "Rect" => reals(rect),
        "Contents" => text_string(&note.text),
        "T" => text_string(AUTHOR),
        "Subj" => text_string(note.subject),
        "NM" => text_string(&format!("{AUTHOR}-{number}")),
        "F" => PRINT,
    };
    let colour = |[r, g, b]: [f32; 3]| Object::Array(vec![r.into(), g.into(), b.into()]);
    let mut highlight = |look: ObjectId, rgb| {
        annotation.set("Subtype", "Highlight");
        annotation.set("QuadPoints", reals(frame.corners(note.bbox)));
        annotation.set("C", colour(rgb));
        annotation.set("AP", dictionary! { "N" => look });
    };
    match note.shape {
        Shape::Ground => highlight(looks.ground, GROUND),
        Shape::Doubtful => highlight(looks.doubtful, DOUBTFUL),
        Shape::Corrected => highlight(looks.corrected, CORRECTED),
        Shape::Frame => {
            // Without an appearance: a frame is not to be stretched, and every viewer draws one.
            annotation.set("Subtype", "Square");
            annotation.set("C", colour(FRAME));
            annotation.set("BS", dictionary! { "W" => 1, "S" => "S" });
        }
    }
    annotation
}

fn reals<const N: usize>(numbers: [f32; N]) -> Object {
    Object::Array(numbers.into_iter().map(Object::Real).collect())
}

/// Puts annotations behind those that a page has.
fn add_to_page(update: &mut Update, page: ObjectId, annotations: Vec<Object>) -> Result<(), lopdf::Error> {
    let own = update.dictionary(page)?.get(b"Annots").cloned();
    if let Ok(Object::Reference(list)) = own
        && update.get(list).is_ok_and(|object| object.as_array().is_ok())
    {
        update.edit(list)?.as_array_mut()?.extend(annotations);
        return Ok(());
    }
    let mut list = own.ok().and_then(|own| own.as_array().cloned().ok()).unwrap_or_default();
    list.extend(annotations);
    update.edit(page)?.as_dict_mut()?.set("Annots", list);
    Ok(())
}
