//! A text as numbered lines: those that hold values, and some around them.

use super::{Box, numbers};
use crate::document::Place;
use crate::write::markup::escaped;

/// Lines shown before and after those that hold values.
const AROUND: usize = 5;

/// Characters of a line that are shown.
const LONGEST: usize = 4000;

/// The lines around boxes.
pub fn html(lines: &[String], boxes: &[Box]) -> String {
    // For each line the boxes over it, large ones first, as they come.
    let mut over: Vec<Vec<&Box>> = vec![Vec::new(); lines.len()];
    let mut shown = vec![false; lines.len()];
    for one in boxes {
        if let Place::Lines { line, end_line } = one.at {
            let first = (*line as usize).saturating_sub(1).min(lines.len());
            let end = (*end_line as usize).clamp(first, lines.len());
            over[first..end].iter_mut().for_each(|boxes| boxes.push(one));
            shown[first.saturating_sub(AROUND)..(end + AROUND).min(lines.len())].fill(true);
        }
    }
    let mut out = String::from("<div class=\"lines\">");
    let mut gap = false;
    for (i, line) in lines.iter().enumerate() {
        if !shown[i] {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push_str("<div class=\"gap\" aria-hidden=\"true\">⋯</div>");
        }
        let role = match &over[i] {
            boxes if boxes.iter().all(|shown| shown.is_card()) => " class=\"line\"",
            boxes if boxes.iter().all(|shown| shown.is_card() || shown.is_doubt()) => {
                " class=\"line box doubt\" role=\"button\" tabindex=\"0\""
            }
            _ => " class=\"line box\" role=\"button\" tabindex=\"0\"",
        };
        let values = match over[i].as_slice() {
            [] => String::new(),
            boxes => format!(" data-v=\"{}\"", numbers(boxes.iter().copied())),
        };
        let text: String = line.chars().take(LONGEST).collect();
        let more = if text.len() < line.len() { "…" } else { "" };
        let text = escaped(&text.replace('\t', " ⇥ "));
        out.push_str(&format!("<div{role}{values}><span class=\"n\">{}</span><bdi>{text}{more}</bdi></div>", i + 1));
    }
    out.push_str("</div>");
    out
}
