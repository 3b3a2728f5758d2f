//! The exports, system by system, with the dirt such files have.

mod billing;
mod crm;
mod deals;
mod finance;
mod helpdesk;
mod people;
mod product;
mod settings;
mod surveys;

use std::path::Path;

use crate::company::Company;
use crate::dice::Dice;
use crate::export::{Sheet, Summary};
use crate::{Options, Result};

pub(crate) use settings::settings;

/// Writes `exports/`.
pub(crate) fn exports(dir: &Path, company: &Company, options: &Options) -> Result<Summary> {
    let dir = &dir.join("exports");
    let mut summary = Summary::default();
    billing::write(dir, company, &mut summary)?;
    finance::write(dir, company, &mut summary)?;
    crm::write(dir, company, &mut summary)?;
    helpdesk::write(dir, company, &mut summary)?;
    surveys::write(dir, company, &mut summary)?;
    people::write(dir, company, &mut summary)?;
    product::write(dir, company, options.usage_events, &mut summary)?;
    Ok(summary)
}

/// What goes wrong between a system and its export.
struct Dirt(Dice);

impl Dirt {
    fn new(company: &Company, system: &str) -> Self {
        Self(Dice::new(company.seed, system, 1))
    }

    /// The row comes twice.
    fn twice(&mut self) -> bool {
        self.0.chance(0.004)
    }

    /// A broken row follows.
    fn junk(&mut self) -> bool {
        self.0.chance(0.01)
    }

    /// The row comes late.
    fn late(&mut self) -> bool {
        self.0.chance(0.004)
    }

    /// The row is wrong at first, and corrected later.
    fn wrong(&mut self) -> bool {
        self.0.chance(0.003)
    }

    /// A row as such exports have it: sometimes twice, sometimes followed by one that `spoil` breaks.
    fn soil<'a, const N: usize>(
        &mut self,
        sheet: &mut Sheet,
        row: [&'a str; N],
        spoil: impl FnOnce(&mut Self, &mut [&'a str; N]),
    ) -> Result<()> {
        sheet.accept(&row)?;
        if self.twice() {
            sheet.repeat(&row)?;
        }
        if self.junk() {
            let mut broken = row;
            spoil(self, &mut broken);
            sheet.reject(&broken)?;
        }
        Ok(())
    }

    /// One of the ways of being broken.
    fn way(&mut self, ways: usize) -> usize {
        self.0.below(ways)
    }
}
