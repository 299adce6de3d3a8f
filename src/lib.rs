//! keikaku (計画, plan): reads the plans that Japanese authorities publish and writes what is in them as records.
//!
//! ```text
//! discover -> read -> normalise -> extract -> correct -> validate -> write
//! ```
//!
//! - [`read`] turns bytes into one [`document::Document`], whatever the format. It knows nothing of plans.
//! - [`normalise`] fills the normalised text beside the raw text, and holds the pure parsers of characters, years,
//!   periods, numbers and values, which extraction calls.
//! - [`extract`] finds the plan in the document. It knows nothing of formats.
//! - [`correct`] puts in what people said of a record, where the source still says what they corrected.
//! - [`validate`] checks the record against the schema and against itself. It reports, never repairs.
//! - [`mod@compare`] says what changed between two records of one plan, and carries ids of measures over.
//! - [`mod@write`] makes bytes and puts them in place whole; it shows changes to people,
//!   and values beside their sources ([`write::report`]).
//!
//! [`process::process`] is the sum of read, normalise, extract, correct and validate: pure and total. Broken input gives
//! diagnostics, never a panic or an `Err`. Only [`batch`] and [`mod@write`] do I/O; only [`cli`] talks to people.
//!
//! Who may name whom (`tests/tidy.rs` holds it): `main → cli → batch → process → stages → {record, diagnostic,
//! vocabulary} → document`. Stages never name each other, with two exceptions: the parsers of [`normalise`]
//! are below [`extract`], [`correct`], [`validate`] and [`mod@compare`], and [`mod@write`] shows what [`mod@compare`] finds. `read` sees neither vocabulary nor record.

pub mod document;

pub mod diagnostic;
pub mod record;
pub mod vocabulary;

pub mod compare;
pub mod correct;
pub mod extract;
pub mod normalise;
pub mod read;
pub mod validate;
pub mod write;

pub mod process;

pub mod batch;
pub mod cli;
