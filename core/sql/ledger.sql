-- name: has_job  (a piece): a job that will file the mail `m` is there; one that is held is no help until somebody retries it
EXISTS (SELECT FROM pgqueuer job WHERE job.entrypoint = 'file_mail' AND job.status IN ('queued', 'picked')
           AND convert_from(job.payload, 'UTF8')::json ->> 'inbound_mail' = m.id::text)

-- name: needs_place  (a piece): the mail `m` ended as something said on a ticket
m.disposition IN ('new_ticket', 'reply', 'note', 'wants_to_join', 'automatic') AND NOT m.trace ? 'colleague'

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

-- name: veil  (a piece): what is not told of a mail that the asker may not read
jsonb_build_object('envelope_from', NULL, 'envelope_to', '[]'::jsonb, 'message_id', NULL, 'reason', NULL, 'ticket_id', NULL, 'comment_id', NULL)

-- name: page  ($1 before this id or NULL, $2 disposition or NULL ('unfiled' for none), $3 ticket or NULL, $4 how many, $5 viewer or NULL): newest first
WITH found AS (
    SELECT * FROM inbound_mails m
     WHERE ($1::bigint IS NULL OR m.id < $1)
       AND ($2::text IS NULL OR CASE WHEN $2 = 'unfiled' THEN m.disposition IS NULL ELSE m.disposition = $2 END)
       AND ($3::bigint IS NULL OR m.ticket_id = $3)
     ORDER BY m.id DESC LIMIT $4 + 1
), shown AS (SELECT * FROM found ORDER BY id DESC LIMIT $4)
SELECT convert_to(coalesce(json_agg(CASE WHEN {{ledger.is_open_to}} THEN {{ledger.entry}}::jsonb ELSE {{ledger.entry}}::jsonb || {{ledger.veil}} END
                                    ORDER BY m.id DESC), '[]')::text, 'UTF8') AS items,
       min(m.id) AS last_id, (SELECT count(*) FROM found) > $4 AS more
  FROM shown m CROSS JOIN (SELECT $5::bigint AS id) AS asker

-- name: is_open_to  (a piece): whether the `asker` may read what the mail `m` says; no asker is the operator. It is as hidden as its ticket,
-- or as the queue of its mailbox where it has none; one that came twice as its first
(asker.id IS NULL OR CASE WHEN coalesce(m.ticket_id, (SELECT first.ticket_id FROM inbound_mails first WHERE first.id = m.duplicate_of_id)) IS NOT NULL
      THEN EXISTS (SELECT FROM tickets named
                     JOIN tickets t ON t.id = coalesce(named.merged_into_id, named.id)
                     JOIN queues q ON q.id = t.queue_id JOIN users u ON u.id = asker.id
                    WHERE named.id = coalesce(m.ticket_id, (SELECT first.ticket_id FROM inbound_mails first WHERE first.id = m.duplicate_of_id))
                      AND {{policy.works_on}})
      ELSE NOT EXISTS (SELECT FROM mailboxes box JOIN queues q ON q.id = box.queue_id
                        WHERE box.id = m.mailbox_id AND q.private
                          AND NOT EXISTS (SELECT FROM queue_members w WHERE w.queue_id = q.id AND w.user_id = asker.id)) END)

-- name: why  ($1 ledger id, $2 viewer or NULL): a row of the ledger with its trace
SELECT convert_to(CASE WHEN {{ledger.is_open_to}}
                       THEN ({{ledger.entry}}::jsonb || jsonb_build_object('trace', m.trace, 'refers_to', m.refers_to, 'reads', m.reads))
                       ELSE ({{ledger.entry}}::jsonb || {{ledger.veil}} || jsonb_build_object(
                             'trace', jsonb_build_object('rule', m.trace -> 'rule'), 'refers_to', '[]'::jsonb, 'reads', m.reads)) END::text, 'UTF8') AS entry
  FROM inbound_mails m CROSS JOIN (SELECT $2::bigint AS id) AS asker WHERE m.id = $1

-- name: raw  ($1 ledger id, $2 viewer or NULL)
SELECT blob, size FROM inbound_mails m CROSS JOIN (SELECT $2::bigint AS id) AS asker WHERE m.id = $1 AND {{ledger.is_open_to}}

-- name: forget_bytes  ($1 filed before): raw bytes that have served their time; a stub's only copy is an attachment of its own
UPDATE inbound_mails SET blob = '' WHERE filed_at < $1 AND blob <> '' AND disposition IS NOT NULL RETURNING 1

-- name: to_replay  ($1 after this ledger id, $2 received since or NULL, $3 how many): filed mails whose raw bytes are kept, with what was
-- made of them
SELECT m.id, m.blob, m.size, m.door, m.peer, m.envelope_from, m.received_at, m.disposition, m.message_id, m.comment_id, m.trace,
       coalesce(t.merged_into_id, t.id) AS ticket_id, array(SELECT address FROM mailboxes) AS own_addresses, c.body,
       c.id IS NOT NULL AND c.edited_at IS NULL AND c.deleted_at IS NULL AS as_it_came
  FROM inbound_mails m LEFT JOIN tickets t ON t.id = m.ticket_id LEFT JOIN comments c ON c.id = m.comment_id
 WHERE m.id > $1 AND m.disposition IS NOT NULL AND m.blob <> '' AND ($2::timestamptz IS NULL OR m.received_at >= $2)
 ORDER BY m.id LIMIT $3

-- name: reread  ($1 comment, $2 body, $3 full body, $4 html): what was said, as it is read today
UPDATE comments SET body = $2, full_body = $3, html = $4 WHERE id = $1 AND edited_at IS NULL AND deleted_at IS NULL

-- name: unfile  ($1 ledger id): it gets its place anew, for it never had one on a ticket
UPDATE inbound_mails SET disposition = NULL, reason = NULL, filed_at = NULL, fingerprint = NULL, duplicate_of_id = NULL, reads = 0
 WHERE id = $1 AND ticket_id IS NULL AND comment_id IS NULL
RETURNING id

-- name: live  ($1 ticket)
SELECT coalesce(merged_into_id, id) FROM tickets WHERE id = $1

-- name: staff_receipt  ($1 ledger id): what a colleague's mail did, and how he is written to. Of mail that did nothing he is told three times an
-- hour: a machine that answers in his name would go on for ever
SELECT m.id, m.trace::text AS trace, m.ticket_id, m.filed_at, m.message_id, u.id AS user_id, u.email, u.name AS person,
       coalesce(u.language, box.language, 'en') AS language, box.address, box.name AS desk, box.plus_addressing
  FROM inbound_mails m
  JOIN users u ON u.id = (m.trace ->> 'colleague')::bigint AND u.active
  JOIN LATERAL (SELECT * FROM mailboxes b ORDER BY (b.id = m.mailbox_id) DESC, b.priority, b.id LIMIT 1) AS box ON true
 WHERE m.id = $1 AND m.ticket_id IS NOT NULL
   AND (m.trace ->> 'rule' <> 'staff_on_anothers_ticket' OR 3 > (
           SELECT count(*) FROM inbound_mails e
            WHERE e.received_at > m.received_at - interval '1 hour' AND e.id < m.id
              AND e.trace ->> 'rule' = 'staff_on_anothers_ticket' AND e.trace ->> 'colleague' = m.trace ->> 'colleague'))