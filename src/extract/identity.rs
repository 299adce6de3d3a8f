//! Stable ids of measures: a short hash of the folded name, so that number, place, format and details may change.
//!
//! An id is `m-` and eight characters of base 32. Of several measures with one name the first keeps the plain id; the
//! others get a suffix from what tells them apart: their number, else their policies, else their order. A measure that
//! is known from an earlier edition keeps the id it had there, whatever its name is now: see [`crate::compare::carry`].

use crate::record::Measure;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// Crockford's base 32 in lower case: no `i`, `l`, `o`, `u`, so that an id can be read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Sets the id of every measure: unique among them, and the same for the same name wherever it comes from.
pub fn assign(measures: &mut [Measure]) {
    let mut taken: HashSet<String> = HashSet::with_capacity(measures.len());
    let mut orders: HashMap<String, u32> = HashMap::new();
    for measure in measures.iter_mut() {
        let base = format!("m-{}", hash::<8>(&[&folded(&measure.name)]));
        let number = measure.number.as_deref().map(folded).unwrap_or_default();
        let policies = measure.policies.iter().map(|policy| folded(policy)).collect::<Vec<_>>().join("/");
        let told_apart = [
            (true, base.clone()),
            (!number.is_empty(), format!("{base}-{}", hash::<3>(&["number", &number]))),
            (!policies.is_empty(), format!("{base}-{}", hash::<3>(&["policies", &policies]))),
        ];
        let free = told_apart.into_iter().find(|(tells, id)| *tells && !taken.contains(id)).map(|(_, id)| id);
        let id = free.unwrap_or_else(|| {
            let order = orders.entry(base.clone()).or_insert(1);
            loop {
                *order += 1;
                let id = format!("{base}-{order}");
                if !taken.contains(&id) {
                    break id;
                }
            }
        });
        taken.insert(id.clone());
        measure.id = id;
    }
}

/// What stays of a name over widths, cases, spaces, brackets and separators: its letters and digits.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The first `LENGTH` (at most 8) base 32 characters of the parts' SHA-256.
fn hash<const LENGTH: usize>(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.as_bytes());
        sha.update([0]);
    }
    let digest = sha.finalize();
    let mut bits = digest.iter().take(5).fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte)) << 24;
    (0..LENGTH)
        .map(|_| {
            let index = (bits >> 59) as usize;
            bits <<= 5;
            char::from(ALPHABET[index])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Place;
    use proptest::prelude::*;

    fn measure(number: Option<&str>, name: &str, policies: &[&str]) -> Measure {
        Measure {
            id: String::new(),
            number: number.map(str::to_owned),
            name: name.to_owned(),
            policies: policies.iter().map(|policy| (*policy).to_owned()).collect(),
            categories: Vec::new(),
            owners: Vec::new(),
            sections: Vec::new(),
            activities: Vec::new(),
            period: None,
            budgets: Vec::new(),
            schedule: Vec::new(),
            kpis: Vec::new(),
            at: Place::default(),
        }
    }

    fn ids(measures: &[(Option<&str>, &str, &[&str])]) -> Vec<String> {
        let mut measures: Vec<Measure> =
            measures.iter().map(|(number, name, under)| measure(*number, name, under)).collect();
        assign(&mut measures);
        measures.into_iter().map(|measure| measure.id).collect()
    }

    #[test]
    fn an_id_depends_on_the_name_alone() {
        let id = &ids(&[(Some("1-1"), "窓口のDX・推進", &["行政"])])[0];
        for (number, name) in
            [(None, "窓口のDX・推進"), (Some("2"), "窓口の dx 推進"), (Some("1-1"), "「窓口のDX」推進")]
        {
            assert_eq!(&ids(&[(None, "別の取組", &[]), (number, name, &[])])[1], id, "{name}");
        }
        assert_ne!(&ids(&[(Some("1-1"), "窓口のDX推進室", &["行政"])])[0], id);
        assert_eq!(id, "m-gfrnjzhm");
    }

    #[test]
    fn of_one_name_the_first_keeps_the_plain_id() {
        let plain = &ids(&[(Some("1"), "広報の充実", &["A"])])[0];
        let both = ids(&[(Some("1"), "広報の充実", &["A"]), (Some("7"), "広報の充実", &["B"])]);
        assert_eq!(&both[0], plain);
        assert!(both[1].starts_with(&format!("{plain}-")), "{both:?}");
        let three = ids(&[
            (Some("1"), "広報の充実", &["A"]),
            (Some("4"), "広報の充実", &["C"]),
            (Some("7"), "広報の充実", &["B"]),
        ]);
        assert_eq!(both[1], three[2], "another one between them changes nothing");
    }

    #[test]
    fn measures_that_nothing_tells_apart_are_counted() {
        let ids =
            ids(&[(None, "再掲", &[]), (None, "再掲", &[]), (None, "再掲", &[]), (None, "", &[]), (None, "", &[])]);
        assert_eq!(ids[1], format!("{}-2", ids[0]));
        assert_eq!(ids[2], format!("{}-3", ids[0]));
        assert_eq!(ids[4], format!("{}-2", ids[3]));
    }

    proptest! {
        #[test]
        fn ids_are_unique_and_safe_in_a_url(rows in proptest::collection::vec((proptest::option::of("[0-9]{0,2}"), "[aあ]{0,2}", "[bい]{0,1}"), 0..40)) {
            let mut measures: Vec<Measure> = rows.iter().map(|(number, name, policy)| measure(number.as_deref(), name, &[policy.as_str()])).collect();
            assign(&mut measures);
            let distinct: HashSet<&str> = measures.iter().map(|measure| measure.id.as_str()).collect();
            prop_assert_eq!(distinct.len(), measures.len());
            for measure in &measures {
                prop_assert!(measure.id.len() <= 16 && measure.id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
            }
        }
    }
}
