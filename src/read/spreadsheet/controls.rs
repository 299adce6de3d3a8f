//! Check boxes and option buttons that are form controls, as the legacy drawing (`xl/drawings/vmlDrawing*.vml`;
//! ECMA-376 part 4, 19.4) keeps them: place, label and state in one.

use super::package::Package;
use super::sheet::Sheet;
use super::xml::{self, Node};

/// EMU a pixel: offsets in anchors are pixels.
const PIXEL: i64 = 9525;

/// Adds the ticks of a VML part to a sheet whose rows and columns are known.
pub(super) fn read(package: &mut Package<'_>, part: &str, sheet: &mut Sheet) {
    let Some(mut part) = package.xml(part) else { return };
    let root = xml::tree(&mut part);
    let Some(drawing) = root.children.first() else { return };
    for shape in drawing.children.iter().filter(|child| child.name == "shape") {
        check(shape, sheet);
    }
}

fn check(shape: &Node, sheet: &mut Sheet) -> Option<()> {
    let data = shape.child("ClientData")?;
    if !matches!(data.attribute("ObjectType"), Some("Checkbox" | "Radio")) {
        return None;
    }
    let anchor: Vec<i64> = data.child("Anchor")?.text.split(',').filter_map(|part| part.trim().parse().ok()).collect();
    let &[column, x, row, y, _, _, end_row, end_y] = anchor.as_slice() else { return None };
    let at = |position: i64| u32::try_from(position).ok();
    let left = sheet.columns.start(at(column)?).saturating_add(x.saturating_mul(PIXEL));
    let top = sheet.rows.start(at(row)?).saturating_add(y.saturating_mul(PIXEL));
    let bottom = sheet.rows.start(at(end_row)?).saturating_add(end_y.saturating_mul(PIXEL));
    let is_checked = data.child("Checked").is_some_and(|checked| checked.text.trim() == "1");
    let mut label = String::new();
    shape.child("textbox")?.collect_text(&mut label);
    sheet.check(left, top, bottom, is_checked, &label);
    Some(())
}
