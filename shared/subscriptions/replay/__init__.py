"""The replay (rebuild of projections): logs are read again into temporary tables, which are compared with the live ones and replace their rows."""
