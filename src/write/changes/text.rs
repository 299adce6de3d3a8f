//! Changes as text for a terminal, in colours where it has them.

use super::{Parts, groups};
use crate::compare::Change;
use crate::write::plain::one_line;
use std::fmt::Write as _;

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";

/// Changes as text; `coloured` puts in what steers a terminal, and nothing of a document does.
pub fn text(changes: &[Change], coloured: bool) -> String {
    let paint = |style: &str, text: &str| match coloured && !text.is_empty() {
        true => format!("\u{1b}[{style}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    let mut out = String::new();
    let mut document = None;
    for group in groups(changes) {
        if group.document != document {
            document = group.document;
            writeln!(out, "{}", paint(BOLD, &format!("== {} ==", one_line(document.unwrap_or(""))))).expect(TAKES_ALL);
        }
        writeln!(out, "{}", paint(BOLD, &one_line(group.about.unwrap_or("plan")))).expect(TAKES_ALL);
        for change in group.changes {
            let Parts { sign, kind, subject, old, new, detail, place } = Parts::of(change);
            let style = match sign {
                '+' => GREEN,
                '-' => RED,
                _ => YELLOW,
            };
            let mut parts = vec![paint(style, &format!("{sign} {kind}"))];
            parts.push(subject);
            parts.push(match (old, new) {
                (Some(old), Some(new)) => format!("{} → {}", paint(RED, &old), paint(GREEN, &new)),
                (Some(old), None) => paint(RED, &old),
                (None, Some(new)) => paint(GREEN, &new),
                (None, None) => String::new(),
            });
            parts.push(if detail.is_empty() { detail } else { format!("({detail})") });
            parts.push(if place.is_empty() { place } else { paint(DIM, &format!("‹{place}›")) });
            parts.retain(|part| !part.is_empty());
            writeln!(out, "  {}", parts.join("  ")).expect(TAKES_ALL);
        }
    }
    out
}

const TAKES_ALL: &str = "a string takes all that is written to it";
