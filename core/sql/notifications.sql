-- name: visible  (a piece): whether the viewer `v` sees the ticket of the notification `n`: his own part of it, or where it goes on
EXISTS (SELECT FROM tickets named
          JOIN tickets t ON t.id = named.id OR t.id = named.merged_into_id
          JOIN queues q ON q.id = t.queue_id
          CROSS JOIN LATERAL (SELECT {{reads.standing}} AS standing OFFSET 0) AS viewer_is
         WHERE named.id = n.ticket_id
           AND CASE WHEN standing = 'staff' THEN t.merged_into_id IS NULL ELSE standing IS NOT NULL END)

-- name: page  ($1 viewer, $2 limit, $3 before this one, $4 unread only): newest first
SELECT page.items, page.more, page.last
  FROM users v
  CROSS JOIN LATERAL (
    SELECT convert_to(coalesce(json_agg(told ORDER BY position) FILTER (WHERE position <= $2), '[]')::text, 'UTF8') AS items,
           coalesce(bool_or(position > $2), false) AS more, min((told).id) FILTER (WHERE position = $2) AS last
      FROM (SELECT told, row_number() OVER (ORDER BY told.id DESC) AS position
              FROM (SELECT n.id, n.reason AS kind, n.ticket_id, t.subject, n.event_id,
                           CASE WHEN a.id IS NOT NULL
                                THEN json_build_object('id', a.id, 'name', coalesce(nullif(a.name, ''), split_part(a.email, '@', 1))) END AS actor,
                           (SELECT left(c.body, 200) FROM comments c
                             WHERE c.id = (e.data ->> 'comment_id')::bigint AND c.deleted_at IS NULL
                               AND (c.public OR EXISTS (SELECT FROM tickets said_on
                                                          JOIN tickets t ON t.id = coalesce(said_on.merged_into_id, said_on.id)
                                                          JOIN queues q ON q.id = t.queue_id JOIN users u ON u.id = v.id
                                                         WHERE said_on.id = c.ticket_id AND {{policy.works_on}}))) AS preview,
                           n.created_at, n.read_at
                      FROM notifications n
                      JOIN tickets t ON t.id = n.ticket_id
                      JOIN events e ON e.id = n.event_id
                      LEFT JOIN users a ON a.id = e.actor_id
                     WHERE n.user_id = v.id AND n.id < $3 AND (NOT $4 OR n.read_at IS NULL) AND {{notifications.visible}}
                     ORDER BY n.id DESC LIMIT $2 + 1) AS told) AS numbered (told, position)
  ) AS page
 WHERE v.id = $1 AND v.active

-- name: unread  ($1 viewer)
SELECT (SELECT count(*) FROM notifications n WHERE n.user_id = v.id AND n.read_at IS NULL AND {{notifications.visible}}) AS count
  FROM users v
 WHERE v.id = $1 AND v.active

-- name: mark_read  ($1 viewer, $2 notification, $3 now)
UPDATE notifications n SET read_at = coalesce(n.read_at, $3)
  FROM users v
 WHERE v.id = $1 AND n.id = $2 AND n.user_id = v.id AND {{notifications.visible}}
RETURNING n.id

-- name: mark_all_read  ($1 viewer, $2 up to this one or NULL, $3 now)
UPDATE notifications SET read_at = $3 WHERE user_id = $1 AND read_at IS NULL AND ($2::bigint IS NULL OR id <= $2) RETURNING id

-- name: mark_ticket_read  ($1 viewer, $2 ticket, $3 now): of the ticket and of those merged into it
UPDATE notifications SET read_at = $3
 WHERE user_id = $1 AND read_at IS NULL AND ticket_id IN (SELECT id FROM tickets WHERE id = $2 OR merged_into_id = $2)
RETURNING id

-- name: choices  ($1 viewer)
SELECT ARRAY(SELECT ROW(event_kind, scope, channel, enabled) FROM notification_preferences WHERE user_id = v.id) AS chosen
  FROM users v
 WHERE v.id = $1 AND v.active

-- name: choose  ($1 user, $2 kinds, $3 scopes, $4 channels, $5 enabled, a column each)
INSERT INTO notification_preferences (user_id, event_kind, scope, channel, enabled)
SELECT $1, chosen.* FROM unnest($2::text[], $3::text[], $4::text[], $5::bool[]) AS chosen
    ON CONFLICT (user_id, event_kind, scope, channel) DO UPDATE SET enabled = excluded.enabled
RETURNING id
