-- name: verify_address  ($1 address, $2 user, $3 now)
UPDATE user_addresses SET verified_at = coalesce(verified_at, $3) WHERE email = $1 AND user_id = $2

-- name: give_address  ($1 address, $2 user, $3 now): whether it is his now
WITH given AS (
    INSERT INTO user_addresses (email, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT (email) DO NOTHING RETURNING user_id
)
SELECT coalesce((SELECT user_id FROM given), (SELECT user_id FROM user_addresses WHERE email = $1)) = $2

-- name: addresses  ($1 user): the primary one first
SELECT convert_to(coalesce(json_agg(json_build_object('email', a.email, 'primary', a.email = u.email, 'verified_at', a.verified_at)
                                    ORDER BY a.email <> u.email, a.email), '[]')::text, 'UTF8') AS items
  FROM user_addresses a JOIN users u ON u.id = a.user_id
 WHERE a.user_id = $1

-- name: merge_addresses  ($1 source, $2 target, $3 now): and who had been merged into the source; the source has nothing of his own any more
WITH moved AS (
    UPDATE user_addresses SET user_id = $2 WHERE user_id = $1
), earlier AS (
    UPDATE users SET merged_into_id = $2 WHERE merged_into_id = $1
), slack AS (
    UPDATE slack_people SET user_id = $2 WHERE user_id = $1
), known_as AS (
    UPDATE identities SET user_id = $2 WHERE user_id = $1
), named AS (
    UPDATE users SET name = (SELECT name FROM users WHERE id = $1), updated_at = $3 WHERE id = $2 AND name = ''
)
UPDATE users SET email = 'merged-' || id || '@invalid', merged_into_id = $2, active = false, password_hash = NULL, version = version + 1, updated_at = $3 WHERE id = $1

-- name: merge_tickets  ($1 source, $2 target, $3 now)
UPDATE tickets
   SET requester_id = CASE WHEN requester_id = $1 THEN $2 ELSE requester_id END,
       assignee_id = CASE WHEN assignee_id = $1 THEN $2 ELSE assignee_id END, version = version + 1, updated_at = greatest(updated_at, $3)
 WHERE requester_id = $1 OR assignee_id = $1

-- name: merge_said  ($1 source, $2 target)
WITH said AS (
    UPDATE comments SET author_id = $2 WHERE author_id = $1
), files AS (
    UPDATE attachments SET uploader_id = $2 WHERE uploader_id = $1
), edited AS (
    UPDATE comment_revisions SET editor_id = $2 WHERE editor_id = $1
), told AS (
    UPDATE deliveries SET user_id = $2 WHERE user_id = $1
), asked AS (
    UPDATE surveys SET user_id = $2 WHERE user_id = $1
)
UPDATE events SET actor_id = $2 WHERE actor_id = $1

-- name: merge_ties  ($1 source, $2 target): what both have is had once; who asks is not in copy, who is in copy does not watch
WITH in_copy AS (
    INSERT INTO ticket_participants (ticket_id, user_id, added_at)
    SELECT p.ticket_id, $2, p.added_at FROM ticket_participants p JOIN tickets t ON t.id = p.ticket_id
     WHERE p.user_id = $1 AND t.requester_id NOT IN ($1, $2)
        ON CONFLICT DO NOTHING
), was_in_copy AS (
    DELETE FROM ticket_participants p USING tickets t
     WHERE t.id = p.ticket_id AND (p.user_id = $1 OR (p.user_id = $2 AND t.requester_id IN ($1, $2)))
), watches AS (
    INSERT INTO ticket_watchers (ticket_id, user_id, added_at)
    SELECT w.ticket_id, $2, w.added_at FROM ticket_watchers w JOIN tickets t ON t.id = w.ticket_id
     WHERE w.user_id = $1 AND t.requester_id NOT IN ($1, $2)
       AND NOT EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id IN ($1, $2))
        ON CONFLICT DO NOTHING
), watched AS (
    DELETE FROM ticket_watchers w USING tickets t
     WHERE t.id = w.ticket_id
       AND (w.user_id = $1 OR (w.user_id = $2 AND (t.requester_id IN ($1, $2)
            OR EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id IN ($1, $2)))))
), mutes AS (
    INSERT INTO ticket_mutes (ticket_id, user_id, muted_at) SELECT ticket_id, $2, muted_at FROM ticket_mutes WHERE user_id = $1
        ON CONFLICT DO NOTHING
), muted AS (
    DELETE FROM ticket_mutes WHERE user_id = $1
), joins AS (
    UPDATE join_requests j SET user_id = $2
     WHERE user_id = $1
       AND (state <> 'open' OR NOT EXISTS (SELECT FROM join_requests o WHERE o.ticket_id = j.ticket_id AND o.user_id = $2 AND o.state = 'open'))
), joins_too AS (  -- the other one's request is open already
    UPDATE join_requests j SET state = 'declined', decided_at = now()
     WHERE user_id = $1 AND state = 'open'
       AND EXISTS (SELECT FROM join_requests o WHERE o.ticket_id = j.ticket_id AND o.user_id = $2 AND o.state = 'open')
), notices AS (
    UPDATE notifications n SET user_id = $2
     WHERE user_id = $1 AND NOT EXISTS (SELECT FROM notifications o WHERE o.user_id = $2 AND o.event_id = n.event_id)
)
SELECT 1

-- name: merge_desk  ($1 source, $2 target)
WITH member AS (
    INSERT INTO queue_members (queue_id, user_id, lead, last_assigned_at)
    SELECT queue_id, $2, lead, last_assigned_at FROM queue_members WHERE user_id = $1 AND (SELECT role FROM users WHERE id = $2) <> 'user'
        ON CONFLICT DO NOTHING
), was_member AS (
    DELETE FROM queue_members WHERE user_id = $1
), faqs AS (
    UPDATE faqs SET author_id = $2 WHERE author_id = $1
), texts AS (
    UPDATE canned_replies SET created_by_id = $2 WHERE created_by_id = $1
), blocked AS (
    UPDATE blocked_senders SET created_by_id = $2 WHERE created_by_id = $1
), votes AS (
    UPDATE faq_votes v SET voter = 'user:' || $2::bigint
     WHERE voter = 'user:' || $1::bigint AND NOT EXISTS (SELECT FROM faq_votes o WHERE o.faq_id = v.faq_id AND o.voter = 'user:' || $2::bigint)
)
SELECT 1

-- name: merge_programs  ($1 source, $2 target, $3 now): what opened doors as the source opens none any more
WITH tokens AS (
    UPDATE api_tokens SET revoked_at = coalesce(revoked_at, $3) WHERE user_id = $1
), links AS (
    UPDATE one_time_tokens SET used_at = coalesce(used_at, $3) WHERE user_id = $1
), answers AS (
    DELETE FROM idempotency_keys WHERE user_id = $1
), choices AS (
    DELETE FROM notification_preferences WHERE user_id = $1 AND $1 <> $2
)
SELECT 1

-- name: held_as_own  ($1 user): tickets he has though he asked them or is in copy
SELECT t.id FROM tickets t
 WHERE t.assignee_id = $1
   AND (t.requester_id = $1 OR EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = $1))
 ORDER BY t.id

-- name: leave_the_desk  ($1 user): who no longer works here is no member of any queue and watches nothing
WITH member AS (
    DELETE FROM queue_members WHERE user_id = $1
)
DELETE FROM ticket_watchers WHERE user_id = $1
