"""The IMAP door: every connected mailbox is fetched from by exactly one process, and each mail in it becomes the desk's once."""
