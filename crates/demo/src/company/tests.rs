//! Every number of the demo company's description, held against the default company.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::*;
use crate::accounts::Term;
use crate::book::{Billing, Off};
use crate::groups::GROUPS;
use crate::mood::Temper;
use crate::offer::{COUNTRIES, Currency, Plan};
use crate::onboarding::Outcome;
use crate::staff::TEAMS;
use crate::surveys::RELATIONSHIP;
use crate::truth::movements::{History, Month, measure};
use crate::truth::renewals::{Fate, due};
use crate::truth::retention::{Trailing, trailing};
use crate::truth::voice::promoters;

struct World {
    company: Company,
    months: Vec<Month>,
    histories: Vec<History>,
}

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let company = Company::simulate(&Options::default()).unwrap();
    let (months, histories) = measure(&company);
    World { company, months, histories }
});

fn lines() -> impl Iterator<Item = &'static crate::book::Line> {
    WORLD.company.lives.iter().flat_map(|life| &life.subscriptions).flat_map(|one| &one.lines)
}

/// For the eye: `cargo test -p tenure-demo figures -- --nocapture`.
#[test]
fn figures_at_a_glance() {
    let World { company, months, histories } = &*WORLD;
    for (nth, month) in months.iter().enumerate() {
        let year = trailing(company, histories, nth, 12).unwrap_or_default();
        println!(
            "{} closing {:>10} active {} zero {} won {} back {} lost {} nrr {:.4} grr {:.4}, without returners {:.4} {:.4}",
            company.calendar.label(nth),
            month.closing / 1_000_000_000_000,
            month.active,
            month.at_zero,
            month.won,
            month.back,
            month.lost,
            year.nrr(),
            year.grr(),
            year.nrr_without_returners(),
            year.grr_without_returners()
        );
    }
    for (period, counts) in promoters(company, true) {
        println!("{period} nps {:?} {counts:?}", counts.nps());
    }
    let mut fates = BTreeMap::new();
    for (contract, fate) in due(company) {
        *fates.entry((company.calendar.date(contract.ends).year(), format!("{fate:?}"))).or_insert(0) += 1;
    }
    println!("{fates:?}");
    println!(
        "tickets {} sends {} answers {}",
        company.tickets.len(),
        company.voice.sends.len(),
        company.voice.responses.len()
    );
}

#[test]
fn shape() {
    let company = &WORLD.company;
    assert_eq!((company.accounts.len(), company.calendar.months()), (600, 42));
    for plan in [Plan::Starter, Plan::Growth, Plan::Enterprise] {
        for country in COUNTRIES {
            let n = company.accounts.iter().filter(|one| (one.plan, one.country) == (plan, country)).count();
            assert!(n >= 30, "{plan:?} {country:?}: {n}");
        }
    }
    let latest: Vec<_> = company.versions.iter().filter_map(|versions| versions.last()).collect();
    for country in COUNTRIES {
        assert!(latest.iter().filter(|version| version.country == country).count() >= 30);
    }
    for plan in [Plan::Starter, Plan::Growth, Plan::Enterprise] {
        assert!(latest.iter().filter(|version| version.plan == plan).count() >= 30);
    }
    assert_eq!(company.accounts.iter().map(|one| one.industry).collect::<BTreeSet<_>>().len(), 4);
    assert_eq!(company.accounts.iter().filter_map(|one| one.parent).collect::<BTreeSet<_>>().len(), GROUPS);
    assert_eq!(company.merges.len(), 3);
    let names: BTreeSet<&str> = company.accounts.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names.len(), 600);
    let csms: BTreeSet<usize> = latest.iter().map(|version| version.csm).collect();
    assert_eq!(csms.len(), 6);
    let handover = company.story.handover;
    let handed = (0..600).filter(|one| company.csm(*one, handover) != company.csm(*one, handover - 1)).count();
    assert!(handed >= 20, "{handed}");
    assert_ne!(company.calendar.date(handover).day(), 1);
}

