//! Pages of a PDF as pictures, boxes drawn over them.

use super::{Box, numbers};
use crate::document::Place;
use crate::write::report::labels::both;
use crate::write::report::picture::{Picture, Png, Size};
use std::collections::BTreeMap;

/// The pages that hold boxes.
pub fn html(pictures: &BTreeMap<u32, Picture>, boxes: &[Box]) -> String {
    let mut by_page: BTreeMap<u32, Vec<(&[f32; 4], &Box)>> = BTreeMap::new();
    for shown in boxes {
        if let Place::Page { page, bbox } = shown.at {
            by_page.entry(*page).or_default().push((bbox, shown));
        }
    }
    let mut out = String::new();
    for (number, boxes) in by_page {
        let heading = both(&format!("{number}ページ"), &format!("Page {number}"));
        out.push_str(&format!("<figure class=\"page\" id=\"p{number}\"><figcaption>{heading}</figcaption>"));
        let Some(picture) = pictures.get(&number) else {
            out.push_str(&format!("<p class=\"absent\">{}</p></figure>", both("画像なし", "no picture")));
            continue;
        };
        let Size { width, height } = picture.size;
        if picture.png != Png::None {
            out.push_str(&format!(
                "<img src=\"p{number}.png\" loading=\"lazy\" decoding=\"async\" width=\"{}\" height=\"{}\" alt=\"\">",
                width.round(),
                height.round()
            ));
        } else {
            out.push_str(&format!(
                "<p class=\"absent\">{}</p>",
                both("画像を作成できません", "no picture could be made")
            ));
        }
        out.push_str(&format!("<svg viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"none\">"));
        for ([x0, y0, x1, y1], shown) in boxes {
            let (class, role) = if shown.is_card() {
                ("card-box", "aria-hidden=\"true\"")
            } else if shown.is_doubt() {
                ("box doubt", "role=\"button\" tabindex=\"0\"")
            } else {
                ("box", "role=\"button\" tabindex=\"0\"")
            };
            out.push_str(&format!(
                "<rect class=\"{class}\" {role} x=\"{x0}\" y=\"{y0}\" width=\"{}\" height=\"{}\" data-v=\"{}\" \
                 aria-label=\"{}\"/>",
                (x1 - x0).max(1.0),
                (y1 - y0).max(1.0),
                numbers([shown].into_iter()),
                shown.label()
            ));
        }
        out.push_str("</svg></figure>");
    }
    out
}
