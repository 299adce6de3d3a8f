//! Puts corrections into a record as extracted, where the source still says what was corrected.

use super::keys::{self, Spot};
use super::{Correction, fit, pointer};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::Place;
use crate::normalise::characters;
use crate::record::{Corrected, PlanRecord};
use crate::vocabulary::Vocabulary;
use serde_json::Value as Json;

/// What is to be done at a place of the record (by positions).
enum Deed<'c> {
    Put { path: Vec<String>, value: Json, was: Json, correction: &'c Correction },
    TakeOut { path: Vec<String>, was: Json, correction: &'c Correction },
}

/// Puts in those of `corrections` that are about this record, and says in it what was done. Gives the positions (in
/// `corrections`) of those that are about it, also of those that are not put in.
///
/// Every correction is held against the record as it came, so that their order is no matter; of several of one value
/// the last by day holds. A diagnostic about a value that is corrected is answered, and left out.
pub fn apply(record: &mut PlanRecord, corrections: &[Correction], vocabulary: &Vocabulary) -> Vec<usize> {
    let about = |correction: &Correction| correction.is_about(&record.source.path, &record.plan);
    let mine: Vec<usize> = (0..corrections.len()).filter(|&i| about(&corrections[i])).collect();
    if mine.is_empty() {
        return mine;
    }
    let pristine = serde_json::to_value(&*record).expect("a record is serialisable");
    let mut deeds = Vec::new();
    let mut refused = Vec::new();
    for correction in in_force(mine.iter().map(|&i| &corrections[i]).collect(), &pristine) {
        match deed(&pristine, correction, vocabulary) {
            Ok(deed) => deeds.extend(deed),
            Err(diagnostic) => refused.push(*diagnostic),
        }
    }
    let mut diagnostics = std::mem::take(&mut record.diagnostics);
    let mut root = pristine;
    let done = carry_out(deeds, &mut root, &mut diagnostics);
    match serde_json::from_value::<PlanRecord>(root) {
        Ok(corrected) => *record = PlanRecord { diagnostics, corrections: done, ..corrected },
        Err(error) => {
            record.diagnostics = diagnostics;
            let message = format!("the corrections do not fit together: {error}");
            record.diagnostics.push(Diagnostic::new(Code::StaleCorrection, message, None));
        }
    }
    record.diagnostics.extend(refused);
    mine
}

/// Of corrections of one value the last by day, and of one day the last.
fn in_force<'c>(mut corrections: Vec<&'c Correction>, root: &Json) -> Vec<&'c Correction> {
    corrections.sort_by(|a, b| a.when.cmp(&b.when));
    let targets: Vec<Vec<String>> = corrections.iter().map(|correction| tokens(root, correction)).collect();
    let is_last = |i: &usize| !targets[i + 1..].contains(&targets[*i]);
    (0..corrections.len()).filter(is_last).map(|i| corrections[i]).collect()
}

/// The pointer (with keys) of what a correction is about, in the whole record.
fn tokens(root: &Json, correction: &Correction) -> Vec<String> {
    let field = pointer::tokens(&correction.field).unwrap_or_default();
    let Some(id) = &correction.measure else { return field };
    let measures = root["measures"].as_array().map_or(&[] as &[Json], Vec::as_slice);
    let mut own = id.as_str();
    if !measures.iter().any(|measure| measure["id"] == **id)
        && let Some(name) = &correction.name
    {
        let mut named = measures.iter().filter(|measure| measure["name"] == **name);
        if let (Some(only), None) = (named.next(), named.next()) {
            own = only["id"].as_str().unwrap_or(own);
        }
    }
    ["measures", own].into_iter().map(str::to_owned).chain(field).collect()
}

