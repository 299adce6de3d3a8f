//! The tables that records become, as data: names, columns, types, keys, and what each means.
//!
//! Every format of tables (SQLite, SQL, CSV, Parquet) is made from this one description; [`super::rows`] fills it.
//! Nothing of a record is left out: from the rows the records can be put together again.

/// A table.
#[derive(Debug)]
pub struct Table {
    pub name: &'static str,
    /// What one row is.
    pub doc: &'static str,
    /// The columns in groups, so that tables share what they have in common.
    groups: &'static [&'static [Column]],
    /// The primary key.
    pub key: &'static [&'static str],
    /// Columns that databases index, each alone; columns that refer to another table are indexed besides.
    pub indexed: &'static [&'static str],
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub holds: Type,
    pub nullable: bool,
    /// The table whose `id` it holds.
    pub references: Option<&'static str>,
    /// What a value is.
    pub doc: &'static str,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// 64 bits.
    Integer,
    /// A binary float of 64 bits.
    Real,
    Boolean,
    Text,
}

impl Column {
    const fn new(name: &'static str, holds: Type, doc: &'static str) -> Self {
        Column { name, holds, nullable: false, references: None, doc }
    }

    const fn or_null(mut self) -> Self {
        self.nullable = true;
        self
    }

    const fn of(mut self, table: &'static str) -> Self {
        self.references = Some(table);
        self
    }
}

impl Table {
    pub fn columns(&self) -> impl Iterator<Item = &'static Column> + use<> {
        self.groups.iter().flat_map(|group| group.iter())
    }

    /// The columns that databases index, in the order of the table.
    pub fn indexes(&self) -> impl Iterator<Item = &'static Column> {
        let begins_key = |column: &Column| self.key.first() == Some(&column.name);
        self.columns().filter(move |column| {
            !begins_key(column) && (column.references.is_some() || self.indexed.contains(&column.name))
        })
    }
}

macro_rules! tables {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal [$($key:literal),+] [$($indexed:literal),*] $groups:expr;)+) => {
        /// A table by its name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Of {
            $($(#[doc = $doc])+ $variant,)+
        }

        /// Every table, in an order in which none refers to a later one.
        pub static TABLES: &[Table] = &[$(Table {
            name: $name,
            doc: concat!($($doc),+),
            groups: $groups,
            key: &[$($key),+],
            indexed: &[$($indexed),*],
        },)+];
    };
}

impl Of {
    /// Its place in [`TABLES`].
    pub fn index(self) -> usize {
        self as usize
    }
}

use Type::{Boolean, Integer, Real, Text};

const ID: Column = Column::new("id", Integer, "Number of the row in this export.");
const PLAN: Column = Column::new("plan_id", Integer, "The plan.").of("plans");
const MEASURE: Column = Column::new("measure_id", Integer, "The measure.").of("measures");
const POSITION: Column = Column::new("position", Integer, "Place in the list, from 1.");
const PLACE: Column = Column::new("place_id", Integer, "Where it stands in the source.").of("places");
const YEAR: Column =
    Column::new("fiscal_year", Integer, "Fiscal year (2023 is April 2023 to March 2024); null where none is stated.")
        .or_null();
const START: Column = Column::new("start_month", Text, "First month, YYYY-MM.").or_null();
const END: Column = Column::new("end_month", Text, "Last month, YYYY-MM, inclusive; null where it is open.").or_null();
const OWNER: &[Column] = &[
    Column::new("name", Text, "Department or body, without 'and others'."),
    Column::new("role", Text, "lead or related."),
    Column::new("others", Boolean, "Whether 'and others' stands behind the name."),
    PLACE,
];

/// A figure, or a word that stands for one.
const VALUE: &[Column] = &[
    Column::new("value_raw", Text, "The source's own characters."),
    Column::new(
        "value_kind",
        Text,
        "number, ratio, change, range, milestone (words), deferred (promised for later), pending (not known yet), none (a dash).",
    ),
    Column::new("value_number", Real, "The figure; of a ratio, its part.").or_null(),
    Column::new("value_whole", Real, "The whole of a ratio.").or_null(),
    Column::new("value_from", Real, "Of a change, the figure before.").or_null(),
    Column::new("value_to", Real, "Of a change, the figure after.").or_null(),
    Column::new("value_min", Real, "Of a range, its lower end.").or_null(),
    Column::new("value_max", Real, "Of a range, its upper end.").or_null(),
    Column::new("value_unit", Text, "As printed.").or_null(),
    Column::new("value_comparator", Text, "ge, le, gt, lt, approx, eq; null means eq.").or_null(),
    Column::new("value_base_number", Real, "The figure without the unit's scale: of 1,000 thousand yen, 1000000.")
        .or_null(),
    Column::new("value_base_unit", Text, "The unit without its scale.").or_null(),
    Column::new("value_corrected", Boolean, "Whether a person corrected it; table corrections has what was extracted."),
];

