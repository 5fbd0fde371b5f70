"""Kubernetes manifests of every program, of RabbitMQ and of PostgreSQL, made from the compose file and the containers' tables: `make manifests`."""
