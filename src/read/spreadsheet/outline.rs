//! The preset shapes of office programs, and what each is to the eye.

use super::sheet::ShapeKind;

/// What a shape's geometry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outline {
    /// An arrow along the lines of text.
    Arrow,
    /// One that points up or down.
    UprightArrow,
    Chevron,
    Line,
    Callout,
    Box,
}

impl Outline {
    /// What the eye takes a shape for, as it is turned; none for an arrow that points up or down.
    pub fn kind(self, upright: bool, has_head: bool) -> Option<ShapeKind> {
        match self {
            Outline::Arrow if !upright => Some(ShapeKind::Arrow),
            Outline::UprightArrow if upright => Some(ShapeKind::Arrow),
            Outline::Chevron if !upright => Some(ShapeKind::Chevron),
            Outline::Arrow | Outline::UprightArrow | Outline::Chevron => None,
            Outline::Line if has_head => Some(ShapeKind::Arrow),
            Outline::Line => Some(ShapeKind::Line),
            Outline::Callout => Some(ShapeKind::Callout),
            Outline::Box => Some(ShapeKind::Bar),
        }
    }
}

/// The outline of a preset: a name of DrawingML (`homePlate`, ECMA-376 part 1, 20.1.10.56), of ODF (`pentagon-right`,
/// `ooxml-homePlate`), or `mso-spt` and a number of the binary formats.
pub(super) fn outline(preset: &str) -> Outline {
    if let Some(number) = preset.strip_prefix("mso-spt") {
        return number.parse().map_or(Outline::Box, numbered);
    }
    match preset.strip_prefix("ooxml-").unwrap_or(preset) {
        "rightArrow"
        | "leftArrow"
        | "leftRightArrow"
        | "homePlate"
        | "notchedRightArrow"
        | "stripedRightArrow"
        | "rightArrowCallout"
        | "leftArrowCallout"
        | "leftRightArrowCallout"
        | "curvedRightArrow"
        | "curvedLeftArrow"
        | "bentArrow"
        | "swooshArrow"
        | "right-arrow"
        | "left-arrow"
        | "left-right-arrow"
        | "pentagon-right"
        | "notched-right-arrow"
        | "striped-right-arrow"
        | "right-arrow-callout"
        | "left-arrow-callout"
        | "left-right-arrow-callout" => Outline::Arrow,
        "upArrow"
        | "downArrow"
        | "upDownArrow"
        | "upArrowCallout"
        | "downArrowCallout"
        | "upDownArrowCallout"
        | "curvedUpArrow"
        | "curvedDownArrow"
        | "bentUpArrow"
        | "uturnArrow"
        | "circularArrow"
        | "quadArrow"
        | "leftUpArrow"
        | "leftRightUpArrow"
        | "up-arrow"
        | "down-arrow"
        | "up-down-arrow"
        | "up-arrow-callout"
        | "down-arrow-callout"
        | "up-down-arrow-callout"
        | "quad-arrow"
        | "circular-arrow" => Outline::UprightArrow,
        "chevron" => Outline::Chevron,
        "line" | "lineInv" => Outline::Line,
        name if name.contains("onnector") => Outline::Line,
        name if name.contains("allout") => Outline::Callout,
        _ => Outline::Box,
    }
}

/// The outline of a shape type of the binary formats ([MS-ODRAW] 2.4.24).
pub(super) fn numbered(kind: u16) -> Outline {
    match kind {
        13 | 15 | 66 | 69 | 77 | 78 | 81 | 91 | 93 | 94 | 102 | 103 => Outline::Arrow,
        67 | 68 | 70 | 76 | 79 | 80 | 82 | 83 | 89 | 90 | 99 | 101 | 104 | 105 | 182 => Outline::UprightArrow,
        55 => Outline::Chevron,
        20 | 32..=40 => Outline::Line,
        41..=52 | 61..=63 | 106 | 178..=181 => Outline::Callout,
        _ => Outline::Box,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_of_all_formats() {
        for (preset, expected) in [
            ("homePlate", Outline::Arrow),
            ("ooxml-homePlate", Outline::Arrow),
            ("mso-spt15", Outline::Arrow),
            ("straightConnector1", Outline::Line),
            ("mso-spt32", Outline::Line),
            ("chevron", Outline::Chevron),
            ("wedgeRectCallout", Outline::Callout),
            ("down-arrow", Outline::UprightArrow),
            ("roundRect", Outline::Box),
            ("", Outline::Box),
        ] {
            assert_eq!(outline(preset), expected, "{preset}");
        }
        assert_eq!(Outline::Arrow.kind(true, false), None);
        assert_eq!(Outline::UprightArrow.kind(true, false), Some(ShapeKind::Arrow));
    }
}
