//! `keikaku report`: the review site of an output.

use super::{Outcome, Verdict, complain, print};
use crate::batch::Limits;
use crate::batch::review::{self, Options};
use crate::write::plain::one_line;
use crate::write::report::Absence;
use clap::Args;
use std::path::PathBuf;

/// Write pages on which a person checks every value beside its source
#[derive(Args)]
#[command(after_help = "\
The site is static: open SITE/index.html in a browser, from a folder or from any server. It has an overview of all \
plans to sort, filter and search, and for each plan its measures with schedules and indicators as charts, and beside \
them the source: the pages of a PDF as pictures, a sheet as a grid, a text as lines. Choosing a value shows where it \
stands, choosing a place shows its value, and the command that corrects it.

The sources are looked for where the last ingest into OUT found them, or where --sources says. A source that is not \
there, or is another by now, is said so; its values are shown without it.

SITE is put in place whole. A site that lies there is replaced; a folder that holds anything else is left alone.

Examples:
  keikaku report output -o site
  keikaku report output -o site --sources /srv/plans

Exit codes: 0 all well, 2 there is no site.")]
pub struct Arguments {
    /// The output folder of an ingest
    output: PathBuf,
    /// Folder for the site
    #[arg(short = 'o', long = "output", value_name = "SITE")]
    site: PathBuf,
    /// Folder or file that was ingested (repeatable) [default: where the last ingest found its sources]
    #[arg(long, value_name = "PATH")]
    sources: Vec<PathBuf>,
    /// Documents to process at a time [default: the number of processors]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Print nothing
    #[arg(short, long)]
    quiet: bool,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let options = Options {
        output: arguments.output.clone(),
        site: arguments.site.clone(),
        sources: arguments.sources.clone(),
        jobs: arguments.jobs.map_or_else(|| std::thread::available_parallelism().map_or(1, usize::from), usize::from),
        limits: Limits::default(),
    };
    let site = review::site(&options, &|_| {})?;
    if arguments.quiet {
        return Ok(Verdict::Well);
    }
    for (path, absence) in &site.absent {
        let why = match absence {
            Absence::Missing => "the source was not found",
            Absence::Changed => "the source is no longer the one that was read",
            Absence::Failed(why) => why,
        };
        complain(&one_line(&format!("{path}: shown without its source: {why}")));
    }
    print(&format!("{} plans in {}\n", site.plans, arguments.site.join("index.html").display()))?;
    Ok(Verdict::Well)
}
