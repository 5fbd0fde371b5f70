"""Commands about employment capacity: its ledger and explanation, overviews, policy amendments, the replay."""