/// What a correction asks for; nothing where it says that what was extracted is right.
fn deed<'c>(
    root: &Json,
    correction: &'c Correction,
    vocabulary: &Vocabulary,
) -> Result<Option<Deed<'c>>, Box<Diagnostic>> {
    let Correction { was, is, .. } = correction;
    let spot = keys::resolve(root, &tokens(root, correction))
        .map_err(|nowhere| refuse(root, correction, None, &format!("the record has no {nowhere} now")))?;
    let (path, current) = match spot {
        Spot::There(path) => {
            let current = pointer::get(root, &path);
            (path, current)
        }
        Spot::NoElement(mut list) => {
            let length = pointer::get(root, &list).and_then(Json::as_array).map_or(0, Vec::len);
            list.push(length.to_string());
            (list, None)
        }
    };
    if was == is {
        return Ok(None);
    }
    let is_element = path.split_last().is_some_and(|(_, list)| pointer::get(root, list).is_some_and(Json::is_array));
    if says(current, was.as_ref()) {
        let was = current.cloned().unwrap_or_default();
        return match is {
            None if is_element => Ok(Some(Deed::TakeOut { path, was, correction })),
            said => {
                let said = said.as_ref().unwrap_or(&Json::Null);
                let value = fit::fitted(root, &path, said, vocabulary)
                    .map_err(|why| refuse(root, correction, Some(&path), &format!("it does not fit: {why}")))?;
                Ok(Some(Deed::Put { path, value, was, correction }))
            }
        };
    }
    if says(current, is.as_ref()) {
        let message =
            format!("the correction of {} is not needed any more: the source is read so now", named(correction));
        let diagnostic = diagnostic(root, Some(&path), message);
        return Err(Box::new(Diagnostic { severity: Severity::Info, ..diagnostic }));
    }
    let now = format!("the source says {} now, not {}", shown(current), shown(was.as_ref()));
    Err(refuse(root, correction, Some(&path), &now))
}

/// Whether what stands in a record is what a person says stands there: of a figure what is printed, of anything else
/// its caption is enough.
fn says(current: Option<&Json>, said: Option<&Json>) -> bool {
    let there = |value: Option<&Json>| value.is_some_and(|value| !value.is_null());
    let (Some(current), Some(said)) = (current, said) else { return !there(current) && !there(said) };
    let fold = |text: &str| characters::fold(text);
    match (current, said) {
        (Json::Object(_), Json::String(text)) => caption(current).is_some_and(|own| fold(own) == fold(text)),
        (Json::Object(_), Json::Number(number)) => caption(current).is_some_and(|own| fold(own) == number.to_string()),
        (Json::Object(a), Json::Object(b)) if fit::is_figure(a) && fit::is_figure(b) => a["raw"] == b["raw"],
        (Json::Object(a), Json::Object(b)) => {
            let names = a.keys().chain(b.keys());
            names.into_iter().all(|name| says(a.get(name), b.get(name)))
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| says(Some(a), Some(b))),
        (Json::String(a), Json::String(b)) => fold(a) == fold(b),
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (a, b) => a == b,
    }
}

/// What is printed of something: the text by which a person names it.
pub fn caption(value: &Json) -> Option<&str> {
    let own = ["raw", "name", "title", "term", "text"].into_iter().find_map(|field| value.get(field)?.as_str());
    own.or_else(|| caption(value.get("value").or_else(|| value.get("amount"))?))
}

/// Does what is to be done; gives the record's list of it. What is taken out goes last, from the end, so that the other
/// positions hold until then.
fn carry_out(deeds: Vec<Deed>, root: &mut Json, diagnostics: &mut Vec<Diagnostic>) -> Vec<Corrected> {
    let mut done: Vec<(Vec<String>, Corrected)> = Vec::new();
    let mut out = Vec::new();
    for deed in deeds {
        match deed {
            Deed::Put { mut path, value, was, correction } => {
                // Several may be added to one list.
                if let Some((last, list)) = path.split_last_mut()
                    && was.is_null()
                    && let Some(list) = pointer::get(root, list).and_then(Json::as_array)
                {
                    *last = list.len().to_string();
                }
                answer(diagnostics, &path, &was, fit::above(root, &path, "at"));
                fit::put(root, &path, value);
                mark(root, &path);
                done.push((path, corrected(was, false, correction)));
            }
            Deed::TakeOut { path, was, correction } => out.push((path, was, correction)),
        }
    }
    out.sort_by_key(|(path, ..)| {
        std::cmp::Reverse(path.iter().map(|token| (token.parse::<usize>().ok(), token.clone())).collect::<Vec<_>>())
    });
    for (path, was, correction) in out {
        let Some((last, list)) = path.split_last() else { continue };
        let Ok(index) = last.parse::<usize>() else { continue };
        answer(diagnostics, &path, &was, fit::above(root, &path, "at"));
        if let Some(Json::Array(elements)) = pointer::get_mut(root, list)
            && index < elements.len()
        {
            elements.remove(index);
        }
        for diagnostic in diagnostics.iter_mut() {
            if let Some(mut field) = diagnostic.field.as_deref().and_then(pointer::tokens) {
                pointer::shift(&mut field, list, index, false);
                diagnostic.field = Some(pointer::of(&field));
            }
        }
        // Of what was corrected in something that goes there is nothing to say.
        done.retain(|(other, corrected)| corrected.removed || !other.starts_with(&path));
        for (other, _) in done.iter_mut().filter(|(_, corrected)| !corrected.removed) {
            pointer::shift(other, list, index, false);
        }
        done.push((path.clone(), corrected(was, true, correction)));
    }
    done.into_iter().map(|(path, corrected)| Corrected { field: pointer::of(&path), ..corrected }).collect()
}

