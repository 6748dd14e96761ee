-- name: colleagues  ($1 ticket, $2 viewer): who else may work on it
SELECT u.id, coalesce(nullif(u.name, ''), split_part(u.email, '@', 1)) AS name
  FROM tickets t
  JOIN queues q ON q.id = t.queue_id
  JOIN users u ON u.active AND u.role <> 'user' AND u.id NOT IN ($2, t.requester_id)
 WHERE t.id = $1
   AND (NOT q.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = u.id))
   AND NOT EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = u.id)
 ORDER BY u.id
 LIMIT 2000
