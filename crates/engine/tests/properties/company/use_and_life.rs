//! How an account begins, uses the product and refers others.

use super::account::id;
use super::moment::{Moment, Zoned, moment};
use super::table::Tables;
use proptest::prelude::*;

#[derive(Debug, Clone)]
pub struct Life {
    use_of: Vec<(Moment, u8, &'static str)>,
    signed: Option<Moment>,
    /// Days after the signing.
    steps: Vec<(&'static str, u32)>,
    referral: Option<Referral>,
}

#[derive(Debug, Clone)]
struct Referral {
    by: usize,
    at: Moment,
    partner: bool,
    converted_after: Option<u32>,
}

/// Any life.
pub fn life() -> impl Strategy<Value = Life> {
    let used = (moment(), 0_u8..2, prop::sample::select(vec!["search", "export", ""]));
    let step = (prop::sample::select(vec!["live", "first_value", "value"]), 0_u32..150);
    let referral = (0_usize..30, moment(), prop::bool::weighted(0.2), prop::option::weighted(0.3, 0_u32..60))
        .prop_map(|(by, at, partner, converted_after)| Referral { by, at, partner, converted_after });
    (
        prop::collection::vec(used, 0..8),
        prop::option::weighted(0.6, moment()),
        prop::collection::vec(step, 0..4),
        prop::option::weighted(0.2, referral),
    )
        .prop_map(|(use_of, signed, steps, referral)| Life { use_of, signed, steps, referral })
}

impl Life {
    pub fn write(&self, account: &str, number: usize, zone: &Zoned, tables: &mut Tables) {
        for (place, (at, person, feature)) in self.use_of.iter().enumerate() {
            tables.add(
                "usage_events",
                &[
                    ("event_id", &format!("{account}-u{place}")),
                    ("account_id", account),
                    ("contact_id", &format!("{account}-c{person}")),
                    ("feature", feature),
                    ("occurred_at", &zone.text(*at)),
                ],
            );
        }
        if let Some(signed) = self.signed {
            let steps = std::iter::once(("signed", 0)).chain(self.steps.iter().copied());
            for (place, (milestone, days)) in steps.enumerate() {
                tables.add(
                    "milestones",
                    &[
                        ("milestone_id", &format!("{account}-m{place}")),
                        ("account_id", account),
                        ("milestone", milestone),
                        ("reached_at", &zone.text(signed.after(days))),
                    ],
                );
            }
        }
        if let Some(referral) = self.referral.as_ref().filter(|_| number > 0) {
            let converted = referral.converted_after.map(|days| zone.text(referral.at.after(days)));
            tables.add(
                "referrals",
                &[
                    ("referral_id", &format!("{account}-f")),
                    ("referrer_account_id", &id(referral.by % number)),
                    ("referred_account_id", account),
                    ("is_partner", if referral.partner { "true" } else { "" }),
                    ("referred_at", &zone.text(referral.at)),
                    ("converted_at", &converted.unwrap_or_default()),
                ],
            );
        }
    }
}
