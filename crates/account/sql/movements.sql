-- One row a day on which its MRR moved, of the last twelve months, the newest first: in the workspace's currency.
SELECT move.at AS at, move.movement AS movement, CAST(move.change AS DECIMAL(38, 6)) AS change, move.reason AS reason
FROM mrr_movements AS move
JOIN asked ON move.at <= asked.closing AND move.at > add_months(asked.closing, -12)
WHERE move.account_id = $account
ORDER BY move.at DESC, move.row_id DESC
