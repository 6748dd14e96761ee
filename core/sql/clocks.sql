-- name: sleepers_due  ($1 now, $2 how many)
SELECT id FROM tickets
 WHERE snoozed_until <= $1 AND merged_into_id IS NULL
 ORDER BY id LIMIT $2
   FOR UPDATE SKIP LOCKED

-- name: waits_in_silence  (a piece): the ticket `t` waits for its requester, and staff spoke last
t.status = 'pending' AND t.merged_into_id IS NULL AND t.snoozed_until IS NULL AND t.confirmed AND NOT t.spam
AND t.staff_spoke_at IS NOT NULL AND t.staff_spoke_at >= coalesce(t.requester_spoke_at, t.staff_spoke_at)

-- name: silent_since  (a piece): since when the requester of the ticket `t` was waited for: the last word of staff, or the status said so later
greatest(t.staff_spoke_at, (SELECT max(e.created_at) FROM events e
                             WHERE e.ticket_id = t.id AND e.kind = 'ticket.status' AND e.data ->> 'after' = 'pending'))

-- name: reminders_due  ($1 now, $2 how many): nobody was reminded since staff spoke
SELECT t.id, {{clocks.silent_since}} AS silent_since, q.close_after_days
  FROM tickets t JOIN queues q ON q.id = t.queue_id
 WHERE {{clocks.waits_in_silence}} AND t.reminded_at IS NULL AND q.close_after_days IS NOT NULL
   AND {{clocks.silent_since}} + make_interval(days => q.remind_after_days) <= $1
 ORDER BY t.id LIMIT $2
   FOR UPDATE OF t SKIP LOCKED

-- name: closings_due  ($1 now, $2 how many): the time is over, and a reminder, where the queue sends one, was at least a day ago
SELECT t.id
  FROM tickets t JOIN queues q ON q.id = t.queue_id
 WHERE {{clocks.waits_in_silence}}
   AND {{clocks.silent_since}} + make_interval(days => q.close_after_days) <= $1
   AND (q.remind_after_days IS NULL OR t.reminded_at <= $1 - interval '1 day')
 ORDER BY t.id LIMIT $2
   FOR UPDATE OF t SKIP LOCKED
