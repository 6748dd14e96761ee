-- name: standing  (a piece): what the viewer `v` is to the ticket `t` in the queue `q`, as `core/policy.py` says; NULL is: nothing
CASE WHEN t.requester_id = v.id THEN 'requester'
     WHEN EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = t.id AND p.user_id = v.id) THEN 'participant'
     WHEN t.confirmed AND EXISTS (SELECT FROM users u WHERE u.id = v.id AND {{policy.works_on}}) THEN 'staff'
END

-- name: ticket_joins  (a piece): a ticket with what is shown beside it
tickets t
  JOIN queues q ON q.id = t.queue_id
  JOIN users r ON r.id = t.requester_id
  LEFT JOIN users a ON a.id = t.assignee_id

-- name: ticket_from  (a piece): the same, and the viewer's standing; OFFSET 0 keeps it from being computed once per use
{{reads.ticket_joins}}
  CROSS JOIN LATERAL (SELECT {{reads.standing}} AS standing OFFSET 0) AS viewer_is

-- name: whole  (a piece): the ids of the ticket `t` and of those merged into it, as far as the viewer `v` sees what was said there
ARRAY(SELECT t.id UNION ALL
      SELECT m.id FROM tickets m
       WHERE m.merged_into_id = t.id
         AND (standing = 'staff' OR m.requester_id = v.id
              OR EXISTS (SELECT FROM ticket_participants p WHERE p.ticket_id = m.id AND p.user_id = v.id)))

-- name: link_relation  (a piece): what the tickets `whole` are to the other one of the link `l`
CASE WHEN l.source_id = ANY(whole.ids)
     THEN l.kind
     ELSE CASE l.kind WHEN 'parent' THEN 'child' WHEN 'duplicate' THEN 'original' WHEN 'follow_up' THEN 'followed_up' ELSE l.kind END END

-- name: ticket_columns  (a piece; $1 viewer): what a list shows. Tags, private queues and addresses are for those who work on the ticket
t.id, t.subject, t.status, t.priority,
CASE WHEN standing = 'staff' OR NOT q.private
     THEN json_build_object('id', q.id, 'slug', q.slug, 'name', q.name, 'private', q.private) END AS queue,
json_build_object('id', r.id, 'name', coalesce(nullif(r.name, ''), split_part(r.email, '@', 1)),
                  'email', CASE WHEN standing = 'staff' OR r.id = $1 THEN r.email END) AS requester,
CASE WHEN a.id IS NOT NULL THEN json_build_object('id', a.id, 'name', coalesce(nullif(a.name, ''), split_part(a.email, '@', 1))) END AS assignee,
CASE WHEN standing = 'staff'
     THEN (SELECT coalesce(json_agg(g.name ORDER BY g.name), '[]') FROM ticket_tags x JOIN tags g ON g.id = x.tag_id WHERE x.ticket_id = t.id)
     ELSE '[]' END AS tags,
t.via, t.snoozed_until, t.created_at, t.updated_at, t.version

-- name: comment_columns  (a piece): a comment `c` with its author `w`
c.id, c.ticket_id,
CASE WHEN w.id IS NOT NULL THEN json_build_object('id', w.id, 'name', coalesce(nullif(w.name, ''), split_part(w.email, '@', 1))) END AS author,
c.public, c.via, c.body, c.html, c.automatic, CASE WHEN standing = 'staff' THEN c.flagged END AS flagged,
CASE WHEN standing = 'staff' THEN c.bounced_at END AS bounced_at, c.created_at, c.edited_at,
(SELECT coalesce(json_agg(json_build_object('id', f.id, 'filename', f.filename, 'content_type', f.content_type, 'size', f.size,
                                            'inline', f.inline, 'content_id', f.content_id) ORDER BY f.id), '[]')
   FROM attachments f WHERE f.comment_id = c.id) AS attachments

