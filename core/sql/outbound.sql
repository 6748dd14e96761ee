-- name: concerns_queue  (a piece): whether the event `e` is one that a queue is told of while nobody has the ticket
(e.kind IN ('ticket.opened', 'ticket.join_requested', 'delivery.failed', 'ticket.woke')
 OR (e.kind = 'comment.added' AND e.data ->> 'by' IN ('requester', 'participant'))
 OR (e.kind = 'ticket.status' AND e.data ->> 'after' = 'open'))

-- name: author_of_failed  (a piece): who wrote the answer that the event `e` says did not arrive
SELECT said.author_id FROM deliveries d JOIN outbound_messages sent ON sent.message_id = d.message_id JOIN comments said ON said.id = sent.comment_id
 WHERE e.kind = 'delivery.failed' AND d.id = (e.data ->> 'delivery_id')::bigint AND NOT sent.automatic

-- name: facts  ($1 events, $2 now, $3 automatic mails that may leave in an hour at least): everything a mail about each event is made from, as one JSON document
SELECT e.id, json_build_object(
    'kind', e.kind, 'data', e.data, 'event_at', e.created_at, 'actor_id', e.actor_id,
    'author_id', c.author_id,
    'actor_name', (SELECT nullif(name, '') FROM users WHERE id = e.actor_id),
    'ticket', json_build_object('id', t.id, 'subject', t.subject, 'status', live.status, 'priority', live.priority, 'queue', q.name,
                                'language', coalesce(t.language, q.language)),
    'live_ticket_id', live.id,
    'joiner', CASE WHEN e.kind = 'ticket.join_requested'
                   THEN (SELECT coalesce(nullif(j.name, ''), j.email) FROM users j WHERE j.id = (e.data ->> 'user_id')::bigint) END,
    'requester', json_build_object('id', requester.id, 'name', requester.name, 'email', requester.email, 'language', requester.language),
    'assignee', CASE WHEN assignee.id IS NOT NULL THEN json_build_object('id', assignee.id, 'name', coalesce(nullif(assignee.name, ''), split_part(assignee.email, '@', 1))) END,
    'participants', coalesce((SELECT json_agg(p.user_id ORDER BY p.id) FROM ticket_participants p WHERE p.ticket_id = t.id), '[]'),
    'watchers', coalesce((SELECT json_agg(w.user_id ORDER BY w.id) FROM ticket_watchers w WHERE w.ticket_id = live.id), '[]'),
    'members', CASE WHEN live.assignee_id IS NULL AND {{outbound.concerns_queue}}
                    THEN coalesce((SELECT json_agg(m.user_id ORDER BY m.id) FROM queue_members m WHERE m.queue_id = q.id), '[]') ELSE '[]' END,
    'muted', coalesce((SELECT json_agg(m.user_id) FROM ticket_mutes m WHERE m.ticket_id IN (t.id, live.id)), '[]'),
    'requester_sees_live', live.requester_id = t.requester_id
                           OR EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = live.id AND p.user_id = t.requester_id),
    'failed_for_requester', e.kind = 'delivery.failed' AND EXISTS (
                                SELECT FROM deliveries d JOIN outbound_messages m ON m.message_id = d.message_id
                                 WHERE d.id = (e.data ->> 'delivery_id')::bigint AND NOT m.automatic),
    'failed_author', ({{outbound.author_of_failed}}),
    'people', (SELECT json_agg(json_build_object(
                   'id', u.id, 'name', u.name, 'email', u.email, 'language', u.language, 'staff', u.role <> 'user', 'active', u.active,
                   'reachable', u.email NOT LIKE '%@invalid'
                                AND NOT EXISTS (SELECT 1 FROM suppressions s WHERE s.email = u.email AND s.until > $2),
                   'works_here', (SELECT {{policy.works_on}} FROM (SELECT live.id, live.requester_id) AS t),
                   -- Only what goes round between two colleagues' rules is ever so much.
                   'told_enough', u.role <> 'user' AND 20 <= (SELECT count(*) FROM deliveries d
                                                               WHERE d.ticket_id = t.id AND d.recipient = u.email AND d.created_at > $2 - interval '1 hour'),
                   'time_zone', u.time_zone, 'quiet_from', u.quiet_from, 'quiet_until', u.quiet_until,
                   'preferences', CASE WHEN u.role = 'user' THEN '[]' ELSE coalesce(
                       (SELECT json_agg(json_build_array(n.event_kind, n.scope, n.channel, n.enabled))
                          FROM notification_preferences n WHERE n.user_id = u.id), '[]') END))
                 FROM users u
                WHERE u.id = ANY (ARRAY[t.requester_id, live.assignee_id]
                                  || CASE WHEN e.kind = 'ticket.assigned'
                                          THEN ARRAY[(e.data ->> 'before')::bigint, (e.data ->> 'after')::bigint] ELSE '{}' END
                                  || CASE WHEN e.kind = 'comment.added' AND e.data ? 'mentioned'
                                          THEN ARRAY(SELECT jsonb_array_elements_text(e.data -> 'mentioned')::bigint) ELSE '{}' END
                                  || ARRAY({{outbound.author_of_failed}})
                                  || ARRAY(SELECT p.user_id FROM ticket_participants p WHERE p.ticket_id = t.id)
                                  || ARRAY(SELECT w.user_id FROM ticket_watchers w WHERE w.ticket_id = live.id)
                                  || CASE WHEN live.assignee_id IS NULL AND {{outbound.concerns_queue}}
                                          THEN ARRAY(SELECT m.user_id FROM queue_members m WHERE m.queue_id = q.id) ELSE '{}' END)),
    'mailbox', json_build_object('address', box.address, 'name', box.name, 'plus_addressing', box.plus_addressing),
    'comment', CASE WHEN c.id IS NOT NULL THEN json_build_object(
                   'id', c.id, 'author', coalesce(nullif(author.name, ''), split_part(author.email, '@', 1), ''), 'body', c.body, 'at', c.created_at, 'via', c.via,
                   'public', c.public, 'deleted', c.deleted_at IS NOT NULL,
                   'files', coalesce((SELECT json_agg(json_build_object('id', a.id, 'blob', a.blob, 'filename', a.filename,
                                                       'content_type', a.content_type, 'size', a.size) ORDER BY a.id)
                                        FROM attachments a WHERE a.comment_id = c.id), '[]')) END,
    'comment_is_solution', CASE WHEN e.kind = 'comment.added' THEN EXISTS (SELECT 1 FROM events s WHERE s.ticket_id = t.id AND s.kind = 'ticket.status'
                                      AND s.data ->> 'after' = 'resolved' AND s.data ->> 'comment_id' = e.data ->> 'comment_id') ELSE false END,
    'comment_reopened', CASE WHEN e.kind = 'comment.added' THEN EXISTS (SELECT 1 FROM events s WHERE s.ticket_id = t.id AND s.kind = 'ticket.status' AND s.data ->> 'after' = 'open'
                                   AND s.data ->> 'before' IN ('resolved', 'closed') AND s.data ->> 'comment_id' = e.data ->> 'comment_id') ELSE false END,
    'resolved_just_now', CASE WHEN e.kind = 'ticket.status' THEN EXISTS (SELECT 1 FROM events s WHERE s.ticket_id = t.id AND s.kind = 'ticket.status' AND s.data ->> 'after' = 'resolved'
                                    AND s.id < e.id AND s.created_at > e.created_at - interval '10 minutes') ELSE false END,
    'within_budget', (
        {{alarms.automatic_now}} < greatest($3::int, 10 * {{alarms.automatic_usual}})
        -- No loop goes through staff: what they do is always told.
        AND (EXISTS (SELECT FROM users a WHERE a.id = e.actor_id AND a.role <> 'user')
             OR (SELECT count(*) FROM deliveries d JOIN outbound_messages m ON m.message_id = d.message_id AND m.automatic
                  WHERE d.ticket_id = t.id AND d.recipient = requester.email AND d.created_at > $2 - interval '1 hour') < 2)
        AND (e.kind <> 'ticket.opened' OR NOT EXISTS (SELECT 1 FROM (
                 SELECT count(*) FILTER (WHERE d.created_at > $2 - interval '1 hour') AS last_hour, count(*) AS last_day,
                        count(*) FILTER (WHERE d.created_at > $2 - interval '15 minutes' AND seen.subject = t.subject) AS same_subject
                   FROM deliveries d
                   JOIN outbound_messages m ON m.message_id = d.message_id AND m.automatic
                   JOIN tickets seen ON seen.id = d.ticket_id
                  WHERE d.recipient = requester.email AND d.created_at > $2 - interval '1 day'
             ) AS sent WHERE last_hour >= 3 OR last_day >= 10 OR same_subject >= 1))),
    'said', CASE WHEN e.kind <> 'comment.added' OR e.data ->> 'by' = 'staff' THEN coalesce((SELECT json_agg(json_build_object('id', s.id, 'author', coalesce(nullif(w.name, ''), split_part(w.email, '@', 1), ''), 'author_id', s.author_id,
                                                        'body', left(s.body, 4000), 'at', s.created_at, 'via', s.via, 'message_id', s.message_id)
                                      ORDER BY s.id)
                        FROM (SELECT * FROM comments WHERE ticket_id = t.id AND public AND deleted_at IS NULL AND id <= coalesce(c.id, id)
                               ORDER BY id DESC LIMIT 10) AS s LEFT JOIN users w ON w.id = s.author_id), '[]') ELSE '[]'::json END,
    'sent', coalesce((SELECT json_agg(json_build_object('message_id', m.message_id, 'at', m.created_at, 'to', m.people) ORDER BY m.created_at, m.message_id)
                        FROM (SELECT m.message_id, m.created_at, array_agg(d.user_id) AS people
                                FROM outbound_messages m JOIN deliveries d ON d.message_id = m.message_id AND d.ticket_id = t.id
                               WHERE m.ticket_id = t.id GROUP BY m.message_id ORDER BY m.created_at DESC LIMIT 20) AS m), '[]'),
    'planned', EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = e.id AND d.channel = 'mail'),
    'undone', coalesce((SELECT json_agg(d.id ORDER BY d.id) FROM deliveries d
                         WHERE d.ticket_id = t.id AND d.channel = 'mail' AND d.state IN ('pending', 'sending', 'held')
                           AND (d.state <> 'held' OR d.event_id = e.id)), '[]'),
    'waits_until', (SELECT max(w.send_after) FROM comments w WHERE w.ticket_id = t.id AND w.send_after > $2 AND w.deleted_at IS NULL
                       AND w.created_at <= e.created_at)
)::text AS facts
  FROM events e
  JOIN tickets t ON t.id = e.ticket_id
  JOIN tickets live ON live.id = coalesce(t.merged_into_id, t.id)
  JOIN queues q ON q.id = live.queue_id
  JOIN users requester ON requester.id = t.requester_id
  LEFT JOIN users assignee ON assignee.id = live.assignee_id
  LEFT JOIN LATERAL (SELECT * FROM mailboxes box WHERE box.id = t.mailbox_id OR t.mailbox_id IS NULL
                      ORDER BY (box.queue_id = t.queue_id) DESC, box.priority, box.id LIMIT 1) AS box ON true
  LEFT JOIN comments c ON c.id = (e.data ->> 'comment_id')::bigint AND c.ticket_id = t.id
  LEFT JOIN users author ON author.id = c.author_id
 WHERE e.id = ANY($1::bigint[])

