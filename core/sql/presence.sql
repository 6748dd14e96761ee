-- name: colleagues  ($1 ticket, $2 viewer): who else may work on it
SELECT u.id, coalesce(nullif(u.name, ''), split_part(u.email, '@', 1)) AS name
  FROM tickets t
  JOIN queues q ON q.id = t.queue_id
  JOIN users u ON u.active AND u.role <> 'user' AND u.id <> $2
 WHERE t.id = $1 AND {{policy.works_on}}
 ORDER BY u.id
 LIMIT 2000