#[test]
fn revenue_moves_as_told() {
    let World { company, months, histories } = &*WORLD;
    for month in months {
        let moved = month.opening + month.new + month.reactivation + month.expansion - month.contraction - month.churn
            + month.fx;
        assert_eq!(moved, month.closing);
    }
    let lost: u32 = months.iter().map(|month| month.lost).sum();
    let back: u32 = months.iter().map(|month| month.back).sum();
    assert!(lost >= 150, "{lost}");
    assert!(back >= 25, "{back}");
    let last = trailing(company, histories, 41, 12).unwrap();
    assert!((1.02..=1.06).contains(&last.nrr()), "{}", last.nrr());
    assert!((0.86..=0.90).contains(&last.grr()), "{}", last.grr());
    let year: Vec<_> = (30..42).map(|month| trailing(company, histories, month, 12).unwrap()).collect();
    let mean = |of: fn(&Trailing) -> f64| year.iter().map(of).sum::<f64>() / year.len() as f64;
    let (net, gross) = (mean(Trailing::nrr), mean(Trailing::grr));
    assert!((1.02..=1.06).contains(&net) && (0.86..=0.90).contains(&gross), "{net} {gross}");
    for one in &year {
        assert!(one.nrr_without_returners() <= one.nrr() && one.grr_without_returners() <= one.grr());
        assert!(one.grr() <= one.nrr().min(1.0) && one.there <= one.cohort);
    }
    let losses = |from: usize| months[from..from + 3].iter().map(|month| month.lost).sum::<u32>();
    let bad = company.story.bad_from;
    assert!(losses(bad) > losses(bad - 3) + 4 && losses(bad + 3) < losses(bad));
}

#[test]
fn contracts_of_every_kind() {
    let World { company, .. } = &*WORLD;
    for term in [Term::Monthly, Term::Annual, Term::ThreeYears] {
        assert!(company.accounts.iter().filter(|one| one.term == term).count() >= 30);
    }
    let contracts: Vec<_> =
        company.lives.iter().flat_map(|life| &life.contracts).filter(|one| one.months > 1).collect();
    let of = |number| contracts.iter().find(|one| one.number == number);
    let successors = contracts.iter().filter_map(|one| Some((one, of(one.renewal_of?)?)));
    let early = successors.clone().filter(|(next, before)| next.start < before.ends).count();
    let late = successors.clone().filter(|(next, before)| next.start > before.ends).count();
    assert!(early >= 10 && late >= 10, "{early} early, {late} late");
    let pending = due(company).iter().filter(|(_, fate)| *fate == Fate::Pending).count();
    assert!(pending >= 5, "{pending} pending");
    let mid_term = contracts.iter().filter(|one| one.terminated.is_some() && one.end_reason.is_some()).count();
    assert!(mid_term >= 10, "{mid_term} ended in mid-term");
    assert!(contracts.iter().filter(|one| !matches!(one.months, 12 | 36)).count() >= 20, "co-termed");
    let currencies: BTreeSet<Currency> = company.accounts.iter().map(|one| one.currency).collect();
    assert_eq!(currencies.len(), 3);
}

#[test]
fn lines_of_every_kind() {
    let end = WORLD.company.calendar.end();
    let ended = |line: &&crate::book::Line| line.discount.is_some_and(|one| one.to.is_some_and(|to| to < end));
    assert!(lines().filter(ended).count() >= 20);
    assert!(lines().any(|line| line.discount.is_some_and(|one| matches!(one.off, Off::Percent(100)))));
    assert!(lines().any(|line| line.discount.is_some_and(|one| matches!(one.off, Off::Cents(_)))));
    assert!(lines().filter(|line| line.pause.is_some()).count() >= 5);
    assert!(lines().filter(|line| line.past_due.is_some()).count() >= 20);
    assert!(lines().filter(|line| line.trial_to.is_some()).count() >= 10);
    for billing in [Billing::Week, Billing::Month, Billing::Quarter, Billing::Year] {
        assert!(lines().any(|line| line.billing == billing), "{billing:?}");
    }
    let moved = |up: bool| {
        let all = WORLD.company.lives.iter().flat_map(|life| &life.subscriptions).flat_map(|one| one.lines.windows(2));
        all.filter(|pair| if up { pair[1].plan > pair[0].plan } else { pair[1].plan < pair[0].plan }).count()
    };
    assert!(moved(true) >= 5 && moved(false) >= 3);
    let pairs = || WORLD.company.lives.iter().flat_map(|life| &life.subscriptions).flat_map(|one| one.lines.windows(2));
    assert!(pairs().filter(|pair| pair[1].quantity > pair[0].quantity).count() >= 200);
    assert!(pairs().filter(|pair| pair[1].quantity < pair[0].quantity).count() >= 50);
    let risen = |pair: &&[crate::book::Line]| {
        pair[1].start == WORLD.company.story.price_rise && pair[1].monthly_cents > pair[0].monthly_cents
    };
    assert!(pairs().filter(risen).count() >= 50);
    assert!(WORLD.company.invoices.iter().filter(|line| line.kind == "one_off").count() >= 50);
    let exits: Vec<_> = WORLD.company.lives.iter().flat_map(|life| &life.exits).collect();
    assert!(exits.iter().filter(|exit| !exit.voluntary).count() >= 10);
    assert!(exits.iter().map(|exit| exit.reason).collect::<BTreeSet<_>>().len() >= 10);
    for line in lines() {
        assert!(line.end.is_none_or(|end| end > line.start), "{line:?}");
        assert!(line.monthly_cents > 0 && line.quantity > 0);
    }
    for one in WORLD.company.lives.iter().flat_map(|life| &life.subscriptions) {
        assert!(one.lines.windows(2).all(|pair| pair[0].end == Some(pair[1].start)));
    }
}

