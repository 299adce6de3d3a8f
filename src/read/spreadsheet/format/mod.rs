//! Number formats: what a cell shows, from its value and its format code.
//!
//! The codes are those of ECMA-376 part 1, 18.8.31, with the Japanese era, weekday and numeral codes of Excel. A
//! code is parsed once, where its style is read, and applied to every cell of the style. The locale is Japanese:
//! `e` is the year of the era, `m/d/yyyy` of the built-in codes is `yyyy/m/d`.

mod builtin;
mod date;
mod general;
mod number;
mod numerals;
mod parse;

pub(super) use builtin::builtin;
pub(super) use date::{DateSystem, serial_of_iso};
pub(super) use general::general;

use parse::{Condition, Kind, Section};

/// A parsed format code.
#[derive(Debug, Clone, Default)]
pub(super) struct NumberFormat {
    /// One to four; empty for General.
    sections: Vec<Section>,
}

impl NumberFormat {
    /// Parses a format code. Total: what is not understood is shown literally.
    pub fn parse(code: &str) -> Self {
        // A space at the end may be escaped (`\ `); what is shown is trimmed.
        let code = code.trim_start();
        if code.is_empty() || code.eq_ignore_ascii_case("general") || code == "@" {
            return NumberFormat::default();
        }
        NumberFormat { sections: parse::sections(code) }
    }

    /// Appends what is shown of a number.
    pub fn number(&self, value: f64, dates: DateSystem, out: &mut String) {
        let Some((section, shown)) = self.section(value) else {
            return general(value, out);
        };
        match section.kind {
            Kind::Date if dates.shows(shown) => date::show(section, shown, dates, out),
            // Excel fills the cell with #; the number itself says more.
            Kind::Date | Kind::General => section.around(out, |out| general(shown, out)),
            Kind::Number | Kind::Exponent | Kind::Fraction => number::show(section, shown, out),
            Kind::Literal => section.around(out, |_| ()),
        }
    }

    /// Appends what is shown of a text.
    pub fn text(&self, text: &str, out: &mut String) {
        let section = match self.sections.as_slice() {
            [_, _, _, section, ..] => Some(section),
            sections => sections.last().filter(|section| section.has_text()),
        };
        match section {
            Some(section) => section.around(out, |out| out.push_str(text)),
            None => out.push_str(text),
        }
    }

    /// Whether texts are shown as they are.
    pub fn keeps_text(&self) -> bool {
        self.sections.len() < 4 && !self.sections.last().is_some_and(Section::has_text)
    }

    /// The section for a number, and the number as it shows it: a section that stands for negative numbers only
    /// says so itself (a sign, parentheses, △), so the minus is dropped.
    fn section(&self, value: f64) -> Option<(&Section, f64)> {
        let numeric = self.sections.len().min(3);
        let sections = &self.sections[..numeric];
        let (first, rest) = sections.split_first()?;
        let conditional = sections.iter().any(|section| section.condition.is_some());
        if !conditional {
            return Some(match rest {
                [] => (first, value),
                [negative] | [negative, _] if value < 0.0 => (negative, -value),
                [_, zero] if value == 0.0 => (zero, value),
                _ => (first, value),
            });
        }
        let mut last = first;
        for (i, section) in sections.iter().enumerate() {
            last = section;
            let condition = section.condition.or(match i {
                0 if sections.len() > 1 => Some(Condition::ABOVE_ZERO),
                1 if sections.len() > 2 => Some(Condition::BELOW_ZERO),
                _ => None,
            });
            match condition {
                Some(condition) if condition.holds(value) => {
                    return Some((section, if condition.is_negative() { -value } else { value }));
                }
                Some(_) => {}
                None => break,
            }
        }
        let rest_is_negative = sections.len() == 2 && first.condition.is_some_and(Condition::covers_all_but_negative);
        Some((last, if rest_is_negative { -value } else { value }))
    }
}

#[cfg(test)]
mod tests;
