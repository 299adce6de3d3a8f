//! `keikaku vocabulary`: prints the words by which plans are understood.

use super::{Outcome, Verdict, load_vocabulary, print};
use crate::vocabulary::Vocabulary;
use clap::Args;
use std::path::PathBuf;

/// Print the words by which plans are understood, as TOML
#[derive(Args)]
#[command(after_help = "\
What is printed has the form of the files that --vocabulary reads: take the tables that you want to add to, with your \
own words in them.

Examples:
  keikaku vocabulary | less
  keikaku vocabulary --vocabulary my.toml   with your words added; an error names line and key")]
pub struct Arguments {
    /// Add the words of this file (repeatable)
    #[arg(long, value_name = "FILE")]
    vocabulary: Vec<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let vocabulary = Vocabulary::with_files(&load_vocabulary(&arguments.vocabulary)?)?;
    print(&toml::to_string_pretty(&vocabulary.words)?)?;
    Ok(Verdict::Well)
}