fn corrected(was: Json, removed: bool, correction: &Correction) -> Corrected {
    let Correction { who, when, why, .. } = correction.clone();
    Corrected { field: String::new(), was, removed, who, when, why }
}

/// Marks the figures that a path leads through and those below it.
fn mark(root: &mut Json, path: &[String]) {
    for end in 0..path.len() {
        if let Some(Json::Object(map)) = pointer::get_mut(root, &path[..end])
            && fit::is_figure(map)
        {
            map.insert("corrected".to_owned(), Json::Bool(true));
        }
    }
    if let Some(node) = pointer::get_mut(root, path) {
        mark_below(node);
    }
}

fn mark_below(node: &mut Json) {
    match node {
        Json::Object(map) => {
            if fit::is_figure(map) {
                map.insert("corrected".to_owned(), Json::Bool(true));
            }
            map.values_mut().for_each(mark_below);
        }
        Json::Array(list) => list.iter_mut().for_each(mark_below),
        _ => {}
    }
}

/// Leaves out the diagnostics about a value that is corrected: those that name it, or quote it at its place.
fn answer(diagnostics: &mut Vec<Diagnostic>, path: &[String], was: &Json, at: Option<&Json>) {
    let at: Option<Place> = at.and_then(|at| serde_json::from_value(at.clone()).ok());
    let quoted = caption(was).or_else(|| was.as_str()).map(|text| format!("`{text}`"));
    let quotes = |diagnostic: &Diagnostic| {
        diagnostic.at.is_some()
            && diagnostic.at == at
            && quoted.as_ref().is_some_and(|q| diagnostic.message.contains(q))
    };
    diagnostics.retain(|diagnostic| match &diagnostic.field {
        Some(field) => !pointer::tokens(field).is_some_and(|tokens| tokens.starts_with(path)),
        None => !quotes(diagnostic),
    });
}

fn named(correction: &Correction) -> String {
    let Correction { measure, name, field, who, when, .. } = correction;
    let measure = name.as_ref().or(measure.as_ref()).map_or(String::new(), |name| format!(" of {name}"));
    format!("{field}{measure} ({who}, {when})")
}

fn refuse(root: &Json, correction: &Correction, path: Option<&[String]>, why: &str) -> Box<Diagnostic> {
    let message = format!("the correction of {} was not put in: {why}", named(correction));
    Box::new(diagnostic(root, path, message))
}

fn diagnostic(root: &Json, path: Option<&[String]>, message: String) -> Diagnostic {
    let at = path.and_then(|path| fit::above(root, path, "at"));
    let at: Option<Place> = at.and_then(|at| serde_json::from_value(at.clone()).ok());
    // Of what is not there, the list it would stand in.
    let there = path.map(|path| if pointer::get(root, path).is_some() { path } else { &path[..path.len() - 1] });
    Diagnostic { field: there.map(pointer::of), ..Diagnostic::new(Code::StaleCorrection, message, at) }
}

/// A value in a message.
pub fn shown(value: Option<&Json>) -> String {
    const LONGEST: usize = 80;
    let Some(value) = value.filter(|value| !value.is_null()) else { return "nothing".to_owned() };
    let text = caption(value).or_else(|| value.as_str()).map_or_else(|| value.to_string(), |text| format!("“{text}”"));
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
