//! A record as it was before corrections were put in.

use super::{fit, pointer};
use crate::record::PlanRecord;
use serde_json::Value as Json;

/// The record as extracted. Diagnostics that a correction answered are not known any more.
pub fn extracted(record: &PlanRecord) -> PlanRecord {
    if record.corrections.is_empty() {
        return record.clone();
    }
    let root = serde_json::to_value(record).expect("a record is serialisable");
    // A list of corrections that is not of this record undoes nothing.
    serde_json::from_value(root_extracted(root, record).0).unwrap_or_else(|_| record.clone())
}

/// The record as extracted, and where (by positions) each correction stands in it.
pub fn root_extracted(mut root: Json, record: &PlanRecord) -> (Json, Vec<Vec<String>>) {
    let mut paths: Vec<Vec<String>> =
        record.corrections.iter().map(|done| pointer::tokens(&done.field).unwrap_or_default()).collect();
    // What was taken out last is put back first.
    for i in (0..paths.len()).rev().filter(|&i| record.corrections[i].removed) {
        let path = paths[i].clone();
        let Some((last, list)) = path.split_last() else { continue };
        let Ok(index) = last.parse::<usize>() else { continue };
        if let Some(Json::Array(elements)) = pointer::get_mut(&mut root, list) {
            elements.insert(index.min(elements.len()), record.corrections[i].was.clone());
        }
        for (other, done) in paths.iter_mut().zip(&record.corrections) {
            if !done.removed {
                pointer::shift(other, list, index, true);
            }
        }
    }
    for (path, done) in paths.iter().zip(&record.corrections).rev().filter(|(_, done)| !done.removed) {
        let Some((last, above)) = path.split_last() else { continue };
        match pointer::get_mut(&mut root, above) {
            Some(Json::Array(list)) => match last.parse::<usize>() {
                Ok(index) if index < list.len() && done.was.is_null() => drop(list.remove(index)),
                Ok(index) if index < list.len() => list[index] = done.was.clone(),
                _ => {}
            },
            Some(Json::Object(map)) if done.was.is_null() && fit::is_figure(map) => drop(map.remove(last)),
            Some(Json::Object(map)) => drop(map.insert(last.clone(), done.was.clone())),
            _ => {}
        }
        for end in 0..path.len() {
            if let Some(Json::Object(map)) = pointer::get_mut(&mut root, &path[..end]) {
                map.remove("corrected");
            }
        }
    }
    if let Json::Object(map) = &mut root {
        map.remove("corrections");
    }
    (root, paths)
}
