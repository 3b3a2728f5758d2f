//! A SELECT of a mapping, read but not planned.

use crate::names::{no_relation, spell, spell_relations};
use crate::problem::Problem;
use crate::source::{Source, TableMapping};
use sqlparser::ast::{
    Expr, ObjectName, ObjectNamePart, Query, SelectItem, SetExpr, Statement, visit_expressions_mut, visit_relations,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};
use std::ops::ControlFlow;
use tenure_catalog::within_extent;

/// A SELECT whose relations are all the source's.
#[derive(Debug, Clone)]
pub struct Select {
    /// Where it stands, for messages.
    pub place: String,
    /// Its query, relations spelt as the source spells them.
    pub query: Query,
    /// The relations that it names, those that it makes itself (WITH) left out.
    pub relations: Vec<String>,
}

impl Select {
    /// Reads the SELECT of that number of a table's mapping.
    pub fn read(source: &Source, mapping: &TableMapping, number: usize) -> Result<Self, Problem> {
        let place = mapping.place_of(number);
        let sql = mapping.selects.get(number).map(String::as_str).unwrap_or_default();
        let mut query = parse(sql).map_err(|problem| Problem::new(place.as_str(), problem, "correct the SELECT"))?;
        if let Some(expr) = unnamed(&query) {
            return Err(Problem::new(place, format!("the column {expr} has no name"), "name it with AS"));
        }
        let known: Vec<&str> = source.files.iter().map(|set| set.name.as_str()).collect();
        spell_relations(&mut query, &known);
        let relations = named(&query);
        if let Some(unknown) = relations.iter().find(|name| !known.contains(&name.as_str())) {
            return Err(no_relation(&place, unknown, &known));
        }
        Ok(Self { place, query, relations })
    }

    /// Its query with the names of columns spelt as in `columns`. Unquoted ones are found in any case.
    pub fn with_columns(&self, columns: &[&str]) -> Query {
        let mut query = self.query.clone();
        let _ = visit_expressions_mut(&mut query, |expr| {
            match expr {
                Expr::Identifier(ident) => spell(ident, columns),
                Expr::CompoundIdentifier(parts) => {
                    if let Some(last) = parts.last_mut() {
                        spell(last, columns);
                    }
                }
                _ => {}
            }
            ControlFlow::<()>::Continue(())
        });
        query
    }
}

/// The one query of a text, or what is wrong with it.
fn parse(sql: &str) -> Result<Query, String> {
    let invalid = |error: ParserError| format!("is not valid SQL: {}", words(&error));
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize_with_location();
    let tokens = tokens.map_err(|error| invalid(error.into()))?;
    within_extent(&tokens).map_err(|long| format!("is too long: {long}"))?;
    let mut statements = statements(tokens).map_err(invalid)?;
    match (statements.pop(), statements.pop()) {
        (Some(Some(query)), None) => Ok(*query),
        (Some(None), None) => Err("is not a SELECT".to_owned()),
        (None, _) => Err("is empty".to_owned()),
        _ => Err("is not one SELECT".to_owned()),
    }
}

/// The statements of some SQL; none for one that is no query.
fn statements(tokens: Vec<TokenWithSpan>) -> Result<Vec<Option<Box<Query>>>, ParserError> {
    let mut parser = Parser::new(&GenericDialect {}).with_tokens_with_locations(tokens);
    let mut found = Vec::new();
    loop {
        let mut ended = found.is_empty();
        while parser.consume_token(&Token::SemiColon) {
            ended = true;
        }
        let next = parser.peek_token_ref();
        match &next.token {
            Token::EOF => return Ok(found),
            _ if !ended => {
                let start = next.span.start;
                return Err(ParserError::ParserError(format!("Expected: end of statement, found: {next}{start}")));
            }
            // The engine's own statements, which it reads in its own way.
            Token::Word(word) if ENGINE_OWN.contains(&word.keyword) => {
                found.push(None);
                return Ok(found);
            }
            _ => {}
        }
        found.push(match parser.parse_statement()? {
            Statement::Query(query) => Some(query),
            _ => None,
        });
    }
}

const ENGINE_OWN: [Keyword; 4] = [Keyword::CREATE, Keyword::COPY, Keyword::EXPLAIN, Keyword::RESET];

/// The parser's words, as the engine gives them.
fn words(error: &ParserError) -> String {
    match error {
        ParserError::RecursionLimitExceeded => "recursionLimitExceeded (current limit: 50)".to_owned(),
        ParserError::ParserError(text) => format!("parserError({text:?})"),
        ParserError::TokenizerError(text) => format!("tokenizerError({text:?})"),
    }
}

/// The relations that a query names, those that it makes itself (WITH) left out.
fn named(query: &Query) -> Vec<String> {
    let own: Vec<&str> =
        query.with.iter().flat_map(|with| &with.cte_tables).map(|cte| cte.alias.name.value.as_str()).collect();
    let mut names = Vec::new();
    let _ = visit_relations(query, |name: &ObjectName| {
        let name = match name.0.as_slice() {
            [ObjectNamePart::Identifier(ident)] => ident.value.clone(),
            _ => name.to_string(),
        };
        if !own.contains(&name.as_str()) && !names.contains(&name) {
            names.push(name);
        }
        ControlFlow::<()>::Continue(())
    });
    names
}

/// An expression of the SELECT list that yields a column without a name of its own.
fn unnamed(query: &Query) -> Option<String> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    select.projection.iter().find_map(|item| match item {
        SelectItem::UnnamedExpr(Expr::Identifier(_) | Expr::CompoundIdentifier(_)) => None,
        SelectItem::UnnamedExpr(expr) => Some(expr.to_string()),
        _ => None,
    })
}
