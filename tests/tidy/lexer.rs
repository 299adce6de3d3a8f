//! As much of Rust's lexical grammar as the tidy test needs: code without comments and literals, and the literals.

/// A source file taken apart; what stands under `#[cfg(test)]` is in neither part.
#[derive(Debug, Default)]
pub struct Source {
    /// The text with comments, literals and tests blanked; line breaks stay.
    code: String,
    /// String and character literals with their lines, as written between their quotes.
    pub literals: Vec<(usize, String)>,
}

/// Takes a source file apart.
pub fn lex(text: &str) -> Source {
    let mut source = Source::default();
    let mut rest = text;
    let mut line = 1;
    while !rest.is_empty() {
        let (taken, literal) = next(rest, source.code.chars().last());
        let token = &rest[..taken];
        match literal {
            Some(Kind::Code) => source.code.push_str(token),
            kind => {
                if let Some(Kind::Literal(start, end)) = kind {
                    source.literals.push((line, token[start..end].to_owned()));
                }
                source.code.push(' ');
                source.code.extend(token.chars().filter(|&c| c == '\n'));
            }
        }
        line += token.matches('\n').count();
        rest = &rest[taken..];
    }
    source.without_tests()
}

enum Kind {
    Code,
    /// The content lies between these bytes of the token.
    Literal(usize, usize),
}

/// The length of the next token and what it is; none for a comment.
fn next(rest: &str, before: Option<char>) -> (usize, Option<Kind>) {
    let in_word = before.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let first = rest.chars().next().map_or(1, char::len_utf8);
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), None);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), None);
    }
    if !in_word {
        let prefix = rest.find(|c| !matches!(c, 'b' | 'c' | 'r')).unwrap_or(rest.len());
        let body = &rest[prefix..];
        let hashes = body.len() - body.trim_start_matches('#').len();
        if rest[..prefix].ends_with('r') && body[hashes..].starts_with('"') {
            let start = prefix + hashes + 1;
            let close = format!("\"{}", "#".repeat(hashes));
            let end = rest[start..].find(&close).map_or(rest.len(), |at| start + at);
            return ((end + close.len()).min(rest.len()), Some(Kind::Literal(start, end)));
        }
        if prefix <= 1 && body.starts_with('"') {
            let end = quoted(body, '"');
            return (prefix + end, Some(Kind::Literal(prefix + 1, prefix + end - 1)));
        }
        if prefix <= 1 && body.starts_with('\'') && is_char(body) {
            let end = quoted(body, '\'');
            return (prefix + end, Some(Kind::Literal(prefix + 1, prefix + end - 1)));
        }
    }
    (first, Some(Kind::Code))
}

/// Whether a quote begins a character, not a lifetime.
fn is_char(text: &str) -> bool {
    let mut chars = text.chars().skip(1);
    matches!((chars.next(), chars.next()), (Some('\\'), _) | (Some(_), Some('\'')))
}

/// The length of a literal with its quotes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of a block comment, which may hold others.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(['/', '*']) {
        at += found;
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

impl Source {
    /// Blanks the items that stand under `#[cfg(test)]`.
    fn without_tests(mut self) -> Self {
        const MARK: &str = "#[cfg(test)]";
        while let Some(start) = self.code.find(MARK) {
            let end = start + item_length(&self.code[start..]);
            let line_of = |at| self.code[..at].matches('\n').count() + 1;
            let (first, last) = (line_of(start), line_of(end));
            self.literals.retain(|(line, _)| !(first..=last).contains(line));
            let blank: String = self.code[start..end].chars().filter(|&c| c == '\n').collect();
            self.code.replace_range(start..end, &blank);
        }
        self
    }

    /// Every path of the code with its line, a group of a `use` taken apart: `std::{fs, io}` gives two.
    pub fn paths(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        let mut line = 1;
        let mut at = 0;
        while at < self.code.len() {
            let rest = &self.code[at..];
            let length = path_length(rest);
            if length > 0 {
                // `.zip(…)` and `.fs` are a method and a field.
                let is_member =
                    self.code[..at].trim_end().ends_with('.') && !self.code[..at].trim_end().ends_with("..");
                if !is_member && (rest[..length].contains("::") || self.is_used_crate(at)) {
                    spread("", rest, &mut |path| found.push((line, path)));
                }
                line += rest[..length].matches('\n').count();
                at += length;
            } else {
                let c = rest.chars().next().expect("there is a rest");
                line += usize::from(c == '\n');
                at += c.len_utf8();
            }
        }
        found
    }

    /// Whether a bare word is the whole of a `use`.
    fn is_used_crate(&self, at: usize) -> bool {
        self.code[..at].trim_end().ends_with("use")
    }

    /// The top-level names that paths from the crate's root begin with, in a file so many modules deep.
    pub fn names_at_root(&self, depth: usize) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (line, path) in self.paths() {
            let mut parts = path.split("::").peekable();
            let mut ups = 0;
            while parts.next_if_eq(&"super").is_some() {
                ups += 1;
            }
            let from_root =
                ups == depth || (ups == 0 && parts.next_if(|part| ["crate", "keikaku"].contains(part)).is_some());
            if let (true, Some(name)) = (from_root, parts.next()) {
                found.push((line, name.to_owned()));
            }
        }
        found
    }
}

/// The length of the item that begins here: to the end of its block, or its semicolon.
fn item_length(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// The length of the path (`a::b::c`, or a word) that begins here, without a group at its end.
fn path_length(code: &str) -> usize {
    let mut length = 0;
    loop {
        let word = word_length(&code[length..]);
        if word == 0 {
            return length;
        }
        length += word;
        if !code[length..].starts_with("::") {
            return length;
        }
        length += 2;
    }
}

fn word_length(code: &str) -> usize {
    code.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(code.len())
}

/// Gives every path that begins here, the groups at its end taken apart; returns the length of it all.
fn spread(before: &str, code: &str, each: &mut impl FnMut(String)) -> usize {
    let length = path_length(code);
    let path = format!("{before}{}", &code[..length]);
    if !path.ends_with("::") || !code[length..].starts_with('{') {
        each(path.trim_end_matches("::").to_owned());
        return length;
    }
    let mut at = length + 1;
    while let Some(c) = code[at..].chars().next() {
        match c {
            '}' => return at + 1,
            _ if path_length(&code[at..]) > 0 => at += spread(&path, &code[at..], each),
            _ => at += c.len_utf8(),
        }
    }
    at
}
