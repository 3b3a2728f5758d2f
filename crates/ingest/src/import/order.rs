//! The order in which tables are filled: what others refer to first, so that references are checked as they come.

use crate::warn::referenced_tables;
use tenure_schema::table::Table;

/// Each table once, those that it refers to before it as far as that goes.
pub(super) fn tables<'a>(wanted: impl Iterator<Item = &'a Table>) -> Vec<&'a Table> {
    let mut waiting: Vec<&Table> = Vec::new();
    for table in wanted {
        if !waiting.iter().any(|known| known.name == table.name) {
            waiting.push(table);
        }
    }
    let mut ordered = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let free = waiting.iter().position(|table| {
            referenced_tables(table)
                .all(|named| named == table.name || !waiting.iter().any(|other| other.name == named))
        });
        // In a circle somebody has to be first.
        ordered.push(waiting.remove(free.unwrap_or(0)));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::tables;

    #[test]
    fn referred_tables_come_first() {
        let names = ["survey_responses", "ticket_events", "tickets", "accounts", "contacts", "staff", "accounts"];
        let wanted = names.iter().filter_map(|name| tenure_schema::table::table(name));
        let ordered: Vec<&str> = tables(wanted).iter().map(|table| table.name).collect();
        let at = |name: &str| ordered.iter().position(|known| *known == name);
        assert_eq!(ordered.len(), 6);
        assert!(at("accounts") < at("contacts") && at("contacts") < at("tickets"));
        assert!(at("staff") < at("accounts"));
        assert!(at("tickets") < at("ticket_events") && at("tickets") < at("survey_responses"));
    }
}
