//! Everything that can be wrong with a file, as its author reads it: `messages.txt`, case by case.

use crate::support::{direct_text, signals, text};
use tenure_scorecard::{Scorecards, Text};

fn told(cards: &[Text], own: &[Text]) -> String {
    match Scorecards::of(cards, &[&signals(), own].concat(), &|metric| metric == "nps") {
        Ok(_) => "read".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn cards() -> Vec<String> {
    let head = "title = \"T\"\nformula = \"weighted_mean\"\n";
    let group = format!("{head}[[group]]\nid = \"use\"\n");
    let member = format!("{group}[[group.signal]]\nid = \"a\"\n");
    let good = format!("{member}ramp = {{ from = 0, to = 1 }}\n");
    vec![
        head.to_owned(),
        group.clone(),
        member.clone(),
        format!("{good}wieght = 3\n"),
        format!("{head}missing = \"lost\"\n"),
        format!("{good}weight = \"high\"\n"),
        format!("{good}weight = nan\n"),
        format!("{good}weight = -1\n"),
        format!("{good}weight = 1e12\n"),
        format!("{good}weight = 0\n"),
        format!("{good}weight = 99999999999999999999\n"),
        format!("{good}weight = 0.0000001\n"),
        format!("{good}max_age = \"a month\"\n"),
        format!("{good}max_age = 30\n"),
        format!("{good}up_to = \"30 days\"\n"),
        format!("{good}max_age = \"30 days\"\nmissing = \"last_value\"\nup_to = \"30 days\"\n"),
        format!("{good}missing = \"last_value\"\nup_to = \"30 days\"\n"),
        format!("{good}percentile = {{ better = \"up\" }}\n"),
        format!("{good}window = \"30 days\"\n"),
        format!("{good}unit = \"days\"\n"),
        format!("{good}metric = \"nps\"\n"),
        format!("{good}metric = \"nps\"\nsql = \"x\"\n"),
        format!("{good}sql = \"x\"\nwindow = \"3 days\"\n"),
        format!(
            "{good}[[group.signal]]\nid = \"own\"\nmetric = \"nsp\"\nwindow = \"3 days\"\nramp = {{ from = 0, to = 1 }}\n"
        ),
        format!(
            "{good}[[group.signal]]\nid = \"a\"\nmetric = \"nps\"\nwindow = \"3 days\"\nramp = {{ from = 0, to = 1 }}\n"
        ),
        format!("{good}[[group.signal]]\nid = \"a\"\nramp = {{ from = 0, to = 1 }}\n"),
        format!("{good}[[group]]\nid = \"use\"\n[[group.signal]]\nid = \"b\"\nramp = {{ from = 0, to = 1 }}\n"),
        format!("{good}[[group]]\nid = \"empty\"\n"),
        format!("{good}[[group.signal]]\nid = \"zzz\"\nramp = {{ from = 0, to = 1 }}\n"),
        format!("{member}ramp = {{ from = 1, to = 1 }}\n"),
        format!("{member}ramp = {{ from = nan, to = 0 }}\n"),
        format!("{member}ramp = {{ from = 0, to = 1, points = [0, 101] }}\n"),
        format!("{member}ramp = {{ from = 0 }}\n"),
        format!("{member}bands = []\n"),
        format!("{member}bands = [{{ to = 3, points = 1 }}, {{ from = 4, points = 2 }}]\n"),
        format!("{member}bands = [{{ to = 5, points = 1 }}, {{ from = 4, points = 2 }}]\n"),
        format!("{member}bands = [{{ points = 1 }}, {{ points = 2 }}]\n"),
        format!("{member}bands = [{{ from = 1, to = 5, points = 1 }}, {{ from = 5, to = 5, points = 2 }}]\n"),
        format!("{member}bands = [{{ to = inf, points = -1 }}]\n"),
        format!("neutral = 101\n{good}"),
        format!("colours = {{ amber = 70, green = 50 }}\n{good}"),
        format!("when = {{ stage = [] }}\n{good}"),
        format!("when = {{ stage = \"live\" }}\n{good}"),
        good.replace("weighted_mean", "human_rating"),
        good.replace("\"weighted_mean\"", "weighted_mean"),
        "formula = \"points\"".to_owned(),
        good.replace("id = \"use\"", "id = \"\""),
        direct_text("formula = \"weighted_mean\"", "0: a 1"),
        direct_text("formula = \"points\"", "1: a 0"),
    ]
}

fn signal_files() -> Vec<&'static str> {
    vec![
        "title = \"S\"\nbetter = \"up\"\n",
        "title = \"S\"\nbetter = \"sideways\"\nsql = \"SELECT 1\"\n",
        "title = \"S\"\nbetter = \"up\"\nmetric = \"nsp\"\nwindow = \"90 days\"\n",
        "title = \"S\"\nbetter = \"up\"\nmetric = \"nps\"\nwindow = \"0 days\"\n",
        "title = \"S\"\nbetter = \"up\"\nsql = \"SELECT 1\"\nlooks_back = \"99999 days\"\n",
        "title = \"S\"\nüber = 1\n",
    ]
}

#[test]
fn every_problem_as_it_is_told() {
    let mut said = String::new();
    let mut add = |case: &str, told: String| said += &format!("-- {}\n{told}\n", case.trim().replace('\n', " | "));
    for case in cards() {
        add(&case, told(&[text("card", &case)], &[]));
    }
    let member = |id: &str, rest: &str| {
        let head = "title = \"T\"\nformula = \"weighted_mean\"\n[[group]]\nid = \"use\"\n[[group.signal]]\n";
        format!("{head}id = \"{id}\"\n{rest}ramp = {{ from = 0, to = 1 }}\n")
    };
    let names_own = text("card", &member("own", ""));
    for case in signal_files() {
        add(case, told(std::slice::from_ref(&names_own), &[text("own", case)]));
    }
    let defines = |card: &str| text(card, &member("own", "metric = \"nps\"\nwindow = \"90 days\"\n"));
    add("two scorecards define one signal", told(&[defines("one"), defines("two")], &[]));
    add("a scorecard names the signal of another", told(&[defines("one"), text("two", &names_own.text)], &[]));
    add("a scorecard defines a signal of a file", told(&[text("card", &member("a", "sql = \"SELECT 1\"\n"))], &[]));
    assert!(said == include_str!("messages.txt"), "messages differ from messages.txt; now they are:\n{said}");
}
