//! Thirty differences planted in a file made from the company's own recurring revenue: `tenure reconcile` finds each, names the right
//! cause for nearly all, and invents none.

use crate::company::company;
use arrow::util::display::array_value_to_string;
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tenure_engine::{MetricRef, RowsQuestion};
use tenure_tests::{Ran, run};

/// The month at whose close finance's file is taken: with trials, a pause, an unpaid account and renewals signed late.
const MONTH: &str = "2026-05";

/// How many causes must be right.
const RIGHT: usize = 25;

/// A way in which finance's file is made to differ.
struct Plant {
    /// How often.
    times: usize,
    /// The cause to be named.
    cause: &'static str,
    /// What is wrong in the file, and whose figure: one account a row (a row more for each line or id more) with the figure that the file has
    /// for it instead of the right one; null: none. `$free` are the customers at the close that nothing was planted on.
    rows: &'static str,
}

/// What every query of the table below may read. `clean` accounts have no discount, trial, pause, unpaid bill or late renewal to confuse them with.
const GIVEN: &str = "
WITH held AS (
    SELECT account_id, currency, mrr AS native, convert(mrr, currency, $close) AS amount FROM account_mrr
    WHERE starts_at <= $close AND (ends_at IS NULL OR ends_at > $close)
),
free AS (SELECT * FROM held WHERE account_id NOT IN ($taken) AND native > 0),
late AS (SELECT account_id FROM contract_terms WHERE renewal_signed_at > ends_at OR renewed_at > ends_at),
clean AS (
    SELECT account_id FROM subscriptions WHERE account_id NOT IN ($taken) AND account_id NOT IN (SELECT account_id FROM late)
    GROUP BY account_id
    HAVING count(discount_percent) + count(discount_amount) + count(trial_ends_at) + count(paused_from) + count(past_due_from) = 0
)
";

