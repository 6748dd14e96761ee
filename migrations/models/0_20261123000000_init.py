from tortoise import BaseDBAsyncClient

RUN_IN_TRANSACTION = True


async def upgrade(db: BaseDBAsyncClient) -> str:
    return """
        CREATE TABLE "users" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "email" VARCHAR(320) NOT NULL UNIQUE,
    "name" VARCHAR(200) NOT NULL DEFAULT '',
    "role" VARCHAR(10) NOT NULL DEFAULT 'user',
    "active" BOOL NOT NULL DEFAULT True,
    "password_hash" VARCHAR(200),
    "language" VARCHAR(20),
    "time_zone" VARCHAR(64) NOT NULL DEFAULT 'UTC',
    "quiet_from" VARCHAR(5),
    "quiet_until" VARCHAR(5),
    "digest" VARCHAR(10) NOT NULL DEFAULT 'off',
    "version" INT NOT NULL DEFAULT 1,
    "last_login_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "merged_into_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
COMMENT ON COLUMN "users"."role" IS 'USER: user\nSTAFF: staff\nADMIN: admin';
COMMENT ON TABLE "users" IS 'A person. `email` is the address the desk writes to, lower-case; further addresses are in `UserAddress`. Quiet hours are `HH:MM`.';
CREATE TABLE "faqs" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "question" VARCHAR(300) NOT NULL,
    "answer" TEXT NOT NULL,
    "keywords" JSONB NOT NULL DEFAULT '[]',
    "language" VARCHAR(20) NOT NULL DEFAULT 'en',
    "published" BOOL NOT NULL DEFAULT True,
    "position" INT NOT NULL DEFAULT 100,
    "version" INT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "search" TSVECTOR,
    "author_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
COMMENT ON TABLE "faqs" IS 'A question people ask and its answer, in one language.';
CREATE TABLE "faq_votes" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "voter" VARCHAR(64) NOT NULL,
    "helpful" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "faq_id" BIGINT NOT NULL REFERENCES "faqs" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_faq_votes_faq_id_93b5a6" UNIQUE ("faq_id", "voter")
);
COMMENT ON TABLE "faq_votes" IS 'Whether an answer helped; `voter` is a user''s id or a hash of an anonymous reader, so that each counts once.';
CREATE TABLE "idempotency_keys" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "key" VARCHAR(200) NOT NULL,
    "request_hash" VARCHAR(64) NOT NULL,
    "status" INT NOT NULL,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "body" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_idempotency_user_id_bc4599" UNIQUE ("user_id", "key")
);
COMMENT ON TABLE "idempotency_keys" IS 'An answer given once under a client''s `Idempotency-Key`, given again for the same body.';
CREATE TABLE "settings" (
    "name" VARCHAR(100) NOT NULL PRIMARY KEY,
    "value" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "settings" IS 'A choice an admin makes while the desk runs; what is not set has its default in code.';
CREATE TABLE "webhooks" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "url" VARCHAR(2000) NOT NULL,
    "description" VARCHAR(200) NOT NULL DEFAULT '',
    "secret" BYTEA NOT NULL,
    "event_kinds" JSONB NOT NULL DEFAULT '[]',
    "active" BOOL NOT NULL DEFAULT True,
    "switched_off_reason" VARCHAR(300),
    "failing_since" TIMESTAMPTZ,
    "version" INT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "webhooks" IS 'A URL that is called about events; `secret` is encrypted. Lasting failure switches it off with a reason.';
CREATE TABLE "suppressions" (
    "email" VARCHAR(320) NOT NULL PRIMARY KEY,
    "reason" VARCHAR(300) NOT NULL,
    "score" INT NOT NULL DEFAULT 0,
    "until" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "suppressions" IS 'An address that bounced for good: nothing is sent to it until `until`, unless a person lifts it.';
CREATE TABLE "api_tokens" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL,
    "token_hash" VARCHAR(64) NOT NULL UNIQUE,
    "scopes" JSONB NOT NULL DEFAULT '[]',
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ,
    "last_used_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "api_tokens" IS 'A named token for programs: shown once, stored hashed, limited to `scopes`.';
CREATE TABLE "identities" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "issuer" VARCHAR(300) NOT NULL,
    "subject" VARCHAR(300) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_identities_issuer_1dda2d" UNIQUE ("issuer", "subject")
);
COMMENT ON TABLE "identities" IS 'A person at an OpenID provider, known by (issuer, subject).';
CREATE TABLE "one_time_tokens" (
    "token_hash" VARCHAR(64) NOT NULL PRIMARY KEY,
    "purpose" VARCHAR(30) NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "user_id" BIGINT REFERENCES "users" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "one_time_tokens" IS 'A link sent by mail that works once: invitation, password reset, magic link, address check, public form.';
CREATE TABLE "sessions" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "family" UUID NOT NULL,
    "token_hash" VARCHAR(64) NOT NULL UNIQUE,
    "user_agent" VARCHAR(200) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "spent_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_sessions_family_749881" ON "sessions" ("family");
COMMENT ON TABLE "sessions" IS 'A refresh token of one login. Tokens of a `family` follow one another; using a spent one revokes the family.';
CREATE TABLE "user_addresses" (
    "email" VARCHAR(320) NOT NULL PRIMARY KEY,
    "verified_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_user_addres_user_id_185812" ON "user_addresses" ("user_id");
COMMENT ON TABLE "user_addresses" IS 'Every address that leads to a person, the primary one included; `email` is lower-case and belongs to one person only.';
CREATE TABLE "blocked_senders" (
    "pattern" VARCHAR(320) NOT NULL PRIMARY KEY,
    "reason" VARCHAR(300) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
COMMENT ON TABLE "blocked_senders" IS 'An address (`eva@example.org`) or a domain (`example.org`), lower-case, whose mail is refused.';
CREATE TABLE "sla_policies" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(100) NOT NULL UNIQUE,
    "targets" JSONB NOT NULL DEFAULT '{}',
    "calendar" JSONB NOT NULL DEFAULT '{}',
    "time_zone" VARCHAR(64) NOT NULL DEFAULT 'UTC',
    "version" INT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "sla_policies" IS 'How soon tickets are answered and resolved, in minutes of the calendar''s working hours, per priority.';
CREATE TABLE "queues" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "slug" VARCHAR(60) NOT NULL UNIQUE,
    "name" VARCHAR(100) NOT NULL,
    "private" BOOL NOT NULL DEFAULT False,
    "language" VARCHAR(20) NOT NULL DEFAULT 'en',
    "position" INT NOT NULL DEFAULT 100,
    "assignment" VARCHAR(20) NOT NULL DEFAULT 'none',
    "reply_sets_pending" BOOL NOT NULL DEFAULT False,
    "remind_after_days" INT,
    "close_after_days" INT,
    "version" INT NOT NULL DEFAULT 1,
    "archived_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "sla_policy_id" BIGINT REFERENCES "sla_policies" ("id") ON DELETE SET NULL
);
COMMENT ON TABLE "queues" IS 'Where tickets wait and who sees them. A private queue is seen by its members only.';
CREATE TABLE "mailboxes" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "address" VARCHAR(320) NOT NULL UNIQUE,
    "name" VARCHAR(100) NOT NULL DEFAULT 'Support',
    "language" VARCHAR(20) NOT NULL DEFAULT 'en',
    "priority" INT NOT NULL DEFAULT 100,
    "plus_addressing" BOOL NOT NULL DEFAULT True,
    "kind" VARCHAR(20) NOT NULL DEFAULT 'smtp',
    "connection" JSONB NOT NULL DEFAULT '{}',
    "paused_at" TIMESTAMPTZ,
    "last_error" TEXT,
    "last_seen_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "queue_id" BIGINT NOT NULL REFERENCES "queues" ("id") ON DELETE RESTRICT
);
COMMENT ON TABLE "mailboxes" IS 'An address that feeds a queue. `address` is lower-case. `connection` holds how mail is fetched from elsewhere, secrets encrypted.';
CREATE TABLE "imap_positions" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "folder" VARCHAR(300) NOT NULL,
    "uid_validity" BIGINT NOT NULL,
    "last_uid" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "mailbox_id" BIGINT NOT NULL REFERENCES "mailboxes" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_imap_positi_mailbox_96156a" UNIQUE ("mailbox_id", "folder")
);
COMMENT ON TABLE "imap_positions" IS 'How far a mailbox''s folder has been read.';
CREATE TABLE "tickets" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "subject" VARCHAR(500) NOT NULL,
    "status" VARCHAR(10) NOT NULL DEFAULT 'new',
    "priority" VARCHAR(10) NOT NULL DEFAULT 'normal',
    "via" VARCHAR(10) NOT NULL DEFAULT 'api',
    "language" VARCHAR(20),
    "confirmed" BOOL NOT NULL DEFAULT True,
    "spam" BOOL NOT NULL DEFAULT False,
    "version" INT NOT NULL DEFAULT 1,
    "merged_at" TIMESTAMPTZ,
    "snoozed_until" TIMESTAMPTZ,
    "reminded_at" TIMESTAMPTZ,
    "first_response_at" TIMESTAMPTZ,
    "requester_spoke_at" TIMESTAMPTZ,
    "staff_spoke_at" TIMESTAMPTZ,
    "resolved_at" TIMESTAMPTZ,
    "closed_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "search" TSVECTOR,
    "assignee_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL,
    "mailbox_id" BIGINT REFERENCES "mailboxes" ("id") ON DELETE SET NULL,
    "merged_into_id" BIGINT REFERENCES "tickets" ("id") ON DELETE RESTRICT,
    "queue_id" BIGINT NOT NULL REFERENCES "queues" ("id") ON DELETE RESTRICT,
    "requester_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT,
    "split_from_id" BIGINT REFERENCES "tickets" ("id") ON DELETE SET NULL
);
COMMENT ON COLUMN "tickets"."status" IS 'NEW: new\nOPEN: open\nPENDING: pending\nRESOLVED: resolved\nCLOSED: closed';
COMMENT ON COLUMN "tickets"."priority" IS 'LOW: low\nNORMAL: normal\nHIGH: high\nURGENT: urgent';
COMMENT ON COLUMN "tickets"."via" IS 'EMAIL: email\nSLACK: slack\nAPI: api\nWEB: web\nSYSTEM: system';
COMMENT ON TABLE "tickets" IS 'The case; its number is its id. A merged ticket points to its target by `merged_into` and keeps its own comments.';
CREATE TABLE "comments" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "public" BOOL NOT NULL,
    "automatic" BOOL NOT NULL DEFAULT False,
    "flagged" VARCHAR(200),
    "via" VARCHAR(10) NOT NULL,
    "body" TEXT NOT NULL,
    "full_body" TEXT,
    "html" TEXT,
    "message_id" VARCHAR(1000),
    "send_after" TIMESTAMPTZ,
    "bounced_at" TIMESTAMPTZ,
    "edited_at" TIMESTAMPTZ,
    "deleted_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "search" TSVECTOR,
    "author_id" BIGINT REFERENCES "users" ("id") ON DELETE RESTRICT,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE
);
COMMENT ON COLUMN "comments"."via" IS 'EMAIL: email\nSLACK: slack\nAPI: api\nWEB: web\nSYSTEM: system';
COMMENT ON TABLE "comments" IS 'One thing said on a ticket. `body` is what its writer wrote; `full_body` and `html` keep the whole mail, where there was one.';
CREATE TABLE "events" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(40) NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "via" VARCHAR(10) NOT NULL,
    "quiet" BOOL NOT NULL DEFAULT False,
    "created_at" TIMESTAMPTZ NOT NULL,
    "actor_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE
);
COMMENT ON COLUMN "events"."via" IS 'EMAIL: email\nSLACK: slack\nAPI: api\nWEB: web\nSYSTEM: system';
COMMENT ON TABLE "events" IS 'An append-only fact about a ticket. Readers that follow along go by (`xid`, `id`), because ids are drawn before commit.';
CREATE TABLE "inbound_mails" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "blob" VARCHAR(64) NOT NULL,
    "size" BIGINT NOT NULL,
    "door" VARCHAR(10) NOT NULL,
    "peer" VARCHAR(100) NOT NULL DEFAULT '',
    "envelope_from" VARCHAR(1000),
    "envelope_to" JSONB NOT NULL DEFAULT '[]',
    "source_key" VARCHAR(300) UNIQUE,
    "message_id" VARCHAR(1000),
    "refers_to" JSONB NOT NULL DEFAULT '[]',
    "fingerprint" VARCHAR(64) UNIQUE,
    "disposition" VARCHAR(20),
    "reason" VARCHAR(300),
    "trace" JSONB NOT NULL DEFAULT '{}',
    "reads" INT NOT NULL DEFAULT 0,
    "received_at" TIMESTAMPTZ NOT NULL,
    "filed_at" TIMESTAMPTZ,
    "comment_id" BIGINT REFERENCES "comments" ("id") ON DELETE SET NULL,
    "duplicate_of_id" BIGINT REFERENCES "inbound_mails" ("id") ON DELETE SET NULL,
    "mailbox_id" BIGINT REFERENCES "mailboxes" ("id") ON DELETE SET NULL,
    "ticket_id" BIGINT REFERENCES "tickets" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_inbound_mai_blob_72624a" ON "inbound_mails" ("blob");
COMMENT ON COLUMN "inbound_mails"."disposition" IS 'NEW_TICKET: new_ticket\nREPLY: reply\nNOTE: note\nBOUNCE: bounce\nAUTOMATIC: automatic\nDUPLICATE: duplicate\nWANTS_TO_JOIN: wants_to_join\nREFUSED: refused\nSPAM: spam\nPARKED: parked';
COMMENT ON TABLE "inbound_mails" IS 'One accepted mail, from before its `250` on. `blob` are its raw bytes; `trace` says how it was understood and why.';
CREATE TABLE "outbound_messages" (
    "message_id" VARCHAR(250) NOT NULL PRIMARY KEY,
    "template" VARCHAR(40) NOT NULL,
    "subject" VARCHAR(600) NOT NULL,
    "automatic" BOOL NOT NULL,
    "content" BYTEA,
    "created_at" TIMESTAMPTZ NOT NULL,
    "comment_id" BIGINT REFERENCES "comments" ("id") ON DELETE SET NULL,
    "ticket_id" BIGINT REFERENCES "tickets" ("id") ON DELETE SET NULL
);
COMMENT ON TABLE "outbound_messages" IS 'One mail of ours: one Message-ID, made and frozen before the first try, handed over once per recipient (`Delivery`).';
CREATE TABLE "deliveries" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "channel" VARCHAR(10) NOT NULL,
    "recipient" VARCHAR(320) NOT NULL,
    "envelope_from" VARCHAR(320) NOT NULL DEFAULT '',
    "state" VARCHAR(10) NOT NULL DEFAULT 'pending',
    "attempts" INT NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "next_try_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL,
    "sent_at" TIMESTAMPTZ,
    "event_id" BIGINT REFERENCES "events" ("id") ON DELETE SET NULL,
    "message_id" VARCHAR(250) REFERENCES "outbound_messages" ("message_id") ON DELETE SET NULL,
    "ticket_id" BIGINT REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
COMMENT ON COLUMN "deliveries"."state" IS 'PENDING: pending\nSENDING: sending\nSENT: sent\nFAILED: failed\nHELD: held\nCANCELLED: cancelled';
COMMENT ON TABLE "deliveries" IS 'The ledger of things out: one mail to one person, one Slack post, one webhook call.';
CREATE TABLE "canned_replies" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "title" VARCHAR(150) NOT NULL,
    "body" TEXT NOT NULL,
    "language" VARCHAR(20) NOT NULL DEFAULT 'en',
    "version" INT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "created_by_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL,
    "queue_id" BIGINT REFERENCES "queues" ("id") ON DELETE CASCADE
);
COMMENT ON TABLE "canned_replies" IS 'A text kept for answers, with named placeholders, per queue and language.';
CREATE TABLE "queue_members" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "lead" BOOL NOT NULL DEFAULT False,
    "last_assigned_at" TIMESTAMPTZ,
    "queue_id" BIGINT NOT NULL REFERENCES "queues" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_queue_membe_queue_i_a8729e" UNIQUE ("queue_id", "user_id")
);
CREATE INDEX "idx_queue_membe_user_id_79d96a" ON "queue_members" ("user_id");
COMMENT ON TABLE "queue_members" IS 'Somebody who works in a queue; `lead` hears of breaches.';
CREATE TABLE "notifications" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "reason" VARCHAR(20) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "read_at" TIMESTAMPTZ,
    "event_id" BIGINT NOT NULL REFERENCES "events" ("id") ON DELETE CASCADE,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_notificatio_user_id_67c014" UNIQUE ("user_id", "event_id")
);
COMMENT ON TABLE "notifications" IS 'What a user sees in-app about an event.';
CREATE TABLE "notification_preferences" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "event_kind" VARCHAR(40) NOT NULL,
    "scope" VARCHAR(20) NOT NULL,
    "channel" VARCHAR(10) NOT NULL,
    "enabled" BOOL NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_notificatio_user_id_d35926" UNIQUE ("user_id", "event_kind", "scope", "channel")
);
COMMENT ON TABLE "notification_preferences" IS 'A person''s choice for one (event kind, scope, channel); what is not chosen has the default of the desk.';
CREATE TABLE "slack_cards" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(10) NOT NULL,
    "team_id" VARCHAR(20) NOT NULL,
    "channel_id" VARCHAR(20) NOT NULL,
    "ts" VARCHAR(20),
    "nonce" UUID NOT NULL,
    "wanted" BIGINT NOT NULL DEFAULT 0,
    "shown" BIGINT NOT NULL DEFAULT 0,
    "shown_hash" VARCHAR(64),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_slack_cards_ticket__472f7e" UNIQUE ("ticket_id", "kind", "team_id", "channel_id")
);
COMMENT ON TABLE "slack_cards" IS 'A ticket shown in a channel: its card, or the thread of the person who asked there.';
CREATE TABLE "slack_channels" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "team_id" VARCHAR(20) NOT NULL,
    "channel_id" VARCHAR(20) NOT NULL,
    "purpose" VARCHAR(10) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "queue_id" BIGINT NOT NULL REFERENCES "queues" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_slack_chann_team_id_de626c" UNIQUE ("team_id", "channel_id")
);
CREATE INDEX "idx_slack_chann_queue_i_03f7f0" ON "slack_channels" ("queue_id");
COMMENT ON TABLE "slack_channels" IS 'A channel with a purpose: `triage` shows a queue''s cards, `request` turns messages into tickets of a queue.';
CREATE TABLE "slack_messages" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "team_id" VARCHAR(20) NOT NULL,
    "channel_id" VARCHAR(20) NOT NULL,
    "ts" VARCHAR(20) NOT NULL,
    "thread_ts" VARCHAR(20),
    "outgoing" BOOL NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "card_id" BIGINT REFERENCES "slack_cards" ("id") ON DELETE CASCADE,
    "comment_id" BIGINT REFERENCES "comments" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_slack_messa_team_id_ab1db4" UNIQUE ("team_id", "channel_id", "ts")
);
CREATE INDEX "idx_slack_messa_comment_2f3e1f" ON "slack_messages" ("comment_id");
CREATE INDEX "idx_slack_messa_card_id_907bca" ON "slack_messages" ("card_id");
COMMENT ON TABLE "slack_messages" IS 'Which Slack message is which comment: written when one becomes the other, in either direction.';
CREATE TABLE "slack_people" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "team_id" VARCHAR(20) NOT NULL,
    "slack_user_id" VARCHAR(20) NOT NULL,
    "guest" BOOL NOT NULL DEFAULT False,
    "im_channel_id" VARCHAR(20),
    "checked_at" TIMESTAMPTZ NOT NULL,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_slack_peopl_team_id_9fb71b" UNIQUE ("team_id", "slack_user_id")
);
CREATE INDEX "idx_slack_peopl_user_id_7f977b" ON "slack_people" ("user_id");
COMMENT ON TABLE "slack_people" IS 'A Slack account and the user it belongs to; `guest` accounts never carry staff rights.';
CREATE TABLE "slack_receipts" (
    "key" VARCHAR(120) NOT NULL PRIMARY KEY,
    "received_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "slack_receipts" IS 'A request of Slack''s that was carried out: the key is unique, so a repeated one is done once.';
CREATE TABLE "slack_workspaces" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "team_id" VARCHAR(20) NOT NULL,
    "enterprise_id" VARCHAR(20) NOT NULL DEFAULT '',
    "name" VARCHAR(200) NOT NULL DEFAULT '',
    "bot_user_id" VARCHAR(20) NOT NULL DEFAULT '',
    "bot_id" VARCHAR(20) NOT NULL DEFAULT '',
    "bot_token" BYTEA,
    "trusted" BOOL NOT NULL DEFAULT False,
    "trusted_domains" JSONB NOT NULL DEFAULT '[]',
    "failing_since" TIMESTAMPTZ,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    CONSTRAINT "uid_slack_works_enterpr_b12fec" UNIQUE ("enterprise_id", "team_id")
);
COMMENT ON TABLE "slack_workspaces" IS 'An installation, known by (enterprise, team); `bot_token` is encrypted. Staff rights count only where `trusted`.';
CREATE TABLE "attachments" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "blob" VARCHAR(64) NOT NULL,
    "filename" VARCHAR(255) NOT NULL,
    "content_type" VARCHAR(200) NOT NULL,
    "size" BIGINT NOT NULL,
    "content_id" VARCHAR(500),
    "inline" BOOL NOT NULL DEFAULT False,
    "created_at" TIMESTAMPTZ NOT NULL,
    "comment_id" BIGINT REFERENCES "comments" ("id") ON DELETE CASCADE,
    "ticket_id" BIGINT REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "uploader_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_attachments_blob_cd0ecd" ON "attachments" ("blob");
CREATE INDEX "idx_attachments_ticket__7cfe9b" ON "attachments" ("ticket_id");
CREATE INDEX "idx_attachments_comment_866ada" ON "attachments" ("comment_id");
COMMENT ON TABLE "attachments" IS 'A file on a ticket. `blob` is its key in the blob store; without a comment it waits for the one it was uploaded for.';
CREATE TABLE "comment_revisions" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "body" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "comment_id" BIGINT NOT NULL REFERENCES "comments" ("id") ON DELETE CASCADE,
    "editor_id" BIGINT REFERENCES "users" ("id") ON DELETE SET NULL
);
CREATE INDEX "idx_comment_rev_comment_e08ddc" ON "comment_revisions" ("comment_id");
COMMENT ON TABLE "comment_revisions" IS 'What a comment said before an edit or a deletion.';
CREATE TABLE "tags" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "name" VARCHAR(60) NOT NULL UNIQUE,
    "description" VARCHAR(300) NOT NULL DEFAULT '',
    "color" VARCHAR(7),
    "version" INT NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL
);
COMMENT ON TABLE "tags" IS 'A word for finding tickets again; `name` is lower-case and unique.';
CREATE TABLE "ticket_tags" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "tag_id" BIGINT NOT NULL REFERENCES "tags" ("id") ON DELETE CASCADE,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_ticket_tags_ticket__b49a52" UNIQUE ("ticket_id", "tag_id")
);
CREATE INDEX "idx_ticket_tags_tag_id_32831f" ON "ticket_tags" ("tag_id");
CREATE TABLE "join_requests" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "state" VARCHAR(10) NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ NOT NULL,
    "decided_at" TIMESTAMPTZ,
    "own_ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_join_reques_ticket__47847c" ON "join_requests" ("ticket_id");
COMMENT ON TABLE "join_requests" IS 'Somebody whose mail named a ticket he is no part of: staff accept or decline. His mail waits in `own_ticket`.';
CREATE TABLE "sla_clocks" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "started_at" TIMESTAMPTZ NOT NULL,
    "paused_at" TIMESTAMPTZ,
    "minutes_used" INT NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ,
    "warn_at" TIMESTAMPTZ,
    "warned_at" TIMESTAMPTZ,
    "breached_at" TIMESTAMPTZ,
    "met_at" TIMESTAMPTZ,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE
);
CREATE INDEX "idx_sla_clocks_ticket__26690f" ON "sla_clocks" ("ticket_id");
COMMENT ON TABLE "sla_clocks" IS 'One promise on one ticket (`first_response`, `next_response`, `resolution`) and when it falls due.';
CREATE TABLE "surveys" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "sent_at" TIMESTAMPTZ NOT NULL,
    "rating" INT,
    "remark" TEXT,
    "answered_at" TIMESTAMPTZ,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_surveys_ticket__c68995" UNIQUE ("ticket_id")
);
COMMENT ON TABLE "surveys" IS 'One question to a requester about one resolved ticket, and the answer.';
CREATE TABLE "ticket_links" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(20) NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "source_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "target_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_ticket_link_source__f46653" UNIQUE ("source_id", "target_id", "kind")
);
CREATE INDEX "idx_ticket_link_target__1ba564" ON "ticket_links" ("target_id");
COMMENT ON TABLE "ticket_links" IS '`source` is `kind` (parent, related, duplicate, follow_up) of `target`.';
CREATE TABLE "ticket_mutes" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "muted_at" TIMESTAMPTZ NOT NULL,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_ticket_mute_ticket__d865fc" UNIQUE ("ticket_id", "user_id")
);
COMMENT ON TABLE "ticket_mutes" IS 'Somebody who wants to hear nothing of a ticket: staff who muted it, or a requester who stopped its mails.';
CREATE TABLE "ticket_participants" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "added_at" TIMESTAMPTZ NOT NULL,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_ticket_part_ticket__3d40ba" UNIQUE ("ticket_id", "user_id")
);
CREATE INDEX "idx_ticket_part_user_id_7ee9e9" ON "ticket_participants" ("user_id");
COMMENT ON TABLE "ticket_participants" IS 'Somebody in CC: sees and answers the public part, and gets public answers.';
CREATE TABLE "ticket_watchers" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "added_at" TIMESTAMPTZ NOT NULL,
    "ticket_id" BIGINT NOT NULL REFERENCES "tickets" ("id") ON DELETE CASCADE,
    "user_id" BIGINT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_ticket_watc_ticket__4688f8" UNIQUE ("ticket_id", "user_id")
);
CREATE INDEX "idx_ticket_watc_user_id_ecdd55" ON "ticket_watchers" ("user_id");
COMMENT ON TABLE "ticket_watchers" IS 'Staff who want to hear of a ticket that is not theirs.';


-- What follows is written by hand: indexes for the hot reads, and what the ORM has no words for.
ALTER TABLE "events" ADD COLUMN "xid" xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX "events_in_commit_order" ON "events" ("xid", "id");
CREATE INDEX "events_of_ticket" ON "events" ("ticket_id", "id");

CREATE INDEX "tickets_of_queue" ON "tickets" ("queue_id", "updated_at" DESC, "id" DESC) WHERE "merged_into_id" IS NULL;
CREATE INDEX "tickets_newest" ON "tickets" ("updated_at" DESC, "id" DESC) WHERE "merged_into_id" IS NULL;
CREATE INDEX "tickets_not_done" ON "tickets" ("updated_at" DESC, "id" DESC) WHERE "merged_into_id" IS NULL AND "status" IN ('new', 'open', 'pending');
CREATE INDEX "tickets_of_assignee" ON "tickets" ("assignee_id", "updated_at" DESC) WHERE "assignee_id" IS NOT NULL;
CREATE INDEX "tickets_of_requester" ON "tickets" ("requester_id", "updated_at" DESC);
CREATE INDEX "tickets_merged" ON "tickets" ("merged_into_id") WHERE "merged_into_id" IS NOT NULL;
CREATE INDEX "tickets_snoozed" ON "tickets" ("snoozed_until") WHERE "snoozed_until" IS NOT NULL;
CREATE INDEX "tickets_search" ON "tickets" USING gin ("search");

CREATE INDEX "comments_of_ticket" ON "comments" ("ticket_id", "id");
CREATE INDEX "comments_by_message_id" ON "comments" USING hash ("message_id") WHERE "message_id" IS NOT NULL;
CREATE INDEX "comments_search" ON "comments" USING gin ("search");
CREATE INDEX "faqs_search" ON "faqs" USING gin ("search");

CREATE INDEX "inbound_mails_unfiled" ON "inbound_mails" ("id") WHERE "disposition" IS NULL;
CREATE INDEX "inbound_mails_received" ON "inbound_mails" ("received_at" DESC, "id" DESC);
CREATE INDEX "inbound_mails_by_message_id" ON "inbound_mails" USING hash ("message_id") WHERE "message_id" IS NOT NULL;
CREATE INDEX "inbound_mails_of_ticket" ON "inbound_mails" ("ticket_id") WHERE "ticket_id" IS NOT NULL;

CREATE INDEX "outbound_messages_of_ticket" ON "outbound_messages" ("ticket_id", "created_at") WHERE "ticket_id" IS NOT NULL;
CREATE INDEX "deliveries_of_ticket" ON "deliveries" ("ticket_id", "id") WHERE "ticket_id" IS NOT NULL;
CREATE INDEX "deliveries_to" ON "deliveries" ("recipient", "created_at" DESC);
CREATE INDEX "deliveries_undone" ON "deliveries" ("state", "id") WHERE "state" IN ('pending', 'sending', 'held');
CREATE UNIQUE INDEX "deliveries_once" ON "deliveries" ("event_id", "channel", "recipient") WHERE "event_id" IS NOT NULL;

CREATE INDEX "notifications_unread" ON "notifications" ("user_id", "id" DESC) WHERE "read_at" IS NULL;
CREATE INDEX "sla_clocks_due" ON "sla_clocks" ("due_at") WHERE "met_at" IS NULL AND "paused_at" IS NULL;
CREATE UNIQUE INDEX "sla_clocks_running_once" ON "sla_clocks" ("ticket_id", "kind") WHERE "met_at" IS NULL;
CREATE UNIQUE INDEX "join_requests_open_once" ON "join_requests" ("ticket_id", "user_id") WHERE "state" = 'open';
CREATE INDEX "idempotency_keys_old" ON "idempotency_keys" ("created_at");
CREATE INDEX "slack_receipts_old" ON "slack_receipts" ("received_at");
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_not_into_itself" CHECK ("merged_into_id" <> "id");
ALTER TABLE "ticket_links" ADD CONSTRAINT "ticket_links_not_to_itself" CHECK ("source_id" <> "target_id");


-- Background jobs: the schema of pgqueuer 1.6
-- pgqueuer 1.6.0 -- prefix='' schema=None durability=durable

CREATE TYPE pgqueuer_status AS ENUM ('queued', 'picked', 'successful', 'exception', 'canceled', 'deleted', 'failed');

CREATE TABLE pgqueuer (
    id bigserial NOT NULL PRIMARY KEY,
    priority integer NOT NULL,
    queue_manager_id uuid,
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    execute_after timestamp with time zone NOT NULL DEFAULT now(),
    status pgqueuer_status NOT NULL,
    entrypoint text NOT NULL,
    dedupe_key text,
    payload bytea,
    headers jsonb,
    attempts integer NOT NULL DEFAULT 0,
    slot bigint
);

CREATE TABLE pgqueuer_log (
    id bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT now(),
    job_id bigint NOT NULL,
    status pgqueuer_status NOT NULL,
    priority integer NOT NULL,
    entrypoint text NOT NULL,
    traceback jsonb,
    aggregated boolean DEFAULT false
);

CREATE TABLE pgqueuer_schedules (
    id bigserial NOT NULL PRIMARY KEY,
    expression text NOT NULL,
    entrypoint text NOT NULL,
    heartbeat timestamp with time zone NOT NULL DEFAULT now(),
    created timestamp with time zone NOT NULL DEFAULT now(),
    updated timestamp with time zone NOT NULL DEFAULT now(),
    next_run timestamp with time zone NOT NULL DEFAULT now(),
    last_run timestamp with time zone,
    status pgqueuer_status DEFAULT 'queued'::pgqueuer_status,
    UNIQUE (expression, entrypoint)
);

CREATE TABLE pgqueuer_statistics (
    id bigserial NOT NULL PRIMARY KEY,
    created timestamp with time zone NOT NULL DEFAULT date_trunc('sec'::text, now()),
    count bigint NOT NULL,
    priority integer NOT NULL,
    status pgqueuer_status NOT NULL,
    entrypoint text NOT NULL
);

CREATE INDEX pgqueuer_ep_ea_idx ON pgqueuer USING btree (entrypoint, execute_after) WHERE (status = 'queued'::pgqueuer_status);

CREATE INDEX pgqueuer_ep_prio_id_idx ON pgqueuer USING btree (entrypoint, priority DESC, id) WHERE (status = 'queued'::pgqueuer_status);

CREATE INDEX pgqueuer_log_created ON pgqueuer_log USING btree (created);

CREATE INDEX pgqueuer_log_job_id_status ON pgqueuer_log USING btree (job_id, created DESC);

CREATE INDEX pgqueuer_log_not_aggregated ON pgqueuer_log USING btree ((1)) WHERE (NOT aggregated);

CREATE INDEX pgqueuer_log_status ON pgqueuer_log USING btree (status);

CREATE INDEX pgqueuer_picked_heartbeat_idx ON pgqueuer USING btree (heartbeat) WHERE (status = 'picked'::pgqueuer_status);

CREATE UNIQUE INDEX pgqueuer_picked_slot_idx ON pgqueuer USING btree (entrypoint, slot) WHERE ((status = 'picked'::pgqueuer_status) AND (slot IS NOT NULL));

CREATE INDEX pgqueuer_priority_id_id1_idx ON pgqueuer USING btree (priority, id DESC) INCLUDE (id) WHERE (status = 'queued'::pgqueuer_status);

CREATE INDEX pgqueuer_queue_manager_id_idx ON pgqueuer USING btree (queue_manager_id) WHERE (queue_manager_id IS NOT NULL);

CREATE UNIQUE INDEX pgqueuer_statistics_unique_count ON pgqueuer_statistics USING btree (priority, date_trunc('sec'::text, timezone('UTC'::text, created)), status, entrypoint);

CREATE UNIQUE INDEX pgqueuer_unique_dedupe_key ON pgqueuer USING btree (dedupe_key) WHERE ((status = ANY (ARRAY['queued'::pgqueuer_status, 'picked'::pgqueuer_status])) AND (dedupe_key IS NOT NULL));

CREATE INDEX pgqueuer_updated_id_id1_idx ON pgqueuer USING btree (updated, id DESC) INCLUDE (id) WHERE (status = 'picked'::pgqueuer_status);

CREATE FUNCTION fn_pgqueuer_changed() RETURNS TRIGGER AS $$
DECLARE
    to_emit BOOLEAN := false;  -- Flag to decide whether to emit a notification
BEGIN
    -- Check operation type and set the emit flag accordingly
    IF TG_OP = 'UPDATE' AND OLD IS DISTINCT FROM NEW THEN
        to_emit := true;
    ELSIF TG_OP = 'DELETE' THEN
        to_emit := true;
    ELSIF TG_OP = 'INSERT' THEN
        to_emit := true;
    ELSIF TG_OP = 'TRUNCATE' THEN
        to_emit := true;
    END IF;

    -- Perform notification if the emit flag is set
    IF to_emit THEN
        PERFORM pg_notify(
            'ch_pgqueuer',
            json_build_object(
                'channel', 'ch_pgqueuer',
                'operation', lower(TG_OP),
                'sent_at', NOW(),
                'table', TG_TABLE_NAME,
                'type', 'table_changed_event'
            )::text
        );
    END IF;

    -- Return appropriate value based on the operation
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' THEN
        RETURN OLD;
    ELSE
        RETURN NULL; -- For TRUNCATE and other non-row-specific contexts
    END IF;

END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER tg_pgqueuer_changed
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pgqueuer
EXECUTE FUNCTION fn_pgqueuer_changed();"""


