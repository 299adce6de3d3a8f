//! Office Open XML workbooks: `.xlsx`, `.xlsm` and, by [`super::xlsb`], the sheets of `.xlsb`.
//!
//! Each part is read once, as a stream: values, style ids, hidden rows and merges of a sheet stand in the same part,
//! so a general reader of cell values, with its own second and third pass, would not do.

mod cells;
mod strings;
mod styles;
mod theme;

pub(super) use theme::{Theme, read as theme};

use super::format::DateSystem;
use super::package::Package;
use super::sheet::{Room, Sheet, Workbook};
use super::xml;
use super::{controls, drawing};

/// What the sheets of a workbook share.
pub(super) struct Shared {
    pub strings: Vec<Box<str>>,
    pub dates: DateSystem,
    /// Width of a digit of the default font, in pixels: the unit of column widths.
    pub digit_width: f64,
    pub theme: theme::Theme,
}

/// Reads a workbook from its package.
pub(super) fn read(package: &mut Package<'_>) -> Workbook {
    let mut workbook = Workbook::default();
    let root = package.relationships("");
    let main = root
        .values()
        .find(|relationship| relationship.kind == "officeDocument" && package.contains(&relationship.target))
        .map_or_else(|| "xl/workbook.xml".to_owned(), |relationship| relationship.target.clone());
    let related = package.relationships(&main);
    let part_of = |kind: &str, fallback: &str| {
        related
            .values()
            .find(|relationship| relationship.kind == kind)
            .map_or(fallback.to_owned(), |it| it.target.clone())
    };
    let (entries, dates) = entries(package, &main, &mut workbook.damage);
    let theme = theme(package, &part_of("theme", "xl/theme/theme1.xml"));
    let (styles, digit_width) = styles::read(package, &part_of("styles", "xl/styles.xml"), &theme);
    workbook.styles = styles;
    let strings = strings::read(package, &part_of("sharedStrings", "xl/sharedStrings.xml"));
    let shared = Shared { strings, dates, digit_width, theme };
    let mut room = Room::default();
    for (number, entry) in entries.into_iter().enumerate() {
        let relationship = entry.id.as_ref().and_then(|id| related.get(id));
        if relationship.is_some_and(|relationship| !matches!(relationship.kind.as_str(), "worksheet" | "xlMacrosheet"))
        {
            continue; // A chart or dialog sheet has no cells.
        }
        let mut sheet = Sheet { name: entry.name, hidden: entry.hidden, ..Sheet::default() };
        if !sheet.hidden {
            let own = relationship.map(|relationship| relationship.target.clone());
            let own = own.filter(|part| package.contains(part) && *part != main);
            let guessed = own.is_none();
            let part = own.unwrap_or_else(|| format!("xl/worksheets/sheet{}.xml", number + 1));
            if guessed && package.contains(&part) {
                let message = format!("nothing says which part is sheet `{}`; `{part}` was read", sheet.name);
                workbook.damage.push(message);
            }
            match cells::read(package, &part, &mut sheet, &shared, &workbook.styles, &mut room) {
                cells::End::Whole => {}
                cells::End::Damaged => workbook.damage.push(format!("sheet `{}` is damaged", sheet.name)),
                cells::End::Missing => workbook.damage.push(format!("sheet `{}` has no part", sheet.name)),
            }
            drawings(package, &part, &mut sheet, &shared.theme);
        }
        workbook.sheets.push(sheet);
    }
    workbook.truncated = room.exceeded || package.exceeded();
    workbook
}

/// Reads what is drawn over a sheet.
pub(super) fn drawings(package: &mut Package<'_>, part: &str, sheet: &mut Sheet, theme: &Theme) {
    sheet.rows.settle();
    sheet.columns.settle();
    let mut related: Vec<_> = package.relationships(part).into_values().collect();
    related.sort_by(|a, b| a.target.cmp(&b.target));
    for relationship in &related {
        match relationship.kind.as_str() {
            "drawing" => drawing::read(package, &relationship.target, sheet, theme),
            "vmlDrawing" => controls::read(package, &relationship.target, sheet),
            _ => {}
        }
    }
}

/// A sheet as the workbook lists it.
struct Entry {
    name: String,
    id: Option<String>,
    hidden: bool,
}

fn entries(package: &mut Package<'_>, main: &str, damage: &mut Vec<String>) -> (Vec<Entry>, DateSystem) {
    let mut entries = Vec::new();
    let mut dates = DateSystem::From1900;
    match package.xml(main) {
        Some(mut part) => {
            let whole = xml::elements(&mut part, |element| match element.local_name().as_ref() {
                "workbookPr" if xml::switch(element, "date1904") == Some(true) => dates = DateSystem::From1904,
                "sheet" => entries.push(Entry {
                    name: xml::attribute(element, "name").unwrap_or_default(),
                    id: xml::attribute(element, "id"),
                    hidden: xml::attribute(element, "state").is_some_and(|state| state != "visible"),
                }),
                _ => {}
            });
            if !whole {
                damage.push("the workbook part is damaged".to_owned());
            }
        }
        None => damage.push("the workbook part is missing".to_owned()),
    }
    if entries.is_empty() {
        let parts = package.names_below("xl/worksheets/").into_iter().filter(|name| name.ends_with(".xml"));
        entries.extend(parts.enumerate().map(|(i, _)| Entry {
            name: format!("Sheet{}", i + 1),
            id: None,
            hidden: false,
        }));
    }
    (entries, dates)
}
