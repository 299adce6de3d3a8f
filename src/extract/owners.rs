//! Owners: departments and bodies, with their roles.

use super::events::Entry;
use super::labels;
use crate::document::{Place, Text};
use crate::normalise::characters;
use crate::record::{Owner, Role};
use crate::vocabulary::{Label, Mark, Vocabulary};

/// The owners that an entry names.
pub(super) fn of_entry(entry: &Entry<'_>, vocabulary: &Vocabulary, out: &mut Vec<Owner>) {
    let role =
        if entry.name.is(Label::OwnerRelated) && !entry.name.is(Label::OwnerLead) { Role::Related } else { Role::Lead };
    let texts: Vec<String> = entry.values.iter().map(|piece| piece.text.joined().into_owned()).collect();
    let weighted =
        texts.iter().any(|t| t.contains('\u{25ce}')) && texts.iter().any(|t| t.contains(['\u{25cb}', '\u{25ef}']));
    for piece in &entry.values {
        let place = &piece.place;
        let single = piece.text.lines.iter().filter(|line| !line.text.trim().is_empty()).count() == 1;
        let mut role = role;
        for (line, own) in lines(&piece.text, vocabulary) {
            let place = if single { place } else { &own };
            // among sentences only what surely is a name
            let prose = vocabulary.marks(Mark::SentenceEnd).iter().any(|end| line.contains(end.as_str()));
            for name in split(&line, vocabulary).into_iter().filter(|name| !prose || are_names(name, vocabulary)) {
                add(&name, &mut role, weighted, place, vocabulary, out);
            }
        }
    }
}

/// The lines of a text that print something. A line that is only the last word of a name (a department's kind) was
/// parted from it by a narrow cell.
fn lines(text: &Text, vocabulary: &Vocabulary) -> Vec<(String, Place)> {
    let mut out: Vec<(String, Place)> = Vec::new();
    for line in text.lines.iter().filter(|line| !line.text.trim().is_empty()) {
        match out.last_mut() {
            Some((before, place)) if vocabulary.is_mark(Mark::Organisation, line.text.trim()) => {
                before.push_str(line.text.trim());
                *place = place.union(&line.place);
            }
            _ => out.push((line.text.to_string(), line.place.clone())),
        }
    }
    out
}

/// The owners that a text names, all of one role.
pub(super) fn of_text(text: &str, role: Role, place: &Place, vocabulary: &Vocabulary) -> Vec<Owner> {
    let mut out = Vec::new();
    let mut role = role;
    for name in text.lines().flat_map(|line| split(line, vocabulary)) {
        add(&name, &mut role, false, place, vocabulary, &mut out);
    }
    out
}

/// Whether a text is a list of departments and bodies and nothing else.
pub(super) fn are_names(text: &str, vocabulary: &Vocabulary) -> bool {
    let found = of_text(text, Role::Lead, &Place::default(), vocabulary);
    let whole = |name: &str| vocabulary.marks(Mark::Organisation).iter().any(|end| name.ends_with(end.as_str()));
    !found.is_empty() && found.iter().all(|owner| whole(&owner.name) && owner.name.chars().count() >= 2)
}

fn add(name: &str, role: &mut Role, weighted: bool, place: &Place, vocabulary: &Vocabulary, out: &mut Vec<Owner>) {
    let mut name = name.trim();
    let mut own_role = *role;
    // 実施:各事業課, 関係課:○○課
    if let Some((prefix, rest)) = name.split_once([':', '\u{ff1a}']) {
        let prefix = prefix.trim().trim_matches(['(', ')', ' ']);
        let label = labels::parse(prefix, vocabulary);
        if label.as_ref().is_some_and(|label| label.is_any(&[Label::OwnerLead, Label::OwnerRelated])) {
            // a label holds for the names that follow it
            *role = if label.is_some_and(|label| label.is(Label::OwnerRelated)) { Role::Related } else { Role::Lead };
            (own_role, name) = (*role, rest.trim());
        } else if vocabulary.is_mark(Mark::RolePrefix, prefix) || vocabulary.is_mark(Mark::RelatedPrefix, prefix) {
            if vocabulary.is_mark(Mark::RelatedPrefix, prefix) {
                own_role = Role::Related;
            }
            name = rest.trim();
        }
    }
    // (主)○○課, (副)○○課
    if let Some((prefix, rest)) = name.strip_prefix('(').and_then(|inner| inner.split_once(')'))
        && !rest.is_empty()
    {
        let related = vocabulary.is_mark(Mark::RelatedPrefix, prefix);
        if related || vocabulary.is_mark(Mark::RolePrefix, prefix) {
            own_role = if related { Role::Related } else { Role::Lead };
            name = rest.trim();
        }
    }
    while let Some(first) = name.chars().next() {
        if first.is_alphanumeric() || !vocabulary.is_mark_char(Mark::Bullet, first) {
            break;
        }
        if weighted {
            own_role = if first == '\u{25ce}' { Role::Lead } else { Role::Related };
        }
        name = name[first.len_utf8()..].trim_start();
    }
    // 福祉課(関係課:住民課、健康課)
    if let Some((before, inner)) = name.strip_suffix(')').and_then(|body| body.split_once('('))
        && let Some((prefix, _)) = inner.split_once([':', '\u{ff1a}'])
        && !before.trim().is_empty()
        && (labels::parse(prefix, vocabulary)
            .is_some_and(|label| label.is_any(&[Label::OwnerLead, Label::OwnerRelated]))
            || vocabulary.is_mark(Mark::RelatedPrefix, prefix.trim()))
    {
        add(before, &mut own_role, weighted, place, vocabulary, out);
        let mut role = own_role;
        for name in split(inner, vocabulary) {
            add(&name, &mut role, weighted, place, vocabulary, out);
        }
        return;
    }
    let (name, others) = without_others(name, vocabulary);
    let name = characters::name(name);
    if name.is_empty() || vocabulary.is_mark(Mark::Nobody, &name) || !name.chars().any(char::is_alphanumeric) {
        if others && let Some(last) = out.last_mut() {
            last.others = true;
        }
        return;
    }
    if !out.iter().any(|owner| owner.name == name && owner.role == own_role) {
        out.push(Owner { name, role: own_role, others, at: place.clone() });
    }
}