async def downgrade(db: BaseDBAsyncClient) -> str:
    return """
        DROP TABLE "users", "faqs", "faq_votes", "idempotency_keys", "settings", "webhooks", "suppressions", "api_tokens", "identities", "one_time_tokens", "sessions", "user_addresses", "blocked_senders", "sla_policies", "queues", "mailboxes", "imap_positions", "tickets", "comments", "events", "inbound_mails", "outbound_messages", "deliveries", "canned_replies", "queue_members", "notifications", "notification_preferences", "slack_cards", "slack_channels", "slack_messages", "slack_people", "slack_receipts", "slack_workspaces", "attachments", "comment_revisions", "tags", "ticket_tags", "join_requests", "sla_clocks", "surveys", "ticket_links", "ticket_mutes", "ticket_participants", "ticket_watchers" CASCADE;
DROP TRIGGER IF EXISTS tg_pgqueuer_changed ON pgqueuer;
DROP FUNCTION IF EXISTS fn_pgqueuer_changed;
DROP TABLE IF EXISTS pgqueuer;
DROP TABLE IF EXISTS pgqueuer_log;
DROP TABLE IF EXISTS pgqueuer_schedules;
DROP TABLE IF EXISTS pgqueuer_statistics;
DROP TYPE IF EXISTS pgqueuer_status;
DROP TYPE IF EXISTS pgqueuer_statistics_status;"""


