-- name: page  ($1 one mailbox, or NULL for all)
SELECT convert_to(coalesce(json_agg(json_build_object(
           'id', m.id, 'address', m.address, 'name', m.name, 'queue', json_build_object('id', q.id, 'slug', q.slug, 'name', q.name, 'private', q.private),
           'language', m.language, 'priority', m.priority, 'plus_addressing', m.plus_addressing, 'kind', m.kind, 'paused_at', m.paused_at,
           'last_error', m.last_error, 'created_at', m.created_at, 'updated_at', m.updated_at) ORDER BY m.priority, m.id), '[]')::text, 'UTF8') AS items
  FROM mailboxes m JOIN queues q ON q.id = m.queue_id
 WHERE $1::bigint IS NULL OR m.id = $1

-- name: own_blocked_by  ($1 address or domain): whether a mailbox of the desk, or a colleague, would be blocked by it
SELECT true FROM (
    SELECT address FROM mailboxes UNION ALL
    SELECT a.email FROM user_addresses a JOIN users u ON u.id = a.user_id AND u.active AND u.role <> 'user'
) AS own
 WHERE own.address = $1 OR right('.' || split_part(own.address, '@', 2), length($1) + 1) = '.' || $1
 LIMIT 1

-- name: is_somebodys  ($1 address): whether it belongs to a colleague
SELECT true FROM user_addresses a JOIN users u ON u.id = a.user_id AND u.role <> 'user' WHERE a.email = $1
