//! What annotations show: their appearances (PDF 32000-1, 12.5.5), unless they are hidden or their optional content
//! (`/OC`) is off.
//!
//! The interpreter draws every appearance whatever its optional content says. So each is painted here as a few
//! operators of the page's own: the appearance is the only form that their resources name, and the annotation their
//! only properties, so that the interpreter itself tells whether its content is on.

use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};
use hayro_interpret::kurbo::{Affine, Rect, Shape};
use hayro_interpret::{Context, Device, interpret};
use std::fmt::Write;

/// Annotation flags (PDF 32000-1, table 165): hidden, and not to be viewed.
const UNSEEN: u32 = 1 << 1 | 1 << 5;

/// Paints the appearances of a page's annotations, after the page's own content.
pub(super) fn paint<'a>(page: &Page<'a>, context: &mut Context<'a>, device: &mut impl Device<'a>) {
    let Some(annotations) = page.raw().get::<Array<'a>>(b"Annots") else { return };
    for annotation in annotations.iter::<Dict<'a>>() {
        let unseen = annotation.get::<u32>(b"F").unwrap_or(0) & UNSEEN != 0;
        if !unseen && let Some((x_objects, operators)) = appearance(&annotation) {
            let resources = Resources { x_objects, properties: annotation.clone(), ..page.resources().clone() };
            interpret(TypedIter::new(operators.as_bytes()), &resources, context, device);
        }
    }
}

/// The dictionary that holds an annotation's appearance, and the operators that paint it from there.
fn appearance<'a>(annotation: &Dict<'a>) -> Option<(Dict<'a>, String)> {
    let appearances = annotation.get::<Dict<'a>>(b"AP")?;
    let (forms, name) = match appearances.get::<Object<'a>>(b"N")? {
        Object::Stream(_) => (appearances, b"N".to_vec()),
        Object::Dict(states) => {
            let state = annotation.get::<Name<'_>>(b"AS").map(|state| state.as_ref().to_vec());
            let shown = state.filter(|state| states.get::<Stream<'_>>(state.as_slice()).is_some());
            (states, shown.unwrap_or_else(|| b"Off".to_vec()))
        }
        _ => return None,
    };
    let form = forms.get::<Stream<'a>>(name.as_slice())?;
    let [a, b, c, d, e, f] = onto(annotation, form.dict())?.as_coeffs();
    let mut operators = String::new();
    let _ = write!(operators, "/OC /OC BDC q {a} {b} {c} {d} {e} {f} cm /");
    for byte in name {
        let _ = write!(operators, "#{byte:02x}");
    }
    operators.push_str(" Do Q EMC");
    Some((forms, operators))
}

/// How an appearance's box is moved onto its annotation's rectangle.
fn onto(annotation: &Dict<'_>, form: &Dict<'_>) -> Option<Affine> {
    let rect = |[x0, y0, x1, y1]: [f64; 4]| Rect::new(x0, y0, x1, y1).abs();
    let target = rect(annotation.get::<[f64; 4]>(b"Rect")?);
    let matrix = Affine::new(form.get::<[f64; 6]>(b"Matrix").unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]));
    let shown = (matrix * rect(form.get::<[f64; 4]>(b"BBox")?).to_path(0.1)).bounding_box();
    let (x, y) = (target.width() / shown.width(), target.height() / shown.height());
    let moved = Affine::new([x, 0.0, 0.0, y, target.x0 - x * shown.x0, target.y0 - y * shown.y0]);
    moved.is_finite().then_some(moved)
}
