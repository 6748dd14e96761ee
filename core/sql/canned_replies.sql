-- name: columns  (a piece): a text `c` kept for answers
c.id, c.title, c.body, c.queue_id, c.language, c.version, c.created_at, c.updated_at

-- name: visible  (a piece): whether the viewer `v` works where the text `c` is for
v.active AND v.role <> 'user'
AND (c.queue_id IS NULL
     OR EXISTS (SELECT FROM queues q WHERE q.id = c.queue_id
                   AND (NOT q.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = v.id))))

-- name: get  ($1 viewer, $2 text)
SELECT c.version, convert_to(row_to_json(shown)::text, 'UTF8') AS json
  FROM users v
  JOIN canned_replies c ON c.id = $2
  CROSS JOIN LATERAL (SELECT {{canned_replies.columns}}) AS shown
 WHERE v.id = $1 AND {{canned_replies.visible}}

-- name: page  ($1 viewer, $2 queue, $3 language, $4 words, $5 ticket, $6 limit, $7 to $9 after this rank, title and text)
WITH ticket AS (
    SELECT t.queue_id, split_part(coalesce(t.language, q.language), '-', 1) AS language
      FROM tickets t JOIN queues q ON q.id = t.queue_id
     WHERE t.id = $5 AND (NOT q.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = $1))
), shown AS (
    SELECT c.*, coalesce((split_part(c.language, '-', 1) <> (SELECT language FROM ticket))::int, 0) AS rank
      FROM users v CROSS JOIN canned_replies c
     WHERE v.id = $1 AND {{canned_replies.visible}}
       AND ($2::bigint IS NULL OR c.queue_id IS NULL OR c.queue_id = $2)
       AND ($5::bigint IS NULL OR c.queue_id IS NULL OR c.queue_id = (SELECT queue_id FROM ticket))
       AND ($3::text IS NULL OR c.language = $3)
       AND ($4::text IS NULL OR strpos(lower(c.title), $4) > 0 OR strpos(lower(c.body), $4) > 0)
)
SELECT convert_to(coalesce(json_agg(json ORDER BY number) FILTER (WHERE number <= $6), '[]')::text, 'UTF8') AS items,
       coalesce(bool_or(number > $6), false) AS more, max(rank) FILTER (WHERE number = $6) AS rank,
       max(title) FILTER (WHERE number = $6) AS title, max(id) FILTER (WHERE number = $6) AS last
  FROM (SELECT c.id, c.rank, c.title, row_number() OVER (ORDER BY c.rank, c.title, c.id) AS number,
               (SELECT row_to_json(kept) FROM (SELECT {{canned_replies.columns}}) AS kept) AS json
          FROM (SELECT * FROM shown c WHERE (c.rank, c.title, c.id) > ($7::bigint, $8, $9) ORDER BY c.rank, c.title, c.id LIMIT $6 + 1) AS c) AS numbered

-- name: for_ticket  ($1 viewer, $2 text, $3 ticket)
SELECT c.body, json_build_object(
           'requester_name', coalesce(nullif(r.name, ''), split_part(r.email, '@', 1)), 'ticket_number', t.id, 'ticket_subject', t.subject,
           'queue_name', q.name, 'agent_name', coalesce(nullif(v.name, ''), split_part(v.email, '@', 1)))::text AS facts
  FROM users v
  JOIN canned_replies c ON c.id = $2
  JOIN tickets t ON t.id = $3
  JOIN queues q ON q.id = t.queue_id
  JOIN users r ON r.id = t.requester_id
 WHERE v.id = $1 AND {{canned_replies.visible}}
