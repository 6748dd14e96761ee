-- name: one_at_a_time  ($1 queue): others wait here until this transaction has ended
SELECT pg_advisory_xact_lock(hashtextextended('assignment:' || $1::bigint, 0))

-- name: candidates  (a piece; $1 ticket, $2 queue): members who may work on the ticket
  FROM queue_members m
  JOIN users u ON u.id = m.user_id AND u.active
  JOIN tickets t ON t.id = $1
  JOIN queues q ON q.id = m.queue_id
 WHERE m.queue_id = $2 AND {{policy.works_on}}

-- name: round_robin  ($1 ticket, $2 queue): whose turn it is
SELECT m.user_id {{assignment.candidates}}
 ORDER BY m.last_assigned_at NULLS FIRST, m.id
 LIMIT 1
   FOR SHARE OF u, q

-- name: least_loaded  ($1 ticket, $2 queue): who has the fewest unfinished tickets; among equals, whose turn it is
SELECT m.user_id {{assignment.candidates}}
 ORDER BY (SELECT count(*) FROM tickets o
            WHERE o.assignee_id = m.user_id AND o.status IN ('new', 'open', 'pending') AND o.merged_into_id IS NULL),
          m.last_assigned_at NULLS FIRST, m.id
 LIMIT 1
   FOR SHARE OF u, q

-- name: give  ($1 ticket, $2 queue, $3 user, $4 now): who had the last turn is last, also among transactions that began in another order
WITH turn AS (
    UPDATE queue_members
       SET last_assigned_at = greatest($4, (SELECT max(m.last_assigned_at) FROM queue_members m WHERE m.queue_id = $2) + interval '1 microsecond')
     WHERE queue_id = $2 AND user_id = $3
)
UPDATE tickets SET assignee_id = $3, version = version + 1, updated_at = $4 WHERE id = $1
