"""The containers of `docker-compose.yml`: image, secrets, broker users and permissions, database roles, and the health check."""