tables! {
    /// One plan: a record and the document it was read from.
    Plans "plans" ["id"] ["publisher"] &[&[
        ID,
        Column::new("path", Text, "Path of the source below the ingested folder; unique."),
        Column::new("schema_version", Text, "Version of the contract of records."),
        Column::new("title", Text, "Without status and version; empty where the document names none."),
        Column::new("publisher", Text, "The authority.").or_null(),
        Column::new("status", Text, "draft, proposal, final, unknown."),
        Column::new("version", Text, "As printed.").or_null(),
        Column::new("published", Text, "ISO 8601 at the precision printed.").or_null(),
        Column::new("revised", Text, "ISO 8601 at the precision printed.").or_null(),
        START,
        END,
        Column::new("format", Text, "The source's format: text, pdf, xlsx …"),
        Column::new("bytes", Integer, "Size of the source."),
        Column::new("sha256", Text, "Of the source; empty where it could not be read."),
        Column::new("pages", Integer, "Pages or sheets of the source."),
        Column::new("extractor_version", Text, "Version of the program that read it."),
    ]];
    /// A place in a source: a box on a PDF page, a range of cells, or lines of a text. One of the three is filled.
    Places "places" ["id"] [] &[&[
        ID,
        PLAN,
        Column::new("page", Integer, "PDF page, from 1.").or_null(),
        Column::new("x0", Real, "Left edge in points from the left of the page as shown.").or_null(),
        Column::new("y0", Real, "Upper edge in points from the top.").or_null(),
        Column::new("x1", Real, "Right edge.").or_null(),
        Column::new("y1", Real, "Lower edge.").or_null(),
        Column::new("sheet", Text, "Name of the sheet.").or_null(),
        Column::new("cells", Text, "Range of cells: B4 or B4:F9.").or_null(),
        Column::new("line", Integer, "First line, from 1.").or_null(),
        Column::new("end_line", Integer, "Last line, inclusive.").or_null(),
    ]];
    /// Where a field of a plan's header stands; fields that no one place states have no row.
    HeaderPlaces "header_places" ["plan_id", "field"] [] &[&[
        PLAN,
        Column::new("field", Text, "title, publisher, status, version, published, revised, period."),
        PLACE,
    ]];
    /// A policy above the measures.
    Policies "policies" ["id"] [] &[&[
        ID,
        PLAN,
        POSITION,
        Column::new("number", Text, "Folded to ASCII.").or_null(),
        Column::new("level", Text, "The printed word.").or_null(),
        Column::new("title", Text, "Without level and number."),
        Column::new("parent_number", Text, "Number of the policy above.").or_null(),
        Column::new("parent_id", Integer, "That policy, where one alone has the number.").or_null().of("policies"),
        PLACE,
    ]];
    /// A measure.
    Measures "measures" ["id"] ["key", "name"] &[&[
        ID,
        PLAN,
        POSITION,
        Column::new("key", Text, "The measure's id in its record: unique in the plan, and the same over revisions."),
        Column::new("number", Text, "As printed, folded to ASCII.").or_null(),
        Column::new("name", Text, "Without the number."),
        START,
        END,
        PLACE,
    ]];
    /// A policy that a measure stands under, root first.
    MeasurePolicies "measure_policies" ["measure_id", "position"] [] &[&[
        MEASURE,
        POSITION,
        Column::new("title", Text, "The policy's title."),
        Column::new("policy_id", Integer, "The policy, where one alone has the title.").or_null().of("policies"),
    ]];
    /// A box that is ticked or a mark that a measure carries.
    Categories "categories" ["measure_id", "position"] ["name"] &[&[
        MEASURE,
        POSITION,
        Column::new("name", Text, "As printed."),
    ]];
    /// A department or body that carries a measure.
    Owners "owners" ["id"] ["name"] &[&[ID, MEASURE, POSITION], OWNER];
    /// A text of a measure.
    Sections "sections" ["id"] [] &[&[
        ID,
        MEASURE,
        POSITION,
        Column::new("kind", Text, "vision, current_state, issues, state_and_issues, overview, content, effects, related_plans, other."),
        Column::new("heading", Text, "As printed."),
        Column::new("text", Text, "The whole text."),
        PLACE,
    ]];
    /// A bullet of a section.
    SectionItems "section_items" ["section_id", "position"] [] &[&[
        Column::new("section_id", Integer, "The section.").of("sections"),
        POSITION,
        Column::new("text", Text, "Without its mark."),
    ]];
    /// What is put in and put out in one year. The value columns are its output; without one their raw text is null.
    Activities "activities" ["id"] ["fiscal_year"] &[&[
        ID,
        MEASURE,
        POSITION,
        YEAR,
        Column::new("text", Text, "What is done, without its ordinal."),
        PLACE,
    ], OPTIONAL_VALUE];
    /// An amount of money for one year.
    Budgets "budgets" ["id"] ["fiscal_year"] &[&[
        ID,
        MEASURE,
        POSITION,
        YEAR,
        Column::new("kind", Text, "As printed."),
        PLACE,
    ], VALUE];
    /// A part of a budget by where it comes from.
    Funding "funding" ["id"] [] &[&[
        ID,
        Column::new("budget_id", Integer, "The budget.").of("budgets"),
        POSITION,
        Column::new("source", Text, "As printed."),
    ], VALUE];
    /// Something to be done in a span of time.
    Schedule "schedule" ["id"] [] &[&[
        ID,
        MEASURE,
        POSITION,
        Column::new("label", Text, "Ordinal, or the sub-item the row belongs to.").or_null(),
        Column::new("text", Text, "What is done."),
        START,
        END,
        Column::new("basis", Text, "How the span is known: merged, arrow, text, cell, none."),
        PLACE,
    ]];
    /// Who does an item of a schedule, where the row or a legend names them.
    ScheduleOwners "schedule_owners" ["id"] ["name"] &[&[
        ID,
        Column::new("schedule_id", Integer, "The item.").of("schedule"),
        POSITION,
    ], OWNER];
    /// A key performance indicator, of a measure or of a policy.
    Kpis "kpis" ["id"] ["name"] &[&[
        ID,
        PLAN,
        Column::new("measure_id", Integer, "The measure; null for a policy's.").or_null().of("measures"),
        Column::new("policy_id", Integer, "The policy; null for a measure's.").or_null().of("policies"),
        POSITION,
        Column::new("label", Text, "As printed.").or_null(),
        Column::new("name", Text, "Without a trailing note."),
        Column::new("type", Text, "activity, outcome.").or_null(),
        Column::new("unit", Text, "The unit that all its figures share.").or_null(),
        PLACE,
    ]];
    /// A note of an indicator.
    KpiNotes "kpi_notes" ["kpi_id", "position"] [] &[&[
        Column::new("kpi_id", Integer, "The indicator.").of("kpis"),
        POSITION,
        Column::new("text", Text, "The note."),
    ]];
    /// A figure of an indicator: where it starts from, what it is to reach, or what it reached.
    Targets "targets" ["id"] ["fiscal_year"] &[&[
        ID,
        Column::new("kpi_id", Integer, "The indicator.").of("kpis"),
        Column::new("kind", Text, "baseline, target, actual."),
        POSITION,
        YEAR,
        Column::new("as_of", Text, "Date of a baseline, ISO 8601 at the precision printed.").or_null(),
        Column::new("indicator", Text, "Where each year has an indicator of its own, that one.").or_null(),
        PLACE,
    ], VALUE];
    /// A further figure of the same cell, beside the value of one other row.
    FurtherFigures "further_figures" ["id"] [] &[&[
        ID,
        Column::new("activity_id", Integer, "Beside the output of this activity.").or_null().of("activities"),
        Column::new("budget_id", Integer, "Beside this budget.").or_null().of("budgets"),
        Column::new("funding_id", Integer, "Beside this part of a budget.").or_null().of("funding"),
        Column::new("target_id", Integer, "Beside this figure of an indicator.").or_null().of("targets"),
        Column::new("part_of", Integer, "Beside this further figure.").or_null().of("further_figures"),
        POSITION,
    ], VALUE];
    /// A term of a plan's glossary.
    Glossary "glossary" ["id"] ["term"] &[&[
        ID,
        PLAN,
        POSITION,
        Column::new("term", Text, "The term."),
        Column::new("reading", Text, "How it is read.").or_null(),
        Column::new("definition", Text, "What it means."),
        PLACE,
    ]];
    /// Something of a record that a person corrected: the other tables hold what the person said.
    Corrections "corrections" ["id"] [] &[&[
        ID,
        PLAN,
        POSITION,
        Column::new("field", Text, "JSON pointer of it in the record."),
        Column::new("was", Text, "What was extracted, as JSON; null where nothing was."),
        Column::new("removed", Boolean, "Whether it was taken out of its list."),
        Column::new("who", Text, "Who corrected it."),
        Column::new("day", Text, "The day, ISO 8601."),
        Column::new("why", Text, "Why.").or_null(),
    ]];
    /// What a person should know about a plan's record.
    Diagnostics "diagnostics" ["id"] ["code"] &[&[
        ID,
        PLAN,
        POSITION,
        Column::new("code", Text, "From the closed list of codes."),
        Column::new("severity", Text, "info, warning, error."),
        Column::new("message", Text, "One sentence."),
        Column::new("field", Text, "JSON pointer of the record's field it concerns.").or_null(),
        Column::new("place_id", Integer, "Where in the source; null where it concerns the whole.").or_null().of("places"),
    ]];
}

