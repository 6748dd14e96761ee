-- name: works_on  (a piece): whether the person `u` may work on the ticket `t` in the queue `q`: he is staff who sees the queue, and it is not
-- his own case, nor does a case of his go on there
(u.role <> 'user' AND t.requester_id <> u.id
 AND NOT EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = u.id)
 AND NOT EXISTS (SELECT FROM tickets m
                  WHERE m.merged_into_id = t.id
                    AND (m.requester_id = u.id OR EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = m.id AND p.user_id = u.id)))
 AND (NOT q.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = u.id)))

-- name: lock  ($1 ticket): it, or the ticket it goes on in, is locked until the transaction ends. By its id alone: what else the row is
-- joined with could change while we wait, and then there would be no row
SELECT id FROM tickets WHERE id = (SELECT coalesce(merged_into_id, id) FROM tickets WHERE id = $1) FOR UPDATE

-- name: lock_if_free  ($1 ticket): the same, unless somebody holds it
SELECT id FROM tickets WHERE id = (SELECT coalesce(merged_into_id, id) FROM tickets WHERE id = $1) FOR UPDATE SKIP LOCKED

-- name: ticket  ($1 ticket, $2 viewer): it, or the ticket it goes on in; and what the viewer is to both
SELECT t.*,
       named.id AS named_id,
       named.id <> t.id AND (named.requester_id = $2
           OR EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = named.id AND p.user_id = $2)) AS viewer_belongs_to_named,
       named.id <> t.id AND named.requester_id <> t.requester_id
           AND NOT EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = named.requester_id) AS named_is_apart,
       u.active AS viewer_active,
       EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = $2) AS viewer_participates,
       {{policy.works_on}} AS viewer_works_on
  FROM tickets named
  JOIN tickets t ON t.id = coalesce(named.merged_into_id, named.id)
  JOIN queues q ON q.id = t.queue_id
  LEFT JOIN users u ON u.id = $2
 WHERE named.id = $1

-- name: tickets_locked_in_order  ($1 tickets): what these numbers lead to, always in the same order. Merged tickets are locked by the lock
-- of the one they go on in
SELECT id FROM tickets
 WHERE id IN (SELECT coalesce(merged_into_id, id) FROM tickets WHERE id = ANY($1::bigint[]))
 ORDER BY id
   FOR UPDATE

-- name: role  ($1 user)
SELECT role FROM users WHERE id = $1 AND active

-- name: chosen  ($1 name of a choice)
SELECT value = 'true'::jsonb FROM settings WHERE name = $1

-- name: may_use_queue  ($1 queue, $2 user, $3 also one that is archived)
SELECT true
  FROM queues q
  JOIN users u ON u.id = $2 AND u.active AND u.role IN ('staff', 'admin')
 WHERE q.id = $1 AND ($3 OR q.archived_at IS NULL)
   AND (NOT q.private OR EXISTS (SELECT 1 FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = u.id))
