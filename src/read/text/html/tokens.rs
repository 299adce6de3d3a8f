//! Markup to tokens: tags of known names, and the text between them.
//!
//! Tolerant, and made for fragments in dumps as much as for whole pages: what is no tag that HTML knows
//! (`<目的>`, `1 < 2`) is text. Every byte is looked at a bounded number of times.

/// What a tag means for the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read::text) enum Tag {
    Table,
    Row,
    Cell,
    /// `tbody` and the like: nothing of their own.
    RowGroup,
    Caption,
    List,
    Item,
    Terms,
    Term,
    Definition,
    Heading(u8),
    /// Begins and ends lines: `p`, `div` …
    Block,
    /// `pre`: its line breaks are hard.
    Preformatted,
    /// `summary`, a heading of what it folds.
    Summary,
    Bold,
    /// Changes only how text looks.
    Inline,
    Break,
    Input,
    /// Left out with all that it holds.
    Opaque(u8),
    /// Holds nothing and prints nothing.
    Void,
}

/// Names that HTML has, sorted, and what they mean.
const TAGS: &[(&str, Tag)] = &[
    ("a", Tag::Inline),
    ("abbr", Tag::Inline),
    ("address", Tag::Block),
    ("article", Tag::Block),
    ("aside", Tag::Block),
    ("b", Tag::Bold),
    ("base", Tag::Void),
    ("bdi", Tag::Inline),
    ("big", Tag::Inline),
    ("blockquote", Tag::Block),
    ("body", Tag::Block),
    ("br", Tag::Break),
    ("button", Tag::Inline),
    ("caption", Tag::Caption),
    ("center", Tag::Block),
    ("cite", Tag::Inline),
    ("code", Tag::Inline),
    ("col", Tag::RowGroup),
    ("colgroup", Tag::RowGroup),
    ("dd", Tag::Definition),
    ("del", Tag::Inline),
    ("details", Tag::Block),
    ("dfn", Tag::Inline),
    ("dir", Tag::List),
    ("div", Tag::Block),
    ("dl", Tag::Terms),
    ("dt", Tag::Term),
    ("em", Tag::Inline),
    ("fieldset", Tag::Block),
    ("figcaption", Tag::Block),
    ("figure", Tag::Block),
    ("font", Tag::Inline),
    ("footer", Tag::Opaque(0)),
    ("form", Tag::Block),
    ("h1", Tag::Heading(1)),
    ("h2", Tag::Heading(2)),
    ("h3", Tag::Heading(3)),
    ("h4", Tag::Heading(4)),
    ("h5", Tag::Heading(5)),
    ("h6", Tag::Heading(6)),
    ("head", Tag::Block),
    ("header", Tag::Block),
    ("hgroup", Tag::Block),
    ("hr", Tag::Break),
    ("html", Tag::Block),
    ("i", Tag::Inline),
    ("iframe", Tag::Opaque(1)),
    ("img", Tag::Void),
    ("input", Tag::Input),
    ("ins", Tag::Inline),
    ("kbd", Tag::Inline),
    ("label", Tag::Inline),
    ("legend", Tag::Block),
    ("li", Tag::Item),
    ("link", Tag::Void),
    ("main", Tag::Block),
    ("mark", Tag::Inline),
    ("menu", Tag::List),
    ("meta", Tag::Void),
    ("nav", Tag::Opaque(2)),
    ("nobr", Tag::Inline),
    ("noscript", Tag::Opaque(3)),
    ("ol", Tag::List),
    ("option", Tag::Block),
    ("p", Tag::Block),
    ("pre", Tag::Preformatted),
    ("q", Tag::Inline),
    ("rb", Tag::Inline),
    ("rp", Tag::Opaque(4)),
    ("rt", Tag::Opaque(5)),
    ("ruby", Tag::Inline),
    ("s", Tag::Inline),
    ("script", Tag::Opaque(6)),
    ("section", Tag::Block),
    ("select", Tag::Block),
    ("small", Tag::Inline),
    ("span", Tag::Inline),
    ("strike", Tag::Inline),
    ("strong", Tag::Bold),
    ("style", Tag::Opaque(7)),
    ("sub", Tag::Inline),
    ("summary", Tag::Summary),
    ("sup", Tag::Inline),
    ("svg", Tag::Opaque(8)),
    ("table", Tag::Table),
    ("tbody", Tag::RowGroup),
    ("td", Tag::Cell),
    ("template", Tag::Opaque(9)),
    ("textarea", Tag::Block),
    ("tfoot", Tag::RowGroup),
    ("th", Tag::Cell),
    ("thead", Tag::RowGroup),
    ("title", Tag::Opaque(10)),
    ("tr", Tag::Row),
    ("tt", Tag::Inline),
    ("u", Tag::Inline),
    ("ul", Tag::List),
    ("wbr", Tag::Void),
];

