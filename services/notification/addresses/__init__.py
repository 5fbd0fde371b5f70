"""Addresses: the mobile numbers and e-mail addresses of persons, each proved by a code; and by which ways a person wants to be told."""
