-- name: first_time  ($1 key, $2 now): nothing when this was carried out before
INSERT INTO slack_receipts (key, received_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true

-- name: received  ($1 key)
SELECT true FROM slack_receipts WHERE key = $1

-- name: alone  ($1 text): until commit, nobody else who says the same text gets past this line
SELECT pg_advisory_xact_lock(hashtextextended($1, 1042))

-- name: workspace_seen  ($1 enterprise, $2 team, $3 name, $4 bot user, $5 bot, $6 trusted domains as JSON, $7 now)
INSERT INTO slack_workspaces (enterprise_id, team_id, name, bot_user_id, bot_id, trusted, trusted_domains, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, true, $6::jsonb, $7, $7)
    ON CONFLICT (enterprise_id, team_id) DO UPDATE
   SET name = $3, bot_user_id = $4, bot_id = $5, trusted_domains = $6::jsonb, failing_since = NULL, last_error = NULL, updated_at = $7
RETURNING trusted

-- name: workspace_troubled  ($1 team, $2 what is wrong or NULL, $3 now)
UPDATE slack_workspaces
   SET last_error = $2, failing_since = CASE WHEN $2::text IS NULL THEN NULL ELSE coalesce(failing_since, $3) END, updated_at = $3
 WHERE team_id = $1

-- name: person  ($1 team, $2 Slack user): the account, and whose it is by now
SELECT u.id AS user_id, u.role <> 'user' AS staff, p.guest, p.im_channel_id, p.checked_at
  FROM slack_people p
  JOIN users linked ON linked.id = p.user_id
  JOIN users u ON u.id = coalesce(linked.merged_into_id, linked.id)
 WHERE p.team_id = $1 AND p.slack_user_id = $2

-- name: link_person  ($1 team, $2 Slack user, $3 user, $4 guest, $5 direct channel or NULL, $6 now)
INSERT INTO slack_people (team_id, slack_user_id, user_id, guest, im_channel_id, checked_at)
VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (team_id, slack_user_id) DO UPDATE
   SET user_id = $3, guest = $4, im_channel_id = coalesce($5, slack_people.im_channel_id), checked_at = $6

-- name: names  ($1 team, $2 Slack users)
SELECT p.slack_user_id, u.name FROM slack_people p JOIN users u ON u.id = p.user_id
 WHERE p.team_id = $1 AND p.slack_user_id = ANY($2::text[]) AND u.name <> ''

-- name: targets  ($1 ticket, $2 team, $3 triage channel of the desk or NULL): the channels this ticket's card belongs to
WITH own AS (
    SELECT c.channel_id FROM tickets t JOIN slack_channels c ON c.queue_id = t.queue_id
     WHERE t.id = $1 AND c.team_id = $2 AND c.purpose = 'triage'
)
SELECT channel.id AS channel_id
  FROM tickets t
  JOIN queues q ON q.id = t.queue_id
  JOIN slack_workspaces w ON w.team_id = $2 AND w.trusted
  CROSS JOIN LATERAL (
      SELECT own.channel_id AS id FROM own
      UNION
      SELECT $3::text WHERE $3::text IS NOT NULL AND NOT q.private AND NOT EXISTS (SELECT 1 FROM own)
  ) AS channel
 WHERE t.id = $1 AND t.confirmed AND NOT t.spam

-- name: want  ($1 ticket, $2 team, $3 channels, $4 nonces, $5 now): one more reason to look at every card of the ticket, missing ones made
WITH made AS (
    INSERT INTO slack_cards (ticket_id, kind, team_id, channel_id, nonce, wanted, created_at, updated_at)
    SELECT $1, 'card', $2, target.channel_id, target.nonce, 1, $5, $5
      FROM unnest($3::text[], $4::uuid[]) AS target (channel_id, nonce)
        ON CONFLICT DO NOTHING
)
UPDATE slack_cards SET wanted = wanted + 1 WHERE ticket_id = $1

-- name: add_thread  ($1 ticket, $2 team, $3 direct channel, $4 ts of what began it or NULL, $5 nonce, $6 now): nothing when there is one
INSERT INTO slack_cards (ticket_id, kind, team_id, channel_id, ts, nonce, created_at, updated_at)
VALUES ($1, 'dm', $2, $3, $4, $5, $6, $6)
    ON CONFLICT DO NOTHING
RETURNING id

-- name: card_at  ($1 team, $2 channel, $3 ts): the card whose thread begins with this message
SELECT k.id, k.ticket_id, k.kind
  FROM slack_messages m
  JOIN slack_cards k ON k.id = m.card_id AND k.ts = m.ts
 WHERE m.team_id = $1 AND m.channel_id = $2 AND m.ts = $3

-- name: remember  ($1 team, $2 channel, $3 ts, $4 thread or NULL, $5 card, $6 comment or NULL, $7 outgoing, $8 now)
INSERT INTO slack_messages (team_id, channel_id, ts, thread_ts, card_id, comment_id, outgoing, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (team_id, channel_id, ts) DO UPDATE SET comment_id = coalesce(slack_messages.comment_id, $6)

-- name: cards  ($1 ticket): each with the message that shows the ticket's state, and whether its reader may still see the ticket
SELECT k.id, k.kind, k.team_id, k.channel_id, k.ts, k.nonce::text AS nonce, k.wanted, k.shown, k.shown_hash, k.last_error, k.created_at,
       (SELECT max(m.ts) FROM slack_messages m WHERE m.card_id = k.id AND m.comment_id IS NULL AND m.outgoing) AS face_ts,
       EXISTS (SELECT 1 FROM slack_people p JOIN users u ON u.id = p.user_id AND u.active
                WHERE p.team_id = k.team_id AND p.im_channel_id = k.channel_id
                  AND (p.user_id = t.requester_id
                       OR EXISTS (SELECT 1 FROM ticket_participants tp WHERE tp.ticket_id = t.id AND tp.user_id = p.user_id))) AS reader_belongs
  FROM slack_cards k
  JOIN tickets t ON t.id = k.ticket_id
 WHERE k.ticket_id = $1
 ORDER BY k.id

-- name: facts  ($1 ticket): what its card says
SELECT t.id, t.subject, t.status, t.priority, t.via, t.merged_into_id, t.created_at, q.name AS queue,
       coalesce(nullif(requester.name, ''), requester.email) AS requester, requester.email AS requester_email,
       coalesce(nullif(assignee.name, ''), assignee.email) AS assignee,
       (SELECT left(c.body, 400) FROM comments c WHERE c.ticket_id = t.id AND c.public AND c.deleted_at IS NULL ORDER BY c.id LIMIT 1) AS opening
  FROM tickets t
  JOIN queues q ON q.id = t.queue_id
  JOIN users requester ON requester.id = t.requester_id
  LEFT JOIN users assignee ON assignee.id = t.assignee_id
 WHERE t.id = $1

-- name: unshown  ($1 card, $2 now): what was said and does not stand in the card's thread yet. Only public words reach a requester's, once they are final
SELECT c.id, left(c.body, 12000) AS body, c.public, c.via, c.flagged, coalesce(nullif(w.name, ''), w.email, '') AS author,
       coalesce((SELECT array_agg(a.filename ORDER BY a.id) FROM attachments a WHERE a.comment_id = c.id), '{}') AS files
  FROM slack_cards k
  JOIN comments c ON c.ticket_id = k.ticket_id
  LEFT JOIN users w ON w.id = c.author_id
 WHERE k.id = $1 AND c.deleted_at IS NULL AND c.created_at > k.created_at - interval '1 day'
   AND NOT EXISTS (SELECT 1 FROM slack_messages m WHERE m.card_id = k.id AND m.comment_id = c.id)
   AND (k.kind = 'card'
        OR (c.public AND NOT c.automatic AND (c.send_after IS NULL OR c.send_after <= $2)
            AND c.id <> (SELECT min(o.id) FROM comments o WHERE o.ticket_id = k.ticket_id)))
 ORDER BY c.id
 LIMIT 200

-- name: final_at  ($1 ticket, $2 now): when the next public answer can no longer be taken back, if somebody waits for it in Slack
SELECT min(c.send_after)
  FROM comments c
 WHERE c.ticket_id = $1 AND c.public AND c.deleted_at IS NULL AND c.send_after > $2
   AND EXISTS (SELECT 1 FROM slack_cards k WHERE k.ticket_id = $1 AND k.kind = 'dm')

-- name: begun  ($1 card): from here on something may have been posted that nobody wrote down
UPDATE slack_cards SET last_error = 'A try to show the ticket here has begun and not ended.' WHERE id = $1

-- name: failed  ($1 card, $2 why, $3 now)
UPDATE slack_cards SET last_error = $2, updated_at = $3 WHERE id = $1

-- name: face_shown  ($1 card, $2 ts of its thread, $3 hash, $4 now)
UPDATE slack_cards SET ts = $2, shown_hash = $3, updated_at = $4 WHERE id = $1

-- name: settled  ($1 card, $2 the version that stands there now, $3 now): whether there is a reason to look again
UPDATE slack_cards SET shown = greatest(shown, $2), last_error = NULL, updated_at = $3 WHERE id = $1 RETURNING wanted > $2

-- name: uproot  ($1 card, $2 nonce): its thread is gone, so it has to be shown anew
WITH forgotten AS (
    DELETE FROM slack_messages WHERE card_id = $1
)
UPDATE slack_cards SET ts = NULL, shown_hash = NULL, nonce = $2 WHERE id = $1

-- name: own_posts  ($1 card): newest first, so that the card itself goes last
SELECT ts FROM slack_messages WHERE card_id = $1 AND outgoing ORDER BY ts DESC

-- name: forget_card  ($1 card)
DELETE FROM slack_cards WHERE id = $1

-- name: list  ($1 viewer, $2 mine, open or unassigned, $3 how many): unfinished tickets the viewer may see, newest life first
SELECT t.id, t.subject, t.status, t.priority, coalesce(nullif(requester.name, ''), requester.email) AS requester,
       coalesce(nullif(assignee.name, ''), assignee.email) AS assignee, count(*) OVER () AS total
  FROM tickets t
  JOIN queues q ON q.id = t.queue_id
  JOIN users viewer ON viewer.id = $1 AND viewer.active
  JOIN users requester ON requester.id = t.requester_id
  LEFT JOIN users assignee ON assignee.id = t.assignee_id
 WHERE t.status IN ('new', 'open', 'pending') AND t.merged_into_id IS NULL
   AND (t.requester_id = viewer.id
        OR EXISTS (SELECT 1 FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = viewer.id)
        OR (viewer.role <> 'user' AND t.confirmed AND NOT t.spam
            AND (NOT q.private OR EXISTS (SELECT 1 FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = viewer.id))))
   AND CASE $2::text WHEN 'mine' THEN viewer.id IN (t.assignee_id, t.requester_id) WHEN 'unassigned' THEN t.assignee_id IS NULL ELSE true END
 ORDER BY t.updated_at DESC, t.id DESC
 LIMIT $3

-- name: ticket  ($1 ticket, $2 viewer, $3 how many comments): the ticket, or what it was merged into, as far as the viewer may see it
WITH RECURSIVE chain AS (
    SELECT id, merged_into_id FROM tickets WHERE id = $1
    UNION
    SELECT t.id, t.merged_into_id FROM chain JOIN tickets t ON t.id = chain.merged_into_id
), seen AS (
    SELECT t.*, q.name AS queue,
           CASE WHEN t.requester_id = viewer.id THEN 'requester'
                WHEN EXISTS (SELECT 1 FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = viewer.id) THEN 'participant'
                WHEN viewer.role <> 'user' AND t.confirmed
                     AND (NOT q.private OR EXISTS (SELECT 1 FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = viewer.id)) THEN 'staff'
           END AS standing
      FROM chain
      JOIN tickets t ON t.id = chain.id AND t.merged_into_id IS NULL
      JOIN queues q ON q.id = t.queue_id
      JOIN users viewer ON viewer.id = $2 AND viewer.active
)
SELECT json_build_object(
    'id', seen.id, 'subject', seen.subject, 'status', seen.status, 'priority', seen.priority, 'queue', seen.queue,
    'requester', coalesce(nullif(requester.name, ''), requester.email), 'assignee', coalesce(nullif(assignee.name, ''), assignee.email),
    'said', coalesce((SELECT json_agg(json_build_object('author', coalesce(nullif(w.name, ''), w.email, ''), 'body', left(c.body, 3000),
                                                        'public', c.public, 'via', c.via) ORDER BY c.id)
                        FROM (SELECT * FROM comments WHERE ticket_id = seen.id AND deleted_at IS NULL AND (public OR seen.standing = 'staff')
                               ORDER BY id DESC LIMIT $3) AS c LEFT JOIN users w ON w.id = c.author_id), '[]')
)::text
  FROM seen
  JOIN users requester ON requester.id = seen.requester_id
  LEFT JOIN users assignee ON assignee.id = seen.assignee_id
 WHERE seen.standing IS NOT NULL