-- name: plan  ($1 now; a column each of the messages, $2 to $9, of their deliveries, $10 to $14, and of notifications, $15 to $18):
-- all that events tell people
WITH told AS (
    INSERT INTO notifications (user_id, event_id, ticket_id, reason, created_at)
    SELECT told.user_id, told.event_id, told.ticket_id, told.kind, $1
      FROM unnest($15::bigint[], $16::bigint[], $17::bigint[], $18::text[]) AS told (user_id, event_id, ticket_id, kind)
        ON CONFLICT (user_id, event_id) DO NOTHING
), message AS (
    INSERT INTO outbound_messages (message_id, ticket_id, comment_id, template, subject, automatic, content, created_at, sender)
    SELECT mail.message_id, mail.ticket_id, mail.comment_id, mail.template, mail.subject, mail.automatic, mail.content, $1, mail.sender
      FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::boolean[], $8::bytea[], $9::text[])
           AS mail (message_id, ticket_id, comment_id, template, subject, automatic, content, sender)
), counted AS (
    INSERT INTO hourly_counts (kind, hour, count)
    SELECT 'automatic_mail', date_trunc('hour', $1), count(*)
      FROM unnest($10::text[], $13::bigint[]) AS person (message_id, id)
      JOIN unnest($2::text[], $7::boolean[]) AS mail (message_id, automatic) ON mail.message_id = person.message_id AND mail.automatic
      JOIN users u ON u.id = person.id AND u.role = 'user'
    HAVING count(*) > 0
        ON CONFLICT (kind, hour) DO UPDATE SET count = hourly_counts.count + excluded.count
)
INSERT INTO deliveries (channel, event_id, ticket_id, message_id, user_id, recipient, state, attempts, created_at)
SELECT 'mail', person.event_id, person.ticket_id, person.message_id, person.id, person.email, 'sending', 1, $1
  FROM unnest($10::text[], $11::bigint[], $12::bigint[], $13::bigint[], $14::text[])
       WITH ORDINALITY AS person (message_id, event_id, ticket_id, id, email, position)
 ORDER BY person.position
    ON CONFLICT (event_id, channel, recipient) WHERE event_id IS NOT NULL DO NOTHING
