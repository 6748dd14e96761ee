-- name: its_merge  (a piece): the event that merged the ticket `m`
(SELECT e.data FROM events e WHERE e.ticket_id = m.id AND e.kind = 'ticket.merged' ORDER BY e.id DESC LIMIT 1)

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
SELECT user_id, true AS is_new FROM added
UNION ALL  -- whom an earlier merge let in stays in as long as one of both stands
SELECT people.user_id, false
  FROM people JOIN ticket_participants p ON p.ticket_id = $2 AND p.user_id = people.user_id
 WHERE EXISTS (SELECT FROM tickets m CROSS JOIN LATERAL {{merging.its_merge}} AS merge
                WHERE m.merged_into_id = $2 AND merge.data -> 'shared' @> to_jsonb(people.user_id))
 ORDER BY 1

-- name: heard  ($1 source, $2 target): who spoke last there spoke last here. A target that waited while the source was asked anew is open
UPDATE tickets t
   SET requester_spoke_at = greatest(t.requester_spoke_at, s.requester_spoke_at), staff_spoke_at = greatest(t.staff_spoke_at, s.staff_spoke_at)
  FROM tickets s
 WHERE t.id = $2 AND s.id = $1
RETURNING s.status IN ('new', 'open') AND t.status IN ('pending', 'resolved') AS asks_again

-- name: point  ($1 source, $2 target, $3 now): the source, and what had been merged into it
UPDATE tickets SET merged_into_id = $2, merged_at = $3, snoozed_until = NULL
 WHERE id = $1 OR merged_into_id = $1
RETURNING id

-- name: last  ($1 ticket): its newest merge
SELECT (data ->> 'into')::bigint AS into, data ->> 'before' AS before, created_at,
       ARRAY(SELECT jsonb_array_elements_text(data -> 'brought')::bigint) AS brought,
       ARRAY(SELECT jsonb_array_elements_text(data -> 'shared')::bigint) AS shared,
       (data ->> 'resolved_at')::timestamptz AS resolved_at, (data ->> 'closed_at')::timestamptz AS closed_at,
       (data ->> 'snoozed_until')::timestamptz AS snoozed_until
  FROM events
 WHERE ticket_id = $1 AND kind = 'ticket.merged'
 ORDER BY id DESC
 LIMIT 1

-- name: undo  ($1 source, $2 what it had brought, $3 the status it had, $4 now, $5 resolved, $6 closed and $7 asleep until, as it was): who
-- asked on it meanwhile is waited for no longer
WITH said AS (
    SELECT max(c.created_at) FILTER (WHERE c.author_id = s.requester_id OR p.user_id IS NOT NULL) AS by_requester,
           max(c.created_at) FILTER (WHERE c.author_id <> s.requester_id AND p.user_id IS NULL) AS by_staff, s.merged_at
      FROM tickets s
      JOIN comments c ON c.ticket_id = s.id AND c.public AND NOT c.automatic AND c.deleted_at IS NULL AND c.created_at > s.merged_at
      LEFT JOIN ticket_participants p ON p.ticket_id = s.id AND p.user_id = c.author_id
     WHERE s.id = $1
     GROUP BY s.merged_at
), stands AS (
    SELECT said.by_requester, said.by_staff,
           CASE WHEN said.by_requester IS NOT NULL AND $3::text IN ('pending', 'resolved', 'closed') THEN 'open' ELSE $3::text END AS status
      FROM (SELECT 1) AS one LEFT JOIN said ON true
)
UPDATE tickets t
   SET merged_into_id = CASE WHEN t.id = $1 THEN NULL ELSE $1 END, merged_at = CASE WHEN t.id = $1 THEN NULL ELSE t.merged_at END,
       status = stands.status, updated_at = $4::timestamptz, version = t.version + 1,
       resolved_at = CASE WHEN stands.status IN ('resolved', 'closed') THEN coalesce($5::timestamptz, $4::timestamptz) END,
       closed_at = CASE WHEN stands.status = 'closed' THEN coalesce($6::timestamptz, $4::timestamptz) END,
       snoozed_until = CASE WHEN t.id = $1 AND stands.by_requester IS NULL THEN $7::timestamptz END,
       requester_spoke_at = CASE WHEN t.id = $1 THEN greatest(t.requester_spoke_at, stands.by_requester) ELSE t.requester_spoke_at END,
       staff_spoke_at = CASE WHEN t.id = $1 THEN greatest(t.staff_spoke_at, stands.by_staff) ELSE t.staff_spoke_at END
  FROM tickets source, stands
 WHERE source.id = $1 AND (t.id = $1 OR (t.id = ANY($2::bigint[]) AND t.merged_into_id = source.merged_into_id))

-- name: let_out  ($1 ticket, $2 people): but not whom another merge let in as well
DELETE FROM ticket_participants gone
 WHERE gone.ticket_id = $1 AND gone.user_id = ANY($2::bigint[])
   AND NOT EXISTS (SELECT FROM tickets m CROSS JOIN LATERAL {{merging.its_merge}} AS merge
                    WHERE m.merged_into_id = $1 AND merge.data -> 'shared' @> to_jsonb(gone.user_id))
RETURNING gone.user_id
