//! What plans of one authority say differently, as text for people.

use super::model::place;
use super::plain::one_line;
use crate::compare::Content;
use crate::compare::across::{Authority, Finding, FindingKind, SharedKpi, Side};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Findings by authority, then what agrees, in lines that are safe to show.
pub fn text(authorities: &[Authority]) -> String {
    let mut out = String::new();
    for authority in authorities {
        authority_text(&mut out, authority).expect("a string takes all that is written to it");
    }
    if authorities.is_empty() {
        out.push_str("No authority has several plans with measures.\n");
    }
    out
}

fn authority_text(out: &mut String, authority: &Authority) -> std::fmt::Result {
    let Authority {
        name,
        plans,
        editions,
        shared_kpis,
        shared_measures,
        findings,
        lone_departments,
        too_many,
        pairs_left,
    } = authority;
    let pairs = plans.len() * plans.len().saturating_sub(1) / 2;
    if *editions == pairs {
        return writeln!(out, "{}: {} documents, all editions of one plan\n", one_line(name), plans.len());
    }
    writeln!(out, "{}: {} documents", one_line(name), plans.len())?;
    for plan in plans {
        let period = plan.period.as_deref().unwrap_or("period not stated");
        writeln!(out, "  {}  {} ({period})", one_line(&plan.path), one_line(&plan.title))?;
    }
    for finding in findings {
        finding_text(out, finding, shared_kpis)?;
    }
    let of = |agrees| shared_kpis.iter().filter(|shared| shared.agrees == agrees).count();
    let (agree, differ, open) = (of(Some(true)), of(Some(false)), of(None));
    writeln!(
        out,
        "  {} shared KPIs: {agree} agree, {differ} differ, {open} with no figure of the same year; {shared_measures} shared measures",
        shared_kpis.len()
    )?;
    for shared in shared_kpis.iter().filter(|shared| shared.agrees == Some(true)) {
        writeln!(out, "    agrees {}  {} = {}", mark(shared), side(&shared.first), side(&shared.second))?;
    }
    let mut lone: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for department in lone_departments {
        let path = department.path.as_str();
        let department = format!("{} ‹{}›", department.name, place(&department.at));
        lone.entry(path).or_default().push(one_line(&department));
    }
    for (path, names) in lone {
        writeln!(out, "  named by {} alone: {}", one_line(path), names.join("、"))?;
    }
    if *editions > 0 {
        writeln!(out, "  {editions} pairs are editions of one plan: compare them with keikaku diff")?;
    }
    if *too_many > 0 {
        writeln!(out, "  {too_many} comparisons were too large to look for names that are alike")?;
    }
    if *pairs_left > 0 {
        writeln!(out, "  pairs of plans were left out, at most {pairs_left}: there are too many")?;
    }
    out.push('\n');
    Ok(())
}

fn mark(shared: &SharedKpi) -> &'static str {
    if shared.same_name { " " } else { "≈" }
}

fn finding_text(out: &mut String, finding: &Finding, shared: &[SharedKpi]) -> std::fmt::Result {
    let is_of =
        |shared: &&SharedKpi| shared.first.name == finding.first.name && shared.second.name == finding.second.name;
    let is_kpi = matches!(finding.kind, FindingKind::TargetDiffers | FindingKind::BaselineDiffers);
    let alike = is_kpi && shared.iter().find(is_of).is_some_and(|shared| !shared.same_name);
    let year = finding.fiscal_year.map_or(String::new(), |year| format!(" FY{year}"));
    writeln!(out, "  {}{year}{}", finding.kind.name(), if alike { " ≈" } else { "" })?;
    writeln!(out, "    {}", side(&finding.first))?;
    writeln!(out, "    {}", side(&finding.second))
}

/// `name: what is said (what it belongs to)  ‹path, place›`
fn side(side: &Side) -> String {
    let content = match &side.content {
        None => String::new(),
        Some(Content::Text(text)) => format!(": {text}"),
        Some(Content::Value(value)) => format!(": {}", value.raw),
    };
    let of = side.of.as_deref().map_or(String::new(), |of| format!(" ({of})"));
    let at = side.at.as_ref().map_or(String::new(), |at| format!(", {}", place(at)));
    one_line(&format!("{}{content}{of}  ‹{}{at}›", side.name, side.path))
}
