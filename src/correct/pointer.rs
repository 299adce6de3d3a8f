//! JSON pointers (RFC 6901) as lists of tokens.

use serde_json::Value as Json;

/// The tokens of a pointer, unescaped; none where it does not begin with `/`. The empty pointer has no tokens.
pub fn tokens(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let rest = pointer.strip_prefix('/')?;
    Some(rest.split('/').map(|token| token.replace("~1", "/").replace("~0", "~")).collect())
}

/// The pointer of tokens.
pub fn of<T: AsRef<str>>(tokens: &[T]) -> String {
    tokens.iter().map(|token| format!("/{}", token.as_ref().replace('~', "~0").replace('/', "~1"))).collect()
}

/// What tokens point to.
pub fn get<'j, T: AsRef<str>>(root: &'j Json, tokens: &[T]) -> Option<&'j Json> {
    root.pointer(&of(tokens))
}

/// As [`get`], to change it.
pub fn get_mut<'j, T: AsRef<str>>(root: &'j mut Json, tokens: &[T]) -> Option<&'j mut Json> {
    root.pointer_mut(&of(tokens))
}

/// Makes room in the pointers into a list, or closes a gap: every position from `index` on moves by one.
pub fn shift(pointer: &mut [String], list: &[String], index: usize, up: bool) {
    let Some(token) = pointer.strip_prefix_mut(list).and_then(|rest| rest.first_mut()) else { return };
    if let Some(position) = token.parse::<usize>().ok().filter(|position| *position >= index) {
        *token = if up { position + 1 } else { position.saturating_sub(1) }.to_string();
    }
}

/// `strip_prefix` for what can be changed.
trait StripPrefixMut {
    fn strip_prefix_mut(&mut self, prefix: &[String]) -> Option<&mut [String]>;
}

impl StripPrefixMut for [String] {
    fn strip_prefix_mut(&mut self, prefix: &[String]) -> Option<&mut [String]> {
        self.starts_with(prefix).then(|| &mut self[prefix.len()..])
    }
}
