//! What a workspace adds: checks of its own, metrics that are like others.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

use tenure_catalog::{Catalog, CatalogFile, Definition};

fn load(files: &[(&str, &str)]) -> Result<Catalog, String> {
    let files = files.iter().map(|(path, text)| CatalogFile { path: (*path).into(), text: (*text).into() });
    Catalog::load(&files.collect::<Vec<_>>()).map_err(|error| error.to_string())
}

const CHECK: &str = "title = \"ARR is twelve MRR\"\nunit = \"money\"\nkind = \"derived\"\nvalue = \"arr - 12 * mrr\"\n\
                     inputs = { arr = { metric = \"arr\" }, mrr = { metric = \"mrr\" } }\n";

#[test]
fn a_check_of_ones_own_stands_beside_the_built_in_ones() {
    let builtin = Catalog::builtin().unwrap();
    let catalog = load(&[("checks/arr_is_mrr.toml", CHECK)]).unwrap();
    assert_eq!(catalog.checks().count(), builtin.checks().count() + 1);
    assert!(catalog.metric("arr_is_mrr").is_none(), "it is no line on the board");
    assert_eq!(catalog.hash(), builtin.hash(), "it changes no number");
}

#[test]
fn a_mistaken_check_is_told_and_not_left_out() {
    for (from, to, told) in [
        ("12 * mrr", "12 * mmr", "checks/arr_is_mrr.toml: value: `mmr` is not known here"),
        ("metric = \"mrr\"", "metric = \"mmr\"", "checks/arr_is_mrr.toml: inputs.mrr: `mmr` is no metric"),
        ("unit = \"money\"\n", "", "checks/arr_is_mrr.toml: "),
    ] {
        let error = load(&[("checks/arr_is_mrr.toml", &CHECK.replacen(from, to, 1))]).unwrap_err();
        assert!(error.starts_with(told) && error.contains("hint: "), "{error}");
    }
}

#[test]
fn inputs_are_split_alike() {
    let text = CHECK.replacen("metric = \"arr\"", "metric = \"csat\"", 1);
    let error = load(&[("metrics/x.toml", &text)]).unwrap_err();
    assert!(error.starts_with("metrics/x.toml: inputs: `arr` is always split by scale, `mrr` by nothing"), "{error}");
}

fn own(catalog: &Catalog, id: &str) -> Definition {
    catalog.metric(id).unwrap().default.clone()
}

#[test]
fn a_metric_like_another_says_only_what_differs() {
    let text =
        "like = \"nps\"\ntitle = \"NPS of accounts\"\nrows.key = [\"account_id\"]\nvariants.per_account = false\n";
    let catalog = load(&[("metrics/account_nps.toml", text)]).unwrap();
    let (nps, like) = (own(&catalog, "nps"), own(&catalog, "account_nps"));
    assert_eq!(
        (like.title.as_str(), &like.rows.as_ref().unwrap().key[..]),
        ("NPS of accounts", &["account_id".to_owned()][..])
    );
    assert_eq!((&like.value, &like.state, &like.null), (&nps.value, &nps.state, &nps.null));
    let variants = |id: &str| catalog.metric(id).unwrap().variants.len();
    assert_eq!(variants("account_nps"), variants("nps") - 1, "its variants come along, but for one taken away");
}

#[test]
fn a_workspace_changes_a_key_of_a_built_in_metric() {
    let catalog = load(&[("metrics/time_to_value.toml", "like = \"time_to_value\"\nmatures = \"30 days\"\n")]).unwrap();
    let builtin = Catalog::builtin().unwrap();
    let matures = |catalog: &Catalog, id: &str| own(catalog, id).matures;
    assert_eq!(matures(&catalog, "time_to_value").as_deref(), Some("30 days"));
    assert_eq!(own(&catalog, "time_to_value").state, own(&builtin, "time_to_value").state);
    assert_eq!(
        matures(&catalog, "onboarding_time"),
        matures(&builtin, "onboarding_time"),
        "which is like the built-in one"
    );
    assert_ne!(catalog.hash(), builtin.hash());
}

#[test]
fn like_leads_through_others_but_not_in_a_circle() {
    let like = |other: &str| format!("like = \"{other}\"\n");
    let chain =
        load(&[("metrics/a.toml", &like("b")), ("metrics/b.toml", &like("c")), ("metrics/c.toml", &like("nps"))]);
    assert_eq!(own(&chain.unwrap(), "a").value, own(&Catalog::builtin().unwrap(), "nps").value);
    let circle = load(&[("metrics/a.toml", &like("b")), ("metrics/b.toml", &like("a"))]).unwrap_err();
    assert!(circle.starts_with("metrics/a.toml: like: a circle: `a` is like `b`"), "{circle}");
    let unknown = load(&[("metrics/a.toml", &like("npss"))]).unwrap_err();
    assert!(unknown.starts_with("metrics/a.toml: like: `npss` is no metric"), "{unknown}");
    let wrong = load(&[("metrics/a.toml", "like = 3\n")]).unwrap_err();
    assert!(wrong.starts_with("metrics/a.toml: like: not a name"), "{wrong}");
}

const NAMED: &str = "title = \"Paid late\"\nunit = \"ratio\"\nrows = { from = \"invoices\", at = \"issued_at\" }\n\
                     state = { late = \"count(*) FILTER (WHERE paid_at > due_at)\" }\nlet = { share = \"ratio(late, n)\", most = \"share > 0.5\" }\n\
                     value = \"share\"\nnull = { \"too late to tell: {share}\" = \"most\" }\n";

#[test]
fn what_figures_share_has_a_name() {
    let late = NAMED.replace("paid_at > due_at", "paid_at > issued_at");
    let catalog = load(&[("metrics/late.toml", &late)]).unwrap();
    assert_eq!(own(&catalog, "late").lets.iter().count(), 2);
    for (from, to, told) in [
        ("ratio(late, n)", "ratio(latest, n)", "metrics/late.toml: let.share: `latest` is not known here"),
        (
            "share = \"ratio(late, n)\", most = \"share > 0.5\"",
            "most = \"share > 0.5\", share = \"ratio(late, n)\"",
            "metrics/late.toml: let.most: `share` is not known here",
        ),
        ("{ share = ", "{ n = \"1\", share = ", "metrics/late.toml: let.n: `n` is the name of something else already"),
        (
            "tell: {share}",
            "tell: {shares}",
            "metrics/late.toml: null.\"too late to tell: {shares}\": `{shares}` is not known here",
        ),
    ] {
        let error = load(&[("metrics/late.toml", &late.replacen(from, to, 1))]).unwrap_err();
        assert!(error.starts_with(told) && error.contains("hint: "), "{error}");
    }
}
