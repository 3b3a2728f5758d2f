//! `${VAR}` and `${VAR:-default}` in paths.

use super::Environment;

/// The text with variables replaced, or the name of the variable that is not set.
pub(super) fn expand(text: &str, env: &Environment) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let Some(end) = from.find('}') else {
            out.push_str(from);
            return Ok(out);
        };
        let inside = from.get(2..end).unwrap_or_default();
        let (name, default) = match inside.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (inside, None),
        };
        // As in a shell, `:-` also stands in for a variable that is set and empty.
        let value = env(name).filter(|value| default.is_none() || !value.is_empty());
        match (value, default) {
            (Some(value), _) => out.push_str(&value),
            (None, Some(default)) => out.push_str(default),
            (None, None) => return Err(name.to_owned()),
        }
        rest = from.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::expand;

    fn check(text: &str, expected: Result<&str, &str>) {
        let env = |name: &str| match name {
            "DATA" => Some("/data".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        assert_eq!(expand(text, &env), expected.map(str::to_owned).map_err(str::to_owned), "{text}");
    }

    #[test]
    fn variables_are_replaced() {
        check("a/b.csv", Ok("a/b.csv"));
        check("${DATA}/b.csv", Ok("/data/b.csv"));
        check("${DATA:-../x}/b.csv", Ok("/data/b.csv"));
        check("${NONE:-../x}/b-${DATA}.csv", Ok("../x/b-/data.csv"));
        check("${EMPTY:-x}", Ok("x"));
        check("${EMPTY}x", Ok("x"));
        check("${NONE}/b.csv", Err("NONE"));
        check("a${b", Ok("a${b"));
        check("é${DATA}é", Ok("é/dataé"));
    }
}
