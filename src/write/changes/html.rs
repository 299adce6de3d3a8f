//! Changes as a page of HTML that stands alone: no script, nothing from elsewhere.

use super::{Parts, groups};
use crate::compare::Change;
use crate::write::markup;
use crate::write::plain::one_line;
use std::fmt::Write as _;

const HEAD: &str = "\
<!DOCTYPE html>
<html lang=\"ja\"><head><meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>keikaku diff</title>
<style>
body { font-family: sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; line-height: 1.6 }
table { border-collapse: collapse; width: 100% } td { border-bottom: 1px solid #ddd; padding: .2em .6em; vertical-align: top }
del { background: #fdd } ins { background: #dfd } del, ins { text-decoration: none }
.kind { white-space: nowrap; font-weight: bold } .place { color: #666; font-size: smaller }
</style></head><body>
";

/// Changes as a page.
pub fn html(changes: &[Change]) -> String {
    let none = if changes.is_empty() { "<p>No changes.</p>\n" } else { "" };
    format!("{HEAD}{none}{}</body></html>\n", html_tables(changes))
}

/// Changes as headings and tables, for a page that holds more.
pub fn html_tables(changes: &[Change]) -> String {
    let mut out = String::new();
    let mut document = None;
    for group in groups(changes) {
        if group.document != document {
            document = group.document;
            writeln!(out, "<h1>{}</h1>", escaped(document.unwrap_or(""))).expect(TAKES_ALL);
        }
        writeln!(out, "<h2>{}</h2>\n<table>", escaped(group.about.unwrap_or("plan"))).expect(TAKES_ALL);
        for change in group.changes {
            let Parts { kind, subject, old, new, detail, place, .. } = Parts::of(change);
            let marked = |tag: &str, text: Option<String>| {
                text.map(|text| format!("<{tag}>{}</{tag}>", escaped(&text))).unwrap_or_default()
            };
            writeln!(
                out,
                "<tr><td class=\"kind\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"place\">{}</td></tr>",
                escaped(&kind),
                escaped(&subject),
                marked("del", old),
                marked("ins", new),
                escaped(&detail),
                escaped(&place)
            )
            .expect(TAKES_ALL);
        }
        out.push_str("</table>\n");
    }
    out
}

const TAKES_ALL: &str = "a string takes all that is written to it";

fn escaped(text: &str) -> String {
    markup::escaped(&one_line(text))
}
