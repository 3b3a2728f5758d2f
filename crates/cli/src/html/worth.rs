//! Models of lifetime value, fitted a while ago, against what has come since.

use super::chart::{self, LineChart, Point, Series, Size};
use maud::Markup;
use tenure_outlook::lifetime_value::{HoldOut, Step};

/// A figure for the models of contracts and one for those of purchases; none where no model of them could be fitted.
pub(super) fn figures(held: &[HoldOut]) -> Vec<Markup> {
    let of = |contracts: bool| -> Vec<&HoldOut> {
        held.iter().filter(|one| one.model.of_contracts() == contracts && !one.steps.is_empty()).collect()
    };
    let contracts = figure("Lifetime value: customers still there, expected and come", "customers", &of(true));
    let purchases =
        figure("Lifetime value: months with purchases, expected and come", "customers who had bought", &of(false));
    contracts.into_iter().chain(purchases).collect()
}

fn figure(title: &str, whose: &str, models: &[&HoldOut]) -> Option<Markup> {
    let first = models.first()?;
    let line = |name: &str, steps: &[Step], value: &dyn Fn(&Step) -> f64| Series {
        name: name.to_owned(),
        points: steps.iter().map(|step| Point { value: Some(value(step)), band: None, complete: true }).collect(),
    };
    let came = line("came", &first.steps, &|step| step.actual);
    let expected = models.iter().map(|one| line(one.model.id(), &one.steps, &|step| step.expected));
    let chart = LineChart {
        periods: first.steps.iter().map(|step| step.month.label.clone()).collect(),
        series: std::iter::once(came).chain(expected).collect(),
        tick: &count,
        text: &count,
    };
    let last = first.steps.last()?;
    let said = models.iter().filter_map(|one| Some(format!("{} {:.1}", one.model.id(), one.steps.last()?.expected)));
    let told = format!(
        "At the end of {} there were {}; expected were: {}.",
        last.month.label,
        count(last.actual),
        said.collect::<Vec<_>>().join(", ")
    );
    let note = format!("{} {whose}; fitted to what had happened by the end of {}", first.customers, first.known.label);
    Some(chart::figure(title, &told, Some(&note), Size::Page, |size| chart.draw(size)))
}

fn count(value: f64) -> String {
    format!("{value:.0}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenure_outlook::lifetime_value::Model;
    use tenure_schema::period::{Clock, Period};
    use tenure_schema::zone::Zone;

    fn held(model: Model, expected: &[f64]) -> HoldOut {
        let clock = Clock { zone: Zone::utc(), fiscal_year_start: 1 };
        let month = |label: &str| Period::parse(label, &clock, jiff::Timestamp::UNIX_EPOCH).unwrap();
        let step = |(number, expected): (usize, &f64)| Step {
            month: month(&format!("2026-0{}", number + 2)),
            expected: *expected,
            actual: 10.0,
        };
        HoldOut {
            model,
            known: month("2026-01"),
            customers: 12,
            steps: expected.iter().enumerate().map(step).collect(),
            reason: expected.is_empty().then(|| "too few".to_owned()),
        }
    }

    #[test]
    fn models_of_a_kind_share_a_figure_and_one_without_a_fit_is_left_out() {
        let all = [held(Model::Sbg, &[11.0, 9.5]), held(Model::Bdw, &[11.2, 10.1]), held(Model::BgNbd, &[])];
        let drawn = figures(&all);
        let [figure] = drawn.as_slice() else { panic!("one figure, not {}", drawn.len()) };
        let text = figure.clone().into_string();
        assert!(text.contains("At the end of 2026-03 there were 10; expected were: sbg 9.5, bdw 10.1."), "{text}");
        assert!(text.contains("12 customers; fitted to what had happened by the end of 2026-01"), "{text}");
        assert!(figures(&[held(Model::ParetoNbd, &[])]).is_empty() && figures(&[]).is_empty());
    }
}
