//! `keikaku completions`: prints a script that completes this command line in a shell.

use super::{Cli, Outcome, Verdict, print};
use clap::{Args, CommandFactory};
use clap_complete::Shell;

/// Print a script that completes keikaku's commands in a shell
#[derive(Args)]
#[command(after_help = "\
Examples:
  keikaku completions bash > ~/.local/share/bash-completion/completions/keikaku
  keikaku completions powershell >> $PROFILE")]
pub struct Arguments {
    shell: Shell,
}

pub fn run(arguments: &Arguments) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "keikaku", &mut script);
    print(&String::from_utf8(script)?)?;
    Ok(Verdict::Well)
}
