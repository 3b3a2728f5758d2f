//! Which source a verdict belongs to, where several sources fill one table.
//!
//! The lake counts verdicts by table. With one source that is all there is to know; with several, the verdicts are listed and
//! told apart by the file of their row.

use super::feed::Job;
use crate::error::Problem;
use std::collections::BTreeMap;
use tenure_lake::{Verdict, Verdicts};
use tenure_schema::table::Table;

/// Rows listed of a table that several sources fill.
const LISTED: usize = 1_000_000;

/// The sources of a table, and whose row each file's are.
pub(super) struct Sources {
    table: &'static Table,
    names: Vec<String>,
    /// By file; rows that are no one record of a file stand under the empty name.
    by_file: BTreeMap<String, String>,
    ambiguous: bool,
}

impl Sources {
    pub fn of(table: &'static Table, jobs: &[Job]) -> Self {
        let mut sources = Sources { table, names: Vec::new(), by_file: BTreeMap::new(), ambiguous: false };
        for job in jobs {
            let name = &job.source.name;
            sources.names.push(name.clone());
            for plan in &job.plans {
                let files = plan.driving.iter().flat_map(|relation| &relation.files).map(|file| file.name.clone());
                let whole = plan.driving.is_none().then(String::new);
                for file in files.chain(whole) {
                    let owner = sources.by_file.entry(file).or_insert_with(|| name.clone());
                    sources.ambiguous |= owner != name;
                }
            }
        }
        sources
    }

    /// How many verdicts the lake has to list.
    pub fn listed(&self) -> usize {
        if self.names.len() > 1 { LISTED } else { 0 }
    }

    /// The verdicts of each source.
    pub fn share(&self, all: &Verdicts) -> Result<BTreeMap<String, Verdicts>, Problem> {
        if let [only] = self.names.as_slice() {
            return Ok(BTreeMap::from([(only.clone(), all.clone())]));
        }
        let mut shares: BTreeMap<String, Verdicts> =
            self.names.iter().map(|name| (name.clone(), Verdicts::default())).collect();
        let counted = all.accepted + all.updated + all.duplicate + all.removed;
        if self.ambiguous || all.rows.len() as u64 != counted {
            let names = self.names.join(" and ");
            let remedy = "import them one at a time, or from files of their own";
            let problem = format!("{names} both fill it, and their rows cannot be told apart");
            return Err(Problem::new(self.table.name, problem, remedy));
        }
        for row in &all.rows {
            let owner = self.by_file.get(&row.file).or_else(|| self.by_file.get(""));
            let Some(share) = owner.and_then(|owner| shares.get_mut(owner)) else { continue };
            match row.verdict {
                Verdict::Accepted => share.accepted += 1,
                Verdict::Updated => share.updated += 1,
                Verdict::Duplicate => share.duplicate += 1,
                Verdict::Removed => share.removed += 1,
            }
        }
        Ok(shares)
    }
}
