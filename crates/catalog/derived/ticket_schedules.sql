-- One row a ticket: the business hours that applied to it over time, as business_seconds_across takes them.
SELECT ticket_id, array_agg(named_struct('at', at, 'schedule', schedule)) AS schedules
FROM ticket_schedule_changes
GROUP BY ticket_id
