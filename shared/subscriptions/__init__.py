"""Subscriptions to another service's log: a follower with a checkpoint, and parked events; no broker and no framework."""
