"""A Slack to try the desk with: a server on loopback that behaves like Slack's, and people who use it."""
