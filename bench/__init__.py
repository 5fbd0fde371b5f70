"""The figures: each path of the engine in turn with the least that the same work can cost, and with what a team would use instead."""
