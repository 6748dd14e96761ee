"""Mailboxes at other servers: logging in, looking into a folder, and the consent of an owner instead of a password."""