const PLANTS: [Plant; 23] = [
    // Renewals.
    Plant { times: 2, cause: "late_renewal", rows: "-- left out, for the renewal was not signed in time
        SELECT DISTINCT account_id, NULL FROM contract_terms
        WHERE ends_at <= $close AND ends_at > add_days($close, -45) AND renewal_signed_at > ends_at AND account_id IN (SELECT account_id FROM free)
        ORDER BY 1 LIMIT 1" },
    // Timing.
    Plant { times: 2, cause: "timing", rows: "-- it has left, and finance counts it on
        SELECT span.account_id, convert(before.mrr, before.currency, $close) FROM customer_spans AS span
        JOIN account_mrr AS before ON before.account_id = span.account_id AND before.ends_at = span.ends_at
        WHERE span.ends_at <= $close AND span.ends_at > add_days($close, -40) AND before.mrr > 0 AND span.account_id IN (SELECT account_id FROM clean)
          AND span.account_id NOT IN (SELECT account_id FROM held) ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "timing", rows: "-- it has come, and finance does not have it yet
        SELECT account_id, NULL FROM customer_spans WHERE starts_at <= $close AND starts_at > add_days($close, -20)
          AND account_id IN (SELECT account_id FROM clean) AND account_id IN (SELECT account_id FROM free) ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "timing", rows: "-- it is to come, and finance has it already
        SELECT span.account_id, convert(later.mrr, later.currency, $close) FROM customer_spans AS span
        JOIN account_mrr AS later ON later.account_id = span.account_id AND later.starts_at = span.starts_at
        WHERE span.starts_at > $close AND span.starts_at < add_days($close, 30) AND later.mrr > 0 AND span.account_id IN (SELECT account_id FROM clean)
        ORDER BY 1 LIMIT 1" },
    Plant { times: 2, cause: "timing", rows: "-- it pays another amount since, and finance has the old one
        SELECT free.account_id, convert(before.mrr, before.currency, $close) FROM free
        JOIN account_mrr AS before ON before.account_id = free.account_id AND before.currency = free.currency
        WHERE before.ends_at <= $close AND before.ends_at > add_days($close, -25) AND abs(before.mrr - free.native) > 5 AND before.mrr > 0
          AND free.account_id IN (SELECT account_id FROM clean) ORDER BY 1, before.ends_at DESC LIMIT 1" },
    Plant { times: 1, cause: "timing", rows: "-- it will pay another amount, and finance has it already
        SELECT free.account_id, convert(later.mrr, later.currency, $close) FROM free
        JOIN account_mrr AS later ON later.account_id = free.account_id AND later.currency = free.currency
        WHERE later.starts_at > $close AND later.starts_at < add_days($close, 30) AND abs(later.mrr - free.native) > 5
          AND free.account_id IN (SELECT account_id FROM clean) ORDER BY 1, later.starts_at LIMIT 1" },
    // Exchange rates.
    Plant { times: 1, cause: "exchange_rate", rows: "-- at the rate that the month opened with
        SELECT account_id, native * fx_rate(currency, day_start(DATE '2026-04-30')) FROM free WHERE currency = 'EUR' AND native > 300
          AND account_id IN (SELECT account_id FROM clean) ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "exchange_rate", rows: "-- at the average of the month's rates, with four decimals
        SELECT account_id, native * CAST((SELECT avg(rate) FROM fx_rates WHERE currency = 'GBP' AND quote = 'USD'
                                            AND day >= DATE '2026-05-01' AND day < DATE '2026-06-01') AS DECIMAL(10, 4))
        FROM free WHERE currency = 'GBP' AND native > 300 AND account_id IN (SELECT account_id FROM clean) ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "exchange_rate", rows: "-- at the year's first rate
        SELECT account_id, native * fx_rate(currency, day_start(DATE '2026-01-01')) FROM free WHERE currency = 'EUR' AND native > 300
          AND account_id IN (SELECT account_id FROM clean) ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "exchange_rate", rows: "-- not converted
        SELECT account_id, native FROM free WHERE currency = 'GBP' AND account_id IN (SELECT account_id FROM clean) ORDER BY 1 LIMIT 1" },
    // Discounts.
    Plant { times: 2, cause: "discount", rows: "-- before the discount that holds
        SELECT account_id, sum(convert(list_mrr, currency, $close)) FROM mrr_lines
        WHERE starts_at <= $close AND (ends_at IS NULL OR ends_at > $close) AND account_id IN (SELECT account_id FROM free)
        GROUP BY account_id HAVING sum(list_mrr) > sum(mrr) AND NOT bool_or(paused) ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "discount", rows: "-- with a discount that is over
        SELECT free.account_id, sum(free.amount * (100 - sold.discount_percent) / 100) FROM free
        JOIN subscriptions AS sold ON sold.account_id = free.account_id AND sold.kind = 'recurring' AND sold.started_at <= $close
         AND (sold.ended_at IS NULL OR sold.ended_at > $close)
        GROUP BY free.account_id HAVING count(*) = 1 AND bool_and(sold.discount_to <= $close AND sold.discount_percent > 0) ORDER BY 1 LIMIT 1" },
    // Merges.
    Plant { times: 1, cause: "merged_account", rows: "-- under the id that was merged
        SELECT merge.old_id, free.amount FROM free
        JOIN (SELECT min(account_id) AS old_id, merged_into FROM accounts WHERE merged_into IS NOT NULL GROUP BY merged_into) AS merge
          ON merge.merged_into = free.account_id WHERE free.account_id = (SELECT min(merged_into) FROM accounts WHERE merged_into NOT IN ($taken))
        UNION ALL SELECT min(merged_into), NULL FROM accounts WHERE merged_into NOT IN ($taken)" },
    Plant { times: 1, cause: "merged_account", rows: "-- split over both
        SELECT merge.old_id, CAST(free.amount AS DECIMAL(18, 2)) - 40 FROM free
        JOIN (SELECT min(account_id) AS old_id, merged_into FROM accounts WHERE merged_into IS NOT NULL GROUP BY merged_into) AS merge
          ON merge.merged_into = free.account_id WHERE free.account_id = (SELECT min(merged_into) FROM accounts WHERE merged_into NOT IN ($taken))
        UNION ALL SELECT min(merged_into), 40 FROM accounts WHERE merged_into NOT IN ($taken)" },
    Plant { times: 1, cause: "merged_account", rows: "-- once more beside the one that survives
        SELECT account_id, 25 FROM accounts WHERE merged_into NOT IN ($taken) ORDER BY 1 LIMIT 1" },
    // What is in force and pays nothing, or nothing yet.
    Plant { times: 2, cause: "trial", rows: "-- a trial counted
        SELECT trial.account_id, sum(convert(monthly_amount(trial.unit_price * trial.quantity, trial.\"interval\", trial.interval_count), trial.currency, $close)
                                     + coalesce(held.amount, 0)) FROM subscriptions AS trial
        LEFT JOIN held ON held.account_id = trial.account_id
        WHERE trial.started_at <= $close AND trial.trial_ends_at > $close AND (trial.ended_at IS NULL OR trial.ended_at > $close)
          AND trial.account_id NOT IN ($taken) GROUP BY trial.account_id HAVING count(*) = 1 ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "paused", rows: "-- a pause counted at the price
        SELECT sold.account_id, sum(convert(monthly_amount(sold.unit_price * sold.quantity, sold.\"interval\", sold.interval_count), sold.currency, $close))
        FROM subscriptions AS sold WHERE sold.kind = 'recurring' AND sold.started_at <= $close AND (sold.ended_at IS NULL OR sold.ended_at > $close)
          AND sold.account_id NOT IN ($taken) GROUP BY sold.account_id
        HAVING bool_or(sold.paused_from <= $close AND sold.paused_to > $close) ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "past_due", rows: "-- unpaid and left out
        SELECT account_id, sum(CASE WHEN past_due_from <= $close AND (past_due_to IS NULL OR past_due_to > $close) THEN 0
                                    ELSE convert(mrr, currency, $close) END) FROM mrr_lines
        WHERE starts_at <= $close AND (ends_at IS NULL OR ends_at > $close) AND account_id IN (SELECT account_id FROM free)
        GROUP BY account_id HAVING bool_or(past_due_from <= $close AND (past_due_to IS NULL OR past_due_to > $close)) ORDER BY 1 LIMIT 1" },
    // What is no recurring revenue.
    Plant { times: 2, cause: "metered_or_one_off", rows: "-- what was metered or sold once in the month
        SELECT free.account_id, min(free.amount) + sum(convert(charge.amount, charge.currency, $close)) FROM free
        JOIN invoices AS charge ON charge.account_id = free.account_id AND charge.kind IN ('metered', 'one_off')
         AND charge.issued_at >= day_start(DATE '2026-05-01') AND charge.issued_at <= $close
        WHERE free.account_id IN (SELECT account_id FROM clean) GROUP BY free.account_id ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "billing_interval", rows: "-- a year's price as a month's
        SELECT free.account_id, free.amount * 12 FROM free JOIN subscriptions AS sold ON sold.account_id = free.account_id
        WHERE sold.\"interval\" = 'year' AND free.account_id IN (SELECT account_id FROM clean) ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "tax", rows: "-- with a fifth of tax
        SELECT account_id, amount * 1.2 FROM free WHERE amount > 100 AND account_id IN (SELECT account_id FROM clean) ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "rounding", rows: "-- in whole dollars
        SELECT account_id, CAST(amount AS DECIMAL(18, 0)) FROM free WHERE abs(amount - CAST(amount AS DECIMAL(18, 0))) > 0.1 ORDER BY 1 LIMIT 1" },
    Plant { times: 1, cause: "duplicate_row", rows: "-- written twice
        SELECT account_id, amount FROM (SELECT account_id, amount FROM free ORDER BY 1 LIMIT 1) AS once
        CROSS JOIN (VALUES (1), (2)) AS copies(copy)" },
];

/// A file with the right figures, into which differences are planted.
struct Finance {
    /// The figures of each account, a line each.
    lines: BTreeMap<String, Vec<Decimal>>,
    /// The cause planted on each account, and which planting it was: a merge is on two.
    planted: BTreeMap<String, (usize, &'static str)>,
}

impl Finance {
    /// Each account's recurring revenue to the cent. What it adds up to is held against the truth elsewhere.
    fn right() -> Self {
        let company = company();
        let question = RowsQuestion {
            metric: MetricRef::default_of("mrr"),
            period: company.period(MONTH),
            filter: Vec::new(),
            excluded: false,
            now: None,
            limit: None,
        };
        let rows = company.block_on(company.engine.rows(&question)).unwrap();
        let place = |name: &str| rows.columns.iter().position(|column| column == name).unwrap();
        let (account, amount) = (place("account_id"), place("amount"));
        let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
        for row in &rows.rows {
            *sums.entry(row[account].clone().unwrap()).or_default() +=
                row[amount].as_deref().unwrap().parse::<Decimal>().unwrap();
        }
        let lines = sums.into_iter().map(|(account, sum)| (account, vec![sum.round_dp(2)])).collect();
        Self { lines, planted: BTreeMap::new() }
    }

    fn plant(&mut self, plant: &Plant) {
        let what = plant.rows.lines().next().unwrap();
        let taken: Vec<String> =
            self.planted.keys().map(|account| format!("'{account}'")).chain(["''".to_owned()]).collect();
        let close = company().period(MONTH).closing().as_microsecond();
        let close = format!("arrow_cast({close}, 'Timestamp(Microsecond, Some(\"UTC\"))')");
        let sql = format!("{GIVEN}{}", plant.rows).replace("$close", &close).replace("$taken", &taken.join(", "));
        let rows = query(&sql);
        assert!(!rows.is_empty(), "the company has nothing to plant: {what}");
        let number = self.planted.values().map(|(number, _)| number + 1).max().unwrap_or(0);
        for (account, _) in &rows {
            self.lines.remove(account);
            assert!(
                self.planted.insert(account.clone(), (number, plant.cause)).is_none_or(|(before, _)| before == number),
                "{what}: {account} twice"
            );
        }
        for (account, figure) in rows {
            self.lines.entry(account).or_default().extend(figure.map(|figure| figure.round_dp(2)));
        }
    }

    fn csv(&self) -> String {
        let mut text = "Customer ID,MRR (USD)\n".to_owned();
        for (account, figures) in &self.lines {
            for figure in figures {
                text += &format!("{account},\"{}\"\n", with_separators(*figure));
            }
        }
        text
    }

    fn total(&self) -> Decimal {
        self.lines.values().flatten().sum()
    }
}

/// `1,234.50`, as finance writes it.
fn with_separators(figure: Decimal) -> String {
    let text = format!("{figure:.2}");
    let (whole, cents) = text.split_once('.').unwrap();
    let groups: Vec<String> =
        whole.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    format!("{}.{cents}", groups.join(","))
}

/// Account and figure of each row.
fn query(sql: &str) -> Vec<(String, Option<Decimal>)> {
    let company = company();
    let batches = company.block_on(async { company.engine.sql(sql).await.unwrap().collect().await.unwrap() });
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let text = |column: usize| array_value_to_string(batch.column(column), row).unwrap();
            rows.push((text(0), text(1).parse().ok()));
        }
    }
    rows
}

/// The whole answer, and the exit code.
fn reconciled(file: &str) -> (Ran, Value) {
    let ran =
        run(&company().folder, &["reconcile", file, "--metric", "mrr", "--period", MONTH, "--format", "json"]).unwrap();
    let mut found: Vec<Value> =
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err));
    (ran, found.remove(0))
}

fn money(value: &Value) -> Decimal {
    value.to_string().parse().unwrap()
}

/// Reported of other tools: <https://github.com/superset-sh/superset/pull/7086>, <https://github.com/guytasaka/ams/issues/130>.
#[test]
fn thirty_planted_differences_are_found_and_explained() {
    let mut finance = Finance::right();
    let untouched = finance.total();
    for plant in &PLANTS {
        (0..plant.times).for_each(|_| finance.plant(plant));
    }
    let unknown = PLANTS.iter().map(|plant| plant.times).sum();
    finance.lines.insert("Z-0001".into(), vec![Decimal::new(9_900, 2)]);
    finance.planted.insert("Z-0001".into(), (unknown, "unknown_account"));
    let all: BTreeSet<usize> = finance.planted.values().map(|(number, _)| *number).collect();
    assert_eq!((all.len(), all.last()), (30, Some(&29)));
    assert_ne!(finance.total(), untouched);

    let file = "planted.csv";
    std::fs::write(company().folder.join(file), finance.csv()).unwrap();
    let (ran, found) = reconciled(file);
    assert_eq!(ran.code, Some(3), "{}", ran.err);
    let differences = found["differences"].as_array().unwrap();
    let told: BTreeMap<&str, &Value> =
        differences.iter().map(|one| (one["account_id"].as_str().unwrap(), one)).collect();
    let invented: Vec<_> = told.keys().filter(|account| !finance.planted.contains_key(**account)).collect();
    assert!(invented.is_empty(), "invented: {invented:?}");
    let missed: Vec<_> = finance.planted.iter().filter(|(account, _)| !told.contains_key(account.as_str())).collect();
    assert!(missed.is_empty(), "missed: {missed:?}");

    // A planting on two accounts is right where both are.
    let wrong: Vec<String> = finance
        .planted
        .iter()
        .filter(|(account, (_, cause))| told[account.as_str()]["cause"] != *cause)
        .map(|(account, (number, cause))| format!("{number} {cause}: {}", told[account.as_str()]))
        .collect();
    let wrong_ones: BTreeSet<&str> = wrong.iter().filter_map(|text| text.split(' ').next()).collect();
    assert!(30 - wrong_ones.len() >= RIGHT, "{}", wrong.join("\n"));
    eprintln!("{} of 30 causes are right\n{}", 30 - wrong_ones.len(), wrong.join("\n"));

    // Every total to the cent.
    let sum: Decimal = differences.iter().map(|one| money(&one["difference"])).sum();
    let [ours, theirs] = ["ours", "theirs"].map(|side| money(&found[side]));
    assert_eq!(theirs, finance.total());
    assert_eq!(sum, money(&found["sum_of_differences"]));
    assert_eq!(ours - theirs, sum + money(&found["rounding"]));
    assert_eq!(ours - theirs, money(&found["difference"]));
    assert!(money(&found["rounding"]).abs() < Decimal::ONE, "{}", found["rounding"]);
    for side in ["ours", "theirs", "difference"] {
        let groups: Decimal = found["groups"].as_array().unwrap().iter().map(|group| money(&group[side])).sum();
        assert_eq!(groups, money(&found[side]), "{side}");
    }
    for one in differences {
        let side = |side: &str| if one[side].is_null() { Decimal::ZERO } else { money(&one[side]) };
        assert_eq!(side("ours") - side("theirs"), money(&one["difference"]), "{one}");
        assert!(!one["evidence"].as_str().unwrap().is_empty());
    }
    let metric = run(&company().folder, &["metric", "mrr", "--period", MONTH, "--format", "json"]).unwrap().out;
    let metric: Value = serde_json::from_str(&metric).unwrap();
    assert_eq!(ours, money(&metric[0]["value"]));
}

#[test]
fn a_file_that_agrees_has_no_differences() {
    let finance = Finance::right();
    std::fs::write(company().folder.join("agrees.csv"), finance.csv()).unwrap();
    let (ran, found) = reconciled("agrees.csv");
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!(found["differences"], Value::Array(Vec::new()));
    assert_eq!(money(&found["theirs"]), finance.total());
    assert_eq!(money(&found["difference"]), money(&found["rounding"]));
}