#[test]
fn tickets_of_every_kind() {
    let tickets = &WORLD.company.tickets;
    let told = |what: &str| tickets.iter().filter(|one| one.facts.told.contains(&what)).count();
    for what in [
        "agent_opened",
        "merged",
        "thanks_reopening",
        "real_reopening",
        "repeat_contact",
        "bot_reply",
        "private_note",
        "moved_desk",
        "spam",
    ] {
        assert!(told(what) >= 30, "{what}: {}", told(what));
    }
    assert_eq!(told("over_clock_change"), 1);
    let open = tickets.iter().filter(|one| one.facts.open && !one.spam).count();
    assert!((20..600).contains(&open), "{open}");
    assert!(tickets.iter().all(|one| one.events.windows(2).all(|pair| pair[0].at <= pair[1].at)));
}

#[test]
fn voices_of_every_kind() {
    let voice = &WORLD.company.voice;
    let kinds: BTreeSet<_> = voice
        .responses
        .iter()
        .map(|one| (one.survey.kind, one.survey.touch, one.survey.version, one.survey.max))
        .collect();
    assert_eq!(kinds.len(), 7, "{kinds:?}");
    assert!(voice.sends.iter().filter(|send| !send.delivered).count() >= 50);
    assert!(voice.sends.iter().any(|send| send.reminder_of.is_some()));
    let all = promoters(&WORLD.company, true);
    let sum = |of: fn(&crate::truth::voice::Promoters) -> u32| all.values().map(of).sum::<u32>();
    assert!(sum(|one| one.superseded) >= 20 && sum(|one| one.blank) >= 10 && sum(|one| one.off_scale) >= 10);
    let verbatims: BTreeSet<&str> = voice.responses.iter().map(|one| one.comment).collect();
    assert!(verbatims.len() >= 60);
    let nps = |month: usize| {
        let day = WORLD.company.calendar.first(month);
        all[&WORLD.company.calendar.quarter_label(day)].nps().unwrap()
    };
    let bad = WORLD.company.story.bad_from;
    assert!(nps(bad) < nps(bad - 3) && nps(bad + 6) > nps(bad));
    assert!(voice.responses.iter().any(|one| one.by_mail && *one.survey == RELATIONSHIP));
}

#[test]
fn onboarding_and_referrals() {
    let company = &WORLD.company;
    let of = |outcome| company.accounts.iter().filter(|one| one.onboarding.outcome == outcome).count();
    assert_eq!((of(Outcome::Stalled), of(Outcome::Lost)), (90, 30));
    assert!((0..600).filter(|index| usage::first_share(company, *index).is_some()).count() >= 400);
    let told = |what: &str| company.referrals.iter().filter(|one| one.told == what).count();
    assert_eq!((told("too_old"), told("partner")), (1, 1));
    assert!(told("chain") >= 3 && told("came_to_nothing") >= 5);
    assert!(company.accounts.iter().filter(|one| one.fill > 1.0).count() >= 20, "more people than seats");
}

#[test]
fn sixty_colleagues_in_eight_teams() {
    let company = &WORLD.company;
    assert_eq!(company.staff.len(), 60);
    let sizes: Vec<usize> =
        (0..TEAMS.len()).map(|team| company.staff.iter().filter(|one| one.team == team).count()).collect();
    assert_eq!(sizes.len(), 8);
    assert!(sizes.contains(&4));
    let joined = company.staff.iter().filter(|one| one.team == 6 && one.start > company.calendar.end() - 91).count();
    assert_eq!((sizes[6], joined), (6, 1));
    let held = company.interactions.iter().filter(|one| one.manager.is_some()).count();
    assert!((1_000..2_300).contains(&held), "{held}");
    assert_eq!(
        company
            .staff_voice
            .sends
            .iter()
            .filter(|send| send.kind == "enps")
            .map(|send| send.at)
            .collect::<BTreeSet<_>>()
            .len(),
        14
    );
}

