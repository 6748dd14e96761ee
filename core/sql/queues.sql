-- name: one_seeder: others wait here until this transaction has ended
SELECT pg_advisory_xact_lock(7236411906)

-- name: exists  ($1 queue)
SELECT true FROM queues WHERE id = $1 AND archived_at IS NULL

-- name: for_new_ticket  ($1 mailbox or NULL): the mailbox's queue, else the first open to everybody
SELECT id FROM (
    SELECT m.queue_id AS id, 0 AS rank, 0 AS position FROM mailboxes m WHERE m.id = $1
    UNION ALL
    SELECT q.id, 1, q.position FROM queues q WHERE q.archived_at IS NULL AND NOT q.private
) AS candidate
ORDER BY rank, position, id
LIMIT 1

-- name: reply_sets_pending  ($1 queue)
SELECT reply_sets_pending FROM queues WHERE id = $1

-- name: rule  ($1 queue): how new tickets are given out in a queue that is in use
SELECT assignment FROM queues WHERE id = $1 AND archived_at IS NULL

-- name: has_tickets  ($1 queue)
SELECT true FROM tickets WHERE queue_id = $1 LIMIT 1

-- name: another_open_one  ($1 queue)
SELECT true FROM queues WHERE id <> $1 AND archived_at IS NULL AND NOT private LIMIT 1

-- name: add_member  ($1 queue, $2 user, $3 lead or NULL for as it is)
INSERT INTO queue_members (queue_id, user_id, lead) VALUES ($1, $2, coalesce($3, false))
    ON CONFLICT (queue_id, user_id) DO UPDATE SET lead = coalesce($3, queue_members.lead)

-- name: remove_member  ($1 queue, $2 user)
DELETE FROM queue_members WHERE queue_id = $1 AND user_id = $2 RETURNING true

-- name: is_last_with_open_tickets  ($1 queue, $2 member)
SELECT true
 WHERE EXISTS (SELECT FROM tickets WHERE queue_id = $1 AND status IN ('new', 'open', 'pending') AND merged_into_id IS NULL)
   AND NOT EXISTS (SELECT FROM queue_members m JOIN users u ON u.id = m.user_id AND u.active AND u.role <> 'user'
                    WHERE m.queue_id = $1 AND m.user_id <> $2)

-- name: left_alone_without  ($1 member): a private queue with open tickets that nobody else sees
SELECT q.name FROM queues q JOIN queue_members own ON own.queue_id = q.id AND own.user_id = $1
 WHERE q.private AND EXISTS (SELECT FROM tickets t WHERE t.queue_id = q.id AND t.status IN ('new', 'open', 'pending') AND t.merged_into_id IS NULL)
   AND NOT EXISTS (SELECT FROM queue_members m JOIN users u ON u.id = m.user_id AND u.active AND u.role <> 'user'
                    WHERE m.queue_id = q.id AND m.user_id <> $1)
 LIMIT 1

-- name: drop_watchers_without_rights  ($1 queue)
DELETE FROM ticket_watchers w
 USING tickets t, queues q
 WHERE t.id = w.ticket_id AND t.queue_id = q.id AND q.id = $1 AND q.private
   AND NOT EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = w.user_id)

-- name: held_without_rights  ($1 queue): tickets whose assignee may not see them, in the order in which they are locked
SELECT t.id, t.assignee_id
  FROM tickets t JOIN queues q ON q.id = t.queue_id
 WHERE q.id = $1 AND q.private AND t.assignee_id IS NOT NULL AND t.status IN ('new', 'open', 'pending') AND t.merged_into_id IS NULL
   AND NOT EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = t.assignee_id)
 ORDER BY t.id

-- name: columns  (a piece): a queue `q` as its viewer `v` sees it
q.id, q.slug, q.name, q.private, q.language, q.position, q.assignment, q.reply_sets_pending, q.remind_after_days, q.close_after_days,
q.archived_at, q.version, EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = v.id) AS member

-- name: page  ($1 viewer, $2 also those that only an admin sees, and archived ones)
SELECT convert_to(coalesce(json_agg(queue), '[]')::text, 'UTF8') AS items
  FROM (SELECT {{queues.columns}}
          FROM users v CROSS JOIN queues q
         WHERE v.id = $1
           AND ((q.archived_at IS NULL AND (NOT q.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = v.id)))
                OR ($2 AND v.role = 'admin'))
         ORDER BY q.position, q.name, q.id) AS queue

-- name: get  ($1 viewer, $2 queue): with its members, for those who work in it and for admins
SELECT q.version, convert_to(row_to_json(shown)::text, 'UTF8') AS json
  FROM users v
  JOIN queues q ON q.id = $2
  CROSS JOIN LATERAL (
    SELECT {{queues.columns}},
           (SELECT coalesce(json_agg(json_build_object('id', u.id, 'name', coalesce(nullif(u.name, ''), split_part(u.email, '@', 1)), 'lead', m.lead)
                                     ORDER BY m.id), '[]')
              FROM queue_members m JOIN users u ON u.id = m.user_id WHERE m.queue_id = q.id) AS members
  ) AS shown
 WHERE v.id = $1 AND v.role <> 'user'
   AND (NOT q.private OR v.role = 'admin' OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = v.id))
