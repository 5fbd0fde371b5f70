"""The broker's side of the house: who is bound to what, how a log is published, and a broker inside the process."""
