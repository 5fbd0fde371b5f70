"""The contract between programs, the event store, subscriptions, messaging and the nameko extensions that every service uses."""
