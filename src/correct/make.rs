//! A correction made of what a person says of a value of a record.

use super::apply::{apply, caption, shown};
use super::keys::{self};
use super::{Correction, fit, pointer, undo};
use crate::record::PlanRecord;
use crate::vocabulary::Vocabulary;
use serde_json::Value as Json;

/// Who corrects, when and why.
#[derive(Debug, Clone)]
pub struct Author {
    pub who: String,
    /// ISO 8601.
    pub when: String,
    pub why: Option<String>,
}

/// Why something cannot be corrected as said.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    #[error("`{0}` is no JSON pointer: it begins with `/`, as in /measures/0/kpis/1/targets/0/value")]
    Pointer(String),
    #[error("the record has no {pointer}; {there}")]
    Nowhere { pointer: String, there: String },
    #[error("{0} is not corrected: only values of the plan, its policies, measures and glossary are")]
    NotCorrectable(String),
    #[error(
        "{pointer} lies within {other}, which is corrected already (by {who}, {when}): correct that, or delete its correction"
    )]
    Overlap { pointer: String, other: String, who: String, when: String },
    #[error("{value} does not fit into {pointer}: {why}")]
    Misfit { pointer: String, value: String, why: String },
    #[error("{pointer} is {value} already")]
    Same { pointer: String, value: String },
}

/// The correction that says of what `target` (a JSON pointer, positions in lists from 0, `-` for one behind the last)
/// points to in a record that it is `value`: JSON, or else its text; `null` for nothing, which takes an element out of
/// its list. With it the record as it would be.
///
/// # Errors
/// A pointer that leads nowhere or to what is not corrected, a value that does not fit there or that stands there.
pub fn make(
    record: &PlanRecord,
    target: &str,
    value: &str,
    author: &Author,
    vocabulary: &Vocabulary,
) -> Result<(Correction, PlanRecord), MakeError> {
    let shown_path = pointer::tokens(target).ok_or_else(|| MakeError::Pointer(target.to_owned()))?;
    check_part(&shown_path, target)?;
    let own = serde_json::to_value(record).expect("a record is serialisable");
    let (path, current_now) = located(&own, &shown_path)?;
    let (root, path) = in_extracted(own.clone(), path, record)?;
    let current = pointer::get(&root, &path).filter(|current| !current.is_null());

    let said = match serde_json::from_str::<Json>(value) {
        Ok(Json::Null) => None,
        Ok(json) => Some(json),
        Err(_) => Some(Json::String(value.to_owned())),
    };
    let misfit = |why| MakeError::Misfit { pointer: target.to_owned(), value: value.to_owned(), why };
    let is_element = path.split_last().is_some_and(|(_, list)| pointer::get(&root, list).is_some_and(Json::is_array));
    let fitted = match &said {
        None if is_element => None,
        said => Some(fit::fitted(&root, &path, said.as_ref().unwrap_or(&Json::Null), vocabulary).map_err(misfit)?),
    };
    if fitted.as_ref().unwrap_or(&Json::Null) == current_now.as_ref().unwrap_or(&Json::Null) {
        return Err(MakeError::Same { pointer: target.to_owned(), value: shown(current_now.as_ref()) });
    }
    // What is printed is enough to know a figure by, and what is taken out.
    let brief = |value: &Json| match value {
        Json::Object(map) if fit::is_figure(map) || said.is_none() => caption(value).map_or(value.clone(), Json::from),
        other => without_nulls(other),
    };
    let was = current.map(brief);
    // The text of a figure as it was given; else what it was taken for.
    let is = match (&said, &fitted) {
        (Some(Json::String(text)), _) => Some(Json::String(text.clone())),
        (Some(Json::Number(_)), Some(Json::String(text))) => Some(Json::String(text.clone())),
        (Some(Json::Number(number)), Some(Json::Object(_))) => Some(Json::String(number.to_string())),
        (said, _) => said.as_ref().map(without_nulls),
    };
    let tokens = named(&root, &path, fitted.as_ref());
    let (measure, field) = match tokens.as_slice() {
        [list, id, field @ ..] if list == "measures" && !field.is_empty() => (Some(id.clone()), pointer::of(field)),
        whole => (None, pointer::of(whole)),
    };
    let name =
        measure.is_some().then(|| root["measures"][path[1].as_str().parse::<usize>().unwrap_or(0)]["name"].as_str());
    let text = |value: &Json| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let correction = Correction {
        document: Some(record.source.path.clone()),
        title: text(&root["plan"]["title"]),
        publisher: text(&root["plan"]["publisher"]),
        name: name.flatten().map(str::to_owned),
        measure,
        field,
        was,
        is,
        who: author.who.clone(),
        when: author.when.clone(),
        why: author.why.clone(),
    };
    let mut corrected: PlanRecord = serde_json::from_value(root).map_err(|error| misfit(error.to_string()))?;
    corrected.diagnostics.clear();
    apply(&mut corrected, std::slice::from_ref(&correction), vocabulary);
    match corrected.diagnostics.pop() {
        Some(refused) if correction.was != correction.is => Err(misfit(refused.message)),
        _ => Ok((correction, corrected)),
    }
}

