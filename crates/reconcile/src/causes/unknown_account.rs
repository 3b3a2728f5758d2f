//! Their file names an account that we do not have, perhaps by another spelling.

use crate::case::Case;
use crate::words::listed;

pub(super) fn explains(case: &Case<'_>) -> Option<String> {
    let ours = case.world.ours.contains_key(case.account);
    if ours || case.known().is_some() || !case.lines().is_empty() {
        return None;
    }
    let similar: Vec<&str> = case
        .world
        .facts
        .accounts
        .keys()
        .filter(|known| core(known) == core(case.account))
        .map(String::as_str)
        .collect();
    Some(match similar.as_slice() {
        [] => "no account here has this id".to_owned(),
        similar => format!("no account here has this id; {} is written alike", listed(similar)),
    })
}

/// What is left of an id without case, signs and leading zeros.
fn core(id: &str) -> String {
    let letters: String = id.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let digits = letters.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    format!("{}{}", &letters[..letters.len() - digits.len()], digits.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use crate::case::example::Example;
    use crate::causes::Cause;
    use crate::facts::Account;

    #[test]
    fn an_id_we_do_not_have() {
        let mut example = Example::new("mrr", Vec::new(), "40");
        example.facts.accounts.clear();
        assert_eq!(example.cause(), (Cause::UnknownAccount, "no account here has this id".into()));
        example.facts.accounts.insert("A".into(), Account::default());
        assert_eq!(example.cause().1, "no account here has this id; A is written alike");
        assert_eq!(super::core("ACC-0012"), super::core("acc12"));
    }
}
