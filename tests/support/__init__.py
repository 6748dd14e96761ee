"""What tests share: a database, a desk on it, people, and the servers of others."""
