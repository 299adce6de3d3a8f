//! Text of documents as HTML and as data of scripts: nothing in it is markup, nothing in it acts.

use super::plain::plain;
use serde::Serialize;

/// The text with references for what is markup, and U+FFFD for what acts ([`plain`]); line feeds stay. It may stand in
/// elements and in quoted attributes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in plain(text).chars() {
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

/// A value as JSON that may stand in a script, wherever that stands: what HTML or an old parser of scripts takes for
/// an end (`</script>`, `<!--`, U+2028) is written as an escape, which in JSON means the same.
///
/// # Panics
/// Never for the types of this crate: see [`super::json`].
pub fn script_data(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).expect("plain data is serialisable");
    super::plain::escaped_json(&json).replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_document_is_markup() {
        assert_eq!(escaped("<b a='\"'>&\u{202e}"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;\u{fffd}");
        assert_eq!(escaped("一\n二"), "一\n二");
    }

    #[test]
    fn data_of_scripts_means_the_same_and_ends_nothing() {
        let text = "</script><!-- & \u{2028}\u{202e}\"";
        let data = script_data(&[text]);
        assert!(!data.contains(['<', '>', '&', '\u{2028}', '\u{202e}']), "{data}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&data).unwrap(), [text]);
    }
}
