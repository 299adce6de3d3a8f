//! What a person writes for a value, made what the record takes at that place.

use super::pointer;
use crate::normalise::values;
use crate::record::{GlossaryEntry, Measure, Plan, Policy};
use crate::vocabulary::Vocabulary;
use serde_json::{Map, Value as Json};

/// Lists that an element of a list has, and that may be left out where it is empty.
const EMPTY: &[(&str, &[&str])] = &[
    ("kpis", &["targets", "actuals", "notes"]),
    ("schedule", &["owners"]),
    ("sections", &["items"]),
    ("budgets", &["funding"]),
];

/// Fields that hold a figure.
const FIGURES: &[&str] = &["value", "amount", "output"];

/// What is to stand at a path (by positions) of a record that is `root`, made of `said`: `said` itself, else its text,
/// else the figure that its text states. `path` may point to one behind the end of a list.
///
/// # Errors
/// Why nothing of that fits.
pub fn fitted(root: &Json, path: &[String], said: &Json, vocabulary: &Vocabulary) -> Result<Json, String> {
    let surroundings = Surroundings::of(root, path);
    let text = match said {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(_) | Json::Null | Json::Array(_) | Json::Object(_) => None,
    };
    let figure = |text: &str| value(text, surroundings.unit, vocabulary);
    let whole = || {
        let name = path.iter().rev().find(|token| token.parse::<usize>().is_err()).map_or("", String::as_str);
        let mut said = said.clone();
        complete(&mut said, name, &surroundings, vocabulary);
        said
    };
    let candidates = [Some(whole()), text.clone().map(Json::String), text.as_deref().map(figure)];
    let mut why = None;
    for candidate in candidates.into_iter().flatten() {
        match fits(root, path, &candidate) {
            Ok(()) => return Ok(candidate),
            Err(error) => why = why.or(Some(error)),
        }
    }
    Err(why.unwrap_or_default())
}

/// Whether a record may have a value at a path.
fn fits(root: &Json, path: &[String], value: &Json) -> Result<(), String> {
    let Some((part, below)) = path.split_first() else { return Err("the record as a whole".to_owned()) };
    // The part alone is looked at: the whole record may be large.
    let depth = if part == "plan" { 0 } else { 1 };
    let (own, rest) = below.split_at(depth.min(below.len()));
    let mut own = match own.first() {
        None => root[part.as_str()].clone(),
        Some(_) => pointer::get(root, &path[..=depth]).cloned().unwrap_or(Json::Null),
    };
    if !put(&mut own, rest, value.clone()) {
        return Err("no such field".to_owned());
    }
    let check = match (part.as_str(), below.is_empty()) {
        ("plan", _) => serde_json::from_value::<Plan>(own).map(drop),
        ("policies", false) => serde_json::from_value::<Policy>(own).map(drop),
        ("measures", false) => serde_json::from_value::<Measure>(own).map(drop),
        ("glossary", false) => serde_json::from_value::<GlossaryEntry>(own).map(drop),
        _ => return Err("only values of the plan, its policies, measures and glossary are corrected".to_owned()),
    };
    check.map_err(|error| error.to_string())
}

/// Puts a value at a path: an element one behind the end of its list is added. Whether there was such a place.
pub fn put(root: &mut Json, path: &[String], value: Json) -> bool {
    let Some((last, above)) = path.split_last() else {
        *root = value;
        return true;
    };
    match pointer::get_mut(root, above) {
        Some(Json::Object(map)) => {
            map.insert(last.clone(), value);
        }
        Some(Json::Array(list)) => match last.parse::<usize>() {
            Ok(position) if position < list.len() => list[position] = value,
            Ok(position) if position == list.len() => list.push(value),
            _ => return false,
        },
        _ => return false,
    }
    true
}

/// What holds for a place because of where it is.
struct Surroundings<'j> {
    /// The unit of figures that state none.
    unit: Option<&'j str>,
    /// Where it stands in the source.
    at: Option<&'j Json>,
}

impl<'j> Surroundings<'j> {
    fn of(root: &'j Json, path: &[String]) -> Self {
        Surroundings { unit: above(root, path, "unit").and_then(Json::as_str), at: above(root, path, "at") }
    }
}

/// The nearest field of that name of what a path leads through.
pub fn above<'j>(root: &'j Json, path: &[String], field: &str) -> Option<&'j Json> {
    let nodes = (0..=path.len()).rev().filter_map(|end| pointer::get(root, &path[..end]));
    nodes.filter_map(|node| node.get(field)).find(|found| !found.is_null())
}

/// Fills in what a person need not write of an element of the list `name`: its place, the empty lists, figures whose
/// text is given.
fn complete(said: &mut Json, name: &str, surroundings: &Surroundings, vocabulary: &Vocabulary) {
    match said {
        Json::Object(map) if !is_figure(map) => {
            if let Some(at) = surroundings.at.filter(|_| name != "period" && name != "funding") {
                map.entry("at").or_insert_with(|| at.clone());
            }
            for field in EMPTY.iter().filter(|(list, _)| *list == name).flat_map(|(_, fields)| *fields) {
                map.entry(*field).or_insert_with(|| Json::Array(Vec::new()));
            }
            let unit = map.get("unit").and_then(Json::as_str).map(str::to_owned);
            let own = Surroundings { unit: unit.as_deref().or(surroundings.unit), at: surroundings.at };
            for (field, inner) in map.iter_mut() {
                match inner {
                    Json::String(text) if FIGURES.contains(&field.as_str()) => {
                        *inner = value(text, own.unit, vocabulary)
                    }
                    Json::Number(number) if FIGURES.contains(&field.as_str()) => {
                        *inner = value(&number.to_string(), own.unit, vocabulary);
                    }
                    Json::Object(_) | Json::Array(_) if field != "at" => complete(inner, field, &own, vocabulary),
                    _ => {}
                }
            }
        }
        Json::Array(list) => list.iter_mut().for_each(|element| complete(element, name, surroundings, vocabulary)),
        _ => {}
    }
}

fn value(text: &str, unit: Option<&str>, vocabulary: &Vocabulary) -> Json {
    serde_json::to_value(values::parse(text, unit, vocabulary)).expect("plain data is serialisable")
}

/// Whether an object is a figure ([`crate::record::Value`]).
pub fn is_figure(map: &Map<String, Json>) -> bool {
    map.contains_key("raw") && map.contains_key("kind")
}
