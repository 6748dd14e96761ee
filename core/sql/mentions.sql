-- name: people  ($1 ticket, $2 names in lower case): the one member of staff that each name means, and whether he sees the ticket
SELECT called.name, min(u.id) AS user_id,
       bool_and({{policy.works_on}}) AS sees
  FROM unnest($2::text[]) AS called (name)
  JOIN tickets t ON t.id = $1
  JOIN queues q ON q.id = t.queue_id
  JOIN users u ON u.active AND u.role <> 'user'
                  AND (u.email = called.name OR (strpos(called.name, '@') = 0 AND split_part(u.email, '@', 1) = called.name))
 GROUP BY called.name
HAVING count(*) = 1
