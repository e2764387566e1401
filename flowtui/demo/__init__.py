"""A simulated account behind the same boto3 clients: seeded, deterministic, without sockets."""