-- name: ticket  ($1 viewer, $2 ticket): the whole ticket as JSON, with its newest 100 comments. No row: no such active user
SELECT found.merged_into_id, found.standing, found.id, found.version, found.json
  FROM users v
  LEFT JOIN LATERAL (
    SELECT t.merged_into_id, t.id, t.version, standing,
           CASE WHEN standing IS NOT NULL AND (t.merged_into_id IS NULL OR standing <> 'staff')
                THEN (SELECT convert_to(row_to_json(shown)::text, 'UTF8') FROM (
               SELECT {{reads.ticket_columns}},
                      t.language, t.first_response_at, t.resolved_at, t.closed_at, standing,
                      (SELECT coalesce(json_agg(json_build_object(
                                  'id', u.id, 'name', coalesce(nullif(u.name, ''), split_part(u.email, '@', 1)),
                                  'email', CASE WHEN standing = 'staff' OR u.id = v.id THEN u.email END) ORDER BY p.id), '[]')
                         FROM ticket_participants p JOIN users u ON u.id = p.user_id WHERE p.ticket_id = t.id) AS participants,
                      to_json(whole.ids[2:]) AS merged_tickets,
                      CASE WHEN standing = 'staff' THEN (
                          SELECT coalesce(json_agg(json_build_object('relation', {{reads.link_relation}}, 'ticket_id', o.id,
                                                                     'subject', o.subject, 'status', o.status) ORDER BY l.id), '[]')
                            FROM ticket_links l
                            JOIN tickets o ON o.id = CASE WHEN l.source_id = ANY(whole.ids) THEN l.target_id ELSE l.source_id END
                            JOIN queues oq ON oq.id = o.queue_id
                           WHERE (l.source_id = ANY(whole.ids) OR l.target_id = ANY(whole.ids)) AND NOT o.id = ANY(whole.ids)
                             AND (NOT oq.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = oq.id AND m.user_id = v.id)))
                      ELSE '[]' END AS links,
                      standing = 'staff' AND EXISTS (SELECT FROM ticket_watchers w WHERE w.ticket_id = t.id AND w.user_id = v.id) AS watching,
                      EXISTS (SELECT FROM ticket_mutes x WHERE x.ticket_id = t.id AND x.user_id = v.id) AS muted,
                      (SELECT count(*) FROM comments c
                        WHERE c.ticket_id = ANY(whole.ids) AND c.deleted_at IS NULL AND (c.public OR standing = 'staff')) AS comment_count,
                      (SELECT coalesce(json_agg(said ORDER BY said.id), '[]') FROM (
                          SELECT {{reads.comment_columns}}
                            FROM comments c LEFT JOIN users w ON w.id = c.author_id
                           WHERE c.ticket_id = ANY(whole.ids) AND c.deleted_at IS NULL AND (c.public OR standing = 'staff')
                           ORDER BY c.id DESC LIMIT 100) AS said) AS comments
                 FROM (SELECT {{reads.whole}} AS ids OFFSET 0) AS whole
           ) AS shown) END AS json
      FROM {{reads.ticket_from}}
     WHERE t.id = $2
  ) AS found ON true
 WHERE v.id = $1 AND v.active

-- name: comments  ($1 viewer, $2 ticket, $3 limit, $4 after this comment): oldest first
SELECT found.merged_into_id, found.standing, page.items, page.more, page.last
  FROM users v
  LEFT JOIN LATERAL (SELECT {{reads.whole}} AS ids, t.merged_into_id, standing FROM {{reads.ticket_from}} WHERE t.id = $2) AS found ON true
  LEFT JOIN LATERAL (
    SELECT convert_to(coalesce(json_agg(said ORDER BY position) FILTER (WHERE position <= $3), '[]')::text, 'UTF8') AS items,
           coalesce(bool_or(position > $3), false) AS more, max((said).id) FILTER (WHERE position = $3) AS last
      FROM (SELECT said, row_number() OVER (ORDER BY said.id) AS position
              FROM (SELECT {{reads.comment_columns}}
                      FROM comments c LEFT JOIN users w ON w.id = c.author_id
                     WHERE c.ticket_id = ANY(found.ids) AND c.id > $4 AND c.deleted_at IS NULL AND (c.public OR found.standing = 'staff')
                     ORDER BY c.id LIMIT $3 + 1) AS said) AS numbered (said, position)
  ) AS page ON found.standing IS NOT NULL
 WHERE v.id = $1 AND v.active

-- name: comment  ($1 viewer, $2 comment): of a ticket that goes on in another, the other says what staff may see
SELECT found.json
  FROM users v
  LEFT JOIN LATERAL (
    SELECT (SELECT convert_to(row_to_json(said)::text, 'UTF8') FROM (SELECT {{reads.comment_columns}}) AS said) AS json
      FROM comments c
      LEFT JOIN users w ON w.id = c.author_id
      JOIN tickets said_on ON said_on.id = c.ticket_id
      JOIN {{reads.ticket_from}} ON t.id = said_on.id OR t.id = said_on.merged_into_id
     WHERE c.id = $2 AND c.deleted_at IS NULL
       AND CASE WHEN standing = 'staff' THEN said_on.merged_into_id IS NULL OR t.id <> said_on.id
                WHEN standing IS NOT NULL THEN c.public AND t.id = said_on.id ELSE false END
     ORDER BY standing = 'staff' LIMIT 1
  ) AS found ON true
 WHERE v.id = $1 AND v.active

