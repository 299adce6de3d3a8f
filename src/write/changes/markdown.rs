//! Changes as Markdown.

use super::{Parts, groups};
use crate::compare::Change;
use crate::write::plain::one_line;
use std::fmt::Write as _;

/// Changes as Markdown; headings begin at the given level.
pub fn markdown(changes: &[Change], level: usize) -> String {
    let mut out = String::new();
    let mut document = None;
    for group in groups(changes) {
        if group.document != document {
            document = group.document;
            heading(&mut out, level, document.unwrap_or(""));
        }
        heading(&mut out, level + 1, group.about.unwrap_or("plan"));
        for change in group.changes {
            let Parts { kind, subject, old, new, detail, place, .. } = Parts::of(change);
            let mut parts = vec![format!("**{kind}**")];
            parts.push(markdown_escaped(&subject));
            parts.push(match (old, new) {
                (Some(old), Some(new)) => format!("{} → {}", markdown_escaped(&old), markdown_escaped(&new)),
                (old, new) => markdown_escaped(&old.or(new).unwrap_or_default()),
            });
            parts.push(if detail.is_empty() { detail } else { format!("({})", markdown_escaped(&detail)) });
            parts.push(if place.is_empty() { place } else { format!("‹{}›", markdown_escaped(&place)) });
            parts.retain(|part| !part.is_empty());
            writeln!(out, "- {}", parts.join(" ")).expect("a string takes all that is written to it");
        }
        out.push('\n');
    }
    out
}

fn heading(out: &mut String, level: usize, text: &str) {
    writeln!(out, "{} {}\n", "#".repeat(level.clamp(1, 6)), markdown_escaped(text))
        .expect("a string takes all that is written to it");
}

/// A text on one line in which nothing is markup, neither Markdown's nor HTML's.
pub fn markdown_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in one_line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A link without brackets is a link to many readers of Markdown.
            ':' => out.push_str("&#58;"),
            '@' => out.push_str("&#64;"),
            c if c.is_ascii_punctuation() && !matches!(c, ',' | '%' | '/' | ';' | '\'' | '"') => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.replace("www", "ww&#119;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_document_is_markup() {
        for (text, expected) in [
            ("<script>alert(1)</script>", "&lt;script&gt;alert\\(1\\)&lt;/script&gt;"),
            ("[x](javascript:y)", "\\[x\\]\\(javascript&#58;y\\)"),
            ("# a\n- b", "\\# a \\- b"),
            ("**強い** `code` ~x~ |", "\\*\\*強い\\*\\* \\`code\\` \\~x\\~ \\|"),
            ("\u{1b}[31m", "\u{fffd}\\[31m"),
            ("http://www.x.jp &amp;", "http&#58;//ww&#119;\\.x\\.jp &amp;amp;"),
        ] {
            assert_eq!(markdown_escaped(text), expected);
        }
    }
}
