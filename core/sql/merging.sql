-- name: let_in  ($1 source, $2 target, $3 with everybody, $4 now): who of the source becomes a participant of the target. Staff among them
-- always: on one's own case one is no staff, wherever it goes on
WITH people AS (
    SELECT t.requester_id AS user_id FROM tickets t WHERE t.id = $1
    UNION
    SELECT p.user_id FROM ticket_participants p WHERE p.ticket_id = $1
), added AS (
    INSERT INTO ticket_participants (ticket_id, user_id, added_at)
    SELECT $2, people.user_id, $4
      FROM people
      JOIN users u ON u.id = people.user_id AND u.active
      JOIN tickets target ON target.id = $2
     WHERE ($3 OR u.role <> 'user') AND u.id <> target.requester_id
     ORDER BY people.user_id
        ON CONFLICT (ticket_id, user_id) DO NOTHING
    RETURNING user_id
), unwatched AS (
    DELETE FROM ticket_watchers w USING added WHERE w.ticket_id = $2 AND w.user_id = added.user_id
), watching AS (
    INSERT INTO ticket_watchers (ticket_id, user_id, added_at)
    SELECT $2, w.user_id, $4
      FROM ticket_watchers w
      JOIN tickets target ON target.id = $2
      JOIN queues q ON q.id = target.queue_id
     WHERE w.ticket_id = $1 AND w.user_id <> target.requester_id
       AND w.user_id NOT IN (SELECT user_id FROM people UNION SELECT p.user_id FROM ticket_participants p WHERE p.ticket_id = $2)
       AND (NOT q.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = w.user_id))
        ON CONFLICT (ticket_id, user_id) DO NOTHING
)
SELECT user_id FROM added ORDER BY user_id

-- name: point  ($1 source, $2 target, $3 now): the source, and what had been merged into it
UPDATE tickets SET merged_into_id = $2, merged_at = $3, snoozed_until = NULL
 WHERE id = $1 OR merged_into_id = $1
RETURNING id

-- name: last  ($1 ticket): its newest merge
SELECT (data ->> 'into')::bigint AS into, data ->> 'before' AS before, created_at,
       ARRAY(SELECT jsonb_array_elements_text(data -> 'brought')::bigint) AS brought,
       ARRAY(SELECT jsonb_array_elements_text(data -> 'shared')::bigint) AS shared
  FROM events
 WHERE ticket_id = $1 AND kind = 'ticket.merged'
 ORDER BY id DESC
 LIMIT 1

-- name: undo  ($1 source, $2 what it had brought, $3 the status it had, $4 now)
UPDATE tickets t
   SET merged_into_id = CASE WHEN t.id = $1 THEN NULL ELSE $1 END, merged_at = CASE WHEN t.id = $1 THEN NULL ELSE t.merged_at END,
       status = $3::text, updated_at = $4, version = t.version + 1,
       resolved_at = CASE WHEN $3::text IN ('resolved', 'closed') THEN coalesce(t.resolved_at, $4) END,
       closed_at = CASE WHEN $3::text = 'closed' THEN coalesce(t.closed_at, $4) END
  FROM tickets source
 WHERE source.id = $1 AND (t.id = $1 OR (t.id = ANY($2::bigint[]) AND t.merged_into_id = source.merged_into_id))

-- name: let_out  ($1 ticket, $2 people)
DELETE FROM ticket_participants WHERE ticket_id = $1 AND user_id = ANY($2::bigint[]) RETURNING user_id
