//! Changes as a page of HTML that stands alone: no script, nothing from elsewhere.

use super::{Parts, groups};
use crate::compare::Change;
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
    let mut out = HEAD.to_owned();
    let mut document = None;
    if changes.is_empty() {
        out.push_str("<p>No changes.</p>\n");
    }
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
    out.push_str("</body></html>\n");
    out
}

const TAKES_ALL: &str = "a string takes all that is written to it";

fn escaped(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_document_is_markup() {
        assert_eq!(escaped("<b a='\"'>&\u{202e}"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;\u{fffd}");
    }
}
