-- name: boxes: mailboxes that mail is fetched from
SELECT id, address, connection::text AS connection, last_error FROM mailboxes WHERE kind = 'imap' AND paused_at IS NULL ORDER BY id

-- name: position  ($1 mailbox, $2 folder)
SELECT uid_validity, last_uid, lay_there, since, made_anew FROM imap_positions WHERE mailbox_id = $1 AND folder = $2

-- name: place  (a piece; $1 mailbox, $2 folder, $3 host, $4 user): the mailbox, as long as it is connected to this place
mailboxes box WHERE box.id = $1 AND box.kind = 'imap' AND box.connection ->> 'folder' = $2::text AND box.connection ->> 'host' = $3::text AND box.connection ->> 'user' = $4::text

-- name: is_fetched  (a place): whether mail is still fetched from there
SELECT EXISTS (SELECT FROM {{imap.place}} AND box.paused_at IS NULL)

-- name: reached  (a place; $5 validity, $6 UID, $7 the UID one began behind, $8 now): never back within one validity, only while it is connected
-- there, and not past what somebody asked for meanwhile
INSERT INTO imap_positions (mailbox_id, folder, uid_validity, last_uid, updated_at) SELECT $1, $2::text, $5, $6, $8 FROM {{imap.place}}
    ON CONFLICT (mailbox_id, folder) DO UPDATE
   SET uid_validity = excluded.uid_validity, updated_at = excluded.updated_at,
       last_uid = CASE WHEN imap_positions.uid_validity <> excluded.uid_validity THEN excluded.last_uid
                       WHEN imap_positions.last_uid < $7 THEN imap_positions.last_uid
                       ELSE greatest(imap_positions.last_uid, excluded.last_uid) END

-- name: begin  ($1 mailbox, $2 folder, $3 validity, $4 UID, $5 up to which UID mail lay there, $6 since when it is taken, $7 whether the folder was
-- made anew, $8 now): from here on, also back
INSERT INTO imap_positions (mailbox_id, folder, uid_validity, last_uid, lay_there, since, made_anew, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (mailbox_id, folder) DO UPDATE
   SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid, lay_there = excluded.lay_there, since = excluded.since,
       made_anew = excluded.made_anew, updated_at = excluded.updated_at

-- name: seen  ($1 mailbox, $2 now, $3 what could not be done all the same)
UPDATE mailboxes SET last_seen_at = $2, last_error = $3 WHERE id = $1

-- name: failed  ($1 mailbox, $2 why)
UPDATE mailboxes SET last_error = $2 WHERE id = $1

-- name: taken  ($1 beginning of the names, $2 its length): the UIDs of a folder that the ledger knows
SELECT substr(source_key, $2 + 1)::bigint AS uid FROM inbound_mails WHERE starts_with(source_key, $1)

-- name: came  ($1 Message-ID): whether a mail was taken
SELECT EXISTS (SELECT FROM inbound_mails WHERE message_id = $1)

-- name: begin_anew  ($1 mailbox)
DELETE FROM imap_positions WHERE mailbox_id = $1
