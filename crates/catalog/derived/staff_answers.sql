-- one row an answer to a staff survey, with its scale and bands: the survey's own, else those usual for 0-10, 1-10 and 1-5.
-- Never opened to rows.
WITH scaled AS (
    SELECT response_id, survey_kind, survey, question, staff_id, email, score, responded_at, promoter_from, detractor_to,
           coalesce(scale_max, CASE WHEN survey_kind = 'enps' AND scale_min IS NULL THEN 10 END) AS scale_max,
           coalesce(scale_min, CASE WHEN coalesce(scale_max, 10) = 10 THEN 0 ELSE 1 END) AS scale_min
    FROM survey_responses
    WHERE survey_kind IN ('enps', 'pulse')
)
SELECT scaled.response_id AS response_id,
       scaled.survey_kind AS survey_kind,
       scaled.survey AS survey,
       scaled.question AS question,
       coalesce(scaled.staff_id, scaled.email, scaled.response_id) AS person,
       staff.team AS team,
       staff.role AS role,
       staff.manager_id AS manager,
       scaled.score AS score,
       scaled.scale_min AS scale_min,
       scaled.scale_max AS scale_max,
       concat(CAST(CAST(scaled.scale_min AS int) AS varchar), '-', CAST(CAST(scaled.scale_max AS int) AS varchar)) AS scale,
       coalesce(scaled.promoter_from, CASE WHEN scaled.scale_max = 10 AND scaled.scale_min IN (0, 1) THEN 9
                                           WHEN scaled.scale_max = 5 AND scaled.scale_min = 1 THEN 5 END) AS promoter_from,
       coalesce(scaled.detractor_to, CASE WHEN scaled.scale_max = 10 AND scaled.scale_min IN (0, 1) THEN 6
                                          WHEN scaled.scale_max = 5 AND scaled.scale_min = 1 THEN 3 END) AS detractor_to,
       scaled.responded_at AS responded_at
FROM scaled
LEFT JOIN staff ON staff.staff_id = scaled.staff_id