/// [`VALUE`] where there may be none.
const OPTIONAL_VALUE: &[Column] = &{
    let mut columns = [VALUE[0]; VALUE.len()];
    let mut i = 0;
    while i < VALUE.len() {
        columns[i] = VALUE[i].or_null();
        i += 1;
    }
    columns
};

/// A question that is often asked, as a SELECT over the tables in SQL that SQLite and PostgreSQL understand.
#[derive(Debug)]
pub struct View {
    pub name: &'static str,
    /// What one row is.
    pub doc: &'static str,
    pub select: &'static str,
}

pub const VIEWS: &[View] = &[
    View {
        name: "targets_by_year",
        doc: "A target with its year, indicator, measure or policy, plan and place: ask WHERE fiscal_year = 2027.",
        select: "\
SELECT t.fiscal_year, p.publisher, p.title AS plan, m.number AS measure_number, m.name AS measure, o.title AS policy,
    k.name AS kpi, t.indicator, t.value_raw, t.value_kind, t.value_comparator, t.value_number,
    coalesce(t.value_unit, k.unit) AS unit, p.path, l.page, l.sheet, l.cells, l.line
FROM targets t
JOIN kpis k ON k.id = t.kpi_id
JOIN plans p ON p.id = k.plan_id
JOIN places l ON l.id = t.place_id
LEFT JOIN measures m ON m.id = k.measure_id
LEFT JOIN policies o ON o.id = k.policy_id
WHERE t.kind = 'target'",
    },
    View {
        name: "measures_by_department",
        doc: "A measure with one of its departments: ask WHERE department = '…' AND role = 'lead'.",
        select: "\
SELECT w.name AS department, w.role, p.publisher, p.title AS plan, m.number, m.name AS measure, m.start_month,
    m.end_month, p.path, l.page, l.sheet, l.cells, l.line
FROM owners w
JOIN measures m ON m.id = w.measure_id
JOIN plans p ON p.id = m.plan_id
JOIN places l ON l.id = w.place_id",
    },
    View {
        name: "budgets_by_year",
        doc: "An amount of money with its measure and plan; `amount` is without the unit's scale where that is known.",
        select: "\
SELECT b.fiscal_year, p.publisher, p.title AS plan, m.number AS measure_number, m.name AS measure, b.kind,
    b.value_raw, coalesce(b.value_base_number, b.value_number) AS amount,
    coalesce(b.value_base_unit, b.value_unit) AS unit, p.path, l.page, l.sheet, l.cells, l.line
FROM budgets b
JOIN measures m ON m.id = b.measure_id
JOIN plans p ON p.id = m.plan_id
JOIN places l ON l.id = b.place_id",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn tables_refer_to_what_is_before_them() {
        let mut before = HashSet::new();
        for table in TABLES {
            assert!(before.insert(table.name), "{} twice", table.name);
            for column in table.columns() {
                assert!(column.references.is_none_or(|other| before.contains(other)), "{}.{}", table.name, column.name);
            }
            let names: HashSet<_> = table.columns().map(|column| column.name).collect();
            assert_eq!(names.len(), table.columns().count(), "{}", table.name);
            assert!(table.key.iter().chain(table.indexed).all(|name| names.contains(name)), "{}", table.name);
        }
        assert_eq!(TABLES[Of::Diagnostics.index()].name, "diagnostics");
    }
}
