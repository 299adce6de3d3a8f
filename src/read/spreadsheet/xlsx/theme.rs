//! The theme's colours.

use crate::document::Colour;
use crate::read::spreadsheet::colour;
use crate::read::spreadsheet::package::Package;
use crate::read::spreadsheet::xml;

/// Light 1, dark 1, light 2, dark 2, six accents, hyperlink, followed hyperlink: the order of `theme="…"`.
pub(in super::super) struct Theme([Colour; 12]);

/// Names in the theme part, in the order of [`Theme`].
const NAMES: [&str; 12] =
    ["lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink"];

impl Default for Theme {
    fn default() -> Self {
        Theme(colour::OFFICE_THEME.map(colour::from_rgb))
    }
}

impl Theme {
    pub fn get(&self, index: usize) -> Option<Colour> {
        self.0.get(index).copied()
    }

    /// A colour by the name that DrawingML gives it: `accent1`, `tx1`, `bg2`.
    pub fn named(&self, name: &str) -> Option<Colour> {
        let name = match name {
            "bg1" => "lt1",
            "tx1" => "dk1",
            "bg2" => "lt2",
            "tx2" => "dk2",
            name => name,
        };
        self.get(NAMES.iter().position(|known| *known == name)?)
    }
}

/// Reads the theme part; Office's own where there is none.
pub(in super::super) fn read(package: &mut Package<'_>, part: &str) -> Theme {
    let mut theme = Theme::default();
    let Some(mut part) = package.xml(part) else { return theme };
    let mut slot = None;
    xml::elements(&mut part, |element| match element.local_name().as_ref() {
        // The first colour after the name is its own.
        "srgbClr" | "sysClr" => {
            if let Some(slot) = slot.take()
                && let Some(value) = xml::attribute(element, "lastClr").or_else(|| xml::attribute(element, "val"))
                && let Some(colour) = colour::hexadecimal(&value)
            {
                theme.0[slot] = colour;
            }
        }
        name => {
            if let Some(named) = NAMES.iter().position(|known| *known == name) {
                slot = Some(named);
            }
        }
    });
    theme
}