-- name: tickets  (a frame, filled by `core/ticketlists.py`): $1 viewer, $2 limit
WITH viewer AS MATERIALIZED (
    SELECT id, role FROM users WHERE id = $1 AND active
), own AS MATERIALIZED (
    SELECT id FROM tickets WHERE requester_id = $1 UNION SELECT ticket_id FROM ticket_participants WHERE user_id = $1
), goes_on AS MATERIALIZED (
    SELECT merged_into_id AS id FROM tickets WHERE id IN (SELECT id FROM own) AND merged_into_id IS NOT NULL
), page AS MATERIALIZED (
    SELECT id, key, standing, row_number() OVER (ORDER BY key ~direction~, id ~direction~) AS position
      FROM (~branches~) AS seen ORDER BY key ~direction~, id ~direction~ LIMIT $2 + 1
)
SELECT convert_to(coalesce(json_agg(shown.json ORDER BY shown.position) FILTER (WHERE shown.position <= $2), '[]')::text, 'UTF8') AS items,
       coalesce(bool_or(shown.position > $2), false) AS more,
       max(shown.key) FILTER (WHERE shown.position = $2) AS key, max(shown.id) FILTER (WHERE shown.position = $2) AS last,
       ~total~ AS total
  FROM viewer
  LEFT JOIN (
    SELECT page.id, page.key, page.position, (SELECT row_to_json(ticket) FROM (SELECT {{reads.ticket_columns}}) AS ticket) AS json
      FROM page
      JOIN {{reads.ticket_joins}} ON t.id = page.id
  ) AS shown ON true
 GROUP BY viewer.id

-- name: seen_in_all  (a piece of `tickets`)
(SELECT count(*) FROM (~branches~) AS every)

-- name: queue_of_slug  (a piece of `tickets`)
(SELECT id FROM queues WHERE slug = ~slug~)

-- name: seen_as_staff  (a piece of `tickets`): others' tickets in the queues the viewer works in
(SELECT t.id, ~key~ AS key, 'staff' AS standing FROM tickets t
  WHERE t.merged_into_id IS NULL AND t.confirmed AND (SELECT role FROM viewer) <> 'user'
    AND t.queue_id = ANY (ARRAY(SELECT q.id FROM queues q
                                 WHERE NOT q.private OR EXISTS (SELECT FROM queue_members m WHERE m.queue_id = q.id AND m.user_id = $1)))
    AND t.id NOT IN (SELECT id FROM own UNION ALL SELECT id FROM goes_on) ~where~)

-- name: seen_as_own  (a piece of `tickets`): what the viewer asked or is in copy of; a merged one only if he does not see where it goes on
(SELECT t.id, ~key~ AS key, 'own' AS standing FROM own JOIN tickets t ON t.id = own.id
  WHERE (t.merged_into_id IS NULL OR t.merged_into_id NOT IN (SELECT id FROM own)) ~where~)

-- name: user_columns  (a piece): a person `u`
u.id, u.email, u.name, u.role, u.active, u.language, u.time_zone, u.quiet_from, u.quiet_until, u.version, u.last_login_at, u.created_at, u.updated_at

-- name: user  ($1 user)
SELECT version, convert_to(row_to_json(shown)::text, 'UTF8') AS json FROM (SELECT {{reads.user_columns}} FROM users u WHERE u.id = $1) AS shown

-- name: users  ($1 limit, $2 after this user, $3 words or NULL, $4 role or NULL, $5 active or NULL, $6 with the total)
WITH matching AS NOT MATERIALIZED (
    SELECT {{reads.user_columns}}
      FROM users u
     WHERE u.merged_into_id IS NULL AND ($4::text IS NULL OR u.role = $4) AND ($5::boolean IS NULL OR u.active = $5)
       AND ($3::text IS NULL OR strpos(lower(u.name), $3) > 0
            OR EXISTS (SELECT FROM user_addresses a WHERE a.user_id = u.id AND strpos(a.email, $3) > 0))
), page AS (
    SELECT person, row_number() OVER (ORDER BY person.id) AS position
      FROM (SELECT * FROM matching WHERE id > $2 ORDER BY id LIMIT $1 + 1) AS person
)
SELECT convert_to(coalesce(json_agg(person ORDER BY position) FILTER (WHERE position <= $1), '[]')::text, 'UTF8') AS items,
       coalesce(bool_or(position > $1), false) AS more, max((person).id) FILTER (WHERE position = $1) AS last,
       CASE WHEN $6 THEN (SELECT count(*) FROM matching) END AS total
  FROM page

-- name: tag_columns  (a piece): a tag `g`
g.id, g.name, g.description, g.color, g.version, g.created_at, g.updated_at

-- name: tag  ($1 tag)
SELECT version, convert_to(row_to_json(shown)::text, 'UTF8') AS json FROM (SELECT {{reads.tag_columns}} FROM tags g WHERE g.id = $1) AS shown

-- name: tags  ($1 limit, $2 after this name, $3 beginning of the name): by name
SELECT convert_to(coalesce(json_agg(tag ORDER BY position) FILTER (WHERE position <= $1), '[]')::text, 'UTF8') AS items,
       coalesce(bool_or(position > $1), false) AS more, max((tag).name) FILTER (WHERE position = $1) AS last
  FROM (SELECT tag, row_number() OVER (ORDER BY tag.name) AS position
          FROM (SELECT {{reads.tag_columns}} FROM tags g
                 WHERE g.name > $2 AND starts_with(g.name, $3) ORDER BY g.name LIMIT $1 + 1) AS tag) AS numbered (tag, position)