MODELS_STATE = (
    "eJztXVtz27a2/isYvzSZUTOxY7s9zsuRHbV160tqy83uqTsSREIStimAJUgr7t797wcASY"
    "kXkCIpSqJovCSWiAVS3wKBdV//OZhRE1ns3Q/wr4Mz8J8DAmeI/xH9ugMOoG0vvxRfuHBk"
    "yXFj+Jf8Ao6Y60DD5d+NocUQ/8pEzHCw7WJKxMgu+MtDTHwCNqK2hQBkTwASE2CX8f/ZHD"
    "kdgAmgBAELkokHJ+idmNukBp8ck8l603gEc9KBSyfInSKHT/bHn/xrTEz0FbHwo/00GGNk"
    "mTE0sCkmkN8P3BdbfneOJ5fE/UGOFQ85GhjU8mZkOd5+caeULAgwccW3E0SQA10k7uA6nk"
    "CKeJYVABqC5z/scoj/lBEaE42hZwm8BbX/AMvvDgaDm9v+4L7XHwwOUrwIKSK4Bl8ZlAg+"
    "8kdlEoCJeIRv/+fo6MOH747efzj9/uT4u+9Ovn//PR8rnzd96bt//IdZouVPJTG7/PHypi"
    "8eiPLF4q8g8cU/kga60KeSzFiiHzI8zYOLKXTUHIjSJPjAf2CSDyHqeYwIv1hyYrnQt8GK"
    "Gfw6sBCZuFP+8cP79zkw/9a9u/ipe/eGj3obB/smuHTkXxO4L3H2X540yn30NWOdLylagX"
    "EOpP3ev+S6nTH2lxVF8s11918S5NlLcOXq9ubHcHgE+Yur2/ME4E/oZU4dk6Uh//n+9kYN"
    "eZQmAbqJDRf8F1iYpTaajYL/x5+bwVyAkI95El6BCWXuxJGzyAmSmIdHQpnNJEqz44WOSG"
    "17yFGRLeQoewc5Sm0gtjfii2+KVKclpRaCRI1vjC4B8IgTbhPhxfFa92o+v729iq3m88vk"
    "FvFwfd67e3MoEeeDsBs7ICM4U4bVB2KmRBIlWS2XbBLgw/fv1xZIjg6Pvzv+/sPp8UIOWX"
    "yTJ36kkXxGDisHZIRixzg2B0XDQeIHD6CbBvITv+LiGVKjGadMnmcB6bvwj5aJFJfXvft+"
    "9/pzbFf41O33xJWjmEwRfvvmNLEdLyYBXy77PwHxEfzf7U0veRQuxvX/70A8E/RcOiB0Po"
    "BmFJPw6/CrGJs926zI5jilZnOj2cwQdIypQg24/w0ZLs2QkZZUlSSk4NjdB37e/9a76N/e"
    "SXwZ9RwDRbTWP/25xjgy9xzhyVTOG3zBOIrL3xTXwTwOnjMoa3CIkVU6lxrGgO1ZHgTHxk"
    "9Kw4OPapoTP3D24Qn5Bb1IblzyJ4fEUKkHgRntgaH9fQmW3y4f0YHzhZksvvj4j+c/Gfmi"
    "K38CcPNwdXUgUR5B42kOHXOQAfczdZFCFz4PyH745Q5ZMEOIXdorf+Oz7O8JkgJbIkePaG"
    "KPWWCZvjQ7miW/gYRrr2Zwb3GnBFxqy2+IZK71d7Dg2moT8JeptLwCSAJDLZgiy0bmRzAU"
    "szhDgBmAwONvyzcMYBNQPhZMIZsCOvapKHmZUY8BLjeawtDLKHCn0AUIGlNgUI+jCSh/F9"
    "OG423fXGFu/kMC5r8n8p4Hf2oLdFPOgU6OBdpnVooB2RajBUEr7KJxu9HpcQG70elxpt1I"
    "XIrrj+JFHHtWSatRhGrHNqPNC501Go+0sl6FAXunxS1PmuKHxpJmt6atvTs7cnSIse9BX1"
    "OBCPzwe8aAogrEct3FtIeL7v1F91MvT3nYpHAslTaFZBwqc9lisZAhC0dF2HwsJe/AEM0g"
    "tqQUyuVFwF91vhv4f3OaJzB3+JbOP9MOsCgXX781IEMfwdhzfLHWH89HQAeJ+IeheM6u/+"
    "3wHfjVw8gFU+o5/ojhTz+dXV8PVQEWDXgiHavR4N0uT1KWS6aMpLwgqEdS3i0L4jEahRys"
    "H3I8rB/SLlb5fwl4w/E71kNqdFoX81rnua1ToDpcy1CD2iPeLHVExwAOaXcMsBccSonj5e"
    "G+d3cmbRqPhEuUP/xwBvjvGI8fSffT9eXNGd+kZ5gkz4AijDgswofDbDYcpsOPDBc/K/iQ"
    "qwQuiXTcwOq4AciYCB4aCKtWmV0kRdgGH88WNpadBBs1HOa6g46ErWHwNyWlQI4R7Xjrfu"
    "hfNNg295eQ0gdjh87K4Bunat8yPikA80kmyidqkD3ilpOdE2Qa5hUwm3iCmMLsmY3wkmLH"
    "mwQdj2tDtX7RTYfR1RFGZ0HmDiw6waSCcT5FXIN9vmF7Q5vM89oL8yrYrEMmXwWbZ8iZcF"
    "7xn0ZLO93StDp+rybfWwTaGnxw7Q7iSy/DNSL5wqzgtQL52oO1aq9Y+AirY9SuBRkDCZto"
    "ZlMXEeNl8IRe1gTqcjkbf93396zMx8ygsxkSBGthdeHP0tJ1xX8i5qonXjfO+JM/T5G1tI"
    "8woef1F1Lvub3LCDLGRQe+i7vYeELrItWXk7QUqu0itJcbN7TxwKVPiKyJUtfGfTFNW3Hi"
    "QgFxsbv25n3pz9NaQYASNJAOrjoW1S1BfT5X0YW1j1sUQ0zYotcE6t6fpa2LahHNt77OEo"
    "QAthWpkUX5aWUOGOIPua6Od+5Pdi/naun7Z0AiZCkH2dbae/uFnOuOT9VW2XyGZiO+rKbY"
    "XhOqXz3koWs5W1tfRUJdPMaGBGJNtG4iU70GuAa2g8bIQcRY95WMIvd5MWlbMWQWh2bgly"
    "ZcU6AQM32WsfhtBQu6LjSmNVituouJWrrrB8Y9fkg+4xqE1cDKdxfM1lLQ/k0x4YjJWpBr"
    "AvYzn+rOn6mtLyPznOe1Te33cpK2QjTz3HqNftdeu4pVxKPNHY4UtuuQvny0Pocz7mU6ai"
    "HQ5tA1pvWusS9yylbJ+JtM+0w4CxUJoGl3YnYqqMqRWSArdFGjZIKfEZFFRYAnTAAAAoNr"
    "ycT9hoFh5EG+5U8y7ATD4YSDBcbUkbmajD89GFHzRZHrubn7KMufCKd3EF3AwdDVT5oTRS"
    "NosnI6n/xFXjRmOhjewsonm0k+9KXK0jlZSboW4l1/NgtzoespTtXMnWRJ0KaSGLWFrE9l"
    "JaxSBcwjJA2pX/6ff9aXUVRwbaR+uThgVYchgc6LGvCQIpkg+xLUbduzJZx3vAUYLgDneJ"
    "9f3nTvfldX6T9XYH7+e7/X1SWTauDG3kVxR6TT4qJmhKhNJ8RuA7fDagbbidhuGguKhmxH"
    "ll6T6ibdI9f1f15Kcw4vdfJUZuYPKlxAyZhSzNVWUaFTFLMAM/iEGJhPsYWWtYocj7CP/E"
    "voinJGhLqAieJDkMm2UQELRZEigz+QqijShu6yRqGj3ZaCaVChncNCatlhjlp2GKplOSVA"
    "oeUp4M6WcxcEDZFyN37eb0Tc1Ql0rRW9Uuf/bo6rL2g0pfRJdVyFl3KPq7k/qPBx9XB35V"
    "eN5ieEAS0LmQCOqOcCP+j+IxgyxNUGV9bdQ8RwXmy+JN+BK8jEscgnxpbnIMDmWNj1xdEC"
    "6HgM+McpgKI2tSjepzjBtndjXb2vwWJ33iHnOaXqjwTDW2h5PHpf1NSba+tNGXujD1cC6A"
    "SZLuaXY0/3N7FyJrIljTaSdSoayeQpMnjiP7iUOThB1hBhea9aWurCiZsunBiIPFzSHI8H"
    "vqBTZvvOIG9fva6NtCUWcid/hAHDgbGvjBaYItZlkZqmB+pCYrofp35ZdHEpzebG2cbCYi"
    "AK21ikTki2bSxakmS1beyWCFeKMDUxKPqvEQCBHwf7DgxFFIO0TPneFZf57Scc/h910Ucw"
    "HPNHH/ijIDHBcOrOrCF4QsiW/pn5lAvDQDQb6PC/kSO9NvzfORQ92xQun50+zSN5JEORQD"
    "qA47A3HR8nnkE2SzfCuE0u4D8jdgZkEVgxCRFmOQMSMOJzwif+WSwF0cwOmVja84YzxBjn"
    "9wCbi94e4km+Yb55cORQbzIVv0ob8/bZmOcvlJJq4ZJI91Qrrh+K/XsG3dJox+h2DLh6U2"
    "4Y0GMLTsRJlYI5W/mOkLRP4d6IBfUZQzXAq7uhBKRN9ggc9K67l1dnQDYeeiT3V92LX86A"
    "TNt9JN3Pl2cA2viRfOmdn4E5GvERv9/3e9d8yAtz0SwpJxQLUCgUn1Ci4LY6CrSPvmacrB"
    "kxoI1iTC3Cfe9f/Xz7asy2HQ5PGl0Tm04oy5VBPEbUho1n26gLibkM4OF4jXV5rJcaQZmT"
    "NU7VBtxTcWUFA8tyI8sUHspQrytrt4lTalN208w28SPa4xJSFetcnFJzuclc9o0qFZgcI9"
    "Q8bjKP/cj6KkyOU2ouN5nL2mn2KtjMEHQMRaJ1//43ZLg0K4JjQdUGMTePn/e/9S76t3cS"
    "X0Y9x0AJZxGfa4wjc88RnkzlvMEXjKO4/E1JO+mUls+xi5Hp7ijlHATJUtyl0Y+R6RzHun"
    "Ic3UVN8zWzHFtXHL2TyHOMLUB1pmN6k6kB2Hb1V0miGttUY6je8UP27vKiX6zXDyZCXzUH"
    "wpy+bmF2f6priIt4vvYE99japJ4boOXbztYtzh5Md+3P1lLQ/JKq9SAmi6q2Gy5dVLUoUj"
    "srprovJ/FGC+0teigposui/ZWyw8vi3ZxWB5j1pwhYyJwgB9CxH9zFAN+Sz0TMlYyBAi6V"
    "f9uy7HJH/i23DCD0UP9zkPApcyjTYWMbuoeOwmqwlN8B2VFYxlR0JCiVVhkhaYW/ftPBEA"
    "4ysI2DY6ooyDGiFsL84ahQKs5RTirOUQppRJ6RRW00GDt0VgbtFGFbUlg3ArMoOphR2mV1"
    "CNaCeMcQ24iYQa2fxDH8uXfz6fLmxzMQDHkk9+E3LPJNX350H8kP3cur3idxY8xP1kfyU+"
    "+Kf5pyEB7JRffmonclLxsCDlHWIHkm72ZX4mI4mtkqGTzbzhkh2a2h7f3ax25tyUwWZO4A"
    "OY7KpJMdDRSnarvRfhMxQYRjO3CdlwoOsQSp9ns22SGm/Z6vgs3iKK3A4wiZfo2bzF+/jk"
    "ZZXT9KpR2rVR2rOnxWmZtyUig35SQnN+UkJVXvzIfdNKh3stB3UiH51SKfEzwg9+0aXNy9"
    "51Z5dzoJH3f0eIu5uPkDgJuHq6sDxeZSA6yFQzL2FNeSERmzpb91TWBb6/BOIhwXDgqs3e"
    "2WTN9TVLMqpi8h3U2dDX8bVvhBF/tzthPUr95azAEq+n3Zwur6LSXWCx9luEEN2GVtizu/"
    "P4tfC2JMLYvOAbQomYAJBaMX8Gb4FZvDDhjyf992wAgZkMMKsMkAdBAwOeCi+MSYrzwg6n"
    "8EZSRSfcd28ByyqsZfHhY1bn3Y5FAHGdQxRTlcYgJCRdKmrItBLfMdEP5cX5YB8obgDf/3"
    "+7diwBjLIrr8WWQBeMhZAhmSszj84YH8bfzq/a9X2ofbdGGrk+PDFdUpy2h24fgWuhWPi+"
    "h0x9kq3XG6JC5HPQ1udsHQcHxDKoXuVfMoXdmh8ZUd5PGk2OzzysgsaHQJmdUlZLS/owoD"
    "9s4eDkUyV/lMowiVNlbpRKO9gV8nGu0g0UhsFtrmsirPKLKllja6xJLwI7He1YP1o5Hl7Q"
    "A8HrVDXTzGhgRhTaRuIlO16KXfaE7D5QzanynDwcOm7Hmx6508sx7mIwd2MLSgee8nOueX"
    "HABlnsGIfv2GCcuZiRzZg3CEEJGWqbRBrhSlwo71x0FAFx76kvbgT23faoqA0MmxbwXcSn"
    "Egp6jmgqLJBoGqMd2b6GLhYXPwDC1sYlfZvzvHf56g1JJxZcVERgV7ZTebKJUGv3rwiG5X"
    "8BoMLwlBoPBbFqfT71ld6n+Aaw166vVypj1jROGoi9gabFJT9WhpDJVeEa+ckaNWJKt1FG"
    "vLAQ0DiW6wQcsKkcUX+tZF84vh0cn7IaBEdMaw6Ggo3eriAkcXyB6KH8FQ3AYNAYMvDEy5"
    "voFd2e6CPw1ymEup73+fT1/UvTi2+wh+Aw6//tUTehkCAfiyVwYIun6YlDrgDSTg8rr7GT"
    "xcfnrbAcMxf2rk2Pzh3aFQn0Sv3CBg6dvLT/IWfCW6iLhnAEFjGsQSIBExYKzdFl6rUrtU"
    "pcTaK6NIheM3pUZtlQMxLer0uIASdXqcqUOJS4m0WPy3qstlztoOKbQ0UVlqFztcmQUdjm"
    "+hXaB+Z7+NypldwvFtyZ4/LFpgPa++esOKFDTMa7CdkvYL6FyaRjyn+XOcrCEhXXvV/Hkp"
    "o5ZZ6nGqWtb5boW/zRtwdZLfNjcUB425SlZyO4kR6c2k/GYS0VxLeYPiZG3bTurXZEzM7I"
    "gXuEo8bmKKBu8sBze9L4P+5cUvvT4nR/OBH2bzSO56n69+PwMOsq2XR8Jn6PHr1EWP5Pz2"
    "4eaCf/I7oTyS7kP/9rrL5zgDi5aJj+TTw+ery4uuIDM92xKhCnzsl+5N/37Qvx38fHt5cw"
    "bmkPOUbwmDf1NMxD1/eLgX1YL4XuExUU3o/nNXhADbcPZIPnfvfhEXbeg8VasjVKgcVE41"
    "qHQxKAdBlrVMsrbBkKLBq6JJR7s0C5Y5aBYEDTlk9ioJQcSRlKmKtRivS2ItCx4i/FzJlZ"
    "og1b7URvtSpVegApejdLpsT5M5bPi1o0t7y+N0OlWhsnk7FBwHdFyaCQpizYmqnNhh3IjG"
    "/0xXVnr1QTsN40MNMTu6ys9ayGanQ6mBDWSSGpC9WM7UTmjj4lsBbKOiRg0At7LTUhJkhX"
    "i2TgJaOJtucrXlpKrwCFPEPUZOt+yYx+CEKNolRhQnMk2u44W1hxASNYUAZ4CH3oFhcHEo"
    "wvYsOkfOtwZk4gJHhSBDTDMEU8p/mYwxlOGCIsIPucYUmX7gIn9ENJ8ih9+eIcNBLgOIGM"
    "6LCHBUl0va+RPpkMQGi5IdkB2SGKyOMh6ECEk9oUYN8uZtpGOH/L8EwOH4HQdy3Xu2TR23"
    "zmiA+uO5LEgmnrJ8ZDa+UZodY4xIbfDW71y0HUwdZUZi5uYcJdmtR4avlbX35tp8MrblsU"
    "GwbwZtbxIHXl4FJwX1jms5LTboBpdy2tO6fGzm2g3eE5ZCYxmXeJxK+8XL+8VtUb+0ircv"
    "RqjdfU129+lmVrtpZiURZAiRCq9Xkla/YU1+w3R5x1fBZl1M4lWwWVo4S/uko1Q69bMun7"
    "REtQbf06/hPHvGhKJup+jqi/mb7vjrcHd50S/mb0oXgFvD55QoO9cS5GNbRaqyhXbRZYPl"
    "u/bXhKlt8Q8bdWImOxcpnJmK5kbZTk0aDB4EGYYlirlI/x8dA+o57AxQ/s2yOkmHXzX9Hi"
    "Zjh/6NFi1UROWTMXaYy6F66YApHyEKljwjR1YtATb/w0EGtjEiLngzDOusDt+qy7ns4iHW"
    "cGHuLPuzya60Gjs8ZrsvRUt0K2hpXxT3KE0LC1HU34SFeaN/I6NU0meEpIUQnxbyZJ7meD"
    "JP057MRe5iSe9QjG7HfqHNK6l19vrwy2yptEcCnZdMT0ZIlMT6JYj+2kt5R4l14JtYYM2X"
    "7/nlTffud7W19Vzhyzj/vd/r6iYrr9E8o7OXdM7G60I/xz6m8wrCdabzChqdV1Ao2l23W8"
    "mAfKNWIhGQKWPA1O1Dopc7edYhthxYMerdL71igjF1wIRS80yUZplywETkOBPmFZeK+rke"
    "cbEFhvK/YYd/tMQUUJhiGCXAwmOXgawewJu+4RoGH9lEsow+vCBonZmnxojpbDPP1svcNE"
    "0v2EKdG2bwAzMNcXb53HC8rrwShh2IXad0xEFIpCOHGq3MaptFW9mc0tqyReBNSneBYqcQ"
    "7JYqX7ZMF/HZrhbn+lMERBLgR9mmgHizEXKEICU+YfMd6IIZcvhDAn9WYFPBa1/E4v9Bfo"
    "2LZC9g6A8b8Kt0KD1yTwjZ/jx0TkCgcLC0fLeTJ9BJig22neSJf9oBlRAATwoJgCc5AuCJ"
    "QgB0oetlZIKuLjm6pN4x3gTN0ziLMqNnor7oI7n93Ls5A9RG5JHwPz9d3vx4xvVDYnL4RQ"
    "nQ+9ur3/waoIxaz6II6MXVrawKaliUVSv8uYHmAJm5ecXYlZOot3WGUWcGLQXPrm45zyw6"
    "F+Vf7667V0LpF0MfyU+XP/50BqZ4Mn0kD3c/9m76Z8DjB4G/we6eO88YVmVMQLpjnkAbKx"
    "jSu+5eci5IY8Yjub/qXvxyBpjFxZ9H0v18eQY42SP50js/A3M04iN+v+/3RP3cF+aiWTNY"
    "s5OE4YYpZltIEhxjZ4ZUQlNeKEOMTqe4roxgEHWpS0IckuwYXbVi0jB4n5ETGtML2sQiFD"
    "vOfl9b5K/NKhZoaOUNJzFCbR1rmtkkthERSv/mvKpkAU0Ra143mdcOmgkUq9UXj5FqPjeZ"
    "zzKUfsAntPlvRJXqjCsm0DxvMs8dxCHlupoz4Ex7qsJ09Qya603mOnPheFyZ42lqze0mcz"
    "u0a1Z6uWOkms9N5rNvra7isI4Sah43msc6KuE1sFnXM3kVbGYIOsY0zeL+/W/IcGmWp3tB"
    "1QbXRB4/73/rXfRv7yS+QY/ieGyN9B9E5p4jPJnKeYMvGEdx+Zvi6ZeM4QlB5evJJAh1xk"
    "zVfCXd42fH+C9DqcrzIEWr+VCVD7qs1Q7BX9qvyjIgSamZUJkJzLawOxCdJ0pzIUWq96Ga"
    "Mlh1hTdQKMuyQIU3hdRTA7C6mVsyN3ixJdeA7gND+xg3XBTb5OlVYOWGis/2wN3TdZvQEA"
    "ss3Ig4XQO6bS8ZkFY+CqzepaCgEV6JcEqqWqN4QJiSo5DrSpQOKF6sYV925Njq1BUWCsGE"
    "ntdfSb3nFq8jXfe2BFjKqqnVAVNUbG0haMHhq2sGrwLKP0M1TqtwItTFY9FLd/3K5jeRqd"
    "q6w8v0q4HBEVkTrHsx0QUf3FakoOtCY1qD7NldTNTSV9CFk1p2qD6ctHUxzSERcRX/pnjd"
    "TepnPsWdb31pK1gCpUFgYdJoFdjRB4ZFjaf1N/QLMU1rcfKcZ/SyLkhykrZCZGGy7iryd/"
    "IrPlFbQRIGKw1UEVXPc9fViX2Qrj23TR7AeGEO6HAdD9twbTHTx+rzcr62QjaHrjFFTi1w"
    "ffHnahNUmyw61rVxnz4hZT3ZxbVOXuExaOOBK4YVLSULxG1MIGlkPVfboRMHztgZYFNRs0"
    "s06+kAP1QTTCGbIrMDLDzDriQDQ2ZQG7GhompsvXPremENjlQRNFn1wuT/Kfyz67uE41tY"
    "KeywUKWww5xKYYfpSmHy/RqI16cMynGq1hVCPj0uAPTpcXZLoGNFRV5bJXCJ/vAZ0W8Lim"
    "SqBzZc8F++021Zbf7jz/VPRBWeAgIxc3Yf8GTL7048X0NMkOwDrrOpqrBi79Js0Fcb8+kq"
    "sDlOqVMjm8xlCzJ34FXLgE3Sak43mdMOeuaSRbV89iil5nKTucxfx/I5GREinY5RVyKAx3"
    "RA9eqQycjSiwVLXnTvL7qfenmxkps0+FyaiLii7q/C4LO41skz+GB/FC7aVLobNt+BLoAE"
    "3NqIXH4ShplnPpPTAU9EGGZGL+ANZswT3wS1uxW9odecS2HQ+ePAHykuhzXD/9RWnqZsQ5"
    "0cK8+ScUUtEEuKFlp6NtMUSFfe3wLK2vCgRVgtwmoRVouwRUTYW4L6fDPL9FvGrueKspRw"
    "YZAPLenAFMEiftNJLmmKzAq/R+WcOk9MehjPACbP2JUO6w6wIWP8mik6iiC3wykm2JCTdB"
    "ZNLo0pMvhH2xtZ/NqYOjOV8Lu9G6/h+tTOoQ06h7KlYdtz+HlVyu0ZIWmlpFZIUMuR05Ji"
    "msC+jDcuHN8QX9x//tG+OC0SN0skbpAvTrN5o5pPpeqV2gW3N/zdvmbbMH6+QsW2YRzYc7"
    "32nutj/i9OqbThpU6eNsv8QYXVWAeN+RYwDaJl6ZhrkAhYdILJOyCVZya+hGA4hjNsvQy5"
    "dmhZdC6HQUKFXvgReIxzhA9itlBLxSXfqc64aoqAT6lSZbd7cx3J2+DtrJOj1fo8THPg4e"
    "Hykxr/JUWCB56HzXeCrh5ZcJu8yIHV12L9sz96qssfqqN2dxC1K08XGPaiLQpznGrH5pja"
    "0D0q5C07yvGWHWlv2SvVKbRp4FWwWcpuVdpORei0caDJHNbxua+Byzq44XXagJrGgj03Ag"
    "nUu75v/kBhCIpe7uQZg3x9wh9ZNFK3JyqFLiIDZGiBhaDJRGI0DCJvO9K0Yjt4BvlYYXLB"
    "xLA8E5kfwRCJmIQhwAxYdI6cbw3IhLXGBCNkUTKREwmSIIiXEpVtaGdPsdpI9Mdi1fyZaS"
    "+Sdy+j+S0IWqdbfzgq5II/yvHBH71fFfcgquTy76uIFwlSLV80Wb7QWv+rYLMWI7UY2QQW"
    "7LkYeS4K/yHzHnH0HJUgGR+QK0qO/KEDJscWdS+ShQj3Zoie4f+ir3BmW+gddSbDt4A6XJ"
    "YzKRd9iLgevdaJiG0dMJ9SLr3JWFcu0DloLGJCFA7Fjd9uDReiDV0XOaSMUBgh0WJhFbGQ"
    "n/mMloJ8SdEW74vOVdJy2Lri9uiltDSWItXRXTWJZEtktyeYNYwPReWy1CIs3bFok+LZBS"
    "QEmXfItpSJ+NHLuaKZIQcOHD6yRD6+i7664AnZriyRCAnj8g/jsg92p0EBRduCBppSy5QX"
    "bOQA2dVQWtEsSCYe/1mqqK4aZ9YhWw3eo/IkLxe7Vqk0pAVBC5OQDk8KlV88ySm/eJISwU"
    "bUVBwAff7uqQEOx7cC3zwhq/evfky+SiUiLWSsq9ubH8PhyeykONjhplRmRUdpdgy6nwJb"
    "UzBXoViunFCu5EJ+5ocAVmlpmVt1hGK3lr7Dtbfpo8Pj746//3B6vNidF9/kbcrpbtlaI6"
    "u0WeybRubZZkU2xyk1mxvNZq14706oTTS7L82AKJXGviajhwS1BnvHr+E8+8WDogaP6NpT"
    "e6LUu4y2JO21Jclf1Qob0mK5Z1uP5JIpaDX6MkUOAkH3UjCH2JUmm/mUAob8hLvZO9AVMV"
    "nPHK7AqoOZuCorMmJONkOzERfgMwK/NnMLbUdq8LbfybEjMcublFG6w/Gt85eeFtG7T7P1"
    "7tOU3q37o2y2P0qwQyl2D0otBEmGz39JlQB6xMm2ibT6DKhDHTu/vb2KaWLnl0kb3MP1eY"
    "8jLvHmg7CbIaJrw9zmDHNcqcVuOctclGTHprn379c++2ozzkHGuCw9K5kNHKfa8UollKAG"
    "r1Xh/HwZMC4zDmxETPEo5fZd9QR6C169BTtoxn/XAI5d5AxMqOrFm7lfKGlbZDSpz7xvUY"
    "aqYawi1RCnIdZ+qFqOOseY4udKHooEqc7E2QcPhfY3tprN2t/4KtjMLDiwqYWN8v7GFGmL"
    "ZIvd+ryWyNbgnrm34OfFXPvFjKI+mtRKLO2jifhPILZG9Kuq8W6ZdvTX/jT7u7ulG9HHis"
    "n5bpr1MOrLSdoKUTo4uzpSiYjwdrzFMbQCx916MEmn57Wcqa2rim91xtPAmIoFYa0J172Y"
    "68Kfqk14bdzhHiyxLLf7cgWucL4PIqt+tQ/+ns6QiOWWLnG/6QsmAPqO8I9gKMqkDMEUQU"
    "cWzx1xbcuYIpb2tK8zkbKHYjT4JFYipWTxFO1x36XHXbC9pO08JNHW8iIOS+YOfM9O9a7k"
    "CXptKWuybr2jKNKmndO7CeHVlWSaYs3YdgRv05iwmRBeXZ9nj+vzLG1yqm4fUYNdTr+P0O"
    "hVOPX7JzoHjFKyCLKFDgqytJEpg2354UetZ2R2hEIww8RzkVQBRLlFA1qImND5hkmdQbTe"
    "mFIvTOO2HUwd7Crierd2Vx3q2+DzIU/x2G08aoNCfTcSjepCZ6I01WZ3royQ6OaVFZpXBn"
    "tWGcijNBrz8pjLPs5/B6GKRTeSGNGOwywf+he17SP1d7XRIVI6VV/bfXTozGtnc8rMUSSk"
    "YJlouaZrc2/Nudv10d1QF4+xAd2Mdpqx6508HZtERhbOlIUugEAYHvy8VUy+5TcAcEQ9kd"
    "EK0DMirir9tTCd0gcXsXTIkSofnNZ/G6n/7nGx2k1owfXnCGm5q7UHcjwfCVZrMwa1P3Uf"
    "+Ls410qdVVEq7dSr7E/1rfel0Y+Rafi1O3s/oM9xZ2vHay2O19TGXgOmvXCeloIaPcpWo+"
    "ouwuvXhLV1cfpJXGOHVJPiBKKWis8OGiMHCU6tsGlERnaKWjcG9oKocCF5v4PiNwwYU4oN"
    "JIu+i86Kb+Q6BU+c6x3ADGpz6iBi/e1HMBeGDswAv7sgZIiAKZTlvUCwAELfP7/hk6rM/N"
    "buW8zQIu4nPsk7ij+Ce2rzS3PO806O+SXOxaImmDhVC80wx0XMMMfZZpjjlBlm8YIUxXhB"
    "0EJ4N2DlWmbyFAU4QtJCiA+LRdPkBNMkIUZE/PCyWRIRqh0nSmzeqFRjwoRWebXK2wQW7H"
    "+ssfF0wac5UKgNy4u5mkKQdcrHFe8yJXUqwKZ0Tvz0wuCwOZOFesVcHdGYUwjc7lTY4EPx"
    "O2jMLpITIXtCpvjSUfebqvsej+SRDOeQ8LU5BAb1+AqQw31/m2wdb1H6BOCEr4MOGMo7D+"
    "UQkZ4ltRAxQAQ2ux+D6wOuZkxlQ/rg5rKjatDbXrwz0V+oVDli+mkocroIzoKvgl+tXb6N"
    "2lDzdI6y2kaL9Yz6pbTIm1E4EnRJ0kKIN6ZrlEQ5TqWBLgC0KnA/ZxmrYvaLAdswv/WmcS"
    "U0EFXj0D48XH7KSDqhatnW87D5TpDt4eLNAdXvDe17+6N+fPlL41D68lI5aWJJs1stbf1S"
    "0Vv2A0uJshzWCxINdXmopfBeymYZo2rfVlx/boksbIEchypsDNldTeNUbcA5L1RrE61NdV"
    "RkJVbsW9SczkZ5FWzW8XlNspjr2JutxN5E60cyBifrZllJc/i1P9XeChDbTbaKFZHM9DAs"
    "/cwrnQyR0pZF/AzBeDDH7hRAYHsO31nRGRhyrPgTD6V3gIXVDb/xvQKsA4YO4t8wdwhczy"
    "Gic6C/gADHjS5qldBxSKnyP2z13mrPQCEnQKRCoy6+2EyHgLZZa5t1W4AO9sEyKEdIWghx"
    "/S4urbuvkoJaodTpCqLNUel0GctiCt3qMpY7jIMKdbssRSWi+61SVKIaZ5GyENiYAnmPUN"
    "wXEUFz+bVBZ6LZ5xmYO9h1kYhL4v+IYKIR4tf85ueACrFf1khEWPwJTOwgQ9xAVU1i07cr"
    "oY50pGM6rZQEzyHVkg7gnwWPtY6idZTmboJaR2kJ0FuLq3l1wMo420FJfKNEbfDlbhpl6r"
    "kTWr7XdZRMp6IUT0XR6nYVBuyduh0KoKVkzAiRboBZNdYqogqUAz9Gp/GvydZhBBlBa5o6"
    "YtlF+8WGotaOyNu/uiJHsFprQPZiOVNLcY292I2zI32W+WMHWWak4HJntRXJRtS2UFFnt2"
    "/QgYZMTQNB5phfMxS7YIQsSiYiS+0jGE58B3MwlgGCnvkovlydF5F0Nh4DB0+mrqI94OZu"
    "s8pm5EOiOwg2+dToaAPRLhW/+CtSAugUoYa7ANxyeyupZC9odFfM1Zo1ng2q2TxThNpsVM"
    "S8jIynanaMGKW2YzTajqErpzRFkdaVU/a9csodMhD/5QdZql54vbNa13P8oYVDm4MoYREI"
    "LG/1TVAzZA5lJLGDkQmo555J7ewJvQgPv8/6DmAUQD6BLa3P0rfPL5rif5HHrFL6Nny3Nb"
    "oz8puVkQyC4e3rDlhIHjjMEQgOQ4kgrxcFX6PPlUSEBKmWERonI6QOqh3uq1+o88RsqK5m"
    "mxhRYG+dh4OL7q6iYBQ/di0/JagDnogoIjV6AW8QcZFjO1iQCfPE249gOKIu37qeEJF1nB"
    "AxnBebL9t34D5i4/IrRvEtz3oRIVUOEokgHhPFpBQb7g4eQGl/W94tjNUKTDK6lFRjJMy8"
    "HVsb3TauNqdekaJApwh3DHeDMd5tE+gmIFoM0jxMU6CKU6OCrThB1h6I6160Aqjy0GpUV6"
    "MqZR2VWEGg85IN7YIsaXt/cX3JcL/swXnCQtAYe6FrcEDPL2+6d7+ra8KcKxppn//e73WT"
    "8Zu+wFjS5xGh0l6P1V6PAK6BSWf8zopQ2exG8QrShvSL/+PPzaz0jfSLH0Ns8ecZMKysA5"
    "hv6UgR676BTTN16AJj5XiqC4w1hhX79nrpAmOtZXNDDMZd14XGVAa8KozFkaudPEMxXIwr"
    "7IEbY0u4sAAMivK8A8ORRUfSBis6DEg3GAmL+o8Ac6mDPsp6QLJre5hqK8Im51BQjIN2BN"
    "JH5jvXPNui0ESmuKZyzO3mIVb766J9Cfz83Ug+rzYWN9JYLBZIKXNFMH5TxordeVPrr2Mr"
    "3tOyVswoTRtN8ScnRYxDJyfZ1iFxLZkrRFyxzUigSmCdpGsj3pswIjP8twLn3IrjAYWOI1"
    "sjIc5frCULAcSo2qCzxtf3SaH1fZKzvk/S6xsTCxPVCs8zeC6JtL1T50+/YhVRZ/E259DY"
    "WQ1wjb60ZkkVukLkfZxQc6Cm4PvtF2FvGBeKxt8XqMGu09g3lsau2kNqwLZgzsieApvYM2"
    "PI8mcANw9XV7vKGwlW9R16xgyrqwQkh3TyDNfhInKC0YVLTsKo9ZdBbIIRGvN1BCAByMSu"
    "6I0LgQQuo4pkhRmKGI61pbgRZ2cnz1JMTUXWTba7PBzfCqua9pTvBSu0fqytqqVUNHFk0f"
    "IKWoxMq2c1qWe7UCOa9hpsSo/wV6zWIlbAGnuxG6VD9OHkQKE3iK9zdQUXTgpHt8ypI+M9"
    "wJizicO56DwFJxyzj2Aobi7DTCw6R863BmRIVgPz2ayKValjyjUyxbXKsEuVYbcpXA3K1D"
    "8t4qU8zXZSnqZ8lNHHKoFwgqwtKUcfCrmBP+S4gT+k3cAcNdWJmedst9oTGx4HOG9vCOH9"
    "LhPc75LQPiOHKVdu5sYcoditunO49qZ8dHj83fH3H06PF3vx4ps8mLUT/ZUaCXQ4fWvZXC"
    "KcPunFXLOxse/BDLSH/eT6dtsaLwFTaWFRNHN0Md+tWlgly0ZEXTg56rXlN1HXTI5e0DpT"
    "43SmgD2lOLCk0abg/YuVer3wNypUp2ls2FCsjgsVPaLKo9oqwSEF6WI/bVL10Z8pJnd+TU"
    "6VDBK9nCuF/JsPHATFPQuahu/pDAl/PphPKUNgBrEFxO3NRQ4imMoSn4QCGzqiZuhZ0O0B"
    "GgayZViIiQwRIv8O/MQHyin85ENMwJDO+RKTEykq42397iVTHbUk1UhJiq8At5T5eUGwY7"
    "Motf2SRbrV/J4eMHtrj4h7GAxsVmJznFKXwmkyl5dHX2nNJ0WqtR+tfO4n/Lo/htb7m8KG"
    "Den9y91ag7sa3NTZViBTR3d22evOLhcWNZ4O1L0H/GudFV0HBoYYVtCkcksQsB06w0zWch"
    "KVlwJbxpvhGDtMZPcwm8OJhh0wJOhr/Av+Nz+IxGTDtzJebj5FRNRu4rezGDBV0XjbuaU2"
    "nuzLMdzJMZ488R9fxnYSjm9Fts/Ge3a60KlmQYlTagtKo3VrG/LTrgqXY4TaftJkHs8w8V"
    "zERHcExX6ZeVglyXarQL5f+7SqLaaRSxFVLI4LKv22NPlt4YI6qcDeCJnmb9P5W+nEixFq"
    "HjeZxyMHQWNaicsJUs3nJvN5xhX08ixeUmnuNpm72uGkvR5NYkONXo8dWZA95xm9HKjsx/"
    "6VTq71WI4pYTqW0Xv8M3D9TtvyM3IAHIkS/8K0K821z8gMbLwdabIVRf4hYXOkaCxQ37Qr"
    "shN0H9nG7EmdHBMwE/UlKpgol2TaPtloGYDDLn5qir+Z79eSoEU1b2ozXTloBp2nNJzZJd"
    "KWFG3IGM97NTZRI80/cCopoglSrao0eZvSqoqOjXs90GstcfuxcTp0a49Dt/zFfIWJMngr"
    "crVTIDXf4gMLauFDRj3H8GuXDUX4yxC8saHDtZ8OV5Itwf8OMD3bwgb/uwPG1LL4wefZbw"
    "Edg6ELnYky263GeZV6uD/9okqAGB18kDE8qoIB4RgdrNVMTV0Ha20wWEunu606OVqhZcS2"
    "xeIbWYxMi7rVE6CiB1EJJS9KpuGvS9PwV7XWNFYLxbH3v0j1DbFeNbBFanBE3uzm6RvXnn"
    "yYDH1DXi2ib8xEFGgxfSNaBQPMIYdTOOmmCDqAUHcqaitz+T+siBEWwBCDxU1MgLn+IJuz"
    "LL164iJzqW3Ly35ZDJZff2Pjd15d2SzUQ7UbsTFHSZ5yItdAlUgiT8vOeyI7awu9ttC/Hu"
    "i1hV5b6JsJaqMt9J+hw5mObUiU5evSg4rIz/ZyfFkxGhNwccGFVYSYjGHzYwKYjGWzvZGF"
    "DVlMzg9wm4iWJcG3wcAcObmWqasLwn/Er2iZuHEyMZetqsWtmLXW1WroPqdlYi2YaZl4r6"
    "DXMrGWiZsJaqNl4i/QNXzZLkMeDgcUkYXn/tiicvDCSCssuguDbsSQy8VV6PpllcXfCCtl"
    "3srTaPl2v7d8Ld9q+VbLt1q+fRXQa/lWy7fNBLWh8m0XOdiYqgTb4EquRAuXY2rtkbZOxM"
    "BrER3XzIfMFgozm75mBypnd31tRazyyUmRYOWTk+xoZXEtkRXJX6oSCAfDW4juYaGe0Ic5"
    "PaEPVT2hiYuI4rT/+f72JiMKfEmSVGmw4YL/AguzPT71VeAKMGJ6TCrdN5nZ24krKGKCc5"
    "XYtc3D7J//B5rdbbE="
)
