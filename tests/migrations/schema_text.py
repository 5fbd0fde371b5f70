"""A database's whole schema as text that can be compared: columns, defaults, constraints, indexes and triggers."""

from sqlalchemy import Connection, text

from shared.event_store.migrations.revisions import VERSION_TABLE

SQLITE = f"""
SELECT m.name, 'column ' || c.name, c.type || ' ' || c."notnull" || ' ' || coalesce(c.dflt_value, '') || ' ' || c.pk
  FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name != '{VERSION_TABLE}'
UNION ALL
SELECT m.name, 'index of ' || (SELECT group_concat(name) FROM pragma_index_info(i.name)), i."unique" || i.origin || i.partial
  FROM sqlite_master m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' AND m.name != '{VERSION_TABLE}'
UNION ALL
SELECT tbl_name, type || ' ' || name, sql FROM sqlite_master WHERE type != 'table' AND sql IS NOT NULL
UNION ALL
SELECT name, 'check', substr(sql, instr(sql, 'CHECK'), 15) FROM sqlite_master WHERE instr(sql, 'CHECK')
"""  # noqa: S608 - a constant
"""What a column's place in the statement does not change: a later one is added at the end."""
POSTGRESQL = f"""
SELECT c.relname, 'column ' || a.attname,
       format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname != '{VERSION_TABLE}'
UNION ALL
SELECT conrelid::regclass::text, 'constraint ' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text != '{VERSION_TABLE}'
UNION ALL
SELECT tablename, 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename != '{VERSION_TABLE}'
UNION ALL
SELECT tgrelid::regclass::text, 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""  # noqa: S608 - a constant


def schema_text(connection: Connection) -> dict[str, list[str]]:
    """By table, each of its parts on a line of its own, sorted."""
    query = SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL
    tables: dict[str, list[str]] = {}
    for table, part, definition in connection.execute(text(query)):
        words = " ".join(definition.split())
        tables.setdefault(table, []).append(f"{part}: {words}")
    return {table: sorted(parts) for table, parts in sorted(tables.items())}
