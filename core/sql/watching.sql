-- name: watch  ($1 ticket, $2 user, $3 now)
INSERT INTO ticket_watchers (ticket_id, user_id, added_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- name: unwatch  ($1 ticket, $2 user)
DELETE FROM ticket_watchers WHERE ticket_id = $1 AND user_id = $2

-- name: mute  ($1 ticket, $2 user, $3 now)
INSERT INTO ticket_mutes (ticket_id, user_id, muted_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING

-- name: unmute  ($1 ticket, $2 user)
DELETE FROM ticket_mutes WHERE ticket_id = $1 AND user_id = $2

-- name: people  ($1 viewer, $2 ticket): who is in copy, and, for those who work on it, who watches
SELECT found.standing, convert_to(json_build_object(
           'participants', coalesce((SELECT json_agg(json_build_object(
                  'id', u.id, 'name', coalesce(nullif(u.name, ''), split_part(u.email, '@', 1)),
                  'email', CASE WHEN found.standing = 'staff' OR u.id = v.id THEN u.email END) ORDER BY p.id)
                FROM ticket_participants p JOIN users u ON u.id = p.user_id WHERE p.ticket_id = found.id), '[]'),
           'watchers', CASE WHEN found.standing = 'staff' THEN coalesce((SELECT json_agg(json_build_object(
                  'id', u.id, 'name', coalesce(nullif(u.name, ''), split_part(u.email, '@', 1))) ORDER BY w.id)
                FROM ticket_watchers w JOIN users u ON u.id = w.user_id AND u.active WHERE w.ticket_id = found.id), '[]') ELSE '[]' END)::text,
       'UTF8') AS json
  FROM users v
  LEFT JOIN LATERAL (SELECT t.id, standing
                       FROM tickets named
                       JOIN {{reads.ticket_from}} ON t.id = named.id OR t.id = named.merged_into_id
                      WHERE named.id = $2
                        AND CASE WHEN standing = 'staff' THEN t.merged_into_id IS NULL ELSE standing IS NOT NULL AND t.id = named.id END
                      ORDER BY standing = 'staff' DESC LIMIT 1) AS found ON true
 WHERE v.id = $1 AND v.active
