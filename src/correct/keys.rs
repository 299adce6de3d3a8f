//! What elements of lists are called in the pointers of corrections: by what is printed, not by their position.
//!
//! An indicator is called by its name, a target by its fiscal year, a schedule item by label, text and first month
//! ([`KEYS`]); a text in a list by itself. Of elements that would be called alike the second is `…#2`. Keys are those of
//! the record as extracted, so correcting a name does not change what the other corrections call it.

use super::{fit, pointer};
use serde_json::Value as Json;
use std::collections::HashSet;

/// For each list of the record the fields whose values, joined by a space, are an element's key.
const KEYS: &[(&str, &[&str])] = &[
    ("measures", &["id"]),
    ("policies", &["number", "title"]),
    ("glossary", &["term"]),
    ("owners", &["name"]),
    ("sections", &["kind", "heading"]),
    ("activities", &["fiscal_year", "text"]),
    ("budgets", &["fiscal_year", "kind"]),
    ("funding", &["source"]),
    ("schedule", &["label", "text", "start"]),
    ("kpis", &["name"]),
    ("targets", &["fiscal_year", "indicator"]),
    ("actuals", &["fiscal_year", "indicator"]),
    ("also", &["raw"]),
];

/// The key of what has none of its own.
const NAMELESS: &str = "?";

/// The keys of a list's elements, each once.
pub fn of_list(name: &str, list: &[Json]) -> Vec<String> {
    let mut taken = HashSet::new();
    list.iter()
        .map(|element| {
            let own = of_element(name, element);
            let mut key = own.clone();
            let mut order = 1;
            while !taken.insert(key.clone()) {
                order += 1;
                key = format!("{own}#{order}");
            }
            key
        })
        .collect()
}

/// The key of an element, not yet told from others that are called alike.
pub fn of_element(list: &str, element: &Json) -> String {
    let fields = KEYS.iter().find(|(name, _)| *name == list).map_or(&[] as &[&str], |(_, fields)| fields);
    let parts: Vec<String> = match element {
        Json::Object(_) => fields.iter().filter_map(|field| part(&element[*field])).collect(),
        other => part(other).into_iter().collect(),
    };
    if parts.is_empty() { NAMELESS.to_owned() } else { parts.join(" ") }
}

fn part(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    }
}

/// Where a pointer with keys leads.
#[derive(Debug, PartialEq)]
pub enum Spot {
    /// To what stands there, by positions; or to a field that a figure leaves out.
    There(Vec<String>),
    /// To an element that its list, which is given by positions, does not have.
    NoElement(Vec<String>),
}

/// Follows a pointer with keys.
///
/// # Errors
/// As much of the pointer as leads nowhere.
pub fn resolve(root: &Json, tokens: &[String]) -> Result<Spot, String> {
    let mut node = root;
    let mut path: Vec<String> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let nowhere = || pointer::of(&tokens[..=i]);
        match node {
            // A figure leaves out what it has not.
            Json::Object(map) if i + 1 == tokens.len() && fit::is_figure(map) && !map.contains_key(token) => {
                path.push(token.clone());
                return Ok(Spot::There(path));
            }
            Json::Object(map) => {
                node = map.get(token).ok_or_else(nowhere)?;
                path.push(token.clone());
            }
            Json::Array(list) => {
                let keys = of_list(path.last().map_or("", String::as_str), list);
                let Some(position) = keys.iter().position(|key| key == token) else {
                    return if i + 1 == tokens.len() { Ok(Spot::NoElement(path)) } else { Err(nowhere()) };
                };
                node = &list[position];
                path.push(position.to_string());
            }
            _ => return Err(nowhere()),
        }
    }
    Ok(Spot::There(path))
}

/// The pointer with keys of a pointer with positions; as far as it leads.
pub fn stable(root: &Json, path: &[String]) -> Vec<String> {
    let mut node = root;
    let mut keys = Vec::new();
    for (i, token) in path.iter().enumerate() {
        let (key, next) = match node {
            Json::Array(list) => {
                let name = if i == 0 { "" } else { &path[i - 1] };
                let position = token.parse::<usize>().ok().filter(|position| *position < list.len());
                let Some(position) = position else { break };
                (of_list(name, list).swap_remove(position), &list[position])
            }
            other => match other.get(token) {
                Some(next) => (token.clone(), next),
                None => break,
            },
        };
        keys.push(key);
        node = next;
    }
    keys
}
