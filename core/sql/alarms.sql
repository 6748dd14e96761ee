-- name: raise  ($1 name, $2 detail, $3 now): the alarm, if it was not open; else its detail is what it is now
INSERT INTO alarms (name, detail, raised_at) VALUES ($1, $2, $3)
    ON CONFLICT (name) WHERE cleared_at IS NULL DO UPDATE SET detail = excluded.detail
RETURNING id, xmax = 0 AS is_new

-- name: over  ($1 name, $2 raised before)
SELECT name FROM alarms WHERE name = $1 AND cleared_at IS NULL AND raised_at < $2

-- name: clear  ($1 name, $2 now)
UPDATE alarms SET cleared_at = $2 WHERE name = $1 AND cleared_at IS NULL RETURNING id

-- name: get  ($1 alarm): with the operators who are told, and the mailbox that writes
SELECT a.id, a.name, a.detail, a.raised_at, a.cleared_at, u.id AS user_id, u.email, u.name AS person, coalesce(u.language, box.language, 'en') AS language,
       box.address, box.name AS desk, box.plus_addressing
  FROM alarms a
  JOIN users u ON u.role = 'admin' AND u.active
  JOIN LATERAL (SELECT * FROM mailboxes ORDER BY priority, id LIMIT 1) AS box ON true
 WHERE a.id = $1 ORDER BY u.id

-- name: open: names and what they tell
SELECT name, detail FROM alarms WHERE cleared_at IS NULL ORDER BY name

-- name: page  ($1 how many): open ones first, then the newest
SELECT convert_to(coalesce(json_agg(row_to_json(shown)), '[]')::text, 'UTF8') AS items
  FROM (SELECT id, name, detail, raised_at, cleared_at FROM alarms ORDER BY cleared_at IS NOT NULL, id DESC LIMIT $1) AS shown

-- name: automatic_now  (a piece; $2 now): how many automatic mails left for people who are not staff within the last hour, about
(SELECT coalesce(sum(CASE WHEN h.hour = date_trunc('hour', $2::timestamptz) THEN h.count
                          ELSE h.count * (1 - extract(minute FROM $2::timestamptz) / 60) END), 0)
   FROM hourly_counts h
  WHERE h.kind = 'automatic_mail' AND h.hour >= date_trunc('hour', $2::timestamptz) - interval '1 hour')

-- name: automatic_usual  (a piece; $2 now): how many of them left in a usual hour of the week before
(SELECT coalesce(sum(h.count), 0) / 168.0 FROM hourly_counts h
  WHERE h.kind = 'automatic_mail' AND h.hour < date_trunc('hour', $2::timestamptz) - interval '1 hour'
    AND h.hour >= date_trunc('hour', $2::timestamptz) - interval '7 days')

-- name: too_much  ($1 at least this much is usual, $2 now)
SELECT {{alarms.automatic_now}} AS now, greatest($1::int, 10 * {{alarms.automatic_usual}}) AS most
