//! TOML, and what is wrong with it in words of its author.

use crate::scorecards::Text;
use serde::de::DeserializeOwned;
use tenure_schema::problem::Problem;

const HOW: &str = "mend this line: text stands in quotes, a list in square brackets, a number without either";

/// Reads a file of a kind; the problem names the line.
pub(crate) fn parse<T: DeserializeOwned>(text: &Text) -> Result<T, Problem> {
    toml::from_str(&text.text).map_err(|error| {
        let before = |start: usize| text.text.bytes().take(start).filter(|byte| *byte == b'\n').count();
        let place = error.span().map(|span| format!("line {}", before(span.start) + 1)).unwrap_or_default();
        let (what, remedy) = plain(error.message().trim());
        Problem::new(&text.file, place, what, remedy)
    })
}

/// What the parser says, as what is wrong and what to do.
fn plain(said: &str) -> (String, String) {
    let (what, choice) = said.split_once(", expected ").unwrap_or((said, ""));
    let choice = choice.strip_prefix("one of ").unwrap_or(choice);
    if let Some(key) = what.strip_prefix("unknown field ") {
        return (format!("there is no key {key} here"), format!("correct or remove it; what may stand here: {choice}"));
    }
    if let Some(word) = what.strip_prefix("unknown variant ") {
        return (format!("{word} is not a word for this key"), format!("give one of {choice}"));
    }
    if let Some(key) = what.strip_prefix("missing field ") {
        return (format!("the key {key} is missing"), format!("add {key}"));
    }
    if let Some(other) = what.strip_prefix("invalid type: ") {
        let wanted = match choice {
            "a sequence" => "a list",
            "a string" => "text",
            choice => choice,
        };
        return (format!("{wanted} is expected here, not the {other}"), HOW.to_owned());
    }
    if let Some((what, remedy)) = said.split_once(": write it like ") {
        return (what.to_owned(), format!("write it like {remedy}"));
    }
    (said.replace('\n', "; "), HOW.to_owned())
}
