-- closing_scores
-- One row an asked period and customer scored on the day of its close, by the scorecards in force on that day: a score stands from the start of
-- its day to the start of the next. Where several stand under one account, because it took others over or because its children do at
-- `--level parent`, one counts: their mean weighted by MRR (each alike where none pays, or a rate is missing), in the colour that their
-- scorecards' edges give it. Where these differ, or are not known, it has the colour that most of that MRR stands in, at a tie the worse.
WITH edges AS (
    SELECT line, scorecard, scorecard_edge(definition, 'amber') AS amber_from, scorecard_edge(definition, 'green') AS green_from
    FROM health_scorecards
),
stood AS (
    SELECT asked.period, one.account_id, one.day, one.score, one.colour, one.reason, one.coverage, one.scorecard, one.stage, one.mrr,
           CASE WHEN one.score IS NOT NULL THEN edges.amber_from END AS amber_from,
           CASE WHEN one.score IS NOT NULL THEN edges.green_from END AS green_from
    FROM health_scores AS one
    JOIN asked ON one.day = local_day(asked.closing)
    LEFT JOIN edges ON edges.line = one.line AND edges.scorecard = one.scorecard
    WHERE one.in_force AND one.account_id IS NOT NULL
),
weighed AS (
    SELECT *, CASE WHEN count(*) OVER same = count(mrr) OVER same AND sum(CASE WHEN score IS NOT NULL THEN mrr END) OVER same > 0
                   THEN mrr ELSE 1 END AS weight
    FROM stood
    WINDOW same AS (PARTITION BY period, account_id)
),
account AS (
    SELECT period, account_id, day, count(*) AS scores, min(score) AS least, min(reason) AS reason,
           sum(CAST(score AS DOUBLE) * CAST(weight AS DOUBLE)) AS scored, sum(CAST(coverage AS DOUBLE) * CAST(weight AS DOUBLE)) AS covered,
           sum(CASE WHEN score IS NOT NULL THEN CAST(weight AS DOUBLE) END) AS weight_scored, sum(CAST(weight AS DOUBLE)) AS weight,
           min(coverage) AS coverage,
           coalesce(sum(CASE WHEN colour = 'red' THEN weight END), 0) AS red, coalesce(sum(CASE WHEN colour = 'amber' THEN weight END), 0) AS amber,
           coalesce(sum(CASE WHEN colour = 'green' THEN weight END), 0) AS green, min(colour) AS any_colour,
           CASE WHEN count(amber_from) = count(score) AND min(amber_from) = max(amber_from) AND min(green_from) = max(green_from)
                THEN min(amber_from) END AS amber_from,
           min(green_from) AS green_from,
           min(scorecard) AS scorecard, max(scorecard) AS other_scorecard, min(stage) AS stage, max(stage) AS other_stage,
           CASE WHEN count(*) = count(mrr) THEN sum(mrr) END AS mrr
    FROM weighed
    GROUP BY period, account_id, day
),
together AS (
    SELECT *, CASE WHEN scores = 1 THEN least ELSE CAST(round(scored / weight_scored, 6) AS DECIMAL(18, 6)) END AS score FROM account
)
SELECT period AS period, account_id AS account_id, day AS day, scores AS scores, score AS score,
       CASE WHEN scores = 1 OR any_colour IS NULL THEN any_colour
            WHEN score >= green_from AND amber_from IS NOT NULL THEN 'green'
            WHEN score >= amber_from THEN 'amber'
            WHEN score < amber_from THEN 'red'
            WHEN red >= amber AND red >= green THEN 'red'
            WHEN amber >= green THEN 'amber'
            ELSE 'green' END AS colour,
       reason AS reason,
       CASE WHEN scores = 1 OR weight = 0 THEN coverage ELSE CAST(round(covered / weight, 6) AS DECIMAL(18, 6)) END AS coverage,
       CASE WHEN scorecard <> other_scorecard THEN 'several' ELSE scorecard END AS scorecard,
       CASE WHEN stage <> other_stage THEN 'several' ELSE stage END AS stage,
       CAST(mrr AS DECIMAL(38, 10)) AS mrr
FROM together
