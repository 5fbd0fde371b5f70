"""Renewals: the decisions on a request and its declaration, their projections, and the queries of member and manager."""
