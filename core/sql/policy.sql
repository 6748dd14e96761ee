-- name: ticket_locked  ($1 ticket, $2 viewer)
SELECT t.*,
       viewer.active AS viewer_active,
       viewer.role AS viewer_role,
       EXISTS (SELECT 1 FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = $2) AS viewer_participates,
       (NOT q.private OR EXISTS (SELECT 1 FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = $2)) AS viewer_in_queue
  FROM tickets t
  JOIN queues q ON q.id = t.queue_id
  LEFT JOIN users viewer ON viewer.id = $2
 WHERE t.id = $1
   FOR UPDATE OF t

-- name: role  ($1 user)
SELECT role FROM users WHERE id = $1 AND active

-- name: may_use_queue  ($1 queue, $2 user)
SELECT true
  FROM queues q
  JOIN users u ON u.id = $2 AND u.active AND u.role IN ('staff', 'admin')
 WHERE q.id = $1 AND q.archived_at IS NULL
   AND (NOT q.private OR EXISTS (SELECT 1 FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = u.id))
