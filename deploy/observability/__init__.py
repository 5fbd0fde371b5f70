"""What an operator sees of the programs: their metrics, and the alert rules and dashboards that use them."""