/// `ICT推進課ほか` as its name, and that there are others.
fn without_others<'t>(name: &'t str, vocabulary: &Vocabulary) -> (&'t str, bool) {
    let words = vocabulary.marks(Mark::Others).iter().filter_map(|word| name.strip_suffix(word.as_str()));
    let shortest = words.min_by_key(|rest| rest.len());
    if let Some(rest) = shortest {
        return (
            rest.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '\u{3001}' | '\u{30fb}')),
            true,
        );
    }
    // ○○課(ほか)
    let inner = name.strip_suffix(')').and_then(|body| body.rsplit_once('('));
    if let Some((rest, inside)) = inner
        && vocabulary.is_mark(Mark::Others, inside)
    {
        return (rest.trim_end(), true);
    }
    (name, false)
}

/// A list split at its separators outside parentheses, and at spaces between whole names.
fn split(line: &str, vocabulary: &Vocabulary) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0usize;
    for c in line.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let separates = depth == 0 && !c.is_alphanumeric() && vocabulary.is_mark_char(Mark::Separator, c);
        match parts.last_mut() {
            Some(last) if !separates => last.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts
        .into_iter()
        .flat_map(|part| {
            let words: Vec<&str> = part.split_whitespace().collect();
            let whole = |word: &&str| {
                let word = without_others(word, vocabulary).0;
                vocabulary.marks(Mark::Organisation).iter().any(|end| word.ends_with(end.as_str()))
            };
            if words.len() > 1 && words.iter().all(whole) {
                return units(&words, vocabulary);
            }
            // `商工課・○○商工会`: a dot behind a whole department parts two names
            let dotted: Vec<&str> = part.trim().split('\u{30fb}').collect();
            let department =
                |word: &&str| vocabulary.marks(Mark::Department).iter().any(|end| word.ends_with(end.as_str()));
            if let [before @ .., last] = dotted.as_slice()
                && !before.is_empty()
                && before.iter().all(|word| word.chars().count() >= 3 && department(word))
                && last.chars().count() >= 3
                && whole(last)
            {
                return dotted.into_iter().map(str::to_owned).collect();
            }
            vec![part.trim().to_owned()]
        })
        .filter(|name| !name.is_empty())
        .collect()
}

/// Whole names, where a unit goes with the larger one before it: a bureau (部), its section, a team (係).
fn units(words: &[&str], vocabulary: &Vocabulary) -> Vec<String> {
    let ends = |word: &str, mark| {
        let name = without_others(word, vocabulary).0;
        vocabulary.marks(mark).iter().any(|end| name.ends_with(end.as_str()))
    };
    let rank = |word: &str| {
        if ends(word, Mark::Team) {
            2
        } else if ends(word, Mark::Bureau) {
            0
        } else {
            1
        }
    };
    let mut names: Vec<(String, u8)> = Vec::new();
    for word in words {
        let own = rank(word);
        match names.last_mut() {
            Some((name, above)) if *above < own => {
                name.push_str(word);
                *above = own;
            }
            _ => names.push(((*word).to_owned(), own)),
        }
    }
    names.into_iter().map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(String, Role, bool)> {
        let vocabulary = Vocabulary::built_in();
        let owners = of_text(text, Role::Lead, &Place::default(), &vocabulary);
        owners.into_iter().map(|owner| (owner.name, owner.role, owner.others)).collect()
    }

    #[test]
    fn lists_of_owners() {
        let lead = |name: &str| (name.to_owned(), Role::Lead, false);
        assert_eq!(names("企画課、財政課"), [lead("企画課"), lead("財政課")]);
        assert_eq!(names("人権・生涯学習課"), [lead("人権・生涯学習課")]);
        assert_eq!(names("商工課・みどり町商工会"), [lead("商工課"), lead("みどり町商工会")]);
        assert_eq!(names("部・課"), [lead("部・課")]);
        assert_eq!(names("企画課ほか"), [("企画課".to_owned(), Role::Lead, true)]);
        assert_eq!(names("企画課 財政課"), [lead("企画課"), lead("財政課")]);
        assert_eq!(names("総務課 行政係"), [lead("総務課行政係")]);
        assert_eq!(names("福祉部 高齢課 障がい課"), [lead("福祉部高齢課"), lead("障がい課")]);
        assert_eq!(names("総務課(庶務係、人事係)"), [lead("総務課(庶務係、人事係)")]);
        assert_eq!(names("実施:各事業課"), [lead("各事業課")]);
        let related = |name: &str| (name.to_owned(), Role::Related, false);
        assert_eq!(names("福祉課(関係課:住民課、健康課)"), [lead("福祉課"), related("住民課"), related("健康課")]);
        assert_eq!(names("-"), []);
        assert_eq!(names("(主)企画課、(副)財政課"), [lead("企画課"), ("財政課".to_owned(), Role::Related, false)]);
    }
}