/// Sees that a pointer is into a part of the record that is corrected.
fn check_part(path: &[String], target: &str) -> Result<(), MakeError> {
    let part = path.first().map_or("", String::as_str);
    let is_part = matches!(part, "plan" | "policies" | "measures" | "glossary");
    let is_whole = path.len() == 1;
    let is_id = part == "measures" && path.get(2).is_some_and(|field| field == "id");
    let is_place = path.iter().any(|token| ["at", "places", "corrected"].contains(&token.as_str()));
    let known =
        part.is_empty() || is_part || ["schema_version", "diagnostics", "source", "corrections"].contains(&part);
    if known && (!is_part || is_whole || is_id || is_place) {
        return Err(MakeError::NotCorrectable(if target.is_empty() {
            "the whole record".to_owned()
        } else {
            target.to_owned()
        }));
    }
    Ok(())
}

/// The path that a pointer means, `-` resolved, and what stands there.
fn located(root: &Json, path: &[String]) -> Result<(Vec<String>, Option<Json>), MakeError> {
    let mut node = root;
    let mut found = Vec::new();
    for (i, token) in path.iter().enumerate() {
        let nowhere = |there: String| MakeError::Nowhere { pointer: pointer::of(&path[..=i]), there };
        match node {
            Json::Array(list) if token == "-" && i + 1 == path.len() => {
                found.push(list.len().to_string());
                return Ok((found, None));
            }
            Json::Array(list) => {
                let there = || match list.len() {
                    0 => "the list is empty; `-` adds to it".to_owned(),
                    length => format!("the list has 0 to {}; `-` adds to it", length - 1),
                };
                node = token.parse::<usize>().ok().and_then(|i| list.get(i)).ok_or_else(|| nowhere(there()))?;
            }
            // A field that is left out where it is empty.
            Json::Object(map) if !map.contains_key(token) && fit::is_figure(map) && i + 1 == path.len() => {
                found.push(token.clone());
                return Ok((found, None));
            }
            Json::Object(map) => {
                let there =
                    || format!("its fields are {}", map.keys().map(String::as_str).collect::<Vec<_>>().join(", "));
                node = map.get(token).ok_or_else(|| nowhere(there()))?;
            }
            other => return Err(nowhere(format!("{} is {}", pointer::of(&path[..i]), shown(Some(other))))),
        }
        found.push(token.clone());
    }
    Ok((found, Some(node.clone()).filter(|node| !node.is_null())))
}

/// The record as extracted, and where in it a path of the corrected record leads.
fn in_extracted(own: Json, mut path: Vec<String>, record: &PlanRecord) -> Result<(Json, Vec<String>), MakeError> {
    let (root, paths) = undo::root_extracted(own, record);
    for (place, done) in paths.iter().zip(&record.corrections).rev().filter(|(_, done)| done.removed) {
        if let (Some((last, list)), true) = (place.split_last(), done.removed)
            && let Ok(index) = last.parse()
        {
            pointer::shift(&mut path, list, index, true);
        }
    }
    for (place, done) in paths.iter().zip(&record.corrections).filter(|(_, done)| !done.removed) {
        let longer = if place.len() > path.len() { place } else { &path };
        if *place != path && longer.starts_with(place) && longer.starts_with(&path) {
            return Err(MakeError::Overlap {
                pointer: pointer::of(&path),
                other: pointer::of(place),
                who: done.who.clone(),
                when: done.when.clone(),
            });
        }
    }
    Ok((root, path))
}

/// The pointer with keys; of what is to be added, with the key that it will have.
fn named(root: &Json, path: &[String], added: Option<&Json>) -> Vec<String> {
    let mut tokens = keys::stable(root, path);
    if let (Some((_, list)), Some(added)) = (path.split_last(), added)
        && tokens.len() < path.len()
    {
        let name = list.last().map_or("", String::as_str);
        match pointer::get(root, list) {
            Some(Json::Array(elements)) => {
                let all: Vec<Json> = elements.iter().chain([added]).cloned().collect();
                tokens.extend(keys::of_list(name, &all).pop());
            }
            _ => tokens.extend(path.last().cloned()),
        }
    }
    tokens
}

/// The same without fields that are null, which TOML does not hold.
fn without_nulls(value: &Json) -> Json {
    match value {
        Json::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            Json::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        Json::Array(list) => Json::Array(list.iter().map(without_nulls).collect()),
        other => other.clone(),
    }
}