RETURNING id, recipient, message_id

-- name: due  ($1 delivery ids): tries that are due, counted before they are made, in the order they were planned
WITH tried AS (
    UPDATE deliveries SET state = 'sending', attempts = attempts + 1
     WHERE id = ANY($1::bigint[]) AND state IN ('pending', 'sending', 'held')
    RETURNING *
)
SELECT tried.id, tried.event_id, tried.recipient, tried.attempts, tried.created_at, tried.ticket_id, m.automatic, m.content, m.sender,
       coalesce((SELECT box.plus_addressing FROM mailboxes box WHERE box.address = m.sender), false) AS verp
  FROM tried JOIN outbound_messages m ON m.message_id = tried.message_id
 ORDER BY tried.id

-- name: waiting: how many have not left
SELECT count(*) FROM deliveries WHERE channel = 'mail' AND state IN ('pending', 'sending')

-- name: late  ($1 planned before): how many wait too long, since when, and why the first of them did not leave
SELECT count(*) AS count, min(created_at) AS since, (array_agg(last_error ORDER BY id) FILTER (WHERE last_error IS NOT NULL))[1] AS said
  FROM deliveries WHERE channel = 'mail' AND state IN ('pending', 'sending') AND created_at < $1

-- name: settle  ($1 deliveries, $2 states, $3 errors, $4 sent at, a column each)
UPDATE deliveries d SET state = settled.state, last_error = settled.error, sent_at = settled.sent_at
  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[]) AS settled (id, state, error, sent_at)
 WHERE d.id = settled.id

-- name: outbox  ($1 how many): the newest mails out, with what became of them
SELECT d.id, d.recipient, d.state, d.attempts, d.last_error, d.created_at, d.sent_at, d.ticket_id, m.subject, m.template, m.message_id
  FROM deliveries d JOIN outbound_messages m ON m.message_id = d.message_id
 WHERE d.channel = 'mail'
 ORDER BY d.id DESC
 LIMIT $1