/// The longest name in [`TAGS`].
const LONGEST_NAME: usize = 10;

/// A piece of marked-up text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::read::text) enum Token<'a> {
    /// Characters, entities not yet decoded.
    Text(&'a str),
    /// An opening tag and the characters between its name and `>`.
    Open(Tag, &'a str),
    Close(Tag),
}

/// The tokens of a text, each with the byte offset where it begins.
#[derive(Debug, Clone)]
pub(in crate::read::text) struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// Opaque names (a bit each) that are known to have no end tag further on.
    unclosed: u16,
    comments_unclosed: bool,
}

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str) -> Self {
        Tokens { text, at: 0, unclosed: 0, comments_unclosed: false }
    }

    /// The tag, comment or declaration at `<`, with the offset after it; none where the `<` is text.
    fn markup(&mut self, at: usize) -> Option<(Option<Token<'a>>, usize)> {
        let rest = &self.text[at..];
        match rest.as_bytes().get(1)? {
            b'!' if rest.starts_with("<!--") => {
                if self.comments_unclosed {
                    return None;
                }
                let end = rest.find("-->");
                self.comments_unclosed = end.is_none();
                Some((None, at + end? + 3))
            }
            b'!' | b'?' if rest.as_bytes().get(2)?.is_ascii_alphabetic() || rest.as_bytes()[1] == b'!' => {
                Some((None, at + bounded_find(rest, b'>')? + 1))
            }
            b'/' => {
                let (name, tag) = known(&rest[2..])?;
                let end = bounded_find(&rest[2 + name..], b'>')? + 2 + name + 1;
                Some((Some(Token::Close(tag)), at + end))
            }
            byte if byte.is_ascii_alphabetic() => {
                let (name, tag) = known(&rest[1..])?;
                let end = tag_end(&rest[1 + name..])? + 1 + name;
                let after = at + end + 1;
                if let Tag::Opaque(index) = tag
                    && !rest[..end].ends_with('/')
                {
                    return Some((None, self.skip(&rest[1..=name], index, after)));
                }
                Some((Some(Token::Open(tag, &rest[1 + name..end])), after))
            }
            _ => None,
        }
    }

    /// The offset after the end tag of an opaque element whose content begins at `from`. Without an end tag only
    /// the tag itself is left out.
    fn skip(&mut self, name: &str, index: u8, from: usize) -> usize {
        if self.unclosed & (1 << index) != 0 {
            return from;
        }
        let mut at = from;
        let mut depth = 1;
        while let Some(found) = self.text[at..].find('<') {
            at += found + 1;
            let rest = &self.text[at..];
            let (closing, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
            let same = rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && !rest[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
            match (same, closing) {
                (true, true) => depth -= 1,
                (true, false) => depth += 1,
                _ => {}
            }
            if depth == 0 {
                return rest.find('>').map_or(self.text.len(), |end| self.text.len() - rest.len() + end + 1);
            }
        }
        self.unclosed |= 1 << index;
        from
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = (usize, Token<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let mut search = start;
        loop {
            let Some(found) = self.text[search..].find('<') else {
                self.at = self.text.len();
                return (start < self.at).then(|| (start, Token::Text(&self.text[start..])));
            };
            let at = search + found;
            if start < at
                && self.text.as_bytes().get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || b"/!?".contains(b))
            {
                // Hand out the text first; the tag (if it is one) is looked at on the next call.
                self.at = at;
                return Some((start, Token::Text(&self.text[start..at])));
            }
            match self.markup(at) {
                Some((Some(token), after)) => {
                    self.at = after;
                    return Some((at, token));
                }
                Some((None, after)) => {
                    self.at = after;
                    return self.next_after_skip();
                }
                None => search = at + 1,
            }
        }
    }
}

impl<'a> Tokens<'a> {
    /// The next token after markup that gives none; a loop, so that many comments in a row need no stack.
    fn next_after_skip(&mut self) -> Option<(usize, Token<'a>)> {
        loop {
            let at = self.at;
            if !self.text[at..].starts_with('<') {
                return self.next();
            }
            match self.markup(at) {
                Some((Some(token), after)) => {
                    self.at = after;
                    return Some((at, token));
                }
                Some((None, after)) => self.at = after,
                None => return self.next(),
            }
        }
    }
}

/// The length and meaning of the known name that a text begins with.
fn known(text: &str) -> Option<(usize, Tag)> {
    let bytes = text.as_bytes();
    let length = bytes.iter().take(LONGEST_NAME + 1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if length == 0 || length > LONGEST_NAME {
        return None;
    }
    if !matches!(bytes.get(length), Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r')) {
        return None;
    }
    let mut name = [0; LONGEST_NAME];
    name[..length].copy_from_slice(&bytes[..length]);
    name.make_ascii_lowercase();
    let name = &name[..length];
    let found = TAGS.binary_search_by(|(known, _)| known.as_bytes().cmp(name)).ok()?;
    Some((length, TAGS[found].1))
}

/// The offset of the `>` that ends a tag whose name stands before `text`. A `<` outside quotes means that there
/// was no tag; a quote that is never closed is none.
fn tag_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'>' => return Some(at),
            b'<' => return None,
            // Only a value may be quoted; a stray quote is skipped.
            b'"' | b'\'' if bytes[..at].trim_ascii_end().ends_with(b"=") => {
                at += bytes[at + 1..].iter().position(|&b| b == byte).map_or(0, |length| length + 1);
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where a byte first stands, unless another tag begins before it.
fn bounded_find(text: &str, byte: u8) -> Option<usize> {
    let (at, found) = text.bytes().enumerate().find(|&(at, b)| b == byte || (b == b'<' && at > 0))?;
    (found == byte).then_some(at)
}

/// The value of an attribute in the characters of an opening tag; empty for an attribute without a value.
pub(in crate::read::text) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes.trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/').unwrap_or(rest.len());
        let (key, after) = rest.split_at(end);
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('=').map(str::trim_start) {
            None => ("", after.trim_start_matches('/')),
            Some(quoted) if quoted.starts_with(['"', '\'']) => {
                let inner = &quoted[1..];
                let close = inner.find(quoted.as_bytes()[0] as char).unwrap_or(inner.len());
                (&inner[..close], inner.get(close + 1..).unwrap_or_default())
            }
            Some(bare) => bare.split_at(bare.find(|c: char| c.is_ascii_whitespace()).unwrap_or(bare.len())),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = next.trim_start();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<Token<'_>> {
        Tokens::new(text).map(|(_, token)| token).collect()
    }

    #[test]
    fn names_are_sorted() {
        assert!(TAGS.is_sorted_by_key(|(name, _)| name));
        assert!(TAGS.iter().all(|(name, _)| name.len() <= LONGEST_NAME));
        assert!(tokens("<BLOCKQUOTE>").len() == 1);
    }

    #[test]
    fn what_html_does_not_know_is_text() {
        for text in ["<目的>", "1 < 2", "a<b", "<b", "<b 課", "<xyz>", "< p>", "</>", "<!--", "a<"] {
            let joined: String = tokens(text)
                .iter()
                .map(|token| match token {
                    Token::Text(text) => *text,
                    other => panic!("{text}: {other:?}"),
                })
                .collect();
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn tags_comments_and_opaque_elements() {
        use Tag::*;
        use Token::*;
        assert_eq!(
            tokens("<p class=\"a>b\">一</P><!-- 注 --><br/>二<script>if (a<b) {}</script>三"),
            [Open(Block, " class=\"a>b\""), Text("一"), Close(Block), Open(Break, "/"), Text("二"), Text("三")]
        );
        assert_eq!(tokens("<nav>一<nav>二</nav>三</nav>四"), [Text("四")]);
        assert_eq!(tokens("<nav>一"), [Text("一")]);
        assert_eq!(tokens("<!doctype html><?xml?>一"), [Text("一")]);
    }

    #[test]
    fn attributes() {
        let tag = r#" checked type=checkbox rowspan='2' colspan = "3"/"#;
        assert_eq!(attribute(tag, "checked"), Some(""));
        assert_eq!(attribute(tag, "type"), Some("checkbox"));
        assert_eq!(attribute(tag, "ROWSPAN"), Some("2"));
        assert_eq!(attribute(tag, "colspan"), Some("3"));
        assert_eq!(attribute(tag, "span"), None);
        assert_eq!(attribute(r#" checked="" type="checkbox""#, "checked"), Some(""));
        assert_eq!(attribute("= = =", "a"), None);
    }
}
