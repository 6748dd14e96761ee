-- name: has_job  (a piece): a job that will file the mail `m` is there; one that is held is no help until somebody retries it
EXISTS (SELECT FROM pgqueuer job WHERE job.entrypoint = 'file_mail' AND job.status IN ('queued', 'picked')
           AND convert_from(job.payload, 'UTF8')::json ->> 'inbound_mail' = m.id::text)

-- name: needs_place  (a piece): the mail `m` ended as something said on a ticket
m.disposition IN ('new_ticket', 'reply', 'note', 'wants_to_join', 'automatic')

-- name: sums: how many mails came, and what became of them
SELECT count(*) AS received, count(*) FILTER (WHERE m.disposition IS NULL) AS unfiled,
       coalesce((SELECT json_object_agg(d.disposition, d.number)
                   FROM (SELECT disposition, count(*) AS number FROM inbound_mails WHERE disposition IS NOT NULL GROUP BY 1 ORDER BY 1) AS d),
                '{}')::text AS dispositions
  FROM inbound_mails m

-- name: gaps  ($1 accepted before, $2 how many): mails that nobody will file, and mails whose place is gone
SELECT m.id, m.received_at, CASE WHEN m.disposition IS NULL THEN 'is not filed, and nothing is under way to file it'
                                 ELSE 'was filed as ' || m.disposition || ', but there is no such comment' END AS problem
  FROM inbound_mails m
 WHERE (m.disposition IS NULL AND m.received_at < $1 AND NOT {{ledger.has_job}})
    OR ({{ledger.needs_place}} AND (m.comment_id IS NULL OR m.ticket_id IS NULL))
    OR (m.disposition IS NOT NULL AND (m.reason IS NULL OR m.filed_at IS NULL))
 ORDER BY m.id
 LIMIT $2

-- name: forgotten  ($1 accepted before): unfiled mails without a job, locked
SELECT m.id FROM inbound_mails m
 WHERE m.disposition IS NULL AND m.received_at < $1 AND NOT {{ledger.has_job}}
   AND NOT EXISTS (SELECT FROM pgqueuer job WHERE job.entrypoint = 'file_mail' AND job.status = 'failed'
                      AND convert_from(job.payload, 'UTF8')::json ->> 'inbound_mail' = m.id::text)
 ORDER BY m.id LIMIT 500
   FOR UPDATE SKIP LOCKED

-- name: late  ($1 accepted before): how many mails wait too long for their place
SELECT count(*) FROM inbound_mails WHERE disposition IS NULL AND received_at < $1

-- name: blobs  ($1 after this id, $2 how many): the raw bytes that must be there
SELECT id, blob, size FROM inbound_mails WHERE id > $1 AND blob <> '' ORDER BY id LIMIT $2

-- name: entry  (a piece): a row of the ledger as JSON, without its trace
json_build_object('id', m.id, 'received_at', m.received_at, 'filed_at', m.filed_at, 'door', m.door, 'peer', m.peer, 'size', m.size,
    'envelope_from', m.envelope_from, 'envelope_to', m.envelope_to,
    'mailbox', (SELECT box.address FROM mailboxes box WHERE box.id = m.mailbox_id), 'message_id', m.message_id,
    'disposition', m.disposition, 'reason', m.reason, 'ticket_id', m.ticket_id, 'comment_id', m.comment_id, 'duplicate_of', m.duplicate_of_id)

-- name: page  ($1 before this id or NULL, $2 disposition or NULL ('unfiled' for none), $3 ticket or NULL, $4 how many): newest first
WITH found AS (
    SELECT * FROM inbound_mails m
     WHERE ($1::bigint IS NULL OR m.id < $1)
       AND ($2::text IS NULL OR CASE WHEN $2 = 'unfiled' THEN m.disposition IS NULL ELSE m.disposition = $2 END)
       AND ($3::bigint IS NULL OR m.ticket_id = $3)
     ORDER BY m.id DESC LIMIT $4 + 1
), shown AS (SELECT * FROM found ORDER BY id DESC LIMIT $4)
SELECT convert_to(coalesce(json_agg({{ledger.entry}} ORDER BY m.id DESC), '[]')::text, 'UTF8') AS items, min(m.id) AS last_id,
       (SELECT count(*) FROM found) > $4 AS more
  FROM shown m

-- name: why  ($1 ledger id): a row of the ledger with its trace
SELECT convert_to(({{ledger.entry}}::jsonb || jsonb_build_object('trace', m.trace, 'refers_to', m.refers_to, 'reads', m.reads))::text, 'UTF8') AS entry
  FROM inbound_mails m WHERE m.id = $1

-- name: raw  ($1 ledger id)
SELECT blob, size FROM inbound_mails WHERE id = $1

-- name: forget_bytes  ($1 filed before): raw bytes that have served their time; a stub's only copy is an attachment of its own
UPDATE inbound_mails SET blob = '' WHERE filed_at < $1 AND blob <> '' AND disposition IS NOT NULL RETURNING 1
