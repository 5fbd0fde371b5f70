"""Private instances of Tamdid, RabbitMQ and PostgreSQL as processes of their own, for the demo, the tests and the benchmarks."""
