-- name: add  ($1 ticket, $2 user, $3 now, $4 how many at most): how many were in copy, and whether he was. No row: no such active person
WITH person AS (
    SELECT id FROM users WHERE id = $2 AND active
), before AS (
    SELECT count(*) AS count, coalesce(bool_or(user_id = $2), false) AS was_in FROM ticket_participants WHERE ticket_id = $1
), added AS (
    INSERT INTO ticket_participants (ticket_id, user_id, added_at)
    SELECT $1, person.id, $3 FROM person, before WHERE before.count < $4
        ON CONFLICT (ticket_id, user_id) DO NOTHING
    RETURNING user_id
), unwatched AS (
    DELETE FROM ticket_watchers WHERE ticket_id = $1 AND user_id IN (SELECT user_id FROM added)
)
SELECT before.count, before.was_in FROM person, before

-- name: bring_in  ($1 ticket, or one that goes on in it, $2 people, $3 now, $4 how many at most): who is new there. Nobody who asks, works
-- on it, or is in copy already; and of a ticket that goes on in another, on itself
INSERT INTO ticket_participants (ticket_id, user_id, added_at)
SELECT t.id, u.id, $3
  FROM tickets t JOIN queues q ON q.id = t.queue_id JOIN users u ON u.id = ANY($2::bigint[]) AND u.active AND u.id <> t.requester_id
 WHERE t.id = $1 AND NOT {{policy.works_on}}
   AND NOT EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = u.id)
   AND (SELECT count(*) FROM ticket_participants p WHERE p.ticket_id = t.id) < $4
 ORDER BY u.id
    ON CONFLICT DO NOTHING
RETURNING user_id

-- name: remove  ($1 ticket, $2 user)
DELETE FROM ticket_participants WHERE ticket_id = $1 AND user_id = $2 RETURNING true
