-- name: request  ($1 join request)
SELECT id, ticket_id, own_ticket_id, user_id FROM join_requests WHERE id = $1

-- name: state_locked  ($1 join request)
SELECT state FROM join_requests WHERE id = $1 FOR UPDATE

-- name: decide  ($1 join request, $2 state, $3 now)
UPDATE join_requests SET state = $2, decided_at = $3 WHERE id = $1

-- name: let_in  ($1 ticket, $2 user, $3 now): whether he was not in before
INSERT INTO ticket_participants (ticket_id, user_id, added_at)
SELECT $1, $2, $3 FROM tickets WHERE id = $1 AND requester_id <> $2
    ON CONFLICT (ticket_id, user_id) DO NOTHING
RETURNING true

-- name: can_be_merged  ($1 own ticket, $2 its requester, $3 ticket, $4 actor): it is still his, and the actor may work on it
SELECT true
  FROM tickets own
  JOIN tickets target ON target.id = $3 AND target.status <> 'closed'
  JOIN queues q ON q.id = own.queue_id
 WHERE own.id = $1 AND own.requester_id = $2 AND own.merged_into_id IS NULL AND own.id <> target.id
   AND ($4::bigint IS NULL OR NOT q.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = $4))
   AND NOT EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = own.id AND p.user_id = $4)

-- name: page  ($1 viewer, $2 ticket): who waits to be let in, oldest first, for those who work on the ticket
SELECT found.standing, convert_to((
           SELECT coalesce(json_agg(json_build_object(
                      'id', j.id, 'state', j.state, 'created_at', j.created_at, 'decided_at', j.decided_at, 'own_ticket_id', j.own_ticket_id,
                      'user', json_build_object('id', u.id, 'name', coalesce(nullif(u.name, ''), split_part(u.email, '@', 1)), 'email', u.email))
                      ORDER BY j.id), '[]')::text
             FROM join_requests j JOIN users u ON u.id = j.user_id
            WHERE j.ticket_id = ANY(found.ids)), 'UTF8') AS items
  FROM users v
  LEFT JOIN LATERAL (SELECT {{reads.whole}} AS ids, standing
                       FROM tickets named JOIN {{reads.ticket_from}} ON t.id = coalesce(named.merged_into_id, named.id)
                      WHERE named.id = $2) AS found ON true
 WHERE v.id = $1 AND v.active
