//! The integration tests: the built program and the stages together, one module a feature.

mod acceptance;
mod bad_input;
mod changes;
mod check;
mod cli;
mod corrections;
mod determinism;
mod diff;
mod export;
mod export_tables;
mod golden;
mod incremental;
mod ingest;
mod inspect;
mod interrupted;
mod pdf_bombs;
mod pdf_damage;
mod pdf_features;
mod pdf_tables;
mod pdf_typesetting;
mod program;
mod regression;
mod report;
mod schema;
mod twins;
mod validate;