#[test]
fn causes_show_but_not_always() {
    let World { company, histories, .. } = &*WORLD;
    let lost: BTreeSet<usize> =
        histories.iter().filter(|one| one.ends.last() == Some(&None)).map(|one| one.root).collect();
    let of = |temper, gone| {
        (0..600).filter(|one| company.accounts[*one].temper == temper && lost.contains(one) == gone).count()
    };
    assert!(of(Temper::SilentGreen, true) >= 10, "silent green churners");
    assert!(of(Temper::LoudSurvivor, false) >= 20, "loud survivors");
    let mood = |gone: bool| {
        let all: Vec<f64> = (0..600)
            .filter(|one| company.accounts[*one].temper == Temper::Plain && lost.contains(one) == gone)
            .map(|one| {
                let day = company.lives[one]
                    .exits
                    .last()
                    .filter(|_| gone)
                    .map_or(company.calendar.end() - 1, |exit| exit.day);
                company.accounts[one].mood.lately(company.calendar.month(day))
            })
            .collect();
        all.iter().sum::<f64>() / all.len() as f64
    };
    assert!(mood(true) + 0.3 < mood(false));
}

#[test]
fn csms_rate_some_customers_by_what_they_felt() {
    let company = &WORLD.company;
    let ratings = &company.ratings;
    assert!((1_000..3_500).contains(&ratings.len()), "{}", ratings.len());
    let calendar = &company.calendar;
    let month = |one: &Rating| calendar.month(calendar.day_of(one.at));
    assert_eq!(ratings.iter().map(month).min(), Some(22));
    for one in ratings {
        let day = calendar.day_of(one.at);
        assert!(company.lives[one.account].runs(day) && day < calendar.end() && one.expires >= day + 30);
        assert_eq!(one.staff, company.csm(one.account, day));
        assert!((0..=100).contains(&one.score) && !one.reason.is_empty());
    }
    // Patchy: months without any for most who are there, and customers who never got one.
    let rated: BTreeSet<usize> = ratings.iter().map(|one| one.account).collect();
    let there = |one: &usize| company.lives[*one].runs(calendar.end() - 1);
    let unrated = (0..600).filter(there).filter(|one| !rated.contains(one)).count();
    assert!(unrated >= 20, "{unrated}");
    // Noisy, and about what was felt the month before.
    let n = ratings.len() as f64;
    let pairs: Vec<(f64, f64)> =
        ratings.iter().map(|one| (company.accounts[one.account].mood.at(month(one) - 1), one.score as f64)).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (felt, said) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let spread = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>();
    let together = spread(&|pair| (pair.0 - felt) * (pair.1 - said));
    let alone = (spread(&|pair| (pair.0 - felt).powi(2)) * spread(&|pair| (pair.1 - said).powi(2))).sqrt();
    let correlation = together / alone;
    assert!((0.45..0.8).contains(&correlation), "{correlation}");
    assert!((50.0..80.0).contains(&said), "{said}");
}

#[test]
fn no_rating_knows_what_comes() {
    let mut other = Company::simulate(&Options::default()).unwrap();
    for account in &mut other.accounts {
        account.mood.change_from(30);
    }
    let others = ratings::rate(&other).unwrap();
    let said = |all: &[Rating], until: usize| {
        let first = other.calendar.first(until + 1);
        let before = all.iter().filter(|one| other.calendar.day_of(one.at) < first);
        before.map(|one| (one.account, one.at, one.score, one.reason)).collect::<Vec<_>>()
    };
    assert_eq!(said(&others, 30), said(&WORLD.company.ratings, 30));
    assert_ne!(said(&others, 31), said(&WORLD.company.ratings, 31));
}

#[test]
fn moves_of_plan_and_country() {
    let company = &WORLD.company;
    let moved = |of: fn(&Version, &Version) -> bool| {
        company.versions.iter().flat_map(|all| all.windows(2)).filter(|pair| of(&pair[0], &pair[1])).count()
    };
    assert!(moved(|a, b| a.plan != b.plan) >= 10);
    assert!(moved(|a, b| a.country != b.country) >= 5);
}

#[test]
fn too_small_a_company_is_refused() {
    let error = Company::simulate(&Options { accounts: 10, ..Options::default() }).err().unwrap();
    assert_eq!(error.to_string(), "accounts = 10 is too few for the demo company; give at least 150");
}

#[test]
fn other_seeds_and_sizes_hold_together() {
    for (seed, accounts, months) in [(1, FEWEST_ACCOUNTS, FEWEST_MONTHS), (2, 300, 42), (3, 1_300, 60), (4, 600, 36)] {
        let company = Company::simulate(&Options { seed, accounts, months, ..Options::default() }).unwrap();
        let (bridge, _) = measure(&company);
        assert!(bridge.iter().map(|month| month.lost).sum::<u32>() > 0);
        let names: BTreeSet<&str> = company.accounts.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names.len(), accounts);
    }
}
