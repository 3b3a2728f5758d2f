//! How long a run of SQL may be. Its reader makes each operator of a chain a level of a tree, which is walked, copied and dropped by
//! recursion: a chain of thousands is more than a stack holds. Nesting the reader limits itself.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

/// The words and signs that may follow each other without a comma (or a WHEN of a CASE) between them. Chains go no deeper.
const LONGEST: usize = 2_000;

/// How often a word or sign may stand twice in a row: `INTERVAL INTERVAL …` goes as deep as it is long, and the reader does not count it.
const MOST_REPEATS: usize = 50;

/// The queries that UNION and its like may chain.
const MOST_QUERIES: usize = 500;

/// Whether a text of SQL is short enough to be read, or why it is not.
pub fn within_extent(tokens: &[TokenWithSpan]) -> Result<(), String> {
    let mut queries = 0;
    let (mut repeats, mut last) = (0, &Token::EOF);
    // Of each open bracket: the run since the last comma, and the longest there was.
    let mut open = vec![(0_usize, 0_usize)];
    for token in tokens {
        match &token.token {
            Token::Whitespace(_) => continue,
            Token::LParen | Token::LBracket | Token::LBrace => open.push((0, 0)),
            Token::RParen | Token::RBracket | Token::RBrace => close(&mut open),
            Token::Comma | Token::SemiColon => separate(&mut open),
            Token::Word(word) => match word.keyword {
                Keyword::CASE => open.push((0, 0)),
                Keyword::END => close(&mut open),
                Keyword::WHEN | Keyword::THEN | Keyword::ELSE => separate(&mut open),
                Keyword::UNION | Keyword::EXCEPT | Keyword::INTERSECT | Keyword::MINUS => queries += 1,
                _ => {}
            },
            _ => {}
        }
        repeats = if token.token == *last && !is_bracket(last) { repeats + 1 } else { 0 };
        last = &token.token;
        if repeats > MOST_REPEATS {
            return Err(format!(
                "line {}: `{last}` stands more than {MOST_REPEATS} times in a row",
                token.span.start.line
            ));
        }
        if let Some((run, longest)) = open.last_mut() {
            *run += 1;
            *longest = (*longest).max(*run);
        }
        if open.iter().map(|(run, _)| run).sum::<usize>() > LONGEST {
            let line = token.span.start.line;
            return Err(format!("line {line}: more than {LONGEST} words and signs follow each other without a comma"));
        }
        if queries > MOST_QUERIES {
            return Err(format!("line {}: more than {MOST_QUERIES} queries in one", token.span.start.line));
        }
    }
    Ok(())
}

/// Brackets nest, and the reader counts how deep.
fn is_bracket(token: &Token) -> bool {
    use Token::{LBrace, LBracket, LParen, RBrace, RBracket, RParen};
    matches!(token, LParen | RParen | LBracket | RBracket | LBrace | RBrace)
}

/// What a bracket held is part of the run around it.
fn close(open: &mut Vec<(usize, usize)>) {
    if open.len() > 1
        && let Some((_, longest)) = open.pop()
        && let Some((run, _)) = open.last_mut()
    {
        *run += longest;
    }
}

fn separate(open: &mut [(usize, usize)]) {
    if let Some((run, _)) = open.last_mut() {
        *run = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::within_extent;
    use sqlparser::dialect::GenericDialect;
    use sqlparser::tokenizer::Tokenizer;

    fn fits(sql: &str) -> bool {
        within_extent(&Tokenizer::new(&GenericDialect {}, sql).tokenize_with_location().unwrap()).is_ok()
    }

    #[test]
    fn chains_count_and_lists_do_not() {
        assert!(fits(&vec!["f(a, 'b')"; 5_000].join(", ")));
        assert!(fits(&format!("CASE {} ELSE 0 END", "WHEN a = 'x' THEN 1 ".repeat(5_000))));
        assert!(fits(&format!("VALUES {}", vec!["(1, 'a')"; 5_000].join(", "))));
        assert!(!fits(&vec!["f(a, b)"; 500].join(" + ")));
        assert!(!fits(&vec!["CASE WHEN a THEN b END"; 1_000].join(" || ")));
        assert!(!fits(&format!("{}1{}", "(1 + ".repeat(800), ")".repeat(800))));
        assert!(!fits(&vec!["SELECT a, b"; 502].join(" UNION ")));
        assert!(!fits(&format!("{}1", "INTERVAL ".repeat(100))));
        assert!(!fits(&format!("SELECT {}1", "- ".repeat(100))));
    }
}
